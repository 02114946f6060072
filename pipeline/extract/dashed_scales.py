"""Three sums and more joined by dashes: the steps of a scale, and no ranges."""

import re

from pipeline.extract.digits import ParsedNumber
from pipeline.extract.tokens import DASH_CLASS

DASH = re.compile(rf"\s?[{DASH_CLASS}]\s?")
# A bare number of the form of a sum: grouped, or with hundredths.
SUM_FORM = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,3}\.\d{2}")
MOST_TIMES = 4.0


def find_dashed_scale(
    text: str, found: list[ParsedNumber], index: int
) -> list[ParsedNumber] | None:
    """Return the points of `€33,218 – 35,047 – 36,912`; None for two or fewer.

    Three sums and more joined by dashes are steps of a scale, and no two of them a
    range. Each takes the mark of the first; notes that touch a step are skipped.
    """
    first = found[index]
    formed = first.unit == "bare" and SUM_FORM.fullmatch(text, first.start, first.end)
    if not (first.unit == "money" or formed) or first.fault:
        return None
    points = [first]
    for at in range(index + 1, len(found)):
        number = found[at]
        if number.unit == "bare" and number.start == points[-1].end:
            continue  # a superscript
        if not _is_next_step(text, first, points[-1], number):
            break
        points.append(number)
    if len(points) < 3:
        return None
    if first.unit == "money":
        for number in points:
            if number.unit == "bare":
                number.unit, number.mark = "money", first.mark
    return points


def _is_next_step(
    text: str, first: ParsedNumber, last: ParsedNumber, number: ParsedNumber
) -> bool:
    """Return whether a number like the first follows the last step behind a dash."""
    if number.fault or number.unit not in ("bare", "money"):
        return False
    if not first.value / MOST_TIMES <= number.value <= first.value * MOST_TIMES:
        return False
    gap = text[last.end : number.start].lstrip("0123456789")
    return DASH.fullmatch(gap) is not None
