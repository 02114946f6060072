"""Move `latest` and `last_successful`: after a release, and when a person goes back."""

from pipeline.core.errors import NotFound
from pipeline.core.leftovers import sweep_leftovers
from pipeline.core.sealed_lines import seal_line
from pipeline.core.store import Home, point_link, resolve_link, write_atomically
from pipeline.query.release_pointers import (
    DECISIONS,
    LAST_SUCCESSFUL,
    LATEST,
    RollbackDecision,
    list_releases,
)


def record_success(home: Home, name: str) -> None:
    """Make a release that passed every gate the latest, and the last successful one.

    In this order: a kill between the two leaves readers with the newer one, which is
    whole, and `last_successful` behind; the next run brings it up.
    """
    release = home.curated / name
    for pointer in (LATEST, LAST_SUCCESSFUL):
        if resolve_link(home.curated / pointer) != release:
            point_link(home.curated / pointer, release)


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
    sweep_leftovers(home.curated)
    path = home.curated / DECISIONS
    before = path.read_bytes() if path.is_file() else b""
    write_atomically(path, before + seal_line(vars(decision)))
    point_link(home.curated / LATEST, target)
