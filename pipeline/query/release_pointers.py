"""Read which release is read, which one passed last, and every rollback.

`latest` is what readers get; `last_successful` is the newest release that passed every
gate. They differ after a rollback, and stay apart until the inputs change.
"""

import json
from dataclasses import dataclass
from typing import Any

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
    """Read every rollback, oldest first."""
    path = home.curated / DECISIONS
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return [json.loads(line) for line in lines]


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
