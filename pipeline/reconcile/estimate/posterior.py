"""Compute the distribution of one unknown from witnesses with several readings each.

A witness has a number x; by one reading it is the unknown plus `offset`, give or take
`spread`, by another reading something else. Readings that are nearly exact get grid
points of their own, so that a published number keeps the weight that it has.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.reconcile.estimate.scaled_figures import Floats, Ints

STEP = 0.004  # of the even grid, on logs: 0.4 %
MARGIN = 0.2  # on logs, beyond the outermost reading
NARROW = 0.004  # spreads below the step would fall between two grid points
FINE = np.arange(-5.0, 5.25, 0.5)  # in spreads of a narrow reading: all of its mass
TINY = 1e-300  # keeps the logarithm finite where no reading has any likelihood


@dataclass(frozen=True)
class PanelWitness:
    """A number on logs and its readings: share, offset, spread, and which one it is.

    `key` below zero: the number is wrong, and lies around the unknown by accident.
    """

    x: float
    share: Floats
    offset: Floats
    spread: Floats
    key: Ints


@dataclass(frozen=True)
class Posterior:
    """Probability of every grid point, and what became of every witness's readings.

    `weight`, `first`, `second`: for each witness and reading its probability, and the
    expected residual and squared residual times that.
    """

    grid: Floats
    mass: Floats
    weight: tuple[Floats, ...]
    first: tuple[Floats, ...]
    second: tuple[Floats, ...]

    def quantile(self, share: float) -> float:
        """Return where the distribution reaches a share, between grid points."""
        running = np.cumsum(self.mass) - self.mass / 2
        return float(np.interp(share, running, self.grid))

    def mass_between(self, low: float, high: float) -> float:
        """Return the probability of an interval, its ends included."""
        inside = (self.grid >= low) & (self.grid <= high)
        return float(self.mass[inside].sum())


def compute_posterior(witnesses: Sequence[PanelWitness]) -> Posterior:
    """Return the distribution of the unknown, with a flat prior, by its witnesses."""
    grid = build_grid(witnesses)
    likelihood, parts = np.zeros(len(grid)), []
    for w in witnesses:
        off = w.x - w.offset[:, None] - grid
        spread = w.spread[:, None]
        part = w.share[:, None] / spread * np.exp(-0.5 * (off / spread) ** 2)
        total = part.sum(0) + TINY
        likelihood += np.log(total)
        parts.append((part / total, off))
    # Less the maximum, or the exponential of many witnesses is zero everywhere; times
    # the width, as the grid is uneven.
    mass = np.exp(likelihood - likelihood.max()) * np.gradient(grid)
    mass /= mass.sum()
    return Posterior(
        grid,
        mass,
        weight=tuple((part * mass).sum(1) for part, _ in parts),
        first=tuple((part * mass * off).sum(1) for part, off in parts),
        second=tuple((part * mass * off**2).sum(1) for part, off in parts),
    )


def build_grid(witnesses: Sequence[PanelWitness]) -> Floats:
    """Return an even grid over every reading but mistakes, finer at narrow ones."""
    right = [w.key >= 0 for w in witnesses]
    centre = np.concatenate(
        [w.x - w.offset[r] for w, r in zip(witnesses, right, strict=True)]
    )
    spread = np.concatenate(
        [w.spread[r] for w, r in zip(witnesses, right, strict=True)]
    )
    sharp = spread < NARROW
    fine = centre[sharp][:, None] + spread[sharp][:, None] * FINE
    even = np.arange(centre.min() - MARGIN, centre.max() + MARGIN, STEP)
    return np.unique(np.concatenate([even, fine.ravel()]))
