"""Find figures of one question in an impossible order: crossing, or outside a range."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from pipeline.reconcile.within_page.comparability import ConflictRules
from pipeline.reconcile.within_page.conflicting_values import (
    AVERAGES,
    has_twin,
    is_same_pay_converted,
    is_same_question,
    select_points,
)
from pipeline.reconcile.within_page.contradiction import Contradiction
from pipeline.reconcile.within_page.page_facts import PageFacts
from pipeline.reconcile.within_page.people_read import is_statistic_of_table
from pipeline.reconcile.within_page.placed_fact import PlacedFact

MOST_COMPARED = 50  # figures of a percentile: bounds pages with thousands of them
PERCENTILES = ("p10", "p25", "median", "p75", "p90")


def find_crossed_percentiles(
    page: PageFacts, rules: ConflictRules
) -> Iterator[Contradiction]:
    """Yield a higher percentile below a lower one: one pair for each crossing.

    Of the pairs that a figure is in, the one with most percentiles between its two is
    named, and pairs of one pay period first.

    A sentence that gives one percentile twice was misread, and is not used.
    """
    for facts in page.places.values():
        known = [f for f in select_points(facts) if f.row["statistic"] in PERCENTILES]
        known = [
            f for f in known if not has_twin(f, page.facts_in_sentence(f), page, rules)
        ]
        named: set[str] = set()
        for a, b in sorted(
            crossed_pairs(known), key=lambda pair: crossing_sort_key(*pair)
        ):
            # One wrong figure crosses several others: each figure is named once.
            if {a.claim_id, b.claim_id} & named:
                continue
            if is_same_question(a, b, page, rules) and not is_made_of_another(
                a, b, page, rules
            ):
                named |= {a.claim_id, b.claim_id}
                yield Contradiction("percentile_order", (a.row, b.row),
                                    "percentiles_cross")  # fmt: skip


def crossed_pairs(
    known: Sequence[PlacedFact],
) -> Iterator[tuple[PlacedFact, PlacedFact]]:
    """Yield pairs in the wrong order; of a page with thousands the furthest apart."""
    ladder = [[f for f in known if f.row["statistic"] == p] for p in PERCENTILES]
    for low, high in combinations(ladder, 2):
        most = sorted(low, key=pay_sort_key, reverse=True)[:MOST_COMPARED]
        least = sorted(high, key=pay_sort_key)[:MOST_COMPARED]
        yield from ((a, b) for a in most for b in least
                    if a.row["annual"] > b.row["annual"])  # fmt: skip


def pay_sort_key(fact: PlacedFact) -> tuple[Decimal, str]:
    """Return a key that sorts by yearly pay, then by claim id."""
    return fact.row["annual"], fact.claim_id


def is_made_of_another(
    a: PlacedFact, b: PlacedFact, page: PageFacts, rules: ConflictRules
) -> bool:
    """Return whether two are of two pay periods and one was converted from a third."""
    return a.row["period"] != b.row["period"] and any(
        is_same_pay_converted(f, g, page, rules)
        for f in (a, b)
        for g in page.places[str(f.row["currency"]), f.area_key, f.experience_band]
        if g is not a and g is not b
    )


def crossing_sort_key(a: PlacedFact, b: PlacedFact) -> tuple[bool, int, str, str]:
    """Return a key that sorts pairs: one pay period, then most steps apart, then id."""
    steps = [PERCENTILES.index(f.row["statistic"]) for f in (a, b)]
    mixed = a.row["period"] != b.row["period"]
    return mixed, steps[0] - steps[1], a.claim_id, b.claim_id


def find_average_outside(
    page: PageFacts, rules: ConflictRules
) -> Iterator[Contradiction]:
    """Yield a mean or median outside every range given for the same people."""
    closed = {
        key: [f for f in facts if is_closed_range(f)]
        for key, facts in page.places.items()
    }
    for centre in select_points(page.levels):
        if centre.row["statistic"] not in AVERAGES:
            continue
        row = centre.row
        near = closed[str(row["currency"]), centre.area_key, centre.experience_band]
        # "Average income" above a table is said of all its columns, gross and net.
        whole = is_statistic_of_table(centre)
        bands = [f for f in near if not (whole and is_in_one_table(f, centre))]
        own = [f for f in bands if is_same_question(centre, f, page, rules)]
        pay = row["annual"]
        own = prefer_same_place(centre, own)
        # One range that fits is enough: the others may be of other people than was
        # understood.
        if not own or any(range_holds(f, pay, rules) for f in own):
            continue
        nearest = min(own, key=lambda f: (distance_to_range(f, pay), f.claim_id))
        yield Contradiction("average_outside_range", (centre.row, nearest.row), "out")


def is_in_one_table(a: PlacedFact, b: PlacedFact) -> bool:
    """Return whether two figures stand in one table."""
    tables = [f.line.partition(":")[0] for f in (a, b)]
    return tables[0] == tables[1] != ""


def prefer_same_place(centre: PlacedFact, bands: list[PlacedFact]) -> list[PlacedFact]:
    """Return the ranges of the figure's own sentence or row, or else all."""
    here = [
        f
        for f in bands
        if (centre.line and f.line == centre.line)
        or (f.block == centre.block >= 0 and f.number == centre.number)
    ]
    return here or bands


def is_closed_range(fact: PlacedFact) -> bool:
    """Return whether a fact is a range with both ends."""
    low, high = fact.row["annual_low"], fact.row["annual_high"]
    return low is not None and high is not None and low <= high


def range_holds(band: PlacedFact, amount: object, rules: ConflictRules) -> bool:
    """Return whether a range holds an amount, its ends rounded as they are."""
    slack = rules.agreement * band.row["annual_high"]
    low, high = band.row["annual_low"] - slack, band.row["annual_high"] + slack
    return bool(low <= amount <= high)


def distance_to_range(band: PlacedFact, amount: object) -> object:
    """Return how far an amount is from the nearer end."""
    ends = (band.row["annual_low"], band.row["annual_high"])
    return min(abs(end - amount) for end in ends)
