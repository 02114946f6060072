"""Figures of one question in an order that cannot be: crossing, or outside a range."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from pipeline.reconcile.inner.facts import Fact
from pipeline.reconcile.inner.found import Contradiction
from pipeline.reconcile.inner.page import Page
from pipeline.reconcile.inner.questions import Rules
from pipeline.reconcile.inner.twice import (
    AVERAGES,
    made_of,
    points,
    same_question,
    twin,
)

MANY = 50
PERCENTILES = ("p10", "p25", "median", "p75", "p90")


def out_of_order(page: Page, rules: Rules) -> Iterator[Contradiction]:
    """A higher percentile below a lower one: the narrowest pair of each crossing.

    A sentence that gives one percentile twice was misread, and judges nothing.
    """
    for facts in page.places.values():
        known = [f for f in points(facts) if f.row["statistic"] in PERCENTILES]
        known = [f for f in known if not twin(f, page.together(f), page, rules)]
        told: set[str] = set()
        for a, b in sorted(crossing(known), key=lambda pair: span(*pair)):
            if {a.claim_id, b.claim_id} & told or remade(a, b, page, rules):
                continue
            if same_question(a, b, page, rules):
                told |= {a.claim_id, b.claim_id}
                yield Contradiction("percentile_order", (a.row, b.row),
                                    "percentiles_cross")  # fmt: skip


def crossing(known: Sequence[Fact]) -> Iterator[tuple[Fact, Fact]]:
    """Pairs in the wrong order; of a page with thousands the furthest apart."""
    ladder = [[f for f in known if f.row["statistic"] == p] for p in PERCENTILES]
    for low, high in combinations(ladder, 2):
        most = sorted(low, key=amount, reverse=True)[:MANY]
        least = sorted(high, key=amount)[:MANY]
        yield from ((a, b) for a in most for b in least
                    if a.row["annual"] > b.row["annual"])  # fmt: skip


def amount(fact: Fact) -> tuple[Decimal, str]:
    """Sorts by yearly pay, then by place."""
    return fact.row["annual"], fact.claim_id


def remade(a: Fact, b: Fact, page: Page, rules: Rules) -> bool:
    """Of two pay periods, and one of them made of another figure of the page."""
    return a.row["period"] != b.row["period"] and any(
        made_of(f, g, page, rules)
        for f in (a, b)
        for g in page.places[str(f.row["currency"]), f.place, f.experience]
        if g not in (a, b)
    )


def span(a: Fact, b: Fact) -> tuple[bool, int, str, str]:
    """One pay period first, then the more steps apart; ties by id."""
    steps = [PERCENTILES.index(f.row["statistic"]) for f in (a, b)]
    mixed = a.row["period"] != b.row["period"]
    return mixed, steps[0] - steps[1], a.claim_id, b.claim_id


def outside(page: Page, rules: Rules) -> Iterator[Contradiction]:
    """A mean or median outside every range given for the same people."""
    for centre in points(page.levels):
        if centre.row["statistic"] not in AVERAGES:
            continue
        row = centre.row
        near = page.places[str(row["currency"]), centre.place, centre.experience]
        bands = [f for f in near if is_band(f)]
        own = [f for f in bands if same_question(centre, f, page, rules)]
        pay = row["annual"]
        own = nearest_of(centre, own)
        if not own or any(holds(f, pay, rules) for f in own):
            continue
        nearest = min(own, key=lambda f: (distance(f, pay), f.claim_id))
        yield Contradiction("average_outside_range", (centre.row, nearest.row), "out")


def nearest_of(centre: Fact, bands: list[Fact]) -> list[Fact]:
    """Ranges of its own sentence or row before all others."""
    here = [
        f
        for f in bands
        if (centre.line and f.line == centre.line)
        or (f.block == centre.block >= 0 and f.number == centre.number)
    ]
    return here or bands


def is_band(fact: Fact) -> bool:
    """A range with both ends."""
    low, high = fact.row["annual_low"], fact.row["annual_high"]
    return low is not None and high is not None and low <= high


def holds(band: Fact, amount: object, rules: Rules) -> bool:
    """Whether a range holds an amount, its ends rounded as they are."""
    slack = rules.agreement * band.row["annual_high"]
    low, high = band.row["annual_low"] - slack, band.row["annual_high"] + slack
    return bool(low <= amount <= high)


def distance(band: Fact, amount: object) -> object:
    """How far an amount is from the nearer end."""
    ends = (band.row["annual_low"], band.row["annual_high"])
    return min(abs(end - amount) for end in ends)
