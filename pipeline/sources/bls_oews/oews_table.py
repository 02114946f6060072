"""Turn OEWS workbooks and CSV exports of any year into claims.

The layouts differ by year in header row, case, aliases, marks and flags; all of that
is in `vocabularies/oews_*.csv`. A column that is missing or unknown stops the source.
"""

import re
from collections.abc import Iterator, Sequence

import polars as pl

from pipeline.core.errors import Damaged, UnknownLabel
from pipeline.core.model import MADE, Snapshot
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.sheets.cell_grid import (
    Grid,
    Header,
    find_header,
    read_body_rows,
    require_columns,
)
from pipeline.read.sheets.workbook import read_grids
from pipeline.sources.bls_oews import oews_edition, oews_gaps, oews_scope
from pipeline.sources.shared import oews_cells
from pipeline.sources.shared.known_tables import make_other_table_error
from schemas import Claims, DataFrame

COLUMNS_FILE = "vocabularies/oews_columns.csv"
# A title above the table: `2023 National OEWS Estimates`; OES in older files.
TITLE = re.compile(r"\b((?:19|20)\d{2}) (?:National )?OEW?S Estimates")
ROWS = 25_000
SOURCE, WANTED = "bls_oews", "wage table of the OEWS"


def read_parts(
    snapshot: Snapshot, vocabulary: Vocabulary
) -> Iterator[DataFrame[Claims]]:
    """Yield claims of every table in the file, some thousands of rows at a time.

    Raises:
        LayoutChanged: Missing or unknown columns.
        UnknownLabel: A mark, flag, group or area type that no vocabulary explains.
        Damaged: Not such a table at all, or of another year than the edition.
    """
    where = snapshot.name or snapshot.path.name
    year = oews_edition.find_survey_year(snapshot)
    top = oews_cells.find_top_code(vocabulary, year)
    for grid, header in _find_tables(
        snapshot.read_body(), where, year, top, vocabulary
    ):
        body = read_body_rows(grid, header)
        rows = oews_gaps.drop_rows_without_code(body, grid, header, vocabulary)
        _check_years(rows, year, grid.where)
        if snapshot.capture != MADE:  # an extract may have some cells of a row
            oews_gaps.report_gaps(rows, grid, header, vocabulary)
        for start in range(0, rows.height, ROWS):
            some = rows.slice(start, ROWS)
            cells = _read_cells(some, grid, header, year, vocabulary)
            if cells.height:
                ready = oews_cells.interpret_cells(cells, vocabulary, top, grid.where)
                yield oews_cells.make_claims(ready, snapshot)


def _find_tables(
    body: bytes,
    where: str,
    year: int,
    top: oews_cells.TopCode | None,
    vocabulary: Vocabulary,
) -> list[tuple[Grid, Header]]:
    """Return the grids that hold an OEWS table, chosen by their headers.

    Raises:
        LayoutChanged: One lacks a column.
        Damaged: No grid does; what the file is instead is said where it is known.
    """
    rows = vocabulary.read_table("oews_columns", "header", "column", "required")
    aliases = dict(rows.select("header", "column").iter_rows())
    needed = rows.filter(pl.col("required") == "yes")["column"].to_list()
    deepest = int(vocabulary.read_number("limits", "header_rows"))
    found: list[tuple[Grid, Header]] = []
    others: list[Grid] = []
    for grid in read_grids(body, where, vocabulary):
        header = find_header(grid, aliases, deepest)
        _check_preamble(grid, header, year, top)
        if header is None:
            others.append(grid)
            continue
        # With half of the columns it is an OEWS table, whose other columns must be
        # there too; with fewer it is a sheet of notes or another table.
        if 2 * len(set(header.columns) & set(needed)) >= len(needed):
            require_columns(grid.where, header, needed, COLUMNS_FILE)
            found.append((grid, header))
        else:
            others.append(grid)
    if not found:
        raise make_other_table_error(where, WANTED, SOURCE, others, vocabulary)
    return found


def _check_preamble(
    grid: Grid, header: Header | None, year: int, top: oews_cells.TopCode | None
) -> None:
    """Check the year and the top code that a file states outside of its table.

    Raises:
        Damaged: The sheet's name or a title is of another year.
        UnknownLabel: The note on `#` names another top code.
    """
    # A sheet without a header is one of notes, which may be the one that explains `#`.
    above = grid.cells.head(header.row - 1) if header else grid.cells.head(200)
    texts = [t for row in above.iter_rows() for t in row if t] if above.height else []
    years = {int(y) for y in oews_edition.YEAR.findall(grid.prefix)}
    years |= {int(y) for text in texts for y in TITLE.findall(text[:500])}
    _check_same_year(years, year, grid.where)
    for text in texts:
        if "#" in text[:20]:
            oews_cells.check_top_code(text[:500], top, grid.where)


def _check_years(rows: pl.DataFrame, year: int, where: str) -> None:
    """Check that a `year` column, where there is one, is of the snapshot's year.

    Raises:
        Damaged: It is of another one.
    """
    if "year" in rows.columns:
        years = rows["year"].drop_nulls().unique().to_list()
        _check_same_year(
            {int(y) if oews_edition.YEAR.fullmatch(y) else 0 for y in years},
            year,
            where,
        )


def _check_same_year(years: set[int], year: int, where: str) -> None:
    if years - {year}:
        shown = ", ".join(str(y or "no year") for y in sorted(years - {year}))
        why = f"the file says {shown}, the snapshot's edition {year}"
        raise Damaged(where, why, "Keep it under the edition that it is of.")


def _read_cells(
    rows: pl.DataFrame, grid: Grid, header: Header, year: int, vocabulary: Vocabulary
) -> pl.DataFrame:
    """Return one row per printed cell: place, quote, meaning of its row and column.

    Empty cells give no row.
    """
    meanings = oews_cells.load_measures(vocabulary).filter(
        pl.col("column").is_in(list(header.columns))
    )
    measured = meanings["column"].to_list()
    numbers = {name: header.columns[name] for name in measured}
    scoped = oews_scope.add_scope(rows, year, vocabulary, grid.where)
    flagged = scoped.with_columns(
        _read_flag(rows, name, vocabulary, grid.where) for name in ("annual", "hourly")
    )
    index = [c for c in flagged.columns if c not in measured]
    cells = flagged.unpivot(
        measured, index=index, variable_name="column", value_name="quote"
    )
    number = pl.col("column").replace_strict(numbers, return_dtype=pl.UInt32)
    # An hourly cell without a figure is explained by the flag `annual` (there are only
    # annual wages), an annual one by the flag `hourly`.
    other = pl.when(pl.col("period") == "hour").then("annual").otherwise("hourly")
    return (
        cells.filter(pl.col("quote").is_not_null())
        .with_columns(number=number)
        .sort("row", "number")
        .join(meanings, on="column", how="left", maintain_order="left")
        .with_columns(
            locator=grid.make_locators(pl.col("row"), pl.col("number")),
            structure=pl.lit(grid.structure),
            only_other_period=pl.when(pl.col("measure") == "pay")
            .then(other)
            .otherwise(pl.lit("no")),
        )
    )


def _read_flag(
    rows: pl.DataFrame, name: str, vocabulary: Vocabulary, where: str
) -> pl.Series:
    """Return `yes` where only annual (or only hourly) wages are published, else `no`.

    Raises:
        UnknownLabel: A flag that oews_flags.csv does not have.
    """
    if name not in rows.columns:
        return pl.repeat("no", rows.height, dtype=pl.String, eager=True).alias(name)
    labels: Sequence[str] = rows[name].drop_nulls().unique().sort().to_list()
    known = dict(vocabulary.read_table("oews_flags", "label", "meaning").iter_rows())
    if unknown := [f"{label} ({name})" for label in labels if label not in known]:
        raise UnknownLabel(where, unknown, "vocabularies/oews_flags.csv")
    return rows[name].replace(known).fill_null("no").alias(name)
