"""Bound the cells of a sheet by its XML, before a reader makes room for them.

A reader makes room for the whole rectangle between the first and the last cell: two
cells, A1 and XFD1048576, are 17 thousand million. Rows are as ECMA-376 lays them out,
each cell with its place, from left to right; a sheet in another order is left to the
bounds of the process that reads it.
"""

import re

from pipeline.core.errors import TooLarge
from pipeline.read.read_limits import get_limit
from pipeline.read.sheets.cell_grid import column_number

ROW_END, PLACE_START = b"row>", b' r="'
PLACE = re.compile(rb' r="([A-Z]{1,3})(\d{1,7})"')
REACH = 4_096  # bytes before the end of a row within which its last cell begins


class SheetExtent:
    """The rectangle of a sheet's cells, as far as its XML has come in.

    Attributes:
        row, column: The last ones that have a cell; 0 where none has.
        first: The first row that has one.
        size: Bytes of XML.
    """

    def __init__(self) -> None:
        self.row = self.column = self.first = self.size = 0
        self._rest = b""

    @property
    def cells(self) -> int:
        """How many cells the rectangle from the first column on has."""
        return (self.row - self.first + 1) * self.column if self.row else 0

    def add_xml(self, piece: bytes) -> None:
        """Take in the next piece of a sheet's XML."""
        self.size += len(piece)
        text = self._rest + piece
        at = text.find(ROW_END)
        while at >= 0:
            start = text.rfind(PLACE_START, max(0, at - REACH), at)
            if start >= 0 and (last := PLACE.match(text, start)):
                row = int(last[2])
                self.row = max(self.row, row)
                self.first = min(self.first or row, row)
                self.column = max(self.column, column_number(last[1].decode()))
            at = text.find(ROW_END, at + len(ROW_END))
        self._rest = text[-REACH:]


def check_cell_count(where: str, cells: int, size: int) -> None:
    """Refuse a sheet with more cells than `sheet_cells` of limits.csv, and its bytes.

    A cell takes some bytes, so that a table that is full is never refused, however
    large; one with a few cells far apart is.

    Args:
        where: For messages.
        cells: Of the rectangle.
        size: Bytes of the sheet, or of the file where that is not known.

    Raises:
        TooLarge: There are more.
    """
    most = int(get_limit("sheet_cells")) + size
    if cells > most:
        raise TooLarge(where, cells, most, "cells in a sheet")
