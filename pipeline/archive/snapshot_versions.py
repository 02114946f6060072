"""Snapshots of a source to the versions of its files, the current one first."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.model import Snapshot


def group_versions(found: Sequence[Snapshot]) -> list[tuple[Snapshot, ...]]:
    """All bytes of each file (edition and name), by edition and name; newest first.

    What was really published goes before what was made for demonstration; then the
    day counts on which it was last seen: a page that went back to what it said
    before is as it was before. A page that says the same as another is left out.
    """
    files: dict[tuple[str, str], list[Snapshot]] = {}
    for snapshot in sorted(drop_repeats(found), key=_order_by_age, reverse=True):
        files.setdefault((snapshot.edition, snapshot.name), []).append(snapshot)
    return [tuple(files[key]) for key in sorted(files)]


def drop_repeats(found: Sequence[Snapshot]) -> list[Snapshot]:
    """Snapshots that say something of their own; each was seen when its repeats were.

    A repeat whose first is gone speaks for itself.
    """
    first = {s.folder: s for s in found if not s.same_as}
    last: dict[str, str] = {}
    for repeat in found:
        if repeat.same_as in first:
            seen = last.get(repeat.same_as, "")
            last[repeat.same_as] = max(seen, repeat.seen)
    return [
        replace(s, seen=max(s.seen, last.get(s.folder, "")))
        for s in found
        if s.same_as not in first
    ]


def _order_by_age(snapshot: Snapshot) -> tuple[bool, str, str, str]:
    """Sorts made before real, then by when last seen, then by when it came."""
    return snapshot.capture != "made", snapshot.seen, snapshot.kept, snapshot.sha256
