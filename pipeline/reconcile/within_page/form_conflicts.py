"""Compare the three forms of one page: its words, its JSON-LD, and its scripts' state.

`conflicting_values` compares single amounts of the data with the words. Here the two
kinds of data are compared with each other, the ends of ranges with the ends of ranges,
and the percentiles of the data with the range that a publisher makes of them
(vocabularies/usual_ranges.csv). A figure that agrees with one of several has no
conflict.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pipeline.reconcile.within_page.comparability import (
    CENTRES,
    ConflictRules,
    amounts_differ,
)
from pipeline.reconcile.within_page.conflicting_values import is_same_question
from pipeline.reconcile.within_page.contradiction import Contradiction
from pipeline.reconcile.within_page.page_facts import PageFacts
from pipeline.reconcile.within_page.placed_fact import PlacedFact

TEXT = "text"
MOST_RIVAL_RANGES = 3  # of one question: of more, what tells them apart is not known
# Matches `script=2;char=32,43;/mainEntity/2/text`: part of a text of the data.
TEXT_OF_DATA = re.compile(r"(script=\d+;)char=\d+,\d+;(.*)")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class RangeEnds:
    """A range as a form has it: two amounts, as rows that `amounts_differ` compares."""

    facts: tuple[PlacedFact, ...]
    low: Row
    high: Row

    @property
    def as_text(self) -> str:
        """The two ends as published."""
        return f"{self.low['as_published']:,} to {self.high['as_published']:,}"


def find_form_conflicts(
    page: PageFacts, rules: ConflictRules
) -> Iterator[Contradiction]:
    """Yield figures of one question that two forms of the page state differently."""
    for facts in page.places.values():
        by_form: dict[str, list[PlacedFact]] = {}
        for fact in facts:
            by_form.setdefault(fact.page_form, []).append(fact)
        for one, other in combinations(sorted(by_form), 2):
            # Points in words are compared with data by `conflicting_values`.
            if TEXT not in (one, other):
                yield from _compare_points(by_form[one], by_form[other], page, rules)
            yield from _compare_ranges(by_form[one], by_form[other], page, rules)
            yield from _compare_periods(by_form[one], by_form[other])
        data = [f for name in by_form if name != TEXT for f in by_form[name]]
        yield from _compare_usual_range(data, by_form.get(TEXT, []), page, rules)


def _compare_points(
    ours: Sequence[PlacedFact],
    theirs: Sequence[PlacedFact],
    page: PageFacts,
    rules: ConflictRules,
) -> Iterator[Contradiction]:
    """Yield conflicts of the same statistic in JSON-LD and in the state."""
    for a in (f for f in ours if _is_point(f)):
        rivals = [
            b for b in theirs
            if _is_point(b) and b.row["statistic"] == a.row["statistic"]
            and is_same_question(a, b, page, rules)
        ]  # fmt: skip
        apart = [b for b in rivals if amounts_differ(a.row, b.row, rules)]
        # A figure that agrees with one of its rivals is that one.
        if apart and len(apart) == len(rivals) <= MOST_RIVAL_RANGES:
            yield Contradiction("json_vs_text", (a.row, apart[0].row), "said_twice")


def _compare_periods(
    ours: Sequence[PlacedFact], theirs: Sequence[PlacedFact]
) -> Iterator[Contradiction]:
    """Yield one amount of one job that is by the hour in one form, by the year else."""
    for a in (f for f in ours if f.amount is not None and f.row.get("occupation")):
        alike = [b for b in theirs if b.amount == a.amount and _is_one_job(a, b)]
        if alike and all(b.row["period"] != a.row["period"] for b in alike):
            yield Contradiction("json_vs_text", (a.row, alike[0].row), "periods_apart")


def _is_one_job(a: PlacedFact, b: PlacedFact) -> bool:
    """Return whether both name a period, one employer, and one code or title."""
    employers = [f.row.get("employer_type") for f in (a, b)]
    titles = [set(str(f.row.get("occupation") or "").split()) for f in (a, b)]
    return (
        None not in (a.row["period"], b.row["period"])
        and (employers[0] == employers[1] or None in employers)
        and bool(a.soc_codes & b.soc_codes or titles[0] <= titles[1] != set()
                 or set() != titles[1] <= titles[0])
    )  # fmt: skip


def _compare_ranges(
    ours: Sequence[PlacedFact],
    theirs: Sequence[PlacedFact],
    page: PageFacts,
    rules: ConflictRules,
) -> Iterator[Contradiction]:
    """Yield ranges of one question with other ends."""
    others = _list_ranges(theirs)
    for a in _list_ranges(ours):
        rivals = [
            b for b in others if is_same_question(a.facts[0], b.facts[0], page, rules)
        ]
        if (
            rivals
            and len(rivals) <= MOST_RIVAL_RANGES
            and all(_ends_differ(a, b, rules) for b in rivals)
        ):
            yield _make_contradiction(a, rivals[0])


def _list_ranges(facts: Sequence[PlacedFact]) -> list[RangeEnds]:
    """Return the ranges of a form, without those of a text that has many.

    An answer in the data with the pay of five jobs was not understood job by job.
    """
    found = [ends for f in facts if (ends := _range_ends(f))]
    texts = Counter(_find_text(ends.facts[0]) for ends in found)
    return [
        ends
        for ends in found
        if not (text := _find_text(ends.facts[0])) or texts[text] <= MOST_RIVAL_RANGES
    ]


def _find_text(fact: PlacedFact) -> str:
    """Return the pointer of the text in the data that a figure is part of, or ""."""
    hit = TEXT_OF_DATA.match(str(fact.row["locator"]))
    return hit[1] + hit[2] if hit else ""


def _compare_usual_range(
    data: Sequence[PlacedFact],
    text: Sequence[PlacedFact],
    page: PageFacts,
    rules: ConflictRules,
) -> Iterator[Contradiction]:
    """Yield ranges in words that are not the two percentiles they stand for.

    Where a page has many ranges of one question, what tells them apart was not
    understood, and nothing is compared.
    """
    bands = [ends for f in text if (ends := _range_ends(f))]
    for publisher, (low, high) in sorted(rules.usual_ranges.items()):
        mine = [b for b in bands if b.facts[0].row.get("publisher") == publisher]
        for band in mine:
            like = band.facts[0]
            same = (b for b in mine if is_same_question(b.facts[0], like, page, rules))
            if len(list(same)) > MOST_RIVAL_RANGES:
                continue
            pair = [_find_statistic(data, s, like, page, rules) for s in (low, high)]
            if None in pair:
                continue
            first, last = (fact for fact in pair if fact is not None)
            from_data = RangeEnds((first, last), first.row, last.row)
            if _ends_differ(from_data, band, rules):
                yield _make_contradiction(from_data, band)


def _find_statistic(
    data: Sequence[PlacedFact],
    statistic: str,
    like: PlacedFact,
    page: PageFacts,
    rules: ConflictRules,
) -> PlacedFact | None:
    """Return the data's figure of a statistic, question and pay period, or None."""
    found = (
        f for f in data
        if _is_point(f) and f.row["statistic"] == statistic
        and f.row["period"] == like.row["period"]
        and is_same_question(f, like, page, rules)
    )  # fmt: skip
    return next(found, None)


def _is_point(fact: PlacedFact) -> bool:
    return fact.row["annual"] is not None and fact.row["statistic"] in CENTRES


def _range_ends(fact: PlacedFact) -> RangeEnds | None:
    """Return both ends of a range, each as an amount of its own, or None."""
    row = fact.row
    names = ("low", "high", "annual_low", "annual_high")
    if row["statistic"] != "range" or any(row.get(n) is None for n in names):
        return None
    # `amounts_differ` takes rows with one amount.
    low = {**row, "annual": row["annual_low"], "as_published": row["low"]}
    high = {**row, "annual": row["annual_high"], "as_published": row["high"]}
    return RangeEnds((fact,), low, high)


def _ends_differ(a: RangeEnds, b: RangeEnds, rules: ConflictRules) -> bool:
    """Return whether an end of the one is not that of the other, rounding aside."""
    return amounts_differ(a.low, b.low, rules) or amounts_differ(a.high, b.high, rules)


def _make_contradiction(a: RangeEnds, b: RangeEnds) -> Contradiction:
    """Make the contradiction of two ranges; its sentence has what each says."""
    rows = [*(f.row for f in a.facts), *(f.row for f in b.facts)]
    # What readers see first: the words before the data.
    ordered = sorted(rows, key=lambda row: str(row["locator"]).startswith("script"))
    computed = f"one form of the page says {a.as_text}, another {b.as_text}"
    return Contradiction("json_vs_text", tuple(ordered), "forms_apart", computed)
