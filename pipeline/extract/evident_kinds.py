"""Sums that a head or the sum beside them settles: outgo, what is left, a rise."""

import math
from collections.abc import Sequence

from pipeline.extract import kind_cues
from pipeline.extract.drafts import Draft
from pipeline.extract.indexed_page import ContextLine
from pipeline.extract.inside_markup import is_inside_markup
from pipeline.extract.kind_cues import FigureKind
from pipeline.extract.pay_sizes import LEAST_HOUR
from pipeline.extract.period_cues import find_touching_period
from pipeline.extract.tagged_lines import TaggedLine

EVERY = frozenset(("each", "every", "the", "a", "per"))
A_DOLLAR = 1.0
REACH = 4
PLUSES = frozenset(("+", "plus", "with", "and", "the", "(", ",", "."))
HEAD_WORDS = 6
AVERAGES = frozenset(("average", "median", "mean", "typical"))
AVERAGE_REACH = 9
LEAST_HIRED_PAY = 11_000.0


def find_evident_kind(
    line: TaggedLine, draft: Draft, around: Sequence[ContextLine], made: Sequence[Draft]
) -> FigureKind | None:
    """Return the kind of a sum that is plain without reading its sentence, or None."""
    return (
        _check_markup(line, draft)
        or _read_column_kind(line, around)
        or _check_benefit_list(line, draft, around)
        or _check_bracketed_expense(line, draft.index)
        or _check_before_grade_pay(line, draft.index)
        or _check_hired_at(line, draft)
        or _check_average_of_thing(line, draft.index)
        or _check_cents_per_dollar(line, draft.index)
        or _check_repeated_rise(line, draft.index, made)
    )


def _check_markup(line: TaggedLine, draft: Draft) -> FigureKind | None:
    """Return other for a number in a tag or in the target of a link."""
    if is_inside_markup(line.text, draft.figure.start, draft.figure.end):
        return FigureKind("other", None, "part of the markup")
    return None


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
        said = words - line.lists["sums_head_fillers"]
        if said and said <= line.lists["sums_fringe_heads"]:
            return FigureKind("other", None, "column of benefits", "column")
        if said and said <= line.lists["sums_equity_heads"]:
            return FigureKind("bonus", None, "column of equity", "column")
    return None


def _check_benefit_list(
    line: TaggedLine, draft: Draft, around: Sequence[ContextLine]
) -> FigureKind | None:
    """Return other for a sum under `Benefits` whose line speaks of no pay or bonus."""
    near = (c for c in around if c.nearest and c.where in ("heading", "lead_in"))
    context = next(near, None)
    if context is None or len(context.line.words) > HEAD_WORDS:
        return None
    if line.lists["benefit_heads"].isdisjoint(context.line.texts):
        return None
    if any(m.means == "pay" for m in context.line.list_strong_topics()):
        return None
    named = {m.means for m in line.list_strong_topics()}
    if not named and _is_rate_of_pay(line, draft):
        return None
    if "bonus" in named or named == {"pay"}:
        return None
    return FigureKind("other", None, "a benefit", context.where)


def _is_rate_of_pay(line: TaggedLine, draft: Draft) -> bool:
    """Return whether a sum is for an hour or a year and has the size: `$22 an hour`."""
    span = find_touching_period(line, draft.index)
    least = {"hour": LEAST_HOUR, "year": LEAST_HIRED_PAY}
    return span is not None and draft.figure.size >= least.get(span.means, math.inf)


def _check_bracketed_expense(line: TaggedLine, index: int) -> FigureKind | None:
    """Return cost for `after fuel ($61,000)`: the word before the bracket buys it."""
    first = line.spots[index][0]
    before = line.get_words_between(max(0, first - 2), first)
    if len(before) == 2 and before[1] == "(" and before[0] in line.lists["expenses"]:
        return FigureKind("cost", None, "an expense and its sum")
    return None


def _check_average_of_thing(line: TaggedLine, index: int) -> FigureKind | None:
    """`average order: $85`, `the median loan is $21,000`: of things, and of no pay."""
    first = line.spots[index][0]
    floor = line.find_figure_before(first)
    floor = max(floor, first - AVERAGE_REACH)
    at = [i for i in range(floor, first) if line.words[i].text in AVERAGES]
    if not at or any(m.means == "pay" for m in line.list_strong_topics()):
        return None
    jobs = {i for m in line.get_mentions("occupation") for i in range(m.first, m.last)}
    near = range(at[-1] + 1, min(at[-1] + 1 + REACH, first))
    # `the average home health aide`: a word of a job's name is no thing.
    named = {line.texts[i] for i in near if i not in jobs}
    if line.lists["averaged_things"].isdisjoint(named):
        return None
    return FigureKind("other", None, "average of a thing")


def _check_before_grade_pay(line: TaggedLine, index: int) -> FigureKind | None:
    """Return pay for `9,300-34,800 + grade pay of 4,200`: a band, and what is added."""
    last = line.spots[index][1]
    behind = [w for w in line.texts[last : last + REACH] if w not in PLUSES]
    if behind[:2] != ["grade", "pay"]:
        return None
    return FigureKind("pay_level", None, "what grade pay is added to")


def _check_hired_at(line: TaggedLine, draft: Draft) -> FigureKind | None:
    """Return pay for `hired 40 nurses at $61,000`: a verb of hiring, who, for what."""
    first = line.spots[draft.index][0]
    if draft.figure.size < LEAST_HIRED_PAY:
        return None
    at, fillers = first - 1, line.lists["kinds_fillers"]
    while at > 0 and line.texts[at] != "at" and line.texts[at] in fillers:
        at -= 1
    floor = line.find_figure_before(first)
    if at <= floor or line.words[at].text != "at":
        return None
    verbs = [i for i in range(floor, at) if line.words[i].text in line.lists["hiring"]]
    who = [m for m in line.get_mentions("occupation", "people") if floor <= m.first]
    if not verbs or not any(verbs[-1] < m.last <= at for m in who):
        return None
    return FigureKind("pay_level", None, "what who is hired gets")


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
