"""What a sum of money is: a level of pay, a difference, a bonus, a cost."""

from collections.abc import Sequence

from pipeline.extract import kinds, period
from pipeline.extract.columns import row_period, spanned
from pipeline.extract.drafts import Before, Draft
from pipeline.extract.kinds import Kind
from pipeline.extract.nearness import within_title
from pipeline.extract.page import Context, Page
from pipeline.extract.ranges import Figure
from pipeline.extract.repeats import again, counted, in_brackets, outgrows
from pipeline.extract.sentences import Line
from pipeline.extract.spoken import ORDER, spoken, timed, topic_around
from pipeline.extract.vouching import vouched

YEARLY = 11_000.0
LARGE = 15_000.0
MOST = 1_500_000.0


def money(
    page: Page,
    line: Line,
    draft: Draft,
    around: Sequence[Context],
    before: Before,
    made: list[Draft],
) -> Kind:
    """Say what a sum of money is."""
    figure = draft.figure
    index = draft.index
    if figure.size >= 5_000_000 * worth(page, figure):
        return Kind("other", None, "larger than any pay")
    touch = kinds.touching(line, index)
    if touch is None and figure.numbers and figure.numbers[0].sign == "+":
        touch = Kind("change", "up", "plus sign")
    if touch is not None and touch.kind == "change":
        return _change(page, line, draft, touch, around, before, made)
    if touch is not None and touch.kind == "floor":
        return Kind("other", None, touch.rule, touch.where, touch.cue)
    if touch is not None and touch.kind not in ("pay_level", "level"):
        return touch
    if period.piece(line, index):
        return Kind("other", None, kinds.PIECE)
    if (same := _as_before(line, index, made, touch)) is not None:
        return same
    strong = kinds.topic(line, index)
    if strong is not None and not (touch is not None and touch.kind == "pay_level"):
        if strong.kind == "outlook":
            strong = None
        elif strong.kind == "floor":
            return Kind("other", None, strong.rule, strong.where, strong.cue)
        elif strong.kind != "pay_level":
            return strong
    if touch is not None and touch.kind == "pay_level":
        strong = touch
    if strong is not None:
        return _level(page, line, draft, strong)
    return _unsaid(page, line, draft, around, before)


def _as_before(
    line: Line, index: int, made: list[Draft], touch: Kind | None
) -> Kind | None:
    """The kind of the figure before, for one that repeats it or stands beside it."""
    if index == 0 or made[index - 1].aside or made[index - 1].figure.unit != "money":
        return None
    prior = made[index - 1]
    direction = prior.fields.get("direction")
    if again(line, index, made):
        return Kind(prior.kind, direction, "same as the figure before")
    if touch is None and counted(line, index) and prior.kind == "pay_delta_abs":
        return Kind(prior.kind, direction, "for more credentials")
    if touch is None and in_brackets(line, index):
        return Kind(prior.kind, direction, "an earlier year")
    told = prior.kind != "pay_level" and not prior.fields.get("hypothetical")
    if touch is None and told and kinds.coordinate(line, index):
        return Kind(prior.kind, direction, "beside the figure before")
    return None


def worth(page: Page, figure: Figure) -> float:
    """How large sums run in the figure's currency, against the dollar."""
    code = page.words.currencies.get(figure.mark.strip().lower(), "")
    code = code if figure.mark else page.money
    return 30.0 if code in ("INR", "JPY", "PHP", "NGN", "KES") else 1.0


def _change(
    page: Page,
    line: Line,
    draft: Draft,
    touch: Kind,
    around: Sequence[Context],
    before: Before,
    made: list[Draft],
) -> Kind:
    """A difference is one of pay where pay, or nothing else, is spoken of."""
    strong = spoken(line, draft.index)
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
            about, where = topic_around(around, before)
    if about in ("cost", "other", "bonus", "floor"):
        return Kind(
            about if about != "floor" else "other", None, rule, "sentence", touch.cue
        )
    if draft.figure.size > 400_000 * worth(page, draft.figure):
        return Kind("other", None, "larger than any pay")
    if about is None and not page.about_pay and not timed(line, draft.index):
        return Kind("aside:not_said_to_be_pay", None, rule, where, touch.cue)
    return Kind("pay_delta_abs", touch.direction, rule, "sentence", touch.cue)


def _level(page: Page, line: Line, draft: Draft, verdict: Kind | None) -> Kind:
    """A level of pay, if it has the size of one."""
    figure = draft.figure
    if timed(line, draft.index) or figure.size < MOST * worth(page, figure):
        cue = verdict.cue if verdict is not None else None
        return Kind("pay_level", None, "word for pay", "sentence", cue)
    return Kind("other", None, "larger than any pay")


def _unsaid(
    page: Page, line: Line, draft: Draft, around: Sequence[Context], before: Before
) -> Kind:
    """No strong word in the sentence: the one before, weak words, what is around."""
    figure = draft.figure
    weak = kinds.topic(line, draft.index, strong=False)
    carried = before.topic
    paid = weak is not None and weak.kind == "pay_level"
    bonus = carried is not None and carried.kind == "bonus"
    if paid and not bonus and timed(line, draft.index) and line.of("statistics"):
        return _level(page, line, draft, weak)
    hourly = period.touching(line, draft.index)
    if paid and not bonus and hourly is not None and hourly.means == "hour":
        return _level(page, line, draft, weak)
    if paid and not bonus and weak is not None and _hired(line, weak):
        return _level(page, line, draft, weak)
    large = paid and figure.size >= LARGE and not bonus
    carrying = carried is not None and carried.kind not in ("pay_level", "outlook")
    if bonus and (line.of("statistics") or weak) and outgrows(draft, before):
        carrying = False
    if carried is not None and carrying and not large:
        rule = "as the sentence before"
        return Kind(carried.kind, None, rule, "sentence", carried.cue)
    if weak is not None and weak.kind == "pay_level":
        return _level(page, line, draft, weak)
    if weak is not None:
        return weak
    if (only := kinds.only_topic(line)) is not None:
        return only
    if spanned(page, draft, around):
        return Kind("pay_level", None, "period in the column head", "column")
    for context in sorted(around, key=lambda c: ORDER.get(c.where, 0)):
        if context.where == "heading" and not vouched(page, line, draft, before):
            continue
        verdict = _lent(page, line, draft, context)
        if verdict is not None:
            return verdict
    return _by_size(page, line, draft, before)


def _hired(line: Line, weak: Kind) -> bool:
    """`apprentices start at $24.65`: whose verb it is was named just before it."""
    cue = weak.cue
    return cue is not None and any(
        0 <= cue.first - m.last <= 1 for m in line.of("occupation")
    )


def _lent(page: Page, line: Line, draft: Draft, context: Context) -> Kind | None:
    """What a head, a lead-in or a heading says of the figure."""
    size = draft.figure.size
    topics = [m for m in context.line.of("topics") if m.place == "topic"]
    cost = context.where == "column" and topics and topics[0].means == "cost"
    bought = not context.line.lists["buyers"].isdisjoint(
        token.text for token in context.line.words
    )
    if bought and context.where == "column":
        return Kind("cost", None, "a column of what buyers pay", "column")
    if any(m.means == "pay" for m in topics) and not cost:
        if context.where in ("heading", "lead_in", "note"):
            most = 400_000.0 if context.where == "heading" else MOST
            sized = _by_size(page, line, draft, most=most)
            if sized.kind != "pay_level":
                return sized
        return Kind("pay_level", None, "word around", context.where, topics[0])
    for cue in topics:
        if cue.means in ("outlook", "floor") or within_title(context.line, cue):
            continue
        asked = context.line.question and cue.means == "cost"
        if context.where == "heading" and not context.nearest:
            continue
        if context.where == "heading" and size >= LARGE and not asked:
            continue
        if not context.nearest and context.where == "row":
            continue
        return Kind(cue.means, None, "word around", context.where, cue)
    if context.line.of("statistics") and context.where == "column":
        return Kind("pay_level", None, "statistic in the column head", "column")
    return None


def _by_size(
    page: Page,
    line: Line,
    draft: Draft,
    before: Before | None = None,
    most: float = 400_000.0,
) -> Kind:
    figure = draft.figure
    size = figure.size / worth(page, figure)
    if row_period(page, draft) is not None:
        return Kind("pay_level", None, "a sum for the unit of its row", "row")
    if page.about_pay and (page.survey[0] or line.of("statistics")):
        most = MOST
    if timed(line, draft.index) and size <= 400_000:
        return Kind("pay_level", None, "a sum for a span of time")
    if page.posting and (figure.low is None or figure.high is None):
        return Kind("aside:not_said_to_be_pay")
    if before is not None and not vouched(page, line, draft, before):
        return Kind("aside:not_said_to_be_pay")
    if 6 <= size <= 180 or YEARLY <= size <= most:
        return Kind("pay_level", None, "the size of pay", "magnitude")
    neighbours = [f.size for f in line.figures if f is not figure]
    if any(abs(other / 12 - size) < 12 for other in neighbours if other > 0.5 * YEARLY):
        return Kind("pay_level", None, "a twelfth of its neighbour", "magnitude")
    return Kind("aside:not_said_to_be_pay")
