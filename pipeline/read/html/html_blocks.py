"""Turn runs of text into blocks, by the elements that are open around them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lxml import etree

from pipeline.read.html.html_lists import HtmlLists
from pipeline.read.html.html_table import HtmlTable, is_layout_table
from pipeline.read.html.html_tags import HEADINGS
from pipeline.read.html.html_text import OpenElement, TextRuns
from pipeline.read.html.label_pairs import mark_label_pair
from pipeline.read.markdown.preformatted import add_preformatted_text
from pipeline.read.markdown.text_headings import FIGURE, LONGEST_TITLE
from pipeline.read.outline import Outline
from pipeline.read.text_lines import are_separate_entries


@dataclass(slots=True)
class BlockBuilder(TextRuns):
    """Runs that become blocks of an outline, and the lists and tables that are open.

    Args:
        outline: The blocks found so far.
        quoted: How many block quotations are open.
        tables: Open tables, outermost first; None for one that only lays out.
        lists: Open lists.
    """

    outline: Outline = field(default_factory=Outline)
    quoted: int = 0
    tables: list[HtmlTable | None] = field(default_factory=list)
    lists: HtmlLists = field(default_factory=HtmlLists)

    def make_block(self, run: str) -> None:
        """Turn a run into a block, or into part of a cell.

        Args:
            run: Its text; it begins at `begun` and ends at `length`.
        """
        table = self.tables[-1] if self.tables else None
        if table is not None and table.can_take_run(self.opened[-1].kind):
            table.add_run(self.begun, self.length, run)
            return
        start, end, inner, outline = (
            self.begun,
            self.length,
            self.opened[-1],
            self.outline,
        )
        facts: dict[str, object] = {}
        if inner.furniture:
            facts["furniture"] = inner.furniture
        if self.quoted:
            facts["quoted"] = True
        if inner.kind == "heading":
            level = HEADINGS.get(inner.tag) or outline.infer_heading_level() + 1
            outline.add_heading(level, start, end, " ".join(run.split()), **facts)
        elif inner.kind == "pre":
            add_preformatted_text(outline, run, start, facts)
        elif inner.kind in ("item", "term", "definition"):
            self.lists.add_entry(outline, inner.kind, start, end, run, facts)
        # `<p><strong>Texas</strong></p>` names what follows as a heading does.
        elif self.bold and inner.kind == "paragraph" and self.is_bold_heading(run):
            outline.add_heading(
                outline.infer_heading_level() + 1,
                start,
                end,
                " ".join(run.split()),
                **facts,
            )
        else:
            if table is not None and inner.kind == "caption":
                facts["lead_in"] = table.lead
            self.add_paragraphs(inner.kind, run, facts)

    def add_paragraphs(self, kind: str, run: str, facts: dict[str, object]) -> None:
        """Add a run as one block, or its lines apart where each is an entry.

        Args:
            kind: Of the blocks.
            run: Text that begins at `begun`; `<br>` made its lines.
            facts: Other fields of `Block`.
        """
        outline, start = self.outline, self.begun
        lines = run.split("\n")
        apart = kind == "paragraph" and are_separate_entries(lines)
        lead = outline.find_lead_in() if apart else None
        for line in lines if apart else [run]:
            own = {**facts, "lead_in": lead} if apart else facts
            index = outline.add(kind, start, start + len(line), **own)
            # The end of the line is enough to see a colon, and is cheap to strip.
            outline.remember_colon(index, line[-20:])
            start += len(line) + 1

    def is_bold_heading(self, run: str) -> bool:
        """Return whether a run is a short line all in bold, no sentence, no figure."""
        return (
            self.bold >= len(run.rstrip(": ")) > 2
            and len(run) <= LONGEST_TITLE
            and not self.quoted
            and run[-1] not in ".,;"
            and not FIGURE.search(run)
        )

    def enter_table(self, element: etree._Element, tag: str) -> None:
        """Begin a table, unless it only lays the page out."""
        layout = is_layout_table(element)
        self.tables.append(None if layout else HtmlTable(self.outline.find_lead_in()))

    def leave_table(self, opened: OpenElement) -> None:
        """Add the table's cells to the outline."""
        table = self.tables.pop() if self.tables else None
        if table is not None:
            table.add_to_outline(self.outline, opened.furniture, bool(self.quoted))

    def enter_row(self, element: etree._Element, tag: str) -> None:
        """Begin a row of the innermost table."""
        if self.tables and self.tables[-1] is not None:
            self.tables[-1].begin_row(element)

    def enter_cell(self, element: etree._Element, tag: str) -> None:
        """Begin a cell; a tab stands between it and the one before."""
        table = self.tables[-1] if self.tables else None
        if table is not None:
            if table.open_cell(element, tag):
                self.gap = "\t"
        elif element.getprevious() is not None:
            # In a table that lays out, too, neighbours are no one word.
            self.gap = "\t"

    def leave_cell(self, opened: OpenElement) -> None:
        """End a cell."""
        if self.tables and self.tables[-1] is not None:
            self.tables[-1].cell = None

    def leave_caption(self, opened: OpenElement) -> None:
        """Let a table's caption introduce its cells."""
        table = self.tables[-1] if self.tables else None
        if table is not None and len(self.outline.blocks) > opened.blocks:
            table.lead = len(self.outline.blocks) - 1

    def enter_list(self, element: etree._Element, tag: str) -> None:
        """Begin a list."""
        self.lists.open_list(self.outline)

    def leave_list(self, opened: OpenElement) -> None:
        """End a list."""
        self.lists.close_list()

    def enter_pre(self, element: etree._Element, tag: str) -> None:
        """Keep white space as written from here."""
        self.pre += 1

    def leave_pre(self, opened: OpenElement) -> None:
        """Make white space single again."""
        self.pre -= 1

    def enter_quote(self, element: etree._Element, tag: str) -> None:
        """Begin a block quotation."""
        self.quoted += 1

    def leave_quote(self, opened: OpenElement) -> None:
        """End a block quotation."""
        self.quoted -= 1

    def leave_figure(self, opened: OpenElement) -> None:
        """Let a caption below a table introduce its cells as one above would."""
        blocks = self.outline.blocks
        if len(blocks) > opened.blocks and blocks[-1].kind == "caption":
            for at in range(opened.blocks, len(blocks) - 1):
                if blocks[at].kind == "cell":
                    blocks[at] = replace(blocks[at], lead_in=len(blocks) - 1)

    def leave_pair(self, opened: OpenElement) -> None:
        """Make two short lines of one element a label and its figure, if they are."""
        if len(self.outline.blocks) - opened.blocks == 2:
            # The last three pieces of the text: a line, the gap, the other line.
            mark_label_pair(self.outline.blocks, self.out[-3:])


ENTER: dict[str, Callable[[BlockBuilder, etree._Element, str], None]] = {
    "table": BlockBuilder.enter_table,
    "tr": BlockBuilder.enter_row,
    "td": BlockBuilder.enter_cell,
    "th": BlockBuilder.enter_cell,
    "pre": BlockBuilder.enter_pre,
    "textarea": BlockBuilder.enter_pre,
    "blockquote": BlockBuilder.enter_quote,
    **dict.fromkeys(("ul", "ol", "menu", "dl"), BlockBuilder.enter_list),
}
LEAVE: dict[str, Callable[[BlockBuilder, OpenElement], None]] = {
    "table": BlockBuilder.leave_table,
    "td": BlockBuilder.leave_cell,
    "th": BlockBuilder.leave_cell,
    "caption": BlockBuilder.leave_caption,
    "pre": BlockBuilder.leave_pre,
    "textarea": BlockBuilder.leave_pre,
    "blockquote": BlockBuilder.leave_quote,
    "div": BlockBuilder.leave_pair,
    "figure": BlockBuilder.leave_figure,
    **dict.fromkeys(("ul", "ol", "menu", "dl"), BlockBuilder.leave_list),
}
