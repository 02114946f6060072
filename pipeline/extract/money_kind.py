"""What a sum of money is: a level of pay, a difference, a bonus, a cost."""

from collections.abc import Sequence

from pipeline.extract import kind_cues, period_cues
from pipeline.extract.column_types import read_column_period, type_cell
from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.kind_around import (
    LARGE_PAY,
    MAX_PAY,
    classify_by_size,
    find_kind_around,
    find_placed_kind,
    is_label_of_pay,
)
from pipeline.extract.kind_cues import FigureKind
from pipeline.extract.page_occupation import find_spoken_occupation
from pipeline.extract.pay_context import MIN_PAGE_LENGTH
from pipeline.extract.pay_sizes import get_currency_scale
from pipeline.extract.repeats import (
    is_beyond_bonuses,
    is_earlier_year,
    is_parted_by_count,
    is_repeated_figure,
    is_sum_of_changes,
)
from pipeline.extract.sentence_topics import (
    MONEY_KINDS,
    choose_sentence_topic,
    find_topic_around,
    has_period_behind,
)
from pipeline.extract.stated_pay import (
    is_level_before,
    is_living_stipend,
    is_pay_of_top_earner,
    is_raise_behind,
)
from pipeline.extract.tagged_lines import TaggedLine

HUGE_SUM = 5_000_000
MOST_DIFFERENCE = 400_000
MINUS = "-−–"
OBJECT_REACH = 4  # words from `less in` to what it is of


def find_money_kind(
    page: IndexedPage,
    line: TaggedLine,
    draft: Draft,
    around: Sequence[ContextLine],
    before: SentenceState,
    made: list[Draft],
) -> FigureKind:
    """Say what a sum of money is."""
    if _is_beyond_pay(page, line, draft):
        return FigureKind("other", None, "larger than any pay")
    touch = _find_touching_mark(page, line, draft)
    if touch is not None and touch.kind == "change":
        return _classify_difference(page, line, draft, touch, around, before, made)
    if touch is not None and touch.kind == "floor":
        return _classify_floor(page, line, draft, touch)
    if touch is not None and touch.kind not in ("pay_level", "level"):
        return touch
    if period_cues.is_piece_rate(line, draft.index):
        return FigureKind("other", None, kind_cues.PIECE_RULE)
    if (same := _copy_previous_kind(line, draft.index, made, touch)) is not None:
        return same
    if touch is not None and touch.kind == "pay_level":
        return _classify_level(page, line, draft, touch)
    strong = kind_cues.find_topic_kind(line, draft.index)
    if strong is None or strong.kind == "outlook" or _is_parted(line, draft, strong):
        return _classify_without_topic(page, line, draft, around, before)
    return _classify_topic(page, line, draft, strong)


def _is_parted(line: TaggedLine, draft: Draft, strong: FigureKind) -> bool:
    """`rent costs $900; cooks make $18`: what costs, is in the clause before."""
    first = line.spots[draft.index][0]
    if strong.kind == "pay_level" or strong.cue is None or strong.cue.last > first:
        return False
    if ";" not in line.get_words_between(strong.cue.last, first):
        return False
    weak = kind_cues.find_topic_kind(line, draft.index, strong=False)
    return (
        weak is not None
        and weak.kind == "pay_level"
        and _is_verb_of_occupation(line, weak)
    )


def _is_beyond_pay(page: IndexedPage, line: TaggedLine, draft: Draft) -> bool:
    """Return whether a sum is too large for pay: `$40 million`, not stated as pay."""
    large = draft.figure.size >= HUGE_SUM * get_currency_scale(page, draft.figure)
    if large and is_pay_of_top_earner(line, draft):
        return False
    return large and not _is_stated_as_pay(line, draft)


def _find_touching_mark(
    page: IndexedPage, line: TaggedLine, draft: Draft
) -> FigureKind | None:
    """Return the kind by a word, a plus sign or a column that touches a sum."""
    touch = kind_cues.find_touching_kind(line, draft.index)
    if touch is not None:
        return touch
    if draft.figure.numbers and draft.figure.numbers[0].sign == "+":
        return FigureKind("change", "up", "plus sign")
    return _find_column_change(page, draft) or _find_row_change(page, draft)


def _classify_topic(
    page: IndexedPage, line: TaggedLine, draft: Draft, strong: FigureKind
) -> FigureKind:
    """Return the kind of a sum whose sentence has a strong word."""
    if strong.kind == "floor":
        return _classify_floor(page, line, draft, strong)
    if strong.kind == "pay_level" or is_living_stipend(line, draft, strong):
        return _classify_level(page, line, draft, strong)
    return strong


def _find_column_change(page: IndexedPage, draft: Draft) -> FigureKind | None:
    """Return a change, up or down by its sign, for a sum in a column of changes."""
    block = page.document.blocks[draft.block]
    if not draft.figure.numbers or block.kind != "cell":
        return None
    mark = page.document.text[block.start : draft.figure.start].strip()[-1:]
    sign = draft.figure.numbers[0].sign or mark
    opens = bool(sign) and mark == page.document.text[block.start] == sign
    if type_cell(page, draft.block).means != "change" and not (opens and sign in MINUS):
        return None
    direction = "up" if sign == "+" else "down" if sign and sign in MINUS else None
    return FigureKind("change", direction, "column of changes", "column")


def _find_row_change(page: IndexedPage, draft: Draft) -> FigureKind | None:
    """Return the change that a row's label is of: `Base wage increase | $380`."""
    heads = page.document.blocks[draft.block].row_heads[-1:]
    label = page.block_line(heads[0]) if heads else None
    cues = label.get_mentions("changes") if label is not None else []
    if label is None or not cues or cues[-1].means not in ("up", "down"):
        return None
    if not label.lists["change_bounds"].isdisjoint(label.texts):
        return None  # `Wage before the increase`
    last = label.texts[cues[-1].last - 1]
    ended = set(label.texts[cues[-1].last :]) <= {"*", ":", "."}
    if not ended or last not in label.lists["row_changes"]:
        return None
    return FigureKind("change", cues[-1].means, "change in the row", "row")


def _classify_floor(
    page: IndexedPage, line: TaggedLine, draft: Draft, floor: FigureKind
) -> FigureKind:
    """Return pay for the law's floor on a page about it, else another sum.

    On a page about a job it is what everybody must get, and nobody's pay; on one that
    is about no job, or about it, it is the pay of everybody.
    """
    long = len(page.document.text) >= MIN_PAGE_LENGTH
    of_job = page.occupation or find_spoken_occupation(page)
    if page.about_floor or (long and not of_job):
        return _classify_level(page, line, draft, floor)
    return FigureKind("other", None, floor.rule, floor.where, floor.cue)


def _is_stated_as_pay(line: TaggedLine, draft: Draft) -> bool:
    """Return whether `the average salary was $9,000,000 a year` is stated as pay.

    Whoever slips so much must hear of it. Written in full, with a statistic, the word
    pay and a span of time; `$9 million a year in wages` is a sum of many people's.
    """
    figure = draft.figure
    if any(number.scale != 1 for number in figure.numbers) or not figure.numbers:
        return False
    strong = kind_cues.find_topic_kind(line, draft.index)
    paid = strong is not None and strong.kind == "pay_level"
    told = bool(line.get_mentions("statistics"))
    return paid and told and has_period_behind(line, draft.index)


def _copy_previous_kind(
    line: TaggedLine, index: int, made: list[Draft], touch: FigureKind | None
) -> FigureKind | None:
    """Return the kind of the figure before, for one that repeats it or joins it."""
    if index == 0 or made[index - 1].aside or made[index - 1].figure.unit != "money":
        return None
    prior = made[index - 1]
    direction = prior.fields.get("direction")
    if is_repeated_figure(line, index, made) or is_sum_of_changes(line, index, prior):
        return FigureKind(prior.kind, direction, "same as the figure before")
    if touch is not None and is_level_before(line, touch, prior):
        return FigureKind(prior.kind, None, "what the sum before came from")
    if (
        touch is None
        and is_parted_by_count(line, index)
        and prior.kind == "pay_delta_abs"
    ):
        return FigureKind(prior.kind, direction, "for more credentials")
    if touch is None and is_earlier_year(line, index):
        return FigureKind(prior.kind, direction, "an earlier year")
    told = prior.kind != "pay_level" and not prior.fields.get("hypothetical")
    if touch is None and told and kind_cues.is_beside_previous(line, index):
        return FigureKind(prior.kind, direction, "beside the figure before")
    return None


def _classify_difference(
    page: IndexedPage,
    line: TaggedLine,
    draft: Draft,
    touch: FigureKind,
    around: Sequence[ContextLine],
    before: SentenceState,
    made: list[Draft],
) -> FigureKind:
    """Return a difference's kind: pay where pay, or nothing else, is the topic."""
    about, where = _find_topic_of_difference(line, draft, touch, around, before, made)
    if about == "floor":
        about = "pay_level" if page.about_floor else "other"
    if about in ("cost", "other", "bonus"):
        return FigureKind(about, None, touch.rule, "sentence", touch.cue)
    if draft.figure.size > MOST_DIFFERENCE * get_currency_scale(page, draft.figure):
        return FigureKind("other", None, "larger than any pay")
    if about is None and not _may_be_raise(page, line, draft):
        return FigureKind(
            "aside:not_said_to_be_pay", None, touch.rule, where, touch.cue
        )
    return FigureKind(
        "pay_delta_abs", touch.direction, touch.rule, "sentence", touch.cue
    )


def _find_topic_of_difference(
    line: TaggedLine,
    draft: Draft,
    touch: FigureKind,
    around: Sequence[ContextLine],
    before: SentenceState,
    made: list[Draft],
) -> tuple[str | None, str]:
    """Return what a difference is of, and where that is said: `$2,000 more in pay`."""
    if (named := _find_topic_behind_change(line, draft, touch)) is not None:
        return named, "sentence"
    if is_raise_behind(line, draft, touch):
        return "pay_level", "sentence"
    strong = choose_sentence_topic(line, draft.index)
    about = strong.kind if strong is not None and strong.kind != "outlook" else None
    if about == "cost" and _adds_to_pay(line, draft, touch, made):
        about = "pay_level"
    if about is not None:
        return about, "sentence"
    told = [d for d in made[: draft.index] if not d.aside]
    levels = [d for d in told if "hypothetical" not in d.fields]
    if levels:
        return levels[-1].kind, "sentence"
    return find_topic_around(around, before)


def _find_topic_behind_change(
    line: TaggedLine, draft: Draft, touch: FigureKind
) -> str | None:
    """`$900 less in union dues`: the words behind the change say what it is of."""
    last = line.spots[draft.index][1]
    if touch.cue is None:
        at = last - 1  # behind a plus sign the sum is of the next noun
    elif touch.cue.first < last:
        return None
    else:
        at = touch.cue.last
        if line.get_words_between(at, at + 1) not in (["in"], ["on"], ["for"]):
            return None
    end = line.find_figure_behind(last)
    for cue in line.list_strong_topics():
        if at < cue.first <= min(at + OBJECT_REACH, end):
            named = MONEY_KINDS.get(cue.means, cue.means)
            return None if named == "outlook" else named
    return None


def _adds_to_pay(
    line: TaggedLine, draft: Draft, touch: FigureKind, made: list[Draft]
) -> bool:
    """Return whether `the exam adds $4,000` is of pay, though exams cost something."""
    if touch.cue is None:
        return False
    spent = any(d.kind == "cost" and not d.aside for d in made[: draft.index])
    return line.words[touch.cue.first].text in line.lists["sums_adding"] and not spent


def _may_be_raise(page: IndexedPage, line: TaggedLine, draft: Draft) -> bool:
    """Return whether a page, a span of time or a column lets a difference be of pay."""
    return (
        page.about_pay
        or has_period_behind(line, draft.index)
        or bool(read_column_period(page, draft.block))
    )


def _classify_level(
    page: IndexedPage, line: TaggedLine, draft: Draft, verdict: FigureKind | None
) -> FigureKind:
    """Return a level of pay, if it has the size of one; else another sum."""
    figure = draft.figure
    if (
        has_period_behind(line, draft.index)
        or figure.size < MAX_PAY * get_currency_scale(page, figure)
        or is_pay_of_top_earner(line, draft)
    ):
        cue = verdict.cue if verdict is not None else None
        return FigureKind("pay_level", None, "word for pay", "sentence", cue)
    return FigureKind("other", None, "larger than any pay")


def _classify_without_topic(
    page: IndexedPage,
    line: TaggedLine,
    draft: Draft,
    around: Sequence[ContextLine],
    before: SentenceState,
) -> FigureKind:
    """No strong word in the sentence: the one before, weak words, what is around."""
    weak = kind_cues.find_topic_kind(line, draft.index, strong=False)
    paid = weak if weak is not None and weak.kind == "pay_level" else None
    bonus = before.topic is not None and before.topic.kind == "bonus"
    if paid is not None and not bonus and _is_plainly_paid(line, draft, paid):
        return _classify_level(page, line, draft, paid)
    if (carried := _carry_topic(line, draft, weak, before)) is not None:
        return carried
    if paid is not None:
        return _classify_level(page, line, draft, paid)
    if weak is not None and not is_label_of_pay(page, line, draft, weak, around):
        return weak
    return (
        kind_cues.find_only_topic(line)
        or find_placed_kind(page, line, draft, around)
        or find_kind_around(page, line, draft, around, before)
        or classify_by_size(page, line, draft, before)
    )


def _is_plainly_paid(line: TaggedLine, draft: Draft, weak: FigureKind) -> bool:
    """`clerks make $24 an hour`: a weak word for pay has all that goes with pay."""
    if has_period_behind(line, draft.index) and line.get_mentions("statistics"):
        return True
    span = period_cues.find_touching_period(line, draft.index)
    if span is not None and span.means == "hour":
        return True
    return _is_verb_of_occupation(line, weak)


def _carry_topic(
    line: TaggedLine, draft: Draft, weak: FigureKind | None, before: SentenceState
) -> FigureKind | None:
    """Return what the sentence before was about, where that still holds for a sum.

    A large sum that is paid out is pay again, and so is one beyond the bonuses before.
    """
    carried = before.topic
    if carried is None or carried.kind in ("pay_level", "outlook"):
        return None
    if carried.kind == "bonus":
        told = weak is not None or line.get_mentions("statistics")
        ended = told and is_beyond_bonuses(draft, before)
    else:
        paid = weak is not None and weak.kind == "pay_level"
        ended = paid and draft.figure.size >= LARGE_PAY
    if ended:
        return None
    return FigureKind(
        carried.kind, None, "as the sentence before", "sentence", carried.cue
    )


def _is_verb_of_occupation(line: TaggedLine, weak: FigureKind) -> bool:
    """`apprentices start at $24.65`: whose verb it is was named just before it."""
    cue = weak.cue
    return cue is not None and any(
        0 <= cue.first - m.last <= 1 for m in line.get_mentions("occupation")
    )
