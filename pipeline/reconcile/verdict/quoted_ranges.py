"""Match quoted ranges with published ones, or with a pair of percentiles."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from pipeline.reconcile.evidence.matching import (
    MatchTolerances,
    is_digit_slip,
    match_amounts,
)
from pipeline.reconcile.evidence.references import Reference

Ends = tuple[Decimal, Decimal]
# The ranges that pages make of OEWS percentiles: nearly all workers, and the middle
# half.
PAIRS = (("p10", "p90"), ("p25", "p75"))


def is_same_population(reference: Reference, row: Mapping[str, Any]) -> bool:
    """Return whether the cohort is the same and the pay basis no other."""
    return reference.cohort == row["cohort"] and is_same_basis(reference, row)


def is_same_basis(reference: Reference, row: Mapping[str, Any]) -> bool:
    """Return whether the currency is the same and the pay basis no other."""
    bases = {row["pay_basis"], reference.pay_basis} - {"unspecified"}
    return reference.currency == row["currency"] and len(bases) <= 1


def convert_to_period(row: Mapping[str, Any], reference: Reference) -> Decimal | None:
    """Return a published figure in the pay period of the quoted one, or None.

    The factor is the one by which the quoted figure was made yearly.
    """
    if row["period"] == reference.period or reference.annual is None:
        return reference.amount if reference.annual is not None else None
    if not row["as_published"] or row["period"] == "year":
        return reference.annual
    if not row["annual"]:  # the page gives no pay period
        return None
    return Decimal(reference.annual * row["as_published"] / row["annual"])


def distance_sort_key(
    row: Mapping[str, Any], reference: Reference
) -> tuple[bool, Decimal, str]:
    """Return a key that sorts references: same pay period, nearest amount, id."""
    annual = reference.annual
    # A withheld figure sorts after any amount of money.
    gap = abs(row["annual"] - annual) if annual is not None else Decimal(10**12)
    return row["period"] != reference.period, gap, reference.claim_id


def match_range(
    row: Mapping[str, Any], about: Iterable[Reference], measures: MatchTolerances
) -> tuple[Reference, str] | None:
    """Return the reference whose range the row quotes, and how, or None.

    A publisher that gives percentiles is often quoted as a range: the tenth to the
    ninetieth, or the middle half. The reference is then the lower percentile, and how
    it matches is `exact` or `rounded`.
    """
    same = select_asked(row, about)
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
                # Publishers give hourly and yearly pay; a weekly or monthly range was
                # converted, and so rounded, by the page.
                converted=row["period"] not in ("year", "hour"),
            )
            for quoted, published in zip(wanted, ends, strict=True)
        ]
        if None not in how:
            return reference, "exact" if set(how) == {"exact"} else "rounded"
    return None


def select_asked(row: Mapping[str, Any], about: Iterable[Reference]) -> list[Reference]:
    """Return the cells of a range's people, place and year."""
    return [
        r
        for r in about
        if is_same_population(r, row)
        and r.area_code == row["area_code"]
        and row["year"] in (None, r.year)
    ]


def find_slipped_end(
    row: Mapping[str, Any], about: Iterable[Reference]
) -> Reference | None:
    """Return the percentile that one end of a range is but for a slip, or None.

    The other end is the percentile that goes with it, to the last digit, of the same
    year: so the range is of these two.
    """
    same = select_asked(row, about)
    quoted = (row["annual_low"], row["annual_high"])
    if None in quoted or row["period"] not in ("year", "hour") or row["approximate"]:
        return None
    for pair in _list_pairs(same, row["period"]):
        right = [r.annual == q for r, q in zip(pair, quoted, strict=True)]
        if right.count(True) == 1:
            at = right.index(False)
            if is_digit_slip(Decimal(quoted[at]), Decimal(pair[at].annual or 0)):
                return pair[at]
    return None


def published_ranges(same: Iterable[Reference]) -> Iterator[tuple[Reference, Ends]]:
    """Yield the ranges that the publisher gives as such, with both ends."""
    for r in same:
        if r.low is not None and r.high is not None:
            yield r, (r.low, r.high)


def percentile_pairs(
    same: Iterable[Reference], period: str
) -> Iterator[tuple[Reference, Ends]]:
    """Yield pairs of percentiles of one year, newest first, the lower as reference."""
    for low, high in _list_pairs(same, period):
        if low.annual is not None and high.annual is not None:
            yield low, (low.annual, high.annual)


def _list_pairs(
    same: Iterable[Reference], period: str
) -> Iterator[tuple[Reference, Reference]]:
    """Yield the two percentiles of each range that pages make of them, by year."""
    years: dict[int, dict[str, Reference]] = {}
    # OEWS publishes percentiles by the hour and by the year.
    unit = "hour" if period == "hour" else "year"
    for r in same:
        if r.period == unit and r.annual is not None:
            years.setdefault(r.year, {})[r.statistic] = r
    for _, cells in sorted(years.items(), reverse=True):
        for low, high in PAIRS:
            if low in cells and high in cells:
                yield cells[low], cells[high]
