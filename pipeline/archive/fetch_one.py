"""One look at one file of a publisher: what it brought, and what is current now."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256

from pipeline.archive import drift, fingerprint
from pipeline.archive.card import public_url
from pipeline.archive.fetch import TOOL, BodyRules, HttpClient, UnfitPayload, fetch
from pipeline.archive.fetch_log import FetchAttempt
from pipeline.archive.schedule import read_refresh_policy
from pipeline.archive.snapshot import Archive
from pipeline.core.errors import Damaged, PayproofError, Refused
from pipeline.core.model import Payload, Request, Snapshot, Source
from pipeline.core.store import Home, sha256_of
from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.sources import import_source

# The publisher's own no, to us: as a status, in robots.txt or on a page. A file that is
# gone or has moved, a quota, or a rule or setting of ours (status 0) is no such thing.
BLOCKING_STATUSES = (200, 401, 402, 403, 451)
FetchResult = tuple[FetchAttempt, PayproofError | None]
ListRequests = Callable[[Vocabulary, Mapping[str, str]], list[Request]]


def name_request(request: Request) -> str:
    """What a request is called in the log: its address without secrets, its name."""
    return public_url(request.url) + (f"#{request.name}" if request.name else "")


def find_requests(
    source: str, vocabulary: Vocabulary, keys: Mapping[str, str]
) -> tuple[Source, list[Request]]:
    """A source's facts, and what to ask its publisher for.

    Pages of many authors (kind `prose`) are asked for one by one: those that a
    person has put into `watched.csv`, having read their terms.
    """
    own = import_source(source)
    facts: Source = own.SOURCE
    say: ListRequests | None = getattr(own, "wanted", None)
    found: list[Request] = []
    if facts.automated:
        found = list(say(vocabulary, keys)) if say else [Request(u) for u in facts.urls]
    if facts.kind == "prose":
        columns = ("source", "url", "author", "date")
        rows = vocabulary.read_table("watched", *columns).to_dicts()
        pages = [Request(r["url"]) for r in rows if r["source"] == source]
        facts, found = replace(facts, automated=True), [*found, *pages]
    return facts, found


def fetch_and_keep(
    home: Home,
    archive: Archive,
    facts: Source,
    guest: HttpClient,
    request: Request,
    at: str,
) -> FetchResult:
    """Ask for one file and keep what is new; the look, and what was wrong."""
    words = open_vocabulary(home.vocabularies)
    check = partial(FetchAttempt, at, facts.id, name_request(request), tool=TOOL)
    kept = archive.list_snapshots(facts.id)
    known = _find_last_served(kept, request)
    try:
        payload = fetch(
            facts,
            guest,
            request,
            edition=find_edition(facts, request, at[:10]),
            at=at,
            known=known,
            rules=BodyRules.from_vocabulary(words, facts.id),
        )
        if payload is None:
            assert known is not None
            return check("unchanged", 304, known.same_as or known.folder), None
        _check_drift(words, kept, payload)
    except UnfitPayload as unfit:
        return _set_aside(archive, words, unfit, check)
    except Refused as error:
        outcome = "blocked" if error.status in BLOCKING_STATUSES else "failed"
        return check(outcome, error.status, why=str(error)), error
    except PayproofError as error:
        return check("failed", why=str(error)), error
    try:
        return _keep_if_new(
            archive, words, facts, payload, _select_published(kept, request), check
        ), None
    except Damaged as error:
        return _set_aside(archive, words, UnfitPayload(payload, error), check)


def _keep_if_new(
    archive: Archive,
    words: Vocabulary,
    facts: Source,
    payload: Payload,
    ours: list[Snapshot],
    check: Callable[..., FetchAttempt],
) -> FetchAttempt:
    """Keep what is new. What says the same as the current snapshot is no change."""
    digest = sha256(payload.body).hexdigest()
    said = fingerprint.fingerprint_body(payload.body, payload.media_type, words)
    noted = partial(check, status=payload.status, sha256=digest, canonical=said)
    current = max(ours, key=_order_by_seen, default=None)
    twin = next(
        (s for s in ours if s.sha256 == digest and _has_same_parts(s, payload)), None
    )
    if twin is not None:  # the same bytes in another month are no other edition
        first = twin.same_as or twin.folder
        back = current is not None and first != (current.same_as or current.folder)
        return noted("changed" if back else "unchanged", snapshot=first)
    same_as = ""
    if (
        current is not None
        and _fingerprint_snapshot(current, words) == said
        and not payload.parts
    ):
        same_as = current.same_as or current.folder
        payload = replace(payload, edition=current.edition)
    new = archive.keep(
        payload, licence=facts.licence, canonical=said, same_as=same_as
    )  # fmt: skip
    outcome = "unchanged" if same_as else "changed"
    return noted(outcome, snapshot=same_as or new.folder)


def _fingerprint_snapshot(snapshot: Snapshot, words: Vocabulary) -> str:
    """The canonical digest of kept bytes, by today's reading."""
    return fingerprint.fingerprint_body(
        snapshot.read_body(), snapshot.media_type, words
    )


def _has_same_parts(snapshot: Snapshot, payload: Payload) -> bool:
    """Whether the parts are the same bytes too."""
    kept = {name: sha256_of(path) for name, path in snapshot.parts.items()}
    came = {name: sha256(part).hexdigest() for name, part in payload.parts.items()}
    return kept == came


def _set_aside(
    archive: Archive,
    words: Vocabulary,
    unfit: UnfitPayload,
    check: Callable[..., FetchAttempt],
) -> FetchResult:
    """Put aside what was not accepted; the last good snapshot stays current."""
    payload, error = unfit.payload, unfit.error
    if payload.body:
        most, keep = (
            int(words.read_number("limits", f"held_{n}")) for n in ("bytes", "most")
        )
        archive.set_aside(payload, str(error), most=most, keep=keep)
    digest = sha256(payload.body).hexdigest()
    return check("held", payload.status, sha256=digest, why=str(error)), error


def _check_drift(words: Vocabulary, kept: list[Snapshot], payload: Payload) -> None:
    """Compare its size with that of the last good file of its family.

    Raises:
        Unfit: It is too far from it, and nobody has said that it is right.
    """
    digest = sha256(payload.body).hexdigest()
    watch = read_refresh_policy(words, payload.source)
    old = next(iter(drift.find_family(kept, payload.name, digest)), None)
    if old is None or drift.is_accepted(words, payload.source, digest):
        return
    if drift.is_change_expected(watch, old, payload.edition, payload.retrieved):
        return
    try:
        size = old.path.stat().st_size
        drift.check_size(watch, payload.name, (digest, len(payload.body)), size)
    except PayproofError as error:
        raise UnfitPayload(payload, error) from error


def _select_published(kept: list[Snapshot], request: Request) -> list[Snapshot]:
    """What was really published at the address that is asked."""
    name = request.name
    return [
        s
        for s in kept
        if request.url in (s.asked or s.url, s.url)
        and s.capture != "made"
        and (not name or s.name == name)
    ]


def _find_last_served(kept: list[Snapshot], request: Request) -> Snapshot | None:
    """The snapshot that was last served there; only of it can a 304 speak."""
    ours = [s for s in _select_published(kept, request) if s.capture == "fetched"]
    return max(ours, key=_order_by_seen, default=None)


def _order_by_seen(snapshot: Snapshot) -> tuple[str, str, str]:
    """Sorts by the day last served, then by the day it came."""
    return snapshot.seen, snapshot.kept, snapshot.sha256


def find_edition(facts: Source, request: Request, day: str) -> str:
    """The reference edition behind an address: its own, its module's, the month."""
    if request.edition:
        return request.edition
    say: Callable[[str], str] | None = getattr(import_source(facts.id), "edition", None)
    if say is not None:
        return say(request.url)
    return re.sub(r"-\d\d$", "", day)
