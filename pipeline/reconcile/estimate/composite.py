"""An estimate beside the published figure: spread, scale factor, composite.

Inverse-variance mean on logs with the scale factor S = sqrt(chi2 / (N - 1)) of the
Particle Data Group: where S exceeds one, the interval widens by it and the centre
stays. One figure per witness; nothing is pooled from fewer than two.
"""

import polars as pl

Z95 = 1.959964
FINEST = 0.0005


def estimated(voices: pl.DataFrame) -> pl.DataFrame:
    """One row per cell of two or more points.

    Args:
        voices: One figure per cell and witness, sorted.

    Returns:
        `cell`, `spread` (largest over smallest, less one), `scale_factor`,
        `composite` and its 95 % interval in currency a year; floats are rounded so
        that the order of summing cannot show.
    """
    points = voices.filter(pl.col("annual").is_not_null() & (pl.col("annual") > 0))
    logs = points.select(
        "cell",
        y=pl.col("annual").cast(pl.Float64).log(),
        w=precision(),
    )
    weighted = logs.group_by("cell", maintain_order=True).agg(
        n=pl.len(),
        mean=(pl.col("w") * pl.col("y")).sum() / pl.col("w").sum(),
        dx=pl.col("w").sum() ** -0.5,
        spread=((pl.col("y").max() - pl.col("y").min()).exp() - 1).round(6),
        w="w",
        y="y",
    )
    pooled = weighted.filter(pl.col("n") > 1)
    deviation = (pl.col("w") * (pl.col("y") - pl.col("mean")) ** 2).sum()
    chi2 = (
        pooled.explode("w", "y")
        .group_by("cell", maintain_order=True)
        .agg(chi2=deviation)
    )
    wide = pooled.join(chi2, on="cell", maintain_order="left").with_columns(
        scale=(pl.col("chi2") / (pl.col("n") - 1)).sqrt()
    )
    half = Z95 * pl.col("dx") * pl.col("scale").clip(1.0)
    return wide.select(
        "cell",
        "spread",
        scale_factor=pl.col("scale").round(6),
        composite=money(pl.col("mean")),
        composite_low=money(pl.col("mean") - half),
        composite_high=money(pl.col("mean") + half),
    )


def precision() -> pl.Expr:
    """Inverse variance on logs; an error published as 0.0 % is below its rounding."""
    return 1 / pl.col("se_log").fill_null(1.0).clip(FINEST) ** 2


def money(log: pl.Expr) -> pl.Expr:
    """From logs to currency, to the unit: an estimate has no cents."""
    return log.exp().round(0).cast(pl.Decimal(14, 2))
