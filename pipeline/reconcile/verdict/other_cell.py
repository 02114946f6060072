"""A finely quoted figure that is another cell of its publisher's, named on the page.

Tried when no vintage, statistic or unit explains a quote: the same question in another
place, of other people, of another pay concept or of another occupation. Only cells of
what the page itself names are at hand, and only an exact match of a figure quoted to
the last ten counts: some state's cell matches an arbitrary figure 12 times in 100.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.reconcile.evidence.matching import MatchTolerances, grain_of_amount
from pipeline.reconcile.evidence.references import Reference
from pipeline.reconcile.verdict.quoted_ranges import convert_to_period

Row = Mapping[str, Any]
KINDS = {
    "geography_mismatch": "area_code",
    "population_mismatch": "cohort",
    "pay_concept_mismatch": "pay_basis",
    "occupation_mismatch": "soc",
}


def find_other_cell(
    row: Row, about: Sequence[Reference], measures: MatchTolerances
) -> tuple[str, Reference] | None:
    """What kind of other cell a quote is of, and which; the likeliest kind first.

    Args:
        row: A draft figure that names its publisher and date.
        about: The publisher's figures of whatever the page names.
        measures: Grains.
    """
    if (
        row["approximate"]
        or grain_of_amount(row["as_published"], measures) > measures.finest
    ):
        return None
    meant = frozenset((row["soc_candidates"] or "").split("|"))
    exact = [
        r
        for r in about
        if r.statistic == row["statistic"]
        and r.year == row["year"]
        and r.currency == row["currency"]
        and r.period == row["period"]
        and convert_to_period(row, r) == row["as_published"]
    ]
    for kind in KINDS:
        found = [r for r in exact if differing_kinds(row, r, meant) == {kind}]
        if found:
            return kind, min(found, key=lambda r: r.claim_id)
    return None


def differing_kinds(row: Row, reference: Reference, meant: frozenset[str]) -> set[str]:
    """In what a cell is another than the one asked for."""
    unsaid = "unspecified" in (row["pay_basis"], reference.pay_basis)
    same = {
        "geography_mismatch": reference.area_code == row["area_code"],
        "population_mismatch": reference.cohort == row["cohort"],
        "pay_concept_mismatch": unsaid or reference.pay_basis == row["pay_basis"],
        "occupation_mismatch": reference.soc in meant,
    }
    return {kind for kind, agrees in same.items() if not agrees}


def is_too_precise(
    row: Row, about: Sequence[Reference], measures: MatchTolerances
) -> bool:
    """A yearly figure with a digit that its publisher never publishes.

    Every yearly figure of the publisher that is at hand is a multiple of ten, and
    there are enough of them to tell.
    """
    yearly = [r.annual for r in about if r.period == "year" and r.annual is not None]
    return (
        row["period"] == "year"
        and row["as_published"] is not None
        and len(yearly) >= measures.enough_to_tell
        and all(amount % measures.finest == 0 for amount in yearly)
        and row["as_published"] % measures.finest != 0
    )
