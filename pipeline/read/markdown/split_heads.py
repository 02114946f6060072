"""Mend two rows of heads that lost their spans when a page was turned into Markdown.

`| Degree | Rate | Salary | |` over `| Mean | Median |`: the second row is of the last
columns, and `Salary` stands over both.
"""

from collections.abc import Sequence
from itertools import groupby

from pipeline.read.table_heads import TableCell, is_figure

FEWEST_COLUMNS = 3
FEWEST_ROWS = 3


def mend_split_heads(cells: list[TableCell]) -> list[TableCell]:
    """Return a table's cells, a short second row of heads under those that span it.

    Args:
        cells: Row by row; the spans of the first row are changed in place.
    """
    rows = [list(row) for _, row in groupby(cells, key=lambda cell: cell.row)]
    while rows and not any(cell.text for cell in rows[0]):
        rows = rows[1:]
    if len(rows) < FEWEST_ROWS or not _are_split(*rows[:FEWEST_ROWS]):
        return cells
    over, under = rows[0], rows[1]
    offset = len(over) - len(under)
    spanning = over[0]
    for cell in over:
        if cell.column < offset:
            cell.rows = 2
        elif cell.text:
            spanning = cell
        else:
            spanning.columns += 1
    for cell in (*over, *under):
        cell.head = True
    row = over[0].row
    return [c for c in cells if c.text or c.row != row]


def _are_split(
    over: Sequence[TableCell], under: Sequence[TableCell], data: Sequence[TableCell]
) -> bool:
    """Return whether a row of words is of the last columns, some without a head."""
    offset = len(over) - len(under)
    if offset < 1 or len(over) < FEWEST_COLUMNS or len(data) != len(over):
        return False
    named = all(cell.text for cell in (*over[: offset + 1], *under))
    blank = any(not cell.text for cell in over[offset + 1 :])
    words = not any(is_figure(cell.text) for cell in (*over, *under))
    figures = any(is_figure(cell.text) for cell in data[offset:])
    return named and blank and words and figures
