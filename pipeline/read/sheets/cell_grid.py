"""Hold a table as its file has it: text cells with their places, and its header."""

from collections.abc import Mapping, Sequence
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
        """Make an expression of cells' locators.

        `sheet!X123` in a workbook; `line=123;col=24` in a text file, where both
        count from 1, the header line included.

        Args:
            row: Row numbers, from 1.
            column: Column numbers, from 1.
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
        columns: Our name of each known column to its number, from 1.
        unknown: Names in the header row that no alias explains.
        repeated: Names that mean a column which an earlier name meant already.
    """

    row: int
    columns: Mapping[str, int]
    unknown: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()


def column_letters(column: int) -> str:
    """Return a workbook's name for a column, whose number counts from 1.

    >>> column_letters(1), column_letters(26), column_letters(27), column_letters(703)
    ('A', 'Z', 'AA', 'AAA')
    """
    # Base 26 without a zero: Z is followed by AA, so one is taken off at every digit.
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def column_number(name: str) -> int:
    """Return the number, from 1, of a column: the inverse of `column_letters`."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def find_header(grid: Grid, aliases: Mapping[str, str], deepest: int) -> Header | None:
    """Find the row with the most known names; None where no row has two.

    Args:
        grid: The table.
        aliases: Header name in lower case to our name of the column.
        deepest: How many rows are looked at, from the top.
    """
    # One known name is a word in a note: files have up to 37 rows of prose above their
    # header (OEWS of 1997).
    best: Header | None = None
    for number, row in enumerate(grid.cells.head(deepest).iter_rows(), start=1):
        found = read_header_row(number, row, aliases)
        if len(found.columns) > (len(best.columns) if best else 1):
            best = found
    return best


def read_header_row(
    row: int, cells: Sequence[str | None], aliases: Mapping[str, str]
) -> Header:
    """Read one row as if it were the header.

    Args:
        row: Its number, from 1.
        cells: Its texts.
        aliases: Name in lower case to our name of the column.
    """
    columns: dict[str, int] = {}
    unknown: list[str] = []
    repeated: list[str] = []
    for number, cell in enumerate(cells, start=1):
        text = (cell or "").strip()
        meaning = aliases.get(text.lower())
        if meaning is None:
            unknown += [text] if text else []
        elif meaning in columns:
            repeated.append(text)
        else:
            columns[meaning] = number
    return Header(row, columns, tuple(unknown), tuple(repeated))


def read_body_rows(grid: Grid, header: Header) -> pl.DataFrame:
    """Return the rows below the header, their cells stripped.

    Returns:
        Columns `row` (number in the file, from 1) and the known columns under our
        names, as text. Empty cells and cells of blanks are null; rows without any
        text are left out.
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
    """Refuse a header that lacks a needed column or has an unknown or repeated one.

    Args:
        where: For messages: file, member and sheet.
        header: As it was found.
        needed: Our names of the columns that must be there.
        change: File that a new layout is to be described in.

    Raises:
        LayoutChanged: Names the missing, the unknown and the repeated columns.
    """
    missing = [name for name in needed if name not in header.columns]
    unexpected = [*header.unknown, *header.repeated]
    if missing or unexpected:
        raise LayoutChanged(where, missing, unexpected, change)
