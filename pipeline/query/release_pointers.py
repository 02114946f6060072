"""Read which release is read, which one passed last, and every rollback.

`latest` is what readers get; `last_successful` is the newest release that passed every
gate. They differ after a rollback, and stay apart until the inputs change.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pipeline.core.errors import Damaged
from pipeline.core.sealed_lines import LINE_SUM, open_line
from pipeline.core.store import Home, resolve_link

LATEST, LAST_SUCCESSFUL, DECISIONS = "latest", "last_successful", "decisions.jsonl"


@dataclass(frozen=True)
class RollbackDecision:
    """A move of `latest` by a person, one line of decisions.jsonl.

    Args:
        when: ISO date and time, UTC.
        who: The person.
        came_from: Release that was read before.
        to: Release that is read from now on.
        reason: In their words.
    """

    when: str
    who: str
    came_from: str
    to: str
    reason: str


def read_decisions(home: Home) -> list[dict[str, Any]]:
    """Read every rollback, oldest first.

    Raises:
        Damaged: A line is no decision.
    """
    path = home.curated / DECISIONS
    lines = path.read_bytes().splitlines() if path.is_file() else []
    return [_parse_decision(path, n, line) for n, line in enumerate(lines, start=1)]


def _parse_decision(path: Path, number: int, line: bytes) -> dict[str, Any]:
    """Parse a line of the log of decisions.

    Raises:
        Damaged: It is none.
    """
    try:
        row = open_line(line)
        row.pop(LINE_SUM, None)
        if all(isinstance(row[f.name], str) for f in fields(RollbackDecision)):
            return row
    except (ValueError, KeyError):
        pass
    why = f"line {number} is no decision, or not as it was written"
    raise Damaged(str(path), why, "Restore it from a copy, or remove the line.")


def is_rolled_back(home: Home, made: str, latest: str) -> bool:
    """Tell whether persons led readers from one release to another.

    The log of decisions says so, not the pointers: a run that is killed between the
    two moves leaves them apart as well.

    Args:
        home: Where curated/ is.
        made: Name of the release that passed last.
        latest: Name of the release that is read.
    """
    if made == latest:  # there and back again is no rollback
        return False
    to = latest
    for decision in reversed(read_decisions(home)):
        if decision["to"] == to and decision["came_from"] == made:
            return True
        if decision["to"] == to:
            to = decision["came_from"]
        # A kill before the pointer moved leaves a decision that leads away from where
        # readers are; any other says that a release came after it.
        elif decision["came_from"] != to:
            return False
    return False


def list_releases(home: Home) -> list[str]:
    """List the names of the releases; they begin with a day, so oldest first."""
    found = home.curated.glob("*/manifest.json")
    return sorted(p.parent.name for p in found if not is_pointer(home, p.parent.name))


def is_pointer(home: Home, name: str) -> bool:
    """Tell whether a name is no release: a pointer, or a folder still being built."""
    return name in (LATEST, LAST_SUCCESSFUL) or name.startswith(".")


def read_pointer(home: Home, pointer: str) -> str | None:
    """Read the name of the release that a pointer leads to; None without one."""
    found = resolve_link(home.curated / pointer)
    return found.name if found else None
