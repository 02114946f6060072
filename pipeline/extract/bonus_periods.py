"""What figures of one row of a table are to each other."""

from collections.abc import Sequence

from pipeline.extract.column_types import read_column_period
from pipeline.extract.drafts import Draft
from pipeline.extract.indexed_page import IndexedPage

PAID_ONCE_WORDS = ("sign", "joining", "welcome", "referral", "relocation", "retention")


def set_bonus_periods(page: IndexedPage, made: Sequence[Draft]) -> None:
    """Give a bonus the period of the pay in its row, unless it is paid once."""
    blocks = page.document.blocks
    spans: dict[tuple[int | None, int | None], str] = {}
    for draft in made:
        block = blocks[draft.block]
        if block.table is not None and draft.kind == "pay_level" and not draft.aside:
            period = draft.fields.get("period")
            if period in ("year", "month"):
                spans.setdefault((block.table, block.row), period)
    for draft in made:
        block = blocks[draft.block]
        if draft.kind != "bonus" or draft.aside or "period" in draft.fields:
            continue
        headed = read_column_period(page, draft.block)
        period = headed or spans.get((block.table, block.row), "")
        if period and not _is_paid_once(page, draft):
            rule = "period in the column head" if headed else "as the pay in its row"
            draft.set_field("period", period, rule, "column" if headed else "row")


def _is_paid_once(page: IndexedPage, draft: Draft) -> bool:
    heads = page.find_column_heads(draft.block)
    blocks, text = page.document.blocks, page.document.text
    said = " ".join(text[blocks[i].start : blocks[i].end] for i in heads).lower()
    return any(word in said for word in PAID_ONCE_WORDS)
