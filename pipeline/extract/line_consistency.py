"""What the figures of one line are to each other, once each is read by itself.

A low, an average and a high side by side are a range around a point; a share with a
bracket of pay is one fact; the middle half is two percentiles; `the figures were A
and B` says again what the sentence before said; a mend that its period denies is none.
"""

import itertools
from collections.abc import Sequence

from pipeline.core.currency_table import CurrencyTable
from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.number_ranges import Figure
from pipeline.extract.tagged_lines import TaggedLine

COPIED_FIELDS = (
    "statistic",
    "period",
    "credential",
    "credential_count",
    "experience_min",
    "experience_max",
    "occupation",
    "employer_type",
    "work_mode",
    "specialty",
    "pay_basis",
    "area",
    "area_level",
    "attributed_to",
)


PERIODS_A_YEAR = {"hour": 2080.0, "week": 52.0, "month": 12.0, "year": 1.0}


def copy_previous_fields(
    line: TaggedLine, made: Sequence[Draft], before: SentenceState
) -> None:
    """`In 2020 that line was at $38,600`: as the sentence before, in its order."""
    live = [d for d in made if not d.aside]
    prior = before.drafts
    if not live or not prior or not _is_of_same_pay(line):
        return
    models = prior[: len(live)] if len(live) > 1 else prior[-1:]
    if len(models) != len(live):
        return
    for draft, model in zip(live, models, strict=True):
        if draft.figure.unit == model.figure.unit:
            _copy_model(draft, model)


def _is_of_same_pay(line: TaggedLine) -> bool:
    """Return whether a line points back (`that figure`) and names no pay of its own."""
    if not any(m.first <= 8 for m in line.get_mentions("anaphora")):
        return False
    return not line.get_mentions("statistics") and not line.list_strong_topics()


def _copy_model(draft: Draft, model: Draft) -> None:
    """Make a draft one of the pay that the model is of: a point where that is one."""
    draft.kind = model.kind
    if model.figure.value is not None and draft.figure.value is None:
        draft.figure.value = draft.figure.size
        draft.figure.low = draft.figure.high = None
    for name in COPIED_FIELDS:
        value = model.fields.get(name)
        if value is not None:
            draft.fields.pop(name, None)
            draft.set_field(
                name, value, "as the sentence before", "sentence", text=str(value)
            )
            draft.inherited[name] = "sentence"


def copy_converted_statistic(made: Sequence[Draft], before: SentenceState) -> None:
    """`That's $24.52 an hour`: as the sum before it, for another span."""
    prior = [d for d in before.drafts if not d.aside][-1:]
    for draft in made:
        if draft.aside or draft.kind != "pay_level":
            continue
        if draft.fields.get("statistic") == "unspecified":
            for other in prior:
                if other.kind == "pay_level" and _is_conversion(draft, other):
                    draft.fields.pop("statistic")
                    name = other.fields.get("statistic")
                    draft.set_field("statistic", name, "as the sum it converts")
        prior = [draft]


def _is_conversion(draft: Draft, other: Draft) -> bool:
    """Points for two spans of time that come to one sum a year."""
    here, there = draft.fields.get("period"), other.fields.get("period")
    if here == there or here not in PERIODS_A_YEAR or there not in PERIODS_A_YEAR:
        return False
    if draft.figure.value is None or not other.figure.value:
        return False
    ratio = (
        draft.figure.value
        * PERIODS_A_YEAR[here]
        / (other.figure.value * PERIODS_A_YEAR[there])
    )
    return 0.99 < ratio < 1.01


def resolve_line_figures(
    line: TaggedLine, made: Sequence[Draft], table: CurrencyTable
) -> None:
    """Judge a line's figures together."""
    _join_share_brackets(line, made)
    _split_middle_shares(line, made)
    _check_repairs(made, table)
    _set_aside_vague(made)


def _set_aside_vague(made: Sequence[Draft]) -> None:
    for draft in made:
        if (
            draft.figure.note == "figures"
            and draft.kind != "pay_level"
            and not draft.aside
        ):
            draft.aside = "too_vague"


def _join_share_brackets(line: TaggedLine, made: Sequence[Draft]) -> None:
    """`22% of respondents earned $40,000-$49,999`: a bracket of a distribution."""
    for share, pay in itertools.pairwise(made):
        if share.kind != "share" or share.aside or pay.aside or pay.kind != "pay_level":
            continue
        figure = pay.figure
        if figure.value is not None or pay.fields.get("statistic") in (
            "median",
            "mean",
        ):
            continue
        gap = line.get_words_between(
            line.spots[share.index][1], line.spots[pay.index][0]
        )
        if len(gap) > 12 or ";" in gap or not line.lists["settle_bracket"] & {*gap}:
            continue
        share.figure.low, share.figure.high = figure.low, figure.high
        share.fields.setdefault("currency", pay.fields.get("currency"))
        share.fields.setdefault("period", pay.fields.get("period"))
        pay.aside = "bracket_of_a_share"


def _split_middle_shares(line: TaggedLine, made: Sequence[Draft]) -> None:
    """Split `the middle 50 percent made between A and B` into p25 and p75."""
    for draft in made:
        if draft.aside or draft.kind != "pay_level" or len(draft.figure.numbers) != 2:
            continue
        if draft.figure.low is None or draft.figure.high is None:
            continue
        first = line.spots[draft.index][0]
        for cue in line.get_mentions("statistics"):
            if cue.means.startswith("middle") and 0 <= first - cue.last <= 9:
                share = cue.numbers[0] if cue.numbers else 50.0
                names = {50.0: ("p25", "p75"), 80.0: ("p10", "p90")}.get(share)
                if names:
                    draft.fields["split"] = names


def _check_repairs(made: Sequence[Draft], table: CurrencyTable) -> None:
    """Set aside a mended figure that does not fit its period."""
    for draft in made:
        figure = draft.figure
        if draft.aside or not figure.repairs:
            continue
        period = draft.fields.get("period")
        pointed = table.is_comma(draft.fields.get("currency"))
        pointed = pointed or period in ("hour", "day")
        if "comma_for_point" in figure.repairs and not pointed:
            draft.aside = "malformed"
        if "point_for_comma" in figure.repairs and period == "hour":
            _take_back_comma(figure)
        if len(set(figure.repairs) - {"in_thousands", "reversed"}) >= 2:
            draft.aside = "broken_twice"


def _take_back_comma(figure: Figure) -> None:
    """Read `24.500` an hour as written: the point was none between thousands."""
    for name in ("value", "low", "high"):
        number = getattr(figure, name)
        if number is not None and number >= 1000:
            setattr(figure, name, round(number / 1000, 3))
    figure.repairs = tuple(r for r in figure.repairs if r != "point_for_comma")
