"""What a percent is: a change in pay, growth of employment, a share of people."""

from collections.abc import Sequence

from pipeline.extract import kinds
from pipeline.extract.drafts import Before, Draft
from pipeline.extract.kinds import Kind
from pipeline.extract.page import Context, Page
from pipeline.extract.sentences import Line
from pipeline.extract.sums import spoken, topic_around


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
        return _count(line, index, made)
    if figure.unit == "points":
        return Kind("other", None, "percentage points")
    if kinds.is_share(line, index):
        return Kind("share", None, "percent of people")
    touch = kinds.touching(line, index)
    change = touch if touch is not None and touch.kind == "change" else None
    strong = spoken(line, index)
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
        about, where = topic_around(around, before)
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
        if any(m.means == "pay" and m.place == "topic" for m in line.of("topics")):
            return False
        for context in around:
            if context.where in ("row", "column") and context.nearest:
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
