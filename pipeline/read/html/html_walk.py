"""One walk over an HTML tree: runs of text become blocks by the elements open."""

from dataclasses import dataclass, field

from lxml import etree

from pipeline.read.html.html_blocks import ENTER, LEAVE, BlockBuilder
from pipeline.read.html.html_tags import (
    BLOCKS,
    DROPPED,
    KINDS,
    ROLES,
    SECTIONS,
    FurnitureDetector,
)
from pipeline.read.html.html_text import OpenElement

BOLD = frozenset(("b", "strong"))
# Paths below this depth would grow with the square of the page.
DEEPEST = 100
RANGES = BOLD | {"s", "del", "strike", "sup"}


@dataclass(slots=True)
class HtmlWalk(BlockBuilder):
    """The state of a walk; `walk_tree` fills the outline, the places and the text."""

    marks: list[tuple[int, int]] = field(default_factory=list)
    strikes: list[tuple[int, int]] = field(default_factory=list)
    counts: list[dict[str, int]] = field(default_factory=lambda: [{}])
    ranges: list[int] = field(default_factory=list)

    def walk_tree(self, root: etree._Element) -> None:
        """Walk the tree."""
        keeper = FurnitureDetector(root)
        names, counts = self.names, self.counts
        self.opened.append(OpenElement("", 0, "paragraph", None, (), 0))
        walker = etree.iterwalk(root, events=("start", "end", "comment"))
        for event, element in walker:
            if event == "start":
                tag = element.tag
                name = self.make_path_step(tag)
                if tag in DROPPED:
                    walker.skip_subtree()
                    continue
                names.append(name)
                counts.append({})
                if tag in BLOCKS or element.get("role") in ROLES:
                    self.enter_element(element, tag, keeper)
                elif tag in RANGES:
                    self.begin_range(tag)
                text = element.text
                if text:
                    self.add_text(text)
                continue
            if event == "end" and element.tag not in DROPPED:
                if self.opened[-1].depth == len(names):
                    self.leave_element()
                elif element.tag in RANGES:
                    self.end_range(element.tag)
                names.pop()
                counts.pop()
            text = element.tail
            if text and element is not root:
                self.add_text(text)
        self.end_run()

    def make_path_step(self, tag: str) -> str:
        """An element's step in its path: tag and number among its like."""
        counts = self.counts[-1]
        number = counts[tag] = counts.get(tag, 0) + 1
        if number == 1 and len(self.names) < 2:
            return tag
        return f"{tag}[{number}]"

    def enter_element(
        self, element: etree._Element, tag: str, keeper: FurnitureDetector
    ) -> None:
        """Enter a block element: the run before it ends."""
        if tag == "br":
            self.breaks += 1
            return
        gap = self.gap if not self.pieces else "\n"
        self.end_run()
        if gap == "\t":
            self.gap = gap
        named = bool(element.attrib)
        if named:
            role = element.get("role")
            tag = ROLES.get(role, tag) if role else tag
            if tag == "heading":
                tag = f"h{(element.get('aria-level') or '2')[:1]}"
        above = self.opened[-1]
        furniture, kind = above.furniture, KINDS.get(tag, above.kind)
        if named or tag in keeper.tags:
            furniture = keeper.find_kind(element, tag, furniture)
            kind = keeper.find_note_kind(element) or kind
        if above.kind == "footnote" and kind in ("item", "paragraph"):
            kind = "footnote"
        outline = self.outline
        self.opened.append(
            OpenElement(
                tag,
                len(self.names),
                kind,
                furniture,
                outline.headings,
                len(outline.blocks),
                len(self.opened) if len(self.names) <= DEEPEST else above.anchor,
            )
        )
        if enter := ENTER.get(tag):
            enter(self, element, tag)

    def leave_element(self) -> None:
        """Leave a block element: its run ends, and so does what it opened."""
        self.end_run()
        opened = self.opened.pop()
        if leave := LEAVE.get(opened.tag):
            leave(self, opened)
        if opened.furniture != self.opened[-1].furniture or opened.tag in SECTIONS:
            self.leave_section(opened)

    def leave_section(self, opened: OpenElement) -> None:
        """Headings of a section end with it, save where it holds nothing else."""
        added = self.outline.blocks[opened.blocks :]
        if not added or (added[-1].kind == "heading" and not opened.furniture):
            return
        headings = self.outline.headings
        kept = () if opened.furniture else tuple(h for h in headings if h[0] == 1)
        self.outline.headings = opened.headings or kept

    def begin_range(self, tag: str) -> None:
        """Begin an inline range: bold, struck out, superscript."""
        self.ranges.append(self.next_offset())
        self.bold_depth += tag in BOLD

    def end_range(self, tag: str) -> None:
        """End an inline range and note where it was."""
        start, end = self.ranges.pop() if self.ranges else 0, self.next_offset()
        self.bold_depth -= tag in BOLD and self.bold_depth > 0
        if end > start and tag not in BOLD:
            (self.marks if tag == "sup" else self.strikes).append((start, end))
