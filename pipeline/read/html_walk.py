"""One walk over an HTML tree: runs of text become blocks by the elements open."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lxml import etree

from pipeline.read.html_lists import Lists
from pipeline.read.html_pairs import as_pair
from pipeline.read.html_table import Table, is_layout
from pipeline.read.html_tags import (
    BLOCKS,
    DROPPED,
    HEADINGS,
    KINDS,
    ROLES,
    SECTIONS,
    Keeper,
)
from pipeline.read.html_text import Open, Runs
from pipeline.read.laid_out import lay_out
from pipeline.read.lines import words_of
from pipeline.read.outline import Outline
from pipeline.read.titles import FIGURE, LONGEST

BOLD = frozenset(("b", "strong"))
RANGES = BOLD | {"s", "del", "strike", "sup"}


@dataclass(slots=True)
class Walk(Runs):
    """The state of a walk; `walk` fills the outline, the places and the text."""

    outline: Outline = field(default_factory=Outline)
    marks: list[tuple[int, int]] = field(default_factory=list)
    strikes: list[tuple[int, int]] = field(default_factory=list)
    quoted: int = 0
    counts: list[dict[str, int]] = field(default_factory=lambda: [{}])
    ranges: list[int] = field(default_factory=list)
    tables: list[Table | None] = field(default_factory=list)
    lists: Lists = field(default_factory=Lists)

    def walk(self, root: etree._Element) -> None:
        """Walk the tree."""
        keeper = Keeper(root)
        self.opened.append(Open("", 0, "paragraph", None, (), 0))
        walker = etree.iterwalk(root, events=("start", "end", "comment"))
        for event, element in walker:
            if event == "start":
                tag = element.tag
                name = self.step(tag)
                if tag in DROPPED:
                    walker.skip_subtree()
                    continue
                self.names.append(name)
                self.counts.append({})
                if tag in BLOCKS or element.get("role") in ROLES:
                    self.open(element, tag, keeper)
                elif tag in RANGES:
                    self.enter(tag)
                text = element.text
                if text:
                    self.add(text)
                continue
            if event == "end" and element.tag not in DROPPED:
                if self.opened[-1].depth == len(self.names):
                    self.shut()
                elif element.tag in RANGES:
                    self.leave(element.tag)
                self.names.pop()
                self.counts.pop()
            text = element.tail
            if text and element is not root:
                self.add(text)
        self.close()

    def step(self, tag: str) -> str:
        """An element's step in its path: tag and number among its like."""
        counts = self.counts[-1]
        number = counts[tag] = counts.get(tag, 0) + 1
        if number == 1 and len(self.names) < 2:
            return tag
        return f"{tag}[{number}]"

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
            outline.head(level, start, end, words_of(run), **facts)
        elif inner.kind == "pre":
            lay_out(outline, run, start, facts)
        elif inner.kind in ("item", "term", "definition"):
            self.lists.add(outline, inner.kind, start, end, run, facts)
        elif self.bold and inner.kind == "paragraph" and self.acts_as_heading(run):
            outline.head(outline.below() + 1, start, end, words_of(run), **facts)
        else:
            if table is not None and inner.kind == "caption":
                facts["lead_in"] = table.lead
            index = outline.add(inner.kind, start, end, **facts)
            outline.ends_in_colon(index, run[-20:])

    def acts_as_heading(self, run: str) -> bool:
        """A short line all in bold that is no sentence and has no figure."""
        return (
            self.bold >= len(run.rstrip(": ")) > 2
            and len(run) <= LONGEST
            and not self.quoted
            and run[-1] not in ".,;"
            and not FIGURE.search(run)
        )

    def open(self, element: etree._Element, tag: str, keeper: Keeper) -> None:
        """Enter a block element: the run before it ends."""
        if tag == "br":
            self.breaks += 1
            return
        gap = self.gap if not self.pieces else "\n"
        self.close()
        if gap == "\t":
            self.gap = gap
        if element.attrib:
            role = element.get("role")
            tag = ROLES.get(role, tag) if role else tag
            if tag == "heading":
                tag = f"h{(element.get('aria-level') or '2')[:1]}"
        above = self.opened[-1]
        furniture = keeper.kind(element, tag, above.furniture)
        kind = keeper.note(element) or KINDS.get(tag, above.kind)
        if above.kind == "footnote" and kind in ("item", "paragraph"):
            kind = "footnote"
        outline = self.outline
        self.opened.append(
            Open(
                tag,
                len(self.names),
                kind,
                furniture,
                outline.headings,
                len(outline.blocks),
            )
        )
        if enter := ENTER.get(tag):
            enter(self, element, tag)

    def shut(self) -> None:
        """Leave a block element: its run ends, and so does what it opened."""
        self.close()
        opened = self.opened.pop()
        if leave := LEAVE.get(opened.tag):
            leave(self, opened)
        if opened.furniture != self.opened[-1].furniture or opened.tag in SECTIONS:
            self.leave_section(opened)

    def leave_section(self, opened: Open) -> None:
        """Headings of a section end with it, save where it holds nothing else."""
        added = self.outline.blocks[opened.blocks :]
        if not added or (added[-1].kind == "heading" and not opened.furniture):
            return
        headings = self.outline.headings
        kept = () if opened.furniture else tuple(h for h in headings if h[0] == 1)
        self.outline.headings = opened.headings or kept

    def enter(self, tag: str) -> None:
        """Begin an inline range: bold, struck out, superscript."""
        self.ranges.append(self.position())
        self.bold_depth += tag in BOLD

    def leave(self, tag: str) -> None:
        """End an inline range and note where it was."""
        start, end = self.ranges.pop() if self.ranges else 0, self.position()
        self.bold_depth -= tag in BOLD and self.bold_depth > 0
        if end > start and tag not in BOLD:
            (self.marks if tag == "sup" else self.strikes).append((start, end))

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


ENTER: dict[str, Callable[[Walk, etree._Element, str], None]] = {
    "table": Walk.enter_table,
    "tr": Walk.enter_row,
    "td": Walk.enter_cell,
    "th": Walk.enter_cell,
    "pre": Walk.enter_pre,
    "textarea": Walk.enter_pre,
    "blockquote": Walk.enter_quote,
    **dict.fromkeys(("ul", "ol", "menu", "dl"), Walk.enter_list),
}
LEAVE: dict[str, Callable[[Walk, Open], None]] = {
    "table": Walk.leave_table,
    "td": Walk.leave_cell,
    "th": Walk.leave_cell,
    "caption": Walk.leave_caption,
    "pre": Walk.leave_pre,
    "textarea": Walk.leave_pre,
    "blockquote": Walk.leave_quote,
    "div": Walk.leave_pair,
    "figure": Walk.leave_figure,
    **dict.fromkeys(("ul", "ol", "menu", "dl"), Walk.leave_list),
}
