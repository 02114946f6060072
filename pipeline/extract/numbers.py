"""Numbers with their units, found in one pass over the text, with exact spans.

Digits come first; what stands just before and after them says whether they are money
or a percent. What a typist or a scanner broke is repaired where the break is plain,
with a code for every repair, and flagged (`fault`) where it is not.
"""

import re

from pipeline.core.model import Document
from pipeline.extract.digits import ParsedNumber, read_digit_run

RUN = re.compile(r"\d[\d,.'’]{0,40}(?<=\d)|\d")
CURRENCY_MARK = re.compile(
    r"(?P<sign>(?:(?<![A-Za-z])(?:(?:US|U\.S\.|CA|CAN|CDN|AU|NZ|HK|USD|AUD|CAD"
    r"|UK|GBP|NZD)[ \u00a0]?|[CASR]))?[$£＄]|&#36;|[€₹¥₱₦¢]"
    r"|(?<![A-Za-z])(?:USD|GBP|EUR|CAD|AUD|NZD"
    r"|INR|CHF|SGD|HKD|JPY|ZAR|AED|BRL|SEK|NOK|DKK|PLN|CZK|HUF|RON|PHP|NGN|Rs\.?))"
    r"(?P<gap>[ \u00a0\u202f\u2009\t]{0,2}(?:\\?[*_]){0,3})$"
)
UNIT_AFTER = re.compile(
    r"(?:\.\d{2}(?!\d))?"
    r"(?P<scale> ?[kK](?![A-Za-z])|K(?=[A-Z][a-z])"
    r"|[ \u00a0-]?(?:thousand|grand|million|billion"
    r"|trillion|mn|bn|MM|M|B|lakhs?|lacs?|crores?|LPA)(?![A-Za-z]))?"
    r"(?P<plain>(?:[*_]{0,3}[ \u00a0\u202f]?)"
    r"(?P<unit>%|°/o|per(?:-\n[ \t]{0,12}| |\n)?cent\b"
    r"|pct\b|percentage points?"
    r"|\$(?! ?[\d*])|¢|€(?!\d)|£(?!\d)|cents\b|dollars?\b"
    r"|US dollars\b|U\.S\. dollars\b|bucks\b"
    r"|USD\b|GBP\b|EUR\b|CAD\b|AUD\b|NZD\b|euros?\b|pounds?\b(?! of)|rupees\b"
    r"|CHF\b|SEK\b|NOK\b|DKK\b|PLN\b|CZK\b|HUF\b|RON\b|kr\b|kronor\b|kroner\b"
    r"|zł|zlotys?\b|Kč))?"
)
PLUS_BEFORE = re.compile(r"(?<![\w$£€)])\+\s?$")
PLUS = re.compile(r"[*_]{0,3} ?\+(?![\d+])")
LETTERS_FOR_DIGITS = (
    re.compile(  # the character class in front lets the engine skip ahead
        r"[\d$£](?:(?<=\d)(?<![\w$£.,].)"
        r"(?=[\dOolISB]{0,2},[\dOolISB]{3}(?!\w))(?=[\d,]{0,4}[OolISB])"
        r"[\dOolISB]{0,2},[\dOolISB]{3}"
        r"|(?<=[$£]) ?(?=[\dOolISB,.]{2,10}(?!\w))(?=[$£ ,.]*[\dOolISB,.]*\d)"
        r"(?=[$£ \d,.]*[OolISB])[\dOolISB]{1,3}(?:,[\dOolISB]{3}){0,2}"
        r"(?:\.[\dOolISB]{2})?)",
        re.DOTALL,
    )
)
S_FOR_SIGN = re.compile(r"\d{2,3},\d{3}(?![\d,])")
SCALES = {
    "k": 1e3,
    "thousand": 1e3,
    "grand": 1e3,
    "million": 1e6,
    "mn": 1e6,
    "mm": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
    "lakh": 1e5,
    "lac": 1e5,
    "lpa": 1e5,
    "crore": 1e7,
}
MAX_RUN_LENGTH = 24
MAX_MARK_GAP = 9
MARK_GAP_CHARS = frozenset(" \u00a0\u202f\u2009\t*_\\")
MARK_END_CHARS = frozenset("$£＄€₹¥₱₦¢;.s")


def find_numbers(
    text: str,
    marks: tuple[tuple[int, int], ...] = (),
    cuts: frozenset[int] = frozenset(),
) -> list[ParsedNumber]:
    """Every number of the text, in order; linear in its length.

    Args:
        text: Of the document.
        marks: Spans of superscript text, which are no part of a figure.
        cuts: Where a cell touches the one before: no number goes over it.
    """
    notes = {start for start, _ in marks} | cuts
    found: list[ParsedNumber] = []
    letters = (
        {m.start(): m for m in LETTERS_FOR_DIGITS.finditer(text)}
        if "$" in text or "£" in text
        else {}
    )
    at = 0
    while (match := RUN.search(text, at)) is not None:
        start = match.start()
        at = match.end()
        number = _find_lettered_number(text, start, letters) if letters else None
        if number is None:
            number = _read_number(text, match, notes)
        if number is not None:
            found.append(number)
            at = number.end if number.end in cuts else max(at, number.end)
    for match in letters.values():
        if not any(character.isdigit() for character in match.group()[:3]):
            found.append(_read_lettered_number(match))
    if letters:
        found = _drop_overlaps(found)
    return found


def find_glued_cells(document: Document) -> frozenset[int]:
    """Starts of cells that touch the cell before them, without a blank between."""
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
    text: str, start: int, letters: dict[int, re.Match[str]]
) -> ParsedNumber | None:
    for back in (0, 1, 2):
        match = letters.get(start - back)
        if match is not None and re.search(r"[OolISB]", match.group()):
            return _read_lettered_number(match)
    return None


def _read_lettered_number(match: re.Match[str]) -> ParsedNumber:
    """A figure with letters for digits: one kind of slip is mended, more are not."""
    raw = match.group()
    wrong = re.findall(r"[OolISB]", raw)
    mended = raw.translate(str.maketrans("OolISB", "001158")).strip("$£ ")
    number = ParsedNumber(match.start(), match.end(), 0.0)
    if raw[0] in "$£":
        number.unit, number.mark, number.before = "money", raw[0], True
    plain = mended.replace(",", "")
    if len(set(wrong)) == 1 and plain.replace(".", "", 1).isdigit():
        number.value = float(plain)
        number.decimals = len(plain.partition(".")[2])
        number.repairs = ("letters_for_digits",)
    else:
        number.fault = "letters_for_digits"
    return number


def _find_currency_mark(text: str, start: int) -> re.Match[str] | None:
    """The currency mark before a number, if there is one."""
    at = start - 1
    floor = start - MAX_MARK_GAP
    while at >= 0 and at > floor and text[at] in MARK_GAP_CHARS:
        at -= 1
    if at < 0 or not (text[at] in MARK_END_CHARS or text[at].isupper()):
        return None
    return CURRENCY_MARK.search(text, max(0, at - 6), start)


def _read_number(
    text: str, match: re.Match[str], notes: set[int]
) -> ParsedNumber | None:
    start, end = match.span()
    if (
        text[start - 1 : start] in ("S", "§")
        and not text[max(0, start - 2) : start - 1].isalnum()
    ) and S_FOR_SIGN.match(text, start):
        value = float(match.group().replace(",", "")[:6])
        return ParsedNumber(
            start - 1, end, value, "money", "$", True, repairs=("letter_for_sign",)
        )
    if start and (text[start - 1].isalpha() or text[start - 1] == "_"):
        glued = CURRENCY_MARK.search(text, max(0, start - 4), start)
        if glued is None and not text[max(0, start - 3) : start].islower():
            return None
    end = next((n for n in range(start + 1, end) if n in notes), end)
    if end - start > MAX_RUN_LENGTH:
        return ParsedNumber(start, end, 0.0, fault="too_long")
    sign = _find_currency_mark(text, start)
    number = ParsedNumber(sign.start() if sign else start, end, 0.0, body=start)
    if sign:
        number.unit, number.mark, number.before = "money", sign.group("sign"), True
    read_digit_run(text, start, end, number)
    if number.end not in notes:
        _read_unit_after(text, number)
    signed = not sign and start > 0 and text[start - 1] in "+-−–"
    if signed and (start < 2 or not text[start - 2].isalnum()):
        number.sign = "+" if text[start - 1] == "+" else "-"
    if sign and PLUS_BEFORE.search(text, max(0, number.start - 3), number.start):
        number.sign = "+"
    return number


def _read_unit_after(text: str, number: ParsedNumber) -> None:
    """Multiplier, unit and plus sign that follow the digits."""
    match = UNIT_AFTER.match(text, number.end)
    assert match is not None
    if scale := match.group("scale"):
        word = (
            scale.strip(" \u00a0-").lower().rstrip("s")
            if len(scale) > 2
            else scale.strip().lower()
        )
        if (
            number.unit == "money"
            or len(word) > 1
            or match.group("unit")
            or word == "k"
        ):
            number.scale = SCALES[word]
            if word in ("grand", "lpa") and number.unit == "bare":
                number.unit, number.mark = "money", "$" if word == "grand" else "₹"
            if "point_for_comma" in number.repairs:
                number.value /= 1000
                number.repairs = ()
            number.value = round(number.value * number.scale, 6)
            number.end = match.end("scale")
    unit = match.group("unit")
    if unit and (match.end("scale") == number.end or not scale):
        _apply_unit(unit, match.end("unit"), number)
    if plus := PLUS.match(text, number.end):
        number.plus = True
        number.end = plus.end()


def _apply_unit(unit: str, end: int, number: ParsedNumber) -> None:
    if unit[0] in "%°" or unit.startswith(("per", "pct")):
        if number.unit == "bare":
            number.unit = "points" if unit.startswith("percentage") else "percent"
            number.end = end
    elif number.unit == "bare":
        number.unit, number.mark, number.end = "money", unit, end
        if unit in ("¢", "cents"):
            number.value = round(number.value / 100, 4)
