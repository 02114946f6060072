"""Estimate what the independent figures of each cell come to, and which one leads."""

import polars as pl

from pipeline.reconcile.estimate import estimate_composites

NO_BLEND = "no-blend"
COMPOSITE = ("composite", "composite_low", "composite_high")


def compare_sources(independent: pl.DataFrame) -> pl.DataFrame:
    """Return for each cell the default estimate and its sources' influence.

    Args:
        independent: One figure per cell and witness, best first.

    Returns:
        `cell`; `spread`, `scale_factor`, `composite` and interval of two or more
        points, or the spread of two or more ranges; `loo_shift` and `loo_source` of
        the figure that leads.
    """
    ends = pl.col("annual_low", "annual_high").cast(pl.Float64)
    ranges = (
        independent.filter(pl.col("annual").is_null())
        .group_by("cell")
        .agg(ends.max() / ends.min() - 1)
    )
    wide = ranges.select(
        "cell", ranged=pl.max_horizontal("annual_low", "annual_high").round(6)
    )
    amount = pl.col("annual").cast(pl.Float64)
    points = independent.filter(pl.col("annual") > 0).group_by(
        "cell", maintain_order=True
    )
    next_best = points.agg(
        # Leave one out: without the leading figure the next best one would be chosen.
        loo_shift=(amount.slice(1, 1).first() / amount.first() - 1).abs().round(6),
        loo_source=pl.col("publisher").first(),
    )
    cells = (
        independent.select("cell")
        .unique()
        .join(estimate_composites(independent), on="cell", how="left")
    )
    cells = cells.join(wide, on="cell", how="left").join(
        next_best, on="cell", how="left"
    )
    moved = pl.col("loo_shift").is_not_null()
    return cells.with_columns(
        # Ranges alone have no composite, but ranges that disagree must not pass as
        # agreement.
        spread=pl.coalesce("spread", "ranged"),
        loo_source=pl.when(moved).then("loo_source"),
    ).drop("ranged")


def apply_estimates(cells: pl.DataFrame, blend: pl.DataFrame) -> pl.DataFrame:
    """Put the estimate of each cell's policy in the place of the default one."""
    joined = cells.join(blend.drop("preferred"), on="cell", how="left")
    by_policy = pl.col("estimate").is_not_null()
    names = ("estimate", "estimate_low", "estimate_high")
    may_blend = pl.col("policy") != NO_BLEND
    amounts = {
        old: pl.when(by_policy).then(log_to_amount(pl.col(new)))
        .otherwise(pl.when(may_blend).then(old))
        for old, new in zip(COMPOSITE, names, strict=True)
    }  # fmt: skip
    estimated = joined.with_columns(
        **amounts,
        composite_method=pl.when(by_policy).then("policy")
        .otherwise(pl.lit("weighted-mean")),
        loo_shift=pl.when(by_policy).then(pl.col("shift").fill_nan(None).round(6))
        .otherwise("loo_shift"),
        loo_source=pl.when(by_policy)
        .then(pl.when(pl.col("shift").is_finite()).then("driver"))
        .otherwise("loo_source"),
    )  # fmt: skip
    method = pl.when(pl.col("composite").is_not_null()).then("composite_method")
    return estimated.with_columns(composite_method=method).drop(
        *names, "shift", "driver"
    )


def log_to_amount(log: pl.Expr) -> pl.Expr:
    """Convert logs to currency, to the unit; null where a bound has no end."""
    # exp(27) is 5 * 10^11: more has no place in Decimal(14, 2). Random effects of few
    # figures may have such a bound.
    sane = log.is_finite() & (log < 27)
    return pl.when(sane).then(log).exp().round(0).cast(pl.Decimal(14, 2))
