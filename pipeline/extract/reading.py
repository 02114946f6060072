"""One sentence, cell or heading: from its figures to drafts of claims."""

from collections.abc import Sequence

from pipeline.extract import period, statistic
from pipeline.extract.doubts import doubted
from pipeline.extract.drafts import Before, Draft
from pipeline.extract.kinds import Kind
from pipeline.extract.ledger import settled
from pipeline.extract.moves import moved
from pipeline.extract.page import Context, Page
from pipeline.extract.percents import percent
from pipeline.extract.scope import covers
from pipeline.extract.sentences import Line
from pipeline.extract.sums import money
from pipeline.extract.vouching import anchored, imagined

SAME = frozenset(("pay_level",))
SHORT_BLOCK = 160
OPENING = 3


def drafts(
    page: Page, line: Line, block: int, around: Sequence[Context], before: Before
) -> list[Draft]:
    """Drafts of every figure of a line, kinds and bounds settled."""
    made = [Draft(figure, line, i, block) for i, figure in enumerate(line.figures)]
    status = _status(page, line, block)
    if imagined(line) or (before.imagined and not anchored(line)):
        status = status or "hypothetical"
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
        said = page.block_line(block).of("hypothetical")
        spoken = [*spoken, *(m for m in said if m.first < OPENING)]
    if any(cue.means == "advert" for cue in spoken):
        return "advert"
    for cue in line.of("hypothetical"):
        if cue.means == "hypothetical" or (
            cue.means in ("negated", "hearsay") and cue.place == "sentence"
        ):
            return cue.means
    return ""


def _is_cue(line: Line, draft: Draft) -> bool:
    """`the lowest 10 percent`: the percent is the name of the statistic."""
    if draft.figure.unit != "percent":
        return False
    after = line.spots[draft.index][1]
    if line.lists["reckoned_on"] & {*line.between(after + 1, after + 3)}:
        return False  # `10% of base salary` is reckoned on pay
    return any(covers(line, draft.index, cue) for cue in line.of("statistics"))


def _illustration(line: Line, draft: Draft, status: str) -> None:
    """Hypothetical, negated, quoted and asked figures say nothing of pay."""
    if status and draft.kind == "bonus" and not draft.aside:
        draft.kind = "other"
        draft.put("hypothetical", True, f"illustration: {status}")
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
    if any(0 <= at - b <= 4 and b <= at < first for _, b in line.spots):
        return False  # it stands behind another figure, and is that one's
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
        verdict = (
            settled(line, draft, around, made)
            or doubted(page, line, draft)
            or money(page, line, draft, around, before, made)
        )
        own = period.touching(line, draft.index)
        spanned = verdict.kind == "pay_level" and verdict.rule != "word for pay"
        if spanned and own is not None and own.means != "hour":
            least = page.words.magnitudes.get(own.means, (0.0,))[0]
            if draft.figure.size < least:
                verdict = Kind("other", None, "too little for its span", cue=own)
    else:
        verdict = percent(page, line, draft, around, before, made)
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


def _bounds(line: Line, draft: Draft) -> None:
    """Open ends and approximations that the words around a figure give it."""
    figure, index = draft.figure, draft.index
    effect, cue = statistic.bound(line, index)
    if effect == "low" and moved(line.text, figure.start):
        effect, cue = "", None  # what it was before it rose
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
