"""Truth discovery: methods by hand on small cases, and what must not matter."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fusing.claim_panel import panel
from benchmarks.fusing.numeric_truths import (
    catd,
    crh,
    gaussian,
    mean,
    median,
    weighted_median,
)
from benchmarks.fusing.voted_truths import accu, vote

pytestmark = pytest.mark.slow

METHODS = [mean, median, vote, crh, catd, gaussian, accu]
every = pytest.mark.parametrize("method", METHODS, ids=lambda m: m.__name__)
# Three sources on four items; the third is wrong on each.
ITEM = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
SOURCE = [0, 1, 2] * 4
VALUE = [10.0, 10, 19, 20, 20, 39, 30, 30, 17, 40, 40, 88]
claims_of_one_source_each = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 5), st.integers(-999, 999)),
    min_size=1,
    max_size=25,
    unique_by=lambda claim: claim[:2],
)


def numbered(rows):
    """A panel, its items numbered without gaps."""
    item, source, value = (np.array(column) for column in zip(*rows, strict=True))
    return panel(np.unique(item, return_inverse=True)[1], source, value)


@pytest.mark.parametrize("method", [median, vote, crh, catd, accu])
def test_two_that_agree_outweigh_one_that_is_always_wrong(method):
    """Methods for quotations find the value that is said twice."""
    found = method(panel(ITEM, SOURCE, VALUE))
    assert found.value.tolist() == [10, 20, 30, 40]
    if method in (crh, catd, accu):
        assert found.weight[2] < found.weight[:2].min()


def test_means_are_pulled_away_by_a_source_that_is_always_wrong():
    """Why methods of the other family are for judgements, not for quotations."""
    claims = panel(ITEM, SOURCE, VALUE)
    plain, weighed = mean(claims).value, gaussian(claims).value
    squares = crh(claims, squares=True)
    right = np.array([10, 20, 30, 40])
    assert np.abs(plain - right).min() > 2
    assert np.abs(weighed - right).mean() < np.abs(plain - right).mean()
    assert squares.weight[2] < squares.weight[:2].min()


def test_a_source_that_spoke_once_is_trusted_less_than_one_that_spoke_often():
    """CATD's reason: four right answers tell more than one."""
    often = [(i, s, 10.0 * i + s) for i in range(8) for s in (0, 1)]
    once = [(8, 2, 80.0), (8, 3, 81.0)]
    weight = catd(numbered([*often, *once]), steps=1).weight
    assert weight[2] < weight[0] / 100


def test_a_tie_goes_to_the_value_nearest_the_median_and_then_to_the_lower():
    """Stated, so that the order of input cannot decide."""
    rows = [(0, 0, 1.0), (0, 1, 5.0), (0, 2, 6.0), (1, 0, 3.0), (1, 1, 9.0)]
    assert vote(numbered(rows)).value.tolist() == [5, 3]
    assert vote(numbered(rows[::-1])).value.tolist() == [5, 3]


def test_two_claims_of_equal_weight_give_the_lower_however_small_the_weight():
    """Weights of 1e12 elsewhere do not round the tie away."""
    claims = panel([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1], [1, 2, 3, 4, 5, 6])
    weight = np.array([1e12, 1e12, 1e-3, 1e-3, 0.0, 0.0])
    assert weighted_median(claims, weight).tolist() == [1, 3, 5]


def test_a_weighted_median_is_where_half_of_the_weight_is_reached():
    """By hand."""
    claims = panel([0] * 4, range(4), [1, 2, 3, 4])
    assert weighted_median(claims, np.array([1.0, 1, 1, 4])).tolist() == [4]
    assert weighted_median(claims, np.array([3.0, 1, 1, 1])).tolist() == [1]


@every
def test_one_claim_is_the_value(method):
    """An item and a source alone."""
    assert method(panel([0], [0], [48780.0])).value.tolist() == [48780]


@every
def test_equal_claims_are_the_value(method):
    """No spread at all: nothing is divided by zero."""
    found = method(panel([0, 0, 1, 1], [0, 1, 0, 1], [7.0, 7, 8, 8]))
    assert found.value == pytest.approx([7, 8])
    assert np.isfinite(found.weight).all()


@every
@settings(max_examples=40, deadline=None, derandomize=True)
@given(rows=claims_of_one_source_each, mixed=st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter(method, rows, mixed):
    """Shuffled claims give the same values."""
    first = method(numbered(rows)).value
    mixed.shuffle(rows)
    assert method(numbered(rows)).value == pytest.approx(first, rel=1e-9, abs=1e-9)


@every
@settings(max_examples=40, deadline=None, derandomize=True)
@given(rows=claims_of_one_source_each)
def test_twice_the_claims_in_another_unit_are_twice_the_values(method, rows):
    """Scaling by two: exact in floats, so that no tie is broken by it."""
    one = method(numbered(rows)).value
    two = method(numbered([(i, s, 2 * v) for i, s, v in rows])).value
    assert two == pytest.approx(2 * one, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("item", "source", "value", "why"),
    [
        ([0], [0], [float("nan")], "not a number"),
        ([0], [0], [float("inf")], "not a number"),
        ([], [], [], "not a number"),
        ([0, 2], [0, 0], [1.0, 2.0], "without claims"),
        ([0], [0, 1], [1.0], "one length"),
    ],
)
def test_claims_that_say_nothing_are_refused(item, source, value, why):
    """Rather than a silent number."""
    with pytest.raises(ValueError, match=why):
        panel(item, source, value)
