"""Averages: published ones reproduced, beside statsmodels on the same figures."""

import csv
import json
import time

import numpy as np

from benchmarks.fusing import rival_averages as rival
from benchmarks.fusing.table import Table, shared
from pipeline.reconcile.estimate import averages as own

# Thirteen trials of the BCG vaccine (Colditz et al. 1994): log risk ratios, pooled.
# DL, PM and HKSJ as the R package metafor prints them.
TRIALS = {
    "DerSimonian-Laird mean": -0.714117,
    "DerSimonian-Laird tau2": 0.308760,
    "Paule-Mandel tau2": 0.318068,
    "Hartung-Knapp error on DL": 0.180697,
}


def run(table: Table, *, quick: bool) -> None:
    """PDG's averages and scale factors; the BCG trials; statsmodels beside both."""
    folder = shared()
    table.head("Averages")
    if folder is None:
        table.skip("PDG averages, BCG trials", "no shared folder of benchmark sets")
        return
    golden = json.loads((folder / "data/fusion/pdg/golden_averages.json").read_text())
    particle_data(table, golden)
    with (folder / "data/fusion/peers/bcg.csv").open() as file:
        rows = [{k: int(v) for k, v in row.items()} for row in csv.DictReader(file)]
    trials(table, rows)
    if not quick:
        peer(table, golden)


def particle_data(table: Table, golden: list[dict]) -> None:
    """Published averages of at least three measurements, all cells in one call."""
    y = np.concatenate([g["x"] for g in golden])
    s = np.concatenate([g["s"] for g in golden])
    cell = np.repeat(np.arange(len(golden)), [g["n"] for g in golden])
    value, error, scale = (
        np.array([g[k] for g in golden], float)
        for k in ("pub_value", "pub_err", "pub_S")
    )
    average = own.pdg_average(y, s, cell)
    near = (np.abs(average.mean - value) / error < 0.01).mean()
    like = (np.abs(average.scale - scale) < 0.01).mean()
    plain = (np.abs(rival.birge(y, s, cell).scale - scale) < 0.01).mean()
    n = len(golden)
    table.row(
        f"PDG: mean within 0.01 sigma ({n})", f"{near:.2%}", ">= 99 %", met=near >= 0.99
    )
    table.row(f"PDG: S within 0.01 ({n})", f"{like:.2%}", ">= 99 %", met=like >= 0.99)
    table.row("  baseline: S without the 3 sqrt(N) rule", f"{plain:.2%}")


def trials(table: Table, rows: list[dict[str, int]]) -> None:
    """Random effects on log risk ratios."""
    counts = np.array([list(row.values()) for row in rows], float).T
    ill, well, control_ill, control_well = counts
    treated, untreated = ill + well, control_ill + control_well
    y = np.log(ill / treated / (control_ill / untreated))
    s = np.sqrt(1 / ill - 1 / treated + 1 / control_ill - 1 / untreated)
    moments, iterated = rival.der_simonian_laird(y, s), own.paule_mandel(y, s)
    knapp = own.hartung_knapp(y, s, moments.tau2)
    found = (moments.mean, moments.tau2, iterated.tau2, knapp)
    for (name, target), value in zip(TRIALS.items(), found, strict=True):
        met = abs(value.item() - target) < 1e-5
        table.row(f"BCG: {name}", f"{value.item():.6f}", f"{target} to 1e-5", met=met)


def peer(table: Table, golden: list[dict]) -> None:
    """The same tau2 by statsmodels, one cell at a time."""
    try:
        from statsmodels.stats.meta_analysis import combine_effects
    except ImportError:
        table.skip("statsmodels on the same averages", "statsmodels is not installed")
        return
    y = np.concatenate([np.array(g["x"]) / min(g["s"]) for g in golden])
    s = np.concatenate([np.array(g["s"]) / min(g["s"]) for g in golden])
    cell = np.repeat(np.arange(len(golden)), [g["n"] for g in golden])
    start = time.perf_counter()
    ours = own.paule_mandel(y, s, cell)
    taken = time.perf_counter() - start
    start = time.perf_counter()
    theirs = [
        combine_effects(y[cell == i], s[cell == i] ** 2, method_re="iterated")
        for i in range(len(golden))
    ]
    other = time.perf_counter() - start
    gap = np.abs(ours.mean - [t.mean_effect_re for t in theirs]) / ours.error
    table.row(
        "statsmodels, Paule-Mandel: largest gap in errors",
        f"{gap.max():.1e}",
        "<= 1e-4",
        met=gap.max() <= 1e-4,
    )
    table.row(
        "  seconds, all cells at once / statsmodels",
        f"{taken:.4f} / {other:.3f}",
        "no slower",
        met=taken <= other,
    )
    with np.errstate(invalid="ignore"):
        four = combine_effects(
            np.array([10, 10.1, 9.9, 10.05]),
            np.array([0.2, 0.3, 0.25, 0.4]) ** 2,
            method_re="chi2",
        )
    own_tau2 = rival.der_simonian_laird([10, 10.1, 9.9, 10.05], [0.2, 0.3, 0.25, 0.4])
    table.row("  tau2 by moments where errors are large: theirs", f"{four.tau2:.3f}")
    table.row(
        "  the same, ours",
        f"{own_tau2.tau2.item():.3f}",
        "not below 0",
        met=own_tau2.tau2.item() >= 0,
    )
