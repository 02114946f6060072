"""Quoted ranges against published ones, or against a pair of percentiles."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from pipeline.reconcile.evidence.matching import MatchTolerances, match_amounts
from pipeline.reconcile.evidence.references import Reference

Ends = tuple[Decimal, Decimal]
PAIRS = (("p10", "p90"), ("p25", "p75"))


def is_same_population(reference: Reference, row: Mapping[str, Any]) -> bool:
    """Same cohort, and a pay basis that does not contradict the other."""
    basis, other = row["pay_basis"], reference.pay_basis
    same = reference.cohort == row["cohort"] and reference.currency == row["currency"]
    return same and ("unspecified" in (basis, other) or basis == other)


def convert_to_period(row: Mapping[str, Any], reference: Reference) -> Decimal | None:
    """A published figure in the pay period of the quoted one.

    The factor is the one that made a year of the quoted figure.
    """
    if row["period"] == reference.period or reference.annual is None:
        return reference.amount if reference.annual is not None else None
    if not row["as_published"] or row["period"] == "year":
        return reference.annual
    return Decimal(reference.annual * row["as_published"] / row["annual"])


def distance_sort_key(
    row: Mapping[str, Any], reference: Reference
) -> tuple[bool, Decimal, str]:
    """Sorts references: same pay period first, then nearest in amount, then by id."""
    annual = reference.annual
    gap = abs(row["annual"] - annual) if annual is not None else Decimal(10**12)
    return row["period"] != reference.period, gap, reference.claim_id


def match_range(
    row: Mapping[str, Any], about: Iterable[Reference], measures: MatchTolerances
) -> tuple[Reference, str] | None:
    """The reference whose range the row quotes, and how; of percentiles the lower.

    A publisher that gives percentiles is often quoted as a range: the tenth to the
    ninetieth, or the middle half.
    """
    same = [
        r
        for r in about
        if is_same_population(r, row)
        and r.area_code == row["area_code"]
        and row["year"] in (None, r.year)
    ]
    wanted = (row["annual_low"], row["annual_high"])
    if None in wanted:
        return None
    for reference, ends in [
        *published_ranges(same),
        *percentile_pairs(same, row["period"]),
    ]:
        how = [
            match_amounts(
                quoted,
                published,
                measures,
                approximate=row["approximate"],
                converted=row["period"] not in ("year", "hour"),
            )
            for quoted, published in zip(wanted, ends, strict=True)
        ]
        if None not in how:
            return reference, "exact" if set(how) == {"exact"} else "rounded"
    return None


def published_ranges(same: Iterable[Reference]) -> Iterator[tuple[Reference, Ends]]:
    """Ranges that the publisher gives as such."""
    for r in same:
        if r.low is not None and r.high is not None:
            yield r, (r.low, r.high)


def percentile_pairs(
    same: Iterable[Reference], period: str
) -> Iterator[tuple[Reference, Ends]]:
    """Pairs of percentiles of one year, by the hour for a range by the hour."""
    years: dict[int, dict[str, Reference]] = {}
    unit = "hour" if period == "hour" else "year"
    for r in same:
        if r.period == unit and r.annual is not None:
            years.setdefault(r.year, {})[r.statistic] = r
    for _, cells in sorted(years.items(), reverse=True):
        for low, high in PAIRS:
            if low in cells and high in cells:
                a, b = cells[low].annual, cells[high].annual
                if a is not None and b is not None:
                    yield cells[low], (a, b)
