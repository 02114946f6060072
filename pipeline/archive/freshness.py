"""Report how fresh each source is today: three dates, a state, and what to do.

It follows from cards, logs and the calendar, without a request: a schedule which no
longer runs is seen as well as a run that fails.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.archive import fetch_log
from pipeline.archive.fetch_log import FetchAttempt
from pipeline.archive.schedule import (
    RefreshPolicy,
    find_period_end,
    read_refresh_policy,
)
from pipeline.archive.snapshot import Archive
from pipeline.core.errors import Damaged, ReadingFailed
from pipeline.core.failure_trace import contain_failures
from pipeline.core.model import Snapshot, Source
from pipeline.core.store import Home
from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.sources import SOURCES


@dataclass(frozen=True)
class SourceStatus:
    """One source on one day.

    Args:
        source: Id.
        state: `fresh`, `failed` (the last attempt at some file), `stale`, `blocked`
            or `empty` (nothing of it is at hand).
        effective: Newest reference edition at hand.
        checked: ISO day of the last answer, or of the last page brought by hand.
        changed: ISO day on which something new came.
        next_look: ISO day; "" where its pages come by hand.
        reasons: Why it is not fresh, one sentence each.
        looks: All attempts at it, the first one first.
        snapshots: What is current, the newest bytes of each file.
    """

    source: str
    state: str
    effective: str
    checked: str
    changed: str
    next_look: str
    reasons: tuple[str, ...]
    looks: tuple[FetchAttempt, ...]
    snapshots: tuple[Snapshot, ...]

    @property
    def remedy(self) -> str:
        """What to do about it, as a sentence."""
        by_hand = f"Save its pages and run `payproof sources keep {self.source} FILE`."
        if self.state == "blocked":
            return f"{by_hand} It is not got round."
        if self.state == "failed":
            return "The next refresh asks again; what was put aside is in raw/.held/."
        if self.state in ("stale", "empty"):
            ask = f"Run `payproof refresh --source {self.source}`."
            return ask if self.next_look else by_hand
        look = f"; the next look is due on {self.next_look}" if self.next_look else ""
        return f"Nothing{look}."


def list_statuses(home: Home, day: str) -> list[SourceStatus]:
    """Return the status of every source, by id.

    Args:
        home: Where raw/ and vocabularies/ are.
        day: ISO date of today.
    """
    return [find_status(home, SOURCES[source], day) for source in sorted(SOURCES)]


def find_status(home: Home, facts: Source, day: str) -> SourceStatus:
    """Return the status of one source on an ISO day.

    A source whose cards or log cannot be read has failed; the others have their own.
    """
    try:
        with contain_failures(facts.id):
            return _read_status(home, facts, day)
    except (Damaged, ReadingFailed) as error:
        none = ("", "", "", "", (str(error),), (), ())
        return SourceStatus(facts.id, "failed", *none)


def _read_status(home: Home, facts: Source, day: str) -> SourceStatus:
    """Read the status of one source from its cards and its log."""
    vocabulary, archive = open_vocabulary(home.vocabularies), Archive(home.raw)
    policy = read_refresh_policy(vocabulary, facts.id)
    attempts = archive.read_attempts(facts.id)
    files = archive.list_versions(facts.id)
    current = [newest for newest, *_ in files]
    answered = [c.at[:10] for c in attempts if c.outcome in fetch_log.ANSWERED]
    brought = [s.retrieved for file in files for s in file]
    checked = max([*answered, *brought], default="")
    editions = [s.edition for s in current]
    state, reasons = _find_state(vocabulary, policy, editions, checked, attempts, day)
    return SourceStatus(
        source=facts.id,
        state=state,
        effective=max(editions, key=find_period_end, default=""),
        checked=checked,
        changed=max(brought, default=""),
        next_look=_find_next_fetch_day(policy, attempts, day)
        if facts.automated
        else "",
        reasons=tuple(reasons),
        looks=tuple(attempts),
        snapshots=tuple(current),
    )


def _find_state(
    vocabulary: Vocabulary,
    policy: RefreshPolicy,
    editions: Sequence[str],
    checked: str,
    attempts: Sequence[FetchAttempt],
    day: str,
) -> tuple[str, list[str]]:
    """Return the worst state that is true of a source, and why: one sentence each."""
    reasons = fetch_log.find_staleness(policy, editions, checked, day)
    last = [found[-1] for found in fetch_log.group_by_request(attempts).values()]
    wrong = [c for c in last if c.outcome not in fetch_log.ANSWERED]
    said = sorted({f"{c.outcome} on {c.at[:10]}: {c.why}" for c in wrong})
    days = int(vocabulary.read_number("limits", "blocked_days"))
    if since := fetch_log.find_blocked_since(attempts, days):
        return "blocked", [f"refuses us since {since}", *reasons]
    if not editions:
        return "empty", [*reasons, *said]
    if reasons:
        return "stale", [*reasons, *said]
    return ("failed", said) if said else ("fresh", [])


def _find_next_fetch_day(
    policy: RefreshPolicy, attempts: Sequence[FetchAttempt], day: str
) -> str:
    """Return the ISO day on which the first of its files is asked for again."""
    last = fetch_log.group_by_request(attempts).values()
    days = [
        day
        if found[-1].outcome in fetch_log.RETRIED
        else policy.find_next_fetch_day(found[-1].at)
        for found in last
    ]
    return max(day, min(days, default=day))
