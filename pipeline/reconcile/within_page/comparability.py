"""Decide whether two figures of one page answer one question.

A dimension that one of them leaves out is no other. The page's own words decide:
"inpatient coder" with nothing more and "medical coder, inpatient" are the same people;
"coding auditor" is not.
"""

import re
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
COUNTRY = frozenset({"national", "nationwide", "nationally", "american"})
NATION = COUNTRY | {"united", "state", "u", "us", "usa", "nation", "country"}
VERBS = (
    r"(?:averag|earn|ma[dk]e|pa(?:id|ys?)\b|get|receiv|report|took|take|can\b|may\b|is\b"
    r"|that\b|who\b|which\b|where\b|are\b|was\b|were\b|ha(?:s|d|ve)\b|will\b|stand|stood|see\b|saw\b)"
)
# Matches `in tax preparation and payroll `: up to five words in small letters, and none
# that says what they earn.
NARROWING = (
    r"(?:in|at|with|among|by|for|pour|para|für)\s"
    rf"((?:(?!{VERBS})[a-z][\w’'-]*,?\s?){{1,5}})"
)
BEHIND_FIGURE = re.compile(
    r"\+?\W?(?:\s?(?:an?|per|each|a\s)\s?(?:hour|week|month|year)|/\w+|\sannually)?\s"
    + NARROWING
)
NEAR_CHARACTERS = 160  # about a sentence
MOST_YEARS_BEHIND = 2  # a page's newest figures are of two surveys, no older ones


@dataclass(frozen=True)
class ConflictRules:
    """Numbers and names that the tests use.

    Args:
        measures: Grains and tolerances.
        agreement: Largest share by which two figures of one question may differ.
        publishers: Ids of known publishers.
        usual_ranges: Publisher to the two statistics at the ends of its range.
        republished: Publisher to the one whose figures it gives out again.
    """

    measures: MatchTolerances
    agreement: Decimal
    publishers: frozenset[str]
    usual_ranges: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    republished: Mapping[str, str] = field(default_factory=dict)


def are_same_people(a: PlacedFact, b: PlacedFact, page: PageFacts) -> bool:
    """Return whether occupation and cohort agree, but for words of the page's topic.

    An industry is no word of a topic: analysts of information security and those whom
    the information industry employs are two populations.
    """
    if a.soc_codes and b.soc_codes and not a.soc_codes & b.soc_codes:
        return False
    if a.experience_band != b.experience_band or bool(a.industry) != bool(b.industry):
        return False
    if any(a.row.get(n) != b.row.get(n) for n in ("industry", "unread")):
        return False
    whom = [page.subject_words(f) for f in (a, b)]
    # A publisher's figure that names nobody is of those of whom the page speaks.
    attributed = all(publisher_of_fact(f) != UNNAMED for f in (a, b))
    known = page.title | page.spoken_of
    if attributed and not all(whom) and not (whom[0] | whom[1]) - known:
        return True
    differ = whom[0] ^ whom[1]
    # The country is a page's default: "the national median" is of nobody else.
    return not differ - page.topic - COUNTRY


def is_same_frame(
    a: PlacedFact, b: PlacedFact, page: PageFacts, rules: ConflictRules
) -> bool:
    """Return whether place, money, basis, publisher and date agree, where said."""
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
    """Return whether two figures are of one year.

    An undated figure is of the newest year that the page has for its people: of its
    statistic, else of any, and not where the page knows a year that is much newer. In
    one paragraph with a dated figure it is of another date.
    """
    years = {a.row["year"], b.row["year"]} - {None}
    if len(years) != 1 or a.row["year"] == b.row["year"]:
        return not years or a.row["year"] == b.row["year"]
    if a.block == b.block >= 0:
        return False
    undated, other = (a, b) if a.row["year"] is None else (b, a)
    known = find_known_years(undated, page)
    # A sentence with a year among sentences with other years is of that year alone.
    told = len(known) > 1 and str(other.row["year"]) in other.sentence
    newest = max(known, default=0)
    behind = page.latest_year - newest
    return newest in years and not told and behind <= MOST_YEARS_BEHIND


def find_known_years(undated: PlacedFact, page: PageFacts) -> frozenset[int]:
    """Return the years that a page has for the people of an undated figure."""
    if undated.claim_id not in page.known_years:
        alike = [f for f in page.dated if are_same_people(f, undated, page)]
        same = [f for f in alike if f.row["statistic"] == undated.row["statistic"]]
        years = frozenset(f.row["year"] for f in same or alike)
        page.known_years[undated.claim_id] = years
    return page.known_years[undated.claim_id]


def is_same_publisher(
    a: PlacedFact, b: PlacedFact, page: PageFacts, rules: ConflictRules
) -> bool:
    """Return whether two figures have one publisher.

    A figure without one has the page's own, which is the one that the title names.
    """
    said = [publisher_of_fact(f) for f in (a, b)]
    names = {rules.republished.get(name, name) for name in said}
    if len(names) == 1:
        return True
    named = names - {UNNAMED}
    return len(named) == 1 and is_page_publisher(named.pop(), page, rules)


def publisher_of_fact(fact: PlacedFact) -> str:
    """Return a figure's publisher, else who it is attributed to, else `unnamed`."""
    return str(fact.row.get("publisher") or fact.row.get("attributed_to") or UNNAMED)


def is_page_publisher(name: str, page: PageFacts, rules: ConflictRules) -> bool:
    """Return whether a name is in the page's title and in no row of publishers.csv."""
    if name in rules.publishers or "+" in name:
        return False
    name_words = {w for w, _ in locate_words(name.replace("_", " "))}
    return bool(name_words & page.title)


def are_told_apart(a: PlacedFact, b: PlacedFact, page: PageFacts) -> bool:
    """Return whether a sentence narrows the people or moves the date in words."""
    (one, moved), (other, also) = (find_narrowing(f.sentence, page) for f in (a, b))
    return moved or also or one != other


def find_narrowing(sentence: str, page: PageFacts) -> tuple[frozenset[str], bool]:
    """Return the words of a sentence that narrow, and whether one moves the date."""
    if sentence not in page.narrowed:
        patterns = page.words.patterns
        words = frozenset(patterns["narrower"].findall(sentence.lower()))
        moved = patterns["other_date"].search(sentence) is not None
        page.narrowed[sentence] = words, moved
    return page.narrowed[sentence]


def find_unread_people(fact: PlacedFact, page: PageFacts) -> frozenset[str]:
    """Return words about whom a figure is of that no field of it has.

    What its people are in or with ("welders in shipyards"), and what stands right
    behind it ("$96,270 in tax preparation").
    """
    if fact.claim_id not in page.unread_people:
        page.unread_people[fact.claim_id] = _read_unread_people(fact, page)
    return page.unread_people[fact.claim_id]


def _read_unread_people(fact: PlacedFact, page: PageFacts) -> frozenset[str]:
    row = fact.row
    hit = BEHIND_FIGURE.match(fact.sentence, fact.offset + len(row["quote"]))
    said = f"{hit[1] if hit else ''} {_find_after_noun(fact, page)}"
    read = page.words.content_words(f"{row.get('area') or ''}")
    words = page.words.content_words(said) - read - page.subject_words(fact)
    # "In the adverts of 2024" says where it was found, and not whom it is of.
    found_in = {w for w in words if page.words.has_phrase("evidence", w)}
    return frozenset(w for w in words - found_in if w.isalpha()) - page.topic - NATION


def _find_after_noun(fact: PlacedFact, page: PageFacts) -> str:
    """Return what narrows the job in a figure's sentence: `welders in shipyards`."""
    noun = str(fact.row.get("occupation") or "").rpartition(" ")[2]
    if not noun:
        return ""
    key = (fact.block, fact.number, noun)
    if fact.block < 0 or key not in page.after_noun:
        behind = re.compile(rf"\b(?i:{re.escape(noun)}s?)\s{NARROWING}")
        hit = behind.search(fact.sentence)
        page.after_noun[key] = hit[1] if hit else ""
    return page.after_noun[key]


def is_in_one_sentence(a: PlacedFact, b: PlacedFact) -> bool:
    """Return whether two figures stand in one sentence of the text."""
    return a.block == b.block >= 0 and a.number == b.number


def are_near(a: PlacedFact, b: PlacedFact, rules: ConflictRules) -> bool:
    """Return whether two amounts are one but for rounding."""
    one, other = a.amount or Decimal(0), b.amount or Decimal(0)
    return abs(one - other) <= rules.agreement * max(one, other)


def equal_or_unsaid(one: object, other: object, unsaid: object) -> bool:
    """Return whether two values are equal, or one of them is not said."""
    return one == other or unsaid in (one, other)


def are_side_by_side(a: PlacedFact, b: PlacedFact) -> bool:
    """Return whether a list, a table or a sentence puts two figures side by side.

    What a page says of one thing twice stands in two places; two figures side by side
    are two things, even where the words that tell them apart were not understood.
    """
    if a.row["period"] != b.row["period"]:
        return False
    if a.block >= 0 and b.block >= 0:
        # Two figures without a group are in no common table.
        table = (a.group or "a").split(":")[0] == (b.group or "b").split(":")[0]
        return table or (a.block == b.block and abs(a.number - b.number) <= 1)
    if a.group is not None or b.group is not None:
        return a.group == b.group
    places = [PLACE.match(str(fact.row["locator"])) for fact in (a, b)]
    # Locators of data are `script=2;/a/0/b` and have no place in the text.
    if places[0] is None or places[1] is None:
        return a.from_script and b.from_script
    if find_list_path(a.row) or find_list_path(b.row):
        return find_list_path(a.row) == find_list_path(b.row)
    if places[0]["path"] != places[1]["path"]:
        return False
    return abs(int(places[0]["start"]) - int(places[1]["start"])) < NEAR_CHARACTERS


def are_of_part_time(a: PlacedFact, b: PlacedFact, page: PageFacts) -> bool:
    """Return whether two pay periods are of part of a year's work.

    The month of half a post is no month of full weeks at its pay by the hour.
    """
    return a.row["period"] != b.row["period"] and any(
        page.words.has_phrase("part_of_year", f.sentence) for f in (a, b)
    )


def amounts_differ(a: Row, b: Row, rules: ConflictRules) -> bool:
    """Return whether two figures cannot both be right, rounding allowed for."""
    gap = abs(a["annual"] - b["annual"])
    if a["period"] != b["period"]:
        # "$29 an hour" is rounded to a dollar, which is 1,040 of a year.
        rounded = max(_find_yearly_step(r, rules) for r in (a, b)) / 2
        agreed = rules.agreement * max(a["annual"], b["annual"])
        return bool(gap > max(agreed, rounded))
    steps = [
        grain_of_amount(Decimal(r["as_published"]), rules.measures) for r in (a, b)
    ]
    step = max(steps)
    near = abs(a["as_published"] - b["as_published"]) < step
    # Fine figures have no rounding to excuse them: 48,780 is not 48,790, but may be
    # "about $49,000".
    loose = a["approximate"] or b["approximate"] or step > rules.measures.finest
    return bool(gap > 0 and not (near and loose))


def _find_yearly_step(row: Row, rules: ConflictRules) -> Decimal:
    """Return by how much a year changes with the last digit that is written."""
    amount = Decimal(row["as_published"])
    if row["period"] != "hour":
        return rules.measures.finest
    # "$29" is rounded to the dollar and "$21.30" to the cent, whatever divides them.
    written = re.search(r"\d\.(\d+)", row["quote"])
    step = Decimal(10) ** -len(written[1]) if written else Decimal(1)
    return step * Decimal(row["annual"]) / amount
