"""The log of looks: who was asked when, and what came of it.

`raw/<source>/checks.jsonl`, one JSON object a line, only ever added to by
`pipeline.archive.snapshot`. What it says of a source needs no clock but the caller's.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

from pipeline.archive.schedule import RefreshPolicy, find_period_end

LOG = "checks.jsonl"
OUTCOMES = ("changed", "unchanged", "blocked", "held", "failed")
ANSWERED = ("changed", "unchanged")
RETRIED = ("failed", "held")


@dataclass(frozen=True)
class FetchAttempt:
    """One look at one file.

    Args:
        at: ISO time in UTC, `2026-11-24T06:00:00Z`.
        source: Id of the source.
        request: What was asked for: the address without secrets, and its name.
        outcome: `changed`, `unchanged` (304, the same bytes, or the same page drawn
            again), `blocked` (the publisher or robots.txt says no), `held` (what
            came was not accepted) or `failed` (no answer, gone, out of quota).
        status: HTTP status; 0 where there was none.
        snapshot: Folder of the snapshot that is current after the look; "" for none.
        sha256: Of the body that came; "" where none did.
        canonical: Of what the body says.
        why: A sentence, where it was neither changed nor unchanged.
        tool: Name and version of what looked.
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

    def to_line(self) -> bytes:
        """The check as a line of the log."""
        said = {name: value for name, value in asdict(self).items() if value}
        return json.dumps(said, ensure_ascii=False).encode() + b"\n"


def read_log(folder: Path, *, as_of: str = "") -> list[FetchAttempt]:
    """The looks at a source, the first one first.

    A line that is no check (a kill may cut the last one) is passed over.

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


def _parse_line(line: bytes) -> FetchAttempt | None:
    """A line of the log; None where it is none."""
    try:
        row = json.loads(line)
        check = FetchAttempt(
            **{f.name: row[f.name] for f in fields(FetchAttempt) if f.name in row}
        )
        date.fromisoformat(check.at[:10])
    except (ValueError, TypeError, RecursionError):
        return None
    texts = (check.at, check.source, check.request, check.snapshot, check.why)
    sound = all(isinstance(text, str) for text in texts)
    return check if sound and check.outcome in OUTCOMES else None


def group_by_request(checks: Iterable[FetchAttempt]) -> dict[str, list[FetchAttempt]]:
    """Looks at each file, the first one first."""
    found: dict[str, list[FetchAttempt]] = {}
    for check in checks:
        found.setdefault(check.request, []).append(check)
    return found


def find_last_seen(checks: Iterable[FetchAttempt]) -> dict[str, str]:
    """Snapshot's folder to the last ISO time at which it was what is published."""
    return {c.snapshot: c.at for c in checks if c.outcome in ANSWERED and c.snapshot}


def is_due(checks: Sequence[FetchAttempt], watch: RefreshPolicy, day: str) -> bool:
    """Whether a file is to be looked at, after these looks at it.

    What failed, or came and was not accepted, is asked for again at once; a
    refusal waits for the source's next look, as an answer does.
    """
    if not checks or checks[-1].outcome in RETRIED:
        return True
    return watch.find_next_fetch_day(checks[-1].at) <= day


def find_blocked_since(checks: Iterable[FetchAttempt], days: int) -> str:
    """The ISO day since which a source refuses us; "" where it does not.

    A file counts when every answer since that day was a refusal and they span that
    many days; failures of the network in between say nothing.
    """
    found = []
    for looks in group_by_request(checks).values():
        streak = list(_take_refusals(c for c in looks if c.outcome != "failed"))
        if streak and _count_days(streak[0].at, streak[-1].at) >= days:
            found.append(streak[0].at[:10])
    return min(found, default="")


def _take_refusals(checks: Iterable[FetchAttempt]) -> Iterator[FetchAttempt]:
    """The refusals at the end of a row of looks."""
    rest = list(checks)
    start = len(rest)
    while start and rest[start - 1].outcome == "blocked":
        start -= 1
    yield from rest[start:]


def find_staleness(
    watch: RefreshPolicy, editions: Sequence[str], seen: str, day: str
) -> list[str]:
    """Why a source is stale on a day; nothing where it is fresh.

    Args:
        watch: How old it may be.
        editions: Of the snapshots at hand.
        seen: Last ISO day with an answer, or on which a person brought a page.
        day: ISO date.
    """
    if not seen:
        return ["nothing of it is at hand"]
    said = []
    if (unseen := _count_days(seen, day)) > watch.check_days:
        said.append(f"not checked for {unseen} days, more than {watch.check_days}")
    newest = max(filter(None, map(find_period_end, editions)), default="")
    if newest and (age := _count_days(newest, day)) > watch.edition_days:
        most = watch.edition_days
        said.append(f"newest data are {age} days old ({newest}), more than {most}")
    return said


def _count_days(first: str, last: str) -> int:
    """Days from one ISO day to another."""
    return (date.fromisoformat(last[:10]) - date.fromisoformat(first[:10])).days
