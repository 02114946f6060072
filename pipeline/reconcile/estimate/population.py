"""Fit one distribution to every figure of one population, whatever its statistic.

A median of one publisher, a mean of another, a range and an open end of a third are of
the same people: together they give the statistic that is asked for, with what they
leave unexplained. It is shown beside what was published, and replaces nothing.
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
LEAST_ERROR = 0.0005  # on logs: an error published as 0.0 % is below its rounding
UNKNOWN_ERROR = 0.15  # on logs: of a figure without a stated or a usual error
SAME = ("soc", "area_code", "cohort", "pay_basis", "year", "currency")
# Of several figures of a publisher's statistic the first counts: its own, then a point,
# then a yearly one, then by id.
ORDER = ["publisher", "statistic", "primary", "point", "quoted_by_year", "claim_id"]


@dataclass(frozen=True)
class Population:
    """What is known of a population's pay; amounts in currency a year, without cents.

    `low` and `high` are the 95 % interval of the median. `chi2` on `points` says how
    well one lognormal fits what was said.
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
    """Return the pay of the people that figures are of; None of fewer than two.

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
    stated = [s for row in once.iter_rows(named=True) if (s := make_statement(row))]
    if len(stated) < 2:
        return None
    fit = fit_lognormal([s for _, s in stated], shape)
    names = [name for name, _ in stated]
    values = {
        name: round(fit.statistic_value(name))
        for name in ("median", "mean", "p10", "p90")
    }
    half = Z95 * fit.error
    points = sum(s.low == s.high for _, s in stated)
    return Population(
        statements=len(stated),
        points=points,
        publishers=len(set(names)),
        low=round(fit.statistic_value("median") * math.exp(-half)),
        high=round(fit.statistic_value("median") * math.exp(half)),
        chi2=round(fit.chi2, 2),
        **values,
    )


def make_statement(row: dict[str, Any]) -> tuple[str, PayStatement] | None:
    """Return a figure as a statement, with its publisher; None where it has none."""
    low, high, value = (
        None if row[name] is None else float(row[name])
        for name in ("annual_low", "annual_high", "annual")
    )
    statistic = row["statistic"]
    error = max(UNKNOWN_ERROR if row["se_log"] is None else row["se_log"], LEAST_ERROR)
    # What sites call a range holds the typical pay: it is read as where the median
    # lies.
    if statistic == "range" and low and high and low <= high:
        return row["publisher"], PayStatement("median", low, high, error)
    if statistic != "mean" and statistic not in PERCENTILES:
        return None
    if value:
        return row["publisher"], PayStatement(statistic, value, value, error)
    # A top code of BLS (239,200 or more) has a lower end alone.
    if (low or high) and not (low and high and low > high):
        return row["publisher"], PayStatement(statistic, low, high, error)
    return None
