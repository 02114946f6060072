"""Find one figure printed in two ways: two digits that changed places, or one is off.

A page that gives $67,420 on its card and $67,240 in its text means one figure, however
little it says of either: what is not said of one of them is no difference.
"""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from typing import Any

from pipeline.reconcile.evidence.matching import is_digit_slip
from pipeline.reconcile.within_page.comparability import (
    ConflictRules,
    are_told_apart,
    is_same_publisher,
)
from pipeline.reconcile.within_page.conflicting_values import container_of_row
from pipeline.reconcile.within_page.contradiction import Contradiction
from pipeline.reconcile.within_page.first_figures import VAGUE
from pipeline.reconcile.within_page.page_facts import PageFacts
from pipeline.reconcile.within_page.placed_fact import PlacedFact

LEAST_AMOUNT = Decimal(1000)  # of fewer digits too many are one digit apart
FARTHEST = Decimal("0.06")  # of the larger: a wrong first digit is seen by everybody
FARTHEST_DISORDERED = Decimal("0.005")  # three of five digits
KINDS = ("pay_level", "other")
MOST_FIGURES = 400  # of a page: each is held against each
# What two figures must not differ in; null and the page's default are no difference.
WILD = (
    ("statistic", (None, VAGUE)), ("period", (None,)), ("pay_basis", (None, VAGUE)),
    ("currency", (None,)), ("credential", (None,)), ("cohort", (None, "all")),
)  # fmt: skip


def find_misprints(page: PageFacts, rules: ConflictRules) -> Iterator[Contradiction]:
    """Yield two figures in two places of a page that are one digit or swap apart."""
    fine = [f for f in page.facts if is_finely_printed(f, rules)][:MOST_FIGURES]
    counts: Counter[Decimal] = Counter()
    for fact in fine:
        counts[find_one_amount(fact)] += 1
    for a, b in combinations(fine, 2):
        if (
            is_misprint(a, b)
            and are_in_two_places(a, b)
            and may_be_one(a, b, page, rules)
            # Both are printed twice: then they are two figures.
            and min(counts[find_one_amount(f)] for f in (a, b)) == 1
        ):
            yield Contradiction("internal_contradiction", (b.row, a.row), "misprinted")


def find_one_amount(fact: PlacedFact) -> Decimal:
    """Return the one amount of a point or of an open bound; 0 of a range."""
    if fact.amount is not None:
        return fact.amount
    ends = [fact.row.get(name) for name in ("low", "high")]
    known = [Decimal(end) for end in ends if end is not None]
    return known[0] if len(known) == 1 else Decimal(0)


def is_finely_printed(fact: PlacedFact, rules: ConflictRules) -> bool:
    """Whether a figure has digits enough to be told from its neighbours."""
    amount = find_one_amount(fact)
    money = fact.row.get("currency") is not None
    if not money or fact.row["kind"] not in KINDS or amount < LEAST_AMOUNT:
        return False
    return amount % (rules.measures.finest * 10) != 0 and not fact.row.get(
        "hypothetical"
    )


def is_misprint(a: PlacedFact, b: PlacedFact) -> bool:
    """Whether two amounts have the same digits in another order, or one is off.

    One wrong digit is any of some 45 figures: it counts only of the same credential or
    occupation, stated for both.
    """
    one, other = find_one_amount(a), find_one_amount(b)
    gap = abs(one - other) / max(one, other)
    if one == other or gap > FARTHEST:
        return False
    digits = [f"{amount.normalize():f}" for amount in (one, other)]
    if not is_digit_slip(one, other):
        # 66,979 and 66,797: the same digits, three of them in disorder.
        return set(digits[0]) == set(digits[1]) and gap <= FARTHEST_DISORDERED
    if sorted(digits[0]) == sorted(digits[1]):
        return True
    same = [a.row.get("credential"), a.row.get("occupation")]
    return None not in same and same == [
        b.row.get("credential"),
        b.row.get("occupation"),
    ]


def are_in_two_places(a: PlacedFact, b: PlacedFact) -> bool:
    """Whether two figures stand in two tables, lists or paragraphs."""
    if a.from_script or b.from_script or a.block == b.block:
        return False
    # Two tables have a row each of two things; what a sentence says, a table may have.
    return not (container_of_row(a) and container_of_row(b))


def may_be_one(
    a: PlacedFact, b: PlacedFact, page: PageFacts, rules: ConflictRules
) -> bool:
    """Whether nothing that the page says of two figures tells them apart."""
    return (
        all(_agree(a, b, name, wild) for name, wild in WILD)
        and len({_year(f) for f in (a, b)} - {None}) <= 1
        and (not a.soc_codes or not b.soc_codes or bool(a.soc_codes & b.soc_codes))
        and _is_one_place(a, b)
        and (
            is_same_publisher(a, b, page, rules)
            or "unnamed" in (a.row.get("publisher"), b.row.get("publisher"))
            or "publisher" not in a.row
            or "publisher" not in b.row
            or a.row.get("statistic") == b.row.get("statistic")
        )
        and not are_told_apart(a, b, page)
    )


def _agree(
    a: PlacedFact, b: PlacedFact, name: str, wild: tuple[str | None, ...]
) -> bool:
    values: set[Any] = {f.row.get(name) for f in (a, b)} - set(wild)
    return len(values) <= 1


def _year(fact: PlacedFact) -> str | None:
    return str(fact.row.get("reference_period") or "")[:4] or None


def _is_one_place(a: PlacedFact, b: PlacedFact) -> bool:
    """Whether two are of one place; the nation may be no more than a default."""
    keys = {f.area_key for f in (a, b)} - {"", "US"}
    return len(keys) <= 1
