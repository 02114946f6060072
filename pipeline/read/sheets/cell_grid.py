"""A table as it stands in a file: text cells with their places, and its header row."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipeline.core.errors import LayoutChanged


@dataclass(frozen=True)
class Grid:
    """Every cell of one sheet or delimited file, as text, exactly as published.

    Args:
        where: For messages: file, member and sheet.
        name: Of the sheet; "" for a text file.
        prefix: What its locators begin with: `sheet!`, `member!sheet!` or "".
        structure: `sheet` or `flat_file`.
        cells: Row 0 is row 1 of the file; a column's name is its number from 1.
    """

    where: str
    name: str
    prefix: str
    structure: str
    cells: pl.DataFrame

    def make_locators(self, row: pl.Expr, column: pl.Expr) -> pl.Expr:
        """Places of cells, from row and column numbers that start at 1.

        `sheet!X123` in a workbook; `line=123;col=24` in a text file, where both
        count from 1, the header line included.
        """
        line, number = row.cast(pl.String), column.cast(pl.String)
        if self.structure == "sheet":
            names = {str(n): column_letters(n) for n in range(1, self.cells.width + 1)}
            return pl.concat_str(
                pl.lit(self.prefix), number.replace_strict(names), line
            )
        before, between = pl.lit(f"{self.prefix}line="), pl.lit(";col=")
        return pl.concat_str(before, line, between, number)


@dataclass(frozen=True)
class Header:
    """Where a grid's header row is, and which known column stands where.

    Args:
        row: Row number, from 1.
        columns: Canonical column name to column number, from 1.
        unknown: Names in the header row that no alias explains.
        twice: Names whose canonical column was already taken.
    """

    row: int
    columns: Mapping[str, int]
    unknown: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()


def column_letters(column: int) -> str:
    """A workbook's name for a column.

    >>> column_letters(1), column_letters(26), column_letters(27), column_letters(703)
    ('A', 'Z', 'AA', 'AAA')
    """
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def column_number(name: str) -> int:
    """The number of a workbook's column: the inverse of `column_letters`."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def find_header(grid: Grid, aliases: Mapping[str, str], deepest: int) -> Header | None:
    """The row with the most known names, of the first rows; None where no row has two.

    Args:
        grid: The table.
        aliases: Header name in lower case to canonical column.
        deepest: How many rows are looked at.
    """
    best: Header | None = None
    for number, row in enumerate(grid.cells.head(deepest).iter_rows(), start=1):
        found = _read_header_row(number, row, aliases)
        if len(found.columns) > (len(best.columns) if best else 1):
            best = found
    return best


def _read_header_row(
    row: int, cells: tuple[str | None, ...], aliases: Mapping[str, str]
) -> Header:
    columns: dict[str, int] = {}
    unknown: list[str] = []
    twice: list[str] = []
    for number, cell in enumerate(cells, start=1):
        text = (cell or "").strip()
        canonical = aliases.get(text.lower())
        if canonical is None:
            unknown += [text] if text else []
        elif canonical in columns:
            twice.append(text)
        else:
            columns[canonical] = number
    return Header(row, columns, tuple(unknown), tuple(twice))


def read_body_rows(grid: Grid, header: Header) -> pl.DataFrame:
    """The rows below the header: `row` (from 1) and the known columns, stripped.

    Empty cells and cells of blanks are null; rows without any text are left out.
    """
    rows = grid.cells.with_row_index("row", offset=1).slice(header.row)
    texts = [
        pl.col(str(number)).str.strip_chars().alias(name)
        for name, number in header.columns.items()
    ]
    blank = pl.col(pl.String).replace("", None)
    body = rows.select(pl.col("row"), *texts).with_columns(blank)
    return body.filter(pl.any_horizontal(pl.exclude("row").is_not_null()))


def require_columns(where: str, header: Header, needed: list[str], change: str) -> None:
    """Stop unless every needed column is there and every name is known.

    Raises:
        LayoutChanged: Names the missing, the unknown and the repeated columns.
    """
    missing = [name for name in needed if name not in header.columns]
    unexpected = [*header.unknown, *header.repeated]
    if missing or unexpected:
        raise LayoutChanged(where, missing, unexpected, change)
