"""What a sum of money is: a level of pay, a difference, a bonus, a cost."""

from collections.abc import Sequence

from pipeline.extract import kind_cues, period_cues
from pipeline.extract.column_cues import find_row_period, is_under_period_head
from pipeline.extract.column_types import read_column_period, type_cell
from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.kind_cues import FigureKind
from pipeline.extract.lexicon import Mention
from pipeline.extract.nearness import is_within_title
from pipeline.extract.page_occupation import find_spoken_occupation
from pipeline.extract.pay_clauses import is_labelled_above
from pipeline.extract.pay_context import MIN_PAGE_LENGTH, has_pay_context
from pipeline.extract.pay_sizes import fits_named_period, get_currency_scale
from pipeline.extract.repeats import (
    is_beyond_bonuses,
    is_earlier_year,
    is_parted_by_count,
    is_repeated_figure,
)
from pipeline.extract.sentence_topics import (
    ORDER,
    choose_sentence_topic,
    find_topic_around,
    has_period_behind,
)
from pipeline.extract.tagged_lines import TaggedLine

MIN_YEARLY_PAY = 11_000.0
LARGE_PAY = 15_000.0
MAX_PAY = 1_500_000.0
MINUS = "-−–"
MAX_ENTRY_WORDS = 4  # beside a sum; more make a sentence


def find_money_kind(
    page: IndexedPage,
    line: TaggedLine,
    draft: Draft,
    around: Sequence[ContextLine],
    before: SentenceState,
    made: list[Draft],
) -> FigureKind:
    """Say what a sum of money is."""
    figure = draft.figure
    index = draft.index
    large = figure.size >= 5_000_000 * get_currency_scale(page, figure)
    if large and not _is_stated_as_pay(line, draft):
        return FigureKind("other", None, "larger than any pay")
    touch = kind_cues.find_touching_kind(line, index)
    if touch is None and figure.numbers and figure.numbers[0].sign == "+":
        touch = FigureKind("change", "up", "plus sign")
    touch = touch or _find_column_change(page, draft)
    if touch is not None and touch.kind == "change":
        return _classify_difference(page, line, draft, touch, around, before, made)
    if touch is not None and touch.kind == "floor":
        return _classify_floor(page, line, draft, touch)
    if touch is not None and touch.kind not in ("pay_level", "level"):
        return touch
    if period_cues.is_piece_rate(line, index):
        return FigureKind("other", None, kind_cues.PIECE_RULE)
    if (same := _copy_previous_kind(line, index, made, touch)) is not None:
        return same
    strong = kind_cues.find_topic_kind(line, index)
    if strong is not None and not (touch is not None and touch.kind == "pay_level"):
        if strong.kind == "outlook":
            strong = None
        elif strong.kind == "floor":
            return _classify_floor(page, line, draft, strong)
        elif strong.kind != "pay_level":
            return strong
    if touch is not None and touch.kind == "pay_level":
        strong = touch
    if strong is not None:
        return _classify_level(page, line, draft, strong)
    return _classify_without_topic(page, line, draft, around, before)


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
    if is_repeated_figure(line, index, made):
        return FigureKind(prior.kind, direction, "same as the figure before")
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
    strong = choose_sentence_topic(line, draft.index)
    about = strong.kind if strong is not None and strong.kind != "outlook" else None
    where, rule = "sentence", touch.rule
    if touch.cue is not None and about == "cost":
        verb = line.words[touch.cue.first].text
        spent = any(d.kind == "cost" and not d.aside for d in made[: draft.index])
        adds = verb in line.lists["sums_adding"] and not spent
        about = "pay_level" if adds else about
    if about is None:
        live = [d for d in made[: draft.index] if not d.aside]
        level = [d for d in live if "hypothetical" not in d.fields]
        if level:
            about = level[-1].kind
        else:
            about, where = find_topic_around(around, before)
    if about == "floor" and page.about_floor:
        about = "pay_level"
    if about in ("cost", "other", "bonus", "floor"):
        return FigureKind(
            about if about != "floor" else "other", None, rule, "sentence", touch.cue
        )
    if draft.figure.size > 400_000 * get_currency_scale(page, draft.figure):
        return FigureKind("other", None, "larger than any pay")
    if (
        about is None
        and not page.about_pay
        and not has_period_behind(line, draft.index)
        and not read_column_period(page, draft.block)
    ):
        return FigureKind("aside:not_said_to_be_pay", None, rule, where, touch.cue)
    return FigureKind("pay_delta_abs", touch.direction, rule, "sentence", touch.cue)


def _classify_level(
    page: IndexedPage, line: TaggedLine, draft: Draft, verdict: FigureKind | None
) -> FigureKind:
    """Return a level of pay, if it has the size of one; else another sum."""
    figure = draft.figure
    if has_period_behind(
        line, draft.index
    ) or figure.size < MAX_PAY * get_currency_scale(page, figure):
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
    figure = draft.figure
    weak = kind_cues.find_topic_kind(line, draft.index, strong=False)
    carried = before.topic
    paid = weak is not None and weak.kind == "pay_level"
    bonus = carried is not None and carried.kind == "bonus"
    if (
        paid
        and not bonus
        and has_period_behind(line, draft.index)
        and line.get_mentions("statistics")
    ):
        return _classify_level(page, line, draft, weak)
    hourly = period_cues.find_touching_period(line, draft.index)
    if paid and not bonus and hourly is not None and hourly.means == "hour":
        return _classify_level(page, line, draft, weak)
    if paid and not bonus and weak is not None and _is_verb_of_occupation(line, weak):
        return _classify_level(page, line, draft, weak)
    large = paid and figure.size >= LARGE_PAY and not bonus
    carrying = carried is not None and carried.kind not in ("pay_level", "outlook")
    if (
        bonus
        and (line.get_mentions("statistics") or weak)
        and is_beyond_bonuses(draft, before)
    ):
        carrying = False
    if carried is not None and carrying and not large:
        rule = "as the sentence before"
        return FigureKind(carried.kind, None, rule, "sentence", carried.cue)
    if weak is not None and weak.kind == "pay_level":
        return _classify_level(page, line, draft, weak)
    if weak is not None and not _is_label_of_pay(page, draft, weak, around):
        return weak
    if (only := kind_cues.find_only_topic(line)) is not None:
        return only
    if (placed := _find_placed_kind(page, line, draft, around)) is not None:
        return placed
    for context in sorted(around, key=lambda c: ORDER.get(c.where, 0)):
        if context.where == "heading" and not has_pay_context(
            page, line, draft, before
        ):
            continue
        verdict = _inherit_kind(page, line, draft, context)
        if verdict is not None:
            return verdict
    return _classify_by_size(page, line, draft, before)


def _find_placed_kind(
    page: IndexedPage, line: TaggedLine, draft: Draft, around: Sequence[ContextLine]
) -> FigureKind | None:
    """Return pay where the column of a figure, or the list that it is in, says so."""
    if (head := _find_bonus_head(page, draft, around)) is not None:
        return FigureKind("bonus", None, "row of bonuses", "row", head)
    if type_cell(page, draft.block).firm:
        return FigureKind("pay_level", None, "a column of pay", "column")
    if is_under_period_head(page, draft, around):
        return FigureKind("pay_level", None, "period in the column head", "column")
    if _is_entry(page, line, draft) and fits_named_period(page, draft.figure, around):
        return FigureKind("pay_level", None, "the size of pay for the span named")
    return None


def _find_bonus_head(
    page: IndexedPage, draft: Draft, around: Sequence[ContextLine]
) -> Mention | None:
    """Return the word that makes the head of a row one of bonuses: `Target bonus`."""
    cells = page.list_row_cells(page.document.blocks[draft.block])
    opening = page.document.blocks[cells[0]].start if cells else None
    for context in around:
        first = context.line.start == opening
        if context.where == "row" and (context.nearest or first):
            topics = context.line.list_strong_topics()
            if topics and {m.means for m in topics} == {"bonus"}:
                return topics[0]
    return None


def _is_label_of_pay(
    page: IndexedPage, draft: Draft, weak: FigureKind, around: Sequence[ContextLine]
) -> bool:
    """`Fresh out of school: $39.50` in a list of pay: the label is a who or a where."""
    block = page.document.blocks[draft.block]
    if weak.kind != "cost" or block.kind not in ("item", "cell", "definition"):
        return False
    for context in around:
        topics = context.line.get_mentions("topics")
        named = {m.means for m in topics if m.place == "topic"}
        if context.nearest and named and context.where != "row":
            return named == {"pay"}
    return False


def _is_entry(page: IndexedPage, line: TaggedLine, draft: Draft) -> bool:
    """Return whether a sum stands in a list or table, or among few words."""
    if page.document.blocks[draft.block].kind not in ("paragraph", "heading"):
        return True
    return sum(word.isalpha() for word in line.texts) <= MAX_ENTRY_WORDS


def _is_verb_of_occupation(line: TaggedLine, weak: FigureKind) -> bool:
    """`apprentices start at $24.65`: whose verb it is was named just before it."""
    cue = weak.cue
    return cue is not None and any(
        0 <= cue.first - m.last <= 1 for m in line.get_mentions("occupation")
    )


def _inherit_kind(
    page: IndexedPage, line: TaggedLine, draft: Draft, context: ContextLine
) -> FigureKind | None:
    """Return the kind that a head, a lead-in or a heading gives, or None."""
    size = draft.figure.size
    topics = context.line.list_strong_topics()
    cost = context.where == "column" and topics and topics[0].means == "cost"
    bought = not context.line.lists["buyers"].isdisjoint(
        token.text for token in context.line.words
    )
    if bought and context.where == "column":
        return FigureKind("cost", None, "a column of what buyers pay", "column")
    if any(m.means == "pay" for m in topics) and not cost:
        if context.where in ("heading", "lead_in", "note"):
            most = 400_000.0 if context.where == "heading" else MAX_PAY
            sized = _classify_by_size(page, line, draft, most=most)
            if sized.kind != "pay_level":
                return sized
        return FigureKind("pay_level", None, "word around", context.where, topics[0])
    for cue in topics:
        if cue.means in ("outlook", "floor") or is_within_title(context.line, cue):
            continue
        asked = context.line.question and cue.means == "cost"
        if context.where == "heading" and not context.nearest:
            continue
        if context.where == "heading" and size >= LARGE_PAY and not asked:
            continue
        if not context.nearest and context.where == "row":
            continue
        return FigureKind(cue.means, None, "word around", context.where, cue)
    if context.line.get_mentions("statistics") and context.where == "column":
        return FigureKind("pay_level", None, "statistic in the column head", "column")
    return None


def _classify_by_size(
    page: IndexedPage,
    line: TaggedLine,
    draft: Draft,
    before: SentenceState | None = None,
    most: float = 400_000.0,
) -> FigureKind:
    figure = draft.figure
    size = figure.size / get_currency_scale(page, figure)
    if find_row_period(page, draft) is not None:
        return FigureKind("pay_level", None, "a sum for the unit of its row", "row")
    if is_labelled_above(page, draft):
        return FigureKind("pay_level", None, "the line above says pay", "lead_in")
    if page.about_pay and (page.survey[0] or line.get_mentions("statistics")):
        most = MAX_PAY
    if has_period_behind(line, draft.index) and size <= 400_000:
        return FigureKind("pay_level", None, "a sum for a span of time")
    if page.is_posting and (figure.low is None or figure.high is None):
        return FigureKind("aside:not_said_to_be_pay")
    if before is not None and not has_pay_context(page, line, draft, before):
        return FigureKind("aside:not_said_to_be_pay")
    if 6 <= size <= 180 or MIN_YEARLY_PAY <= size <= most:
        return FigureKind("pay_level", None, "the size of pay", "magnitude")
    neighbours = [f.size for f in line.figures if f is not figure]
    if any(
        abs(other / 12 - size) < 12
        for other in neighbours
        if other > 0.5 * MIN_YEARLY_PAY
    ):
        return FigureKind("pay_level", None, "a twelfth of its neighbour", "magnitude")
    return FigureKind("aside:not_said_to_be_pay")
