"""Pipe tables, also those with blank lines between the rows."""

from itertools import pairwise

from pipeline.read.heads import Cell, place
from pipeline.read.lines import Line, Scan, words_of

RULE = frozenset("|-:=+ \t")


def is_rule(line: Line | None) -> bool:
    """Whether a line is the rule under a head row: `|:---|---:|`."""
    if line is None:
        return False
    text = line.text.strip()
    return (
        bool(text)
        and set(text) <= RULE
        and "-" in text
        and ("|" in text or "+" in text)
    )


def is_row(line: Line | None) -> bool:
    """Whether a line is a row by its own look: it begins with a pipe and has two."""
    return (
        line is not None
        and line.text.lstrip().startswith("|")
        and line.text.count("|") > 1
    )


def pipe_table(scan: Scan) -> bool:
    """Read a pipe table that starts at the current line."""
    first, after = scan.line(), scan.line(1)
    assert first is not None
    bare = "|" in first.text and is_rule(after) and not is_rule(first)
    bare = bare or (scan.plain and _strokes(scan) > 1)
    if not (is_row(first) or bare or (is_rule(first) and is_row(after))):
        return False
    at = scan.at
    rows, ruled = _rows(scan, bare)
    if len(rows) < 2:
        scan.at = at
        return False
    lead = scan.outline.introduces()
    scan.close_lists()
    cells: list[Cell] = []
    for number, line in enumerate(rows):
        for column, (start, end) in enumerate(_spans(line)):
            text = words_of(scan.text[start:end])
            head = ruled and number == 0
            cells.append(Cell(start, end, text, number, column, head=head))
    place(scan.outline, cells, lead_in=lead)
    return True


def _strokes(scan: Scan) -> int:
    """How many strokes three lines from here each have; 0 where they differ."""
    ahead = [line.text.count(" | ") if line else 0 for line in map(scan.line, range(3))]
    return ahead[0] if len(set(ahead)) == 1 else 0


def _rows(scan: Scan, bare: bool) -> tuple[list[Line], bool]:
    """The table's rows without rules, and whether a rule follows the first."""
    rows: list[Line] = []
    ruled = False
    while (line := scan.line()) is not None:
        if is_rule(line):
            ruled = ruled or len(rows) == 1
        elif is_row(line) or (bare and "|" in line.text):
            rows.append(line)
        elif line.blank and ruled and is_row(scan.line(1)) and is_rule(scan.line(2)):
            break  # the head of another table
        elif line.blank and rows and (is_row(scan.line(1)) or is_rule(scan.line(1))):
            if len(rows) > 1 and ruled and is_rule(scan.line(2)):
                break  # heads of its own: another table
        else:
            break
        scan.at += 1
    return rows, ruled


def _spans(line: Line) -> list[tuple[int, int]]:
    """Offsets of each cell, white space and escaped pipes seen to."""
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
