"""The outline of a document: blocks in text order under their headings."""

from dataclasses import dataclass, field

from pipeline.core.model import Block

DEFAULTS = vars(Block("", 0, 0))
# Kinds that can introduce a list or table. A heading is not among them: it is in the
# section of what follows already.
INTRODUCES = ("paragraph", "item", "term", "caption")


def make_block(
    kind: str, start: int, end: int, section: tuple[str, ...], facts: dict[str, object]
) -> Block:
    """Make a block without the cost of setting fields that keep their default.

    Args:
        kind: As in `Block`.
        start: Offset in the document's text.
        end: End offset, exclusive.
        section: Headings above it, outermost first.
        facts: Other fields of `Block` by name.
    """
    # A page has hundreds of blocks, and the generated `__init__` of a frozen dataclass
    # sets every field by a call of its own.

    block = object.__new__(Block)
    vars(block).update(DEFAULTS, kind=kind, start=start, end=end, section=section)
    vars(block).update(facts)
    return block


@dataclass
class Outline:
    """Blocks as they are found, and the headings that stand above the next one.

    Args:
        blocks: In text order.
        headings: Level and text of those above the next block, outermost first.
        tables: How many tables were found.
        colons: Indexes of blocks that end in a colon.
    """

    blocks: list[Block] = field(default_factory=list)
    headings: tuple[tuple[int, str], ...] = ()
    tables: int = 0
    colons: set[int] = field(default_factory=set)

    @property
    def section(self) -> tuple[str, ...]:
        """Headings above the next block, outermost first."""
        return tuple([text for _, text in self.headings])

    def add(self, kind: str, start: int, end: int, **facts: object) -> int:
        """Add a block under the current headings; return its index."""
        self.blocks.append(make_block(kind, start, end, self.section, facts))
        return len(self.blocks) - 1

    def add_heading(
        self, level: int, start: int, end: int, text: str, **facts: object
    ) -> int:
        """Add a heading, which ends those of its level and below; return its index."""
        self.headings = tuple([h for h in self.headings if h[0] < level])
        index = self.add("heading", start, end, level=level, **facts)
        self.headings = (*self.headings, (level, text))
        return index

    def infer_heading_level(self) -> int:
        """Return the level (1 to 5) that a heading without one of its own is under.

        A bold line, a summary or a run-in heading is put one below it.
        """
        # Not 6: one below the answer must be a level of HTML, which has six.
        return min(
            6, max((level for level, _ in self.headings if level < 6), default=1)
        )

    def find_lead_in(self) -> int | None:
        """Return the index of the block before, if it introduces what follows.

        A list or table is introduced by the paragraph, item, term or caption just
        before; by an item only where it ends in a colon, since the next item is
        otherwise its equal. None where nothing introduces it.
        """
        if not self.blocks or self.blocks[-1].kind not in INTRODUCES:
            return None
        last = len(self.blocks) - 1
        return (
            None if self.blocks[-1].kind == "item" and last not in self.colons else last
        )

    def remember_colon(self, index: int, text: str) -> None:
        """Remember a block whose text ends in a colon, Markdown's marks aside."""
        if text.rstrip(" *_\xa0").endswith((":", "：")):
            self.colons.add(index)

    def next_table_number(self) -> int:
        """Return the number of the next table, from 0."""
        self.tables += 1
        return self.tables - 1
