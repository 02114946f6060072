"""One walk over an HTML tree: text, blocks, places.

Text gathers in a run until a block tag ends it; what the run becomes is told by the
elements that are open: a heading, an item, part of a cell, a plain paragraph.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from pipeline.read.html_lists import Lists
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
from pipeline.read.lines import words_of
from pipeline.read.outline import Outline
from pipeline.read.titles import FIGURE, LONGEST

WHITE = re.compile(r"[ \t\n\r\f]+")
ASCII_WHITE = " \t\n\r\f"
C1 = {
    n: character
    for n in range(0x80, 0xA0)
    if (character := bytes([n]).decode("cp1252", "replace")) != "\ufffd"
}
HAS_C1 = re.compile("[\x80-\x9f]")
BOLD = frozenset(("b", "strong"))
STRUCK = frozenset(("s", "del", "strike"))
RANGES = BOLD | STRUCK | {"sup"}


@dataclass
class Open:
    """A block element that is open.

    Args:
        tag: Its tag, or what its role makes it.
        depth: Number of elements open with it, itself included.
        start: Offset of its first text, -1 before there is any.
        kind: What a run directly in it becomes.
        furniture: Of it or of what it is in.
        headings: The headings when it was opened.
        blocks: The number of blocks when it was opened.
    """

    tag: str
    depth: int
    kind: str
    furniture: str | None
    headings: list[tuple[int, str]]
    blocks: int
    start: int = -1


@dataclass
class Walk:
    """The state of a walk; `run` fills the outline, the places and the text."""

    root: etree._Element
    outline: Outline = field(default_factory=Outline)
    places: list[tuple[int, str, int]] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)
    strikes: list[tuple[int, int]] = field(default_factory=list)
    out: list[str] = field(default_factory=list)
    length: int = 0
    gap: str = ""
    pieces: list[str] = field(default_factory=list)
    begun: int = 0
    size: int = 0
    breaks: int = 0
    bold: int = 0
    bold_depth: int = 0
    pre: int = 0
    quoted: int = 0
    names: list[str] = field(default_factory=list)
    counts: list[dict[str, int]] = field(default_factory=lambda: [{}])
    opened: list[Open] = field(default_factory=list)
    ranges: list[int] = field(default_factory=list)
    tables: list[Table | None] = field(default_factory=list)
    lists: Lists = field(default_factory=Lists)

    def text(self) -> str:
        """The visible text of what was walked."""
        return "".join(self.out)

    def run(self) -> None:
        """Walk the tree."""
        keeper = Keeper(self.root)
        self.opened.append(Open("", 0, "paragraph", None, [], 0))
        walker = etree.iterwalk(self.root, events=("start", "end", "comment"))
        for event, element in walker:
            if event == "start":
                tag = element.tag
                if tag in DROPPED:
                    self.count(tag)
                    walker.skip_subtree()
                    continue
                self.names.append(self.count(tag))
                self.counts.append({})
                if tag in BLOCKS or element.get("role") in ROLES:
                    self.open(element, tag, keeper)
                elif tag in RANGES:
                    self.enter(tag)
                if element.text:
                    self.add(element.text)
                continue
            if event == "end" and element.tag not in DROPPED:
                self.end(element.tag)
            if element.tail and element is not self.root:
                self.add(element.tail)
        self.close()

    def count(self, tag: str) -> str:
        """The element's step in its path: tag and number among its like."""
        counts = self.counts[-1]
        number = counts[tag] = counts.get(tag, 0) + 1
        if len(self.names) < 2 and number == 1:
            return tag
        return f"{tag}[{number}]"

    def end(self, tag: str) -> None:
        """Leave an element."""
        if self.opened[-1].depth == len(self.names):
            self.shut()
        elif tag in RANGES:
            self.leave(tag)
        self.names.pop()
        self.counts.pop()

    # Text

    def add(self, text: str) -> None:
        """Add text to the run, white space made single."""
        if HAS_C1.search(text):
            text = text.translate(C1)
        if not self.pre:
            text = WHITE.sub(" ", text)
        if not self.pieces or self.breaks:
            text = text.lstrip(ASCII_WHITE if not self.pre else "\r\n")
            if not text:
                return
            self.begin()
        elif not self.pre and text[0] == " " and self.pieces[-1][-1] == " ":
            text = text[1:]
            if not text:
                return
        self.pieces.append(text)
        self.size += len(text)
        if self.bold_depth:
            self.bold += len(text)

    def begin(self) -> None:
        """Begin a run, or a further line of one after `<br>`."""
        if self.pieces and self.breaks < 2:
            self.trim()
            self.pieces.append("\n")
            self.size += 1
        else:
            if self.pieces:
                self.close()
            self.begun = self.length + (len(self.gap) if self.length else 0)
            self.place(self.begun)
        self.breaks = 0

    def trim(self) -> None:
        """Take the space from the end of a line."""
        last = self.pieces[-1]
        bare = last.rstrip(ASCII_WHITE)
        self.pieces[-1] = bare
        self.size -= len(last) - len(bare)
        if not bare and len(self.pieces) > 1:
            self.pieces.pop()
            self.trim()

    def place(self, at: int) -> None:
        """Note which element the text from here on is in, and where in its text."""
        for opened in reversed(self.opened):
            if opened.start >= 0:
                break
            opened.start = at
        inner = self.opened[-1]
        path = "/" + "/".join(self.names[: inner.depth])
        self.places.append((at, path, at - inner.start))

    def position(self) -> int:
        """The offset that the next character will have."""
        if self.pieces:
            return self.begun + self.size + (self.breaks == 1)
        return self.length + (len(self.gap) if self.length else 0)

    def close(self) -> None:
        """End the run and make of it what the open elements say."""
        if self.pieces:
            self.trim()
            run = "".join(self.pieces)
            if self.length:
                self.out.append(self.gap)
            self.out.append(run)
            self.length = self.begun + len(run)
            self.make(run)
        self.pieces, self.size, self.bold, self.breaks = [], 0, 0, 0
        self.gap = "\n"

    def make(self, run: str) -> None:
        """Turn a run into a block, or into part of a cell."""
        start, end, inner = self.begun, self.length, self.opened[-1]
        table = self.tables[-1] if self.tables else None
        facts: dict[str, object] = {"furniture": inner.furniture}
        if self.quoted:
            facts["quoted"] = True
        if table is not None and table.cell is not None:
            table.extend(start, end, run)
        elif inner.kind == "heading":
            level = HEADINGS.get(inner.tag, 2)
            self.outline.head(level, start, end, words_of(run), **facts)
        elif inner.kind in ("item", "term", "definition"):
            self.lists.add(self.outline, inner.kind, start, end, run, facts)
        elif inner.kind == "paragraph" and self.acts_as_heading(run):
            level = self.outline.below() + 1
            self.outline.head(level, start, end, words_of(run), **facts)
        else:
            index = self.outline.add(inner.kind, start, end, **facts)
            self.outline.ends_in_colon(index, run[-20:])

    def acts_as_heading(self, run: str) -> bool:
        """A short line all in bold that is no sentence and has no figure."""
        return (
            self.bold >= len(run.rstrip(": ")) > 2
            and len(run) <= LONGEST
            and not self.quoted
            and run[-1] not in ".,;"
            and not FIGURE.search(run)
        )

    # Elements

    def open(self, element: etree._Element, tag: str, keeper: "Keeper") -> None:
        """Enter a block element: the run before it ends."""
        if tag == "br":
            self.breaks += 1
            return
        if tag != "title" and self.pieces:
            self.close()
        self.gap = "\n" if self.gap != "\t" else self.gap
        role = element.get("role")
        tag = ROLES.get(role, tag) if role else tag
        if tag == "heading":
            tag = f"h{(element.get('aria-level') or '2')[:1]}"
        above = self.opened[-1]
        furniture = keeper.kind(element, tag, above.furniture)
        kind = keeper.note(element) or KINDS.get(tag, above.kind)
        headings = list(self.outline.headings)
        blocks = len(self.outline.blocks)
        self.opened.append(
            Open(tag, len(self.names), kind, furniture, headings, blocks)
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
        kept = (
            [] if opened.furniture else [h for h in self.outline.headings if h[0] == 1]
        )
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
        if is_layout(element):
            self.tables.append(None)
        else:
            self.tables.append(Table(lead=self.outline.introduces()))

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
            self.tables[-1].close_cell()

    def leave_caption(self, opened: Open) -> None:
        """What is said of a table in its caption leads its cells in."""
        table = self.tables[-1] if self.tables else None
        if table is not None and self.outline.blocks[opened.blocks :]:
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
    **dict.fromkeys(("ul", "ol", "menu", "dl"), Walk.leave_list),
}
