"""Fetch from every publisher what is due and may be fetched, and keep it in raw/.

What comes after it uses neither the network nor the clock. Sources whose pages are
saved by hand are left alone; what fails leaves the snapshots at hand as they are. Each
attempt is one line of the source's log, written at once: a run that is killed goes on
where it stopped.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from pipeline.archive import fetch_log, fetch_one
from pipeline.archive.fetch import HttpClient, RequestLimits
from pipeline.archive.schedule import read_refresh_policy
from pipeline.archive.snapshot import Archive
from pipeline.core.errors import (
    Damaged,
    PayproofError,
    ReadingFailed,
    Refused,
    UnknownLabel,
    Unreachable,
)
from pipeline.core.failure_trace import contain_failures, make_printable
from pipeline.core.model import Request, Source
from pipeline.core.store import Home, hold_lock
from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.read.read_limits import reading_with
from pipeline.sources import SOURCES

# Faults of one source, which end nothing but the asking of it.
PER_SOURCE = (Damaged, ReadingFailed, Refused, UnknownLabel)
OUTCOME_ORDER = ("changed", "unchanged", "blocked", "held", "failed")


@dataclass(frozen=True)
class CollectResult:
    """What asking one publisher brought.

    Args:
        source: Id.
        outcomes: How many files had which outcome of `fetch_log.OUTCOMES`.
        errors: What a person must look at.
    """

    source: str
    outcomes: tuple[tuple[str, int], ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def checked(self) -> int:
        """How many files were asked for."""
        return sum(count for _, count in self.outcomes)

    def to_lines(self) -> list[str]:
        """Return lines for a person: counts and errors; none where nobody was asked."""
        if not self.outcomes:
            return list(self.errors)
        counts = ", ".join(f"{count} {outcome}" for outcome, count in self.outcomes)
        return [f"{self.source}: {self.checked} checked: {counts}", *self.errors]


class PartlyUnreachable(Unreachable):
    """A publisher that could not be reached, with what came of its other files."""

    def __init__(self, cause: Unreachable, collected: CollectResult) -> None:
        super().__init__(cause.source, cause.url, cause.why)
        self.collected = collected

    def __reduce__(
        self,
    ) -> tuple[type["PartlyUnreachable"], tuple[Unreachable, CollectResult]]:
        """Return how to rebuild it: an orchestrator passes it between processes."""
        return PartlyUnreachable, (
            Unreachable(self.source, self.url, self.why),
            self.collected,
        )


def utc_now() -> str:
    """Return the ISO time by the clock, in UTC, to the second."""
    return datetime.now(tz=UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def collect_due_sources(
    home: Home, *, offline: bool, only: Sequence[str] = ()
) -> list[CollectResult]:
    """Ask every publisher whose files are due; return what came of each.

    Args:
        home: Where raw/ is.
        offline: Ask nobody.
        only: Ids of the sources to ask, due or not; those that are due where none
            is named.

    Raises:
        NotFound: A named source does not exist.
    """
    if offline:
        return []
    client, found = make_client(home), list[CollectResult]()
    for source in sorted(only or SOURCES):
        with hold_hosts(home, source):
            at = utc_now()
            try:
                one = collect_source(home, source, client, at, always=bool(only))
            except PartlyUnreachable as error:
                one = error.collected
        found.append(one)
    return found


@contextmanager
def hold_hosts(home: Home, source: str) -> Iterator[None]:
    """Hold the hosts of a source while they are asked: one run at a time.

    Another run waits, and then finds in the log what this one asked for. Without it
    two would ask a host twice as often as it wants.
    """
    with ExitStack() as held:
        # Sorted, so that no two runs wait for each other.
        for host in filter(None, list_hosts(home, source)):
            folder = home.raw / ".hosts" / quote(host, safe="")
            held.enter_context(hold_lock(folder / ".lock", wait=True))
        yield


def list_hosts(home: Home, source: str) -> list[str]:
    """Return the domains that a source is asked at, one for hosts of one rule.

    Flows ask a domain by one task at a time: the pauses of hosts.csv hold for a
    domain and all below it.
    """
    vocabulary = open_vocabulary(home.vocabularies)
    limits = RequestLimits.from_vocabulary(vocabulary, {})
    found: set[str] = set()
    for request in _list_requests(source, vocabulary) or ():
        with suppress(ValueError):  # no address: asking for it says so
            found.add(limits.find_domain(urlsplit(request.url).hostname or ""))
    return sorted(found)


def has_requests(home: Home, source: str) -> bool:
    """Whether there is anything to ask a publisher for, or a fault to report in that.

    Pages that a person brings by hand are asked for by nobody.
    """
    requests = _list_requests(source, open_vocabulary(home.vocabularies))
    return requests is None or bool(requests)


def _list_requests(source: str, vocabulary: Vocabulary) -> Sequence[Request] | None:
    """List what to ask for; None where that fails, which `collect_source` reports."""
    try:
        with contain_failures(source):
            return fetch_one.find_requests(source, vocabulary, os.environ)[1]
    except PER_SOURCE:
        return None


def make_client(home: Home) -> HttpClient:
    """Make a client with the limits of this home and this machine's configuration."""
    return HttpClient(
        RequestLimits.from_vocabulary(open_vocabulary(home.vocabularies), os.environ),
        keys=os.environ,
    )


def collect_source(
    home: Home, source: str, client: HttpClient, at: str, *, always: bool = False
) -> CollectResult:
    """Ask for every file of a source that is due and may be asked for.

    Args:
        home: Where raw/ is.
        source: Id.
        client: Whose connections are used.
        at: ISO time in UTC.
        always: Ask although it is not due.

    Raises:
        PartlyUnreachable: Some file could not be had, and the others were kept;
            asking again costs only what is missing.
    """
    try:
        with contain_failures(source):
            return _ask_source(home, source, client, at, always=always)
    except PER_SOURCE as fault:  # of one source; the others are asked
        return CollectResult(source, errors=(make_printable(str(fault)),))


def _ask_source(
    home: Home, source: str, client: HttpClient, at: str, *, always: bool
) -> CollectResult:
    """Ask for every file of a source that is due; what fails in one stays with it."""
    vocabulary = open_vocabulary(home.vocabularies)
    facts, requests = fetch_one.find_requests(source, vocabulary, client.keys)
    archive = Archive(home.raw)
    due = requests if always else _select_due(home, archive, facts, requests, at[:10])
    outcomes: Counter[str] = Counter()
    errors: dict[str, str] = {}  # by cause: one refusal of many files is said once
    away: Unreachable | None = None
    for request in due:
        with reading_with(vocabulary):
            attempt, error = fetch_one.fetch_and_keep(
                home, archive, facts, client, request, at
            )
        archive.add_attempt(attempt)  # before the next request: the run may be killed
        outcomes[attempt.outcome] += 1
        if isinstance(error, Unreachable):
            away = away or error
        if error is not None:
            errors.setdefault(_describe_cause(error), make_printable(str(error)))
    counts = tuple((name, outcomes[name]) for name in OUTCOME_ORDER if outcomes[name])
    found = CollectResult(source, counts, tuple(errors.values()))
    if away is not None:
        raise PartlyUnreachable(away, found)
    return found


def _describe_cause(error: PayproofError) -> str:
    """Return the cause of an error without the address: the same for many files."""
    return error.why if isinstance(error, Refused | Unreachable) else str(error)


def _select_due(
    home: Home, archive: Archive, facts: Source, requests: Sequence[Request], day: str
) -> list[Request]:
    """Return the requests that are due on an ISO day."""
    policy = read_refresh_policy(open_vocabulary(home.vocabularies), facts.id)
    attempts = fetch_log.group_by_request(archive.read_attempts(facts.id))
    return [
        request
        for request in requests
        if fetch_log.is_due(
            attempts.get(fetch_one.name_request(request), []), policy, day
        )
    ]
