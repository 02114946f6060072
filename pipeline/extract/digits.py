"""Runs of digits and marks to values, mended where the break is plain."""

import re
from dataclasses import dataclass

from pipeline.core.money_marks import MoneyMarks
from pipeline.core.number_marks import Separators
from pipeline.extract.digit_styles import (
    BARE,
    PERCENT,
    DigitStyle,
    read_marked_digits,
)

SPACED_CENTS = re.compile(r" \.\d{2}(?!\d)")
GROUP_REST = re.compile(r"\d{1,2},\d{3}(?!\d)|\d{3}(?!\d)")
SPLIT_LAST_DIGITS = re.compile(r"(?<=,\d\d) \d(?!\d)|(?<=,\d) \d\d(?!\d)")
BROKEN_GROUP = re.compile(r"(?<=\d) (?=\d{1,2},\d{3})|(?: ,|,\n|, | , )(?=\d{3}(?!\d))")
# `50,-` and `1.198,--`: no hundredths; not the dash of a range.
DASHED_CENTS = re.compile(r"[,.][-–—]{1,2}(?![-–—]?\s?[^\W_])")
# Read otherwise where a mark of money or percent stands beside it: `3.260 €`.
AMBIGUOUS = re.compile(r"\d+,\d{1,2}|\d{1,3}[.,]\d{3}|[\d,]+\.\d{3}")
SMALL_UNIT = 10.0
JOINED = 6  # characters at most between the two ends of a range in digits
JOIN = re.compile(r"\s?(?:[-‐‑‒–—−]|to|bis|and|und|à|a|y|et|til|do)\s?")


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
        style: How its digits were written.
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
    style: DigitStyle = BARE


def read_digit_run(
    text: str,
    start: int,
    end: int,
    number: ParsedNumber,
    money: MoneyMarks,
    before: ParsedNumber | None = None,
) -> None:
    """Set a number's value from digits and marks, mended where that is plain.

    Args:
        text: Of the document.
        start: Of the run of digits.
        end: Of the run.
        number: What is set; its unit is money where a mark stands before it.
        money: Marks and patterns of money.
        before: The number in front, whose style the other end of a range shares.
    """
    parts = money.separators
    tail = money.marked.match(text, end)
    if number.unit == "money" or tail is not None:
        end = _extend_over_gaps(text, start, end, number, parts)
    if tail is not None:
        end = max(end, tail.end("rest"))
    elif number.unit == "money" and (dash := DASHED_CENTS.match(text, end)):
        end = dash.end()
    raw = text[start:end]
    compact = raw.translate(parts.no_blanks).rstrip("-–—,.")
    plain = compact.translate(parts.one_mark)
    number.end = end
    if compact.isdigit():
        number.value = float(compact)
        return
    style = _find_style(text, plain, number, money, before)
    read = read_marked_digits(plain, style)
    if read is None:
        _read_first_number(text, start, raw, number)
        return
    number.value, number.decimals = read.value, read.decimals
    number.repairs += read.repairs
    number.style = style


def _find_style(
    text: str,
    plain: str,
    number: ParsedNumber,
    money: MoneyMarks,
    before: ParsedNumber | None,
) -> DigitStyle:
    """Say how digits are written: by the mark before, behind, or of their range."""
    if number.unit == "money":
        return style_of(number.mark, money)
    if not AMBIGUOUS.fullmatch(plain):
        return BARE
    match = money.after.match(text, number.end)
    unit = match.group("unit") if match else None
    if not unit and (ranged := money.ranged.match(text, number.end)):
        unit = ranged.group("unit")
    if unit:
        return PERCENT if money.percent.fullmatch(unit) else style_of(unit, money)
    near = before is not None and number.body - before.end <= JOINED
    if before is not None and near and JOIN.fullmatch(text, before.end, number.body):
        return before.style
    return BARE


def style_of(mark: str, money: MoneyMarks) -> DigitStyle:
    """Return the style of a mark's currency; of several the first one's."""
    codes = money.table.list_codes(mark)
    if not codes:
        return DigitStyle(money=True)
    row = money.table.rows[codes[0]]
    decimal = "," if row.decimals == "comma" else "."
    # Nobody counts the thousandths of a dinar that is worth less than a cent.
    parts = row.minor_unit if row.scale < SMALL_UNIT else 2
    return DigitStyle(decimal, money=True, parts=parts)


def _extend_over_gaps(
    text: str, start: int, end: int, number: ParsedNumber, parts: Separators
) -> int:
    """Return the end of a figure with gaps: `52 600`, `5 2,600`, `52, 600`."""
    raw = text[start:end]
    short = raw.isdigit() and len(raw) <= 3
    if short and (more := parts.spaced.match(text, end)):
        return more.end()
    rest = (
        _find_broken_rest(text, raw, end) if short else _find_split_end(text, raw, end)
    )
    if rest is None:
        return end
    number.repairs += ("split_digits",)
    return rest


def _find_split_end(text: str, raw: str, end: int) -> int | None:
    """Return where `52,6 00` ends: a blank parts the last digits; None for no such."""
    if not 4 <= len(raw) <= 6 or "," not in raw:
        return None
    tail = SPLIT_LAST_DIGITS.match(text, end)
    return tail.end() if tail else None


def _find_broken_rest(text: str, raw: str, end: int) -> int | None:
    """Return where `52 .60`, `5 2,600` or `52, 600` ends; None for another number."""
    if cents := SPACED_CENTS.match(text, end):
        return cents.end()
    gap = BROKEN_GROUP.match(text, end)
    rest = GROUP_REST.match(text, gap.end()) if gap else None
    if gap is None or rest is None:
        return None
    total = len(raw) + len(rest.group().split(",")[0])
    return rest.end() if "," in gap.group() or total <= 3 else None


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
