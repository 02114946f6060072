"""One thing under two names, and effects of one thing in two sizes."""

from collections.abc import Iterator
from decimal import Decimal

from pipeline.reconcile.within_page.comparability import (
    ConflictRules,
    is_page_publisher,
    publisher_of_fact,
)
from pipeline.reconcile.within_page.contradiction import Contradiction
from pipeline.reconcile.within_page.page_facts import PageFacts
from pipeline.reconcile.within_page.placed_fact import RELATIVE, PlacedFact
from pipeline.reconcile.within_page.recomputed_changes import ABSOLUTE, change_bounds

CENTRES = ("median", "mean")
HUNDRED = Decimal(100)
TOUCHING = Decimal("0.1")  # of what two effects cover: less is no agreement


def find_shared_codes(page: PageFacts, rules: ConflictRules) -> Iterator[Contradiction]:
    """An occupation's official title set beside another name of the same code.

    The page gives the two as two occupations, each with pay of its own.
    """
    own = [
        f
        for f in page.levels
        if is_from_page(f, page, rules)
        and len(f.soc_codes) == 1
        and f.row["cohort"] == "all"
        and pay_ends(f)
    ]
    official = [f for f in own if f.row["match_grade"] == "official"]
    told: set[str] = set()
    for a in official:
        code = next(iter(a.soc_codes))
        others = [
            f
            for f in page.levels
            if is_from_page(f, page, rules)
            and code in f.soc_codes
            and f.row["match_grade"] == "alternate"
            and f.row["cohort"] == "all"
            and f.area_key == a.area_key
            and f.row["statistic"] in CENTRES
        ]
        for b in others:
            if code not in told and pay_ends(a) != pay_ends(b):
                told.add(code)
                yield Contradiction(
                    "occupation_mismatch", (a.row, b.row), "one_code", code
                )


def is_from_page(fact: PlacedFact, page: PageFacts, rules: ConflictRules) -> bool:
    """The page's own word, or its publisher's."""
    name = publisher_of_fact(fact)
    return name == "unnamed" or is_page_publisher(name, page, rules)


def pay_ends(fact: PlacedFact) -> tuple[object, object]:
    """The amount or the range."""
    row = fact.row
    if row["annual"] is not None:
        return row["annual"], row["annual"]
    return row["annual_low"], row["annual_high"]


def find_premium_conflicts(
    page: PageFacts, rules: ConflictRules
) -> Iterator[Contradiction]:
    """A premium in percent and one in money that meet nowhere on the page's centre.

    Certificates that add 20 to 30 percent do not add $5,000 to $10,000 to $48,000.
    """
    centre = next(
        (f for f in page.levels if f.row["statistic"] in CENTRES
         and f.row["area_level"] == "national" and f.amount and f.row["annual"]), None
    )  # fmt: skip
    changes = [f for f in page.facts if f.row.get("credential") and change_bounds(f)
               and f.row.get("direction") != "down"]  # fmt: skip
    relative = [f for f in changes if f.row["kind"] == RELATIVE]
    absolute = [f for f in changes if f.row["kind"] == ABSOLUTE]
    if centre is None or not relative or not absolute:
        return
    one, other = relative[0], absolute[0]
    low, high = change_bounds(one) or (Decimal(0), Decimal(0))
    implied = [
        HUNDRED * end / centre.row["annual"] for end in change_bounds(other) or ()
    ]
    share = overlap_share((low, high), (implied[0], implied[1]))
    if low < high and share < TOUCHING:
        said = f"{implied[0]:.1f} to {implied[1]:.1f} %"
        rows = (one.row, other.row, centre.row)
        yield Contradiction("arithmetic_contradiction", rows, "two_sizes", said)


def overlap_share(a: tuple[Decimal, Decimal], b: tuple[Decimal, Decimal]) -> Decimal:
    """What two ranges share of what they cover."""
    across = max(a[1], b[1]) - min(a[0], b[0])
    within = max(Decimal(0), min(a[1], b[1]) - max(a[0], b[0]))
    return within / across if across else Decimal(1)
