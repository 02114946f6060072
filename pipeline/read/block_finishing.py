"""Last touches to a document's blocks, the same for every media type.

What only the neighbours of a block can tell: notes under a table, sections that lead
elsewhere ("Read next"), a paragraph that goes on after a page break.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.model import Block
from pipeline.read.page_furniture import classify_heading, is_note_word
from pipeline.read.text_lines import strip_markdown

MARK = re.compile(
    r"[*_\s]*(?:\*{1,3}\s?\S|[†‡§¶#¹²³]|\(\d{1,2}\)|\[\w{1,2}\]|\d{1,2}\s+[A-Z]|[a-z]\s+[A-Z])"
)
WORD = re.compile(r"[*_\s(\[]*([A-Za-z]+)\b")
OPEN = re.compile(r"[.!?:;…”\"')\]]\s*\Z")
LONGEST_NOTE = 600


def finish_blocks(blocks: Sequence[Block], text: str) -> tuple[Block, ...]:
    """Blocks with notes, leads elsewhere and broken lines seen to."""
    notes = _attach_table_notes(blocks, text)
    return tuple(_link_broken_paragraphs(_mark_related_sections(notes, text), text))


def _attach_table_notes(blocks: Sequence[Block], text: str) -> list[Block]:
    """Paragraphs right under a table that begin as notes do belong to the table."""
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
                table = None
        else:
            table = None
        settled.append(block)
    return settled


def is_table_note(words: str) -> bool:
    """Whether text under a table is a note to it: a mark, or `Source:`, `Notes`.

    >>> [is_table_note(w) for w in ("*Source: Payscale.*", "* Contract.", "The table")]
    [True, True, False]
    """
    if len(words) > LONGEST_NOTE:
        return False
    word = WORD.match(words)
    return MARK.match(words) is not None or (word is not None and is_note_word(word[1]))


def _mark_related_sections(blocks: Sequence[Block], text: str) -> list[Block]:
    """A heading such as "Related articles" and everything under it is furniture."""
    kinds: dict[tuple[str, ...], str | None] = {}
    settled = []
    for block in blocks:
        path = block.section
        if block.kind == "heading":
            path = (*path, strip_markdown(text[block.start : block.end]))
        if path not in kinds:
            kinds[path] = next(filter(None, map(classify_heading, path)), None)
        if kinds[path] and not block.furniture:
            block = replace(block, furniture=kinds[path])
        settled.append(block)
    return settled


def _link_broken_paragraphs(blocks: Sequence[Block], text: str) -> list[Block]:
    """A paragraph that goes on after a page break is led in by its first half."""
    settled: list[Block] = []
    last: int | None = None
    gap = False
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
    return (
        before.kind == block.kind == "paragraph"
        and text[block.start].islower()
        and not OPEN.search(text[max(before.start, before.end - 5) : before.end])
    )
