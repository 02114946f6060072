"""Figures: numbers joined into ranges, spreads and sums in words."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.core.money_marks import MoneyMarks
from pipeline.core.reading_faults import SET_ASIDE, describe_figure, report_fault
from pipeline.extract.change_phrases import is_after_change_verb
from pipeline.extract.dashed_scales import (
    DASH,
    MOST_TIMES,
    SUM_FORM,
    find_dashed_scale,
)
from pipeline.extract.digits import ParsedNumber
from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.tokens import DASHES

BARE_TO = re.compile(r" (?:to|bis|à) ")
LEAST_BARE_TO = 10_000
# A sum without a mark that groups its digits: `40000-60000`.
ROUND_SUM = re.compile(r"[1-9]\d{2,3}00")
SPREAD = re.compile(r"\s?(?:±|\+/-|\+/−|plus or minus|give or take)\s?")
PLACE = r"\b(?:be(?:-\n[ \t]{0,12})?tween|zwischen|entre)\b[^.;:¤\d]{0,24}$"
FLOOR = re.compile(r"\b(?:floor|minimum) of\s{0,2}(?:about |around )?$", re.I)
REACH = 80
MAX_JOINER = 48  # characters between the ends of a range, what brackets hold apart
# A gloss between an end of a range and its joiner: `$126,000 [lowest market] to`.
GLOSS = re.compile(r"\s?(?:\[[^\[\]\d]{1,60}\]|\([^()\d]{1,40}\))")
ROUNDED_PERCENT = 0.8
THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}\.\d{3}$")
THOUSANDS_AHEAD = re.compile(r"\d{1,3}\.\d{3}(?!\d)")
CENTRE_BEFORE = re.compile(r"(?i)\b(?:average|mean|median)\b[^.;\d]{0,40}$")
COUNTED = (1e3, 1e5)  # scales of a year's pay, and so of both ends: thousands, lakhs
LOW = re.compile(r"(?i)\b(?:low|lowest)\b[\s:*]{0,4}$")
MIDDLE = re.compile(
    r"(?i)[\s/|,;•·*]{0,5}(?:avg|average|mean|median|mid|middle)\b[.\s:*]{0,4}$"
)
HIGH = re.compile(r"(?i)[\s/|,;•·*]{0,5}(?:high|highest)\b[\s:*]{0,4}$")
DECADES = re.compile(r"0(?:,000|[kK])?['’]?s\b")
DECADE = (
    r"(?i)(?<![\w¤])(?P<how>(?:low|mid|upper|high)(?:[- ]to[- ](?:mid|upper|high))?)"
    r"[- ](?P<mark>[¤]?)(?P<tens>[2-9]0|1\d0)(?P<thousand>,000|k|K)?['’]?s(?![\w])"
)


@dataclass(slots=True, eq=False)
class Figure:
    """One figure as published: a point, a range, or an open end.

    Args:
        unit: `money`, `percent`, `points`, `bare`.
        numbers: What it was made of, in text order.
        low: Lower bound; without `high`, at least so much.
        fault: Why it cannot be read, where it cannot.
    """

    start: int
    end: int
    unit: str
    mark: str
    numbers: tuple[ParsedNumber, ...]
    value: float | None = None
    low: float | None = None
    high: float | None = None
    approximate: bool = False
    repairs: tuple[str, ...] = ()
    fault: str = ""
    note: str = ""
    tail: list[ParsedNumber] = field(default_factory=list)

    def copy(self) -> "Figure":
        """Return the same figure, free to change."""
        fresh = object.__new__(Figure)
        for name in self.__slots__:
            setattr(fresh, name, getattr(self, name))
        return fresh

    @property
    def minor(self) -> bool:
        """Whether its mark is that of cents."""
        return next((number.minor for number in self.numbers if number.mark), False)

    @property
    def size(self) -> float:
        """Its magnitude: the point, or a bound."""
        for number in (self.value, self.high, self.low):
            if number is not None:
                return number
        return 0.0


def join_numbers(
    text: str, found: list[ParsedNumber], words: Gazetteer, starts: Sequence[int] = ()
) -> list[Figure]:
    """Join the numbers that make one figure; keep the bare ones that may be money.

    Args:
        text: Of the document.
        found: Its numbers.
        words: Joiners among them.
        starts: Where blocks start; nothing is joined across.
    """
    out: list[Figure] = []
    index = 0
    while index < len(found):
        here = found[index]
        if (scale := find_dashed_scale(text, found, index)) is not None:
            out += map(_make_point, scale)
            index = found.index(scale[-1], index) + 1
            continue
        after = found[index + 1] if index + 1 < len(found) else None
        joined = None
        if after is not None and after.start - here.end <= REACH:
            apart = "\n" in text[here.end : after.start] and bisect_right(
                starts, here.end
            ) != bisect_right(starts, after.start)
            try:
                apart = apart or _is_growth(text, found, index)
                joined = None if apart else _join_pair(text, here, after, words)
            except Exception as error:
                report_fault(describe_figure(text, here.start, after.end), error)
                here.fault = after.fault = SET_ASIDE
        if joined is not None:
            out.append(joined)
            index += 1 + len(joined.numbers) - 1
        else:
            out.append(_make_point(here))
            index += 1
    return out


def _is_growth(text: str, found: list[ParsedNumber], index: int) -> bool:
    """`$120K to $158K (32%)`: two levels and no range, as the percent proves."""
    if index + 2 >= len(found):
        return False
    low, high, change = found[index : index + 3]
    if (
        change.unit != "percent"
        or not low.value
        or "money" not in (low.unit, high.unit)
    ):
        return False
    if text[high.end : change.start].strip(" +") != "(":
        return False
    return is_change_of(low.value, high.value, change.value)


def is_change_of(before: float, after: float, percent: float) -> bool:
    """Return whether a percent is what one sum differs by from another, as rounded."""
    return abs((after / before - 1) * 100 - percent) <= ROUNDED_PERCENT


def _make_point(number: ParsedNumber) -> Figure:
    figure = Figure(
        number.start,
        number.end,
        number.unit,
        number.mark,
        (number,),
        repairs=number.repairs,
        fault=number.fault,
    )
    if number.plus:
        figure.low = number.value
    else:
        figure.value = number.value
    return figure


def _join_pair(
    text: str, a: ParsedNumber, b: ParsedNumber, words: Gazetteer
) -> Figure | None:
    """Two numbers as one range, if the text between them joins them."""
    if a.fault or b.fault or a.unit == "points":
        return None
    if a.unit == b.unit == "bare" and b.scale == 1:
        bare = _is_bare_range(text, a, b, words.money)
        return _make_range(a, b, "plain") if bare else None
    if not _have_units_of_range(a, b):
        return None
    between = text[a.end : b.start]
    if a.unit == b.unit == "money" and SPREAD.fullmatch(between):
        return _make_spread(a, b)
    how = _find_joiner(text, a, between, words)
    if how == "" or (a.unit != b.unit and not _can_share_unit(text, a, b, how)):
        return None
    return _make_range(a, b, how)


def _have_units_of_range(a: ParsedNumber, b: ParsedNumber) -> bool:
    """Return whether units allow a range: `50 to 60%`, `$50 to 60`, `50 to 60k`."""
    if "percent" in (a.unit, b.unit):
        return a.unit != "money" and b.unit in ("percent", "points") and not b.before
    if b.unit not in ("money", "bare") or (a.unit == "bare" and b.before):
        return False
    return "money" in (a.unit, b.unit) or b.scale in COUNTED


def _make_spread(a: ParsedNumber, b: ParsedNumber) -> Figure:
    figure = _make_point(a)
    figure.end = b.end
    figure.numbers = (a, b)
    figure.approximate = True
    figure.note = "spread"
    return figure


def _find_joiner(text: str, a: ParsedNumber, between: str, words: Gazetteer) -> str:
    """How the text between two numbers joins them: plain, reversed, or not."""
    grown = is_after_change_verb(text, a.start, money=a.unit == "money")
    if " to " in between.replace("down to", "") and grown:
        return ""  # from what it was to what it became: two figures
    if "\t" in between or "|" in between:
        return ""  # no figure goes over the edge of a cell
    between = GLOSS.sub("", between)
    blanks, money = words.money.separators.blanks, words.money
    stripped = between.strip(f"*_\t{blanks}")
    stripped = stripped.rstrip()
    if stripped.endswith("--"):  # typed for a dash
        stripped = stripped[:-1]
    if stripped and stripped[-1] in DASHES:
        rest = stripped[:-1].strip(f"*_{blanks}")
        return "plain" if not rest or money.spans.named.fullmatch(rest) else ""
    if not 2 <= len(between) <= MAX_JOINER:
        return ""
    return _read_joining_words(text, a, between, words)


def _read_joining_words(
    text: str, a: ParsedNumber, between: str, words: Gazetteer
) -> str:
    """Return how words join two numbers: `a year to`; `and` alone only by what leads.

    That is `between`, or `a floor of`.
    """
    money = words.money
    phrase = " ".join(between.lower().replace("*", " ").split())
    if (opening := money.spans.named.match(phrase)) is not None:
        phrase = phrase[opening.end() :].lstrip()
    if phrase == ". to":
        phrase = "to"  # `$5,000. to 10,000`: the dot ends no sentence
    if phrase == "a" and _are_grouped(text, a, between):
        return "plain"  # `40.000 a 60.000 €`
    if phrase.startswith("and ") and CENTRE_BEFORE.search(
        text, max(0, a.start - 48), a.start
    ):
        return ""  # `an average of $51,524 and as high as $72,000`
    means = words.joiners.get(phrase, "")
    if means == "between":
        return "plain" if _between(text, a, money) else ""
    if means == "floor":
        return "plain" if FLOOR.search(text, max(0, a.start - 30), a.start) else ""
    return means


def _are_grouped(text: str, a: ParsedNumber, between: str) -> bool:
    """Whether two numbers are thousands by their points: Spanish joins them by `a`."""
    start = a.end + len(between)
    first = THOUSANDS.search(text, max(0, a.end - 12), a.end)
    return bool(first and THOUSANDS_AHEAD.match(text, start))


def _is_bare_range(
    text: str, a: ParsedNumber, b: ParsedNumber, money: MoneyMarks
) -> bool:
    """Return whether two numbers without a mark are one range: `52,000 - 68,000`.

    Small ones are where a span of time follows: `24.50 - 31.20 per hour`.
    """
    if b.decimals and money.spans.each.match(text, b.end) is None:
        return False
    if not a.value < b.value <= a.value * MOST_TIMES or a.near or b.near:
        return False
    forms = (SUM_FORM, ROUND_SUM)
    if not any(all(f.fullmatch(text, n.start, n.end) for n in (a, b)) for f in forms):
        return False
    if BARE_TO.fullmatch(text, a.end, b.start) and a.value >= LEAST_BARE_TO:
        return not text.endswith("from ", 0, a.start)
    return DASH.fullmatch(text, a.end, b.start) is not None


def _between(text: str, a: ParsedNumber, money: MoneyMarks) -> bool:
    """Whether `between` stands before a number."""
    place = money.pattern(PLACE, re.I)
    return place.search(text, max(0, a.start - 48), a.start) is not None


def _can_share_unit(text: str, a: ParsedNumber, b: ParsedNumber, how: str) -> bool:
    """Return whether the sizes allow a bare number to share the other's unit."""
    if a.unit == "money" and b.unit == "bare":
        high = b.value
        return high > a.value or (
            b.scale == 1 and a.scale > 1 and high * a.scale > a.value
        )
    if b.unit in ("percent", "money"):
        if 1900 <= a.value <= 2100 and a.decimals == 0 and b.unit == "percent":
            return False
        return a.value <= b.value or b.minor
    return False


def _make_range(a: ParsedNumber, b: ParsedNumber, how: str) -> Figure:
    low, high, repairs = _share_scale(a, b)
    repairs = a.repairs + b.repairs + repairs
    if low > high:
        low, high = high, low
    unit = "money" if "money" in (a.unit, b.unit) else b.unit
    figure = Figure(a.start, b.end, unit, a.mark or b.mark, (a, b), repairs=repairs)
    figure.low, figure.high = low, high
    return figure


def _share_scale(
    a: ParsedNumber, b: ParsedNumber
) -> tuple[float, float, tuple[str, ...]]:
    """Return both ends in one scale, and the repair: `50-60k`, `$1-2 million`."""
    low, high = a.value, b.value
    if a.unit == "bare" and b.minor:
        low = round(low / 100, 4)
    if b.scale > 1 and a.scale == 1 and _can_take_scale(low, high, b.scale):
        return low * b.scale, high, ()
    if a.scale > 1 and b.scale == 1 and b.unit == "bare" and high < 1000:
        return low, high * a.scale, ()
    if a.scale == b.scale == 1 and a.decimals == 0 and _is_low_in_thousands(low, high):
        return low * 1000, high, ("shared_thousands",)
    return low, high, ()


def _can_take_scale(low: float, high: float, times: float) -> bool:
    """Return whether a low end is still no more than the high one, so many times."""
    return low < 1000 and low * times < high * 1.0001


def _is_low_in_thousands(low: float, high: float) -> bool:
    """Return whether the low end is short for thousands: `$50-60,000`."""
    return 10 <= low < 1000 <= high and low * 1000 < high


def join_triples(text: str, found: list[Figure]) -> list[Figure]:
    """`Low $41,300 / Avg $52,600 / High $70,900`: a range around a point."""
    for low, middle, high in zip(found, found[1:], found[2:], strict=False):
        if low.value is None or middle.value is None or high.value is None:
            continue
        if not (low.unit == middle.unit == high.unit == "money"):
            continue
        if high.start - low.end > 60 or not low.value <= middle.value <= high.value:
            continue
        if (
            LOW.search(text, max(0, low.start - 16), low.start)
            and MIDDLE.match(text, low.end, middle.start)
            and HIGH.match(text, middle.end, high.start)
        ):
            low.low, low.high, low.value = low.value, high.value, None
            high.fault = "part_of_a_range"
    return found


def find_decade_figures(text: str, words: Gazetteer) -> list[Figure]:
    """`mid-50s`, `low-to-mid $60,000s`: a band of thousands, never a point."""
    out = []
    decade = words.money.pattern(DECADE)
    for match in decade.finditer(text) if DECADES.search(text) else ():
        how = re.sub(r"[- ]+", " ", match["how"].lower())
        span = words.decades.get(how)
        if span is None:
            continue
        tens = float(match["tens"])
        mark = match["mark"] or words.money.usual_sign()
        figure = Figure(match.start(), match.end(), "money", mark, ())
        figure.low, figure.high = (tens + span[0]) * 1000, (tens + span[1]) * 1000
        figure.approximate = True
        figure.note = "decade"
        out.append(figure)
    return out
