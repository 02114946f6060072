"""Read heads that stand over several rows of a table as one name a column.

    Employment            | Change, 2018-28
    Number                |
    2018       | 2028     | Number | Percent

becomes `Employment, Number, 2018`, `Employment, Number, 2028`, `Change, 2018-28,
Number` and `Change, 2018-28, Percent`. A head that spans columns stands in the first of
them, and reaches as far as the head above it does.
"""

import re
from collections.abc import Mapping, Sequence

from pipeline.read.sheets.cell_grid import Grid, Header, read_header_row

# What a footnote leaves behind a name: `Median annual wage, 2017(1)`, `… 2024[1]`.
NOTE_MARK = re.compile(r"\s*[\[(]\d{1,2}[\])]")
BLANKS = re.compile(r"\s+")


def find_first_body_row(grid: Grid, pattern: str, deepest: int) -> int | None:
    """Return the number, from 1, of the first row with a cell of a pattern.

    Args:
        grid: The table.
        pattern: What a cell of the body has and none of the heads: a code.
        deepest: How many rows are looked at, from the top.
    """
    code = re.compile(pattern)
    for number, row in enumerate(grid.cells.head(deepest).iter_rows(), start=1):
        if any(cell and code.search(cell.strip()) for cell in row):
            return number
    return None


def read_stacked_header(
    grid: Grid, body: int, aliases: Mapping[str, str]
) -> Header | None:
    """Return the header above a table's body; None where no row has two names.

    A row with one cell is a title or a note and no part of it. A name that stands over
    two columns and has nothing below is that of the first; the second gets ` (2)`.

    Args:
        grid: The table.
        body: Number of its first row below the heads, from 1.
        aliases: Name in lower case to our name of the column.
    """
    rows = [
        [_clean_name(cell) for cell in row]
        for row in grid.cells.head(body - 1).iter_rows()
    ]
    heads = [row for row in rows if sum(map(bool, row)) > 1]
    if not heads:
        return None
    return read_header_row(body - 1, stack_names(heads), aliases)


def stack_names(heads: Sequence[Sequence[str]]) -> list[str]:
    """Return the name of each column, from the rows of its heads, top first.

    >>> stack_names([["Title", "Jobs", "", "Pay"], ["", "2018", "2028", ""]])
    ['Title', 'Jobs, 2018', 'Jobs, 2028', 'Pay']
    """
    width = len(heads[0])
    above: list[tuple[str, ...]] = [()] * width
    for row in heads:
        reach: list[tuple[str, ...]] = []
        for number, text in enumerate(row):
            left = number - 1
            # Empty below another head than its neighbour has: nothing reaches here.
            spanned = not text and left >= 0 and above[left] == above[number]
            reach.append(reach[left][-1:] if spanned else (text,) if text else ())
        above = [
            (*over, *own) if own else over
            for over, own in zip(above, reach, strict=True)
        ]
    names = [", ".join(parts) for parts in above]
    return [
        f"{name} (2)" if name and name in names[:number] else name
        for number, name in enumerate(names)
    ]


def _clean_name(cell: str | None) -> str:
    """Return a head without marks of notes, line ends and the zero of `2018.0`."""
    text = BLANKS.sub(" ", NOTE_MARK.sub("", cell or "")).strip()
    return re.sub(r"^(\d{4})\.0$", r"\1", text)
