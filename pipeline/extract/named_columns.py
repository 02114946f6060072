"""Columns whose head names a field: what stands in them is its value, known or not.

Under `Occupation title` stands an occupation and under `Credential` a credential. What
no vocabulary knows is kept as written: left out, the figure would be everybody's.
"""

import re
from collections.abc import Sequence

from pipeline.extract.credentials import find_credentials, strip_gloss
from pipeline.extract.drafts import Draft
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.occupation_mentions import find_occupations

FIELDS = ("occupation", "credential")
LONGEST_NAME = 60
MOST_HEAD_WORDS = 4
RULE = "named by its column"
LETTERS = re.compile(r"[^\W\d_]{2}")
MARKS = " \t*_`."


def read_named_field(page: IndexedPage, index: int) -> str:
    """Return the field that the column head of a cell names, or ""."""
    for head in reversed(page.find_column_heads(index)):
        words = page.block_line(head).texts
        for name in FIELDS:
            if names_field(page, words, name):
                return name
    return ""


def names_field(page: IndexedPage, words: Sequence[str], name: str) -> bool:
    """Return whether the words of a column head name a field, and nothing else."""
    own = page.words.lists[f"columns_{name}"]
    known = own | page.words.lists["columns_names"]
    short = len(words) <= MOST_HEAD_WORDS
    return short and not own.isdisjoint(words) and known.issuperset(words)


def set_unknown_names(page: IndexedPage, made: Sequence[Draft]) -> None:
    """Set what a row says under such heads and no vocabulary knows, as written."""
    for draft in made:
        block = page.document.blocks[draft.block]
        if draft.aside or block.table is None:
            continue
        for cell in page.list_row_cells(block):
            name = read_named_field(page, cell) if cell != draft.block else ""
            if name and not _is_known(page, cell, name):
                written = _read_name(page, cell)
                value = written.lower()
                if name == "credential":
                    value = strip_gloss(written)
                draft.set_field(name, value or None, RULE, "row", text=written)


def _is_known(page: IndexedPage, cell: int, name: str) -> bool:
    """Return whether a cell names something that its field's own rules read."""
    line = page.block_line(cell)
    if name == "credential":
        return bool(find_credentials(page, line))
    if line.get_mentions("people"):
        return True
    return any(m.means for m in find_occupations(line, page.words, page.occupation))


def _read_name(page: IndexedPage, cell: int) -> str:
    """Return a cell's words where they can be a name; "" for a total or a number."""
    block = page.document.blocks[cell]
    written = " ".join(page.document.text[block.start : block.end].split()).strip(MARKS)
    if len(written) > LONGEST_NAME or not LETTERS.search(written):
        return ""
    every = page.words.lists["columns_everybody"]
    return "" if any(word in every for word in page.block_line(cell).texts) else written


def select_occupation_lines(
    page: IndexedPage, around: Sequence[ContextLine]
) -> list[ContextLine]:
    """Return the lines around without cells of a credential.

    `CPC (professional coder)` glosses the letters, and names no other job.
    """
    return [
        context
        for context in around
        if context.where != "row" or not _is_credential_cell(page, context)
    ]


def _is_credential_cell(page: IndexedPage, context: ContextLine) -> bool:
    cell = page.find_cell_at(context.line.start)
    return cell is not None and read_named_field(page, cell) == "credential"
