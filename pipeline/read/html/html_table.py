"""Collect the cells of an HTML table, and find their heads when it is whole."""

from collections import Counter
from dataclasses import dataclass, field, replace

from lxml import etree

from pipeline.read.outline import Outline
from pipeline.read.table_heads import TableCell, add_table_cells

HEAD_ROLES = {"columnheader": "col", "rowheader": "row"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Characters; a cell with more in a table with headings is a part of the page.
LONGEST_CELL = 160


def is_layout_table(table: etree._Element) -> bool:
    """Return whether a table only lays the page out.

    It does by its role, or where tables or headings stand in it, or with one cell. A
    heading alone in its row may title a table, or a group of its rows.
    """
    if table.get("role") in ("presentation", "none"):
        return True
    if any(element is not table for element in table.iter("table")):
        return True
    if any(element is not table for element in table.iter("h1", "h2", "h3")):
        return not _has_rows_under_headings(table)
    if table.get("role") in ("table", "grid", "treegrid"):
        return False
    return sum(1 for _ in table.iter("td", "th")) < 2


def _has_rows_under_headings(table: etree._Element) -> bool:
    """Return whether rows of short cells stand under headings that fill a row each."""
    rows = 0
    for row in table.iter("tr"):
        cells = ["".join(map(str, c.itertext())).strip() for c in row.iter("td", "th")]
        headed = next(row.iter(*HEADINGS), None) is not None
        if headed and sum(map(bool, cells)) > 1:
            return False
        if any(len(cell) > LONGEST_CELL for cell in cells):
            return False
        rows += not headed and sum(map(bool, cells)) > 1
    return rows > 0


def read_span(element: etree._Element, name: str) -> int:
    """Read a `rowspan` or `colspan`; 1 where it is absent or no number."""
    # Six digits: pages claim spans of thousands; `assign_columns` bounds them.
    value = (element.get(name) or "1").strip()[:6]
    return max(1, int(value)) if value.isascii() and value.isdigit() else 1


@dataclass(slots=True)
class HtmlTable:
    """A table that is open; its cells are placed when it ends."""

    lead: int | None
    cells: list[TableCell] = field(default_factory=list)
    row: int = -1
    part: str | None = None
    cell: TableCell | None = None
    in_row: bool = False

    def begin_row(self, row: etree._Element) -> None:
        """Begin a row, in the head, the body or the foot of the table."""
        parent = row.getparent()
        self.part = str(parent.tag) if parent is not None else None
        self.row += 1
        self.in_row = False

    def open_cell(self, element: etree._Element, tag: str) -> bool:
        """Begin a cell; return whether one stands before it in its row."""
        # Cells without a `<tr>`: the parser of libxml2 leaves them so.
        if self.row < 0:
            self.row = 0
        scope = (element.get("scope") or "").strip().lower()
        scope = scope or HEAD_ROLES.get(element.get("role") or "", "")
        head = tag == "th" or self.part == "thead"
        # What stands in `<thead>` heads columns, also as `<td>`.
        if self.part == "thead" and not scope:
            scope = "col"
        after = self.in_row
        self.in_row = True
        self.cell = TableCell(
            start=-1,
            end=-1,
            text="",
            row=self.row,
            rows=read_span(element, "rowspan"),
            columns=read_span(element, "colspan"),
            head=head,
            scope=scope,
            foot=self.part == "tfoot",
        )
        self.cells.append(self.cell)
        return after

    def can_take_run(self, kind: str) -> bool:
        """Return whether a run belongs to a cell: all but a caption on top does."""
        return self.cell is not None or kind != "caption" or bool(self.cells)

    def add_run(self, start: int, end: int, run: str) -> None:
        """Add a run of text to the open cell, or as a cell of its own between cells."""
        cell = self.cell
        if cell is None:
            self.row = max(self.row, 0)
            cell = TableCell(start, end, run, self.row)
            self.cells.append(cell)
        elif cell.start < 0:
            cell.start, cell.text = start, run
        else:
            cell.text = f"{cell.text}\n{run}"
        cell.end = end

    def add_to_outline(
        self, outline: Outline, furniture: str | None, quoted: bool
    ) -> None:
        """Add the cells to the outline; cells alone in a row of the foot are notes."""
        before = len(outline.blocks)
        lead = {} if self.lead is None else {"lead_in": self.lead}
        add_table_cells(outline, self.cells, furniture=furniture, quoted=quoted, **lead)
        foot = [cell for cell in self.cells if cell.foot and cell.text]
        rows = Counter(cell.row for cell in foot)
        alone = {cell.start for cell in foot if rows[cell.row] == 1}
        for at in range(before, len(outline.blocks)):
            block = outline.blocks[at]
            if block.start in alone:
                note = replace(block, kind="footnote", head=False, row_heads=())
                outline.blocks[at] = replace(note, column_heads=())
