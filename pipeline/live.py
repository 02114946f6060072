"""Publishers to raw/: fetch what may be fetched, and keep it.

The last place with a network and a clock. What comes by hand is left alone; what
fails leaves the snapshots at hand as they are.
"""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from pipeline.errors import PayproofError, Refused, Unreachable
from pipeline.fetch import Manners, Visitor, fetch
from pipeline.model import Snapshot, Source
from pipeline.snapshot import Archive
from pipeline.sources import SOURCES, module
from pipeline.store import Home
from pipeline.vocabulary import load


@dataclass(frozen=True)
class Collected:
    """What asking one publisher brought.

    Args:
        source: Id.
        new: Snapshots that were not there before.
        unchanged: Files that the publisher says, or whose bytes show, are as kept.
        errors: What a person must look at.
    """

    source: str
    new: int = 0
    unchanged: int = 0
    errors: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """What a person is told of it; nothing where nobody was asked."""
        if not (self.new or self.unchanged):
            return list(self.errors)
        count = f"{self.source}: {self.new} new, {self.unchanged} unchanged"
        return [count, *self.errors]


def today() -> str:
    """ISO date by the clock, in UTC."""
    return datetime.now(tz=UTC).date().isoformat()


def bring_in(home: Home, *, offline: bool, only: Sequence[str] = ()) -> list[str]:
    """Ask every publisher that may be asked; what a person is told of it.

    Args:
        home: Where raw/ is.
        offline: Ask nobody.
        only: Ids of the sources to ask; all of them where none is named.

    Raises:
        NotFound: A named source does not exist.
    """
    if offline:
        return []
    guest, day, said = visitor(home), today(), list[str]()
    for source in sorted(only or SOURCES):
        try:
            said += collect(home, source, guest, day).lines()
        except Unreachable as error:
            said.append(str(error))
    return said


def visitor(home: Home) -> Visitor:
    """A guest with the manners of this home and this machine's configuration."""
    return Visitor(Manners.of(load(home.vocabularies), os.environ))


def collect(home: Home, source: str, guest: Visitor, day: str) -> Collected:
    """Ask for every file of a source that may be asked for.

    Args:
        home: Where raw/ is.
        source: Id.
        guest: Whose connections are used.
        day: ISO date.

    Raises:
        Unreachable: Some file could not be had, and the others were kept; asking
            again costs only what is missing.
    """
    facts: Source = module(source).SOURCE
    if not facts.automated:
        return Collected(source)
    archive = Archive(home.raw)
    new = unchanged = 0
    errors: dict[str, str] = {}  # by cause: one refusal of many files is said once
    away: list[Unreachable] = []
    for url in facts.urls:
        try:
            fresh = _collect_one(archive, facts, guest, url, day)
        except Unreachable as error:
            away.append(error)
        except PayproofError as error:
            cause = error.why if isinstance(error, Refused) else str(error)
            errors.setdefault(cause, str(error))
        else:
            new, unchanged = new + fresh, unchanged + (not fresh)
    if away:
        raise away[0]
    return Collected(source, new, unchanged, tuple(errors.values()))


def _collect_one(
    archive: Archive, facts: Source, guest: Visitor, url: str, day: str
) -> bool:
    """Ask for one file; whether it brought bytes that were not there."""
    kept = archive.of(facts.id)
    known = _last_from(kept, url)
    edition = edition_of(facts, url, day)
    payload = fetch(facts, guest, url=url, edition=edition, today=day, known=known)
    if payload is None or sha256(payload.body).hexdigest() in _digests(kept, url):
        return False  # the same bytes in another month are no other edition
    archive.keep(payload, licence=facts.licence)
    return True


def _last_from(kept: list[Snapshot], url: str) -> Snapshot | None:
    """The newest snapshot that was fetched from an address."""
    ours = [s for s in kept if s.url == url and s.capture == "fetched"]
    return max(ours, key=lambda s: (s.retrieved, s.sha256), default=None)


def _digests(kept: list[Snapshot], url: str) -> set[str]:
    """Digests of what an address gave before."""
    return {s.sha256 for s in kept if s.url == url}


def edition_of(facts: Source, url: str, day: str) -> str:
    """The reference edition behind an address: its module's word, else the month."""
    say: Callable[[str], str] | None = getattr(module(facts.id), "edition", None)
    if say is not None:
        return say(url)
    return re.sub(r"-\d\d$", "", day)
