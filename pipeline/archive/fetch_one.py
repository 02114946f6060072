"""Fetch one file of a publisher, keep it if it is new, and note what came of it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256

from pipeline.archive import drift, fingerprint
from pipeline.archive.card import make_card
from pipeline.archive.fetch import TOOL, BodyRules, HttpClient, UnfitPayload, fetch
from pipeline.archive.fetch_log import FetchAttempt
from pipeline.archive.public_url import public_url
from pipeline.archive.schedule import read_refresh_policy
from pipeline.archive.snapshot import Archive
from pipeline.core.errors import Damaged, PayproofError, ReadingFailed, Refused
from pipeline.core.failure_trace import contain_failures, make_printable
from pipeline.core.model import MADE, Payload, Request, Snapshot, Source
from pipeline.core.source_editions import list_addresses
from pipeline.core.store import Home, sha256_of
from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.sources import import_source

# The publisher's own no, to us: as a status, in robots.txt or on a page. A file that is
# gone or has moved, a quota, or a rule or setting of ours (status 0) is no such thing.
BLOCKING_STATUSES = (200, 401, 402, 403, 451)
FetchResult = tuple[FetchAttempt, PayproofError | None]
ListRequests = Callable[[Vocabulary, Mapping[str, str]], list[Request]]


def name_request(request: Request) -> str:
    """Return a request's name in the log: its address without secrets, its name."""
    name = f"#{request.name}" if request.name else ""
    return make_printable(public_url(request.url) + name)


def find_requests(
    source: str, vocabulary: Vocabulary, keys: Mapping[str, str]
) -> tuple[Source, list[Request]]:
    """Return a source's facts, and what to ask its publisher for.

    Pages of many authors (kind `prose`) are asked for one by one: those that a
    person has put into `watched.csv`, having read their terms.

    Raises:
        Refused: The module would ask for more than its publisher allows.
        UnknownLabel: A row of what the module asks for is wrong.
    """
    own = import_source(source)
    facts: Source = own.SOURCE
    wanted: ListRequests | None = getattr(own, "wanted", None)
    found: list[Request] = []
    if facts.automated:
        found = (
            list(wanted(vocabulary, keys))
            if wanted
            else [Request(*one) for one in list_addresses(facts, vocabulary)]
        )
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
    client: HttpClient,
    request: Request,
    at: str,
) -> FetchResult:
    """Ask for one file and keep what is new; return the attempt, and what was wrong.

    Whatever fails on the way is a failed attempt at this file alone.
    """
    name = name_request(request)
    make_attempt = partial(FetchAttempt, at, facts.id, name, tool=TOOL)
    try:
        with contain_failures(f"{facts.id} {name}"):
            return _ask_and_keep(
                home, archive, facts, client, request, at, make_attempt
            )
    except (Damaged, ReadingFailed) as error:
        return _note_failure(error, make_attempt), error


def _ask_and_keep(
    home: Home,
    archive: Archive,
    facts: Source,
    client: HttpClient,
    request: Request,
    at: str,
    make_attempt: Callable[..., FetchAttempt],
) -> FetchResult:
    """Ask for one file and keep what is new."""
    vocabulary = open_vocabulary(home.vocabularies)
    kept = archive.list_snapshots(facts.id)
    known = _find_last_served(kept, request)
    try:
        payload = fetch(
            facts,
            client,
            request,
            edition=find_edition(facts, request, at[:10]),
            at=at,
            known=known,
            rules=BodyRules.from_vocabulary(vocabulary, facts.id),
        )
        if payload is None:
            assert known is not None  # a 304 answers a condition, which it made
            return make_attempt("unchanged", 304, known.same_as or known.folder), None
        _check_drift(vocabulary, kept, payload)
    except UnfitPayload as unfit:
        return _set_aside(archive, vocabulary, unfit, make_attempt)
    except PayproofError as error:
        return _note_failure(error, make_attempt), error
    published = _select_published(kept, request)
    try:
        attempt = _keep_if_new(
            archive, vocabulary, facts, payload, published, make_attempt
        )
        return attempt, None
    except Damaged as error:
        return _set_aside(
            archive, vocabulary, UnfitPayload(payload, error), make_attempt
        )


def _note_failure(
    error: PayproofError, make_attempt: Callable[..., FetchAttempt]
) -> FetchAttempt:
    """Return the attempt of an answer that never came or that refused us."""
    if isinstance(error, Refused):
        outcome = "blocked" if error.status in BLOCKING_STATUSES else "failed"
        return make_attempt(outcome, error.status, why=make_printable(str(error)))
    return make_attempt("failed", why=make_printable(str(error)), trace=error.trace)


def _keep_if_new(
    archive: Archive,
    vocabulary: Vocabulary,
    facts: Source,
    payload: Payload,
    ours: list[Snapshot],
    make_attempt: Callable[..., FetchAttempt],
) -> FetchAttempt:
    """Keep what is new; return the attempt.

    A page that says the same as the current snapshot, in other bytes, is kept as its
    repeat (`same_as`) and is no change; so is a file whose bytes are here under another
    edition.
    """
    digest = sha256(payload.body).hexdigest()
    canonical = fingerprint.fingerprint_body(
        payload.body, payload.media_type, vocabulary
    )
    make_answered = partial(
        make_attempt, status=payload.status, sha256=digest, canonical=canonical
    )
    current = max(ours, key=_order_by_seen, default=None)
    twin = next(
        (s for s in ours if s.sha256 == digest and _has_same_parts(s, payload)), None
    )
    if twin is not None:  # the same bytes in another month are no other edition
        # A, B, A: a file that went back is a change, though nothing new is stored.
        first = twin.same_as or twin.folder
        back = current is not None and first != (current.same_as or current.folder)
        return make_answered("changed" if back else "unchanged", snapshot=first)
    same_as = ""
    if (
        current is not None
        and _fingerprint_snapshot(current, vocabulary) == canonical
        and not payload.parts  # the fingerprint is of the body alone
    ):
        same_as = current.same_as or current.folder
        payload = replace(payload, edition=current.edition)
    elif other := archive.find_twin(make_card(payload, facts.licence, "", ())):
        # Last year's file at this year's address: linked, so that it counts once.
        same_as = other.same_as or other.folder
    new = archive.keep(
        payload, licence=facts.licence, canonical=canonical, same_as=same_as,
        again=True,  # it was looked for above
    )  # fmt: skip
    outcome = "unchanged" if same_as else "changed"
    return make_answered(outcome, snapshot=same_as or new.folder)


def _fingerprint_snapshot(snapshot: Snapshot, vocabulary: Vocabulary) -> str:
    """Return the canonical digest of kept bytes, computed anew.

    The card's `canonical` may be of an older reader or other rows of volatile.csv.
    """
    return fingerprint.fingerprint_body(
        snapshot.read_body(), snapshot.media_type, vocabulary
    )


def _has_same_parts(snapshot: Snapshot, payload: Payload) -> bool:
    """Whether the parts are the same bytes too."""
    kept = {name: sha256_of(path) for name, path in snapshot.parts.items()}
    came = {name: sha256(part).hexdigest() for name, part in payload.parts.items()}
    return kept == came


def _set_aside(
    archive: Archive,
    vocabulary: Vocabulary,
    unfit: UnfitPayload,
    make_attempt: Callable[..., FetchAttempt],
) -> FetchResult:
    """Put aside what was not accepted; return the attempt and the error.

    The last good snapshot stays current.
    """
    payload, error = unfit.payload, unfit.error
    if payload.body:
        most, keep = (
            int(vocabulary.read_number("limits", f"held_{n}"))
            for n in ("bytes", "most")
        )
        archive.set_aside(payload, str(error), most=most, keep=keep)
    digest = sha256(payload.body).hexdigest()
    return make_attempt("held", payload.status, sha256=digest, why=str(error)), error


def _check_drift(
    vocabulary: Vocabulary, kept: list[Snapshot], payload: Payload
) -> None:
    """Compare a payload's size with that of the last good file of its family.

    Raises:
        UnfitPayload: It is too far from it, and nobody has said that it is right.
    """
    digest = sha256(payload.body).hexdigest()
    policy = read_refresh_policy(vocabulary, payload.source)
    old = next(iter(drift.find_family(kept, payload.name, digest)), None)
    if old is None or drift.is_accepted(vocabulary, payload.source, digest):
        return
    if drift.is_change_expected(policy, old, payload.edition, payload.retrieved):
        return
    try:
        size = old.path.stat().st_size
        drift.check_size(policy, payload.name, (digest, len(payload.body)), size)
    except PayproofError as error:
        raise UnfitPayload(payload, error) from error


def _select_published(kept: list[Snapshot], request: Request) -> list[Snapshot]:
    """Return snapshots of what was really published at the address that is asked."""
    name = request.name
    return [
        s
        for s in kept
        # `asked` is the address before redirects; pages kept by hand have `url` alone.
        if request.url in (s.asked or s.url, s.url)
        and s.capture != MADE
        and (not name or s.name == name)
    ]


def _find_last_served(kept: list[Snapshot], request: Request) -> Snapshot | None:
    """Return the snapshot that was last served there: the one that a 304 is about."""
    ours = [s for s in _select_published(kept, request) if s.capture == "fetched"]
    return max(ours, key=_order_by_seen, default=None)


def _order_by_seen(snapshot: Snapshot) -> tuple[str, str, str]:
    """Return a key that sorts by the day last served, then by the day it came."""
    return snapshot.seen, snapshot.kept, snapshot.sha256


def find_edition(facts: Source, request: Request, day: str) -> str:
    """Return the reference edition behind an address.

    It is the request's own, else what the source's module says, else the month.

    Args:
        facts: Of the source.
        request: What is asked for.
        day: ISO day of the request.
    """
    if request.edition:
        return request.edition
    module = import_source(facts.id)
    edition: Callable[[str], str] | None = getattr(module, "edition", None)
    if edition is not None:
        return edition(request.url)
    # A page that names no period is of the month in which it was read.
    return re.sub(r"-\d\d$", "", day)
