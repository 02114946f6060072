"""One distribution from several statistics, on real OEWS cells."""

from statistics import NormalDist

import numpy as np
import polars as pl

from benchmarks.fusing.honoured_quantiles import fitted, honoured
from benchmarks.fusing.pay import every_cell
from benchmarks.fusing.table import ROOT, Table, shared
from pipeline.core.vocabulary import open_vocabulary
from pipeline.reconcile.estimate.distribution import (
    DistributionPriors,
    PayStatement,
    fit_lognormal,
)

SHARES = (0.10, 0.25, 0.50, 0.75, 0.90)
COLUMNS = ("mean", "p10", "p25", "p50", "p75", "p90")
HOURLY = ("h_mean", "h10", "h25", "h50", "h75", "h90")
CELLS, FEW = 20_000, 500
SEED = 20260501


def run(table: Table, *, quick: bool) -> None:
    """A mean from five percentiles; a median from a mean, a range and open ends."""
    every = every_cell(shared())
    rng = np.random.default_rng(SEED)
    hourly = every.drop_nulls(HOURLY).select(HOURLY).to_numpy()
    table.head(f"Distribution: {CELLS:,} OEWS cells, hourly")
    means(table, hourly[rng.choice(len(hourly), CELLS, replace=False)])
    states = (pl.col("kind") == "S") & (pl.col("industry") == "000000")
    cells = every.filter(states).drop_nulls(COLUMNS).select(COLUMNS).to_numpy()
    picked = cells[rng.choice(len(cells), FEW, replace=False)]
    table.head("A median that nobody states, from a mean, a 25-75 range, over, under")
    medians(table, picked[: 200 if quick else FEW], rng)


def means(table: Table, cells: np.ndarray) -> None:
    """Median and 95th percentile of the error of a predicted mean, in percent."""
    mean, quantiles = cells[:, 0], cells[:, 1:]
    z = np.array([NormalDist().inv_cdf(share) for share in SHARES])
    mu, sigma = fitted(quantiles, z)
    some = cells[:2000]
    curve = np.array([honoured(dict(zip(SHARES, row[1:], strict=True))).mean()
                      for row in some])  # fmt: skip
    half, most = errors(np.exp(mu + sigma**2 / 2), mean)
    table.row("mean from 5 percentiles, lognormal", f"{half:.2f} / {most:.1f} %",
              "<= 1.07 / 4.5 %", met=half <= 1.07 and most <= 4.5)  # fmt: skip
    half, most = errors(curve, some[:, 0])
    table.row("mean of a curve through all 5", f"{half:.2f} / {most:.1f} %",
              "<= 1.3 / 6 %", met=half <= 1.3 and most <= 6)  # fmt: skip
    for name, rival in (("three quartiles' average", quantiles[:, 1:4].mean(1)),
                        ("the median", quantiles[:, 2])):  # fmt: skip
        half, most = errors(rival, mean)
        table.row(f"  baseline: {name}", f"{half:.2f} / {most:.1f} %")


def medians(table: Table, cells: np.ndarray, rng: np.random.Generator) -> None:
    """Statements with 4 % noise; tails as round numbers above and below."""
    shape, grain = (
        DistributionPriors.from_vocabulary(open_vocabulary(ROOT / "vocabularies")),
        5000,
    )
    found, naive, middle, held = [], [], [], []
    for mean, p10, p25, p50, p75, p90 in cells:
        average, low, high = (v * np.exp(rng.normal(0, 0.04)) for v in (mean, p25, p75))
        top = np.floor(p90 / grain) * grain
        bottom = np.ceil(p10 / grain) * grain
        said = [PayStatement("mean", average, average, 0.05),
                PayStatement("p25", low, low, 0.05),
                PayStatement("p75", high, high, 0.05),
                PayStatement("p90", top, top + grain, 0.04),
                PayStatement("p10", max(bottom - grain, 1), bottom, 0.04)]  # fmt: skip
        fit = fit_lognormal(said, shape)
        found.append(fit.statistic_value("median"))
        naive.append(np.mean([average, low, high, top, bottom]))
        middle.append(np.median([average, low, high, top, bottom]))
        held.append(abs(np.log(p50) - fit.mu) <= 1.96 * fit.error)
    truth = cells[:, 3]
    half, most = errors(np.array(found), truth)
    table.row("one lognormal from all", f"{half:.2f} / {most:.1f} %", "<= 4.2 %",
              met=half <= 4.2)  # fmt: skip
    cover = float(np.mean(held))
    table.row("95 % intervals of it cover", f"{cover:.3f}", "0.93 to 0.97",
              met=0.93 <= cover <= 0.97)  # fmt: skip
    for name, rival in (("average of every number", naive), ("their median", middle)):
        half, most = errors(np.array(rival), truth)
        table.row(f"  baseline: {name}", f"{half:.2f} / {most:.1f} %")


def errors(found: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Median and 95th percentile of relative errors, in percent."""
    off = np.abs(found / truth - 1) * 100
    return float(np.median(off)), float(np.quantile(off, 0.95))
