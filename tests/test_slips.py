"""What slip turns a published figure into the quoted one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import VOCABULARY

from pipeline.reconcile.evidence.matching import MatchTolerances
from pipeline.reconcile.verdict.slip_explanations import (
    AskedCell,
    PublishedCell,
    PublishedCells,
    explain_slips,
)

MEASURES = MatchTolerances.from_vocabulary(VOCABULARY)
ASKED = AskedCell("median", 2025, "US")
BLS = PublishedCells.from_cells(
    [
        PublishedCell("median", 2022, "US", 47180.0),
        PublishedCell("median", 2024, "US", 50250.0),
        PublishedCell("mean", 2024, "US", 55970.0),
        *(
            PublishedCell(statistic, 2025, "US", annual)
            for statistic, annual in [
                ("median", 51140.0), ("mean", 56790.0), ("p10", 37000.0),
                ("p25", 43490.0), ("p75", 64820.0), ("p90", 81150.0),
            ]
        ),
        PublishedCell("median", 2025, "06", 61930.0),
        PublishedCell("mean", 2025, "06", 68230.0),
    ]
)  # fmt: skip


def cheapest(quoted, asked=ASKED):
    """The first explanation."""
    return explain_slips(quoted, asked, BLS, MEASURES)[0]


@pytest.mark.parametrize(
    ("quoted", "kinds", "detail", "annual"),
    [
        (51140.0, (), None, 51140),
        (51100.0, ("rounding",), None, 51140),
        (51000.0, ("rounding",), None, 51140),
        (50250.0, ("stale_vintage",), None, 50250),
        (47180.0, ("stale_vintage",), None, 47180),
        (56790.0, ("wrong_statistic",), None, 56790),
        (64820.0, ("wrong_statistic",), None, 64820),
        (55970.0, ("stale_vintage", "wrong_statistic"), None, 55970),
        (61930.0, ("geography_mismatch",), None, 61930),
        (24.59, ("unit_slip",), "hour", 51140),
        (24.586538, ("unit_slip",), "hour", 51140),
        (4261.67, ("unit_slip",), "month", 51140),
        (983.46, ("unit_slip",), "week", 51140),
        (1966.92, ("unit_slip",), "fortnight", 51140),
        (51.14, ("unit_slip",), "thousand", 51140),
        (51_140_000.0, ("unit_slip",), "thousand", 51140),
        (511_400.0, ("unit_slip",), "ten", 51140),
        (106_371_200.0, ("unit_slip",), "hour", 51140),
        (24.519231, ("rounding", "unit_slip"), "hour", 51140),
        (51410.0, ("digit_slip",), "transposed", 51140),
        (51190.0, ("digit_slip",), "typo", 51140),
        (51147.0, ("digit_slip",), "typo", 51140),
        (4187.50, ("stale_vintage", "unit_slip"), "month", 50250),
    ],
)  # fmt: skip
def test_the_slip_is_named(quoted, kinds, detail, annual):
    """One example a slip, on the cell that the project began with."""
    found = cheapest(quoted)
    assert (found.kinds, found.detail, found.cell.annual) == (kinds, detail, annual)


def test_a_page_that_names_an_older_year_is_right_about_it():
    """The asked cell is the one of that year; the newest is then the other vintage."""
    assert cheapest(50250.0, replace(ASKED, year=2024)).kinds == ()
    assert cheapest(51140.0, replace(ASKED, year=2024)).kinds == ("stale_vintage",)


def test_a_page_that_names_no_year_means_the_newest():
    """Year 0 is one that is not said."""
    assert cheapest(51140.0, replace(ASKED, year=0)).kinds == ()
    assert cheapest(50250.0, replace(ASKED, year=0)).kinds == ("stale_vintage",)


def test_a_mean_that_calls_itself_one_is_no_slip():
    """The question is what the page says it is."""
    assert cheapest(56790.0, AskedCell("mean", 2025, "US")).kinds == ()


@pytest.mark.parametrize("quoted", [12345.0, 0.0, -1.0, float("nan"), float("inf")])
def test_what_nothing_explains_is_left_unexplained(quoted):
    """Neither is a number that is none."""
    assert explain_slips(quoted, ASKED, BLS, MEASURES) == ()


def test_nothing_published_explains_nothing():
    """An occupation without cells, or with withheld ones alone."""
    nothing = PublishedCells.from_cells(
        [PublishedCell("median", 2025, "US", float("nan"))]
    )
    assert explain_slips(51140.0, ASKED, nothing, MEASURES) == ()


def test_a_coarse_figure_tells_little():
    """At 1,000 some cell matches by chance 39 times in 100."""
    assert not cheapest(51000.0).is_discriminating
    assert cheapest(51140.0).is_discriminating
    assert not cheapest(56000.0).is_discriminating


def test_the_runner_up_is_there_and_costs_more():
    """Two explanations of one number: the list has both."""
    cells = [*BLS.cells, PublishedCell("median", 2023, "US", 56790.0)]
    found = explain_slips(56790.0, ASKED, PublishedCells.from_cells(cells), MEASURES)
    assert {e.kinds for e in found[:2]} == {("stale_vintage",), ("wrong_statistic",)}
    assert [e.cost for e in found] == sorted(e.cost for e in found)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    quoted=st.one_of(
        st.floats(5, 200000), st.integers(1500, 20000).map(lambda n: n * 10.0)
    ),
    mixed=st.randoms(use_true_random=False),
)
def test_the_order_of_cells_does_not_matter(quoted, mixed):
    """Shuffled cells give the same explanations in the same order."""
    cells = list(BLS.cells)
    mixed.shuffle(cells)
    once = explain_slips(quoted, ASKED, BLS, MEASURES)
    assert (
        explain_slips(quoted, ASKED, PublishedCells.from_cells(cells), MEASURES) == once
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(annual=st.integers(1508, 23900).map(lambda n: n * 10.0))
def test_hourly_pay_to_the_cent_is_recognised_whatever_the_pay(annual):
    """As BLS itself rounds it."""
    alone = PublishedCells.from_cells([PublishedCell("median", 2025, "US", annual)])
    hourly = float(np.round(annual / 2080, 2))
    found = explain_slips(hourly, ASKED, alone, MEASURES)[0]
    assert (found.kinds, found.detail) == (("unit_slip",), "hour")
