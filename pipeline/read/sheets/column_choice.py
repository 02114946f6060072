"""Choose the wanted columns of a table while its header is read, and hold them."""

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from pipeline.read.sheets.cell_grid import Header, column_letters

# From a header's name to ours; `UNREAD` for a column that is known and not wanted, None
# for one that is not known.
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
        """Make an expression of one column's locators, from the column `row`."""
        number, row = self.header.columns[name], pl.col("row").cast(pl.String)
        if self.structure == "sheet":
            return pl.concat_str(pl.lit(self.prefix + column_letters(number)), row)
        before, after = pl.lit(f"{self.prefix}line="), pl.lit(f";col={number}")
        return pl.concat_str(before, row, after)


@dataclass
class HeaderReader:
    """A header that is being read, name by name.

    Args:
        choose: Tells what a name means.
        columns: Our name of each wanted column to its number, from 1.
        unknown: Names without a meaning.
        repeated: Names that mean a column which an earlier name meant already.
    """

    choose: ChooseColumn
    columns: dict[str, int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)

    def wants_column(self, text: str, number: int) -> bool:
        """Return whether a column is to be read, and keep its name and number."""
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
        """Return what was read as the header in this row, from 1."""
        return Header(row, self.columns, tuple(self.unknown), tuple(self.repeated))


def strip_cells(frame: pl.DataFrame) -> pl.DataFrame:
    """Strip the blanks that pad cells of text; empty cells become null."""
    text = pl.col(pl.String).str.strip_chars()
    return frame.with_columns(pl.when(text != "").then(text).name.keep())
