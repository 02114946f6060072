"""What a panel of quotations and models says where no primary figure does."""

import math
from dataclasses import replace

import numpy as np
import pytest
from made import VOCABULARY

from benchmarks.fusing.past_misses import multiple, spread_of_age
from pipeline.reconcile.estimate.consensus import estimate_by_consensus
from pipeline.reconcile.estimate.panel_parameters import PanelPriors
from pipeline.reconcile.estimate.quoted_numbers import (
    PayUnits,
    Quote,
    group_quotes,
    repair_units,
)

PRIORS, UNITS = (
    PanelPriors.from_vocabulary(VOCABULARY),
    PayUnits.from_vocabulary(VOCABULARY),
)
YEAR = 2025


def quote(value, *, item="a", source="page", statistic="median", year=0):
    """A page that names the primary publisher."""
    return Quote(item, source, float(value), statistic, year, quotes=True)


def own(value, *, item="a", source="site", statistic="median"):
    """A site's own figure."""
    return Quote(item, source, float(value), statistic, 0, quotes=False)


def estimates(claims):
    """By item."""
    found = estimate_by_consensus(claims, year=YEAR, priors=PRIORS, units=UNITS)
    return {e.item: e for e in found}


def panel(seed=5, items=60, offset=0.10):
    """Medians that three pages quote, one a year late, and a site that is 10 % up."""
    rng = np.random.default_rng(seed)
    truth = {
        f"{i:03d}": round(float(rng.uniform(3e3, 1e4))) * 10.0 for i in range(items)
    }
    claims = []
    for item, value in truth.items():
        last = round(value * math.exp(-0.03 + rng.normal(0, 0.02)), -1)
        claims += [
            quote(value, item=item, source="p1", year=YEAR),
            quote(round(value, -2), item=item, source="p2"),
            quote(last, item=item, source="p3", year=YEAR - 1),
            own(value * math.exp(offset + rng.normal(0, 0.04)), item=item),
        ]
    return truth, claims


def test_pages_that_quote_one_number_are_believed_to_ten_dollars():
    """Dated quotations of the asked year are the number itself."""
    truth, claims = panel()
    found = estimates(claims)
    off = [abs(found[i].value / v - 1) for i, v in truth.items()]
    assert np.median(off) < 2e-4
    assert np.mean(off) < 0.01


def test_what_a_site_is_off_by_is_learned_and_taken_away():
    """Where only the site speaks: its figure less what it is over the others."""
    truth, claims = panel()
    claims = [s for s in claims if s.item >= "020" or not s.quotes]
    found = estimates(claims)
    alone = [i for i in truth if i < "020"]
    raw = {s.item: s.value for s in claims if not s.quotes}
    bias = np.mean([math.log(found[i].value / truth[i]) for i in alone])
    assert abs(np.mean([math.log(raw[i] / truth[i]) for i in alone])) > 0.08
    assert abs(bias) < 0.03


def test_an_old_figure_is_aged_by_what_the_others_grew():
    """Where only last year's figure is quoted."""
    truth, claims = panel()
    late = [s for s in claims if s.item >= "020" or s.source == "p3"]
    found = estimates(late)
    stale = {s.item: s.value for s in claims if s.source == "p3"}
    alone = [i for i in truth if i < "020"]
    aged = np.mean([abs(math.log(found[i].value / truth[i])) for i in alone])
    kept = np.mean([abs(math.log(stale[i] / truth[i])) for i in alone])
    assert aged < 0.75 * kept


def test_intervals_hold_most_truths_and_not_all():
    """Of items with nothing but a site's figure or last year's."""
    truth, claims = panel(seed=8, items=120)
    few = [s for s in claims if s.item >= "060" or s.source in ("p3", "site")]
    found = estimates(few)
    held = [found[i].low <= truth[i] <= found[i].high for i in truth]
    assert 0.88 <= np.mean(held) <= 0.99
    assert found["000"].high / found["000"].low > 1.02


@pytest.mark.parametrize(
    ("claims", "value", "within"),
    [
        ([quote(48780, year=YEAR)], 48780, 0.001),
        ([own(48780)], 48780, 0.03),
        ([quote(48780, source=s) for s in "abcd"], 48780, 0.02),
        ([quote(48780, source="a"), quote(23.45, source="b")], 48780, 0.02),
        ([quote(48780, source="a"), quote(4065, source="b")], 48780, 0.02),
    ],
)  # fmt: skip
def test_the_smallest_panels_have_an_answer(claims, value, within):
    """One figure; all equal; hourly and monthly ones among yearly ones."""
    found = estimates(claims)["a"]
    assert found.value == pytest.approx(value, rel=within)
    assert found.low <= found.value <= found.high


def test_the_more_pages_agree_the_surer():
    """On a number whose year nobody names."""
    once = estimates([quote(48780), own(50000)])["a"]
    often = estimates([*(quote(48780, source=s) for s in "abc"), own(50000)])["a"]
    assert abs(often.value - 48780) <= abs(once.value - 48780) + 1
    assert often.high / often.low <= once.high / once.low


@pytest.mark.parametrize("value", [0.0, -5.0, math.inf, math.nan])
def test_what_is_no_pay_says_nothing(value):
    """An item without anything else has no estimate."""
    assert estimates([quote(value)]) == {}
    both = estimates([quote(value), quote(48780, source="b", year=YEAR)])
    assert both == estimates([quote(48780, source="b", year=YEAR)])


def test_no_claims_no_estimates():
    """Rather than an error."""
    assert estimates([]) == {}


def test_the_order_of_claims_does_not_matter():
    """To the last digit."""
    _, claims = panel(items=12)
    assert estimates(claims[::-1]) == estimates(claims)


def test_figures_in_another_money_are_as_much_more():
    """Ten times all figures: ten times the estimates."""
    _, claims = panel(items=12)
    one = estimates(claims)
    ten = estimates([replace(s, value=s.value * 10) for s in claims])
    assert ten["003"].value == pytest.approx(10 * one["003"].value, rel=2e-3)


def test_a_rounded_and_a_cut_figure_are_the_number_itself():
    """And two that name two years are two numbers, however near."""
    said = [
        quote(48780, source="a"),
        quote(48800, source="b"),
        quote(48000, source="c"),
        quote(47180, source="d", year=2022),
        quote(47000, source="e", year=2023),
    ]
    found = group_quotes(said, UNITS)
    assert [(n.value, len(n.labels)) for n in found] == [
        (47180, 1),
        (48780, 3),
        (47000, 1),
    ]
    assert found[1].chance < 0.1


def test_the_chance_that_wrong_figures_agree_falls_with_each_to_a_floor():
    """A grain as a share of the range of wrong ones; none where the number was read."""
    units = replace(UNITS, chance=1.0)
    for value, chance in ((52_000, 1000 / 52_000), (4_000_001, 5e-4)):
        said = [quote(value, source=name) for name in "abc"]
        (found,) = group_quotes(said, units)
        assert found.chance == pytest.approx(chance**2)
    (sure,) = group_quotes([*said, replace(quote(value, source="z"), sure=True)], units)
    assert sure.chance == 0


def test_a_figure_that_no_unit_explains_is_left_out():
    """Five times the others; hourly, monthly and thousands are repaired."""
    said = [own(v, source=str(v)) for v in (50000, 51000, 52000, 250000, 25, 4300, 51)]
    kept = sorted(s.value for s in repair_units(said, UNITS))
    assert kept == pytest.approx([50000, 51000, 51000, 51600, 52000, 52000], rel=1e-6)


def test_past_misses_widen_the_next_interval():
    """By hand: nineteen of twenty past residuals lie within two errors."""
    residual = np.array([*np.linspace(0, 2, 19), 9.0])
    assert multiple(residual, np.ones(20), np.zeros(20)) == pytest.approx(2.0)
    assert multiple(residual, 2 * np.ones(20), np.zeros(20)) == pytest.approx(1.0)


def test_recent_misses_count_for_more():
    """A half-life later a residual counts half."""
    residual, age = np.array([1.0, 1.0, 1.0, 4.0]), np.array([9.0, 9.0, 9.0, 0.0])
    assert multiple(residual, np.ones(4), np.zeros(4), level=0.7) == 1
    assert multiple(residual, np.ones(4), age, level=0.7) == 4


def test_without_a_past_no_interval_is_calibrated():
    """Unbounded, and said so by being so."""
    assert multiple([], [], []) == math.inf
    assert multiple([math.nan], [1.0], [0.0]) == math.inf


def test_the_error_of_an_aged_figure_grows_with_the_root_of_the_years():
    """Beside the errors of both ends."""
    assert spread_of_age([0.0], 4.0, 0.023)[0] == pytest.approx(0.046)
    assert spread_of_age([0.01], 0.0, 0.023)[0] == pytest.approx(0.01 * 2**0.5)
