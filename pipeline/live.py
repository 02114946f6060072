"""Up to raw/: ask the publishers that may be asked, keep what they answer.

Without a contact address nobody is asked: bls.gov refuses clients that name none,
and an honest reader says who it is. What cannot be reached leaves its last good
snapshot current.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from pipeline.errors import NotFound, PayproofError
from pipeline.model import Payload, Snapshot, Source
from pipeline.snapshot import Archive
from pipeline.sources import SOURCES
from pipeline.store import Home

CONTACT = "PAYPROOF_CONTACT"

Ask = Callable[[Source, Snapshot | None], Payload | None]


def bring_in(
    home: Home,
    *,
    offline: bool,
    only: Sequence[str] = (),
    environ: Mapping[str, str] = os.environ,
) -> list[str]:
    """Fetch every source that may be read automatically; one note for each asked.

    Args:
        home: Where raw/ is.
        offline: Ask nobody.
        only: Ids to ask; all where empty.
        environ: Where PAYPROOF_CONTACT may stand.

    Raises:
        NotFound: An id of `only` is no source.
    """
    for source in only:
        if source not in SOURCES:
            known = ", ".join(sorted(SOURCES))
            raise NotFound("Source", source, f"Known: {known}.")
    if offline:
        return ["Offline: nobody was asked."]
    if not environ.get(CONTACT, "").strip():
        return [f"Nobody was asked: set {CONTACT} to an address that publishers can "
                "write to, and they will be."]  # fmt: skip
    asked = [s for i, s in sorted(SOURCES.items()) if s.automated and s.urls
             and (not only or i in only)]  # fmt: skip
    ask = asker(home, environ)
    return [brought(home, source, ask) for source in asked]


def asker(home: Home, environ: Mapping[str, str]) -> Ask:
    """A function that asks one source, with manners shared between hosts."""
    from pipeline.fetch import Manners, Visitor, fetch
    from pipeline.vocabulary import load

    visitor = Visitor(Manners.of(load(home.vocabularies), environ))
    today = datetime.now(tz=UTC).date().isoformat()

    def ask(source: Source, known: Snapshot | None) -> Payload | None:
        edition = source.edition or today[:7]
        return fetch(source, visitor, edition=edition, today=today, known=known)

    return ask


def brought(home: Home, source: Source, ask: Ask) -> str:
    """Ask one source and keep the answer; what came of it, in one sentence."""
    archive = Archive(home.raw)
    known = [s for s in archive.of(source.id) if s.capture == "fetched"]
    try:
        payload = ask(source, known[-1] if known else None)
        if payload is None:
            return f"{source.id}: checked, unchanged."
        kept = archive.keep(payload, licence=source.licence)
    except PayproofError as error:
        return str(error)
    return f"{source.id}: {kept.name} kept as {kept.edition}-{kept.id}."
