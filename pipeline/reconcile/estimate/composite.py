"""Estimate a composite beside the published figure, with spread and scale factor.

Inverse-variance mean on logs with the scale factor of the Particle Data Group: where
figures are further apart than their errors allow the interval widens and the centre
stays. One figure per witness; nothing is pooled from fewer than two.
"""

import numpy as np
import polars as pl

from pipeline.reconcile.estimate.averages import fixed_effect, pdg_average

Z95 = 1.959964
LEAST_ERROR = 0.0005  # on logs
TABLE: dict[str, pl.DataType | type[pl.DataType]] = {
    "cell": pl.String,
    "spread": pl.Float64,
    "scale_factor": pl.Float64,
    "composite": pl.Decimal(14, 2),
    "composite_low": pl.Decimal(14, 2),
    "composite_high": pl.Decimal(14, 2),
}


def estimate_composites(independent: pl.DataFrame) -> pl.DataFrame:
    """Return one row per cell of two or more points in one currency.

    Args:
        independent: One figure per cell and witness, sorted by cell. Figures in another
            currency than the cell's first are left out: nothing is converted.

    Returns:
        `cell`, `spread` (largest over smallest, less one), `scale_factor`,
        `composite` and its 95 % interval in currency a year; floats are rounded so
        that the order of summing cannot show.
    """
    points = independent.filter(pl.col("annual").is_not_null() & (pl.col("annual") > 0))
    # Nothing is converted between currencies.
    same = pl.col("currency") == pl.col("currency").first().over("cell")
    points = points.filter(same).filter(pl.len().over("cell") > 1)
    if points.is_empty():
        return pl.DataFrame(schema=TABLE)
    numbered = points.select(
        "cell",
        number=pl.col("cell").rle_id(),
        y=pl.col("annual").cast(pl.Float64).log(),
        s=inverse_variance() ** -0.5,
    )
    y, s, number = (numbered[name].to_numpy() for name in ("y", "s", "number"))
    whole, scaled = fixed_effect(y, s, number), pdg_average(y, s, number)
    half = Z95 * scaled.error
    first = numbered.group_by("number", maintain_order=True).agg(
        pl.col("cell").first(),
        spread=((pl.col("y").max() - pl.col("y").min()).exp() - 1).round(6),
    )
    # Over all figures and also below 1, unlike the factor of the interval: it shows how
    # well they agree.
    ratio = np.sqrt(whole.chi2 / (whole.n - 1))
    return first.select(
        "cell",
        "spread",
        scale_factor=pl.Series(ratio).round(6),
        composite=log_to_currency(pl.Series(scaled.mean)),
        composite_low=log_to_currency(pl.Series(scaled.mean - half)),
        composite_high=log_to_currency(pl.Series(scaled.mean + half)),
    )


def inverse_variance() -> pl.Expr:
    """Return the inverse variance on logs; null is an error of a factor of e."""
    # A relative standard error published as 0.0 % is below its rounding, 0.05 %, and
    # not zero.
    return 1 / pl.col("se_log").fill_null(1.0).clip(LEAST_ERROR) ** 2


def log_to_currency(log: pl.Series) -> pl.Series:
    """Convert logs to currency, to the unit: an estimate has no cents."""
    return log.exp().round(0).cast(pl.Decimal(14, 2))
