"""Bare sums in cells: how they are written, what their head counts in, ranges.

A cell that is nothing but groups of digits is one number, and a head may say in what
the sums are counted: lakhs, thousands.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator

from pipeline.core.currency_table import SIGNS
from pipeline.core.letter_case import lower_match
from pipeline.core.model import Document
from pipeline.core.money_marks import MoneyMarks
from pipeline.extract.digits import ParsedNumber, style_of
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.number_ranges import Figure
from pipeline.extract.tokens import DASH_CLASS

# Thousands by a space, hundredths by a comma: `56 000`, `4 230,90`, `11,11`.
SPACED = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})*(?:,\d\d)?")
DOTTED = re.compile(r"\d{1,3}(?:\.\d{3})+")
SIGN = "[¤]"
IN_THOUSANDS = re.compile(
    rf"(?i)\(?(?:in )?[{SIGNS}]\s?(?:000s?|thousands)\)?|\bin thousands\b"
    r"|\bthousands of dollars"
)
LONGEST_CELL = 16
DASH = re.compile(rf"\s?(?:[{DASH_CLASS}]|to)\s?")


def join_digit_groups(
    document: Document, found: list[Figure], money: MoneyMarks
) -> list[Figure]:
    """Make one figure of the bare numbers that a cell of spaced digits was read as.

    `12.000` is twelve thousand where another cell has a comma before the hundredths,
    and on a page whose signs are of currencies that have one there, as the euro.

    Args:
        document: With its cells.
        found: Figures of the whole text, in text order.
        money: Marks and patterns of money.
    """
    starts = [figure.start for figure in found]
    out: list[Figure] = []
    taken = 0
    for start, end, raw in _list_grouped_cells(document, money):
        first, last = (bisect_left(starts, at) for at in (start, end))
        here = found[first:last]
        if raw.isdigit() or not here or any(figure.unit != "bare" for figure in here):
            continue
        out += [*found[taken:first], _make_bare_figure(start, end, raw)]
        taken = last
    return [*out, *found[taken:]] if out else found


def _list_grouped_cells(
    document: Document, money: MoneyMarks
) -> Iterator[tuple[int, int, str]]:
    """Yield cells that are nothing but groups of digits: `56 000`, `12.000`."""
    text = document.text
    continental = _is_continental(text, money)
    for block in document.blocks:
        if block.kind != "cell" or block.end - block.start > LONGEST_CELL:
            continue
        raw = text[block.start : block.end]
        spaced = SPACED.fullmatch(raw) is not None
        continental = continental or (spaced and raw[-3:-2] == ",")
        if spaced or (continental and DOTTED.fullmatch(raw)):
            yield block.start, block.end, raw


def _is_continental(text: str, money: MoneyMarks) -> bool:
    """Return whether most signs of a page are of currencies with a decimal comma."""
    commas = {sign for sign in money.symbols if style_of(sign, money).decimal == ","}
    signs = [sign in commas for sign in money.pattern(SIGN).findall(text)]
    return sum(signs) * 2 > len(signs)


def _make_bare_figure(start: int, end: int, raw: str) -> Figure:
    """Make a figure of digits whose hundredths stand behind a comma."""
    whole, _, cents = raw.partition(",")
    value = float("".join(filter(str.isdigit, whole)) + "." + (cents or "0"))
    number = ParsedNumber(start, end, value, decimals=len(cents), body=start)
    return Figure(start, end, "bare", "", (number,), value=value)


def find_head_scale(page: IndexedPage, index: int) -> tuple[float, str]:
    """Return the multiplier that a cell's column head names, and the repair's code."""
    text = page.document.text
    for head in page.find_column_heads(index):
        block = page.document.blocks[head]
        end = min(block.end, block.start + 120)
        found = page.words.money.multipliers.head_scale.search(text, block.start, end)
        if found is not None:
            word = next(word for word in found.groups() if word)
            return page.words.money.multipliers.counted[lower_match(word)]
    return 1.0, ""


def is_in_thousands(page: IndexedPage, index: int) -> bool:
    """Return whether a head, caption or lead-in says that sums are in thousands."""
    if not page.mentions_thousands:
        return False
    block = page.document.blocks[index]
    text = page.document.text
    spans = [(block.start, min(block.end, block.start + 400))]
    spans += [
        (c.line.start, c.line.end)
        for c in page.list_context(index)
        if c.where in ("column", "caption", "lead_in") and c.line.text is text
    ]
    return any(IN_THOUSANDS.search(text, a, b) for a, b in spans)


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
