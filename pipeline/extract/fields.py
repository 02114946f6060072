"""What a figure is about: each field from a place that names it.

Place, publisher, statistic, date and conditions of work are ranked among all that could
be meant (`candidates`, `ranking`). The others are taken from the nearest place: the
sentence or cell, then row and column heads, the lead-in, caption and notes, the
heading, and the page. A field that is not the figure's own is `inherited`, with the
place it came from.
"""

from collections.abc import Sequence

from pipeline.extract.area_field import set_areas
from pipeline.extract.credentials import set_credentials
from pipeline.extract.currency_and_period import set_currency, set_periods
from pipeline.extract.date_field import set_reference_periods
from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.experience_years import set_experience
from pipeline.extract.figure_attribution import attribute_figures
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.named_columns import (
    select_occupation_lines,
    set_unknown_names,
)
from pipeline.extract.qualifiers import set_unread
from pipeline.extract.statistic_field import list_line_statistics, set_statistic
from pipeline.extract.tagged_lines import TaggedLine
from pipeline.extract.work_setting import set_occupations, set_work_conditions
from pipeline.extract.written_places import set_unknown_places


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
    attribute_figures(page, line, live, around, before)
    shared = list_line_statistics(page, line, live[0], around)
    for draft in live:
        set_currency(page, line, draft, around)
        set_statistic(page, line, draft, shared, before)
    set_periods(page, line, live, around, before)
    set_unknown_places(page, made, around)
    set_areas(page, line, made, around, before)
    set_unknown_names(page, made)
    set_credentials(page, line, made, around)
    set_experience(page, line, made, around)
    set_work_conditions(page, line, made, around)
    set_unread(page, line, made, around)
    beside = select_occupation_lines(page, around)
    set_occupations(page, line, made, beside, before)
    set_reference_periods(page, line, live, around, before)
