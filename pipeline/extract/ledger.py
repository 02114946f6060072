"""Sums that a head or the sum beside them settles: outgo, what is left, a rise."""

from collections.abc import Sequence

from pipeline.extract import kinds
from pipeline.extract.drafts import Draft
from pipeline.extract.kinds import Kind
from pipeline.extract.page import Context
from pipeline.extract.sentences import Line

CENTS = frozenset(("¢", "cents", "cent"))
DOLLARS = frozenset(("dollar", "dollars"))
EVERY = frozenset(("each", "every", "the"))
REACH = 4


def settled(
    line: Line, draft: Draft, around: Sequence[Context], made: Sequence[Draft]
) -> Kind | None:
    """What a sum is where no reading of its sentence is called for."""
    return (
        _headed(line, around)
        or _of_a_dollar(line, draft.index)
        or _rise_again(line, draft.index, made)
    )


def _headed(line: Line, around: Sequence[Context]) -> Kind | None:
    """A column headed `Gas` holds what is spent, one headed `Net` what is left."""
    for context in around:
        if context.where != "column" or not context.nearest:
            continue
        words = {word for word in context.line.texts if word.isalpha()}
        if words and words <= line.lists["sums_cost_heads"]:
            return Kind("cost", None, "column of costs", "column")
        if words and words <= line.lists["sums_pay_heads"]:
            return Kind("pay_level", None, "column of pay", "column")
    return None


def _of_a_dollar(line: Line, index: int) -> Kind | None:
    """`87 cents for every dollar` compares; it pays nobody."""
    if line.figures[index].mark not in CENTS:
        return None
    last = line.spots[index][1]
    words = line.between(last, last + REACH)
    if DOLLARS & {*words} and EVERY & {*words}:
        return Kind("other", None, "cents of a dollar")
    return None


def _rise_again(line: Line, index: int, made: Sequence[Draft]) -> Kind | None:
    """`risen 28 percent since 2021, or about $430 a week`: the same rise in money."""
    if index == 0 or made[index - 1].aside:
        return None
    prior = made[index - 1]
    if prior.kind != "pay_delta_rel" or not kinds.shared_with(line, index):
        return None
    if line.words[line.spots[index][0] - 1].text == "(":
        return None  # what stands in brackets may be the level itself
    direction = prior.fields.get("direction")
    return Kind("pay_delta_abs", direction, "same as the figure before")
