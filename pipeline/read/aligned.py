"""Tables laid out with spaces, tabs or dot leaders."""

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.read.heads import Cell, is_figure, place
from pipeline.read.lines import Line, Scan, words_of

LEADER = re.compile(r"(?: ?\.){4,}|(?: \.){3,}|(?<= )\.+(?= )|…{2,}|_{4,}")
PIECE = re.compile(r"[^ \t]+(?: [^ \t]+)*")
SENTENCES = re.compile(r"[a-z0-9][.!?][\"”’)]? {2,}(?:\S+ ){3}")
RULE = re.compile(r"[-=_+ \t]+\Z")
LONGEST = 60
CAPTIONS = 2

Span = tuple[int, int]


def pieces(line: Line) -> list[Span]:
    """Offsets of the cells of a line: runs apart by two spaces, a tab or leaders.

    >>> line = Line(0, 29, "Auditor ....... $84,150   +4%")
    >>> [line.text[a:b] for a, b in pieces(line)]
    ['Auditor', '$84,150', '+4%']
    """
    text = LEADER.sub(lambda match: " " * len(match.group()), line.text)
    if "\t" in text.strip() and "  " not in text.strip():
        return _between_tabs(line, text)
    return [
        (line.start + m.start(), line.start + m.end()) for m in PIECE.finditer(text)
    ]


def _between_tabs(line: Line, text: str) -> list[Span]:
    """Cells between single tabs, empty ones kept."""
    spans, at = [], len(text) - len(text.lstrip(" "))
    for part in text[at:].rstrip().split("\t"):
        start = line.start + at + len(part) - len(part.lstrip(" "))
        spans.append((start, start + len(part.strip(" "))))
        at += len(part) + 1
    return spans


def is_row(line: Line | None) -> bool:
    """Whether a line can be a row: two cells or more, none but the first long."""
    if line is None or line.blank:
        return False
    spans = pieces(line)
    if len(spans) < 2 or any(end - start > LONGEST for start, end in spans[1:]):
        return False
    return not SENTENCES.search(line.text)


def aligned_table(scan: Scan) -> bool:
    """Read an aligned table that starts here, or after a line or two of caption."""
    if scan.at < scan.untabled:
        return False
    above = next((n for n in range(CAPTIONS + 1) if is_row(scan.line(n))), None)
    if above is None or any(scan.blank(n) for n in range(above)):
        return False
    rows, used = _rows(scan, above)
    if not _is_table(scan.text, [pieces(row) for row in rows]):
        scan.untabled = scan.at + used
        return False
    lead = scan.outline.introduces()
    last = scan.outline.blocks[-1] if scan.outline.blocks else None
    scan.close_lists()
    if above:
        start, end = scan.lines[scan.at].first, scan.lines[scan.at + above - 1].last
        lead = scan.outline.add("caption", start, end, lead_in=lead)
    place(scan.outline, _cells(scan.text, [pieces(row) for row in rows]), lead_in=lead)
    scan.at += used
    if scan.plain and last is not None and last.kind == "heading":
        scan.outline.headings = scan.outline.headings[
            :-1
        ]  # it was the table's title and heads no prose
    return True


def _rows(scan: Scan, above: int) -> tuple[list[Line], int]:
    """Rows from there on, single blank lines and ruled lines passed over."""
    rows: list[Line] = []
    ahead = above
    while (line := scan.line(ahead)) is not None:
        if is_row(line) and not RULE.match(line.text):
            rows.append(line)
        elif line.blank:
            if not is_row(scan.line(ahead + 1)):
                break
        elif not RULE.match(line.text):
            break
        ahead += 1
    return rows, ahead


def _is_table(text: str, rows: Sequence[list[Span]]) -> bool:
    """Two rows or more, most of one width, half of them with a figure at the right."""
    if len(rows) < 2:
        return False
    width, many = Counter(map(len, rows)).most_common(1)[0]
    figures = sum(any(is_figure(text[a:b]) for a, b in row[1:]) for row in rows)
    return many >= 0.5 * len(rows) and figures >= 0.5 * len(rows) and width > 1


def _cells(text: str, rows: Sequence[list[Span]]) -> list[Cell]:
    """Cells in columns: by number in full rows, by position in the others."""
    width = max(map(len, rows))
    starts = _line_starts(text, rows)
    full = [
        (row, at) for row, at in zip(rows, starts, strict=True) if len(row) == width
    ]
    columns = [
        (
            min(row[n][0] - at for row, at in full),
            max(row[n][1] - at for row, at in full),
        )
        for n in range(width)
    ]
    cells = []
    for number, (row, at) in enumerate(zip(rows, starts, strict=True)):
        taken = -1
        for n, (start, end) in enumerate(row):
            column = n if len(row) == width else _nearest(columns, start - at, end - at)
            column = max(column, taken + 1)
            cells += [Cell(start, start, "", number) for _ in range(column - taken - 1)]
            cells.append(Cell(start, end, words_of(text[start:end]), number))
            taken = column
    return cells


def _line_starts(text: str, rows: Sequence[list[Span]]) -> list[int]:
    return [
        max(text.rfind("\n", 0, row[0][0]), text.rfind("\r", 0, row[0][0])) + 1
        for row in rows
    ]


def _nearest(columns: Sequence[Span], start: int, end: int) -> int:
    """The column that a span overlaps most, or else stands nearest to."""

    def distance(column: int) -> int:
        left, right = columns[column]
        return max(left, start) - min(right, end)

    return min(range(len(columns)), key=distance)
