"""Move `latest` and `last_successful`: after a release, and when a person goes back."""

import json

from pipeline.core.errors import NotFound
from pipeline.core.store import Home, point_link, write_atomically
from pipeline.query.release_pointers import (
    DECISIONS,
    LAST_SUCCESSFUL,
    LATEST,
    RollbackDecision,
    list_releases,
)


def record_success(home: Home, name: str) -> None:
    """Make a release that passed every gate the last successful one, and the latest."""
    point_link(home.curated / LAST_SUCCESSFUL, home.curated / name)
    point_link(home.curated / LATEST, home.curated / name)


def roll_back(home: Home, to: str, decision: RollbackDecision) -> None:
    """Move `latest` to another release; nothing is deleted.

    The decision is written before the pointer moves: a kill between the two leaves a
    record too many, never a move without a record.

    Args:
        home: Where curated/ is.
        to: Release that is read from now on.
        decision: Who decided, when and why; a line of decisions.jsonl.

    Raises:
        NotFound: There is no such release.
    """
    target = home.curated / to
    if to not in list_releases(home):
        known = ", ".join(list_releases(home)) or "none"
        raise NotFound("Release", to, f"Releases in {home.curated}: {known}.")
    path = home.curated / DECISIONS
    before = path.read_bytes() if path.is_file() else b""
    row = json.dumps(vars(decision), ensure_ascii=False, sort_keys=True) + "\n"
    write_atomically(path, before + row.encode())
    point_link(home.curated / LATEST, target)
