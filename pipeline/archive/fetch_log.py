"""Read the log of attempts to fetch: what was asked for when, and what came of it.

`raw/<source>/checks.jsonl`, one JSON object a line, only ever added to by
`pipeline.archive.snapshot`. Nothing here looks at the clock: callers give the day.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

from pipeline.archive.schedule import RefreshPolicy, find_period_end
from pipeline.core.errors import Damaged
from pipeline.core.sealed_lines import find_damaged_lines, open_line, seal_line

LOG = "checks.jsonl"
OUTCOMES = ("changed", "unchanged", "blocked", "held", "failed")
ANSWERED = ("changed", "unchanged")
PASSED_OVER = "it is not as it was written, and is passed over"
REMEDY = "Bring the log back from a backup, or take the line out."
RETRIED = ("failed", "held")  # not `blocked`: a publisher that says no is not hammered


@dataclass(frozen=True)
class FetchAttempt:
    """One attempt to fetch one file.

    Args:
        at: ISO time in UTC, `2026-11-24T06:00:00Z`.
        source: Id of the source.
        request: What was asked for: the address without secrets, and its name.
        outcome: `changed`, `unchanged` (304, the same bytes, or the same page with
            other tokens), `blocked` (the publisher or robots.txt says no), `held` (what
            came was not accepted) or `failed` (no answer, gone, out of quota).
        status: HTTP status; 0 where there was none.
        snapshot: Folder of the snapshot that is current afterwards; "" for none.
        sha256: Of the body that came; "" where none did.
        canonical: Digest of what the body says, by `fingerprint`.
        why: A sentence, where it was neither changed nor unchanged.
        tool: Name and version of the program that asked.
        trace: Where our own code failed on it, the frames that it came from.
    """

    at: str
    source: str
    request: str
    outcome: str
    status: int = 0
    snapshot: str = ""
    sha256: str = ""
    canonical: str = ""
    why: str = ""
    tool: str = ""
    trace: str = ""

    def to_line(self) -> bytes:
        """Return the attempt as a line of the log, without its empty fields."""
        return seal_line({name: value for name, value in asdict(self).items() if value})


def read_log(folder: Path, *, as_of: str = "") -> list[FetchAttempt]:
    """Return the attempts at a source, the first one first.

    A line that is no attempt (a kill may cut the last one), or no more as it was
    written, is passed over.

    Args:
        folder: `raw/<source>/`.
        as_of: Last ISO day that counts; "" for all.
    """
    path = folder / LOG
    if not path.is_file():
        return []
    found = [_parse_line(line) for line in path.read_bytes().splitlines()]
    return sorted(
        (c for c in found if c is not None and (not as_of or c.at[:10] <= as_of)),
        key=lambda c: c.at,
    )


def find_log_faults(folder: Path, *, cut: bool) -> list[Damaged]:
    """Find the lines of a source's log that are not as they were written.

    Args:
        folder: `raw/<source>/`.
        cut: Whether what a kill leaves of a line counts: it says nothing, and no
            reader minds it.
    """
    path = folder / LOG
    return [
        Damaged(f"{path} line {number}", PASSED_OVER, REMEDY)
        for number, kind in find_damaged_lines(
            path, [f.name for f in fields(FetchAttempt)]
        )
        if cut or kind == "changed"
    ]


def _parse_line(line: bytes) -> FetchAttempt | None:
    """Parse a line of the log; None where it is none.

    Fields that are unknown are dropped.
    """
    try:
        row = open_line(line)
        attempt = FetchAttempt(
            **{f.name: row[f.name] for f in fields(FetchAttempt) if f.name in row}
        )
        date.fromisoformat(attempt.at[:10])
    except (ValueError, TypeError):
        return None
    texts = (attempt.at, attempt.source, attempt.request, attempt.snapshot, attempt.why)
    sound = all(isinstance(text, str) for text in texts)
    return attempt if sound and attempt.outcome in OUTCOMES else None


def group_by_request(attempts: Iterable[FetchAttempt]) -> dict[str, list[FetchAttempt]]:
    """Return request to its attempts, the first one first."""
    found: dict[str, list[FetchAttempt]] = {}
    for attempt in attempts:
        found.setdefault(attempt.request, []).append(attempt)
    return found


def find_last_seen(attempts: Iterable[FetchAttempt]) -> dict[str, str]:
    """Return snapshot's folder to the last ISO time at which it was published."""
    return {c.snapshot: c.at for c in attempts if c.outcome in ANSWERED and c.snapshot}


def is_due(attempts: Sequence[FetchAttempt], policy: RefreshPolicy, day: str) -> bool:
    """Whether a file is to be asked for, after these attempts at it.

    What failed, or came and was not accepted, is asked for again at once; a
    refusal waits as long as an answer does.
    """
    if not attempts or attempts[-1].outcome in RETRIED:
        return True
    return policy.find_next_fetch_day(attempts[-1].at) <= day


def find_blocked_since(attempts: Iterable[FetchAttempt], days: int) -> str:
    """Return the ISO day since which a source refuses us; "" where it does not.

    A file counts when every answer since that day was a refusal and they span that
    many days; failures of the network in between say nothing.
    """
    found = []
    for of_file in group_by_request(attempts).values():
        streak = list(_take_refusals(a for a in of_file if a.outcome != "failed"))
        if streak and _count_days(streak[0].at, streak[-1].at) >= days:
            found.append(streak[0].at[:10])
    return min(found, default="")


def _take_refusals(attempts: Iterable[FetchAttempt]) -> Iterator[FetchAttempt]:
    """Yield the refusals that end a sequence of attempts."""
    rest = list(attempts)
    start = len(rest)
    while start and rest[start - 1].outcome == "blocked":
        start -= 1
    yield from rest[start:]


def find_staleness(
    policy: RefreshPolicy, editions: Sequence[str], seen: str, day: str
) -> list[str]:
    """Return sentences why a source is stale on a day; none where it is fresh.

    Args:
        policy: How old it may be.
        editions: Of the snapshots at hand.
        seen: Last ISO day with an answer, or on which a person brought a page.
        day: ISO date.
    """
    if not seen:
        return ["nothing of it is at hand"]
    reasons = []
    if (unseen := _count_days(seen, day)) > policy.check_days:
        reasons.append(f"not checked for {unseen} days, more than {policy.check_days}")
    newest = max(filter(None, map(find_period_end, editions)), default="")
    if newest and (age := _count_days(newest, day)) > policy.edition_days:
        most = policy.edition_days
        reasons.append(f"newest data are {age} days old ({newest}), more than {most}")
    return reasons


def _count_days(first: str, last: str) -> int:
    """Count the days from one ISO day (or time) to another."""
    return (date.fromisoformat(last[:10]) - date.fromisoformat(first[:10])).days
