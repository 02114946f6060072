"""Run `payproof diff`: print what changed between two releases, and why."""

import polars as pl

from pipeline.cli.console import DONE, escape_controls, format_json
from pipeline.core.errors import NotFound
from pipeline.core.store import Home, find_home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query import release_pointers
from pipeline.query.published import Release, find_release, open_latest
from pipeline.release.publish.changes import KEY_SEPARATOR, ReleaseChanges, find_changes
from pipeline.release.publish.table_files import csv_bytes

MAX_LISTED = 200
# The tables that people read; what changes in claims, figures and provenance shows in
# them. As JSON and CSV all tables are there.
LISTED_TABLES = ("salaries", "discrepancies")


def run_diff(
    old: str | None, new: str | None, tolerance: float, form: str, *, why: bool
) -> int:
    """Print the values that differ, with their causes where `why` is set.

    Args:
        old: Name of a release; None for the one before `new`.
        new: Name of a release; None for the latest.
        tolerance: Percent below which a moved number is left out.
        form: `text`, `json` or `csv`.
        why: Run again with one input exchanged at a time.
    """
    home = find_home()
    before, after = find_two_releases(home, old, new)
    found = find_changes(before.read_frames(), after.read_frames())
    values = drop_small_moves(found.values, tolerance)
    if why:
        from pipeline.release.causes import find_causes

        causes = find_causes(home, before, after, open_vocabulary(home.vocabularies))
        values = drop_small_moves(causes, tolerance)
    if form == "csv":
        print(csv_bytes(join_keys(values)).decode(), end="")
    elif form == "json":
        content = {
            "old": before.name,
            "new": after.name,
            "empty": found.empty,
            "tables": found.count_rows(),
            "values": join_keys(values).to_dicts(),
        }
        print(format_json(content))
    else:
        for line in format_changes(before, after, found, values):
            print(escape_controls(line))
    return DONE


def find_two_releases(
    home: Home, old: str | None, new: str | None
) -> tuple[Release, Release]:
    """Find the releases asked for; by default the latest and the one before it.

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
    # After a rollback one release may have followed two others: names begin with a day,
    # so the last is the newer one.
    return find_release(home, before[-1]), after


def join_keys(values: pl.DataFrame) -> pl.DataFrame:
    """Join the parts of keys by blanks, as people read them."""
    return values.with_columns(pl.col("key").str.replace_all(KEY_SEPARATOR, " "))


def drop_small_moves(values: pl.DataFrame, tolerance: float) -> pl.DataFrame:
    """Drop numbers that moved by less than `tolerance` percent; keep the rest."""
    if tolerance <= 0:
        return values
    old, new = (pl.col(c).cast(pl.Float64, strict=False) for c in ("old", "new"))
    small = ((new - old).abs() * 100 < tolerance * old.abs()).fill_null(False)
    return values.filter(~small)


def format_changes(
    before: Release, after: Release, found: ReleaseChanges, values: pl.DataFrame
) -> list[str]:
    """Format counts per table, then the values."""
    lines = [f"From {before.name} to {after.name}"]
    if found.empty:
        return [*lines, "  nothing differs"]
    for table, counts in found.count_rows().items():
        if any(counts.values()):
            parts = ", ".join(f"{n:,} {what}" for what, n in counts.items() if n)
            lines.append(f"  {table}: {parts}")
    listed = values.filter(pl.col("table").is_in(LISTED_TABLES))
    for row in join_keys(listed).head(MAX_LISTED).iter_rows(named=True):
        cause = f"  ({row['cause']})" if "cause" in row else ""
        lines.append(
            f"  {row['table']} {row['key']} {row['column']}: "
            f"{row['old'] or 'nothing'} -> {row['new'] or 'nothing'}{cause}"
        )
    if more := values.height - min(listed.height, MAX_LISTED):
        lines.append(f"  and {more:,} more values; --format csv has them all")
    return lines
