"""A cell that no official figure answers, from what everyone else says."""

import pytest
from made import VOCABULARY, claim, made_figures, oews

from pipeline.reconcile.estimate.estimate_missing import estimate_missing_cell
from pipeline.reconcile.estimate.panel_parameters import PanelPriors
from pipeline.reconcile.estimate.quoted_numbers import PayUnits

PRIORS, UNITS = (
    PanelPriors.from_vocabulary(VOCABULARY),
    PayUnits.from_vocabulary(VOCABULARY),
)
ASKED = {
    "soc": "29-2072", "area_code": "US", "cohort": "all", "pay_basis": "base",
    "statistic": "median", "year": 2023, "currency": "USD",
}  # fmt: skip
OLD = oews(47180, reference_period="2022-05", snapshot="e" * 12)


def page(letter, value, **said):
    """A page's quotation of BLS."""
    facts = {"attributed_to": "BLS", "reference_period": "2023-05", **said}
    return claim(value, snapshot=letter * 12, **facts)


def estimate(*rows, **asked):
    """From the figures of these claims."""
    figures = made_figures(*rows).lazy()
    return estimate_missing_cell(figures, ASKED | asked, ["bls"], PRIORS, UNITS)


def test_last_years_official_figure_is_aged():
    """Up by a year's growth, give or take; the old figure within reach."""
    found = estimate(OLD)
    assert 47_600 < found.value < 50_500
    assert found.low < 48_780 < found.high


def test_pages_that_quote_the_missing_figure_bring_it_back():
    """Two that agree, and one that rounds."""
    found = estimate(OLD, page("1", 48780), page("2", 48780), page("3", 48800))
    assert found.value == pytest.approx(48780, rel=0.001)


def test_a_misquote_alone_does_not_carry_the_day():
    """Far off last year's figure: the estimate stays near that."""
    found = estimate(OLD, page("1", 84780))
    assert found.value < 52_000


def test_what_official_pay_of_other_people_would_be_is_not_guessed():
    """No official number of certified people is known of any year."""
    aapc = claim(64710, attributed_to="AAPC", credential="CPC",
                 reference_period="2023")  # fmt: skip
    assert estimate(OLD, aapc, cohort="credential=CPC") is None


@pytest.mark.parametrize("asked", [{"statistic": "mean"}, {"year": None}])
def test_only_a_median_of_a_year_is_estimated(asked):
    """And nothing is raised."""
    assert estimate(OLD, **asked) is None
