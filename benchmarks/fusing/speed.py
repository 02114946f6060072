"""CRH on 2.2 million claims, beside the reference and crowd-kit in the same run."""

import statistics
import time
from collections.abc import Callable

import numpy as np

from benchmarks.fusing.claim_panel import panel
from benchmarks.fusing.methods import reference_methods
from benchmarks.fusing.numeric_truths import crh
from benchmarks.fusing.table import Table, shared

CLAIMS, ITEMS, SOURCES = 2_200_000, 80_000, 38
SMALL = 200_000
ALLOWED = 1.3
PATIENCE = 60.0


def run(table: Table, *, quick: bool) -> None:
    """Sorting included: from three arrays to a value per item."""
    size = SMALL if quick else CLAIMS
    table.head(f"Speed: CRH on {size:,} claims of {SOURCES} sources")
    arrays = made(size)
    folder = shared()
    reference = folder and reference_methods(folder)
    work: dict[str, Callable[[], object]] = {"own": lambda: crh(panel(*arrays))}
    if reference:
        work["reference"] = lambda: reference.crh(reference.P(*arrays))
    taken = interleaved(work, 3 if quick else 5)
    table.row("own, seconds", f"{taken['own']:.3f}")
    if not reference:
        table.skip("the numpy reference", "no shared folder of benchmark sets")
        return
    ratio = taken["own"] / taken["reference"]
    table.row("numpy reference, seconds", f"{taken['reference']:.3f}")
    table.row("own / reference", f"{ratio:.2f}", f"<= {ALLOWED}", met=ratio <= ALLOWED)
    gap = np.abs(crh(panel(*arrays)).value - reference.crh(reference.P(*arrays))[0])
    table.row("largest gap between the two", f"{gap.max():.1e}", "0", met=not gap.any())
    if not quick:
        crowd(table, arrays)


def interleaved(work: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Median seconds of each, in turns, so that a busy machine slows all alike."""
    taken: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(runs):
        for name, call in work.items():
            start = time.perf_counter()
            call()
            taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in taken.items()}


def crowd(table: Table, arrays: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    """crowd-kit has no aggregator of numbers: values stand as labels."""
    try:
        import pandas as pd
        from crowdkit.aggregation import MajorityVote, ZeroBasedSkill
    except ImportError:
        table.skip("crowd-kit", "not installed; pip install '.[peers]'")
        return
    item, source, value = arrays
    for name, made_by in (
        ("MajorityVote", MajorityVote),
        ("ZeroBasedSkill", ZeroBasedSkill),
    ):
        for size in (2_000, 20_000, 200_000, 2_200_000):
            _, numbered = np.unique(item[:size], return_inverse=True)
            answers = pd.DataFrame(
                {"task": item[:size], "worker": source[:size], "label": value[:size]}
            )
            start = time.perf_counter()
            made_by().fit_predict(answers)
            taken = time.perf_counter() - start
            start = time.perf_counter()
            crh(panel(numbered, source[:size], value[:size]))
            own = time.perf_counter() - start
            figure = f"{taken:.2f} s, own CRH {own:.3f} s"
            table.row(f"crowd-kit {name} on {size:,}", figure)
            if taken * 11 > PATIENCE:
                break


def made(size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times of day in minutes: most sources right, each wrong in its own measure."""
    rng = np.random.default_rng(20260501)
    pairs = rng.permutation(ITEMS * SOURCES)[:size]
    item, source = pairs // SOURCES, pairs % SOURCES
    _, item = np.unique(item, return_inverse=True)
    truth = rng.normal(700, 200, ITEMS)
    wrong = rng.random(size) < rng.uniform(0.1, 0.9, SOURCES)[source]
    noise = rng.normal(0, 1, size) * rng.uniform(1, 60, SOURCES)[source]
    value = np.round(truth[item] + np.where(wrong, noise, 0.0))
    return item, source, value
