"""Extract on labelled pages that are not in the repository: guides, pages, cases.

These need the folder of shared files, and are skipped without it. The benchmark
prints the same figures for every page.
"""

import subprocess
import sys
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[1]


@cache
def benchmark() -> ModuleType:
    """The benchmark as a module, loaded from its file."""
    spec = spec_from_file_location("extraction", ROOT / "benchmarks" / "extraction.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def figures(shared_gold: Path) -> dict[str, dict[str, float]]:
    """Scores by set, as the benchmark reckons them."""
    found: dict[str, dict[str, float]] = benchmark().scores(shared_gold)
    return found


@pytest.fixture(scope="module")
def shared_gold() -> Path:
    """The folder of labels, or a skip."""
    folder = benchmark().shared_folder()
    if folder is None:
        pytest.skip("needs the labels in ../shared/gold (or PAYPROOF_SHARED)")
    return Path(folder)


def test_the_guides_are_read_nearly_without_loss(
    figures: dict[str, dict[str, float]],
) -> None:
    """Found F1 of 0.99 and strict F1 of 0.95 over the two guides; no trap is pay."""
    guides = figures["guides"]
    assert guides["found"] >= 0.99
    assert guides["strict"] >= 0.95
    assert guides["traps"] == 0


def test_the_pages_developed_on_keep_their_score(
    figures: dict[str, dict[str, float]],
) -> None:
    """The three labelled pages that the grammar was written with."""
    pages = figures["of them developed on"]
    assert pages["found"] >= 0.97
    assert pages["strict"] >= 0.90
    assert pages["traps"] <= 0.01


def test_pages_that_nobody_saw_come_within_five_points(
    figures: dict[str, dict[str, float]],
) -> None:
    """Rules that only fit the labelled pages are worth nothing."""
    seen, unseen = figures["five pages"], figures["unseen pages"]
    assert seen["found"] >= 0.97
    assert seen["strict"] >= 0.90
    assert seen["traps"] <= 0.01
    assert unseen["found"] >= seen["found"] - 0.05
    assert unseen["strict"] >= seen["strict"] - 0.05


def test_the_patterns_come_out_exact(figures: dict[str, dict[str, float]]) -> None:
    """At least 92 of 100 of the short cases, kind, bounds and named fields."""
    assert figures["patterns"]["exact"] >= 0.92


def test_the_benchmark_runs_and_prints_its_table() -> None:
    """`--quick` leaves the speed out; it exits 0 without the shared folder too."""
    command = [sys.executable, "benchmarks/extraction.py", "--quick", "--no-limits"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "pages/s" not in done.stdout
    assert "found" in done.stdout or "no labels" in done.stdout
