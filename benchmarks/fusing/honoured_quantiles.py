"""Published quantiles honoured exactly: a curve through all of them.

Between quantiles the logarithm of pay is monotone in the normal score z (PCHIP), beyond
the outer ones a straight line, as a lognormal's is. The mean is that of the line from
quantile to quantile, which has a closed form.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from pipeline.reconcile.estimate.scaled_figures import Floats

NORMAL = NormalDist()


@dataclass(frozen=True)
class Honoured:
    """Normal scores and logarithms of at least two quantiles, in order."""

    z: Floats
    y: Floats

    def quantile(self, share: float) -> float:
        """Pay that a share of people is below, in currency."""
        from scipy.interpolate import PchipInterpolator

        z = NORMAL.inv_cdf(share)
        slopes = np.diff(self.y) / np.diff(self.z)
        if z <= self.z[0]:
            return math.exp(self.y[0] + slopes[0] * (z - self.z[0]))
        if z >= self.z[-1]:
            return math.exp(self.y[-1] + slopes[-1] * (z - self.z[-1]))
        return math.exp(float(PchipInterpolator(self.z, self.y)(z)))

    def mean(self) -> float:
        """Mean pay, piece by piece.

        That of exp(a + b z) between two scores is exp(a + b^2 / 2) times the
        probability between them, both less b.
        """
        total = 0.0
        slopes = np.diff(self.y) / np.diff(self.z)
        ends = [-math.inf, *self.z[1:-1].tolist(), math.inf]
        for i, b in enumerate(slopes.tolist()):
            a = float(self.y[i] - b * self.z[i])
            share = NORMAL.cdf(ends[i + 1] - b) - NORMAL.cdf(ends[i] - b)
            total += math.exp(a + b * b / 2) * share
        return total


def honoured(quantiles: Mapping[float, float]) -> Honoured:
    """A curve through quantiles.

    Args:
        quantiles: Pay by the share of people below it, 0 to 1 exclusive.

    Raises:
        ValueError: Fewer than two, pay that is not positive, or out of order; equal
            neighbours are legal.
    """
    rows = sorted(quantiles.items())
    values = [v for _, v in rows]
    if len(rows) < 2:
        raise ValueError("a curve needs two quantiles")
    if not all(math.isfinite(v) and v > 0 for v in values):
        raise ValueError("pay is positive")
    if values != sorted(values):
        raise ValueError("quantiles are out of order")
    z = np.array([NORMAL.inv_cdf(share) for share, _ in rows])
    return Honoured(z, np.log(np.array(values)))


def fitted(quantiles: Floats, z: Floats) -> tuple[Floats, Floats]:
    """Least squares of a lognormal to the same quantiles of many cells at once.

    Args:
        quantiles: (cells, quantiles), positive.
        z: Normal score of each column.

    Returns:
        mu and sigma of every cell.
    """
    design = np.column_stack([np.ones(len(z)), z])
    solution = np.linalg.lstsq(design, np.log(quantiles).T, rcond=None)[0]
    return solution[0], solution[1]
