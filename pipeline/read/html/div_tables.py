"""Find tables built of `<div>` and `<span>`, and mark them with ARIA's roles.

Such a table has rows of as many short cells each. With the roles it is read as a
`<table>` is.
"""

from collections.abc import Sequence

from lxml import etree

from pipeline.read.markdown.text_headings import FIGURE

HOLDERS = ("div", "section", "ul", "ol")
ROWS = frozenset(("div", "li", "p", "section", "a"))
CELLS = frozenset(("span", "div", "p", "b", "strong", "em", "small", "a"))
PLAIN = frozenset(("b", "strong", "em", "i", "small", "sup", "span", "br"))
# Rows of two are labels and figures, which `label_pairs` reads.
FEWEST_ROWS = 3
FEWEST_CELLS = 3
MOST_CELLS = 24
LONGEST_CELL = 60  # characters


def mark_div_tables(root: etree._Element) -> None:
    """Give the elements of each such table the roles of a table.

    Three rows or more, three cells or more in each, words and no figure in the first
    row, a figure in every other, and no text beside the cells.
    """
    for holder in root.iter(*HOLDERS):
        # A role of the page's own stands: the author said what the element is.
        if holder.get("role") or len(holder) < FEWEST_ROWS or _has_loose_text(holder):
            continue
        rows = list(holder)
        first = _read_row_cells(rows[0])
        if len(first) < FEWEST_CELLS or not _is_head_row(first):
            continue
        if all(_is_matching_row(row, first) for row in rows[1:]):
            holder.set("role", "table")
            for row in rows:
                row.set("role", "row")
                for cell in row:
                    head = row is rows[0]
                    cell.set("role", "columnheader" if head else "cell")


def _has_loose_text(element: etree._Element) -> bool:
    """Return whether text stands beside an element's children."""
    texts = [element.text, *(child.tail for child in element)]
    return any(text and text.strip() for text in texts)


def _read_row_cells(row: etree._Element) -> Sequence[str]:
    """Return the texts of a row's cells; none where it is no row of plain cells."""
    if (
        row.tag not in ROWS
        or row.get("role")
        or len(row) > MOST_CELLS
        or _has_loose_text(row)
    ):
        return []
    texts = []
    for cell in row:
        if cell.tag not in CELLS or any(inner.tag not in PLAIN for inner in cell):
            return []
        text = "".join(map(str, cell.itertext())).strip()
        if len(text) > LONGEST_CELL:
            return []
        texts.append(text)
    return texts


def _is_head_row(cells: Sequence[str]) -> bool:
    """Return whether every cell has words and none a figure of money or percent."""
    return all(
        any(character.isalpha() for character in cell) and not FIGURE.search(cell)
        for cell in cells
    )


def _is_matching_row(row: etree._Element, first: Sequence[str]) -> bool:
    """Return whether a row has as many cells as the first, and a figure in one."""
    cells = _read_row_cells(row)
    return len(cells) == len(first) and any(FIGURE.search(cell) for cell in cells)
