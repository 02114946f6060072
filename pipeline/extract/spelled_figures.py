"""Figures in words: `fifty-two thousand dollars`, `six figures`, `forty percent`."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.number_ranges import Figure
from pipeline.extract.tokens import small_letters

DIGIT_BEFORE = re.compile(r"\d[\s-]{0,2}$")
# Behind the end of a line the number of the next one may be blanked.
WORD = re.compile(r"(?i)([a-z]+)(?:[\s-]{0,2}|-?\n[ \t]{0,6})$")
WINDOW = 20  # characters, for the longest word and a gap
FIGURE_COUNT_POWERS = {"five": 4, "six": 5, "seven": 6}


def find_spelled_figures(
    text: str, words: Gazetteer, starts: Sequence[int] = ()
) -> list[Figure]:
    """Every sum of money and percent that is written in words.

    Args:
        text: Of the document.
        words: Numerals and names of money.
        starts: Where blocks start; the words of a figure are all in one.
    """
    out = []
    for match in words.money.spelled.finditer(small_letters(text)):
        block = bisect_right(starts, match.end() - 1)
        floor = starts[block - 1] if block else 0
        if match.start() < floor:
            continue  # a numeral in one cell, `Lei` in the next
        read = _read_figure_count if match["figures"] else _read_spelled_amount
        figure = read(text, match, words, floor)
        if figure is not None:
            out.append(figure)
    return out


def _read_figure_count(
    text: str, match: re.Match[str], words: Gazetteer, floor: int
) -> Figure | None:
    word = WORD.search(text, max(floor, match.start() - 12), match.start())
    power = FIGURE_COUNT_POWERS.get(word.group(1).lower()) if word else None
    if power is None or word is None:
        return None
    figure = Figure(word.start(), match.end(), "money", words.money.usual_sign(), ())
    figure.low = 10.0**power
    figure.approximate = True
    figure.note = "figures"
    return figure


def _read_spelled_amount(
    text: str, match: re.Match[str], words: Gazetteer, floor: int
) -> Figure | None:
    """Read the run of number words that ends at the unit as a figure, or None."""
    parts: list[float] = []
    at = match.start()
    while word := WORD.search(text, max(floor, at - WINDOW), at):
        value = words.lexicon.numerals.get(word.group(1).lower())
        if value is None or len(parts) > 8:
            break
        parts.insert(0, value)
        at = word.start()
    # `56 thousand dollars` is a number with its scale, which is read with its digits.
    # `a multi-million-dollar platform` counts nothing.
    if len(parts) == 1 and parts[0] >= 1000 and text[match.start()] == "-":
        return None
    if not parts or DIGIT_BEFORE.search(text, max(0, at - 3), at):
        return None
    unit = "percent" if match["unit"].startswith("per") else "money"
    mark = "" if unit == "percent" else match["unit"]
    figure = Figure(at, match.end(), unit, mark, ())
    figure.value = _add_number_words(parts)
    figure.note = "words"
    return figure


def _add_number_words(parts: list[float]) -> float:
    total = run = 0.0
    for value in parts:
        if value == 100:
            run = (run or 1) * 100
        elif value >= 1000:
            total += (run or 1) * value
            run = 0.0
        else:
            run += value
    return total + run
