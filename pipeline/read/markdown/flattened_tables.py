"""Read tables that lost their layout in plain text: cells that touch, or one a line."""

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.core.currency_table import SIGNS
from pipeline.read.table_heads import TableCell, add_table_cells, is_figure
from pipeline.read.text_lines import LineScanner, TextLine

# Where two heads touch: `State|Pay|Jobs` out of `StatePayJobs`.
JOINT = re.compile(r"(?<=[a-z)%])(?=[A-Z])")
# A figure that ends where the next can begin: groups of three are whole (`$47,900` and
# `1,204` out of `$47,9001,204`), hundredths are two digits.
FIGURE = re.compile(
    rf"[{SIGNS}]\s?\d{{1,3}}(?:,\d{{3}}){{1,3}}(?:\.\d\d)?"
    rf"|[{SIGNS}]\s?\d{{1,7}}(?:\.\d\d)?"
    r"|[+-]?\d{1,3}(?:\.\d{1,2})?%|\d{1,3}(?:,\d{3}){1,3}(?:\.\d\d)?|\d{1,7}"
)
# A label up to the sign of money that touches it.
LABEL = re.compile(rf"[^\W\d_][^\d{SIGNS}]{{1,58}}(?=[{SIGNS}])")
MONEY = re.compile(rf"[{SIGNS}]\s?\d")
# Years of experience in a cell: `0-2`, `15+`.
BAND = re.compile(r"\s*\d{1,2}\s?(?:[-–—]\s?\d{1,2}|\+)\s*\Z")
WORDS = re.compile(r"[^\W\d_]{2}")
LONGEST_CELL = 60  # characters
MOST_COLUMNS = 8

Span = tuple[int, int]
Row = list[Span]


def read_glued_table(scan: LineScanner) -> bool:
    """Read lines in which every label and figure touches the next.

    `Ohio$47,900Utah$46,800`, or a line of heads such as `StatePayJobs` over lines
    such as `Ohio$47,9001,204`: cut where a figure can only end.

    Returns:
        Whether a table was read; `scan.at` is then after it.
    """
    line = scan.get_line()
    if line is None or len(line.text) > 2000:
        return False
    heads = _split_glued_heads(line)
    rows: list[Row] = []
    used = 1 if heads else 0
    while (further := scan.get_line(used)) is not None and not further.is_blank:
        found = _split_glued_rows(further, len(heads))
        if not found:
            break
        rows += found
        used += 1
    # Rows of different widths were cut in the wrong places: no figure is better than
    # one made of two.
    if len(rows) < 2 or len({len(row) for row in rows}) > 1:
        return False
    return _add_table(scan, [heads, *rows] if heads else rows, used)


def _split_glued_heads(line: TextLine) -> Row:
    """Return names of columns that touch, a small letter on a capital; else none."""
    if any(c.isdigit() for c in line.text) or not JOINT.search(line.text):
        return []
    cuts = [0, *(m.start() for m in JOINT.finditer(line.text)), len(line.text)]
    spans = [(line.start + a, line.start + b) for a, b in pairwise(cuts)]
    return spans if len(spans) <= MOST_COLUMNS else []


def _split_glued_rows(line: TextLine, width: int) -> list[Row]:
    """Split a line into rows: a label and the figures that touch it.

    Args:
        line: Of one row, or of several without heads.
        width: Cells of the heads; 0 where there are none.

    Returns:
        The rows; none where words are left over or the width is another.
    """
    text = line.text.rstrip()
    rows: list[Row] = []
    at = len(text) - len(text.lstrip())
    while at < len(text):
        label = LABEL.match(text, at)
        if (
            label is None
            or label.end() - at > LONGEST_CELL
            or text[label.end() - 1] == " "
        ):
            return []
        row = [(line.start + at, line.start + label.end())]
        at = label.end()
        while (figure := FIGURE.match(text, at)) is not None and len(
            row
        ) < MOST_COLUMNS:
            row.append((line.start + at, line.start + figure.end()))
            at = figure.end()
        rows.append(row)
    if width:
        return rows if len(rows) == 1 and len(rows[0]) == width else []
    return rows if len(rows) > 1 else []


def read_stacked_table(scan: LineScanner) -> bool:
    """Read a table that has one cell a line: heads, then a label and its figures.

    `Level / Low / High / Junior / $18 / $29 / Senior / $38 / $61`.

    Returns:
        Whether a table was read; `scan.at` is then after it.
    """
    lines: list[TextLine] = []
    while (line := scan.get_line(len(lines))) is not None and not line.is_blank:
        if len(line.text.strip()) > LONGEST_CELL or len(lines) > 400:
            break
        lines.append(line)
    kinds = [_is_figure_line(line.text) for line in lines]
    # The lines before the first figure are the heads and the first row's label: one
    # more than the table has columns.
    leading = next((n for n, figure in enumerate(kinds) if figure), 0)
    if leading not in range(1, MOST_COLUMNS + 1):
        return False
    width = leading - 1 if leading > 2 else 0
    follow = next((n for n, f in enumerate(kinds[leading:]) if not f), len(kinds))
    width = width or follow + 1
    start = leading - 1
    rows = 0
    while kinds[start + rows * width :][:width] == [False] + [True] * (width - 1):
        rows += 1
    body = lines[start : start + rows * width]
    # Places with years or counts are a list and no table: every row must have money.
    paid = sum(bool(MONEY.search(line.text)) for line in body)
    if width < 2 or rows < 2 + (leading == 1) or paid < rows or start not in (0, width):
        return False
    spans = [(line.text_start, line.text_end) for line in lines[: start + rows * width]]
    cells = [spans[n : n + width] for n in range(0, len(spans), width)]
    return _add_table(scan, cells, len(spans))


def _is_figure_line(text: str) -> bool:
    """Return whether a line is a cell with a figure: money, number or band of years."""
    if BAND.match(text):
        return True
    return is_figure(text) and len(WORDS.findall(text)) <= 1


def _add_table(scan: LineScanner, rows: Sequence[Row], used: int) -> bool:
    """Add rows as a table, move past its lines, and return True."""
    lead = scan.outline.find_lead_in()
    scan.close_lists()
    cells = [
        TableCell(start, end, scan.text[start:end].strip(), number)
        for number, row in enumerate(rows)
        for start, end in row
    ]
    add_table_cells(scan.outline, cells, lead_in=lead)
    scan.at += used
    return True
