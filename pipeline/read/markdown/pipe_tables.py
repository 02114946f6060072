"""Read pipe tables, also those with blank lines between the rows."""

from itertools import pairwise

from pipeline.read.markdown.split_heads import mend_split_heads
from pipeline.read.table_heads import TableCell, add_table_cells
from pipeline.read.text_lines import LineScanner, TextLine, strip_markdown

RULE = frozenset("|-:=+ \t")


def is_pipe_rule(line: TextLine | None) -> bool:
    """Return whether a line is the rule under a head row: `|:---|---:|`."""
    if line is None:
        return False
    text = line.text.strip()
    return (
        bool(text)
        and set(text) <= RULE
        and "-" in text
        and ("|" in text or "+" in text)
    )


def is_pipe_row(line: TextLine | None) -> bool:
    """Return whether a line is a row by itself: it begins with a pipe and has two."""
    return (
        line is not None
        and line.text.lstrip().startswith("|")
        and line.text.count("|") > 1
    )


def read_pipe_table(scan: LineScanner) -> bool:
    """Read a pipe table that starts at the current line.

    Returns:
        Whether one was read; `scan.at` is then after it.
    """
    first, after = scan.get_line(), scan.get_line(1)
    assert first is not None
    bare = "|" in first.text and is_pipe_rule(after) and not is_pipe_rule(first)
    # Plain text: three lines with as many ` | ` each are rows without edges or a rule.
    bare = bare or (scan.plain and _count_strokes(scan) > 1)
    if not (is_pipe_row(first) or bare or (is_pipe_rule(first) and is_pipe_row(after))):
        return False
    at = scan.at
    rows, ruled = _collect_rows(scan, bare)
    if len(rows) < 2:
        scan.at = at
        return False
    lead = scan.outline.find_lead_in()
    scan.close_lists()
    cells: list[TableCell] = []
    for number, line in enumerate(rows):
        for column, (start, end) in enumerate(_find_cell_spans(line)):
            text = strip_markdown(scan.text[start:end])
            head = ruled and number == 0
            cells.append(TableCell(start, end, text, number, column, head=head))
    add_table_cells(scan.outline, mend_split_heads(cells), lead_in=lead)
    return True


def _count_strokes(scan: LineScanner) -> int:
    """Return how many ` | ` each of three lines has; 0 where they differ."""
    ahead = [
        line.text.count(" | ") if line else 0 for line in map(scan.get_line, range(3))
    ]
    return ahead[0] if len(set(ahead)) == 1 else 0


def _collect_rows(scan: LineScanner, bare: bool) -> tuple[list[TextLine], bool]:
    """Collect a table's rows without rules, and whether a rule follows the first.

    Args:
        scan: At the first row; is moved past the last.
        bare: Whether rows need no pipe at their edge.
    """
    rows: list[TextLine] = []
    ruled = False
    while (line := scan.get_line()) is not None:
        if is_pipe_rule(line):
            ruled = ruled or len(rows) == 1
        elif is_pipe_row(line) or (bare and "|" in line.text):
            rows.append(line)
        elif (
            line.is_blank
            and ruled
            and is_pipe_row(scan.get_line(1))
            and is_pipe_rule(scan.get_line(2))
        ):
            break  # the head of another table
        elif (
            line.is_blank
            and rows
            and (is_pipe_row(scan.get_line(1)) or is_pipe_rule(scan.get_line(1)))
        ):
            if len(rows) > 1 and ruled and is_pipe_rule(scan.get_line(2)):
                break  # heads of its own: another table
        else:
            break
        scan.at += 1
    return rows, ruled


def _find_cell_spans(line: TextLine) -> list[tuple[int, int]]:
    """Return the offsets of each cell, without white space at its ends.

    A pipe behind a backslash is part of its cell.
    """
    edges = [
        i
        for i, character in enumerate(line.text)
        if character == "|" and (i == 0 or line.text[i - 1] != "\\")
    ]
    if not line.text.lstrip().startswith("|"):
        edges = [-1, *edges]
    if not line.text.rstrip().endswith("|") or len(edges) == 1:
        edges = [*edges, len(line.text)]
    spans = []
    for left, right in pairwise(edges):
        cell = line.text[left + 1 : right]
        start = line.start + left + 1 + len(cell) - len(cell.lstrip())
        spans.append((start, max(start, start + len(cell.strip()))))
    return spans
