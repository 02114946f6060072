"""Runs of digits and marks to values, mended where the break is plain."""

import re
from dataclasses import dataclass

from pipeline.core.money_marks import MoneyMarks
from pipeline.core.number_marks import Separators

SPACED_CENTS = re.compile(r" \.\d{2}(?!\d)")
GROUP_REST = re.compile(r"\d{1,2},\d{3}(?!\d)|\d{3}(?!\d)")
SPLIT_LAST_DIGITS = re.compile(r"(?<=,\d\d) \d(?!\d)|(?<=,\d) \d\d(?!\d)")
BROKEN_GROUP = re.compile(r"(?<=\d) (?=\d{1,2},\d{3})|(?: ,|,\n|, | , )(?=\d{3}(?!\d))")
INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?")


@dataclass(slots=True)
class ParsedNumber:
    """A number as written, with the unit that touches it.

    Args:
        unit: `money`, `percent`, `points` (of percentage) or `bare`.
        mark: Currency mark as written; "" where none touches it.
        before: The mark stands before the number.
        scale: What the number was multiplied by (52K: 1,000); 1 where nothing says.
        plus: A plus sign follows: at least so much.
        near: A capital code beside it that does not make it money by itself.
        minor: Its mark is that of the hundredth of a unit: cents.
        sign: `+` or `-` in front of it.
        repairs: Codes of what was mended.
        fault: Why it cannot be read, where it cannot.
        shared: Start and end of the list whose last number's scale it shares.
    """

    start: int
    end: int
    value: float
    unit: str = "bare"
    mark: str = ""
    before: bool = False
    scale: float = 1.0
    plus: bool = False
    sign: str = ""
    decimals: int = 0
    body: int = 0
    repairs: tuple[str, ...] = ()
    fault: str = ""
    near: str = ""
    minor: bool = False
    shared: tuple[int, int] | None = None


def read_digit_run(
    text: str, start: int, end: int, number: ParsedNumber, money: MoneyMarks
) -> None:
    """Set a number's value from digits and marks, mended where that is plain."""
    raw = text[start:end]
    parts = money.separators
    if number.unit == "money" or money.marked.match(text, end):
        end = _extend_over_gaps(text, start, end, number, parts)
        raw = text[start:end]
    compact = raw.translate(parts.no_blanks)
    plain = compact.translate(parts.one_mark)
    number.end = end
    if compact.isdigit():
        number.value = float(compact)
    elif "," not in plain and plain.count(".") == 1:
        _read_decimal(plain, number)
    elif grouped := parts.grouped.fullmatch(plain):
        _read_grouped(plain, grouped.group(1), number)
    elif INDIAN.fullmatch(plain):
        number.value = float(plain.replace(",", ""))
    elif number.unit == "money" and re.fullmatch(r"\d{1,3},\d{2}", plain):
        number.value = float(plain.replace(",", "."))
        number.decimals = 2
        number.repairs += ("comma_for_point",)
    else:
        _read_first_number(text, start, raw, number)


def _extend_over_gaps(
    text: str, start: int, end: int, number: ParsedNumber, parts: Separators
) -> int:
    """Return the end of a figure with gaps: `52 600`, `5 2,600`, `52, 600`."""
    raw = text[start:end]
    if raw.isdigit() and len(raw) <= 3 and (more := parts.spaced.match(text, end)):
        return more.end()
    if raw.isdigit() and len(raw) <= 3 and (cents := SPACED_CENTS.match(text, end)):
        number.repairs += ("split_digits",)
        return cents.end()
    if (
        4 <= len(raw) <= 6
        and "," in raw
        and (tail := SPLIT_LAST_DIGITS.match(text, end))
    ):
        number.repairs += ("split_digits",)
        return tail.end()
    if raw.isdigit() and len(raw) <= 3 and (gap := BROKEN_GROUP.match(text, end)):
        rest = GROUP_REST.match(text, gap.end())
        total = len(raw) + len(rest.group().split(",")[0]) if rest else 9
        if rest and ("," in gap.group() or total <= 3):
            number.repairs += ("split_digits",)
            return rest.end()
    return end


def _read_decimal(plain: str, number: ParsedNumber) -> None:
    whole, _, part = plain.partition(".")
    number.value = float(plain)
    number.decimals = len(part)
    if number.unit == "money" and len(part) == 3 and 1 <= len(whole) <= 3:
        number.value = float(whole + part)
        number.decimals = 0
        number.repairs += ("point_for_comma",)


def _read_grouped(plain: str, separator: str, number: ParsedNumber) -> None:
    whole = plain
    if len(plain.rsplit(separator, 1)[1]) != 3:
        whole, _, part = re.split(r"([.,])(?=\d{1,2}$)", plain)
        number.decimals = len(part)
        number.value = float(whole.replace(separator, "") + "." + part)
    elif "." in plain and separator == ",":
        whole, _, part = plain.partition(".")
        number.decimals = len(part)
        number.value = float(whole.replace(",", "") + "." + part)
    else:
        number.value = float(plain.replace(separator, ""))


def _read_first_number(text: str, start: int, raw: str, number: ParsedNumber) -> None:
    """Set the first number of a run that is no number, or a fault."""
    if number.unit == "money":
        number.fault = "malformed"
        return
    head = re.match(r"\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?", raw)
    assert head is not None
    number.end = start + head.end()
    if "." in head.group() or "," in head.group():
        number.value = float(head.group().replace(",", ""))
    else:
        number.value = float(head.group()[:15])
    number.fault = "" if len(head.group()) == len(raw) else "code"
