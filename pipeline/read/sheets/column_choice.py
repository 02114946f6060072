"""The wanted columns of a table: which they are, where they stand, what they hold."""

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from pipeline.read.sheets.cell_grid import Header, column_letters

ChooseColumn = Callable[[str], str | None]
UNREAD = "-"


@dataclass(frozen=True)
class SelectedColumns:
    """The wanted columns of one sheet or delimited file.

    Args:
        where: For messages: file, member and sheet.
        prefix: What its locators begin with: `sheet!`, `member!` or "".
        structure: `sheet` or `flat_file`.
        header: Where the header is, which column stands where, what is unknown.
        frame: `row` (from 1, header included) and the wanted columns, stripped; empty
            cells null.
    """

    where: str
    prefix: str
    structure: str
    header: Header
    frame: pl.DataFrame

    def make_locators(self, name: str) -> pl.Expr:
        """Places of one column's cells, from the column `row`."""
        number, row = self.header.columns[name], pl.col("row").cast(pl.String)
        if self.structure == "sheet":
            return pl.concat_str(pl.lit(self.prefix + column_letters(number)), row)
        before, after = pl.lit(f"{self.prefix}line="), pl.lit(f";col={number}")
        return pl.concat_str(before, row, after)


@dataclass
class HeaderReader:
    """The header as it is read: what each name means, what is unknown or twice."""

    choose: ChooseColumn
    columns: dict[str, int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)

    def wants_column(self, text: str, number: int) -> bool:
        """Whether a column is to be read; keeps its name and number."""
        meaning = self.choose(text.strip())
        if meaning is None:
            self.unknown += [text.strip()] if text.strip() else []
        elif meaning in self.columns:
            self.repeated.append(text.strip())
        elif meaning != UNREAD:
            self.columns[meaning] = number
            return True
        return False

    def make_header(self, row: int) -> Header:
        """What was read, with the row that it stands in."""
        return Header(row, self.columns, tuple(self.unknown), tuple(self.repeated))


def strip_cells(frame: pl.DataFrame) -> pl.DataFrame:
    """Cells without the blanks that pad them; empty ones null."""
    text = pl.col(pl.String).str.strip_chars()
    return frame.with_columns(pl.when(text != "").then(text).name.keep())
