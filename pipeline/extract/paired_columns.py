"""Tables of labels and figures side by side: `Ohio | $21 | Utah | $19`.

Each figure is of the label left of it, not of the one that opens the row. And the short
line between a heading and the first heading below it, which speaks of all its parts.
"""

import re

from pipeline.core.model import Document

MIN_COLUMNS, MOST_COLUMNS = 4, 16
MIN_ROWS = 2
SHARE_OF_ROWS = 0.75
MAX_OPENING = 90
DENIAL = re.compile(r"(?i)\b(?:not|never|no)\b")
Rows = dict[int, dict[int, int]]


def find_pair_labels(document: Document) -> dict[int, int]:
    """Return for each figure's cell of such tables the cell of its label.

    Args:
        document: With its tables.

    Returns:
        Indexes of blocks; none of a table whose rows are not all made so.
    """
    tables: dict[int, Rows] = {}
    for index, block in enumerate(document.blocks):
        if block.kind == "cell" and block.table is not None and block.row is not None:
            rows = tables.setdefault(block.table, {})
            rows.setdefault(block.row, {})[block.column or 0] = index
    labels: dict[int, int] = {}
    for rows in tables.values():
        labels |= _pair_cells(document, rows)
    return labels


def _pair_cells(document: Document, rows: Rows) -> dict[int, int]:
    """Return the labels of a table's figures, where it is made of pairs."""
    width = 1 + max(max(row) for row in rows.values())
    if not MIN_COLUMNS <= width <= MOST_COLUMNS or width % 2:
        return {}
    paired: list[dict[int, int]] = []
    above: list[dict[int, int]] = []
    for row in rows.values():
        (paired if _is_paired(document, row) else above).append(row)
    told = [row for row in rows.values() if _has_figures(document, row)]
    if len(paired) < MIN_ROWS or len(paired) < SHARE_OF_ROWS * len(told):
        return {}
    if not _has_like_heads(document, above):
        return {}
    return {row[at]: row[at - 1] for row in paired for at in row if at % 2}


def _has_like_heads(document: Document, above: list[dict[int, int]]) -> bool:
    """Return whether the columns of figures have one head, or none."""
    for row in above:
        heads = {_read(document, index) for at, index in row.items() if at % 2}
        if len(heads - {""}) > 1:
            return False
    return True


def _is_paired(document: Document, row: dict[int, int]) -> bool:
    """Return whether a row is label, figure, label, figure."""
    if len(row) < MIN_COLUMNS or len(row) % 2:
        return False
    texts = {at: _read(document, index) for at, index in row.items()}
    return all(
        (at % 2 and any(c.isdigit() for c in text))
        or (not at % 2 and text[:1].isalpha() and not any(c.isdigit() for c in text))
        for at, text in texts.items()
    )


def _has_figures(document: Document, row: dict[int, int]) -> bool:
    return any(c.isdigit() for index in row.values() for c in _read(document, index))


def _read(document: Document, index: int) -> str:
    block = document.blocks[index]
    return document.text[block.start : block.end].strip(" \t\n*_")


def find_part_openings(document: Document) -> dict[tuple[str, ...], int]:
    """Return the short line that opens a section whose parts have headings.

    `Mean hourly pay.` between `Towns` and the heading of the first town.

    Args:
        document: With its headings.

    Returns:
        Indexes of blocks, by the headings of the section.
    """
    found: dict[tuple[str, ...], int] = {}
    blocks = document.blocks
    for index in range(1, len(blocks) - 1):
        block = blocks[index]
        if block.kind != "paragraph" or block.furniture or not block.section:
            continue
        within = blocks[index - 1].kind == blocks[index + 1].kind == "heading"
        below = blocks[index + 1].section == block.section
        if not within or not below or block.end - block.start > MAX_OPENING:
            continue
        said = document.text[block.start : block.end]
        if not any(c.isdigit() for c in said) and not DENIAL.search(said):
            found[block.section] = index
    return found
