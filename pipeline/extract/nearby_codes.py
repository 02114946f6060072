"""Capital codes beside a number that alone make no money of it: `XBT 240,000`."""

import re

from pipeline.core.money_marks import MoneyMarks
from pipeline.extract.number_ranges import Figure

BEFORE = re.compile(r"(?<![A-Za-z])(?<![A-Z] )[A-Z]{3}[ \u00a0]$")
BEHIND = re.compile(r"[ \u00a0]([A-Z]{3})\b(?! ?[A-Z]{2})")
LONG = 3


def find_code_nearby(text: str, start: int, end: int) -> str:
    """Return the capital code beside a bare number; "" for none, or all capitals."""
    if start > LONG and text[start - 2].isupper() and text[start - 1] in " \u00a0":
        match = BEFORE.search(text, max(0, start - LONG - 3), start)
        if match is not None:
            return match.group()[:LONG]
    if text[end + 1 : end + 2].isupper() and (match := BEHIND.match(text, end)):
        return match.group(1)
    return ""


def mark_by_code(figure: Figure, money: MoneyMarks) -> None:
    """Take the code beside a sum for its mark, whether a currency has it or not.

    A number is a sum here by where it stands; the code must not pass in silence. A
    word or an acronym of the vocabularies (`CPC 58,900`) is no code.
    """
    for near in [number.near for number in figure.numbers if number.near]:
        if near in money.codes or near.lower() not in money.spoken:
            figure.mark = near


def find_code_behind(text: str, figure: Figure) -> int:
    """Where the words behind a figure begin, a capital code right behind it over."""
    near = figure.numbers[-1].near if figure.numbers else ""
    over = figure.end + 1
    return over + len(near) if near and text.startswith(near, over) else figure.end
