"""Read LCA disclosure files of any year as tables, all of whose columns are known."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from pipeline.core.errors import LayoutChanged
from pipeline.core.model import Snapshot
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.sheets.cell_grid import require_columns
from pipeline.read.sheets.column_choice import SelectedColumns
from pipeline.read.sheets.table_columns import read_columns

COLUMNS_FILE = "vocabularies/oflc_columns.csv"
# Columns of a worksite: `WORKSITE_CITY_3` in files of 2019, which have ten of them,
# `LCA_CASE_WORKLOC1_CITY` in those of 2009 to 2014, which have two.
SITE = re.compile(r"^(.*?)_(10|[1-9])$|^(LCA_CASE_WORKLOC)(\d)(_.*)$")
ROWS = 60_000


@dataclass(frozen=True)
class DisclosureBatch:
    """Some rows of one sheet, and where its columns stand."""

    table: SelectedColumns
    rows: pl.DataFrame


def read_lca_batches(
    snapshot: Snapshot, vocabulary: Vocabulary
) -> Iterator[DisclosureBatch]:
    """Yield the rows of every sheet that is a disclosure table, in batches.

    Raises:
        LayoutChanged: No table, or one with missing, unknown or repeated columns.
        Damaged, TooLarge: As `pipeline.read.sheets.table_columns.read_columns`.
    """
    where = snapshot.name or snapshot.path.name
    table = vocabulary.read_table("oflc_columns", "header", "column", "required")
    meanings = dict(table.select("header", "column").iter_rows())
    needed = table.filter(pl.col("required") == "yes")["column"].unique().to_list()

    def choose(header: str) -> str | None:
        name = header.upper()
        return meanings[name] if name in meanings else _find_site_column(name, meanings)

    found = 0
    for sheet in read_columns(snapshot.path, where, vocabulary, choose):
        if len(sheet.header.columns) < 3 and sheet.header.unknown:
            continue  # a sheet of notes
        _require_columns(sheet, needed)
        found += 1
        for start in range(0, sheet.frame.height, ROWS):
            yield DisclosureBatch(sheet, sheet.frame.slice(start, ROWS))
    if not found:
        raise LayoutChanged(where, sorted(needed), [], COLUMNS_FILE)


def _find_site_column(name: str, meanings: dict[str, str | None]) -> str | None:
    """Return the column of one worksite: `WORKSITE_CITY_3` is `worksite_city#3`.

    oflc_columns.csv has one row for all sites, `WORKSITE_CITY_#`.
    """
    match = SITE.match(name)
    if match is None:
        return None
    pattern = f"{match[1]}_#" if match[1] else f"{match[3]}#{match[5]}"
    column = meanings.get(pattern)
    return column.replace("#", f"#{match[2] or match[4]}") if column else None


def _require_columns(sheet: SelectedColumns, needed: list[str]) -> None:
    """Raise unless each needed column is there, for all sites or for the first.

    Raises:
        LayoutChanged: Names the missing, the unknown and the repeated columns.
    """
    have = set(sheet.header.columns)
    if "wage_range" in have:  # both ends in one column: 2015 and 2016
        have.add("wage_from")
    named = {name.replace("#", "") for name in needed}
    missing = sorted(n for n in named if not {n, f"{n}#1"} & have)
    if missing:
        unexpected = [*sheet.header.unknown, *sheet.header.repeated]
        raise LayoutChanged(sheet.where, missing, unexpected, COLUMNS_FILE)
    require_columns(sheet.where, sheet.header, [], COLUMNS_FILE)
