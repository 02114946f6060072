"""The ladder before the word conflict: each rung with a pair that stands on it."""

import math
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import GUIDE, NEWER, SURVEY, TABLE, VOCABULARY, claim, made_claims, oews

from pipeline.normalise import normalise
from pipeline.normalise.validate import make_empty_broken_rows, validate
from pipeline.reconcile import assess, list_bulk_publishers
from pipeline.reconcile.verdict.alignment import explain_pairs, share_by_rung
from pipeline.reconcile.verdict.experience_bands import find_band_conflicts
from pipeline.reconcile.within_page import ComparisonPhrases
from pipeline.reconcile.within_page import build_pages as read_pages

BULK = list_bulk_publishers(VOCABULARY)
WORDS = ComparisonPhrases.from_vocabulary(VOCABULARY)


def quoted(value=None, **said):
    """A page's figure of a publisher that has no page here."""
    facts = {"attributed_to": "Indeed", "statistic": "mean", "pay_basis": "base",
             "reference_period": "2024", "snapshot": SURVEY}  # fmt: skip
    return claim(value, **{**facts, **said})


def aligned(*rows):
    """The pairs of these figures."""
    draft = normalise(made_claims(*rows), VOCABULARY, {})
    figures, _ = validate(draft, make_empty_broken_rows(), VOCABULARY)
    return explain_pairs(figures, BULK, VOCABULARY)


RUNGS = {
    "statistic": quoted(50000, statistic="median", attributed_to="AAPC"),
    "pay_concept": quoted(61000, pay_basis="total", attributed_to="AAPC"),
    "area": quoted(61000, area="Ohio", attributed_to="AAPC"),
    "experience": quoted(61000, experience_min=10, attributed_to="AAPC"),
    "population": quoted(61000, credential="CPC", attributed_to="AAPC"),
    "occupation": quoted(
        61000, occupation="medical billing specialist", attributed_to="AAPC"
    ),
    "copy": quoted(52340),
    "same": quoted(52340, attributed_to="AAPC"),
    "rounding": quoted(52000, attributed_to="AAPC"),
    "date": quoted(50300, attributed_to="AAPC", reference_period="2023"),
    "unit": quoted(5234, attributed_to="AAPC"),
    "unexplained": quoted(61000, attributed_to="AAPC"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("rung", "other"), RUNGS.items(), ids=RUNGS)
def test_each_pair_stands_on_the_first_rung_that_tells_it_apart(rung, other):
    """The same figure against one that differs in one thing."""
    found = aligned(quoted(52340), other)
    assert found["rung"].to_list() == [rung]


def test_sampling_explains_what_published_errors_allow():
    """Two official tables with relative standard errors; without them, nothing does."""
    rse = oews(4.0, measure="wage_rse", kind="other", statistic="unspecified",
               currency=None, period=None, quote="4.0")  # fmt: skip
    page = quoted(54360, reference_period="2023-05")
    table = oews(53690, statistic="mean")
    draft = normalise(made_claims(page, table, rse), VOCABULARY, {})
    figures, _ = validate(draft, make_empty_broken_rows(), VOCABULARY)
    found = explain_pairs(figures, BULK, VOCABULARY)
    assert found["rung"].to_list() == ["sampling"]
    bare = explain_pairs(figures.with_columns(se_log=0.0), BULK, VOCABULARY)
    assert bare["rung"].to_list() == ["unexplained"]


def test_the_shares_of_the_rungs_add_up():
    """Every pair is on one rung; the manifest says how many."""
    found = aligned(*RUNGS.values())
    told = share_by_rung(found, VOCABULARY)
    assert told["pairs"] == found.height == math.comb(len(RUNGS), 2)
    assert sum(r["pairs"] for r in told["rungs"]) == told["pairs"]
    assert sum(r["share"] for r in told["rungs"]) == pytest.approx(1, abs=1e-5)
    assert {r["rung"] for r in told["rungs"]} >= set(RUNGS)
    assert share_by_rung(found.head(0), VOCABULARY)["pairs"] == 0


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(st.permutations(range(len(RUNGS))))
def test_the_order_of_figures_changes_no_pair(order):
    """A pair once, under the same ids."""
    rows = made_claims(*RUNGS.values())
    draft = normalise(rows, VOCABULARY, {})
    figures, _ = validate(draft, make_empty_broken_rows(), VOCABULARY)
    one = explain_pairs(figures, BULK, VOCABULARY)
    assert explain_pairs(figures[list(order)], BULK, VOCABULARY).equals(one)


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(st.sampled_from([2, 3, 7]))
def test_scaling_all_figures_changes_no_definition(factor):
    """What definitions explain, they explain at any level of pay."""
    kept = ("statistic", "pay_concept", "area", "experience", "population", "copy")
    one = aligned(*(RUNGS[name] for name in kept))
    scaled = [{**RUNGS[name], "value": RUNGS[name]["value"] * factor} for name in kept]
    assert aligned(*scaled)["rung"].to_list() == one["rung"].to_list()


def band(low, high, first, last, **said):
    """A range of pay for a band of years."""
    return claim(None, low=low, high=high, statistic="range", experience_min=first,
                 experience_max=last, **said)  # fmt: skip


def banded(*rows):
    """The conflicts of these ranges: common years and share."""
    claims = made_claims(*rows)
    draft = normalise(claims, VOCABULARY, {})
    found = find_band_conflicts(
        read_pages(claims.to_dicts(), draft.to_dicts(), {}, WORDS)
    )
    return [one.said for one in found]


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (band(40000, 52000, 0, 2), band(35000, 45000, 0, 2, snapshot=NEWER),
         ["0-2|0.29"]),
        (band(53000, 68000, 3, 9), band(45000, 60000, 3, 5, snapshot=NEWER),
         ["3-5|0.30"]),
        (band(69000, 80000, 10, 19), band(60000, 80000, 6, None, snapshot=NEWER), []),
        (band(40000, 52000, 0, 2), band(53000, 68000, 3, 9), []),
        (band(40000, 52000, 0, 2), band(70000, 90000, 0, 2, area="Ohio"), []),
        (band(40000, 52000, 0, 2), band(70000, 90000, 0, 2, specialty="trauma"), []),
    ],
)  # fmt: skip
def test_bands_of_experience_are_joined_on_years(one, other, said):
    """Whatever they are called; ranges that share half of what they cover agree."""
    assert banded(one, other) == said


def test_a_label_takes_the_years_that_its_own_page_gives_it():
    """Entry level is two years on this page, and nothing known on another."""
    named = {"experience_label": "Entry level"}
    table = band(40000, 52000, 0, 2, **named)
    prose = band(30000, 36000, None, None, **named)
    assert banded(table, prose) == ["0-2|0.00"]
    assert banded(table, {**prose, "snapshot": NEWER}) == []


def test_copies_of_a_page_with_bands_are_no_conflict_of_each_with_each():
    """A page's own two bands that disagree are its own; others' are told once."""
    pages = [
        (band(40000, 52000, 0, 2, snapshot=name),
         band(70000, 90000, 0, 2, snapshot=name))
        for name in (f"{n:012x}" for n in range(12))
    ]  # fmt: skip
    odd = band(20000, 30000, 0, 2, snapshot="f" * 12)
    found = banded(*(row for page in pages for row in page), odd)
    # Twelve pages against themselves, and the thirteenth against the first two bands.
    assert len(found) == 12 + 2


def test_what_a_page_says_anew_is_held_against_another_page_that_said_it_first():
    """Not against the page's own copy of it alone."""
    first = band(40000, 52000, 0, 2)
    again = [band(40000, 52000, 0, 2, snapshot=NEWER),
             band(70000, 90000, 0, 2, snapshot=NEWER)]  # fmt: skip
    assert len(banded(first, *again)) == 2


@pytest.mark.parametrize(
    ("quote", "area", "level", "found"),
    [
        (68000, "US", "national", {"misquote"}),
        (51500, "US", "national", set()),
        (36000, "US", "national", {"misquote"}),
        (57000, "US", "national", set()),
    ],
)
def test_a_quote_of_a_release_that_is_not_loaded_has_its_bounds(
    quote, area, level, found
):
    """Aged to one date, the releases on either side say how far it may be."""
    table = [oews(48780), oews(51140, reference_period="2025-05", snapshot=NEWER)]
    page = claim(quote, attributed_to="BLS", reference_period="2024-05", area=area,
                 area_level=level)  # fmt: skip
    draft = normalise(made_claims(page, *table), VOCABULARY, {})
    figures, _ = validate(draft, make_empty_broken_rows(), VOCABULARY)
    told = assess(draft.filter(pl.col("snapshot") == GUIDE), figures.lazy(),
                  VOCABULARY, {})  # fmt: skip
    assert set(told.discrepancies["type"]) == found
    assert {v.verdict for _, v in told.judged} == {"not_in_release"}
    assert set(told.discrepancies["severity"]) <= {2}


def test_figures_of_one_page_credited_to_who_publishes_none_are_one_row():
    """Four bands under "according to the BLS" are one mistake."""
    rows = [claim(None, low=1000 * n, high=1000 * n + 9000, statistic="range",
                  attributed_to="BLS", experience_min=n - 35, experience_max=n - 33)
            for n in (36, 45, 60)]  # fmt: skip
    draft = normalise(made_claims(*rows, oews(48780)), VOCABULARY, {})
    figures, _ = validate(draft, make_empty_broken_rows(), VOCABULARY)
    told = assess(draft.filter(pl.col("snapshot") != TABLE), figures.lazy(),
                  VOCABULARY, {}).discrepancies  # fmt: skip
    (row,) = told.to_dicts()
    assert (row["type"], len(row["claim_ids"].split())) == ("impossible_or_orphan", 3)
    assert row["sentence"].endswith("The same holds of 2 more.")


def test_a_misquote_that_changes_little_is_no_severe_one():
    """Ten dollars of thirty-five thousand; two thousand are another matter."""
    table = [oews(35080, statistic="p10"), oews(77810, statistic="p90")]
    page = [claim(v, attributed_to="BLS", reference_period="2023-05", statistic=s)
            for v, s in ((35090, "p10"), (80090, "p90"))]  # fmt: skip
    draft = normalise(made_claims(*page, *table), VOCABULARY, {})
    figures, _ = validate(draft, make_empty_broken_rows(), VOCABULARY)
    told = assess(draft.filter(pl.col("snapshot") == GUIDE), figures.lazy(),
                  VOCABULARY, {}).discrepancies  # fmt: skip
    assert dict(zip(told["difference"], told["severity"], strict=True)) == {
        Decimal("2280.00"): 3, Decimal("10.00"): 2,
    }  # fmt: skip
