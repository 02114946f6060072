"""Find what changed between two releases, value by value, and apply it again.

`find_changes(old, new)` finds it; `apply_changes(old, changes)` makes the new tables
of the old ones, exactly. Kept for every release that follows another one, even where
nothing changed.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.query.former_tables import scan_kept_changes, update_columns
from pipeline.query.relations import RELATIONS
from pipeline.release.publish.table_files import csv_bytes

Frames = Mapping[str, pl.DataFrame]
VALUES = dict.fromkeys(("table", "key", "column", "old", "new"), pl.String)
# Between the parts of a key: ASCII's own unit separator, which no text that we keep
# holds. A blank or a slash would do in ids and cells, but not in reasons.
KEY_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class ReleaseChanges:
    """The difference of two releases.

    Args:
        values: One row per changed value: table, key, column, old and new as text
            (null for null), in a total order.
        added: Table to the whole rows that are new, by key.
        removed: Table to one column, `key`, of the rows that are gone.
    """

    values: pl.DataFrame
    added: Frames
    removed: Frames

    @property
    def empty(self) -> bool:
        """Nothing differs."""
        parts = [self.values, *self.added.values(), *self.removed.values()]
        return not any(part.height for part in parts)

    def count_rows(self) -> dict[str, dict[str, int]]:
        """Count the rows that were added, removed and changed, by table."""
        rows = self.values.select("table", "key").unique()
        changed = dict(rows.group_by("table").len().iter_rows())
        return {
            name: {
                "added": self.added[name].height,
                "removed": self.removed[name].height,
                "changed": int(changed.get(name, 0)),
            }
            for name in sorted(self.added)
        }


def add_key_column(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Add a column `key`, the parts of each row's key as one text, and sort by it."""
    parts = [pl.col(c).cast(pl.String) for c in RELATIONS[name].key]
    return frame.with_columns(key=pl.concat_str(parts, separator=KEY_SEPARATOR)).sort(
        "key"
    )


def find_changes(old: Frames, new: Frames) -> ReleaseChanges:
    """Find everything that differs; a table that one side lacks is empty there."""
    values: list[pl.DataFrame] = []
    added: dict[str, pl.DataFrame] = {}
    removed: dict[str, pl.DataFrame] = {}
    for name in sorted(set(old) | set(new)):
        after = add_key_column(name, new[name] if name in new else old[name].clear())
        before = add_key_column(name, old[name] if name in old else new[name].clear())
        before = align_columns(before, after)
        added[name] = after.join(before, on="key", how="anti").drop("key")
        removed[name] = before.join(after, on="key", how="anti").select("key")
        values.append(find_changed_values(name, before, after))
    order = ["table", "key", "column"]
    found = pl.concat([pl.DataFrame(schema=VALUES), *values]).sort(order)
    return ReleaseChanges(found, added, removed)


def align_columns(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Give the old rows the columns of the new: a new column was null before."""
    return before.select(
        pl.col(c) if c in before.columns else pl.lit(None, kind).alias(c)
        for c, kind in after.schema.items()
    )


def find_changed_values(
    name: str, before: pl.DataFrame, after: pl.DataFrame
) -> pl.DataFrame:
    """Find the values that differ in rows that both have: the columns of VALUES."""
    # A suffix with a control character cannot make the name of another column.
    both = before.join(after, on="key", how="inner", suffix="\x1fnew")
    found = [pl.DataFrame(schema=VALUES)]
    for column in before.columns:
        if column == "key":
            continue
        old, new = pl.col(column), pl.col(f"{column}\x1fnew")
        # `ne_missing`: null against a value is a difference, null against null is none.
        rows = both.filter(old.ne_missing(new))
        found.append(
            rows.select(
                pl.lit(name).alias("table"),
                "key",
                pl.lit(column).alias("column"),
                old.cast(pl.String).alias("old"),
                new.cast(pl.String).alias("new"),
            )
        )
    return pl.concat(found)


def apply_changes(old: Frames, changes: ReleaseChanges) -> dict[str, pl.DataFrame]:
    """Make the new tables of the old ones, each sorted by its key.

    Args:
        old: Table name to rows; a table that is not there is empty.
        changes: From `old` to the new tables.
    """
    made = {}
    for name, rows in changes.added.items():
        before = add_key_column(name, old[name] if name in old else rows.clear())
        kept = align_columns(before, rows.with_columns(key=pl.lit("")))
        kept = kept.join(changes.removed[name], on="key", how="anti")
        mine = changes.values.filter(pl.col("table") == name)
        for (column,), values in mine.group_by("column", maintain_order=True):
            kept = replace_values(kept, str(column), values)
        whole = pl.concat([kept.drop("key"), rows.select(kept.drop("key").columns)])
        made[name] = add_key_column(name, whole).drop("key")
    return made


def replace_values(
    rows: pl.DataFrame, column: str, values: pl.DataFrame
) -> pl.DataFrame:
    """Replace the values of one column in the rows that have a new one, by key."""
    kind = rows.schema[column]
    new = values.select("key", pl.lit(True).alias("\x1fis"), "new")
    text = pl.col("new")
    # Polars casts truths to text (`true`) and refuses the way back.
    parsed = (text == "true") if kind == pl.Boolean else text.cast(kind)
    return (
        rows.join(new, on="key", how="left")
        .with_columns(
            pl.when(pl.col("\x1fis")).then(parsed).otherwise(pl.col(column))
            .alias(column)
        )
        .drop("\x1fis", "new")
    )  # fmt: skip


def make_change_files(
    changes: ReleaseChanges, facts: Mapping[str, Any]
) -> dict[str, bytes]:
    """Make the files that `read_changes` reads back: file name to bytes."""
    content = {**facts, "empty": changes.empty, "tables": changes.count_rows()}
    made = {
        "changes.json": (json.dumps(content, indent=1, sort_keys=True) + "\n").encode(),
        "values.parquet": encode_parquet(changes.values),
        "values.csv": csv_bytes(
            changes.values.with_columns(
                pl.col("key").str.replace_all(KEY_SEPARATOR, " ")
            )
        ),
    }
    for name in changes.added:
        made[f"added-{name}.parquet"] = encode_parquet(changes.added[name])
        made[f"removed-{name}.parquet"] = encode_parquet(changes.removed[name])
    return made


def encode_parquet(frame: pl.DataFrame) -> bytes:
    """Encode a frame as the bytes of a Parquet file."""
    out = io.BytesIO()
    frame.write_parquet(out, compression="zstd")
    return out.getvalue()


def read_changes(folder: Path) -> ReleaseChanges:
    """Read changes as they were kept in a folder, under today's names of columns."""

    def every(prefix: str) -> dict[str, pl.DataFrame]:
        paths = sorted(folder.glob(f"{prefix}-*.parquet"))
        names = {p: p.stem.removeprefix(f"{prefix}-") for p in paths}
        return {
            name: update_columns(name, pl.read_parquet(p)) for p, name in names.items()
        }

    values = scan_kept_changes(folder).collect()
    return ReleaseChanges(values, every("added"), every("removed"))
