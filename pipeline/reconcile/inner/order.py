"""Figures of one question in an order that cannot be: crossing, or outside a range."""

from collections.abc import Iterator

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

PERCENTILES = ("p10", "p25", "median", "p75", "p90")


def out_of_order(page: Page, rules: Rules) -> Iterator[Contradiction]:
    """A higher percentile below a lower one: the narrowest pair of each crossing.

    A sentence that gives one percentile twice was misread, and judges nothing.
    """
    known = [f for f in points(page.levels) if f.row["statistic"] in PERCENTILES]
    misread = {f.claim_id for f in known if twin(f, page.together(f), page, rules)}
    known = [f for f in known if f.claim_id not in misread]
    told: set[str] = set()
    pairs = [
        (a, b)
        for a in known
        for b in known
        if PERCENTILES.index(a.row["statistic"]) < PERCENTILES.index(b.row["statistic"])
    ]
    pairs.sort(key=lambda p: (p[0].row["period"] != p[1].row["period"], span(*p)))
    for a, b in pairs:
        if a.row["annual"] <= b.row["annual"] or {a.claim_id, b.claim_id} & told:
            continue
        remade = any(made_of(f, g, page, rules) for f in (a, b)
                     for g in page.levels if g not in (a, b))  # fmt: skip
        if a.row["period"] != b.row["period"] and remade:
            continue
        if same_question(a, b, page, rules):
            told |= {a.claim_id, b.claim_id}
            yield Contradiction("percentile_order", (a.row, b.row), "percentiles_cross")


def span(a: Fact, b: Fact) -> tuple[int, str, str]:
    """Steps between two percentiles; ties by id."""
    steps = [PERCENTILES.index(f.row["statistic"]) for f in (a, b)]
    return steps[0] - steps[1], a.claim_id, b.claim_id


def outside(page: Page, rules: Rules) -> Iterator[Contradiction]:
    """A mean or median outside every range given for the same people."""
    bands = [f for f in page.levels if is_band(f)]
    for centre in points(page.levels):
        if centre.row["statistic"] not in AVERAGES:
            continue
        own = [f for f in bands if same_question(centre, f, page, rules)]
        amount = centre.row["annual"]
        own = nearest_of(centre, own)
        if not own or any(holds(f, amount, rules) for f in own):
            continue
        nearest = min(own, key=lambda f: (distance(f, amount), f.claim_id))
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
