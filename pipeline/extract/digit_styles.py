"""Digits with points and commas to values: which mark groups, which parts tenths.

`3.260` is three thousand in euros, three and a quarter as a percentage and in Kuwaiti
dinars, whose unit has a thousand parts. A mark of money or percent beside the digits
says which style they are in; without one only what every style shares is read.
"""

import re
from dataclasses import dataclass

# Groups of thousands: by threes, or by twos before the last three (`12,34,500`).
GROUPS = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}")
MARKS = re.compile(r"[.,]")


@dataclass(frozen=True, slots=True)
class DigitStyle:
    """How digits beside one kind of mark are written.

    Args:
        decimal: Mark before tenths where the style is at home.
        money: Whether they are a sum, where a point before three digits groups.
        parts: Digits that the currency's hundredths (thousandths) have.
    """

    decimal: str = "."
    money: bool = False
    parts: int = 2


@dataclass(frozen=True, slots=True)
class MarkedDigits:
    """A value, the digits behind its decimal mark, and codes of what was mended."""

    value: float
    decimals: int = 0
    repairs: tuple[str, ...] = ()


BARE = DigitStyle()
PERCENT = DigitStyle(",")


def read_marked_digits(plain: str, style: DigitStyle) -> MarkedDigits | None:
    """Return the value of digits with at least one point or comma; None if malformed.

    >>> read_marked_digits("1.234,50", PERCENT)
    MarkedDigits(value=1234.5, decimals=2, repairs=())
    >>> read_marked_digits("12,3,4", BARE) is None
    True
    """
    marks = MARKS.findall(plain)
    whole, mark, part = plain.rpartition(marks[-1])
    if len(marks) == 1:
        return _read_one_mark(whole, mark, part, style)
    if GROUPS.fullmatch(plain):
        return MarkedDigits(float(MARKS.sub("", plain)))
    # An apostrophe groups as a comma does, so `1'049,95` has two of them here.
    if GROUPS.fullmatch(whole) and (mark not in marks[:-1] or 0 < len(part) < 3):
        return _join_decimals(MARKS.sub("", whole), part)
    return None


def _read_one_mark(
    whole: str, mark: str, part: str, style: DigitStyle
) -> MarkedDigits | None:
    if len(part) == 3 and len(whole) <= 3 and not whole.startswith("0"):
        thousandths = style.parts == 3 and mark == "." == style.decimal
        if thousandths or (mark == "." and not style.money):
            return _join_decimals(whole, part)
        repairs = ("point_for_comma",) if mark == "." == style.decimal else ()
        return MarkedDigits(float(whole + part), repairs=repairs)
    if mark == "." or (style.decimal == "," and len(part) != 3):
        return _join_decimals(whole, part)
    if style.money and (len(part) < 3 or whole == "0"):
        return _join_decimals(whole, part, ("comma_for_point",))
    return None


def _join_decimals(
    whole: str, part: str, repairs: tuple[str, ...] = ()
) -> MarkedDigits:
    return MarkedDigits(float(f"{whole}.{part}"), len(part), repairs)
