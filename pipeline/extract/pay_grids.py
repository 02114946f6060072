"""Pay grids: bare numbers that are money since the whole table is of pay.

A salary schedule has lanes over its columns and steps down its rows, and no currency
sign: its caption or the heading over it says that it is pay. And a head may say in
what the sums are counted: lakhs, thousands.
"""

import re

from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.number_ranges import Figure

AMOUNT = r"\d{2,3},\d{3}(?:\.\d\d)?|\d{2,3}\.\d\d|\d{2,3}(?:\.\d)?[kK]"
AMOUNT_CELL = re.compile(
    rf"[^\w(]{{0,3}}({AMOUNT})(?: ?[-‐‑–—] ?(?:{AMOUNT}))?\W{{0,3}}"
)
SHORT_PERIOD_CELL = re.compile(
    r"[^\w(]{0,3}(\d{3}|\d,\d{3})(?: ?[-‐‑–—] ?(?:\d{3}|\d,\d{3}))?\W{0,3}"
)
SHORT_PERIODS = ("day", "week", "month")
DASH = re.compile(r"\s?(?:[-‐‑‒–—―−]|to)\s?")
LEAST, MOST = 12_000.0, 400_000.0
LEAST_HOUR, MOST_HOUR = 7.0, 250.0


def find_head_scale(page: IndexedPage, index: int) -> tuple[float, str]:
    """Return the multiplier that a cell's column head names, and the repair's code."""
    text = page.document.text
    for head in page.find_column_heads(index):
        block = page.document.blocks[head]
        end = min(block.end, block.start + 120)
        found = page.words.money.multipliers.head_scale.search(text, block.start, end)
        if found is not None:
            word = next(word for word in found.groups() if word)
            return page.words.money.multipliers.counted[word.lower()]
    return 1.0, ""


def multiply_figure(figure: Figure, scale: float, code: str) -> None:
    """Multiply a figure by what its head counts in."""
    figure.repairs += (code,)
    for name in ("value", "low", "high"):
        number = getattr(figure, name)
        if number is not None:
            setattr(figure, name, round(number * scale, 2))


def join_cell_ranges(text: str, kept: list[Figure]) -> list[Figure]:
    """`18,000 – 22,000` in a cell of money without signs is one range."""
    out: list[Figure] = []
    for figure in kept:
        last = out[-1] if out else None
        if last is not None and _is_range_pair(text, last, figure):
            last.low, last.high, last.value = last.value, figure.value, None
            last.end, last.numbers = figure.end, last.numbers + figure.numbers
        else:
            out.append(figure)
    return out


def _is_range_pair(text: str, last: Figure, figure: Figure) -> bool:
    if last.unit != "money" or figure.unit != "money" or last.mark or figure.mark:
        return False
    if last.value is None or figure.value is None or last.value >= figure.value:
        return False
    return DASH.fullmatch(text, last.end, figure.start) is not None


def is_in_pay_grid(page: IndexedPage, index: int, figure: Figure) -> bool:
    """Whether a bare number stands in a grid of pay, among others of its size."""
    block = page.document.blocks[index]
    if block.table is None or block.row is None or not page.find_column_heads(index):
        return False
    if not _has_size_of_pay(page, index):
        return False
    cells = page.list_row_cells(block)
    numbers = [i for i in cells if not page.document.blocks[i].head]
    like = sum(_has_size_of_pay(page, i) for i in numbers)
    if _is_pay_table(page, index):
        return like > 1 or len(numbers) == 1
    title = page.heading_line(page.document.title[:300]).get_mentions("topics")
    paid = any(m.means == "pay" and m.place == "topic" for m in title)
    return paid and like > 1 and like + 1 >= len(numbers)


def _has_size_of_pay(page: IndexedPage, index: int) -> bool:
    """Return whether a cell is one number of the size of pay."""
    block = page.document.blocks[index]
    match = AMOUNT_CELL.fullmatch(page.document.text, block.start, block.end)
    if match is None:
        return _fits_caption_period(page, index)
    if match[1][-1] in "kK":
        return LEAST <= float(match[1][:-1]) * 1e3 <= MOST
    size = float(match[1].replace(",", ""))
    return LEAST <= size <= MOST or LEAST_HOUR <= size <= MOST_HOUR


def _fits_caption_period(page: IndexedPage, index: int) -> bool:
    """`700–790` in a table whose caption says `weekly` and names the currency."""
    block = page.document.blocks[index]
    match = SHORT_PERIOD_CELL.fullmatch(page.document.text, block.start, block.end)
    if match is None:
        return False
    size = float(match[1].replace(",", ""))
    for context in page.list_context(index):
        line = context.line
        if context.where not in ("caption", "column"):
            continue
        names = {m.means for m in line.get_mentions("periods")} & {*SHORT_PERIODS}
        if names and page.words.money.named.search(line.text, line.start, line.end):
            return any(
                low <= size <= high
                for name in sorted(names)
                for low, high, *_ in (page.words.magnitudes[name],)
            )
    return False


def _is_pay_table(page: IndexedPage, index: int) -> bool:
    """Return whether the table's caption, lead-in or nearest heading says pay."""
    for context in page.list_context(index):
        if context.where not in ("caption", "lead_in", "heading"):
            continue
        if context.where == "heading" and not context.nearest:
            continue
        if any(
            m.means == "pay" and m.place == "topic"
            for m in context.line.get_mentions("topics")
        ):
            return True
    return False
