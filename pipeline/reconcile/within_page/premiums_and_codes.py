"""Find one occupation under two names, and a premium in two sizes that do not meet."""

from collections.abc import Iterator
from decimal import Decimal

from pipeline.reconcile.within_page.comparability import (
    ConflictRules,
    is_page_publisher,
    publisher_of_fact,
)
from pipeline.reconcile.within_page.contradiction import Contradiction
from pipeline.reconcile.within_page.page_facts import PageFacts
from pipeline.reconcile.within_page.people_read import (
    FROM_HEADING,
    is_guessed,
    list_notes,
)
from pipeline.reconcile.within_page.placed_fact import RELATIVE, PlacedFact
from pipeline.reconcile.within_page.recomputed_changes import ABSOLUTE, change_bounds

UNREAD_EMPLOYERS = frozenset({"employer_type:unread", "industry:unread"})
CENTRES = ("median", "mean")
PERCENT = Decimal(100)
LEAST_OVERLAP = Decimal("0.1")  # of what two premiums cover: less is no agreement


def find_shared_codes(page: PageFacts, rules: ConflictRules) -> Iterator[Contradiction]:
    """Yield an official title set beside another name of the same code.

    The page gives the two as two occupations, each with pay of its own.
    """
    own = [
        f
        for f in page.levels
        if is_from_page(f, page, rules)
        and len(f.soc_codes) == 1
        and f.row["cohort"] == "all"
    ]
    official = [f for f in own if f.row["match_grade"] == "official"]
    named: set[str] = set()
    for a in official:
        code = next(iter(a.soc_codes))
        if code in named or is_guessed(a):  # each code is named once
            continue
        others = [
            f
            for f in page.levels
            if is_from_page(f, page, rules)
            and code in f.soc_codes
            # An ambiguous title may well be another occupation, and a BSN nurse is a
            # registered nurse with a degree.
            and f.row["match_grade"] == "alternate"
            and not is_kind_of(f.row["occupation"], a.row["occupation"])
            and f.row["cohort"] == "all"
            and f.area_key == a.area_key
            and f.row["statistic"] in CENTRES
            and f.row["period"] == a.row["period"]
            and f.row["year"] == a.row["year"]
        ]
        for b in others:
            if is_guessed(b) or are_employers_unread(b) or are_entries_of_list(a, b):
                continue
            if code not in named and pay_ends(a) != pay_ends(b):
                named.add(code)
                yield Contradiction(
                    "occupation_mismatch", (a.row, b.row), "one_code", code
                )


def are_employers_unread(fact: PlacedFact) -> bool:
    """Return whether a figure is of some employers' people, who were not understood."""
    return not UNREAD_EMPLOYERS.isdisjoint(list_notes(fact, "basis"))


def are_entries_of_list(a: PlacedFact, b: PlacedFact) -> bool:
    """Return whether two jobs are the headings of two entries of a page's list.

    Such a list has the jobs that somebody may look for, whatever their code.
    """
    headed = all(FROM_HEADING in list_notes(f, "inherited") for f in (a, b))
    return headed and a.row.get("section") != b.row.get("section")


def is_kind_of(title: str, official: str) -> bool:
    """Return whether a title has the noun of an official one: a kind of the same.

    >>> is_kind_of("bsn nurse", "registered nurse")
    True
    >>> is_kind_of("medical coder", "medical records specialist")
    False
    """
    return official.split()[-1] in title.split()


def is_from_page(fact: PlacedFact, page: PageFacts, rules: ConflictRules) -> bool:
    """Return whether a figure is the page's own word, or its publisher's."""
    name = publisher_of_fact(fact)
    return name == "unnamed" or is_page_publisher(name, page, rules)


def pay_ends(fact: PlacedFact) -> tuple[object, object]:
    """Return the two ends of the range, or the amount twice."""
    row = fact.row
    if row["annual"] is not None:
        return row["annual"], row["annual"]
    return row["annual_low"], row["annual_high"]


def find_premium_conflicts(
    page: PageFacts, rules: ConflictRules
) -> Iterator[Contradiction]:
    """Yield a premium in percent and one in money that do not meet.

    Money is compared with percent on the page's national mean or median: certificates
    that add 20 to 30 percent do not add $5,000 to $10,000 to $48,000.
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
        PERCENT * end / centre.row["annual"] for end in change_bounds(other) or ()
    ]
    share = overlap_share((low, high), (implied[0], implied[1]))
    # One value of percent covers nothing, so that its share would be 0 against any
    # range.
    if low < high and share < LEAST_OVERLAP:
        computed = f"{implied[0]:.1f} to {implied[1]:.1f} %"
        rows = (one.row, other.row, centre.row)
        yield Contradiction("arithmetic_contradiction", rows, "two_sizes", computed)


def overlap_share(a: tuple[Decimal, Decimal], b: tuple[Decimal, Decimal]) -> Decimal:
    """Return what two ranges share of what they cover together: 0 to 1."""
    across = max(a[1], b[1]) - min(a[0], b[0])
    within = max(Decimal(0), min(a[1], b[1]) - max(a[0], b[0]))
    return within / across if across else Decimal(1)
