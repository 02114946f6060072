"""What a figure is about: each field from the nearest place that names it.

The sentence or cell is heard first, then row and column heads, the lead-in, caption
and notes, the heading, and the page. A field that is not the figure's own is
`inherited`, with the place it came from.
"""

from collections.abc import Sequence

from pipeline.extract.credit import attribution, continues
from pipeline.extract.dates import When, dates
from pipeline.extract.drafts import Before, Draft
from pipeline.extract.holders import holders, seniority
from pipeline.extract.measure import measure
from pipeline.extract.money import currency, periods
from pipeline.extract.page import Context, Page
from pipeline.extract.sentences import Line
from pipeline.extract.setting import conditions, place, trade

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
        measure(line, draft, around, before)
    periods(page, line, live, around, before)
    attribution(page, line, made, around, before)
    place(page, line, made, around, before)
    holders(page, line, made, around)
    seniority(page, line, made, around)
    conditions(line, made, around)
    trade(page, line, made, around, before)
    _dates(line, made, around, before)


def page_tokens(text: str) -> list:  # type: ignore[type-arg]
    """Tokens of a short text of its own."""
    from pipeline.extract.tokens import tokens

    return tokens(text)


def _dates(
    line: Line, made: Sequence[Draft], around: Sequence[Context], before: Before
) -> None:
    found = dated(line)
    for draft in made:
        if draft.aside:
            continue
        when = _own_date(line, draft, found)
        if when is not None:
            draft.put(
                "reference_period",
                when.means,
                "date in the sentence",
                "sentence",
                text=when.means,
            )
            continue
        if before.when and not found and draft.kind != "outlook" and continues(line):
            draft.put(
                "reference_period",
                before.when,
                "date of the sentence before",
                "sentence",
                text=before.when,
            )
            draft.inherited["reference_period"] = "sentence"
            continue
        for context in around:
            if context.where == "heading" and not context.nearest:
                continue
            if context.where == "row" and not context.nearest:
                continue
            near = dated(context.line)
            if len(near) == 1:
                draft.put(
                    "reference_period",
                    near[0].means,
                    "date around",
                    context.where,
                    text=near[0].means,
                )
                break


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
