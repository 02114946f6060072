"""One sentence, cell or heading: from its figures to drafts of claims."""

from collections.abc import Sequence

from pipeline.extract import period_cues, statistic_cues
from pipeline.extract.attachment import is_figure_in_mention
from pipeline.extract.change_phrases import is_after_change_verb, is_definite_point
from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.evident_kinds import find_evident_kind
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.kind_cues import FigureKind
from pipeline.extract.lexicon import Mention
from pipeline.extract.list_kinds import note_listed_figure, read_listed_kind
from pipeline.extract.money_kind import find_money_kind
from pipeline.extract.non_pay_amounts import find_non_pay_kind
from pipeline.extract.non_pay_clauses import find_clause_kind
from pipeline.extract.pay_clauses import find_pay_clause
from pipeline.extract.pay_context import has_source_or_statistic, is_imagined
from pipeline.extract.percent_kind import find_percent_kind
from pipeline.extract.publisher_mentions import find_publishers
from pipeline.extract.statistic_cues import PERCENTILES
from pipeline.extract.tagged_lines import TaggedLine

MAX_SHORT_BLOCK = 160
OPENING_WORDS = 3
DENIAL_REACH = 8  # words from `nobody should` to the sum
DENIAL_ENDS = frozenset(";-–—")
# A sum that words call pay is pay, however little: it is shown, and refused later.
STATED_PAY = ("word for pay", "a wage is the subject")
LEGAL_BOUNDS = frozenset(("minimum", "less", "least"))
TAILS = ("high:", "low:")


def draft_line(
    page: IndexedPage,
    line: TaggedLine,
    block: int,
    around: Sequence[ContextLine],
    before: SentenceState,
) -> list[Draft]:
    """Drafts of every figure of a line, kinds and bounds settled."""
    made = [Draft(figure, line, i, block) for i, figure in enumerate(line.figures)]
    status = _find_line_status(page, line, block)
    if is_imagined(line) or (
        before.in_imagined_scene and not has_source_or_statistic(line)
    ):
        status = status or "hypothetical"
    for draft in made:
        if draft.figure.fault:
            draft.aside = draft.figure.fault
        elif _is_part_of_cue(line, draft):
            draft.aside = "part_of_a_statistic"
        elif status in ("furniture", "advert"):
            draft.aside = status
        elif draft.figure.size == 0:
            draft.aside = "zero"
        else:
            _set_kind(page, line, draft, around, before, made)
            _mark_illustration(line, draft, status)
            note_listed_figure(page, draft)
            if not draft.aside:
                _set_bounds(page, line, draft)
    return made


def _find_line_status(page: IndexedPage, line: TaggedLine, block: int) -> str:
    if page.document.blocks[block].furniture:
        return "furniture"
    where = page.document.blocks[block]
    spoken = line.get_mentions("hypothetical")
    if where.end - where.start < MAX_SHORT_BLOCK:
        said = page.block_line(block).get_mentions("hypothetical")
        spoken = [*spoken, *(m for m in said if m.first < OPENING_WORDS)]
    if any(cue.means == "advert" for cue in spoken):
        return "advert"
    for cue in line.get_mentions("hypothetical"):
        if cue.means == "hypothetical" or (
            cue.means in ("negated", "hearsay") and cue.place == "sentence"
        ):
            return cue.means
    return ""


def _is_part_of_cue(line: TaggedLine, draft: Draft) -> bool:
    """Return whether a percent names a statistic: `the lowest 10 percent`."""
    if draft.figure.unit != "percent":
        return False
    after = line.spots[draft.index][1]
    if line.lists["reckoned_on"] & {*line.get_words_between(after + 1, after + 3)}:
        return False  # `10% of base salary` is reckoned on pay
    return any(
        is_figure_in_mention(line, draft.index, cue)
        for cue in line.get_mentions("statistics")
    )


def _mark_illustration(line: TaggedLine, draft: Draft, status: str) -> None:
    """Hypothetical, negated, quoted and asked figures say nothing of pay."""
    if status and draft.kind == "bonus" and not draft.aside:
        draft.kind = "other"
        draft.set_field("hypothetical", True, f"illustration: {status}")
    if draft.aside or draft.kind not in ("pay_level", "pay_delta_abs", "pay_delta_rel"):
        return
    reason = status or _find_illustration(line, draft)
    if reason:
        draft.kind = "other"
        draft.set_field("hypothetical", reason != "everyone", f"illustration: {reason}")


def _find_illustration(line: TaggedLine, draft: Draft) -> str:
    """Return why a figure is nobody's pay: question, denial, testimonial; else ""."""
    if line.question and "?" in line.text[draft.figure.end : line.end]:
        return "question"
    reason = ""
    for cue in line.get_mentions("hypothetical"):
        if cue.means == "hearsay" and _is_publisher_saying(line, cue):
            continue
        if _is_illustrated_by(line, draft.index, cue):
            reason = cue.means
    if not reason and _is_testimonial(line, draft):
        return "testimonial"
    return reason


def _is_publisher_saying(line: TaggedLine, cue: Mention) -> bool:
    """`$45,730 per the BLS, and they say`: who says it was named before."""
    if any(m.last <= cue.first for m in find_publishers(line)):
        return True
    # `the wage people say`, and not `people say`.
    return "the" in line.texts[max(0, cue.first - 2) : cue.first]


def _is_illustrated_by(line: TaggedLine, index: int, cue: Mention) -> bool:
    """`nobody should take $9 an hour`: the word is the figure's, and no other's."""
    first = line.spots[index][0]
    if cue.place == "near":
        return _is_nearest_people(line, cue.first, first)
    if cue.place != "before" or not 0 <= first - cue.last <= DENIAL_REACH:
        return False
    if not DENIAL_ENDS.isdisjoint(line.get_words_between(cue.last, first)):
        return False
    return not any(cue.last <= a < first for a, _ in line.spots)


def _is_nearest_people(line: TaggedLine, at: int, first: int) -> bool:
    """No other occupation stands between the comparators and the figure."""
    low, high = min(at, first), max(at, first)
    if {",", "but"} <= {*line.get_words_between(low, high)}:
        return False
    if any(0 <= at - b <= 4 and b <= at < first for _, b in line.spots):
        return False  # it stands behind another figure, and is that one's
    if any(low < spot < high for spot, _ in line.spots):
        return False
    others = [m for m in line.get_mentions("occupation") if low + 4 < m.first < high]
    return not others and abs(first - at) < 14


def _is_testimonial(line: TaggedLine, draft: Draft) -> bool:
    """First person singular within quotation marks."""
    text = line.text
    left = max(
        text.rfind("“", line.start, draft.figure.start),
        text.rfind('"', line.start, draft.figure.start),
    )
    if left < 0:
        return False
    close = min(
        (
            at
            for at in (
                text.find("”", draft.figure.end, line.end),
                text.find('"', draft.figure.end, line.end),
            )
            if at >= 0
        ),
        default=-1,
    )
    if close < 0:
        return False
    inside = [t.text for t in line.words if left < t.start < close]
    return "i" in inside or "my" in inside


def _set_kind(
    page: IndexedPage,
    line: TaggedLine,
    draft: Draft,
    around: Sequence[ContextLine],
    before: SentenceState,
    made: list[Draft],
) -> None:
    if draft.figure.unit == "money":
        verdict = _find_sum_kind(page, line, draft, around, before, made)
    else:
        verdict = find_percent_kind(page, line, draft, around, before, made)
    draft.verdict = verdict
    if verdict.kind.startswith("aside:"):
        draft.aside = verdict.kind[6:]
        return
    draft.kind = verdict.kind
    draft.set_field("kind", verdict.kind, verdict.rule, verdict.where, verdict.cue)
    if verdict.direction and draft.kind in (
        "pay_delta_abs",
        "pay_delta_rel",
        "outlook",
    ):
        draft.set_field(
            "direction", verdict.direction, verdict.rule, verdict.where, verdict.cue
        )


def _find_sum_kind(
    page: IndexedPage,
    line: TaggedLine,
    draft: Draft,
    around: Sequence[ContextLine],
    before: SentenceState,
    made: list[Draft],
) -> FigureKind:
    """Return what a sum is: by what is plain first, then by the words around it."""
    verdict = (
        find_evident_kind(line, draft, around, made)
        or find_clause_kind(line, draft)
        or find_pay_clause(line, draft, around)
        or find_non_pay_kind(page, line, draft)
        or find_money_kind(page, line, draft, around, before, made)
    )
    verdict = read_listed_kind(page, line, draft, verdict) or verdict
    if verdict.kind == "pay_level" and verdict.rule not in STATED_PAY:
        own = period_cues.find_touching_period(line, draft.index)
        if own is not None and _is_too_little(page, draft, own.means):
            return FigureKind("other", None, "too little for its span", cue=own)
    return verdict


def _is_too_little(page: IndexedPage, draft: Draft, period: str) -> bool:
    """Return whether a sum is less than any pay for its span: `$40 a month`."""
    if period == "hour":
        return False
    return draft.figure.size < page.words.magnitudes.get(period, (0.0,))[0]


def _find_tail(line: TaggedLine, index: int) -> Mention | None:
    """Return the tenth or quarter that is named before a figure, past the last one."""
    first = line.spots[index][0]
    tails = (m for m in line.get_mentions("statistics") if m.means.startswith(TAILS))
    for mention in tails:
        if mention.last <= first and not any(
            mention.last <= at < first for at, _ in line.spots
        ):
            return mention
    return None


def _is_first_of_two(line: TaggedLine, index: int, cue: Mention) -> bool:
    """Whether a figure behind `from` is followed by another behind `to`."""
    if line.texts[cue.first] != "from" or index + 1 >= len(line.figures):
        return False
    first = line.spots[index + 1][0]
    unit = line.figures[index].unit == line.figures[index + 1].unit
    return unit and line.texts[first - 1] == "to" and line.texts[first - 2] != "up"


def _set_bounds(page: IndexedPage, line: TaggedLine, draft: Draft) -> None:
    """Open ends and approximations that the words around a figure give it."""
    figure, index = draft.figure, draft.index
    effect, cue = statistic_cues.find_bound(line, index)
    if _is_no_bound(page, line, draft, effect, cue):
        effect, cue = "", None
    if effect == "high" and (tail := _find_tail(line, index)) is not None:
        # `the top ten percent make as high as $76,000`: where that tenth begins.
        effect, cue = "", None
        _set_tail_statistic(draft, tail)
    if effect == "approx":
        draft.set_field("approximate", True, "approximate word", "sentence", cue)
        effect = ""
    if figure.approximate:
        draft.set_field("approximate", True, "approximate as written")
    if figure.value is None:
        return
    if effect == "":
        _set_starting_pay(line, draft)
        return
    if cue is not None and not statistic_cues.is_bound_word(line, index, cue):
        return
    if effect == "low":
        figure.low, figure.value = figure.value, None
    else:
        figure.high, figure.value = figure.value, None
    draft.set_field("bound", effect, "bound word", "sentence", cue)


def _is_no_bound(
    page: IndexedPage, line: TaggedLine, draft: Draft, effect: str, cue: Mention | None
) -> bool:
    """Return whether a figure is a point after all, though a word for a bound is near.

    So are what pay was before it rose, `from $33,520 in one state to $54,250 in
    another`, and `a wage of not less than $15`, which is the law's own rate.
    """
    start, money = draft.figure.start, draft.figure.unit == "money"
    if effect in ("low", "high") and is_definite_point(line.text, start):
        return True
    if effect != "low":
        return False
    if is_after_change_verb(line.text, start, money=money):
        return True
    if cue is not None and _is_first_of_two(line, draft.index, cue):
        return True
    if cue is None or not page.about_floor or not money:
        return False
    return not LEGAL_BOUNDS.isdisjoint(line.get_words_between(cue.first, cue.last))


def _set_tail_statistic(draft: Draft, tail: Mention) -> None:
    """Set the percentile at which a tenth or quarter of people begins."""
    side, _, share = tail.means.partition(":")
    tenth = float(share)
    name = PERCENTILES.get(int(100 - tenth if side == "high" else tenth))
    draft.set_field("statistic", name, "tenth with a bound", "sentence", tail)


def _set_starting_pay(line: TaggedLine, draft: Draft) -> None:
    """Make the floor of a job an open end: `positions starting at $42,000`."""
    start = statistic_cues.find_starting_pay(line, draft.index)
    if start is not None:
        figure = draft.figure
        figure.low, figure.value = figure.value, None
        draft.set_field("bound", "low", "floor of a job", "sentence", start)
