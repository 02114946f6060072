"""Cut the page's own sentence around a figure, or its row of a table; bounded."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from pipeline.core.model import Block, Document

LONGEST = 320  # characters on either side of the figure
# Where a sentence ends: its mark, perhaps a closing quote, and white space.
SENTENCE_END = re.compile(
    r"[.!?…][\"'”’)\]]*\s+|\n{2,}|\n(?=\s*(?:[-*+•#|>]|\d+[.)]\s))"
)
# What ends no sentence: `U.S.`, `a.m.`, `No. 3`, `St. Louis`.
NO_END = re.compile(
    r"(?:\b[A-Za-z]\.|\b(?:No|St|Dr|Mr|Ms|Mrs|vs|approx|avg|Inc|Jr|Sr|Ph\.D))\.?\s+$"
)
LONGEST_HEAD = 60  # characters of a column's head
NEAREST = 12  # cells of a row on either side
CUT = "… "
BETWEEN = " | "


@dataclass(frozen=True)
class PageSentence:
    """A page's own words around a figure: what goes before it, itself, what follows."""

    before: str
    figure: str
    after: str

    @property
    def text(self) -> str:
        """The whole sentence."""
        return f"{self.before}{self.figure}{self.after}"


def cut_sentence(
    document: Document, start: int | None, end: int | None, quote: str
) -> PageSentence:
    """Cut the sentence of a figure out of a page.

    Args:
        document: The page.
        start: Offset of the figure in its text; None in data.
        end: Offset behind it.
        quote: The figure as it stands.

    Returns:
        The sentence with white space put together, each side at most `LONGEST` long; of
        a cell the row of its table; of embedded data the quote alone.
    """
    if start is None or end is None:
        return PageSentence("", quote, "")
    index = bisect_right(document.blocks, start, key=lambda block: block.start) - 1
    block = document.blocks[index] if index >= 0 else None
    if block is None or start >= block.end:
        block = Block("paragraph", 0, len(document.text))
    before, after = _cut_block(document.text, block, start, end)
    if block.table is not None:
        left, right = _cut_row(document, block, index)
        before, after = f"{left}{before}", f"{after}{right}"
    return PageSentence(
        _shorten_left(before), " ".join(document.text[start:end].split()),
        _shorten_right(after),
    )  # fmt: skip


def _cut_block(text: str, block: Block, start: int, end: int) -> tuple[str, str]:
    """Return what stands of a figure's sentence before and behind it in its block."""
    # One character more than is shown, so that what is longer is seen to be cut.
    window = text[max(block.start, start - 2 * LONGEST) : start]
    begin = 0
    for found in SENTENCE_END.finditer(window):
        if not NO_END.search(window[: found.end()]):
            begin = found.end()
    behind = text[end : min(block.end, end + 2 * LONGEST)]
    for found in SENTENCE_END.finditer(behind):
        if not NO_END.search(behind[: found.end()]):
            return window[begin:], behind[: found.end()].rstrip()
    return window[begin:], behind.rstrip()


def _cut_row(document: Document, block: Block, index: int) -> tuple[str, str]:
    """Return the cells of a cell's row before and behind it, each named by its head."""
    first, last = index, index + 1
    blocks = document.blocks
    # A row of a thousand cells shows those nearest alone.
    while first and index - first < NEAREST and _is_row(blocks[first - 1], block):
        first -= 1
    while (
        last < len(blocks) and last - index < NEAREST and _is_row(blocks[last], block)
    ):
        last += 1
    names = [_name_column(document, cell) for cell in blocks[first:last]]
    cells = [document.text[b.start : b.end] for b in blocks[first:last]]
    at = index - first
    left = "".join(
        f"{name}{cell}{BETWEEN}"
        for name, cell in zip(names[:at], cells[:at], strict=True)
    )
    right = "".join(
        f"{BETWEEN}{name}{cell}"
        for name, cell in zip(names[at + 1 :], cells[at + 1 :], strict=True)
    )
    return f"{left}{names[at]}", right


def _name_column(document: Document, block: Block) -> str:
    """Return the head of a cell's column and a colon; "" without one."""
    heads = [document.blocks[i] for i in block.column_heads[-1:]]
    words = " ".join(
        " ".join(document.text[b.start : b.end].split())[:LONGEST_HEAD] for b in heads
    )
    return f"{words}: " if words else ""


def _is_row(one: Block, other: Block) -> bool:
    return (one.table, one.row) == (other.table, other.row)


def _shorten_left(text: str) -> str:
    """Return the end of a text that goes before a figure, from a word on."""
    tidy = " ".join(text.split())
    gap = " " if text[-1:].isspace() and tidy else ""
    if len(tidy) <= LONGEST:
        return f"{tidy}{gap}"
    return f"{CUT}{tidy[-LONGEST:].partition(' ')[2]}{gap}"


def _shorten_right(text: str) -> str:
    """Return the beginning of a text that follows a figure, up to a word's end."""
    tidy = " ".join(text.split())
    gap = " " if text[:1].isspace() and tidy else ""
    if len(tidy) <= LONGEST:
        return f"{gap}{tidy}"
    return f"{gap}{tidy[:LONGEST].rpartition(' ')[0]} …"
