"""Give tables of an earlier release today's names and types, wherever they are read.

A release is never edited, so that one of the tables' version 2 keeps its columns
`speaks` and `settled_by` and its `year` as text. Everybody who reads it sees the
columns of today; the names themselves are in `schemas.former`.
"""

from pathlib import Path
from typing import TypeVar

import polars as pl

from schemas.former import (
    DATED,
    FORMER,
    RENAMED,
    UNKNOWN_YEAR,
    YEAR,
    YEAR_KNOWN,
    name_today,
)

Table = TypeVar("Table", pl.LazyFrame, pl.DataFrame)


def update_columns(name: str, table: Table) -> Table:
    """Give a table today's columns; one that has them comes back as it is.

    Args:
        name: Of the table.
        table: As a release or a folder of changes keeps it.
    """
    schema = table.lazy().collect_schema()
    names = {c: name_today(c) for c in RENAMED.get(name, {}) if c in schema}
    if names:
        table = table.rename(names)
    if name not in DATED or schema.get(YEAR) != pl.String:
        return table
    # Where today's tables have the flag, so that old and new ones can be stacked.
    order = list(schema)
    order.insert(order.index(YEAR) + 1, YEAR_KNOWN)
    year = pl.col(YEAR).replace(UNKNOWN_YEAR, None).cast(pl.Int32)
    dated = table.with_columns(year, is_year_known=year.is_not_null())
    return dated.select(names.get(c, c) for c in order)


def scan_kept_changes(folder: Path) -> pl.LazyFrame:
    """Scan the values of kept changes, under today's names of columns.

    Args:
        folder: Of the changes from one release to the next.

    Returns:
        `table`, `key`, `column`, `old`, `new`, all text; read when collected.
    """
    column = pl.col("column").replace({c: name_today(c) for c in FORMER})
    return pl.scan_parquet(folder / "values.parquet").with_columns(column)
