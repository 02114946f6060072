"""Averages of figures with errors: published ones, and every bad input's outcome."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fusing.rival_averages import birge, der_simonian_laird
from pipeline.reconcile.estimate.averages import (
    fixed_effect,
    hartung_knapp,
    paule_mandel,
    pdg_average,
    student_interval,
)

KERNELS = [fixed_effect, pdg_average, birge, der_simonian_laird, paule_mandel]
BCG = Path(__file__).parents[2] / "shared" / "data" / "fusion" / "peers" / "bcg.csv"
GOLDEN = BCG.parents[1] / "pdg" / "golden_averages.json"
INF, NAN = float("inf"), float("nan")
every = pytest.mark.parametrize("kernel", KERNELS, ids=lambda k: k.__name__)
cells = st.lists(
    st.tuples(st.floats(-50, 50), st.floats(0.01, 20)), min_size=2, max_size=8
)


def test_published_averages_are_reproduced_with_their_scale_factors():
    """Of the Particle Data Group, where they are at hand."""
    if not GOLDEN.is_file():
        pytest.skip("no shared folder of benchmark sets")
    for case in json.loads(GOLDEN.read_text())[::100]:
        average = pdg_average(case["x"], case["s"])
        assert abs(average.mean[0] - case["pub_value"]) < 0.01 * case["pub_err"]
        assert abs(average.scale[0] - case["pub_S"]) < 0.01


def test_a_vague_figure_cannot_hide_a_conflict():
    """Its deviation is small in its own error; S counts only the sharp ones."""
    y, s = [10.0, 11.0, 10.4], [0.1, 0.1, 5.0]
    assert pdg_average(y, s).scale[0] == pytest.approx(50**0.5, rel=1e-2)
    assert birge(y, s).scale[0] == pytest.approx(5.0, rel=1e-2)
    assert pdg_average(y, s).mean[0] == birge(y, s).mean[0]


def test_the_variance_between_sources_is_never_below_zero():
    """Where errors are larger than the spread the moments' formula goes below."""
    y, s = [10, 10.1, 9.9, 10.05], [0.2, 0.3, 0.25, 0.4]
    for kernel in (der_simonian_laird, paule_mandel):
        average = kernel(y, s)
        assert average.tau2[0] == 0
        assert average.error[0] == fixed_effect(y, s).error[0]


def test_paule_and_mandels_variance_makes_chi2_its_degrees_of_freedom():
    """What defines it."""
    y, s = np.array([1.0, 2.0, 4.0, 4.5]), np.array([0.2, 0.4, 0.3, 0.5])
    tau2 = paule_mandel(y, s).tau2[0]
    w = 1 / (s**2 + tau2)
    mean = (w * y).sum() / w.sum()
    assert (w * (y - mean) ** 2).sum() == pytest.approx(3, abs=1e-9)


@pytest.mark.slow
def test_random_effects_are_those_of_a_kept_library():
    """statsmodels, where its moments do not go below zero."""
    peer = pytest.importorskip("statsmodels.stats.meta_analysis").combine_effects
    y, s = np.array([0.1, 0.4, 1.2, -0.3]), np.array([0.2, 0.1, 0.3, 0.25])
    for kernel, name in ((der_simonian_laird, "chi2"), (paule_mandel, "iterated")):
        ours, theirs = kernel(y, s), peer(y, s**2, method_re=name)
        assert ours.mean[0] == pytest.approx(theirs.mean_effect_re, abs=1e-6)
        assert ours.tau2[0] == pytest.approx(theirs.tau2, abs=1e-5)
        knapp = hartung_knapp(y, s, ours.tau2)[0]
        assert knapp == pytest.approx(np.sqrt(theirs.var_hksj_re), abs=1e-5)


@every
def test_one_figure_is_its_own_average(kernel):
    """Error as stated, nothing scaled, and no interval from one witness."""
    average = kernel([48780.0], [500.0])
    assert (average.mean[0], average.error[0]) == (48780, 500)
    assert (average.scale[0], average.tau2[0], average.n[0]) == (1, 0, 1)
    assert student_interval(average)[1][0] == INF
    assert np.isnan(hartung_knapp([48780.0], [500.0], 0.0))[0]


@every
def test_equal_figures_agree(kernel):
    """No spread: the error is that of the stated ones, not zero."""
    average = kernel([5.0, 5.0, 5.0], [1.0, 1.0, 1.0])
    assert average.mean[0] == 5
    assert average.error[0] == pytest.approx(3**-0.5)
    low, high = student_interval(average, hartung_knapp([5.0] * 3, [1.0] * 3, 0.0))
    assert low[0] < 5 < high[0]


@every
@pytest.mark.parametrize("error", [INF, NAN, -1.0])
def test_an_error_that_says_nothing_has_no_weight(kernel, error):
    """An infinite one, none, one below zero: as if the figure were not there."""
    with_it = kernel([1.0, 2.0, 900.0], [0.5, 0.5, error])
    without = kernel([1.0, 2.0], [0.5, 0.5])
    for name in ("mean", "error", "n", "chi2", "scale", "tau2"):
        assert getattr(with_it, name) == getattr(without, name)


@every
def test_nothing_that_counts_is_no_average(kernel):
    """Neither zero nor a guess."""
    average = kernel([1.0, NAN], [INF, 0.5])
    assert average.n[0] == 0
    assert np.isnan(average.mean[0])
    assert np.isnan(average.error[0])


@every
def test_an_exact_figure_is_the_average(kernel):
    """An error of zero outweighs any other."""
    average = kernel([1.0, 2.0, 2.0], [0.5, 0.0, 0.0])
    assert (average.mean[0], average.error[0], average.n[0]) == (2, 0, 2)
    assert (average.scale[0], average.chi2[0], average.tau2[0]) == (1, 0, 0)


@every
def test_exact_figures_that_differ_cannot_be_averaged(kernel):
    """The error says so: it is infinite."""
    average = kernel([1.0, 2.0], [0.0, 0.0])
    assert average.error[0] == INF
    assert average.scale[0] == INF


@every
@settings(max_examples=40, deadline=None, derandomize=True)
@given(cell=cells, times=st.floats(0.001, 1000), shift=st.floats(-100, 100))
def test_another_unit_and_another_zero_change_nothing_else(kernel, cell, times, shift):
    """Scaling by c and adding d: the mean moves with them, S stays."""
    y, s = np.array(cell).T
    one, other = kernel(y, s), kernel(times * y + shift, times * s)
    near = {"rel": 1e-6, "abs": 1e-6 * times}
    assert other.mean[0] == pytest.approx(times * one.mean[0] + shift, **near)
    assert other.error[0] == pytest.approx(times * one.error[0], **near)
    assert other.scale[0] == pytest.approx(one.scale[0], rel=1e-6)


@pytest.mark.slow
@every
@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    pair=st.tuples(cells, cells),
    mixed=st.randoms(use_true_random=False),
)
def test_cells_are_averaged_apart_and_in_any_order(kernel, pair, mixed):
    """Two cells in one call are as two calls, however their figures are mixed."""
    rows = [(y, s, i) for i, cell in enumerate(pair) for y, s in cell]
    mixed.shuffle(rows)
    y, s, number = (np.array(column) for column in zip(*rows, strict=True))
    both = kernel(y, s, number)
    for i, cell in enumerate(pair):
        alone = kernel(*np.array(cell).T)
        assert both.mean[i] == pytest.approx(alone.mean[0], abs=1e-8)
        assert both.error[i] == pytest.approx(alone.error[0], rel=1e-6)


@every
def test_sizes_that_overflow_when_squared_do_not(kernel):
    """Errors of 1e-140 and 1e140 in one call."""
    y = np.array([1e-139, 3e-139, 1e141, 3e141])
    s = np.array([1e-140, 1e-140, 1e140, 1e140])
    average = kernel(y, s, [0, 0, 1, 1])
    assert average.mean == pytest.approx([2e-139, 2e141])


def test_lists_of_other_lengths_are_refused():
    """A figure without an error is a mistake of the caller."""
    with pytest.raises(ValueError, match="one length"):
        pdg_average([1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="from 0"):
        pdg_average([1.0], [1.0], [-1])
