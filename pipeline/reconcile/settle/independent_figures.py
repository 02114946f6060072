"""Hold the independent figures of many cells as arrays, on logs, best rank first."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.estimate.scaled_figures import Floats, Ints
from pipeline.reconcile.settle.policies import Policies

# Employment Cost Index, wages and salaries: what vocabularies/eci.csv calls it.
SERIES = "ECIWAG"
# A relative standard error published as 0.0 % is below its rounding, 0.05 %, and not
# zero.
FINEST = 0.0005


@dataclass(frozen=True)
class IndependentFigures:
    """One element per figure; figures of a cell are adjacent, cells numbered from 0.

    Args:
        y: ln of yearly pay.
        s: Its standard error.
        aged_log: `y` at the date of the cell's first figure, by the cost of employment.
        widened_error: Error of the analyst's composite: age and match widen it.
        cell: Number of the cell.
    """

    y: Floats
    s: Floats
    aged_log: Floats
    widened_error: Floats
    cell: Ints

    @property
    def count(self) -> int:
        """Number of cells."""
        return int(self.cell[-1]) + 1 if self.cell.size else 0

    @property
    def n(self) -> Ints:
        """Figures of each cell."""
        return np.bincount(self.cell, minlength=self.count).astype(np.int64)

    @property
    def start(self) -> Ints:
        """Place of each cell's first figure."""
        return np.concatenate([[0], np.cumsum(self.n)])[:-1].astype(np.int64)

    def select_rows(self, rows: Ints, cell: Ints) -> "IndependentFigures":
        """Return some of the figures, under new numbers of cells."""
        return IndependentFigures(
            self.y[rows],
            self.s[rows],
            self.aged_log[rows],
            self.widened_error[rows],
            cell,
        )


def collect_independent(
    frame: pl.DataFrame, policies: Policies, index: pl.DataFrame
) -> IndependentFigures:
    """Return figures with a positive amount, sorted by cell and rank, as arrays.

    Args:
        frame: `cell`, `annual`, `se_log`, `match_grade`, `reference_period`.
        policies: For the weights of matches and the error of age.
        index: From `read_cost_index`.
    """
    sd = policies.terms["age_sd"]
    match = pl.col("match_grade").replace_strict(
        {k.removeprefix("match_"): v for k, v in policies.terms.items()
         if k.startswith("match_")},
        return_dtype=pl.Float64,
    )  # fmt: skip
    dated = frame.with_columns(quarter=quarter_of_period()).join(
        index, on="quarter", how="left", maintain_order="left"
    )
    rows = dated.with_columns(
        y=pl.col("annual").cast(pl.Float64).log(),
        # A figure without any error counts for next to nothing: 1.0 on logs is a factor
        # of e.
        s=pl.col("se_log").fill_null(1.0).clip(FINEST),
        match=match,
        years=(pl.col("number").first().over("cell") - pl.col("number")).abs() / 4,
        growth=pl.col("level").first().over("cell") - pl.col("level"),
    )
    # The error of age grows with the root of the years; a weak match divides the
    # weight.
    widened_square = (
        pl.col("s") ** 2 + sd**2 * pl.col("years").fill_null(0.0)
    ) / pl.col("match")
    found = rows.select(
        "y", "s",
        aged=pl.col("y") + pl.col("growth").fill_null(0.0),
        loose=widened_square.sqrt(),
        number=pl.col("cell").rle_id().cast(pl.Int64),
    )  # fmt: skip
    y, s, aged, loose, cell = (found[name].to_numpy() for name in found.columns)
    return IndependentFigures(y, s, aged, loose, cell)


def read_cost_index(vocabulary: Vocabulary) -> pl.DataFrame:
    """Return `quarter`, ln `level` of the cost of employment, and its `number`."""
    table = vocabulary.read_table("eci", "series_id", "period", "value")
    rows = table.filter(pl.col("series_id") == SERIES)
    year = pl.col("period").str.slice(0, 4).cast(pl.Int64)
    return rows.select(
        quarter="period",
        level=pl.col("value").cast(pl.Float64).log(),
        number=year * 4 + pl.col("period").str.slice(-1).cast(pl.Int64),
    )


def quarter_of_period() -> pl.Expr:
    """Return the quarter of a reference period: that of its month, else the second."""
    period = pl.col("reference_period")
    month = period.str.extract(r"^\d{4}-(\d{2})$").cast(pl.Int64)
    year = period.str.slice(0, 4)
    return (
        pl.when(month.is_not_null())
        .then(pl.concat_str(year, pl.lit("-Q"), ((month + 2) // 3).cast(pl.String)))
        .when(period.str.contains(r"^\d{4}-Q[1-4]$")).then(period)
        .when(period.str.contains(r"^\d{4}$"))
        # The quarter of May, the month of OEWS.
        .then(pl.concat_str(year, pl.lit("-Q2")))
    )  # fmt: skip
