"""Walk an HTML tree once, and turn its text into blocks by the elements open."""

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
# Places below this depth are named by the element at it: a page of a thousand levels
# would otherwise have paths that grow with the square of its depth.
DEEPEST = 100
# Inline elements whose ranges are kept: a note mark `1` behind `$53,600` reads as
# `$53,6001`, a price that is struck out is no longer true.
RANGES = BOLD | {"s", "del", "strike", "sup"}


@dataclass(slots=True)
class HtmlWalk(BlockBuilder):
    """The state of a walk; `walk_tree` fills the outline, the places and the text.

    Args:
        marks: (start, end) of superscripts.
        strikes: (start, end) of struck-out text.
        counts: For each open element, how many children of each tag it had so far.
        ranges: Offsets at which the open inline ranges began.
        watched: Elements whose begin and end are noted.
        events: Each with the offset of the text there, and whether it begins.
    """

    marks: list[tuple[int, int]] = field(default_factory=list)
    strikes: list[tuple[int, int]] = field(default_factory=list)
    counts: list[dict[str, int]] = field(default_factory=lambda: [{}])
    ranges: list[int] = field(default_factory=list)
    watched: frozenset[etree._Element] = frozenset()
    events: list[tuple[etree._Element, int, bool]] = field(default_factory=list)

    def walk_tree(self, root: etree._Element) -> None:
        """Walk the tree and fill the outline, the places and the text."""
        detector = FurnitureDetector(root)
        names, counts, watched = self.names, self.counts, self.watched
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
                    self.enter_element(element, tag, detector)
                elif tag in RANGES:
                    self.begin_range(tag)
                if element in watched:
                    self.events.append((element, self.next_offset(), True))
                text = element.text
                if text:
                    self.add_text(text)
                continue
            # A comment and what is dropped have text after them all the same: `tail`.
            if event == "end" and element.tag not in DROPPED:
                if self.opened[-1].depth == len(names):
                    self.leave_element()
                elif element.tag in RANGES:
                    self.end_range(element.tag)
                if element in watched:
                    self.events.append((element, self.next_offset(), False))
                names.pop()
                counts.pop()
            text = element.tail
            if text and element is not root:
                self.add_text(text)
        self.end_run()

    def make_path_step(self, tag: str) -> str:
        """Return an element's step in its path: tag, and number among its like.

        >>> walk = HtmlWalk(names=["html", "body"])
        >>> walk.make_path_step("p"), walk.make_path_step("p")
        ('p[1]', 'p[2]')
        """
        counts = self.counts[-1]
        number = counts[tag] = counts.get(tag, 0) + 1
        # A page has one `html` and one `body`: the paths are shorter without `[1]`.
        if number == 1 and len(self.names) < 2:
            return tag
        return f"{tag}[{number}]"

    def enter_element(
        self, element: etree._Element, tag: str, detector: FurnitureDetector
    ) -> None:
        """Enter a block element: end the run before it, and note what it is.

        Args:
            element: With its attributes.
            tag: Its tag, before its role is looked at.
            detector: Of the page's furniture.
        """
        if tag == "br":
            self.breaks += 1
            return
        # The tab before a cell goes before the first block in the cell too.
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
        # An element without attributes has no role, class or id to look at.
        if named or tag in detector.tags:
            furniture = detector.find_kind(element, tag, furniture)
            kind = detector.find_note_kind(element) or kind
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
        """Leave a block element: end its run, and the table or list it began."""
        self.end_run()
        opened = self.opened.pop()
        if leave := LEAVE.get(opened.tag):
            leave(self, opened)
        if opened.furniture != self.opened[-1].furniture or opened.tag in SECTIONS:
            self.leave_section(opened)

    def leave_section(self, opened: OpenElement) -> None:
        """End the headings of a section, save where it holds nothing else.

        A `<section>` or `<div>` around a heading alone is styling; the heading names
        what comes after it.
        """
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
