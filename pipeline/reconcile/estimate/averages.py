"""Average figures with stated errors: fixed effect, PDG, random effects.

Weighted mean m = sum(w x) / sum(w), w = 1 / s^2, error sum(w)^-1/2, chi2 = sum(w (x -
m)^2). What is done where chi2 is more than the errors allow:

- `pdg_average`: the error times S = sqrt(chi2 / (N - 1)), never below 1; S from the
  figures with s <= 3 sqrt(N) error(m) alone, so that vague ones hide no conflict.
  Review of Particle Physics, Introduction, section 5.2.2.
- `paule_mandel`: a variance tau2 between sources is added to every s^2: the one at
  which chi2 is N - 1 (1982; Newton's steps from zero, as DerSimonian and Kacker 2007).
- `hartung_knapp`: another standard error for it; use it with t(N - 1).

statsmodels gives the same tau2 but one cell at a time; these do all cells at once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipeline.reconcile.estimate.scaled_figures import (
    Floats,
    Ints,
    ScaledFigures,
    scale_figures,
)

MOST_STEPS = 200  # of Newton, which from zero approach the root from below
CLOSE = 1e-12  # of chi2, by figure


@dataclass(frozen=True)
class Average:
    """One element per cell. Degrees of freedom of an interval are `n - 1`.

    `error` is that of the mean, scale factor or tau2 included. `chi2` is that of the
    weighted mean; `scale` is 1 where errors explain the spread, `tau2` 0. A cell with
    one figure keeps its figure and error.
    """

    mean: Floats
    error: Floats
    n: Ints
    chi2: Floats
    scale: Floats
    tau2: Floats


def fixed_effect(y: ArrayLike, s: ArrayLike, cell: ArrayLike | None = None) -> Average:
    """Return the weighted mean; its error is what the stated errors give."""
    at = scale_figures(y, s, cell)
    return make_average(at, np.ones(len(at.n)), np.zeros(len(at.n)))


def pdg_average(y: ArrayLike, s: ArrayLike, cell: ArrayLike | None = None) -> Average:
    """Return the weighted mean with the scale factor of the Particle Data Group."""
    at = scale_figures(y, s, cell)
    w = at.r**-2
    total = at.sum_by_cell(w)[at.cell]
    # PDG's bound: a figure with a large error adds little to chi2 whatever it says, and
    # would dilute the conflict of two sharp ones.
    is_sharp = at.r <= 3 * np.sqrt(at.n[at.cell] / total)
    chi2 = at.sum_by_cell(np.where(is_sharp, w * deviation_from_mean(at, w) ** 2, 0.0))
    n = np.bincount(at.cell[is_sharp], minlength=len(at.n))
    return make_average(at, scale_factor(chi2, n), np.zeros(len(at.n)))


def paule_mandel(y: ArrayLike, s: ArrayLike, cell: ArrayLike | None = None) -> Average:
    """Return the random-effects mean whose tau2 makes chi2 its degrees of freedom."""
    at = scale_figures(y, s, cell)
    tau2 = np.zeros(len(at.n))
    for _ in range(MOST_STEPS):
        w = 1 / (at.r**2 + tau2[at.cell])
        square = w * deviation_from_mean(at, w) ** 2
        excess = at.sum_by_cell(square) - (at.n - 1)
        # Where errors explain the spread already, tau2 stays at zero: it is never
        # below.
        unsolved = (excess > CLOSE * at.n) & (at.n > 1)
        if not unsolved.any():
            break
        slope = at.sum_by_cell(w * square)
        tau2 += np.where(unsolved, excess / np.where(unsolved, slope, 1.0), 0.0)
    return make_average(at, np.ones(len(at.n)), tau2)


def hartung_knapp(
    y: ArrayLike, s: ArrayLike, tau2: ArrayLike, cell: ArrayLike | None = None
) -> Floats:
    """Return the standard error of a random-effects mean by Hartung and Knapp.

    Also called after Sidik and Jonkman. Not a number where a cell has one figure; zero
    where all are equal, so that an interval takes the larger of it and `Average.error`.
    """
    at = scale_figures(y, s, cell)
    own = np.broadcast_to(np.asarray(tau2, np.float64), at.n.shape) / at.unit**2
    w = 1 / (at.r**2 + own[at.cell])
    many = at.n > 1
    below = np.where(many, (at.n - 1) * at.sum_by_cell(w), 1.0)
    error = (
        np.sqrt(at.sum_by_cell(w * deviation_from_mean(at, w) ** 2) / below) * at.unit
    )
    return np.where(many, error, np.nan)


def student_interval(
    average: Average, error: Floats | None = None, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Return bounds by Student's t with n - 1 degrees of freedom; infinite for n = 1.

    Args:
        average: From any of the functions above.
        error: As from `hartung_knapp`; the larger of it and the average's own counts.
        level: Share of such intervals that ought to hold the truth.
    """
    from scipy.special import stdtrit

    # The interval of Hartung and Knapp may be narrower than the stated errors allow.
    wide = average.error
    if error is not None:
        wide = np.fmax(average.error, error)
    times = stdtrit(np.maximum(average.n - 1, 1), 0.5 + level / 2)
    half = np.where(average.n > 1, times * wide, np.inf)
    return average.mean - half, average.mean + half


def deviation_from_mean(at: ScaledFigures, w: Floats) -> Floats:
    """Return each figure less the weighted mean of its cell, in the cell's unit."""
    return at.x - weighted_mean(at, w)[at.cell]


def weighted_mean(at: ScaledFigures, w: Floats) -> Floats:
    """Return the weighted mean of each cell; not a number where nothing counts."""
    total = at.sum_by_cell(w)
    return at.sum_by_cell(w * at.x) / np.where(total > 0, total, np.nan)


def scale_factor(chi2: Floats, n: Ints) -> Floats:
    """Return sqrt(chi2 / (n - 1)), not below 1; 1 where nothing can be compared."""
    free = np.where(n > 1, n - 1, 1)
    return np.where(n > 1, np.maximum(np.sqrt(chi2 / free), 1.0), 1.0)


def make_average(at: ScaledFigures, scale: Floats, tau2: Floats) -> Average:
    """Return the average with these scale factors and variances between sources."""
    plain = at.r**-2
    chi2 = at.sum_by_cell(plain * deviation_from_mean(at, plain) ** 2)
    w = 1 / (at.r**2 + tau2[at.cell])
    total = at.sum_by_cell(w)
    error = scale * np.where(total > 0, total, np.nan) ** -0.5 * at.unit
    # Figures with an error of zero that differ cannot be averaged: the error says so by
    # being infinite.
    differ = at.exact & (chi2 > 0)
    error = np.where(at.exact, np.where(differ, np.inf, 0.0), error)
    scale = np.where(at.exact, np.where(differ, np.inf, 1.0), scale)
    return Average(
        mean=at.base + at.unit * weighted_mean(at, w),
        error=error,
        n=at.n,
        chi2=np.where(differ, np.inf, np.where(at.exact, 0.0, chi2)),
        scale=scale,
        tau2=np.where(at.exact, 0.0, tau2 * at.unit**2),
    )
