"""Quoted ranges against published ones, or against a pair of percentiles."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from pipeline.reconcile.evidence import Reference

PAIRS = (("p10", "p90"), ("p25", "p75"))


def same_people(reference: Reference, row: Mapping[str, Any]) -> bool:
    """Same cohort, and a pay basis that does not contradict the other."""
    basis = row["pay_basis"]
    return reference.cohort == row["cohort"] and (
        "unspecified" in (basis, reference.pay_basis) or basis == reference.pay_basis
    )


def pair_of(row: Mapping[str, Any], about: Iterable[Reference]) -> Reference | None:
    """The reference whose range the row quotes; for percentiles the lower one.

    A publisher that gives percentiles is often quoted as a range: the tenth to the
    ninetieth, or the middle half.
    """
    same = [
        r
        for r in about
        if same_people(r, row)
        and r.area_code == row["area_code"]
        and row["year"] in (None, r.year)
    ]
    wanted = (row["annual_low"], row["annual_high"])
    if None in wanted:
        return None
    ranges = [r for r in same if (r.low, r.high) == wanted]
    return ranges[0] if ranges else percentile_pair(wanted, same)


def percentile_pair(
    wanted: tuple[Decimal, Decimal], same: Iterable[Reference]
) -> Reference | None:
    """The lower of two percentiles of one year that are the wanted ends."""
    years: dict[str, dict[str, Reference]] = {}
    for r in same:
        if r.period == "year" and r.annual is not None:
            years.setdefault(r.year, {})[r.statistic] = r
    for cells in years.values():
        for low, high in PAIRS:
            ends = [cells[s].annual for s in (low, high) if s in cells]
            if ends == list(wanted):
                return cells[low]
    return None
