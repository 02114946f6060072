"""Do two figures of one page answer one question? A dimension left out is no other.

The page's own words decide: "inpatient coder" with nothing said and "medical coder,
inpatient" are the same people; "coding auditor" is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pipeline.reconcile.inner.facts import PLACE, Fact, listed
from pipeline.reconcile.inner.page import Page
from pipeline.reconcile.inner.words import placed_words
from pipeline.reconcile.likeness import Measures, grain

Row = Mapping[str, Any]
CENTRES = ("mean", "median", "p10", "p25", "p75", "p90")
UNNAMED = "unnamed"
NEAR = 160  # characters: about a sentence


@dataclass(frozen=True)
class Rules:
    """Numbers and names that the tests use; `usual`: what a publisher's range is."""

    measures: Measures
    agreement: Decimal
    publishers: frozenset[str]
    usual: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def same_people(a: Fact, b: Fact, page: Page) -> bool:
    """Same occupation and cohort, but for words of the page's own subject."""
    if a.codes and b.codes and not a.codes & b.codes:
        return False
    if a.experience != b.experience:
        return False
    return not (page.subject(a) ^ page.subject(b)) - page.topic


def same_frame(a: Fact, b: Fact, page: Page, rules: Rules) -> bool:
    """Same place, money, basis, publisher and date, as far as the page says."""
    one, other = a.row, b.row
    return (
        one["currency"] == other["currency"]
        and a.place == b.place
        and alike(one["pay_basis"], other["pay_basis"], "unspecified")
        and same_voice(a, b, page, rules)
        and not told_apart(a, b, page)
        and same_date(a, b, page)
    )


def same_date(a: Fact, b: Fact, page: Page) -> bool:
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
         and same_people(f, undated, page)), default=None,
    )  # fmt: skip
    return newest in years


def same_voice(a: Fact, b: Fact, page: Page, rules: Rules) -> bool:
    """The same publisher; the page's own is the one that its title names."""
    names = {voice(f) for f in (a, b)}
    if len(names) == 1:
        return True
    named = names - {UNNAMED}
    return len(named) == 1 and own_voice(named.pop(), page, rules)


def voice(fact: Fact) -> str:
    """Publisher of a figure."""
    return str(fact.row.get("publisher") or fact.row.get("attributed_to") or UNNAMED)


def own_voice(name: str, page: Page, rules: Rules) -> bool:
    """A name that no row of publishers.csv knows and the page's title has."""
    if name in rules.publishers or "+" in name:
        return False
    told = {w for w, _ in placed_words(name.replace("_", " "))}
    return bool(told & page.title)


def told_apart(a: Fact, b: Fact, page: Page) -> bool:
    """A sentence narrows the people or moves the date in words of its own."""
    patterns = page.words.patterns
    narrow = [set(patterns["narrower"].findall(f.sentence.lower())) for f in (a, b)]
    moved = any(patterns["other_date"].search(f.sentence) for f in (a, b))
    return moved or narrow[0] != narrow[1]


def alike(one: object, other: object, unsaid: object) -> bool:
    """Equal, or one of them not said."""
    return one == other or unsaid in (one, other)


def beside(a: Fact, b: Fact) -> bool:
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
    if listed(a.row) or listed(b.row):
        return listed(a.row) == listed(b.row)
    if places[0]["path"] != places[1]["path"]:
        return False
    return abs(int(places[0]["start"]) - int(places[1]["start"])) < NEAR


def differ(a: Row, b: Row, rules: Rules) -> bool:
    """Two figures that cannot both be right, rounding allowed for."""
    gap = abs(a["annual"] - b["annual"])
    if a["period"] != b["period"]:
        return bool(gap > rules.agreement * max(a["annual"], b["annual"]))
    steps = [grain(Decimal(r["as_published"]), rules.measures) for r in (a, b)]
    step = max(steps)
    near = abs(a["as_published"] - b["as_published"]) < step
    loose = a["approximate"] or b["approximate"] or step > rules.measures.finest
    return bool(gap > 0 and not (near and loose))
