"""Read tables that are written as lists in a list: an outer item is a row of cells.

Statutes in Markdown have them so: a bullet with nothing but a list of its own, and in
that an item for each cell.
"""

import re
from dataclasses import dataclass, field

from pipeline.read.table_heads import TableCell, add_table_cells, is_figure
from pipeline.read.text_lines import LineScanner, TextLine, strip_markdown

# A bullet directly behind a bullet: the first cell of a row.
ROW = re.compile(r"(?P<indent>[ \t]*)(?P<outer>[*+-][ \t]+)[*+-](?:[ \t]+|\Z)")
CELL = re.compile(r"(?P<indent>[ \t]*)[*+-](?:[ \t]+|\Z)")
LONGEST_CELL = 160  # characters
MOST_BLANKS = 4  # blank lines between two rows


@dataclass(slots=True)
class _NestedList:
    """Rows found so far: the spans of their cells; `used` lines are taken."""

    rows: list[list[tuple[int, int]]] = field(default_factory=list)
    used: int = 0


def read_list_table(scan: LineScanner) -> bool:
    """Read a table of lists in a list that begins with this line.

    Returns:
        Whether one was read; `scan.at` is then after it.
    """
    line = scan.get_line()
    first = ROW.match(line.text) if line else None
    if first is None:
        return False
    outer = len(first["indent"])
    found = _collect_rows(scan, outer, outer + len(first["outer"]))
    width = max(map(len, found.rows))
    # Rows of one cell are an outline, and long cells are clauses of a text.
    if len(found.rows) < 2 or width < 2:
        return False
    if any(end - start > LONGEST_CELL for row in found.rows for start, end in row):
        return False
    lead = scan.items[-1] if scan.items else scan.outline.find_lead_in()
    add_table_cells(
        scan.outline, _make_cells(scan.text, found.rows, width), lead_in=lead
    )
    scan.at += found.used
    return True


def _collect_rows(scan: LineScanner, outer: int, inner: int) -> _NestedList:
    """Collect the rows of a list; its bullet and that in it stand at these columns."""
    found = _NestedList()
    blanks = 0
    while (line := scan.get_line(found.used + blanks)) is not None:
        if line.is_blank:
            blanks += 1
            if blanks > MOST_BLANKS:
                break
            continue
        if not _add_line(found.rows, line, outer, inner):
            break
        found.used += blanks + 1
        blanks = 0
    return found


def _add_line(
    rows: list[list[tuple[int, int]]], line: TextLine, outer: int, inner: int
) -> bool:
    """Add a line's cell, or what it adds to the cell before; return whether it does."""
    row, cell = ROW.match(line.text), CELL.match(line.text)
    if row is not None and len(row["indent"]) == outer:
        rows.append([_make_span(line, row)])
    elif row is None and cell is not None and outer < len(cell["indent"]) <= inner:
        # Writers of such lists indent the bullets of a row's other cells less.
        rows[-1].append(_make_span(line, cell))
    elif cell is None and line.indent > outer:
        rows[-1][-1] = (rows[-1][-1][0], line.text_end)
    else:
        return False
    return True


def _make_span(line: TextLine, bullet: re.Match[str]) -> tuple[int, int]:
    """Return what stands behind a bullet; an empty span for an empty cell."""
    start = line.start + bullet.end()
    return start, max(start, line.text_end)


def _make_cells(
    text: str, rows: list[list[tuple[int, int]]], width: int
) -> list[TableCell]:
    """Make cells; of heads in two rows the first ones reach down, the last across.

    Lists have no spans: `Grade | Monthly pay` over `Step 1 | Step 2 | Step 3` has four
    columns, as the rows of figures below have.
    """
    words = [[strip_markdown(text[a:b]) for a, b in row] for row in rows]
    heads = next(
        (n for n, row in enumerate(words) if any(map(is_figure, row))), len(rows)
    )
    heads = heads if heads < len(rows) else 1
    cells = [
        TableCell(*span, words[number][at], number, head=number < heads)
        for number, row in enumerate(rows)
        for at, span in enumerate(row)
    ]
    first = len(rows[0])
    if heads and first < width:
        cells[first - 1].columns = width - first + 1
        if heads > 1 and len(rows[1]) == width - first + 1:
            for cell in cells[: first - 1]:
                cell.rows = heads
    return cells
