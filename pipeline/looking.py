"""One look at one file of a publisher: what it brought, and what is current now."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256

from pipeline import canonical, drift
from pipeline.card import public_url
from pipeline.checks import Check
from pipeline.core.errors import Damaged, PayproofError, Refused
from pipeline.core.model import Payload, Request, Snapshot, Source
from pipeline.core.store import Home, sha256_of
from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.fetch import TOOL, Rules, Unfit, Visitor, fetch
from pipeline.snapshot import Archive
from pipeline.sources import import_source
from pipeline.watch import watch_of

# The publisher's own no, to us: as a status, in robots.txt or on a page. A file that is
# gone or has moved, a quota, or a rule or setting of ours (status 0) is no such thing.
BLOCKING = (200, 401, 402, 403, 451)
Look = tuple[Check, PayproofError | None]
Say = Callable[[Vocabulary, Mapping[str, str]], list[Request]]


def name_of(request: Request) -> str:
    """What a request is called in the log: its address without secrets, its name."""
    return public_url(request.url) + (f"#{request.name}" if request.name else "")


def wanted(
    source: str, vocabulary: Vocabulary, keys: Mapping[str, str]
) -> tuple[Source, list[Request]]:
    """A source's facts, and what to ask its publisher for.

    Pages of many authors (kind `prose`) are asked for one by one: those that a
    person has put into `watched.csv`, having read their terms.
    """
    own = import_source(source)
    facts: Source = own.SOURCE
    say: Say | None = getattr(own, "wanted", None)
    found: list[Request] = []
    if facts.automated:
        found = list(say(vocabulary, keys)) if say else [Request(u) for u in facts.urls]
    if facts.kind == "prose":
        columns = ("source", "url", "author", "date")
        rows = vocabulary.read_table("watched", *columns).to_dicts()
        pages = [Request(r["url"]) for r in rows if r["source"] == source]
        facts, found = replace(facts, automated=True), [*found, *pages]
    return facts, found


def look(
    home: Home,
    archive: Archive,
    facts: Source,
    guest: Visitor,
    request: Request,
    at: str,
) -> Look:
    """Ask for one file and keep what is new; the look, and what was wrong."""
    words = open_vocabulary(home.vocabularies)
    check = partial(Check, at, facts.id, name_of(request), tool=TOOL)
    kept = archive.of(facts.id)
    known = _current(kept, request)
    try:
        payload = fetch(
            facts,
            guest,
            request,
            edition=edition_of(facts, request, at[:10]),
            at=at,
            known=known,
            rules=Rules.of(words, facts.id),
        )
        if payload is None:
            assert known is not None
            return check("unchanged", 304, known.same_as or known.folder), None
        _check_drift(words, kept, payload)
    except Unfit as unfit:
        return _held(archive, words, unfit, check)
    except Refused as error:
        outcome = "blocked" if error.status in BLOCKING else "failed"
        return check(outcome, error.status, why=str(error)), error
    except PayproofError as error:
        return check("failed", why=str(error)), error
    try:
        return _keep(archive, words, facts, payload, _ours(kept, request), check), None
    except Damaged as error:
        return _held(archive, words, Unfit(payload, error), check)


def _keep(
    archive: Archive,
    words: Vocabulary,
    facts: Source,
    payload: Payload,
    ours: list[Snapshot],
    check: Callable[..., Check],
) -> Check:
    """Keep what is new. What says the same as the current snapshot is no change."""
    digest = sha256(payload.body).hexdigest()
    said = canonical.digest(payload.body, payload.media_type, words)
    noted = partial(check, status=payload.status, sha256=digest, canonical=said)
    current = max(ours, key=_seen, default=None)
    twin = next((s for s in ours if s.sha256 == digest and _same(s, payload)), None)
    if twin is not None:  # the same bytes in another month are no other edition
        first = twin.same_as or twin.folder
        back = current is not None and first != (current.same_as or current.folder)
        return noted("changed" if back else "unchanged", snapshot=first)
    same_as = ""
    if current is not None and _says(current, words) == said and not payload.parts:
        same_as = current.same_as or current.folder
        payload = replace(payload, edition=current.edition)
    new = archive.keep(
        payload, licence=facts.licence, canonical=said, same_as=same_as
    )  # fmt: skip
    outcome = "unchanged" if same_as else "changed"
    return noted(outcome, snapshot=same_as or new.folder)


def _says(snapshot: Snapshot, words: Vocabulary) -> str:
    """The canonical digest of kept bytes, by today's reading."""
    return canonical.digest(snapshot.read_body(), snapshot.media_type, words)


def _same(snapshot: Snapshot, payload: Payload) -> bool:
    """Whether the parts are the same bytes too."""
    kept = {name: sha256_of(path) for name, path in snapshot.parts.items()}
    came = {name: sha256(part).hexdigest() for name, part in payload.parts.items()}
    return kept == came


def _held(
    archive: Archive, words: Vocabulary, unfit: Unfit, check: Callable[..., Check]
) -> Look:
    """Put aside what was not accepted; the last good snapshot stays current."""
    payload, error = unfit.payload, unfit.error
    if payload.body:
        most, keep = (
            int(words.read_number("limits", f"held_{n}")) for n in ("bytes", "most")
        )
        archive.hold(payload, str(error), most=most, keep=keep)
    digest = sha256(payload.body).hexdigest()
    return check("held", payload.status, sha256=digest, why=str(error)), error


def _check_drift(words: Vocabulary, kept: list[Snapshot], payload: Payload) -> None:
    """Compare its size with that of the last good file of its family.

    Raises:
        Unfit: It is too far from it, and nobody has said that it is right.
    """
    digest = sha256(payload.body).hexdigest()
    watch = watch_of(words, payload.source)
    old = next(iter(drift.family_of(kept, payload.name, digest)), None)
    if old is None or drift.is_accepted(words, payload.source, digest):
        return
    if drift.is_free(watch, old, payload.edition, payload.retrieved):
        return
    try:
        size = old.path.stat().st_size
        drift.check_size(watch, payload.name, (digest, len(payload.body)), size)
    except PayproofError as error:
        raise Unfit(payload, error) from error


def _ours(kept: list[Snapshot], request: Request) -> list[Snapshot]:
    """What was really published at the address that is asked."""
    name = request.name
    return [
        s
        for s in kept
        if request.url in (s.asked or s.url, s.url)
        and s.capture != "made"
        and (not name or s.name == name)
    ]


def _current(kept: list[Snapshot], request: Request) -> Snapshot | None:
    """The snapshot that was last served there; only of it can a 304 speak."""
    ours = [s for s in _ours(kept, request) if s.capture == "fetched"]
    return max(ours, key=_seen, default=None)


def _seen(snapshot: Snapshot) -> tuple[str, str, str]:
    """Sorts by the day last served, then by the day it came."""
    return snapshot.seen, snapshot.kept, snapshot.sha256


def edition_of(facts: Source, request: Request, day: str) -> str:
    """The reference edition behind an address: its own, its module's, the month."""
    if request.edition:
        return request.edition
    say: Callable[[str], str] | None = getattr(import_source(facts.id), "edition", None)
    if say is not None:
        return say(request.url)
    return re.sub(r"-\d\d$", "", day)
