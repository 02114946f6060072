"""What a figure is about: each field from the nearest place that names it.

The sentence or cell is heard first, then row and column heads, the lead-in, caption
and notes, the heading, and the page. A field that is not the figure's own is
`inherited`, with the place it came from.
"""

from collections.abc import Sequence

from pipeline.extract.credit import attribution, continues
from pipeline.extract.dates import When, dates
from pipeline.extract.drafts import Before, Draft
from pipeline.extract.holders import holders
from pipeline.extract.measure import measure
from pipeline.extract.money import currency, periods
from pipeline.extract.page import Context, Page
from pipeline.extract.seniority import seniority
from pipeline.extract.sentences import Line
from pipeline.extract.setting import conditions, place, trade
from pipeline.extract.stated import state
from pipeline.extract.surveys import credit

NATION = ("US",)
SHORT_WORDS = 16


def complete(
    page: Page,
    line: Line,
    made: Sequence[Draft],
    around: Sequence[Context],
    before: Before,
) -> None:
    """Fill the fields of every draft of a line that is to be a claim."""
    live = [d for d in made if not d.aside]
    if not live:
        return
    for draft in live:
        currency(page, draft)
        measure(page, line, draft, around, before)
    periods(page, line, live, around, before)
    attribution(page, line, made, around, before)
    credit(page, line, made, before)
    state(page, made)
    place(page, line, made, around, before)
    holders(page, line, made, around)
    seniority(page, line, made, around)
    conditions(line, made, around)
    trade(page, line, made, around, before)
    _dates(line, made, around, before)


def _dates(
    line: Line, made: Sequence[Draft], around: Sequence[Context], before: Before
) -> None:
    """Say which period each figure is of."""
    found = dated(line)
    name = "reference_period"
    for draft in made:
        if draft.aside:
            continue
        when = _own_date(line, draft, found)
        if when is not None:
            rule = "date in the sentence"
            draft.put(name, when.means, rule, "sentence", text=when.means)
        elif before.when and not found and draft.kind != "outlook" and continues(line):
            draft.carry(name, before.when, "date of the sentence before")
        for context in around:
            if name in draft.fields:
                break
            if context.where in ("heading", "row") and not context.nearest:
                continue
            near = dated(context.line)
            if len(near) == 1:
                means = near[0].means
                draft.put(name, means, "date around", context.where, text=means)


def _own_date(line: Line, draft: Draft, found: list[When]) -> When | None:
    """The date right behind the figure, else the last one before it."""
    figure = draft.figure
    following = min(
        (f.start for f in line.figures if f.start >= figure.end), default=line.end
    )
    after = [w for w in found if figure.end <= w.start < following]
    if after:
        gap = line.text[figure.end : after[0].start]
        if len(gap) < 48 and not any(cut in gap for cut in (";", ". ", ",")):
            return after[0]
    before = [w for w in found if w.end <= figure.start]
    if before:
        return before[-1]
    later = [w for w in found if w.start >= figure.end]
    return later[0] if len(later) == 1 == len(found) else None


def dated(line: Line) -> list[When]:
    """Dates of a line."""
    if "dates" not in line.memo:
        line.memo["dates"] = dates(line.text, line.start, line.end)
    return line.memo["dates"]  # type: ignore[no-any-return]
