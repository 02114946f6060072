"""The exact rules of OEWS pay: what the publisher's own arithmetic makes certain.

Measured on the 370,172 cells of May 2025: no false alarm. A cell is everything that
is published on one occupation, in one area and industry, at one date.
"""

from decimal import Decimal

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.vocabulary import Vocabulary
from schemas import Claims

CELL = (
    *("snapshot", "reference_period", "area_level", "area_code", "area"),
    *("industry", "soc", "occupation", "occupation_group"),
)
RANKS = {"p10": 1, "p25": 2, "median": 3, "p75": 4, "p90": 5}


def broken(claims: DataFrame[Claims], vocabulary: Vocabulary) -> pl.DataFrame:
    """Claims that break a rule: `claim_id`, `rule`, `reason`, in that order.

    Rules: `annual_is_2080_hours` (an annual figure and its hourly one are further
    apart than rounding explains; both are listed), `annual_multiple` (an annual
    figure is not rounded as its year rounds), `percentile_order` (a percentile is
    below a lower one; both are listed).

    Args:
        claims: All claims of the cells in question; others than pay do not matter.
        vocabulary: With oews_rules.csv.
    """
    pay = _pay(claims)
    found = pl.concat(
        [
            _annual_is_2080_hours(pay, vocabulary),
            _annual_multiple(pay, vocabulary),
            _percentile_order(pay),
        ]
    )
    return found.unique(["claim_id", "rule"], keep="first", maintain_order=True).sort(
        "claim_id", "rule"
    )


def _pay(claims: pl.DataFrame) -> pl.DataFrame:
    """Pay in cents with the number of its cell; a top code counts as its bound."""
    number = pl.coalesce("value", "low")
    pay = (
        claims.lazy()
        .filter(pl.col("measure") == "pay", number.is_not_null())
        .select(
            *("claim_id", "period", "statistic", "quote", *CELL),
            year=pl.col("reference_period").str.slice(0, 4).cast(pl.Int32),
            exact=pl.col("value").is_not_null(),
            cents=number.to_physical().cast(pl.Int64),
        )
        .collect()
    )
    return _numbered(pay.with_columns(run=pl.struct(pl.col(CELL)).rle_id()))


def _numbered(runs: pl.DataFrame) -> pl.DataFrame:
    """One number per cell, also where a cell's claims stand in several runs."""
    firsts = runs.group_by("run", maintain_order=True).agg(
        pl.col(name).first() for name in CELL
    )
    numbers = firsts.select("run", cell=pl.struct(pl.col(CELL)).rank("dense"))
    return runs.drop(CELL).join(numbers, on="run", how="left", maintain_order="left")


def _annual_is_2080_hours(pay: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Published hourly and annual figures of one statistic, further apart than so."""
    hours = int(vocabulary.number("oews_rules", "hours_per_year"))
    exact = pay.filter("exact")
    hourly = exact.filter(pl.col("period") == "hour")
    annual = exact.filter(pl.col("period") == "year")
    most = _tolerance(vocabulary)
    pairs = hourly.join(
        annual, on=["cell", "statistic"], how="inner", suffix="_annual"
    ).filter((pl.col("cents") * hours - pl.col("cents_annual")).abs() > most)
    apart = (most / 100).round(2).cast(pl.String)
    reason = pl.concat_str(
        *("quote", pl.lit(f" an hour x {hours} and "), "quote_annual"),
        *(pl.lit(" a year are more than "), apart, pl.lit(" apart")),
    )
    return pl.concat(
        pairs.select(
            pl.col(name).alias("claim_id"),
            rule=pl.lit("annual_is_2080_hours"),
            reason=reason,
        )
        for name in ("claim_id", "claim_id_annual")
    )


def _tolerance(vocabulary: Vocabulary) -> pl.Expr:
    """How far apart rounding may bring the two figures in a year, in cents."""
    first = int(vocabulary.number("oews_rules", "hourly_annual_tolerance_first_year"))
    now, before = (
        int(vocabulary.number("oews_rules", key) * 100)
        for key in ("hourly_annual_tolerance", "hourly_annual_tolerance_before")
    )
    return pl.when(pl.col("year") >= first).then(now).otherwise(before)


def _annual_multiple(pay: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Annual figures of the rounded years that are no multiple."""
    step = vocabulary.number("oews_rules", "annual_multiple")
    first = int(vocabulary.number("oews_rules", "annual_multiple_first_year"))
    return pay.filter(
        pl.col("period") == "year",
        "exact",
        pl.col("year") >= first,
        pl.col("cents") % int(step * Decimal(100)) != 0,
    ).select(
        "claim_id",
        rule=pl.lit("annual_multiple"),
        reason=pl.concat_str("quote", pl.lit(f" a year is no multiple of {step}")),
    )


def _percentile_order(pay: pl.DataFrame) -> pl.DataFrame:
    """Neighbouring percentiles of one cell and period that run backwards.

    A top-coded figure is at least its bound, so that it is never too low.
    """
    rank = pl.col("statistic").replace_strict(
        RANKS, default=None, return_dtype=pl.UInt8
    )
    ordered = (
        pay.with_columns(rank=rank)
        .filter(pl.col("rank").is_not_null())
        .sort("cell", "period", "rank", "claim_id")
    )
    names = ("claim_id", "statistic", "quote", "cents", "rank", "cell", "period")
    neighbours = ordered.with_columns(
        pl.col(name).shift().alias(f"{name}_below") for name in names
    ).filter(
        pl.col("cell") == pl.col("cell_below"),
        pl.col("period") == pl.col("period_below"),
        pl.col("rank") > pl.col("rank_below"),
        pl.col("cents") < pl.col("cents_below"),
        "exact",
    )
    reason = pl.concat_str(
        *("statistic", pl.lit(" "), "quote", pl.lit(" is below ")),
        *("statistic_below", pl.lit(" "), "quote_below"),
    )
    return pl.concat(
        neighbours.select(
            pl.col(name).alias("claim_id"),
            rule=pl.lit("percentile_order"),
            reason=reason,
        )
        for name in ("claim_id", "claim_id_below")
    )
