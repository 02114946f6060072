"""What a figure is about: each field from the nearest place that names it.

The sentence or cell is heard first, then row and column heads, the lead-in, caption
and notes, the heading, and the page. A field that is not the figure's own is
`inherited`, with the place it came from.
"""

from collections.abc import Sequence

from pipeline.extract.credentials import set_credentials
from pipeline.extract.currency_and_period import set_currency, set_periods
from pipeline.extract.dates import TextDate, find_dates
from pipeline.extract.declared_statistic import set_declared_statistic
from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.experience_years import set_experience
from pipeline.extract.figure_attribution import attribute_figures, is_continuation
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.page_survey import attribute_to_survey
from pipeline.extract.statistic_field import set_statistic
from pipeline.extract.tagged_lines import TaggedLine
from pipeline.extract.work_setting import (
    set_areas,
    set_occupations,
    set_work_conditions,
)


def fill_fields(
    page: IndexedPage,
    line: TaggedLine,
    made: Sequence[Draft],
    around: Sequence[ContextLine],
    before: SentenceState,
) -> None:
    """Fill the fields of every draft of a line that is to be a claim."""
    live = [d for d in made if not d.aside]
    if not live:
        return
    for draft in live:
        set_currency(page, line, draft, around)
        set_statistic(page, line, draft, around, before)
    set_periods(page, line, live, around, before)
    attribute_figures(page, line, made, around, before)
    attribute_to_survey(page, line, made, before)
    set_declared_statistic(page, made)
    set_areas(page, line, made, around, before)
    set_credentials(page, line, made, around)
    set_experience(page, line, made, around)
    set_work_conditions(line, made, around)
    set_occupations(page, line, made, around, before)
    _set_reference_periods(line, made, around, before)


def _set_reference_periods(
    line: TaggedLine,
    made: Sequence[Draft],
    around: Sequence[ContextLine],
    before: SentenceState,
) -> None:
    """Say which period each figure is of."""
    found = find_line_dates(line)
    name = "reference_period"
    for draft in made:
        if draft.aside:
            continue
        when = _find_own_date(line, draft, found)
        if when is not None:
            rule = "date in the sentence"
            draft.set_field(name, when.means, rule, "sentence", text=when.means)
        elif (
            before.reference_date
            and not found
            and draft.kind != "outlook"
            and is_continuation(line)
        ):
            draft.carry_field(
                name, before.reference_date, "date of the sentence before"
            )
        for context in around:
            if name in draft.fields:
                break
            if context.where in ("heading", "row") and not context.nearest:
                continue
            near = find_line_dates(context.line)
            if len(near) == 1:
                means = near[0].means
                draft.set_field(name, means, "date around", context.where, text=means)


def _find_own_date(
    line: TaggedLine, draft: Draft, found: list[TextDate]
) -> TextDate | None:
    """Return the date right behind the figure, else the last one before it."""
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


def find_line_dates(line: TaggedLine) -> list[TextDate]:
    """Dates of a line."""
    if "dates" not in line.memo:
        line.memo["dates"] = find_dates(line.text, line.start, line.end)
    return line.memo["dates"]  # type: ignore[no-any-return]
