"""Bare sums in cells: what their head counts in, and two that are one range.

A head may say in what the sums are counted: lakhs, thousands.
"""

import re

from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.number_ranges import Figure

DASH = re.compile(r"\s?(?:[-‐‑‒–—―−]|to)\s?")


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
