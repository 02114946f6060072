"""Read LCA disclosure files of any year as tables, all of whose columns are known."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from pipeline.core.errors import LayoutChanged
from pipeline.core.model import Snapshot
from pipeline.core.unread_places import report_unread
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.sheets.cell_grid import require_columns
from pipeline.read.sheets.column_choice import SelectedColumns
from pipeline.read.sheets.table_columns import read_columns
from pipeline.sources.shared.known_tables import make_other_heads_error

COLUMNS_FILE = "vocabularies/oflc_columns.csv"
# Columns of a worksite: `WORKSITE_CITY_3` in files of 2019, which have ten of them,
# `LCA_CASE_WORKLOC1_CITY` in those of 2009 to 2014, which have two.
SITE = re.compile(r"^(.*?)_(10|[1-9])$|^(LCA_CASE_WORKLOC)(\d)(_.*)$")
ROWS = 60_000
FEWEST = 3  # known columns of a disclosure table; a sheet of notes has fewer
SOURCE, WANTED = "dol_oflc", "disclosure table of visas (LCA)"
BLANK = re.compile(r"\s+")
ABOUT_PAY = re.compile(r"WAGE|PAY|SALAR|RATE|PREVAIL|^PW|COMPENS")


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
        LayoutChanged: Missing or repeated columns, or unknown ones about pay.
        Damaged: No such table; what it is instead is said where it is known.
        Damaged, TooLarge: As `pipeline.read.sheets.table_columns.read_columns`.
    """
    where = snapshot.name or snapshot.path.name
    table = vocabulary.read_table("oflc_columns", "header", "column", "required")
    meanings = dict(table.select("header", "column").iter_rows())
    needed = table.filter(pl.col("required") == "yes")["column"].unique().to_list()

    def choose(header: str) -> str | None:
        # `TOTAL WORKERS` and `TOTAL_WORKERS`: years differ in blanks and case.
        for name in (header.upper(), BLANK.sub("_", header.strip().upper())):
            found = meanings.get(name) or _find_site_column(name, meanings)
            if found:
                return found
        return None

    found = 0
    others: list[str] = []
    for sheet in read_columns(snapshot.path, where, vocabulary, choose):
        if len(sheet.header.columns) < FEWEST and sheet.header.unknown:
            others += [*sheet.header.unknown, *sheet.header.columns]
            continue  # a sheet of notes
        _require_columns(sheet, needed)
        found += 1
        for start in range(0, sheet.frame.height, ROWS):
            yield DisclosureBatch(sheet, sheet.frame.slice(start, ROWS))
    if not found:
        raise make_other_heads_error(where, WANTED, SOURCE, others, vocabulary)


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

    A column that is not known is a remark where its name is not about pay: forms get
    new questions each year.

    Raises:
        LayoutChanged: Names the missing, the unknown and the repeated columns.
    """
    header = sheet.header
    have = set(sheet.header.columns)
    if "wage_range" in have:  # both ends in one column: 2015 and 2016
        have.add("wage_from")
    named = {name.replace("#", "") for name in needed}
    missing = sorted(n for n in named if not {n, f"{n}#1"} & have)
    if missing:
        unexpected = [*header.unknown, *header.repeated]
        raise LayoutChanged(sheet.where, missing, unexpected, COLUMNS_FILE)
    paid = tuple(name for name in header.unknown if ABOUT_PAY.search(name.upper()))
    require_columns(sheet.where, replace(header, unknown=paid), [], COLUMNS_FILE)
    for name in header.unknown:
        place = f"{sheet.prefix}row {header.row}"
        report_unread(place, name, "a column that is not known", needs_look=False)
