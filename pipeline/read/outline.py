"""The outline of a document: blocks in text order under their headings."""

from dataclasses import dataclass, field

from pipeline.core.model import Block

DEFAULTS = vars(Block("", 0, 0))
INTRODUCES = ("paragraph", "item", "term", "caption")


def make_block(
    kind: str, start: int, end: int, section: tuple[str, ...], facts: dict[str, object]
) -> Block:
    """A block, without the cost of setting each frozen field that keeps its default.

    A page has hundreds; the generated `__init__` sets fifteen fields one by one.
    """
    block = object.__new__(Block)
    vars(block).update(DEFAULTS, kind=kind, start=start, end=end, section=section)
    vars(block).update(facts)
    return block


@dataclass
class Outline:
    """Blocks as they are found, and the headings that stand above the next one."""

    blocks: list[Block] = field(default_factory=list)
    headings: tuple[tuple[int, str], ...] = ()
    tables: int = 0
    colons: set[int] = field(default_factory=set)

    @property
    def section(self) -> tuple[str, ...]:
        """Headings above the next block, outermost first."""
        return tuple([text for _, text in self.headings])

    def add(self, kind: str, start: int, end: int, **facts: object) -> int:
        """Put a block under the current headings; its index is returned."""
        self.blocks.append(make_block(kind, start, end, self.section, facts))
        return len(self.blocks) - 1

    def add_heading(
        self, level: int, start: int, end: int, text: str, **facts: object
    ) -> int:
        """Put a heading: it closes all of its level and below, and opens its own."""
        self.headings = tuple([h for h in self.headings if h[0] < level])
        index = self.add("heading", start, end, level=level, **facts)
        self.headings = (*self.headings, (level, text))
        return index

    def infer_heading_level(self) -> int:
        """The level of a heading that has none of its own: under the last real one."""
        return min(
            6, max((level for level, _ in self.headings if level < 6), default=1)
        )

    def find_lead_in(self) -> int | None:
        """The block just before, if it introduces a list or table that follows.

        An item introduces only where it ends in a colon.
        """
        if not self.blocks or self.blocks[-1].kind not in INTRODUCES:
            return None
        last = len(self.blocks) - 1
        return (
            None if self.blocks[-1].kind == "item" and last not in self.colons else last
        )

    def remember_colon(self, index: int, text: str) -> None:
        """Remember that a block announces what follows, if its text ends so."""
        if text.rstrip(" *_\xa0").endswith((":", "：")):
            self.colons.add(index)

    def next_table_number(self) -> int:
        """A number for one more table."""
        self.tables += 1
        return self.tables - 1
