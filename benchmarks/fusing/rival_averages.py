"""Two averages that no policy uses, beside those that do: Birge's, and by moments.

- `birge`: PDG's scale factor without its cut of vague figures (Birge 1932); with
  t(N - 1) it covers best.
- `der_simonian_laird`: a variance tau2 between sources by moments (1986), which
  statsmodels does not cut at zero and this does.
"""

import numpy as np
from numpy.typing import ArrayLike

from pipeline.reconcile.estimate.averages import (
    Average,
    deviation_from_mean,
    make_average,
    scale_factor,
)
from pipeline.reconcile.estimate.scaled_figures import scale_figures


def birge(y: ArrayLike, s: ArrayLike, cell: ArrayLike | None = None) -> Average:
    """Weighted mean with Birge's ratio: the scale factor of all figures."""
    at = scale_figures(y, s, cell)
    w = at.r**-2
    ratio = scale_factor(at.sum_by_cell(w * deviation_from_mean(at, w) ** 2), at.n)
    return make_average(at, ratio, np.zeros(len(at.n)))


def der_simonian_laird(
    y: ArrayLike, s: ArrayLike, cell: ArrayLike | None = None
) -> Average:
    """Random effects with tau2 by moments, never below zero."""
    at = scale_figures(y, s, cell)
    w = at.r**-2
    total = at.sum_by_cell(w)
    excess = at.sum_by_cell(w * deviation_from_mean(at, w) ** 2) - (at.n - 1)
    room = total - at.sum_by_cell(w * w) / np.where(total > 0, total, 1.0)
    tau2 = np.where(at.n > 1, excess / np.where(at.n > 1, room, 1.0), 0.0)
    return make_average(at, np.ones(len(at.n)), np.maximum(tau2, 0.0))
