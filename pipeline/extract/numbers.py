"""Numbers with their units, found in one pass over the text, with exact spans.

Digits come first; what stands just before and after them says whether they are money
or a percent. What a typist or a scanner broke is repaired where the break is plain,
with a code for every repair, and flagged (`fault`) where it is not.
"""

import re

from pipeline.core.currency_table import SIGNS as MONEY_SIGNS
from pipeline.core.model import Document
from pipeline.core.money_marks import MoneyMarks
from pipeline.core.reading_faults import SET_ASIDE, describe_figure, report_fault
from pipeline.extract.digits import ParsedNumber, read_digit_run
from pipeline.extract.entity_blanks import read_entity_groups, skip_entity_blank
from pipeline.extract.lone_amounts import read_lone_amount
from pipeline.extract.money_signs import find_sign
from pipeline.extract.nearby_codes import find_code_nearby
from pipeline.extract.shared_scales import share_scale_words

AFTER_PLUS = (
    "per|an?|annual(?:ly)?|hourly|yearly|years?|hour|in|for|with|and|or|doe|dep"
)
PLUS_BEFORE = r"(?<![\w¤)])\+\s?$"
# `$52,000 + commission` adds one to the other; `$52,000 + per year` has an open end.
PLUS = re.compile(
    rf"(?i)[*_]{{0,3}}(?:\+(?![\d+])"
    rf"| \+(?!\+|\d|\s(?!(?:{AFTER_PLUS})\b)[a-z{MONEY_SIGNS}]))"
)
LETTERS_FOR_DIGITS = (  # the character class in front lets the engine skip ahead
    r"[\d¤](?:(?<=\d)(?<![\w¤.,].)"
    r"(?=[\dOolISB]{0,2},[\dOolISB]{3}(?!\w))(?=[\d,]{0,4}[OolISB])"
    r"[\dOolISB]{0,2},[\dOolISB]{3}"
    # `$1B` is a billion.
    r"|(?<=[¤]) ?(?!\d{1,3}(?:\.\d{1,3})?B(?!\w))"
    r"(?=[\dOolISB,.]{2,10}(?!\w))(?=[¤ ,.]*[\dOolISB,.]*\d)"
    r"(?=[¤ \d,.]*[OolISB])[\dOolISB]{1,3}(?:,[\dOolISB]{3}){0,2}"
    r"(?:\.[\dOolISB]{2})?)"
)
CODE_BEHIND = re.compile(r" ?(?P<code>[A-Z]{3})\b")
SIGNS = "[¤]"
ORDINAL = re.compile(r"(?:st|nd|rd|th)\b", re.I)
YEAR = re.compile(r"(?:19|20)\d\d")
SCHOOL_YEAR = re.compile(r"(?:19|20)\d\d[-–—/]\d\d")
BEFORE_YEAR = re.compile(
    r"(?i)(?:\b(?:in|constant|real|to|of|using|into) |, |[(/|\n\t]|^)$"
)
POINTED = re.compile(r"\d{1,3}\.\d{3}")
S_FOR_SIGN = re.compile(r"\d{2,3},\d{3}(?![\d,])")
MAX_RUN_LENGTH = 24


def find_numbers(
    text: str,
    money: MoneyMarks,
    marks: tuple[tuple[int, int], ...] = (),
    cuts: frozenset[int] = frozenset(),
) -> list[ParsedNumber]:
    """Every number of the text, in order; linear in its length.

    Args:
        text: Of the document.
        money: Marks and patterns of money.
        marks: Spans of superscript text, which are no part of a figure.
        cuts: Where a cell touches the one before: no number goes over it.
    """
    if (lone := read_lone_amount(text, money)) is not None:
        return [lone]
    notes = {start for start, _ in marks} | cuts
    found: list[ParsedNumber] = []
    letters = _find_letters(text, money)
    at = 0
    run = money.separators.run
    while (match := run.search(text, at)) is not None:
        start = match.start()
        at = match.end()
        before = found[-1] if found else None
        number = _read_or_report(text, match, notes, money, before, letters)
        if number is not None:
            # A sign that holds the number before it is written out: `&#36;`.
            if before is not None and before.start < number.start < before.end:
                _give_sign_back(number, start)
            found.append(number)
            at = number.end if number.end in cuts else max(at, number.end)
    for match in letters.values():
        if not any(character.isdigit() for character in match.group()[:3]):
            found.append(_read_lettered_number(match, money))
    if letters:
        found = _drop_overlaps(found)
    share_scale_words(text, found)
    return found


def _find_letters(text: str, money: MoneyMarks) -> dict[int, re.Match[str]]:
    """Return where letters stand for digits on a page of money, as in `$5O,000`."""
    if not money.pattern(SIGNS).search(text):
        return {}
    letters = money.pattern(LETTERS_FOR_DIGITS, re.DOTALL)
    return {match.start(): match for match in letters.finditer(text)}


def _read_or_report(
    text: str,
    match: re.Match[str],
    notes: set[int],
    money: MoneyMarks,
    before: ParsedNumber | None,
    letters: dict[int, re.Match[str]],
) -> ParsedNumber | None:
    """Read a run of digits; one that brings out a fault is money that is set aside."""
    start, end = match.span()
    try:
        number = _find_lettered_number(text, start, letters, money)
        if number is None:
            number = _read_number(text, match, notes, money, before)
    except Exception as error:
        report_fault(describe_figure(text, start, end), error)
        # Money, whatever it is: a bare number would be passed over in silence.
        return ParsedNumber(start, end, 0.0, "money", fault=SET_ASIDE)
    return number


def _give_sign_back(number: ParsedNumber, start: int) -> None:
    """Make a number bare whose sign is the one before it: `7$ 5`."""
    number.start, number.unit, number.mark = start, "bare", ""
    number.before = number.minor = False


def find_glued_cells(document: Document) -> frozenset[int]:
    """Return starts of cells that touch the one before, digit on digit."""
    text = document.text
    return frozenset(
        block.start
        for block in document.blocks
        if block.kind == "cell" and block.start and text[block.start - 1].isdigit()
    )


def _drop_overlaps(found: list[ParsedNumber]) -> list[ParsedNumber]:
    """In text order, none inside another."""
    kept: list[ParsedNumber] = []
    for number in sorted(found, key=lambda n: (n.start, -n.end)):
        if not kept or number.start >= kept[-1].end:
            kept.append(number)
    return kept


def _find_lettered_number(
    text: str, start: int, letters: dict[int, re.Match[str]], money: MoneyMarks
) -> ParsedNumber | None:
    for back in (0, 1, 2) if letters else ():
        match = letters.get(start - back)
        if match is not None and re.search(r"[OolISB]", match.group()):
            return _read_lettered_number(match, money)
    return None


def _read_lettered_number(match: re.Match[str], money: MoneyMarks) -> ParsedNumber:
    """Read a figure with letters for digits; mend one kind of slip, not more."""
    raw = match.group()
    wrong = re.findall(r"[OolISB]", raw)
    signed = raw[0] in money.symbols
    digits = raw[1:].strip() if signed else raw
    mended = digits.translate(str.maketrans("OolISB", "001158"))
    number = ParsedNumber(match.start(), match.end(), 0.0)
    if signed:
        number.unit, number.mark, number.before = "money", raw[0], True
    plain = mended.replace(",", "")
    if len(set(wrong)) == 1 and plain.replace(".", "", 1).isdigit():
        number.value = float(plain)
        number.decimals = len(plain.partition(".")[2])
        number.repairs = ("letters_for_digits",)
    else:
        number.fault = "letters_for_digits"
    return number


def _read_number(
    text: str,
    match: re.Match[str],
    notes: set[int],
    money: MoneyMarks,
    before: ParsedNumber | None,
) -> ParsedNumber | None:
    start, end = match.span()
    if _is_scanned_sign(text, start):
        return _read_scanned_sign(match, money)
    if _is_within_word(text, start, end, money):
        return None
    end = next((n for n in range(start + 1, end) if n in notes), end)
    if end - start > MAX_RUN_LENGTH:
        return ParsedNumber(start, end, 0.0, fault="too_long")
    sign, lead = find_sign(text, start, end, money), start
    if sign is None and (lead := _find_leading_point(text, start)) < start:
        sign = find_sign(text, lead, end, money)
    number = ParsedNumber(sign[1] if sign else lead, end, 0.0, body=start)
    if sign:
        _mark(number, sign[0], money)
        number.before = True
    if (grouped := read_entity_groups(text, start, end)) is not None:
        number.value, number.decimals, number.end = grouped
    else:
        read_digit_run(text, start, end, number, money, before)
    if lead < start and text[start : number.end].isdigit():
        number.decimals = number.end - start
        number.value = round(number.value / 10**number.decimals, number.decimals)
    if number.end not in notes:
        _read_unit_after(text, number, money)
    if number.unit == "bare":
        number.near = find_code_nearby(text, start, number.end)
        if ORDINAL.match(text, number.end):
            number.fault = "ordinal"  # `10th percentile`, `3rd step`: counts nothing
    _signed(text, start, number, sign is not None, money)
    return number


def _is_scanned_sign(text: str, start: int) -> bool:
    """Return whether a scanner read a sign as a letter: `S52,000`, `§52,000`."""
    if text[start - 1 : start] not in ("S", "§"):
        return False
    if text[max(0, start - 2) : start - 1].isalnum():
        return False
    return S_FOR_SIGN.match(text, start) is not None


def _read_scanned_sign(match: re.Match[str], money: MoneyMarks) -> ParsedNumber:
    """Read the sum behind a letter that was a sign."""
    start, end = match.span()
    value, mended = float(match.group().replace(",", "")[:6]), money.usual_sign()
    repairs = ("letter_for_sign",)
    return ParsedNumber(start - 1, end, value, "money", mended, True, repairs=repairs)


def _is_within_word(text: str, start: int, end: int, money: MoneyMarks) -> bool:
    """Return whether digits end a name, as in `B2`; behind a mark they are a sum.

    Three small letters before them are a word that a number was glued to.
    """
    if not start or not (text[start - 1].isalpha() or text[start - 1] == "_"):
        return False
    if money.before.search(text, max(0, start - money.window), start) is not None:
        return False
    if find_sign(text, start, end, money) is not None:
        return False
    return not text[max(0, start - 3) : start].islower()


def _find_leading_point(text: str, start: int) -> int:
    """Where a point before tenths stands (`$.45`, `.5%`); the start where none does."""
    lead = start
    while lead and text[lead - 1] == "." and start - lead < 2:
        lead -= 1
    before = text[lead - 1 : lead]
    joined = before.isalnum() or before in (*'.)"”',)
    return start if joined else lead


def _is_year_of_dollars(
    text: str, number: ParsedNumber, end: int, money: MoneyMarks
) -> bool:
    """Return whether a year says whose prices: `in 2024 dollars`, `(2012 euros)`."""
    if not YEAR.fullmatch(text, number.start, number.end):
        written = text[max(0, number.start - 5) : number.end]
        return SCHOOL_YEAR.fullmatch(written) is not None
    if money.paid.match(text, end):
        return False  # `2050 dollars a month`
    return BEFORE_YEAR.search(text, max(0, number.start - 12), number.start) is not None


def _mark(number: ParsedNumber, mark: str, money: MoneyMarks) -> None:
    """Make a number money by a mark."""
    number.unit, number.mark = "money", mark
    number.minor = mark.lower() in money.minor


def _signed(
    text: str, start: int, number: ParsedNumber, marked: bool, money: MoneyMarks
) -> None:
    """Plus or minus before a number, or before its mark."""
    signed = not marked and start > 0 and text[start - 1] in "+-−–"
    if signed and (start < 2 or not text[start - 2].isalnum()):
        number.sign = "+" if text[start - 1] == "+" else "-"
    if marked and money.pattern(PLUS_BEFORE).search(
        text, max(0, number.start - 3), number.start
    ):
        number.sign = "+"


def _read_unit_after(text: str, number: ParsedNumber, money: MoneyMarks) -> None:
    """Multiplier, unit and plus sign that follow the digits."""
    behind = skip_entity_blank(text, number.end)
    match = money.after.match(text, behind)
    assert match is not None
    scale, unit = match.group("scale"), match.group("unit")
    if unit and not money.is_earned(
        text, unit, (number.body, number.end), match.end("unit")
    ):
        unit = None
    if scale:
        digits = text[number.body : number.end]
        word = scale.strip(" \u00a0-")
        _multiply(word, match.end("scale"), unit, number, money, digits)
    if unit and (match.end("scale") in (number.end, behind) or not scale):
        _apply_unit(text, unit, match.end("unit"), number, money)
    if plus := PLUS.match(text, number.end):
        number.plus = True
        number.end = plus.end()
        _read_code_behind_plus(text, number, money)


def _read_code_behind_plus(text: str, number: ParsedNumber, money: MoneyMarks) -> None:
    """`$23+ NZD an hour`: the code behind an open end says whose dollars."""
    code = CODE_BEHIND.match(text, number.end)
    if code and code["code"] in money.table.list_codes(number.mark):
        number.mark, number.end = code["code"], code.end()


def _multiply(
    word: str,
    end: int,
    unit: str | None,
    number: ParsedNumber,
    money: MoneyMarks,
    digits: str,
) -> None:
    """`52K`, `5 lakhs`: by what the word behind says, where it can say so."""
    times = money.multipliers.rows[word]
    if not (number.unit == "money" or times.alone or unit):
        return
    number.scale = times.times
    if times.currency and number.unit == "bare":
        _mark(number, money.usual_sign(times.currency), money)
    # `€1.250 million`: before a word for more the point is of tenths again.
    if POINTED.fullmatch(digits):
        number.value = float(digits)
        number.repairs = ()
    number.value = round(number.value * number.scale, 6)
    number.end = end


def _is_code_alone(
    text: str, unit: str, end: int, number: ParsedNumber, money: MoneyMarks
) -> bool:
    """Whether a code outranks the sign: `$50,715 GBP`, not `$120,000 EUR 90,000`."""
    coded = unit in money.table.rows and number.mark == money.usual_sign()
    return coded and not text[end : end + 2].lstrip()[:1].isdigit()


def _apply_unit(
    text: str, unit: str, end: int, number: ParsedNumber, money: MoneyMarks
) -> None:
    if number.unit != "bare":
        own = unit in money.table.list_codes(number.mark)  # `$78,000 CAD`
        if number.before and (own or _is_code_alone(text, unit, end, number, money)):
            number.mark, number.end = unit, end
        return
    if money.percent.fullmatch(unit):
        number.unit = "points" if unit.startswith("percentage") else "percent"
        number.end = end
        return
    if _is_year_of_dollars(text, number, end, money):
        return
    other = money.words.get(unit, "").partition("!")[2]
    if other and text.startswith(other, end + 1):
        return
    _mark(number, unit, money)
    number.end = end
    if number.minor:
        number.value = round(number.value / 100, 4)
