"""Sums that a head or the sum beside them settles: outgo, what is left, a rise."""

from collections.abc import Sequence

from pipeline.extract import kind_cues
from pipeline.extract.drafts import Draft
from pipeline.extract.indexed_page import ContextLine
from pipeline.extract.kind_cues import FigureKind
from pipeline.extract.tagged_lines import TaggedLine

EVERY = frozenset(("each", "every", "the", "a", "per"))
A_DOLLAR = 1.0
REACH = 4


def find_evident_kind(
    line: TaggedLine, draft: Draft, around: Sequence[ContextLine], made: Sequence[Draft]
) -> FigureKind | None:
    """Return the kind of a sum that is plain without reading its sentence, or None."""
    return (
        _read_column_kind(line, around)
        or _check_cents_per_dollar(line, draft.index)
        or _check_repeated_rise(line, draft.index, made)
    )


def _read_column_kind(
    line: TaggedLine, around: Sequence[ContextLine]
) -> FigureKind | None:
    """Return cost under a head such as `Gas`, pay under one such as `Net`."""
    for context in around:
        if context.where != "column" or not context.nearest:
            continue
        words = {word for word in context.line.texts if word.isalpha()}
        if words and words <= line.lists["sums_cost_heads"]:
            return FigureKind("cost", None, "column of costs", "column")
        if words and words <= line.lists["sums_pay_heads"]:
            return FigureKind("pay_level", None, "column of pay", "column")
    return None


def _check_cents_per_dollar(line: TaggedLine, index: int) -> FigureKind | None:
    """`87 cents for every dollar` compares; `R5.81 to the dollar` exchanges."""
    last = line.spots[index][1]
    if _is_exchange_rate(line, last):
        return FigureKind("other", None, "rate of exchange")
    if not (line.figures[index].minor or line.figures[index].size < A_DOLLAR):
        return None
    words = line.get_words_between(last, last + REACH)
    if line.lists["whole_units"] & {*words} and EVERY & {*words}:
        return FigureKind("other", None, "cents of a dollar")
    return None


def _is_exchange_rate(line: TaggedLine, last: int) -> bool:
    """Return whether `to the dollar`, or `per US dollar`, follows a sum."""
    words = line.get_words_between(last, last + REACH)
    if words[:1] not in (["to"], ["per"]):
        return False
    behind = [word for word in words[1:] if word not in ("the", "us", "one")]
    return not line.lists["whole_units"].isdisjoint(behind[:1])


def _check_repeated_rise(
    line: TaggedLine, index: int, made: Sequence[Draft]
) -> FigureKind | None:
    """`risen 28 percent since 2021, or about $430 a week`: the same rise in money."""
    if index == 0 or made[index - 1].aside:
        return None
    prior = made[index - 1]
    if prior.kind != "pay_delta_rel" or not kind_cues.is_restatement(line, index):
        return None
    if line.words[line.spots[index][0] - 1].text == "(":
        return None  # what stands in brackets may be the level itself
    direction = prior.fields.get("direction")
    return FigureKind("pay_delta_abs", direction, "same as the figure before")
