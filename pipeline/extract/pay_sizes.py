"""Which sums have the size of pay: for a span of time, or for any at all."""

from collections.abc import Sequence

from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.number_ranges import Figure
from pipeline.extract.shared_signs import choose_currency

# Where no span of time is named: a year's pay in full, or an hour's in cents.
LEAST_YEAR, MOST_YEAR = 12_000.0, 400_000.0
LEAST_HOUR, MOST_HOUR = 7.0, 250.0


def get_currency_scale(page: IndexedPage, figure: Figure) -> float:
    """How large sums run in the figure's currency, against the dollar."""
    return page.words.money.table.size_of(choose_currency(page, figure.mark))


def name_period_by_size(page: IndexedPage, size: float) -> str:
    """Return the span that a sum can be pay for where nothing names one, or ""."""
    bands = page.words.magnitudes.items()
    return next((n for n, (_, _, least, most) in bands if least <= size < most), "")


def fits_pay(
    page: IndexedPage, figure: Figure, period: str, times: float = 1.0
) -> bool:
    """Return whether a sum can be pay: for the span named, else for any by its form.

    Args:
        page: For its currency and its magnitudes.
        figure: The sum.
        period: `hour`, `month` …, or "" where none is named.
        times: What it is counted in: 1000 in a table of thousands.
    """
    sizes = [n for n in (figure.value, figure.low, figure.high) if n is not None]
    scale = get_currency_scale(page, figure)
    sizes = [size * times / scale for size in sizes]
    band = page.words.magnitudes.get(period)
    if band is not None:
        low, high = (band[2], band[3]) if band[3] else (band[0], band[1])
        return all(low <= size <= high for size in sizes)
    cents = any(number.decimals == 2 for number in figure.numbers)
    return all(
        LEAST_YEAR <= size <= MOST_YEAR
        or ((cents or figure.unit == "money") and LEAST_HOUR <= size <= MOST_HOUR)
        for size in sizes
    )


def read_context_period(page: IndexedPage, index: int) -> str:
    """Return the span of time that the caption, lead-in or heading of a table names.

    The nearest line that names one decides; where it names two, none does.
    """
    for context in page.list_context(index):
        if context.where not in ("caption", "lead_in", "heading", "note"):
            continue
        names = {m.means for m in context.line.get_mentions("periods") if m.means}
        if names:
            return names.pop() if len(names) == 1 else ""
    return ""


def fits_named_period(
    page: IndexedPage, figure: Figure, around: Sequence[ContextLine]
) -> bool:
    """Return whether a sum can be pay for the span that a line around it names.

    `Cook: €2,100` under `Monthly rates`, on a page about pay. A line that speaks of
    something else than pay, and stands nearer, denies it.
    """
    for context in around if page.about_pay else ():
        topics = context.line.list_strong_topics()
        if any(m.means not in ("pay", "outlook") for m in topics):
            return False
        spans = context.line.get_mentions("periods")
        names = {m.means for m in spans if m.means and m.place == "any"}
        if names:
            return len(names) == 1 and fits_pay(page, figure, names.pop())
    return False


def find_level_period(page: IndexedPage, cells: Sequence[int]) -> str:
    """Return the span of time that the first sum of pay in a row can only be for."""
    for index in cells:
        block = page.document.blocks[index]
        for figure in page.list_figures(block.start, block.end):
            name = name_period_by_size(page, figure.size)
            if name and figure.unit == "money":
                return name
    return ""
