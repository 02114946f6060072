"""What becomes of runs of text and of the elements that hold them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lxml import etree

from pipeline.read.html_lists import Lists
from pipeline.read.html_pairs import as_pair
from pipeline.read.html_table import Table, is_layout
from pipeline.read.html_tags import HEADINGS
from pipeline.read.html_text import Open, Runs
from pipeline.read.laid_out import lay_out
from pipeline.read.lines import each_its_own
from pipeline.read.outline import Outline
from pipeline.read.titles import FIGURE, LONGEST


@dataclass(slots=True)
class Build(Runs):
    """Runs that become blocks of an outline, and the lists and tables that are open."""

    outline: Outline = field(default_factory=Outline)
    quoted: int = 0
    tables: list[Table | None] = field(default_factory=list)
    lists: Lists = field(default_factory=Lists)

    def make(self, run: str) -> None:
        """Turn a run into a block, or into part of a cell."""
        table = self.tables[-1] if self.tables else None
        if table is not None and table.takes(self.opened[-1].kind):
            table.extend(self.begun, self.length, run)
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
            level = HEADINGS.get(inner.tag) or outline.below() + 1
            outline.head(level, start, end, " ".join(run.split()), **facts)
        elif inner.kind == "pre":
            lay_out(outline, run, start, facts)
        elif inner.kind in ("item", "term", "definition"):
            self.lists.add(outline, inner.kind, start, end, run, facts)
        elif self.bold and inner.kind == "paragraph" and self.acts_as_heading(run):
            outline.head(
                outline.below() + 1, start, end, " ".join(run.split()), **facts
            )
        else:
            if table is not None and inner.kind == "caption":
                facts["lead_in"] = table.lead
            self.paragraphs(inner.kind, run, facts)

    def paragraphs(self, kind: str, run: str, facts: dict[str, object]) -> None:
        """Put a run as one block, or its lines apart where each is an entry."""
        outline, start = self.outline, self.begun
        lines = run.split("\n")
        apart = kind == "paragraph" and each_its_own(lines)
        lead = outline.introduces() if apart else None
        for line in lines if apart else [run]:
            own = {**facts, "lead_in": lead} if apart else facts
            index = outline.add(kind, start, start + len(line), **own)
            outline.ends_in_colon(index, line[-20:])
            start += len(line) + 1

    def acts_as_heading(self, run: str) -> bool:
        """A short line all in bold that is no sentence and has no figure."""
        return (
            self.bold >= len(run.rstrip(": ")) > 2
            and len(run) <= LONGEST
            and not self.quoted
            and run[-1] not in ".,;"
            and not FIGURE.search(run)
        )

    def enter_table(self, element: etree._Element, tag: str) -> None:
        """Begin a table, unless it only lays the page out."""
        layout = is_layout(element)
        self.tables.append(None if layout else Table(self.outline.introduces()))

    def leave_table(self, opened: Open) -> None:
        """Put the table's cells into the outline."""
        table = self.tables.pop() if self.tables else None
        if table is not None:
            table.place(self.outline, opened.furniture, bool(self.quoted))

    def enter_row(self, element: etree._Element, tag: str) -> None:
        """Begin a row of the innermost table."""
        if self.tables and self.tables[-1] is not None:
            self.tables[-1].next_row(element)

    def enter_cell(self, element: etree._Element, tag: str) -> None:
        """Begin a cell; a tab stands between it and the one before."""
        table = self.tables[-1] if self.tables else None
        if table is not None:
            if table.open_cell(element, tag):
                self.gap = "\t"
        elif element.getprevious() is not None:
            self.gap = "\t"

    def leave_cell(self, opened: Open) -> None:
        """End a cell."""
        if self.tables and self.tables[-1] is not None:
            self.tables[-1].cell = None

    def leave_caption(self, opened: Open) -> None:
        """What is said of a table in its caption leads its cells in."""
        table = self.tables[-1] if self.tables else None
        if table is not None and len(self.outline.blocks) > opened.blocks:
            table.lead = len(self.outline.blocks) - 1

    def enter_list(self, element: etree._Element, tag: str) -> None:
        """Begin a list."""
        self.lists.open(self.outline)

    def leave_list(self, opened: Open) -> None:
        """End a list."""
        self.lists.close()

    def enter_pre(self, element: etree._Element, tag: str) -> None:
        """White space stands as written from here."""
        self.pre += 1

    def leave_pre(self, opened: Open) -> None:
        """White space is single again."""
        self.pre -= 1

    def enter_quote(self, element: etree._Element, tag: str) -> None:
        """Begin a block quotation."""
        self.quoted += 1

    def leave_quote(self, opened: Open) -> None:
        """End a block quotation."""
        self.quoted -= 1

    def leave_figure(self, opened: Open) -> None:
        """A caption below a table leads its cells in as one above would."""
        blocks = self.outline.blocks
        if len(blocks) > opened.blocks and blocks[-1].kind == "caption":
            for at in range(opened.blocks, len(blocks) - 1):
                if blocks[at].kind == "cell":
                    blocks[at] = replace(blocks[at], lead_in=len(blocks) - 1)

    def leave_pair(self, opened: Open) -> None:
        """Two short lines of one element may be a label and its figure."""
        if len(self.outline.blocks) - opened.blocks == 2:
            as_pair(self.outline.blocks, self.out[-3:])


ENTER: dict[str, Callable[[Build, etree._Element, str], None]] = {
    "table": Build.enter_table,
    "tr": Build.enter_row,
    "td": Build.enter_cell,
    "th": Build.enter_cell,
    "pre": Build.enter_pre,
    "textarea": Build.enter_pre,
    "blockquote": Build.enter_quote,
    **dict.fromkeys(("ul", "ol", "menu", "dl"), Build.enter_list),
}
LEAVE: dict[str, Callable[[Build, Open], None]] = {
    "table": Build.leave_table,
    "td": Build.leave_cell,
    "th": Build.leave_cell,
    "caption": Build.leave_caption,
    "pre": Build.leave_pre,
    "textarea": Build.leave_pre,
    "blockquote": Build.leave_quote,
    "div": Build.leave_pair,
    "figure": Build.leave_figure,
    **dict.fromkeys(("ul", "ol", "menu", "dl"), Build.leave_list),
}
