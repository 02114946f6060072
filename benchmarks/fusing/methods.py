"""Truth discovery on sets with known answers, beside reference runs on the same data.

The reference is the shared folder's numpy script, run here; the rows to reach are the
best of the tables in the shared notes on reconciliation (sections 3.1 and 3.2).
"""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
import polars as pl

from benchmarks.fusing.claim_panel import Panel, panel
from benchmarks.fusing.numeric_truths import Truth, catd, crh, gaussian, mean, median
from benchmarks.fusing.table import Table, shared
from benchmarks.fusing.voted_truths import accu, vote

METHODS: dict[str, Callable[[Panel], Truth]] = {
    "mean": mean,
    "median": median,
    "vote": vote,
    "CRH, weighted median": crh,
    "CRH, weighted mean": lambda claims: crh(claims, squares=True),
    "CATD, weighted median": catd,
    "Gaussian truth model": gaussian,
    "Accu, 100 wrong values": lambda claims: accu(claims, wrong=100),
    "Accu, wrong values counted": accu,
}
# Set, attribute, measure, method whose family fits, best row of the tables.
BEST = [
    ("population", None, "MAE", "vote", 1579.5018),
    ("population", None, "hit", "CRH, weighted median", 0.8556),
    ("emotion", None, "MAE", "Gaussian truth model", 11.82),
    ("emotion", None, "RMSE", "CRH, weighted mean", 17.8241),
    ("weather", "Temperature", "MAE", "Accu, wrong values counted", 0.711),
    ("weather", "Temperature", "hit", "Accu, wrong values counted", 0.639),
    ("weather", "Pressure", "MAE", "CATD, weighted median", 0.0043),
    ("weather", "Pressure", "hit", "CATD, weighted median", 0.7811),
]
# mean and median: MAE as the tables print it.
ROWS = {
    ("population", None): ("6.5e+15", "10378"),
    ("emotion", None): ("12.02", "13.53"),
    ("weather", "Temperature"): ("0.942", "0.760"),
    ("weather", "Pressure"): ("53.0", "0.0104"),
}


@dataclass(frozen=True)
class Answers:
    """Claims, and the items that have a known answer."""

    claims: Panel
    item: np.ndarray
    value: np.ndarray


def run(table: Table, *, quick: bool) -> None:
    """Every method on every set; the best row of each family; mean and median."""
    folder = shared()
    table.head("Truth discovery")
    if folder is None:
        table.skip("Population, Emotion, Weather", "no shared folder of benchmark sets")
        return
    reference = reference_methods(folder)
    for name, attribute in ROWS:
        answers = load(folder, name, attribute)
        within = 0.01 if name == "population" else 0.0
        scores = {n: score(f(answers.claims).value, answers, within)
                  for n, f in METHODS.items()}  # fmt: skip
        title = f"{name} {attribute or ''}".strip()
        if not quick:
            for method, found in scores.items():
                line = f"{found['MAE']:.4g} {found['RMSE']:.4g} {found['hit']:.4f}"
                table.row(f"{title}: {method} (MAE RMSE hit)", line)
        printed = ROWS[name, attribute]
        same_rows(table, title, answers, reference, scores, printed)
        for row in BEST:
            if row[:2] == (name, attribute):
                best_row(table, title, scores, *row[2:])


def best_row(
    table: Table, title: str, scores: dict, measure: str, method: str, best: float
) -> None:
    """The method whose family fits, against the best row of the tables."""
    found = scores[method][measure]
    digits = 4
    figure = round(found, digits)
    met = figure >= best if measure == "hit" else figure <= best
    sign = ">=" if measure == "hit" else "<="
    table.row(f"{title}: {measure}, {method}", f"{figure}", f"{sign} {best}", met=met)


def same_rows(
    table: Table,
    title: str,
    answers: Answers,
    reference: ModuleType | None,
    scores: dict,
    printed: tuple[str, str],
) -> None:
    """Mean and median: the printed rows, and the reference's own values."""
    claims = answers.claims
    for name, text in zip(("mean", "median"), printed, strict=True):
        shown = scores[name]["MAE"]
        digits = f"{shown:.8g}"
        close = abs(shown - float(text)) <= 0.5 * resolution(text)
        table.row(f"{title}: {name}, MAE as printed", digits, text, met=close)
        if reference is None:
            continue
        other = reference.P(claims.item, claims.source, claims.value)
        theirs = getattr(reference, name)(other)[0]
        gap = np.abs(theirs - METHODS[name](claims).value) / np.maximum(
            np.abs(theirs), 1
        )
        table.row(f"{title}: {name}, largest gap to the reference", f"{gap.max():.1e}",
                  "<= 1e-15 (relative)", met=gap.max() <= 1e-15)  # fmt: skip


def resolution(text: str) -> float:
    """The unit of the last printed digit."""
    mantissa, _, exponent = text.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return 10.0 ** (int(exponent or 0) - decimals) * 1.000001


def score(found: np.ndarray, answers: Answers, within: float) -> dict[str, float]:
    """Mean absolute error, root mean square, share within a relative bound."""
    off = np.abs(found[answers.item] - answers.value)
    hit = off <= within * np.abs(answers.value) + 1e-9
    return {
        "MAE": float(off.mean()),
        "RMSE": float(np.sqrt((off**2).mean())),
        "hit": float(hit.mean()),
    }


def load(folder: Path, name: str, attribute: str | None) -> Answers:
    """One set; a source that speaks twice of an item is taken at its last word."""
    home = folder / "data" / "fusion" / name
    claims = pl.read_parquet(home / "claims.parquet").drop_nulls("value")
    truth = pl.read_parquet(home / "truth.parquet").drop_nulls("value")
    if attribute:
        claims, truth = (t.filter(pl.col("attr") == attribute) for t in (claims, truth))
    claims = claims.unique(["item", "source"], keep="last", maintain_order=True)
    truth = truth.unique("item", keep="first", maintain_order=True)
    if name != "population":
        claims = claims.join(truth, on="item", how="semi", maintain_order="left")
    items = claims.select("item").unique(maintain_order=True).with_row_index("i")
    sources = claims.select("source").unique(maintain_order=True).with_row_index("s")
    numbered = claims.join(items, on="item").join(sources, on="source")
    known = truth.join(items, on="item", maintain_order="left")
    return Answers(
        panel(numbered["i"], numbered["s"], numbered["value"]),
        known["i"].to_numpy(),
        known["value"].to_numpy(),
    )


def reference_methods(folder: Path) -> ModuleType | None:
    """The shared folder's own numpy implementations, as a module."""
    path = folder / "research" / "bench" / "methods_np.py"
    spec = importlib.util.spec_from_file_location("methods_np", path)
    if spec is None or spec.loader is None or not path.is_file():
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
