"""The pay panel with the primary hidden: estimates, intervals, and what they beat."""

from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.fusing.methods import reference_methods
from benchmarks.fusing.pay import NEWEST, STATISTICS, Pay, every_cell, panel_of, pay
from benchmarks.fusing.table import ROOT, Table, shared
from pipeline.core.vocabulary import open_vocabulary
from pipeline.reconcile.estimate.consensus import Estimate, estimate_by_consensus
from pipeline.reconcile.estimate.panel_parameters import PanelPriors
from pipeline.reconcile.estimate.quoted_numbers import PayUnits, Quote

VOCABULARY = open_vocabulary(ROOT / "vocabularies")
SEEDS = (2, 3, 4, 5, 6, 7)
MAPE, P95, COVER = 2.2, 8.0, (0.93, 0.97)


def run(table: Table, *, quick: bool) -> None:
    """Panels of several seeds, of near and far vintages, and the shared one."""
    folder = shared()
    table.head("Panel: the median of every occupation, no primary figure at hand")
    score_folder(table, folder / "data" / "fusion" / "salary_sim")
    cells = every_cell(folder)
    kinds = (("vintages 1 and 3 years old", True), ("2 and 4 years old", False))
    for title, between in kinds:
        found, beaten = [], []
        for seed in SEEDS[: 2 if quick else None]:
            known = pay(folder, cells, seed, between=between)
            claims, truth = panel_of(known, seed)
            estimates = estimated(claims)
            found.append(scores(estimates, truth))
            beaten.append(hidden(known, claims, estimates))
        report(table, f"{len(found)} seeds, {title}", np.array(found))
        rivals(table, title, np.array(beaten))


def score_folder(table: Table, folder: Path) -> None:
    """A panel kept in a folder, beside plain methods on the same claims."""
    claims = pl.read_parquet(folder / "claims.parquet")
    truth = pl.read_parquet(folder / "truth.parquet")
    report(table, folder.name, np.array([scores(estimated(claims), truth)]))
    sound = claims.filter(pl.col("copied_from").is_null())
    for name, kept in (("every claim", claims), ("copies left out", sound)):
        middle = kept.group_by("item").agg(m=pl.col("value").median())
        both = middle.join(truth, on="item")
        off = (both["m"] / both["value"] - 1).abs().to_numpy() * 100
        line = f"{off.mean():.2f} / {np.quantile(off, 0.95):.1f} %"
        table.row(f"  baseline: median of {name}, MAPE / p95", line)
    crh_row(table, sound, truth)


def crh_row(table: Table, claims: pl.DataFrame, truth: pl.DataFrame) -> None:
    """The reference's CRH on logs, same claims."""
    folder = shared()
    reference = folder and reference_methods(folder)
    if not reference:
        return
    items, sources = (
        claims[c].rank("dense").to_numpy() - 1 for c in ("item", "source")
    )
    problem = reference.P(items, sources, claims["value"].to_numpy())
    found, _ = reference.log_loss_crh(problem)
    names = claims["item"].unique().sort().to_list()
    known = dict(truth.iter_rows())
    off = np.abs(found / [known[n] for n in names] - 1) * 100
    line = f"{off.mean():.2f} / {np.quantile(off, 0.95):.1f} %"
    table.row("  baseline: CRH of the same, MAPE / p95", line)


def estimated(claims: pl.DataFrame) -> list[Estimate]:
    """What the product makes of a panel: no answer and no label is seen."""
    columns = claims.filter(pl.col("copied_from").is_null()).select(
        "item", "source", "value", "stat", "vintage", "cites"
    )
    said = [
        Quote(item, source, value, "median" if stat == "p50" else stat,
             int(vintage) if cites else 0, cites is not None)
        for item, source, value, stat, vintage, cites in columns.iter_rows()
    ]  # fmt: skip
    return estimate_by_consensus(
        said,
        year=NEWEST,
        priors=PanelPriors.from_vocabulary(VOCABULARY),
        units=PayUnits.from_vocabulary(VOCABULARY),
    )


def scores(
    found: list[Estimate], truth: pl.DataFrame
) -> tuple[float, float, float, float]:
    """MAPE, its 95th percentile, coverage, median width; no estimate is a miss."""
    known = dict(truth.iter_rows())
    by_item = {e.item: e for e in found}
    rows = [(by_item.get(item), value) for item, value in known.items()]
    off = np.array([abs(e.value / v - 1) * 100 if e else 100.0 for e, v in rows])
    held = np.mean([e is not None and e.low <= v <= e.high for e, v in rows])
    width = np.median([e.high / e.low - 1 for e in found]) * 100
    return off.mean(), np.quantile(off, 0.95), float(held), float(width)


def report(table: Table, title: str, found: np.ndarray) -> None:
    """Worst of the seeds against the targets; coverage of all seeds together."""
    mape, p95, cover, width = found.T
    table.row(f"{title}: MAPE, worst", f"{mape.max():.2f} %", f"<= {MAPE} %",
              met=mape.max() <= MAPE)  # fmt: skip
    table.row(f"{title}: p95, worst", f"{p95.max():.2f} %", f"<= {P95} %",
              met=p95.max() <= P95)  # fmt: skip
    low, high = COVER
    met = low <= cover.mean() <= high
    line = f"{cover.mean():.3f} ({cover.min():.3f} to {cover.max():.3f})"
    table.row(f"{title}: 95 % intervals cover", line, "0.93 to 0.97", met=met)
    table.row(f"{title}: median width of them", f"{width.mean():.1f} %")


def hidden(known: Pay, claims: pl.DataFrame, found: list[Estimate]) -> np.ndarray:
    """|ln| errors of three answers, of every occupation and of the first one's."""
    column = STATISTICS.index("p50")
    truth = known.table[NEWEST][:, column]
    stale = known.table[sorted(known.table)[-2]][:, column]
    middle = dict(claims.group_by("item").agg(pl.col("value").median()).iter_rows())
    by_item = {e.item: e.value for e in found}
    answers = (
        np.array([by_item[o] for o in known.occupations]),
        stale,
        np.array([middle[o] for o in known.occupations]),
    )
    return np.array([np.abs(np.log(answer / truth)) for answer in answers])


def rivals(table: Table, title: str, errors: np.ndarray) -> None:
    """The estimate against the stale figure and the median of claims."""
    own, stale, middle = errors.mean(axis=(0, 2)) * 100
    table.row(f"hidden primary, {title}: mean error", f"{own:.2f} %")
    for name, other, rows in (("stale figure", stale, errors[:, 1]),
                              ("median of claims", middle, errors[:, 2])):  # fmt: skip
        nearer = (errors[:, 0] < rows).mean()
        line = f"{other:.2f} %; nearer in {nearer:.0%}"
        table.row(f"  beats the {name}", line, f"> {own:.2f} %", met=own < other)
