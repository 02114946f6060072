"""Prepare figures with stated errors for averaging: what counts, and on what scale.

Every input has a defined outcome, so that no bad one ends as a silent number:

- an error that is infinite, negative or not a number says nothing: the figure has no
  weight and is not counted;
- an error of zero is an exact figure: only exact ones count in its cell, equally. Where
  they differ nothing can be averaged, and the error of the average is infinite;
- a cell with nothing that counts has n = 0 and a mean that is not a number.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class ScaledFigures:
    """What counts, on its cell's own scale so that neither 1e-30 nor 1e30 overflows.

    A figure is `base + unit * x` with error `unit * r` in its cell; `r` is at least 1.
    """

    x: Floats
    r: Floats
    cell: Ints
    n: Ints
    base: Floats
    unit: Floats
    exact: NDArray[np.bool_]

    def sum_by_cell(self, of: Floats) -> Floats:
        """Return the sum over the figures of each cell."""
        return np.bincount(self.cell, of, len(self.n)).astype(np.float64)


def scale_figures(
    y: ArrayLike, s: ArrayLike, cell: ArrayLike | None = None
) -> ScaledFigures:
    """Return the figures that count, each on the scale of its cell.

    Args:
        y: Figures, on logs where relative errors are meant.
        s: Standard error of each, in the unit of `y`.
        cell: Number of each figure's cell, from 0; None for one cell.

    Raises:
        ValueError: The three are not of one length, or a cell is below zero.
    """
    values = np.asarray(y, dtype=np.float64)
    errors = np.asarray(s, dtype=np.float64)
    cells = np.zeros(values.shape, np.int64) if cell is None else np.asarray(cell)
    cells = cells.astype(np.int64)
    if not values.shape == errors.shape == cells.shape or values.ndim != 1:
        raise ValueError("figures, errors and cells are three lists of one length")
    if cells.size and cells.min() < 0:
        raise ValueError("cells are numbered from 0")
    # No figures in no cells are no cells; no figures in one cell are an empty cell.
    count = int(cells.max()) + 1 if cells.size else int(cell is None)
    counted = np.isfinite(values) & np.isfinite(errors) & (errors >= 0)
    exact = np.bincount(cells[counted & (errors == 0)], minlength=count) > 0
    # An exact figure outweighs any other of its cell.
    counted &= ~exact[cells] | (errors == 0)
    values, cells = values[counted], cells[counted]
    errors = np.where(errors[counted] == 0, 1.0, errors[counted])
    # The smallest error and figure of each cell: errors of 1e-140 and 1e140 in one call
    # do not overflow when they are squared.
    unit, base = np.full(count, np.inf), np.full(count, np.inf)
    np.minimum.at(unit, cells, errors)
    np.minimum.at(base, cells, values)
    return ScaledFigures(
        x=(values - base[cells]) / unit[cells],
        r=errors / unit[cells],
        cell=cells,
        n=np.bincount(cells, minlength=count),
        base=np.where(np.isfinite(base), base, np.nan),
        unit=np.where(np.isfinite(unit), unit, np.nan),
        exact=exact,
    )
