"""Do two figures of one page answer one question? A dimension left out is no other.

The page's own words decide: "inpatient coder" with nothing said and "medical coder,
inpatient" are the same people; "coding auditor" is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pipeline.reconcile.evidence.matching import MatchTolerances, grain_of_amount
from pipeline.reconcile.within_page.comparison_words import locate_words
from pipeline.reconcile.within_page.page_facts import PageFacts
from pipeline.reconcile.within_page.placed_fact import PLACE, PlacedFact, find_list_path

Row = Mapping[str, Any]
CENTRES = ("mean", "median", "p10", "p25", "p75", "p90")
UNNAMED = "unnamed"
NEAR_CHARACTERS = 160  # characters: about a sentence


@dataclass(frozen=True)
class ConflictRules:
    """Numbers and names that the tests use.

    Args:
        usual_ranges: What a publisher's range is.
    """

    measures: MatchTolerances
    agreement: Decimal
    publishers: frozenset[str]
    usual_ranges: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def are_same_people(a: PlacedFact, b: PlacedFact, page: PageFacts) -> bool:
    """Same occupation and cohort, but for words of the page's own subject."""
    if a.soc_codes and b.soc_codes and not a.soc_codes & b.soc_codes:
        return False
    if a.experience_band != b.experience_band:
        return False
    return not (page.subject_words(a) ^ page.subject_words(b)) - page.topic


def is_same_frame(
    a: PlacedFact, b: PlacedFact, page: PageFacts, rules: ConflictRules
) -> bool:
    """Same place, money, basis, publisher and date, as far as the page says."""
    one, other = a.row, b.row
    return (
        one["currency"] == other["currency"]
        and a.area_key == b.area_key
        and equal_or_unsaid(one["pay_basis"], other["pay_basis"], "unspecified")
        and is_same_publisher(a, b, page, rules)
        and not are_told_apart(a, b, page)
        and is_same_date(a, b, page)
    )


def is_same_date(a: PlacedFact, b: PlacedFact, page: PageFacts) -> bool:
    """The same year; an undated figure is of the newest that the page has for it.

    In one paragraph with a dated figure it is of another date.
    """
    years = {a.row["year"], b.row["year"]} - {None}
    if len(years) != 1 or a.row["year"] == b.row["year"]:
        return not years or a.row["year"] == b.row["year"]
    if a.block == b.block >= 0:
        return False
    undated = a if a.row["year"] is None else b
    newest = max(
        (f.row["year"] for f in page.levels
         if f.row["year"] and f.row["statistic"] == undated.row["statistic"]
         and are_same_people(f, undated, page)), default=None,
    )  # fmt: skip
    return newest in years


def is_same_publisher(
    a: PlacedFact, b: PlacedFact, page: PageFacts, rules: ConflictRules
) -> bool:
    """The same publisher; the page's own is the one that its title names."""
    names = {publisher_of_fact(f) for f in (a, b)}
    if len(names) == 1:
        return True
    named = names - {UNNAMED}
    return len(named) == 1 and is_page_publisher(named.pop(), page, rules)


def publisher_of_fact(fact: PlacedFact) -> str:
    """Publisher of a figure."""
    return str(fact.row.get("publisher") or fact.row.get("attributed_to") or UNNAMED)


def is_page_publisher(name: str, page: PageFacts, rules: ConflictRules) -> bool:
    """A name that no row of publishers.csv knows and the page's title has."""
    if name in rules.publishers or "+" in name:
        return False
    told = {w for w, _ in locate_words(name.replace("_", " "))}
    return bool(told & page.title)


def are_told_apart(a: PlacedFact, b: PlacedFact, page: PageFacts) -> bool:
    """A sentence narrows the people or moves the date in words of its own."""
    patterns = page.words.patterns
    narrow = [set(patterns["narrower"].findall(f.sentence.lower())) for f in (a, b)]
    moved = any(patterns["other_date"].search(f.sentence) for f in (a, b))
    return moved or narrow[0] != narrow[1]


def equal_or_unsaid(one: object, other: object, unsaid: object) -> bool:
    """Equal, or one of them not said."""
    return one == other or unsaid in (one, other)


def are_side_by_side(a: PlacedFact, b: PlacedFact) -> bool:
    """Two figures in one breath: a list, a table or a sentence sets them side by side.

    What a page says of one thing twice stands in two places; two figures side by side
    are two things, even where the words that tell them apart were not understood.
    """
    if a.row["period"] != b.row["period"]:
        return False
    if a.block >= 0 and b.block >= 0:
        table = (a.group or "a").split(":")[0] == (b.group or "b").split(":")[0]
        return table or (a.block == b.block and abs(a.number - b.number) <= 1)
    if a.group is not None or b.group is not None:
        return a.group == b.group
    places = [PLACE.match(str(fact.row["locator"])) for fact in (a, b)]
    if places[0] is None or places[1] is None:
        return a.from_script and b.from_script
    if find_list_path(a.row) or find_list_path(b.row):
        return find_list_path(a.row) == find_list_path(b.row)
    if places[0]["path"] != places[1]["path"]:
        return False
    return abs(int(places[0]["start"]) - int(places[1]["start"])) < NEAR_CHARACTERS


def amounts_differ(a: Row, b: Row, rules: ConflictRules) -> bool:
    """Two figures that cannot both be right, rounding allowed for."""
    gap = abs(a["annual"] - b["annual"])
    if a["period"] != b["period"]:
        return bool(gap > rules.agreement * max(a["annual"], b["annual"]))
    steps = [
        grain_of_amount(Decimal(r["as_published"]), rules.measures) for r in (a, b)
    ]
    step = max(steps)
    near = abs(a["as_published"] - b["as_published"]) < step
    loose = a["approximate"] or b["approximate"] or step > rules.measures.finest
    return bool(gap > 0 and not (near and loose))
