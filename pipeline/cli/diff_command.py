"""`payproof diff`, `payproof releases` and `payproof rollback`."""

from datetime import UTC, datetime
from typing import Any

import polars as pl

from pipeline.cli import DONE, escape_controls, format_json
from pipeline.core.errors import NotFound
from pipeline.core.store import Home, find_home, hold_lock
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query import release_pointers
from pipeline.query.published import Release, find_release, open_latest
from pipeline.release.publish.changes import KEY_SEPARATOR, ReleaseChanges, find_changes
from pipeline.release.publish.table_files import csv_bytes

MAX_LISTED = 200
LISTED_TABLES = ("salaries", "discrepancies")  # what the other tables make of it


def run_diff(
    old: str | None, new: str | None, tolerance: float, form: str, *, why: bool
) -> int:
    """Print the values that differ, with their causes where they are asked for."""
    home = find_home()
    before, after = find_two_releases(home, old, new)
    found = find_changes(before.read_frames(), after.read_frames())
    values = drop_small_moves(found.values, tolerance)
    if why:
        from pipeline.release.causes import find_causes

        told = find_causes(home, before, after, open_vocabulary(home.vocabularies))
        values = drop_small_moves(told, tolerance)
    if form == "csv":
        print(csv_bytes(join_keys(values)).decode(), end="")
    elif form == "json":
        said = {
            "old": before.name,
            "new": after.name,
            "empty": found.empty,
            "tables": found.count_rows(),
            "values": join_keys(values).to_dicts(),
        }
        print(format_json(said))
    else:
        for line in format_changes(before, after, found, values):
            print(escape_controls(line))
    return DONE


def find_two_releases(
    home: Home, old: str | None, new: str | None
) -> tuple[Release, Release]:
    """The releases asked for; by default the latest and the one read before it.

    Raises:
        NotFound: There is no such release, or only one.
    """
    after = find_release(home, new) if new else open_latest(home)
    if old:
        return find_release(home, old), after
    folder = home.curated / "changes"
    before = sorted(p.name.partition("..")[0] for p in folder.glob(f"*..{after.name}"))
    if not before:
        known = ", ".join(release_pointers.list_releases(home))
        raise NotFound("Release before", after.name, f"Name two of: {known}.")
    return find_release(home, before[-1]), after


def join_keys(values: pl.DataFrame) -> pl.DataFrame:
    """Keys as people read them."""
    return values.with_columns(pl.col("key").str.replace_all(KEY_SEPARATOR, " "))


def drop_small_moves(values: pl.DataFrame, tolerance: float) -> pl.DataFrame:
    """Values that moved by at least so many percent, and those that are no numbers."""
    if tolerance <= 0:
        return values
    old, new = (pl.col(c).cast(pl.Float64, strict=False) for c in ("old", "new"))
    small = ((new - old).abs() * 100 < tolerance * old.abs()).fill_null(False)
    return values.filter(~small)


def format_changes(
    before: Release, after: Release, found: ReleaseChanges, values: pl.DataFrame
) -> list[str]:
    """Counts per table, then the values."""
    said = [f"From {before.name} to {after.name}"]
    if found.empty:
        return [*said, "  nothing differs"]
    for table, counts in found.count_rows().items():
        if any(counts.values()):
            parts = ", ".join(f"{n:,} {what}" for what, n in counts.items() if n)
            said.append(f"  {table}: {parts}")
    told = values.filter(pl.col("table").is_in(LISTED_TABLES))
    for row in join_keys(told).head(MAX_LISTED).iter_rows(named=True):
        cause = f"  ({row['cause']})" if "cause" in row else ""
        said.append(
            f"  {row['table']} {row['key']} {row['column']}: "
            f"{row['old'] or 'nothing'} -> {row['new'] or 'nothing'}{cause}"
        )
    if more := values.height - min(told.height, MAX_LISTED):
        said.append(f"  and {more:,} more values; --format csv has them all")
    return said


def run_releases(form: str) -> int:
    """Print every release, and which one each pointer leads to."""
    home = find_home()
    leads = {
        pointer: release_pointers.read_pointer(home, pointer)
        for pointer in (release_pointers.LATEST, release_pointers.LAST_SUCCESSFUL)
    }
    names, decided = (
        release_pointers.list_releases(home),
        release_pointers.read_decisions(home),
    )
    if form == "json":
        said: dict[str, Any] = {"releases": names, **leads, "decisions": decided}
        print(format_json(said))
        return DONE
    for name in names:
        marks = ", ".join(pointer for pointer, to in leads.items() if to == name)
        print(f"{name}  {marks}".rstrip())
    for one in decided:
        told = f"{one['when']} {one['who']}: {one['came_from']} -> {one['to']}"
        print(escape_controls(f"  {told}, {one['reason']}"))
    return DONE


def run_rollback(name: str, reason: str, who: str) -> int:
    """Move `latest`, and leave on record who did and why."""
    home = find_home()
    with hold_lock(home.curated / ".lock"):
        now = open_latest(home).name
        if now == name:
            print(f"{name} is the release that is read already.")
            return DONE
        when = datetime.now(UTC).isoformat(timespec="seconds")
        decision = release_pointers.RollbackDecision(when, who, now, name, reason)
        release_pointers.roll_back(home, name, decision)
    print(
        escape_controls(f"{name} is read from now on; it was {now}. Reason: {reason}")
    )
    return DONE
