"""Places as a page writes them: unknown ones in a column of places, and half ones.

Under `Area`, or in a table `by county`, stands a place, known or not: left out, the
figure would be the whole state's. And `Lafayette` is where the page says that it is.
"""

from collections.abc import Sequence
from itertools import pairwise

from pipeline.extract.area_mentions import find_areas
from pipeline.extract.drafts import Draft
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.named_columns import RULE, names_field

FIELD = "area"
TOWN_LEVELS = (None, "foreign")  # a town of several states has none of its own
LONGEST_NAME = 40
MOST_TOLD = 8  # of a page's mentions of one town
TAIL = 40
MARKS = " \t*_`.:"


def set_unknown_places(
    page: IndexedPage, made: Sequence[Draft], around: Sequence[ContextLine]
) -> None:
    """Set the place that opens a row of a table of places, as written.

    Args:
        page: Of the figures.
        made: The drafts of one cell; those that have a place keep it.
        around: The lines around, nearest first.
    """
    for draft in made:
        label = _find_label(page, draft)
        if draft.aside or label is None:
            continue
        if not _heads_places(page, label, around):
            continue
        line = page.block_line(label)
        block = page.document.blocks[label]
        written = " ".join(page.document.text[block.start : block.end].split())
        written = written.strip(MARKS)
        known = len(written) > LONGEST_NAME or bool(find_areas(line))
        if not known and _is_name(page, written, line.texts):
            draft.set_field(FIELD, written, RULE, "row", text=written)


def _find_label(page: IndexedPage, draft: Draft) -> int | None:
    """Return the cell of the words that a figure's row, or its pair, opens with."""
    block = page.document.blocks[draft.block]
    if block.table is None:
        return None
    label = page.pair_labels.get(draft.block)
    return label if label is not None else next(iter(block.row_heads), None)


def _heads_places(page: IndexedPage, label: int, around: Sequence[ContextLine]) -> bool:
    """Return whether a column is headed `Area`, or its table is `by county`."""
    own = page.words.lists["columns_area"]
    heads = [page.block_line(head).texts for head in page.find_column_heads(label)]
    named = [words for words in heads if words]
    if named:
        return names_field(page, named[-1], "area")
    return any(
        word == "by" and behind in own
        for context in around
        if context.where in ("heading", "caption", "lead_in") and context.nearest
        for word, behind in pairwise(context.line.texts)
    )


def _is_name(page: IndexedPage, written: str, words: Sequence[str]) -> bool:
    """Return whether words can be the name of a place: capitals, and no total."""
    every = page.words.lists["columns_everybody"]
    return written[:1].isupper() and not any(word in every for word in words)


def complete_place(page: IndexedPage, name: str) -> str:
    """Return a town or county with the state that the page gives it elsewhere.

    Args:
        page: Whose text may say `Lafayette, Louisiana`.
        name: As a figure has it.

    Returns:
        `Lafayette, LA`; the name itself where the page names no state with it.
    """
    known = page.words.area_levels.get(name) not in TOWN_LEVELS
    if "," in name or ";" in name or known:
        return name
    if name not in page.whole_places:
        page.whole_places[name] = _find_whole(page, name) or name
    return page.whole_places[name]


def _find_whole(page: IndexedPage, name: str) -> str:
    text = page.document.text
    at = text.find(f"{name}, ")
    for _ in range(MOST_TOLD):
        if at < 0:
            break
        line = page.span_line(at, min(len(text), at + len(name) + TAIL))
        for mention in find_areas(line)[:1]:
            if mention.start == at and mention.means.startswith(f"{name}, "):
                return mention.means
        at = text.find(f"{name}, ", at + 1)
    last = name.rpartition(" ")[2].lower()
    home, _, state = page.area_place.partition("-")
    if home == "US" and len(state) == 2 and last in page.words.lists["county_words"]:
        return f"{name}, {state}"
    return ""
