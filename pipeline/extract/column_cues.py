"""What the other heads of a table, and the other cells of a row, say of a figure."""

import re
from collections.abc import Sequence

from pipeline.extract import period_cues
from pipeline.extract.drafts import Draft
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.statistic_cues import PERCENTILES
from pipeline.extract.table_legends import find_legend_statistic
from pipeline.extract.tokens import split_tokens

SHARE = re.compile(r"\W*p?(?P<share>10|25|50|75|90)(?:th)?\s?%?\W*\Z", re.I)
MAX_HEAD_WORDS = 4
ROW_SPANS = ("week", "day")
MAX_STUB_WORDS = 2


def list_heads_beside(page: IndexedPage, head: int) -> list[str]:
    """Texts of the heads beside a head, its own among them."""
    blocks = page.document.blocks
    block = blocks[head]
    row = page.list_row_cells(block)
    return [page.document.text[blocks[i].start : blocks[i].end][:80] for i in row]


def find_head_statistic(
    page: IndexedPage, draft: Draft, around: Sequence[ContextLine]
) -> tuple[str, str] | None:
    """Return the statistic that heads give together, with the head's text.

    Bare shares over columns are percentiles where the table names percentiles or has
    more of them; `Low` beside `High` is the least, and the other the most.
    """
    heads = page.find_column_heads(draft.block)
    if not heads:
        return find_legend_statistic(page, draft.block)
    block = page.document.blocks[heads[-1]]
    text = page.document.text[block.start : block.end][:80]
    beside = list_heads_beside(page, heads[-1])
    if share := SHARE.match(text):
        if _is_percentile_table(beside, around):
            return PERCENTILES[int(share["share"])], text
        return None
    return _find_range_end(page, text, beside)


def _is_percentile_table(beside: Sequence[str], around: Sequence[ContextLine]) -> bool:
    if sum(SHARE.match(text) is not None for text in beside) > 1:
        return True
    said = {token.text for c in around for token in c.line.words}
    said |= {token.text for text in beside for token in split_tokens(text)}
    return bool(said & {"percentile", "percentiles"})


def _find_range_end(
    page: IndexedPage, text: str, beside: Sequence[str]
) -> tuple[str, str] | None:
    """Return `minimum` or `maximum` by a pair of heads such as `From` and `To`."""
    lists = page.words.lists
    words = {token.text for token in split_tokens(text)}
    if words.isdisjoint(lists["columns_low"] | lists["columns_high"]):
        return None
    if _count_words(text) > MAX_HEAD_WORDS or any(c.isdigit() for c in text):
        return None  # `Bottom 10%` is a percentile
    said = page.heading_line(text).get_mentions("statistics")
    if any(m.means[:2] in ("p1", "p2", "p7", "p9", "me") for m in said):
        return None  # and so is `Top quartile`
    rest = _list_other_heads(text, beside)
    for own, other, name in (
        ("columns_low", "columns_high", "minimum"),
        ("columns_high", "columns_low", "maximum"),
    ):
        if words & lists[own] and not words & lists[other] and rest & lists[other]:
            return name, text
    return None


def _list_other_heads(text: str, beside: Sequence[str]) -> set[str]:
    """Return the words of the short heads beside one."""
    return {
        token.text
        for other in beside
        if other != text and _count_words(other) <= MAX_HEAD_WORDS
        for token in split_tokens(other)
    }


def _count_words(text: str) -> int:
    """Return how many words a head has, marks aside: two in `Low ($/hour)`."""
    return sum(token.text[0].isalnum() for token in split_tokens(text))


def find_row_period(page: IndexedPage, draft: Draft) -> tuple[str, str] | None:
    """Return the period in the row's cell whose head is `Unit`, `Per` or `Basis`."""
    blocks = page.document.blocks
    block = blocks[draft.block]
    if block.kind != "cell":
        return None
    lists = page.words.lists
    for other in page.list_row_cells(block):
        if other == draft.block:
            continue
        heads = [page.block_line(head) for head in page.find_column_heads(other)[-1:]]
        if not any(t.text in lists["columns_unit"] for h in heads for t in h.words):
            continue
        text = page.document.text[blocks[other].start : blocks[other].end][:40]
        plain = " ".join(text.lower().strip(" ./").split())
        name = page.words.durations.get(plain, "")
        if name or plain in lists["columns_spans"]:
            return name, text
    return None


def find_row_span(page: IndexedPage, draft: Draft) -> tuple[str, str] | None:
    """`Week`, `Day type` over the first column: each row is one week or one day."""
    block = page.document.blocks[draft.block]
    if block.kind != "cell":
        return None
    for stub in page.list_row_cells(block)[:1]:
        for head in page.find_column_heads(stub)[-1:]:
            words = page.block_line(head).texts
            name = page.words.durations.get(words[0], "") if words else ""
            if (
                stub != draft.block
                and name in ROW_SPANS
                and len(words) <= MAX_STUB_WORDS
            ):
                return name, " ".join(words)
    return None


def _list_heading_periods(around: Sequence[ContextLine]) -> list[str]:
    """Spans that the nearest heading has beside a job: `Porter (weekly)`."""
    return [
        cue.means
        for context in around
        if context.where == "heading" and context.nearest
        if context.line.get_mentions("occupation")
        for cue in context.line.get_mentions("periods")
        if cue.place == "any"
    ]


def is_under_period_head(
    page: IndexedPage, draft: Draft, around: Sequence[ContextLine]
) -> bool:
    """Under `Weekly` alone, in a row that names a job or on a page about pay."""
    if not page.about_pay and not any(
        c.where == "row" and c.nearest and c.line.get_mentions("occupation")
        for c in around
    ):
        return False
    names = [
        period_cues.read_head_period(c.line) for c in around if c.where == "column"
    ]
    names += _list_heading_periods(around)
    bands = [page.words.magnitudes[name] for name in names if name]
    return any(low <= draft.figure.size <= high for low, high, *_ in bands)
