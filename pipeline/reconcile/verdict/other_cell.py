"""Find the other cell of its publisher that a finely quoted figure is.

Tried when no vintage, statistic or unit explains a quote: the same question in another
place, of other people, of another pay concept or of another occupation. Only cells of
what the page itself names are tried, and only an exact match of a figure quoted to
the last ten counts: some state's cell matches an arbitrary figure 12 times in 100.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.reconcile.evidence.matching import MatchTolerances, grain_of_amount
from pipeline.reconcile.evidence.references import Reference
from pipeline.reconcile.verdict.quoted_ranges import convert_to_period

Row = Mapping[str, Any]
# The likeliest mistake first: of two kinds with an exact match the first is named.
KINDS = {
    "geography_mismatch": "area_code",
    "population_mismatch": "cohort",
    "pay_concept_mismatch": "pay_basis",
    "occupation_mismatch": "soc",
}


def find_other_cell(
    row: Row, about: Sequence[Reference], measures: MatchTolerances
) -> tuple[str, Reference] | None:
    """Return what kind of other cell a quote is of, and that cell, or None.

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
        # One difference alone: a cell of another place and other people at once is one
        # of so many that one of them matches by chance.
        found = [r for r in exact if differing_kinds(row, r, meant) == {kind}]
        if found:
            return kind, min(found, key=lambda r: r.claim_id)
    return None


def differing_kinds(row: Row, reference: Reference, meant: frozenset[str]) -> set[str]:
    """Return in what a cell differs from the one asked for, as types of conflict."""
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
    """Return whether a yearly figure has a digit that its publisher never publishes.

    That is so where every known yearly figure of the publisher is a multiple of ten,
    and there are enough of them to tell.
    """
    # Every OEWS annual figure is a multiple of ten: 48,783 is not one of them. Twelve
    # figures (`enough_to_tell`) that all end in 0 by chance are one case in 10^12.
    yearly = [r.annual for r in about if r.period == "year" and r.annual is not None]
    return (
        row["period"] == "year"
        and row["as_published"] is not None
        and len(yearly) >= measures.enough_to_tell
        and all(amount % measures.finest == 0 for amount in yearly)
        and row["as_published"] % measures.finest != 0
    )
