"""Every figure of one population, whatever its statistic, as one distribution.

A median of one publisher, a mean of another, a range and an open end of a third speak
of the same people: together they give the statistic that is asked for, with what they
leave unexplained. It stands beside what was published, and replaces nothing.
"""

import math
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.reconcile.estimate.distribution import (
    PERCENTILES,
    DistributionPriors,
    PayStatement,
    fit_lognormal,
)

Z95 = 1.959964
FINEST = 0.0005
UNKNOWN = 0.15
SAME = ("soc", "area_code", "cohort", "pay_basis", "year", "currency")
ORDER = ["publisher", "statistic", "primary", "point", "quoted_by_year", "claim_id"]


@dataclass(frozen=True)
class Population:
    """What is known of a population's pay; money in currency a year, without cents.

    `chi2` on `points` says how well one lognormal fits what was said.
    """

    statements: int
    points: int
    publishers: int
    median: int
    low: int
    high: int
    mean: int
    p10: int
    p90: int
    chi2: float


def estimate_population(
    figures: pl.DataFrame, shape: DistributionPriors
) -> Population | None:
    """The distribution of the people that figures speak of; None of fewer than two.

    Args:
        figures: `schemas.Figures` rows of one population. A publisher's statistic
            counts once: what it says itself before what others quote. A range is where
            the median lies; an open end, and a top code, bounds its statistic.
        shape: Prior and misfits.
    """
    rows = figures.filter(pl.col("publisher") != "unnamed").with_columns(
        point=pl.col("annual").is_not_null(),
        quoted_by_year=pl.col("period") != "year",
    )
    rows = rows.sort(ORDER, descending=[c in ("primary", "point") for c in ORDER])
    once = rows.unique(["publisher", "statistic"], keep="first", maintain_order=True)
    said = [s for row in once.iter_rows(named=True) if (s := make_statement(row))]
    if len(said) < 2:
        return None
    fit = fit_lognormal([s for _, s in said], shape)
    names = [name for name, _ in said]
    values = {
        name: round(fit.statistic_value(name))
        for name in ("median", "mean", "p10", "p90")
    }
    half = Z95 * fit.error
    points = sum(s.low == s.high for _, s in said)
    return Population(
        statements=len(said),
        points=points,
        publishers=len(set(names)),
        low=round(fit.statistic_value("median") * math.exp(-half)),
        high=round(fit.statistic_value("median") * math.exp(half)),
        chi2=round(fit.chi2, 2),
        **values,
    )


def make_statement(row: dict[str, Any]) -> tuple[str, PayStatement] | None:
    """A figure as a statement, with who is answerable; None where it says no shape."""
    low, high, value = (
        None if row[name] is None else float(row[name])
        for name in ("annual_low", "annual_high", "annual")
    )
    statistic = row["statistic"]
    error = max(UNKNOWN if row["se_log"] is None else row["se_log"], FINEST)
    if statistic == "range" and low and high and low <= high:
        return row["publisher"], PayStatement("median", low, high, error)
    if statistic != "mean" and statistic not in PERCENTILES:
        return None
    if value:
        return row["publisher"], PayStatement(statistic, value, value, error)
    if (low or high) and not (low and high and low > high):
        return row["publisher"], PayStatement(statistic, low, high, error)
    return None
