"""A text that is one amount and nothing else: a field of data, a whole cell's value.

Where nothing else is written, letters beside a number can be nothing but its mark
(`1 250 KM`, `RM50`, `30 lei`), and broken hundredths nothing but hundredths
(`$ 8. 94`). In running text the same letters are units and words, and are not read.
"""

import re

from pipeline.core.money_marks import MoneyMarks
from pipeline.extract.digit_styles import read_marked_digits
from pipeline.extract.digits import ParsedNumber, style_of

LONGEST = 40
BLANK = "[ \u00a0\u202f\u2009\t]"
LETTERS = r"[^\d\s+−–-](?:[^\d+−–-]{0,18}[^\d\s+−–:-])?"
LONE = re.compile(
    rf"{BLANK}*(?:(?P<before>{LETTERS}):?)?{BLANK}*"
    rf"(?P<digits>\d[\d.,'’]*(?:{BLANK}\d{{3}})*(?:[.,]{BLANK}?\d{{1,3}})?)"
    rf"(?:[.,][-–—]{{0,2}})?{BLANK}*(?P<behind>{LETTERS}\.?)?{BLANK}*"
)
# `35€ 99`: the sign stands where the decimal mark would.
PARTED = re.compile(rf"(?P<whole>\d+){BLANK}?(?P<mark>[^\w\s.,])(?P<part>{BLANK}?\d\d)")


def read_lone_amount(text: str, money: MoneyMarks) -> ParsedNumber | None:
    """Return the one amount that a text consists of; None if it holds anything else."""
    if len(text) > LONGEST:
        return None
    if parted := PARTED.fullmatch(text.strip()):
        mark = parted["mark"]
        if mark in money.symbols:
            value = float(f"{parted['whole']}.{parted['part'].strip()}")
            return ParsedNumber(0, len(text), value, "money", mark, decimals=2)
    match = LONE.fullmatch(text)
    if match is None or bool(match["before"]) == bool(match["behind"]):
        return None
    side = "before" if match["before"] else "behind"
    mark = match[side]
    if not _is_mark(mark, money):
        return None
    start = match.start("before" if side == "before" else "digits")
    end = match.end("digits" if side == "before" else "behind")
    number = ParsedNumber(start, end, 0.0, "money", mark, body=match.start("digits"))
    number.before, number.minor = side == "before", mark.lower() in money.minor
    return number if _set_value(match["digits"], number, money) else None


def _is_mark(mark: str, money: MoneyMarks) -> bool:
    """Return whether letters are a mark of money and no scale: `60 K` is 60,000."""
    if mark in money.multipliers.rows:
        return False
    known = (money.signs, money.guarded, money.words, money.codes, money.small_codes)
    if any(mark in marks for marks in known):
        return True
    return mark[-1] in money.symbols and bool(money.table.list_codes(mark))


def _set_value(digits: str, number: ParsedNumber, money: MoneyMarks) -> bool:
    """Set the value of a number's digits; false where they are malformed."""
    parts = money.separators
    plain = digits.translate(parts.no_blanks).translate(parts.one_mark).rstrip(".,")
    if plain.isdigit():
        number.value = float(plain)
    elif read := read_marked_digits(plain, style_of(number.mark, money)):
        number.value, number.decimals = read.value, read.decimals
        number.repairs = read.repairs
    else:
        return False
    if number.minor:
        number.value = round(number.value / 100, 4)
    return True
