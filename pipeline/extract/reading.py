"""One sentence, cell or heading: from its figures to drafts of claims."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.extract import kinds, period, statistic
from pipeline.extract.drafts import Draft
from pipeline.extract.kinds import Kind
from pipeline.extract.page import Context, Page
from pipeline.extract.ranges import Figure
from pipeline.extract.scope import covers
from pipeline.extract.sentences import Line

SAME = frozenset(("pay_level",))
MONEY_KINDS = {"pay": "pay_level"}
YEARLY = 11_000.0
LARGE = 15_000.0
SHORT_BLOCK = 160


@dataclass(slots=True)
class Before:
    """What the sentences before it in its block leave for a sentence."""

    drafts: list[Draft] = field(default_factory=list)
    topic: Kind | None = None
    publisher: tuple[str, int] | None = None
    area: str | None = None
    occupation: str | None = None
    when: str | None = None


def drafts(
    page: Page, line: Line, block: int, around: Sequence[Context], before: Before
) -> list[Draft]:
    """Drafts of every figure of a line, kinds and bounds settled."""
    made = [Draft(figure, line, i, block) for i, figure in enumerate(line.figures)]
    status = _status(page, line, block)
    for draft in made:
        if draft.figure.fault:
            draft.aside = draft.figure.fault
        elif _is_cue(line, draft):
            draft.aside = "part_of_a_statistic"
        elif status in ("furniture", "advert"):
            draft.aside = status
        elif draft.figure.size == 0:
            draft.aside = "zero"
        else:
            _kind(page, line, draft, around, before, made)
            _illustration(line, draft, status)
            if not draft.aside:
                _bounds(line, draft)
    return made


def _status(page: Page, line: Line, block: int) -> str:
    if page.document.blocks[block].furniture:
        return "furniture"
    where = page.document.blocks[block]
    spoken = line.of("hypothetical")
    if where.end - where.start < SHORT_BLOCK:
        spoken = [*spoken, *page.block_line(block).of("hypothetical")]
    if any(cue.means == "advert" for cue in spoken):
        return "advert"
    for cue in line.of("hypothetical"):
        if cue.means == "hypothetical" or (
            cue.means == "negated" and cue.place == "sentence"
        ):
            return cue.means
    return ""


def _is_cue(line: Line, draft: Draft) -> bool:
    """`the lowest 10 percent`: the percent is the name of the statistic."""
    if draft.figure.unit != "percent":
        return False
    return any(covers(line, draft.index, cue) for cue in line.of("statistics"))


def _illustration(line: Line, draft: Draft, status: str) -> None:
    """Hypothetical, negated, quoted and asked figures say nothing of pay."""
    if draft.aside or draft.kind not in ("pay_level", "pay_delta_abs", "pay_delta_rel"):
        return
    first = line.spots[draft.index][0]
    if status:
        reason = status
    elif line.question and "?" in line.text[draft.figure.end : line.end]:
        reason = "question"
    else:
        reason = ""
        for cue in line.of("hypothetical"):
            near = cue.place == "before" and 0 <= first - cue.last <= 6
            if near and ";" not in line.between(cue.last, first):
                gap = line.between(cue.last, first)
                if not any(a < first and a >= cue.last for a, _ in line.spots):
                    reason = cue.means if len(gap) <= 6 else reason
            elif cue.place == "near" and _nearest_people(line, cue.first, first):
                reason = cue.means
        if not reason and _testimonial(line, draft):
            reason = "testimonial"
    if reason:
        draft.kind = "other"
        draft.put("hypothetical", reason != "everyone", f"illustration: {reason}")


def _nearest_people(line: Line, at: int, first: int) -> bool:
    """No other occupation stands between the comparators and the figure."""
    low, high = min(at, first), max(at, first)
    if any(low < spot < high for spot, _ in line.spots):
        return False
    others = [m for m in line.of("occupation") if low + 4 < m.first < high]
    return not others and abs(first - at) < 14


def _testimonial(line: Line, draft: Draft) -> bool:
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


def _kind(
    page: Page,
    line: Line,
    draft: Draft,
    around: Sequence[Context],
    before: Before,
    made: list[Draft],
) -> None:
    if draft.figure.unit == "money":
        verdict = _money(page, line, draft, around, before, made)
    else:
        verdict = _percent(page, line, draft, around, before, made)
    draft.verdict = verdict
    if verdict.kind.startswith("aside:"):
        draft.aside = verdict.kind[6:]
        return
    draft.kind = verdict.kind
    draft.put("kind", verdict.kind, verdict.rule, verdict.where, verdict.cue)
    if verdict.direction and draft.kind in (
        "pay_delta_abs",
        "pay_delta_rel",
        "outlook",
    ):
        draft.put(
            "direction", verdict.direction, verdict.rule, verdict.where, verdict.cue
        )


def _money(
    page: Page,
    line: Line,
    draft: Draft,
    around: Sequence[Context],
    before: Before,
    made: list[Draft],
) -> Kind:
    figure = draft.figure
    index = draft.index
    if figure.size >= 5_000_000 * _worth(page, figure):
        return Kind("other", None, "larger than any pay")
    touch = kinds.touching(line, index)
    if touch is not None and touch.kind == "change":
        return _change(page, line, draft, touch, around, before, made)
    if touch is not None and touch.kind == "floor":
        return Kind("other", None, touch.rule, touch.where, touch.cue)
    if touch is not None and touch.kind not in ("pay_level", "level"):
        return touch
    if _again(line, index, made) and not made[index - 1].aside:
        prior = made[index - 1]
        if prior.figure.unit == "money":
            return Kind(
                prior.kind, prior.fields.get("direction"), "same as the figure before"
            )
    if touch is None and kinds.coordinate(line, index) and not made[index - 1].aside:
        prior = made[index - 1]
        if (
            prior.figure.unit == "money"
            and prior.kind != "pay_level"
            and not prior.fields.get("hypothetical")
        ):
            return Kind(
                prior.kind, prior.fields.get("direction"), "beside the figure before"
            )
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


def _again(line: Line, index: int, made: list[Draft]) -> bool:
    """The figure before, in another unit: so it reads, or so it reckons."""
    if index == 0:
        return False
    if kinds.shared_with(line, index):
        return True
    spans = {"hour": 2080.0, "day": 260.0, "week": 52.0, "month": 12.0, "year": 1.0}
    here, there = period.touching(line, index), period.touching(line, index - 1)
    if here is None or there is None or here.means == there.means:
        return False
    if here.means not in spans or there.means not in spans:
        return False
    a = made[index].figure.size * spans[here.means]
    b = made[index - 1].figure.size * spans[there.means]
    return 0.9 < a / b < 1.1 if b else False


def _worth(page: Page, figure: Figure) -> float:
    """How large sums run in the figure's currency, against the dollar."""
    return (
        30.0
        if page.words.currencies.get(figure.mark.strip().lower(), "")
        in ("INR", "JPY", "PHP", "NGN", "KES")
        else 1.0
    )


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
    strong = _spoken(line, draft.index)
    about = strong.kind if strong is not None and strong.kind != "outlook" else None
    where, rule = "sentence", touch.rule
    if about is None:
        level = [d for d in made[: draft.index] if not d.aside]
        if level:
            about = level[-1].kind
        else:
            about, where = _topic_around(around, before)
    if about in ("cost", "other", "bonus", "floor"):
        return Kind(
            about if about != "floor" else "other", None, rule, "sentence", touch.cue
        )
    if draft.figure.size > 400_000 * _worth(page, draft.figure):
        return Kind("other", None, "larger than any pay")
    if about is None and not page.about_pay and not _timed(line, draft.index):
        return Kind("aside:not_said_to_be_pay", None, rule, where, touch.cue)
    return Kind("pay_delta_abs", touch.direction, rule, "sentence", touch.cue)


def _timed(line: Line, index: int) -> bool:
    return period.touching(line, index) is not None


def _topic_around(around: Sequence[Context], before: Before) -> tuple[str | None, str]:
    """What the sentence before, or the lines around, speak of."""
    if before.topic is not None:
        return before.topic.kind, "sentence"
    for context in around:
        for cue in context.line.of("topics"):
            if context.where == "heading" and cue.means != "pay":
                continue
            if cue.place == "topic" and cue.means != "outlook":
                return MONEY_KINDS.get(cue.means, cue.means), context.where
    return None, ""


def _level(page: Page, line: Line, draft: Draft, verdict: Kind) -> Kind:
    """A level of pay, if it has the size of one."""
    figure = draft.figure
    if _timed(line, draft.index) or figure.size < 2 * YEARLY * 20 * _worth(
        page, figure
    ):
        return Kind("pay_level", None, verdict.rule, verdict.where, verdict.cue)
    return Kind("other", None, "larger than any pay")


def _unsaid(
    page: Page, line: Line, draft: Draft, around: Sequence[Context], before: Before
) -> Kind:
    """No strong word in the sentence: the one before, weak words, what is around."""
    figure = draft.figure
    weak = kinds.topic(line, draft.index, strong=False)
    carried = before.topic
    if weak and weak.kind == "pay_level" and _timed(line, draft.index):
        if line.of("statistics") and (carried is None or carried.kind != "bonus"):
            return _level(page, line, draft, weak)
    if carried is not None and carried.kind not in ("pay_level", "outlook"):
        if not (
            weak
            and weak.kind == "pay_level"
            and figure.size >= LARGE
            and carried.kind != "bonus"
        ):
            return Kind(
                carried.kind, None, "as the sentence before", "sentence", carried.cue
            )
    if weak is not None and weak.kind == "pay_level":
        return _level(page, line, draft, weak)
    if weak is not None:
        return weak
    if (only := kinds.only_topic(line)) is not None:
        return only
    for context in around:
        verdict = _lent(page, line, draft, context)
        if verdict is not None:
            return verdict
    return _by_size(page, line, draft)


def _lent(page: Page, line: Line, draft: Draft, context: Context) -> Kind | None:
    """What a head, a lead-in or a heading says of the figure."""
    size = draft.figure.size
    topics = [m for m in context.line.of("topics") if m.place == "topic"]
    if any(m.means == "pay" for m in topics):
        if context.where in ("heading", "lead_in", "note"):
            sized = _by_size(page, line, draft)
            if sized.kind != "pay_level":
                return sized
        return Kind("pay_level", None, "word around", context.where, topics[0])
    for cue in topics:
        if cue.means in ("outlook", "floor"):
            continue
        if context.where == "heading" and (size >= LARGE or not context.nearest):
            continue
        if not context.nearest and context.where == "row":
            continue
        return Kind(cue.means, None, "word around", context.where, cue)
    if context.where in ("row", "column", "caption", "lead_in") and context.nearest:
        for cue in context.line.of("changes"):
            if cue.place != "before" or cue.last - cue.first > 1:
                continue
    if context.line.of("statistics") and context.where == "column":
        return Kind("pay_level", None, "statistic in the column head", "column")
    return None


def _by_size(page: Page, line: Line, draft: Draft) -> Kind:
    figure = draft.figure
    size = figure.size / _worth(page, figure)
    if _timed(line, draft.index) and size <= 400_000:
        return Kind("pay_level", None, "a sum for a span of time")
    if 6 <= size <= 180 or YEARLY <= size <= 400_000:
        return Kind("pay_level", None, "the size of pay", "magnitude")
    neighbours = [f.size for f in line.figures if f is not figure]
    if any(abs(other / 12 - size) < 12 for other in neighbours if 0.5 * YEARLY < other):
        return Kind("pay_level", None, "a twelfth of its neighbour", "magnitude")
    return Kind("aside:not_said_to_be_pay")


def _percent(
    page: Page,
    line: Line,
    draft: Draft,
    around: Sequence[Context],
    before: Before,
    made: list[Draft],
) -> Kind:
    figure, index = draft.figure, draft.index
    if figure.unit == "count":
        return _count(line, index, made)
    if figure.unit == "points":
        return Kind("other", None, "percentage points")
    if kinds.is_share(line, index):
        return Kind("share", None, "percent of people")
    touch = kinds.touching(line, index)
    change = touch if touch is not None and touch.kind == "change" else None
    strong = _spoken(line, index)
    about = strong.kind if strong is not None else None
    prior = [d for d in made[:index] if not d.aside]
    if (
        kinds.shared_with(line, index)
        and prior
        and prior[-1].kind.startswith("pay_delta")
    ):
        return Kind(
            "pay_delta_rel",
            prior[-1].fields.get("direction"),
            "same as the figure before",
        )
    change = change or _loose_change(line, index)
    if _outlook(line, index, around, before) and about != "pay_level":
        return Kind(
            "outlook",
            change.direction if change else "up",
            "growth of employment",
            "sentence",
            strong.cue if strong else None,
        )
    if figure.numbers and figure.numbers[0].sign and change is None:
        sign = "down" if figure.numbers[0].sign == "-" else "up"
        change = Kind("change", sign, "sign")
    if about is None and prior:
        about = prior[-1].kind
    where = "sentence"
    if about is None or about == "outlook":
        about, where = _topic_around(around, before)
    if change is None:
        change = _headed(around)
    if change is None:
        carried = before.topic
        if carried is not None and carried.kind == "change":
            change = carried
    if change is None and prior and prior[-1].kind == "pay_delta_rel":
        change = prior[-1].verdict
    if change is not None and about is None and page.about_pay:
        about = "pay_level"
    if change is not None and about in (
        "pay_level",
        "pay_delta_abs",
        "pay_delta_rel",
        "change",
    ):
        return Kind(
            "pay_delta_rel",
            change.direction or "up",
            change.rule,
            "sentence",
            change.cue,
        )
    following = line.between(line.spots[index][1], line.spots[index][1] + 4)
    if (
        about == "bonus"
        and "of" in following[:1]
        and {"salary", "pay", "base", "earnings", "wages"} & {*following}
    ):
        return Kind("bonus", None, "percent of pay", where)
    if about in ("bonus", "cost", "other"):
        return Kind("other", None, "percent of something else", where)
    return Kind("aside:percent_not_about_pay")


def _count(line: Line, index: int, made: list[Draft]) -> Kind:
    """Openings a year are an outlook in a sentence that projects."""
    said = {line.text[m.start : m.end].lower() for m in line.of("topics")}
    said &= {"projected", "projects", "projection", "projections", "grow", "outlook"}
    if said or any(d.kind == "outlook" for d in made[:index] if not d.aside):
        return Kind("outlook", "up", "openings in a projection")
    return Kind("aside:count_of_jobs")


def _spoken(line: Line, index: int) -> Kind | None:
    """What a difference is one of: a strong word, or a weak one that stands nearer."""
    strong = kinds.topic(line, index)
    weak = kinds.topic(line, index, strong=False)
    if strong is None or strong.kind in ("pay_level", "outlook"):
        return strong
    first = line.spots[index][0]
    assert strong.cue is not None
    if weak is not None and weak.kind == "pay_level" and weak.cue is not None:
        if abs(weak.cue.first - first) < abs(strong.cue.first - first):
            return weak
    return strong


def _loose_change(line: Line, index: int) -> Kind | None:
    """A verb of change anywhere before a percent in its sentence."""
    first = line.spots[index][0]
    best = None
    for cue in line.of("changes"):
        if cue.means == "level" or cue.first > first or cue.place == "after":
            continue
        if (
            cue.last <= first
            and first - cue.last <= 14
            and ";" not in line.between(cue.last, first)
        ):
            best = Kind("change", cue.means, "verb before", "sentence", cue)
    if best is None:
        last = line.spots[index][1]
        for cue in line.of("changes"):
            if cue.place == "after" and last <= cue.first <= last + 6:
                gap = line.between(last, cue.first)
                if not {",", ";", "and"} & {*gap}:
                    return Kind("change", cue.means, "word after", "sentence", cue)
    return best


def _headed(around: Sequence[Context]) -> Kind | None:
    for context in around:
        short = context.where in ("column", "row") or len(context.line.words) <= 12
        if context.where != "note" and short and context.nearest:
            for cue in context.line.of("changes"):
                if cue.means != "level" and cue.place in ("near", "after"):
                    return Kind(
                        "change", cue.means, "change in the head", context.where, cue
                    )
    return None


def _outlook(line: Line, index: int, around: Sequence[Context], before: Before) -> bool:
    """Growth of employment, projected or past."""
    words = [m for m in line.of("topics") if m.means == "outlook"]
    if not words:
        if any(m.means == "pay" for m in line.of("topics")):
            return False
        for context in around:
            if context.where in ("row", "column") and context.nearest:
                named = [
                    m.means for m in context.line.of("topics") if m.place == "topic"
                ]
                if named:
                    return named[0] == "outlook"
        return False
    pays = [m for m in line.of("topics") if m.means == "pay" and m.place == "topic"]
    first = line.spots[index][0]
    if pays and min(abs(m.first - first) for m in pays) <= min(
        abs(m.first - first) for m in words
    ):
        return False
    named = {line.text[m.start : m.end].lower() for m in words}
    if named & {
        "growth",
        "grow",
        "growing",
        "job growth",
        "projected",
        "projects",
        "outlook",
        "job outlook",
        "shrink",
        "projection",
    }:
        return True
    return bool(line.of("changes")) and bool(
        named & {"employment", "demand", "openings"}
    )


def _bounds(line: Line, draft: Draft) -> None:
    """Open ends and approximations that the words around a figure give it."""
    figure, index = draft.figure, draft.index
    effect, cue = statistic.bound(line, index)
    if effect == "approx":
        draft.put("approximate", True, "approximate word", "sentence", cue)
        effect = ""
    if figure.approximate:
        draft.put("approximate", True, "approximate as written")
    if figure.value is None or effect == "":
        start = statistic.started(line, index) if figure.value is not None else None
        if start is not None:
            figure.low, figure.value = figure.value, None
            draft.put("bound", "low", "floor of a job", "sentence", start)
        return
    if cue is not None and not statistic.from_is_bound(line, index, cue):
        return
    if effect == "low":
        figure.low, figure.value = figure.value, None
    else:
        figure.high, figure.value = figure.value, None
    draft.put("bound", effect, "bound word", "sentence", cue)
