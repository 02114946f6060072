"""Intervals widened by what intervals missed before: calibrated, not only stated.

A stated error holds 68 % of truths only where nothing is left out of it. What was left
out shows in the past: residuals of earlier predictions over their stated errors. Their
quantile, recent ones counting for more, is the multiple to use next time.
"""

import numpy as np
from numpy.typing import ArrayLike

from pipeline.reconcile.estimate.scaled_figures import Floats

HALF_LIFE = 3.0


def multiple(
    residual: ArrayLike,
    error: ArrayLike,
    age: ArrayLike,
    *,
    level: float = 0.95,
    half_life: float = HALF_LIFE,
) -> float:
    """By how many stated errors a prediction has to be bounded to hold `level`.

    Args:
        residual: Truth less prediction, of past predictions of the same kind.
        error: Stated standard error of each, above zero.
        age: Years since each truth was known, not below zero.
        level: Share of truths that intervals ought to hold.
        half_life: Years after which a past prediction counts half.

    Returns:
        The weighted quantile of |residual| / error; infinite where nothing is known of
        the past: no interval is calibrated then.
    """
    off = np.abs(np.asarray(residual, np.float64)) / np.asarray(error, np.float64)
    weight = np.exp2(-np.asarray(age, np.float64) / half_life)
    known = np.isfinite(off) & np.isfinite(weight)
    off, weight = off[known], weight[known]
    if not off.size:
        return float("inf")
    order = np.argsort(off, kind="stable")
    running = np.cumsum(weight[order])
    place = int(np.searchsorted(running, level * running[-1]))
    return float(off[order][min(place, off.size - 1)])


def spread_of_age(relative_error: ArrayLike, years: ArrayLike, yearly: float) -> Floats:
    """Standard error, on logs, of a figure aged so many years.

    The error of the figure, that of the one that it predicts (taken to be alike), and
    `yearly` times the root of the years for what moves between releases.
    """
    own = np.asarray(relative_error, np.float64)
    between = yearly**2 * np.abs(np.asarray(years, np.float64))
    return np.asarray(np.sqrt(2 * own**2 + between), np.float64)
