"""Corrections to a document's blocks that need to see the blocks around them.

The same for every media type: notes under a table, sections that link to other pages
("Read next"), a paragraph that goes on after a page break.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.model import Block
from pipeline.read.page_furniture import classify_heading, is_note_word
from pipeline.read.text_lines import strip_markdown

# How a note to a table begins: `* Contract.`, `† Median`, `(1)`, `[a]`, `1 Mean pay`.
# A number or letter counts only before a capital, so `5 percent of` is prose.
MARK = re.compile(
    r"[*_\s]*(?:\*{1,3}\s?\S|[†‡§¶#¹²³]|\(\d{1,2}\)|\[\w{1,2}\]|\d{1,2}\s+[A-Z]|[a-z]\s+[A-Z])"
)
# First word, Markdown's marks and brackets skipped: `*Source: Payscale.*`.
WORD = re.compile(r"[*_\s(\[]*([A-Za-z]+)\b")
# Ends as a sentence does; what ends otherwise may go on after a page break.
SENTENCE_END = re.compile(r"[.!?:;…”\"')\]]\s*\Z")
SHORTEST_PROSE = 120
LONGEST_NOTE = 600  # characters; longer is prose that begins with a mark by chance


def finish_blocks(blocks: Sequence[Block], text: str) -> tuple[Block, ...]:
    """Return the blocks with notes, related sections and broken paragraphs marked.

    Args:
        blocks: All blocks of one document, in text order.
        text: The document's text, which the blocks' offsets count in.
    """
    notes = _attach_table_notes(blocks, text)
    return tuple(_link_broken_paragraphs(_mark_related_sections(notes, text), text))


def _attach_table_notes(blocks: Sequence[Block], text: str) -> list[Block]:
    """Make paragraphs that begin as notes and stand under a table its footnotes."""
    settled: list[Block] = []
    table: int | None = None
    for block in blocks:
        if block.kind == "cell":
            table = block.table
        elif block.kind in ("paragraph", "footnote") and table is not None:
            words = text[block.start : block.end]
            if block.kind == "footnote" or is_table_note(words):
                block = replace(block, kind="footnote", table=table)
            else:
                # The first paragraph of prose ends the notes: `* 2024` further down
                # is a note to something else.
                table = None
        else:
            table = None
        settled.append(block)
    return settled


def is_table_note(words: str) -> bool:
    """Return whether text under a table is a note to it: a mark, `Source:`, `Notes`.

    >>> [is_table_note(w) for w in ("*Source: Payscale.*", "* Contract.", "The table")]
    [True, True, False]
    """
    if len(words) > LONGEST_NOTE:
        return False
    word = WORD.match(words)
    return MARK.match(words) is not None or (word is not None and is_note_word(word[1]))


def _mark_related_sections(blocks: Sequence[Block], text: str) -> list[Block]:
    """Mark headings such as "Related articles", and all under them, as furniture."""
    # Blocks of one section share a path of headings, so each path is looked up once.
    kinds: dict[tuple[str, ...], str | None] = {}
    settled = []
    ended: set[tuple[str, ...]] = set()  # lists of contents that prose has ended
    for block in blocks:
        path = block.section
        if block.kind == "heading":
            path = (*path, strip_markdown(text[block.start : block.end]))
        if path not in kinds:
            kinds[path] = next(filter(None, map(classify_heading, path)), None)
        if kinds[path] == "navigation" and _is_prose(block, text):
            ended.add(path)
        if kinds[path] and not block.furniture and path not in ended:
            block = replace(block, furniture=kinds[path])
        settled.append(block)
    return settled


def _is_prose(block: Block, text: str) -> bool:
    """Return whether a block is a paragraph of sentences, and no list of links."""
    words = text[block.start : block.end]
    long = block.kind == "paragraph" and len(words) >= SHORTEST_PROSE
    return long and "](#" not in words and SENTENCE_END.search(words) is not None


def _link_broken_paragraphs(blocks: Sequence[Block], text: str) -> list[Block]:
    """Link a paragraph that goes on after a page break to its first half.

    The second half gets the first as its `lead_in`: the words that say what a figure
    is may stand on the page before it (`the median for` | `specialists was $46,660`).
    """
    settled: list[Block] = []
    last: int | None = None
    gap = False  # whether a page number or running head stands since the last block
    for block in blocks:
        if block.furniture:
            gap = True
        else:
            if (
                gap
                and last is not None
                and _is_continuation(settled[last], block, text)
            ):
                block = replace(block, lead_in=last)
            last, gap = len(settled), False
        settled.append(block)
    return settled


def _is_continuation(before: Block, block: Block, text: str) -> bool:
    """Return whether a block goes on with a sentence that the one before began."""
    return (
        before.kind == block.kind == "paragraph"
        and text[block.start].islower()
        and not SENTENCE_END.search(
            text[max(before.start, before.end - 5) : before.end]
        )
    )
