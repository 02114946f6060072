"""Years of experience: `0-2 years`, `10+ years`, `under 1`, `first two years`."""

import re

from pipeline.extract.lexicon import Mention
from pipeline.extract.tagged_lines import TaggedLine

YearsBand = tuple[float | None, float | None]
YEARS_CELL = re.compile(
    r"^\W*(?:(?P<under>under|less than|up to|<|below|first)\s*)?(?P<low>\d{1,2})"
    r"(?:\s*(?:-|–|—|to|through|à|a|bis)\s*(?P<high>\d{1,2}))?"
    r"\s*(?:ans?|años?|jahren?|years?|yrs?)?"
    r"\s*(?P<open>\+|or more|and over|and up|plus|or over|and above|et plus|y más"
    r"|und mehr)?\W*$",
    re.I,
)
OPEN_YEARS_CELL = re.compile(
    r"^(?:>|over|more than|at least)\s*(?P<low>\d{1,2})\W*$", re.I
)


def read_years_band(mention: Mention) -> YearsBand | None:
    """Return the years that a phrase stands for; None where it is a mere label."""
    if mention.means == "label":
        return None
    low, _, high = mention.means.partition("..")
    if mention.means == "0..=1":
        return 0.0, 1.0
    numbers = mention.numbers

    def end(text: str) -> float | None:
        if text == "":
            return None
        if text == "0":
            return 0.0
        return numbers[int(text) - 1] if int(text) <= len(numbers) else None

    first, last = end(low), end(high)
    if (first is not None and first > 60) or (last is not None and last > 60):
        return None
    if first is None and last is None:
        return None
    return first, last


def parse_years_cell(text: str) -> YearsBand | None:
    """Years in a column that is headed so: `1 to 4`, `under 1`, `20 or more`."""
    if over := OPEN_YEARS_CELL.match(text.strip()):
        return float(over["low"]), None
    match = YEARS_CELL.match(text.strip())
    if match is None:
        return None
    low = float(match["low"])
    if match["under"]:
        return 0.0, low
    if match["open"]:
        return low, None
    return low, float(match["high"]) if match["high"] else low


def find_experience(line: TaggedLine) -> list[Mention]:
    """Experience named in a line, without spans of time over which pay changed."""
    changed = any(
        m.place == "before" and m.means != "level" for m in line.get_mentions("changes")
    )
    found = []
    for mention in line.get_mentions("experience"):
        if mention.means == "label":
            continue
        if changed and line.words[mention.first].text in (
            "over",
            "after",
            "within",
            "in",
            "every",
        ):
            continue
        if (
            line.words[mention.first].text == "over"
            and mention.first == 0
            and len(line.words) > 8
        ):
            continue
        following = line.get_words_between(mention.last, mention.last + 1)
        if following in (
            ["ago"],
            ["old"],
            ["later"],
            ["olds"],
            ["degree"],
            ["contract"],
            ["program"],
        ):
            continue
        found.append(mention)
    return found


def is_stage(line: TaggedLine, mention: Mention) -> bool:
    """`First-year apprentice` at the head of a row is a grade, not a band of years."""
    following = line.get_words_between(mention.last, mention.last + 1)
    return mention.means == "0..=1" and bool(line.lists["stages"] & {*following})
