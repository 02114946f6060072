"""Read tables laid out with spaces, tabs or dot leaders."""

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.read.table_heads import TableCell, add_table_cells, is_figure
from pipeline.read.text_lines import LineScanner, TextLine, strip_markdown

# Dots or strokes that lead the eye from a label to its figure: `Auditor ..... $84,150`,
# `East . . . . $61,480`, `Facility coder . $66,200`.
LEADER = re.compile(r"(?: ?\.){4,}|(?: \.){3,}|(?<= )\.+(?= )|…{2,}|_{4,}")
PIECE = re.compile(r"[^ \t]+(?: [^ \t]+)*")
# Prose that is typed with two spaces after a stop: the gap is no column.
SENTENCES = re.compile(r"[a-z0-9][.!?][\"”’)]? {2,}(?:\S+ ){3}")
# A rule, or the dots that stand for rows that are left out.
RULE = re.compile(r"[-=_+.… \t]+\Z")
LONGEST_CELL = 60  # characters, of all cells but a row's label
LONGEST_HALF = 40  # characters of a label's first line
MOST_CAPTION_LINES = 2

Span = tuple[int, int]


def find_cells(line: TextLine) -> list[Span]:
    """Find the cells of a line: runs apart by two spaces, a tab or leaders.

    Returns:
        (start, end) of each in the document's text.

    >>> line = TextLine(0, 29, "Auditor ....... $84,150   +4%")
    >>> [line.text[a:b] for a, b in find_cells(line)]
    ['Auditor', '$84,150', '+4%']
    """
    # Blanks of the same length, so that offsets stay those of the line.
    text = LEADER.sub(lambda match: " " * len(match.group()), line.text)
    # With tabs alone an empty cell shows as two of them; with spaces it does not show.
    if "\t" in text.strip() and "  " not in text.strip():
        return _find_tab_cells(line, text)
    return [
        (line.start + m.start(), line.start + m.end()) for m in PIECE.finditer(text)
    ]


def _find_tab_cells(line: TextLine, text: str) -> list[Span]:
    """Find the cells between single tabs, empty ones kept."""
    spans, at = [], len(text) - len(text.lstrip(" "))
    for part in text[at:].rstrip().split("\t"):
        start = line.start + at + len(part) - len(part.lstrip(" "))
        spans.append((start, start + len(part.strip(" "))))
        at += len(part) + 1
    return spans


def is_aligned_row(line: TextLine | None) -> bool:
    """Return whether a line can be a row: two cells or more, only the first long."""
    if line is None or line.is_blank:
        return False
    spans = find_cells(line)
    if len(spans) < 2 or any(end - start > LONGEST_CELL for start, end in spans[1:]):
        return False
    return not SENTENCES.search(line.text)


def read_aligned_table(scan: LineScanner, lead: int | None = None) -> bool:
    """Read an aligned table that starts here, or after a line or two of caption.

    Args:
        scan: At the table's first line.
        lead: The block that introduces it; None where the one before may.

    Returns:
        Whether one was read; `scan.at` is then after it.
    """
    if scan.at < scan.no_table_before:
        return False
    above = next(
        (n for n in range(MOST_CAPTION_LINES + 1) if is_aligned_row(scan.get_line(n))),
        None,
    )
    if above is None or any(scan.is_blank(n) for n in range(above)):
        return False
    rows, used = _collect_rows(scan, above)
    if not _is_aligned_table(scan.text, rows):
        scan.no_table_before = scan.at + used
        return False
    lead = scan.outline.find_lead_in() if lead is None else lead
    last = scan.outline.blocks[-1] if scan.outline.blocks else None
    scan.close_lists()
    if above:
        start, end = (
            scan.lines[scan.at].text_start,
            scan.lines[scan.at + above - 1].text_end,
        )
        lead = scan.outline.add("caption", start, end, lead_in=lead)
    add_table_cells(
        scan.outline,
        _make_cells(scan.text, rows),
        lead_in=lead,
    )
    scan.at += used
    if scan.plain and last is not None and last.kind == "heading":
        # It was the table's title: the prose below the table is not under it.
        scan.outline.headings = scan.outline.headings[:-1]
    return True


def _collect_rows(scan: LineScanner, above: int) -> tuple[list[list[Span]], int]:
    """Collect the rows from there on, single blank lines and ruled lines passed over.

    Returns:
        The cells of each row, and how many lines from the current one they take.
    """
    rows: list[list[Span]] = []
    ahead = above
    while (line := scan.get_line(ahead)) is not None:
        if is_aligned_row(line) and not RULE.match(line.text):
            rows.append(find_cells(line))
        elif rows and _begins_label(line, after := scan.get_line(ahead + 1)):
            assert after is not None
            first, *others = find_cells(after)
            rows.append([(line.text_start, first[1]), *others])
            ahead += 1
        elif line.is_blank:
            if not is_aligned_row(scan.get_line(ahead + 1)):
                break
        elif not RULE.match(line.text):
            break
        ahead += 1
    return rows, ahead


def _begins_label(line: TextLine, after: TextLine | None) -> bool:
    """Return whether a line is the first half of a label that the next row ends.

    `Patient transport` over `  dispatcher   37,650`, which is set further in.
    """
    if line.is_blank or after is None or not is_aligned_row(after):
        return False
    spans = find_cells(line)
    words = line.text.strip()
    return (
        len(spans) == 1
        and len(words) <= LONGEST_HALF
        and words[-1] not in ".:;!?"
        and not any(c.isdigit() for c in words)
        and after.indent > line.indent
        and after.text.lstrip()[:1].isalpha()
    )


def _is_aligned_table(text: str, rows: Sequence[list[Span]]) -> bool:
    """Return whether rows make a table: most of one width, half with a figure."""
    if len(rows) < 2:
        return False
    # Half and not all: heads and rows with a gap have no figure or another width.
    width, many = Counter(map(len, rows)).most_common(1)[0]
    figures = sum(any(is_figure(text[a:b]) for a, b in row[1:]) for row in rows)
    return many >= 0.5 * len(rows) and figures >= 0.5 * len(rows) and width > 1


def _make_cells(text: str, rows: Sequence[list[Span]]) -> list[TableCell]:
    """Put cells into columns: by number in full rows, by position in the others.

    `Clerk                   $40,100` under two columns of years is pay of the second.
    """
    width = max(map(len, rows))
    starts = _find_line_starts(text, rows)
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
            column = (
                n
                if len(row) == width
                else _find_nearest_column(columns, start - at, end - at)
            )
            column = max(column, taken + 1)
            cells += [
                TableCell(start, start, "", number) for _ in range(column - taken - 1)
            ]
            cells.append(TableCell(start, end, strip_markdown(text[start:end]), number))
            taken = column
    return cells


def _find_line_starts(text: str, rows: Sequence[list[Span]]) -> list[int]:
    """Return the offset at which each row's last line begins."""
    return [
        max(text.rfind("\n", 0, row[-1][0]), text.rfind("\r", 0, row[-1][0])) + 1
        for row in rows
    ]


def _find_nearest_column(columns: Sequence[Span], start: int, end: int) -> int:
    """Return the column that a span overlaps most, or else stands nearest to."""

    def measure_distance(column: int) -> int:
        left, right = columns[column]
        return max(left, start) - min(right, end)

    return min(range(len(columns)), key=measure_distance)
