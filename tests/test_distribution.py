"""Statements about one population's pay as one distribution."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import VOCABULARY, claim, made_figures, oews

from benchmarks.fusing.honoured_quantiles import fitted, honoured
from pipeline.reconcile.estimate.distribution import (
    PERCENTILES,
    DistributionPriors,
    Lognormal,
    PayStatement,
    error_from_curvature,
    fit_lognormal,
)
from pipeline.reconcile.estimate.population import estimate_population

SHAPE = DistributionPriors.from_vocabulary(VOCABULARY)
TRUE = Lognormal(math.log(50_000), 0.35, 0.0, 0.0)
OEWS = {0.10: 37000.0, 0.25: 43490.0, 0.50: 51140.0, 0.75: 64820.0, 0.90: 81150.0}


def point(statistic, value, error=0.01):
    """A statement that gives the number."""
    return PayStatement(statistic, float(value), float(value), error)


def between(statistic, low, high, error=0.01):
    """A statement that gives an interval, None for an open end."""
    return PayStatement(statistic, low, high, error)


def exactly(*statistics):
    """True statements about the same lognormal."""
    return [point(s, TRUE.statistic_value(s)) for s in statistics]


@pytest.mark.parametrize(
    "statistics",
    [
        ["median", "mean"],
        ["p25", "p75"],
        ["p10", "p90"],
        ["p10", "p25", "median", "p75", "p90"],
        ["mean", "p25", "p75"],
    ],
)
def test_statements_of_one_lognormal_give_it_back(statistics):
    """Nearly: the prior on its spread is one more observation."""
    found = fit_lognormal(exactly(*statistics), SHAPE)
    assert found.statistic_value("median") == pytest.approx(50_000, rel=0.01)
    assert found.sigma == pytest.approx(0.35, abs=0.04)


def test_the_median_of_a_mean_and_a_range_is_between_them_and_below_the_mean():
    """An average of 64,710 and a typical range from 53,674 to 69,963."""
    said = [point("mean", 64710), point("p25", 53674), point("p75", 69963)]
    found = fit_lognormal(said, SHAPE)
    assert 59_500 < found.statistic_value("median") < 62_500
    assert found.statistic_value("median") < found.statistic_value("mean")


def test_two_readings_of_a_range_are_told_by_their_fit():
    """As quartiles it fits; as deciles the spread would be tiny."""
    mean = point("mean", 64710)
    quartiles = fit_lognormal([mean, point("p25", 53674), point("p75", 69963)], SHAPE)
    deciles = fit_lognormal([mean, point("p10", 53674), point("p90", 69963)], SHAPE)
    prior = abs(math.log(deciles.sigma / SHAPE.sigma))
    assert quartiles.sigma > deciles.sigma
    assert prior > abs(math.log(quartiles.sigma / SHAPE.sigma))


def test_an_open_end_moves_the_estimate_only_where_it_is_not_met():
    """A tenth earn over 60,000: 78,000 is; over 90,000 it is not."""
    base = exactly("median", "mean")
    alone = fit_lognormal(base, SHAPE)
    met = fit_lognormal([*base, between("p90", 60_000.0, None)], SHAPE)
    broken = fit_lognormal([*base, between("p90", 90_000.0, None)], SHAPE)
    assert met.statistic_value("p90") == pytest.approx(
        alone.statistic_value("p90"), rel=0.02
    )
    assert broken.statistic_value("p90") > 1.05 * alone.statistic_value("p90")


def test_a_top_coded_figure_is_a_bound_and_not_a_point():
    """BLS's 239,200 or more: the percentile may be far above it."""
    said = [point("median", 230_000), between("p75", 239_200.0, None)]
    as_point = fit_lognormal([said[0], point("p75", 239_200)], SHAPE)
    assert fit_lognormal(said, SHAPE).statistic_value("p75") > as_point.statistic_value(
        "p75"
    )


def test_bounds_alone_have_an_answer():
    """Between 40,000 and 60,000 at the middle; up to 90,000 at the top."""
    said = [between("median", 40_000.0, 60_000.0), between("p90", None, 90_000.0)]
    found = fit_lognormal(said, SHAPE)
    assert 40_000 < found.statistic_value("median") < 60_000
    assert found.error > SHAPE.floor


def test_one_statement_takes_its_spread_from_the_occupations():
    """A mean alone: the median is below it by the prior's share."""
    found = fit_lognormal([point("mean", 56790)], SHAPE)
    assert found.sigma == pytest.approx(SHAPE.sigma, rel=0.01)
    assert found.statistic_value("median") == pytest.approx(56790 / 1.049, rel=0.01)


def test_a_median_that_nobody_states_is_less_sure():
    """By the floor at least."""
    assert fit_lognormal(exactly("mean"), SHAPE).error > SHAPE.floor
    assert fit_lognormal(exactly("median"), SHAPE).error < SHAPE.floor


def test_equal_percentiles_leave_a_spread_above_zero():
    """All figures equal: no division by zero, and no certainty."""
    found = fit_lognormal([point(s, 50_000) for s in PERCENTILES], SHAPE)
    assert found.sigma > 0
    assert found.statistic_value("median") == pytest.approx(50_000, rel=0.01)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    mixed=st.randoms(use_true_random=False),
    times=st.floats(0.01, 100),
)
def test_neither_order_nor_unit_matters(mixed, times):
    """Shuffled and scaled: the same spread, the median scaled."""
    said = [point("mean", 56790), point("p25", 43490), point("p90", 81150)]
    one = fit_lognormal(said, SHAPE)
    mixed.shuffle(said)
    other = fit_lognormal([point(s.statistic, s.low * times) for s in said], SHAPE)
    assert other.sigma == pytest.approx(one.sigma, rel=1e-6)
    assert other.statistic_value("median") == pytest.approx(
        times * one.statistic_value("median"), rel=1e-6
    )


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        ([], "nothing is said"),
        ([point("mode", 1)], "no statistic"),
        ([between("median", None, None)], "positive, and said"),
        ([point("median", 0)], "positive"),
        ([point("median", math.inf)], "positive"),
        ([between("median", 9.0, 5.0)], "backwards"),
    ],
)
def test_what_cannot_be_true_is_refused(statements, why):
    """With what is wrong with it."""
    with pytest.raises(ValueError, match=why):
        fit_lognormal(statements, SHAPE)


@pytest.mark.parametrize(
    ("bend", "error"),
    [
        ([[4.0, 0.0], [0.0, 1.0]], 0.5),
        ([[4.0, -1.0], [-1.0, 1.0]], math.sqrt(1 / 3)),
        ([[4.0, 1.0], [1.0, 1.0]], math.sqrt(1 / 3)),
        ([[-4.0, 0.0], [0.0, -1.0]], math.inf),
        ([[-4.0, 1.0], [1.0, -1.0]], math.inf),
        ([[4.0, 0.0], [0.0, -1.0]], math.inf),
        ([[-4.0, 0.0], [0.0, 1.0]], math.inf),
        ([[0.0, 0.0], [0.0, 1.0]], math.inf),
    ],
)
def test_the_error_is_that_of_a_valley_alone(bend, error):
    """The square root of the inverse of its curvature; a hill or a pass has none."""
    curve = np.array(bend)
    # On its slope as well as at its foot: a bowl is bent everywhere alike.
    for place in (np.zeros(2), np.array([0.3, -0.2])):
        found = error_from_curvature(lambda at: float(at @ curve @ at / 2), place)
        assert found == pytest.approx(error, rel=1e-3)


def test_published_quantiles_are_honoured_to_the_dollar():
    """And what lies between and beyond keeps their order."""
    curve = honoured(OEWS)
    assert [curve.quantile(p) for p in OEWS] == pytest.approx(list(OEWS.values()))
    shares = np.linspace(0.01, 0.99, 99)
    between_them = [curve.quantile(float(s)) for s in shares]
    assert between_them == sorted(between_them)


def test_the_mean_of_an_honoured_curve_is_near_the_published_one():
    """56,790 in May 2025."""
    assert honoured(OEWS).mean() == pytest.approx(56_790, rel=0.02)


def test_the_mean_of_a_lognormals_quantiles_is_the_lognormals():
    """Where the curve is a straight line the closed form is exact."""
    quantiles = {p: TRUE.statistic_value(name) for name, p in PERCENTILES.items()}
    assert honoured(quantiles).mean() == pytest.approx(
        TRUE.statistic_value("mean"), rel=1e-9
    )


@pytest.mark.parametrize(
    ("quantiles", "why"),
    [
        ({0.5: 1.0}, "two quantiles"),
        ({0.25: 2.0, 0.75: 1.0}, "out of order"),
        ({0.25: 0.0, 0.75: 1.0}, "positive"),
    ],
)
def test_quantiles_that_make_no_curve_are_refused(quantiles, why):
    """With what is wrong with them."""
    with pytest.raises(ValueError, match=why):
        honoured(quantiles)


def test_many_cells_are_fitted_at_once():
    """As one by one."""
    z = np.array([-0.6744897501960817, 0.0, 0.6744897501960817])
    cells = np.exp(np.array([[10.0], [11.0]]) + np.array([[0.2], [0.4]]) * z)
    mu, sigma = fitted(cells, z)
    assert mu == pytest.approx([10, 11])
    assert sigma == pytest.approx([0.2, 0.4])


def quoted(value, **said):
    """A page's figure that names AAPC and May 2023."""
    return claim(value, attributed_to="AAPC", reference_period="2023-05", **said)


def people(*rows):
    """The population of these claims."""
    return estimate_population(made_figures(*rows), SHAPE)


def test_statistics_of_several_publishers_are_one_population():
    """OEWS's mean and percentiles and a site's own median."""
    found = people(
        oews(56790, statistic="mean"), oews(43490, statistic="p25"),
        oews(64820, statistic="p75"), quoted(52000),
    )  # fmt: skip
    assert (found.statements, found.points, found.publishers) == (4, 4, 2)
    assert found.low < found.median < found.high
    assert found.p10 < found.median < found.mean < found.p90
    assert found.median == pytest.approx(53_000, rel=0.02)


def test_what_a_publisher_says_itself_counts_before_what_is_quoted_of_it():
    """And once."""
    rows = [oews(51140), oews(56790, statistic="mean")]
    misquote = claim(90000, attributed_to="BLS", reference_period="2023-05")
    assert people(*rows, misquote) == people(*rows)


def test_one_statement_makes_no_population():
    """Nor do a page's own words."""
    assert people(oews(51140)) is None
    assert people(oews(51140), claim(60000)) is None


def test_a_range_and_a_top_code_are_bounds():
    """Where the median lies, and what a percentile is at least."""
    found = people(
        oews(220_000),
        oews(None, statistic="p75", low=239_200, availability="top_coded"),
        quoted(None, statistic="range", low=200_000, high=230_000),
    )
    assert (found.statements, found.points) == (3, 1)
    assert 200_000 < found.median < 235_000
    assert found.p90 > 239_200
