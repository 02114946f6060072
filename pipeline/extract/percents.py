"""What a percent is: a change in pay, growth of employment, a share of people."""

from collections.abc import Sequence

from pipeline.extract import kinds
from pipeline.extract.drafts import Before, Draft
from pipeline.extract.kinds import Kind
from pipeline.extract.page import Context, Page
from pipeline.extract.sentences import Line
from pipeline.extract.shares import of_thing
from pipeline.extract.spoken import spoken, topic_around
from pipeline.extract.tokens import tokens

PAY = ("pay_level", "pay_delta_abs", "pay_delta_rel", "change")
SHORT = 10
INDUSTRY = 1e8
PLUS = (" + ", " +\u00a0")


def percent(
    page: Page,
    line: Line,
    draft: Draft,
    around: Sequence[Context],
    before: Before,
    made: list[Draft],
) -> Kind:
    """Say what a percent is of."""
    figure, index = draft.figure, draft.index
    if figure.unit == "count":
        return _counted(line, draft, made)
    if figure.unit == "points":
        return Kind("other", None, "percentage points")
    if (thing := of_thing(line, index)) is not None:
        return thing
    if kinds.is_share(line, index):
        return Kind("share", None, "percent of people")
    strong = spoken(line, index)
    about = strong.kind if strong is not None else None
    prior = next((d for d in reversed(made[:index]) if not d.aside), None)
    again = prior is not None and prior.kind.startswith("pay_delta")
    if prior is not None and again and kinds.shared_with(line, index):
        direction = prior.fields.get("direction")
        return Kind("pay_delta_rel", direction, "same as the figure before")
    change = _change(page, line, draft, around, prior)
    if _outlook(line, index, around) and about != "pay_level":
        cue = strong.cue if strong else None
        direction = (change and change.direction) or "up"
        return Kind("outlook", direction, "growth of employment", "sentence", cue)
    about = about or (prior.kind if prior is not None else None)
    if about is None or about == "outlook":
        raised = change is not None and change.cue is not None and _raises(line, change)
        about, _ = ("pay_level", "") if raised else topic_around(around, before)
    if about is None and (page.about_pay or _to_pay(line, index)):
        about = "pay_level"
    if change is not None and about in PAY:
        direction = change.direction or "up"
        return Kind("pay_delta_rel", direction, change.rule, "sentence", change.cue)
    return _of_something(line, index, about)


def _raises(line: Line, change: Kind) -> bool:
    """A raise is one of pay, whatever the sentence before spoke of."""
    cue = change.cue
    said = line.between(cue.first, cue.last) if cue is not None else []
    return bool({"raises", "raise"} & {*said[:1]}) and (cue is None or cue.first == 0)


def _counted(line: Line, draft: Draft, made: list[Draft]) -> Kind:
    """A number of people: those who joined an occupation, or as the line says."""
    figure = draft.figure
    if figure.note != "growth":
        return _count(line, draft.index, made)
    less = bool(figure.numbers) and figure.numbers[0].sign == "-"
    return Kind("outlook", "down" if less else "up", "change in employment")


def _change(
    page: Page, line: Line, draft: Draft, around: Sequence[Context], prior: Draft | None
) -> Kind | None:
    """The word, sign, head or neighbour that makes a percent a change."""
    touch = kinds.touching(line, draft.index)
    if touch is not None and touch.kind == "change":
        return touch
    loose = _loose_change(line, draft.index)
    if loose is not None:
        return loose
    figure = draft.figure
    if figure.numbers and figure.numbers[0].sign:
        sign = "down" if figure.numbers[0].sign == "-" else "up"
        return Kind("change", sign, "sign")
    if line.text[figure.start - 3 : figure.start] in PLUS:
        return Kind("change", "up", "sign")
    headed = _headed(around) or _column(page, draft) or _shared(line, draft.index)
    if headed is None and prior is not None and prior.kind == "pay_delta_rel":
        return prior.verdict
    return headed


def _column(page: Page, draft: Draft) -> Kind | None:
    """A percent under `Change in total`; in brackets it is a loss."""
    for head in page.heads(draft.block):
        block = page.document.blocks[head]
        words = tokens(
            page.document.text, block.start, min(block.end, block.start + 200)
        )
        for cue in page.words.heads.find(page.document.text, words):
            if cue.category == "head_words" and cue.means == "change":
                text, figure = page.document.text, draft.figure
                ends = text[figure.start - 1] + text[figure.end : figure.end + 1]
                sign = "down" if ends == "()" else "up"
                return Kind("change", sign, "change in the head", "column", cue)
    return None


def _shared(line: Line, index: int) -> Kind | None:
    """`31% and 4% above those`: the word behind the second is for both."""
    if index + 1 >= len(line.figures) or line.figures[index + 1].unit != "percent":
        return None
    gap = line.between(line.spots[index][1], line.spots[index + 1][0])
    touch = kinds.touching(line, index + 1) if gap == ["and"] else None
    return touch if touch is not None and touch.kind == "change" else None


def _of_something(line: Line, index: int, about: str | None) -> Kind:
    """A percent that is no change in pay."""
    last = line.spots[index][1]
    following = line.between(last, last + 4)
    paid = {"salary", "pay", "base", "earnings", "wages"} & {*following}
    if about == "bonus" and "of" in following[:1] and paid:
        return Kind("bonus", None, "percent of pay")
    if about in ("bonus", "cost", "other"):
        return Kind("other", None, "percent of something else")
    return Kind("aside:percent_not_about_pay")


def _to_pay(line: Line, index: int) -> bool:
    """`rose 4.1% to $86,900`: what a percent leads to is a sum."""
    after = line.figures[index + 1 : index + 2]
    gap = line.between(line.spots[index][1], line.spots[index][1] + 1)
    return bool(after) and after[0].unit == "money" and gap == ["to"]


def _count(line: Line, index: int, made: list[Draft]) -> Kind:
    """Openings a year are an outlook in a sentence that projects."""
    said = {line.text[m.start : m.end].lower() for m in line.of("topics")}
    said &= {"projected", "projects", "projection", "projections", "grow", "outlook"}
    if said or any(d.kind == "outlook" for d in made[:index] if not d.aside):
        return Kind("outlook", "up", "openings in a projection")
    return Kind("aside:count_of_jobs")


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


def _outlook(line: Line, index: int, around: Sequence[Context]) -> bool:
    """Growth of employment, projected or past."""
    words = [m for m in line.of("topics") if m.means == "outlook"]
    if any(figure.size >= INDUSTRY for figure in line.figures):
        return False  # an industry's takings grow, not its employment
    if not words:
        if any(m.means == "pay" and m.place == "topic" for m in line.of("topics")):
            return False
        for context in around:
            term = context.where == "lead_in" and len(context.line.words) <= SHORT
            term = term and len(line.words) <= SHORT  # a term and its definition
            if term or (context.where in ("row", "column") and context.nearest):
                topics = [
                    m.means for m in context.line.of("topics") if m.place == "topic"
                ]
                if topics:
                    return topics[0] == "outlook"
        return False
    pays = [m for m in line.of("topics") if m.means == "pay" and m.place == "topic"]
    first = line.spots[index][0]
    if pays and min(abs(m.first - first) for m in pays) <= min(
        abs(m.first - first) for m in words
    ):
        return False
    said = {word for m in words for word in line.between(m.first, m.last)}
    if said & line.lists["outlook_growth"]:
        return True
    return bool(line.of("changes")) and bool(said & line.lists["outlook_counts"])
