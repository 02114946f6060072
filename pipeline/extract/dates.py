"""Which period a figure is of: `May 2023` is 2023-05, `from 2023 to 2033` 2023-2033."""

import re
from dataclasses import dataclass

from pipeline.core.currency_table import SIGNS
from pipeline.core.letter_case import lower_match

YEAR = r"(?P<year>(?:19|20)\d\d)"
MONTHS = {
    name: f"{number:02d}"
    for number, names in enumerate(
        (
            "january jan januar janvier enero",
            "february feb februar février fevrier febrero",
            "march mar märz mars marzo",
            "april apr avril abril",
            "may mai mayo",
            "june jun juni juin junio",
            "july jul juli juillet julio",
            "august aug août aout agosto",
            "september sept sep septembre septiembre",
            "october oct oktober octobre octubre",
            "november nov novembre noviembre",
            "december dec dezember décembre decembre diciembre",
        ),
        1,
    )
    for name in names.split()
}
QUARTERS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1": 1,
    "2": 2,
    "3": 3,
    "4": 4,
}
DATE = re.compile(
    r"(?i)\b(?:(?P<month>"
    + "|".join(MONTHS)
    + r")\.?\s+(?:\d{1,2},?\s+|del? )?"
    + YEAR
    + r"|(?P<quarter>first|second|third|fourth|q[1-4])[ -](?:quarter )?(?:of )?"
    + r"(?P<qyear>(?:19|20)\d\d)"
    + r"|(?P<from>(?:19|20)\d\d)\s?(?:to|and|through|until|[-–—])"
    + r"\s?(?P<till>(?:19|20)\d\d)"
    + r"|(?P<split>(?:19|20)\d\d)\s?[/–-]\s?(?P<part>\d\d)"
    + r"|(?P<iso>(?:19|20)\d\d-(?:0[1-9]|1[0-2]))(?:-\d\d)?"
    # `reaching $15 on 12/31/2027`: of the year; which is the month is not told.
    + r"|(?:(?<=\bon )|(?<=\bby )|(?<=ive )|(?<=from ))\d{1,2}/\d{1,2}/"
    + r"(?P<numeric>(?:19|20)\d\d)"
    # `23-2011` is the code of an occupation.
    + r"|(?<!\d-)(?P<alone>(?:19|20)\d\d))(?!\d|[,.]\d)"
)
PAGE_DATE_CUE = re.compile(
    r"(?i)\b(?:since|updated|reviewed|published|posted|modified|extracted|retrieved|accessed"
    r"|copyright|©|checked on|captured)(?: on)?:?\W{0,3}$"
)


CLOCK = re.compile(r"(?i),?\s{1,3}(?:at\s|[-–·|@]\s)?\d{1,2}:\d\d\b")
WEEKDAY = re.compile(
    r"\b(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,?\s$"
)
DAY = re.compile(r"\s\d{1,2},?\s")


@dataclass(slots=True, frozen=True)
class TextDate:
    """A date in the text, and the reference period it stands for."""

    start: int
    end: int
    means: str
    window: bool = False


def find_dates(text: str, start: int, end: int) -> list[TextDate]:
    """Dates in a stretch of text, without those of the page itself."""
    found: list[TextDate] = []
    if text.find("20", start, end) < 0 and text.find("19", start, end) < 0:
        return found
    for match in DATE.finditer(text, start, end):
        if match.start() and text[match.start() - 1] in SIGNS + "/#":
            continue
        if PAGE_DATE_CUE.search(text, max(start, match.start() - 24), match.start()):
            continue
        if _is_time_of_writing(text, match, start, end):
            continue
        found.append(_read_date_match(match))
    return found


def _is_time_of_writing(text: str, match: re.Match[str], start: int, end: int) -> bool:
    """Return whether a date is that of a post: `Tue Oct 17, 2006 9:12 pm`."""
    if not match["month"] and not match["iso"]:
        return False
    if CLOCK.match(text, match.end(), min(end, match.end() + 24)):
        return True
    weekday = WEEKDAY.search(text, max(start, match.start() - 12), match.start())
    return weekday is not None and DAY.search(match.group()) is not None


def _read_date_match(match: re.Match[str]) -> TextDate:
    place = match.span()
    if match["month"]:
        return TextDate(
            *place, f"{match['year']}-{MONTHS[lower_match(match['month'])]}"
        )
    if match["quarter"]:
        number = lower_match(match["quarter"]).lstrip("q")
        return TextDate(*place, f"{match['qyear']}-Q{QUARTERS[number]}")
    if match["from"]:
        return TextDate(*place, f"{match['from']}-{match['till']}", True)
    if match["split"]:
        following = str(int(match["split"]) + 1)[2:]
        if match["part"] == following:
            return TextDate(*place, f"{match['split']}/{match['part']}")
        return TextDate(*place, match["split"])
    if match["iso"]:
        return TextDate(*place, match["iso"])
    return TextDate(*place, match["numeric"] or match["alone"])
