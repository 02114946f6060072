"""Group snapshots of a source as versions of its files, the current one first."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.core import media
from pipeline.core.model import MADE, Snapshot


def group_versions(found: Sequence[Snapshot]) -> list[tuple[Snapshot, ...]]:
    """Return the versions of each file, by edition and name; the newest first.

    What was really published goes before what was made for demonstration; then the
    day counts on which it was last seen: a page that went back to what it said
    before is as it was before. A page that says the same as another is left out.
    """
    files: dict[tuple[str, str], list[Snapshot]] = {}
    for snapshot in sorted(drop_repeats(found), key=_order_by_age, reverse=True):
        files.setdefault((snapshot.edition, snapshot.name), []).append(snapshot)
    return [tuple(files[key]) for key in sorted(files)]


def find_set_aside(found: Sequence[Snapshot]) -> dict[str, Snapshot]:
    """Find tables made for demonstration whose edition has real ones of their source.

    Their rows are of the same tables; read beside them they would be a second file of
    one edition. A page steps aside for the same page alone (`group_versions`).

    Args:
        found: Snapshots of any sources.

    Returns:
        Snapshot id of a made table, to a real one.
    """
    tables = [s for s in found if s.media_type in media.TABLES]
    real = {(s.source, s.edition): s for s in tables if s.capture != MADE}
    return {
        s.id: real[s.source, s.edition]
        for s in tables
        if s.capture == MADE and (s.source, s.edition) in real
    }


def drop_repeats(found: Sequence[Snapshot]) -> list[Snapshot]:
    """Return snapshots without those that repeat another (`same_as`).

    A snapshot counts as seen when its last repeat was. A repeat whose first is gone
    is kept as a snapshot of its own.
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
    """Return a key that sorts made before real, then by last seen, then by arrival."""
    return snapshot.capture != MADE, snapshot.seen, snapshot.kept, snapshot.sha256
