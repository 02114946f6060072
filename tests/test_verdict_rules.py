"""What a quotation is beside what its publisher published, by small tables of cells."""

from dataclasses import replace
from decimal import Decimal
from itertools import count

import numpy as np
import polars as pl
import pytest
from made import VOCABULARY
from placed import MEASURES, WORDS, figure_row, page_of, placed

from pipeline.reconcile.evidence.publishers import Publishers
from pipeline.reconcile.evidence.references import Reference, ReferenceIndex
from pipeline.reconcile.verdict import alignment
from pipeline.reconcile.verdict.alignment import explain_pairs, limit_figures
from pipeline.reconcile.verdict.conflict_sentences import (
    SentenceWriter,
    compute_difference,
)
from pipeline.reconcile.verdict.digit_errors import (
    has_swapped_digits,
    is_one_digit_off,
)
from pipeline.reconcile.verdict.discrepancies import build_discrepancies
from pipeline.reconcile.verdict.experience_bands import find_band_conflicts
from pipeline.reconcile.verdict.judge import Judge
from pipeline.reconcile.verdict.place_rankings import (
    describe_omitted,
    find_omitted_places,
    is_state_figure,
    rank_states,
)
from pipeline.reconcile.verdict.projection_mismatches import (
    find_projection_mismatches,
)
from pipeline.reconcile.verdict.quoted_ranges import (
    convert_to_period,
    distance_sort_key,
    is_same_population,
    match_range,
)
from pipeline.reconcile.verdict.slip_explanations import (
    AskedCell,
    PublishedCell,
    PublishedCells,
    explain_slips,
    grain_of_quoted,
    is_rounded_cell,
    unit_of_last_digit,
)
from pipeline.reconcile.verdict.verdicts import Verdict
from pipeline.reconcile.verdict.vintage_bounds import (
    find_beyond_vintages,
    find_false_precision,
    is_too_precise,
)
from pipeline.reconcile.within_page import Contradiction
from pipeline.reconcile.within_page.premiums_and_codes import overlap_share

PUBLISHERS = Publishers.from_vocabulary(VOCABULARY)
numbers = count()


def cell(annual=None, /, **said):
    """A cell that BLS published: the median of welders in the nation in 2024."""
    n = next(numbers)
    amount = None if annual is None else Decimal(str(annual))
    facts = {
        "claim_id": f"r{n:04}", "publisher": "bls", "soc": "51-4121", "area_code": "US",
        "cohort": "all", "pay_basis": "base", "statistic": "median", "year": 2024,
        "period": "year", "amount": amount, "low": None, "high": None, "annual": amount,
        "availability": "published", "reference_period": None, "source": "bls_oews",
        "snapshot": "f" * 12, "locator": "row=1", "quote": f"{annual}",
        "cell": f"cell-r{n}", "currency": "USD", "area": "United States", "hand": 0,
    }  # fmt: skip
    return Reference(**{**facts, **said})


def index_of(*cells):
    """The evidence of these cells."""
    by_job = {}
    for one in cells:
        by_job.setdefault((one.publisher, one.soc), []).append(one)
    return ReferenceIndex(frozenset({"bls", "comparably"}), by_job)


def quote_row(value=None, /, **said):
    """A figure that a page credits to BLS."""
    facts = {"publisher": "bls", "attributed_to": "BLS", "reference_period": "2024-05"}
    return figure_row(value, **{**facts, **said})


def judged(row, *cells):
    """The verdict on a row, given these cells."""
    return Judge(index_of(*cells), MEASURES, PUBLISHERS).judge_figures([row])[0]


OHIO = {"area_code": "39", "area": "Ohio"}
RANGE = {"statistic": "range"}
OWN = cell(48780)
TENTHS = (cell(35080, statistic="p10"), cell(77810, statistic="p90"))
OLD = cell(47180, year=2023)
MEAN = cell(53690, statistic="mean")
HOUR = cell(48776, period="hour", amount=Decimal("23.45"))
UNDATED = {"year": None, "reference_period": None}
THREE = (cell(48780), cell(47180, year=2023), cell(45120, year=2022))


@pytest.mark.parametrize(
    ("row", "cells", "verdict", "why"),
    [
        (quote_row(48000, publisher="unnamed"), [OWN], "unattributed", "unattributed"),
        (quote_row(48780, publisher="unnamed"), [OWN], "unattributed",
         "same_as_official"),
        (quote_row(48780, primary=True), [OWN], "not_comparable", "own_publication"),
        (quote_row(48780, publisher="bls+payscale"), [OWN], "cannot_tell", "compiled"),
        (quote_row(48780, publisher="aapc"), [OWN], "not_in_release",
         "publisher_not_loaded"),
        (quote_row(48780, publisher="dol"), [OWN], "supported", "own_cell"),
        (quote_row(48780, publisher="bls+dol"), [OWN], "supported", "own_cell"),
        (quote_row(50000, cohort="credential=cwi"), [OWN], "wrong_scope", "no_bands"),
        (quote_row(48780, cohort="credential=cwi"), [OWN], "cannot_tell", "narrower"),
        (quote_row(50000, cohort="experience=3-5"), [OWN], "wrong_scope", "no_bands"),
        (quote_row(50000, cohort="experience=senior"), [OWN], "cannot_tell",
         "no_bands"),
        (quote_row(53690, cohort="experience=senior"), [OWN, MEAN], "wrong_statistic",
         "wrong_statistic"),
        (quote_row(48780, publisher="comparably", statistic="p90"), [OWN],
         "wrong_scope", "no_statistic"),
        (quote_row(48780, soc_candidates=None), [OWN], "not_comparable",
         "occupation_unknown"),
        (quote_row(48780), [OWN], "supported", "own_cell"),
        (quote_row(49000), [OWN], "rounded", "own_cell"),
        (quote_row(48780), [MEAN], "not_in_release", "cell_not_loaded"),
        (quote_row(48780), [cell(48780, cohort="industry=622")], "not_in_release",
         "cell_not_loaded"),
        (quote_row(48780), [cell(48780, **OHIO)], "not_in_release", "cell_not_loaded"),
        (quote_row(48780), [OLD], "not_in_release", "vintage_not_loaded"),
        (quote_row(47180), [OWN, OLD], "stale", "stale_vintage"),
        (quote_row(53690), [OWN, MEAN], "wrong_statistic", "wrong_statistic"),
        (quote_row(53690), [OWN, replace(MEAN, year=2023)], "misquoted", "misquote"),
        (quote_row(4878), [OWN], "unit_slip", "unit_slip"),
        (quote_row(46900), [OWN, HOUR], "unit_slip", "unit_slip"),
        (quote_row(46910), [OWN, HOUR], "misquoted", "misquote"),
        (quote_row(24.39, period="hour"), [OWN], "unit_slip", "unit_slip"),
        (quote_row(4718), [OWN, OLD], "cannot_tell", "open_value"),
        (quote_row(98780), [OWN, OLD], "misquoted", "digit_slip"),
        (quote_row(45000), [OWN], "misquoted", "misquote"),
        (quote_row(45000), [OWN, cell(45000, year=2023)], "misquoted", "misquote"),
        (quote_row(45100), [OWN, cell(45100, year=2023)], "stale", "stale_vintage"),
        (quote_row(45500), [OWN, cell(45500, year=2023)], "misquoted", "misquote"),
        (quote_row(45100, approximate=True), [OWN, cell(45100, year=2023)],
         "misquoted", "misquote"),
        (quote_row(47180, approximate=True), [OWN, OLD], "stale", "stale_vintage"),
        (quote_row(47180, reference_period="2024"), [OWN, OLD], "older_figure",
         "published_that_year"),
        (quote_row(45120, reference_period="2024"), [OWN, cell(45120, year=2022)],
         "stale", "stale_vintage"),
        (quote_row(48780, year=2025, reference_period="2025"), [OWN], "supported",
         "own_cell"),
        (quote_row(45120), [OWN, cell(45120, **OHIO)], "misquoted", "misquote"),
        (quote_row(45000), [cell(None)], "not_in_release", "suppressed_at_source"),
        (quote_row(45000, soc_candidates="51-4121|47-2211"), [OWN], "cannot_tell",
         "open_occupation"),
        (quote_row(47180, soc_candidates="51-4121|47-2211"), [OWN, OLD], "stale",
         "stale_vintage"),
        (quote_row(48780, statistic="unspecified"), [OWN, MEAN], "supported",
         "own_cell"),
        (quote_row(54000, statistic="unspecified"), [OWN, MEAN], "rounded",
         "own_cell"),
        (quote_row(41000, statistic="unspecified"), [OWN, MEAN], "cannot_tell",
         "open_statistic"),
        (quote_row(47180, statistic="unspecified"), [OWN, OLD], "older_figure",
         "older_vintage"),
        (quote_row(47180, statistic="unspecified"), [cell(48780, **OHIO)],
         "not_in_release", "cell_not_loaded"),
        (quote_row(48780, period=None, annual=None), [OWN], "cannot_tell",
         "no_period"),
        (quote_row(35080, statistic="minimum"), TENTHS, "cannot_tell",
         "percentile_as_end"),
        (quote_row(36080, statistic="minimum"), TENTHS, "cannot_tell", "end"),
        (quote_row(48780, **UNDATED), THREE, "supported", "own_cell"),
        (quote_row(49000, **UNDATED), THREE, "rounded", "own_cell"),
        (quote_row(47180, **UNDATED), THREE, "older_figure", "older_vintage"),
        (quote_row(47000, **UNDATED), THREE, "older_figure", "older_vintage"),
        (quote_row(41000, **UNDATED), THREE, "cannot_tell", "open_reference_period"),
        (quote_row(48780, **UNDATED), [cell(48780, **OHIO)], "not_in_release",
         "cell_not_loaded"),
        (quote_row(23.45, period="hour"), [OWN], "supported", "own_cell"),
        (quote_row(23, period="hour"), [OWN], "rounded", "own_cell"),
        (quote_row(23.40, period="hour"), [OWN], "rounded", "own_cell"),
        (quote_row(23.41, period="hour"), [OWN], "misquoted", "misquote"),
        (quote_row(48776, annual=48776), [OWN, HOUR], "rounded", "own_cell"),
        (quote_row(48760, annual=48760), [OWN, HOUR], "misquoted", "digit_slip"),
        (quote_row(None, low=35080, high=77810, **RANGE), TENTHS, "supported",
         "own_cell"),
        (quote_row(None, low=35000, high=77810, **RANGE), TENTHS, "rounded",
         "own_cell"),
        (quote_row(None, low=39000, high=77810, **RANGE), TENTHS, "cannot_tell",
         "range_not_point"),
        (quote_row(None, low=39000, high=77810, **UNDATED, **RANGE), TENTHS,
         "cannot_tell", "range_not_point"),
        (quote_row(None, low=39000, high=77810, year=2020, **RANGE), TENTHS,
         "not_in_release", "cell_not_loaded"),
        (quote_row(None, low=39000, high=77810, **RANGE), [cell(1, **OHIO)],
         "not_in_release", "cell_not_loaded"),
    ],
)  # fmt: skip
def test_a_figure_is_judged_by_the_cheapest_explanation(row, cells, verdict, why):
    """Its own cell, then an older one, another statistic, a unit, another cell."""
    found = judged(row, *cells)
    assert (found.verdict, found.why) == (verdict, why)
    is_conflict = verdict in ("stale", "wrong_statistic", "unit_slip", "misquoted",
                              "wrong_scope")  # fmt: skip
    assert (found.type is not None) is is_conflict
    assert found.claim_id == row["claim_id"]


def test_the_reference_of_a_slip_is_the_cell_that_explains_it():
    """Of several vintages the newest; of a unit the nearest cell of its year."""
    same = [cell(45120, year=2020), cell(45120, year=2022), cell(45120, year=2021)]
    found = judged(quote_row(45120), OWN, *same)
    assert (found.reference.year, found.cost, found.runner_up) == (2022, 1, "misquote")
    mean = cell(45120, statistic="mean")
    found = judged(quote_row(45120), OWN, mean, same[0])
    assert (found.why, found.runner_up) == ("stale_vintage", "wrong_statistic")
    ten = cell(451200)
    found = judged(quote_row(45120), ten, mean)
    assert (found.why, found.runner_up) == ("wrong_statistic", "unit_slip")
    hourly = cell(217, period="hour", annual=Decimal(451360))
    found = judged(quote_row(45120), hourly, ten)
    assert (found.why, found.reference) == ("unit_slip", ten)
    assert found.cost == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("value", "why"),
    [(47780, "digit_slip"), (47880, "digit_slip"), (45010, "misquote")],
)
def test_a_misquote_tells_a_wrong_digit_from_what_nothing_explains(value, why):
    """Where one digit, or two that changed places, make it the cell."""
    found = judged(quote_row(value), OWN)
    assert (found.why, found.reference, found.cost) == (why, OWN, 2.0)


def test_of_cells_that_match_the_exact_then_the_unconverted_then_the_first_counts():
    """By the publisher's order of sources, then by id."""
    first, again = cell(48780, hand=1), cell(48780)
    assert judged(quote_row(48780), first, again).reference is again
    later = cell(48780)
    assert judged(quote_row(48780), later, again).reference is again
    hour = cell(23.45, period="hour", annual=Decimal(48780))
    assert judged(quote_row(48780), hour, later).reference is later
    near = cell(49010)
    assert judged(quote_row(49000), near, cell(49000)).verdict == "supported"
    month = quote_row(4065, period="month", annual=Decimal(48780))
    assert judged(month, later).verdict == "supported"
    month = quote_row(4066, period="month", annual=Decimal(48792))
    assert judged(month, cell(48795)).verdict == "rounded"


@pytest.mark.parametrize(
    ("said", "same"),
    [
        ({}, True), ({"cohort": "industry=1"}, False), ({"currency": "GBP"}, False),
        ({"pay_basis": "total"}, False), ({"pay_basis": "unspecified"}, True),
    ],
)  # fmt: skip
def test_a_cell_is_of_the_people_money_and_basis_that_the_page_says(said, same):
    """An unstated basis is no other one."""
    assert is_same_population(OWN, quote_row(1, **said)) is same
    assert is_same_population(cell(1, **said), quote_row(1)) is same


@pytest.mark.parametrize(
    ("row", "reference", "amount"),
    [
        (quote_row(1), OWN, 48780),
        (quote_row(1), cell(None, amount=Decimal(5)), None),
        (quote_row(1), cell(23.45, period="hour", annual=Decimal(48776)), 48776),
        (quote_row(20, period="hour"), OWN, Decimal(48780) / 2080),
        (quote_row(20, period="hour"), cell(23.45, period="hour"), Decimal("23.45")),
        (quote_row(0, period="hour"), OWN, 48780),
        (quote_row(20, period="hour"), cell(None), None),
    ],
)
def test_a_published_figure_is_put_in_the_pay_period_of_the_quote(
    row, reference, amount
):
    """By the factor that made the quote yearly."""
    found = convert_to_period(row, reference)
    assert found == (None if amount is None else pytest.approx(Decimal(amount)))


def test_the_nearest_cell_is_of_the_pay_period_then_of_the_amount():
    """A withheld one is the last."""
    hour = cell(23.45, period="hour", annual=Decimal(48000))
    near, far, none = cell(49000), cell(40000), cell(None)
    order = sorted((none, hour, far, near),
                   key=lambda r: distance_sort_key(quote_row(48000), r))  # fmt: skip
    assert order == [near, far, none, hour]


PUBLISHED = cell(None, low=Decimal(40000), high=Decimal(60000))


@pytest.mark.parametrize(
    ("row", "cells", "found"),
    [
        ({"low": 40000, "high": 60000}, [PUBLISHED], "exact"),
        ({"low": 40000, "high": 61000}, [PUBLISHED], None),
        ({"low": 41000, "high": 60000}, [PUBLISHED], None),
        ({"low": 40000, "high": 60000}, [replace(PUBLISHED, high=None)], None),
        ({"low": 40000, "high": 60000}, [replace(PUBLISHED, low=None)], None),
        ({"low": 40000, "high": 60000}, [replace(PUBLISHED, year=2023)], None),
        ({"low": 40000, "high": 60000}, [replace(PUBLISHED, area_code="39")], None),
        ({"low": 40000, "high": 60000}, [replace(PUBLISHED, cohort="x=1")], None),
        ({"low": 40000, "high": 60000, "year": None}, [PUBLISHED], "exact"),
        ({"low": 40000, "high": None}, [PUBLISHED], None),
        ({"low": None, "high": 60000}, [PUBLISHED], None),
        ({"low": 35080, "high": 77810}, TENTHS, "exact"),
        ({"low": 35000, "high": 78000}, TENTHS, "rounded"),
        ({"low": 35080, "high": 78000}, TENTHS, "rounded"),
        ({"low": 35080, "high": 77810}, TENTHS[:1], None),
        ({"low": 35080, "high": 77810}, TENTHS[1:], None),
        ({"low": 35080, "high": 77810},
         [replace(t, year=y) for t, y in zip(TENTHS, (2024, 2023), strict=True)], None),
        ({"low": 35080, "high": 77810},
         [replace(TENTHS[0], annual=None), TENTHS[1]], None),
        ({"low": 43490, "high": 64820},
         [cell(43490, statistic="p25"), cell(64820, statistic="p75")], "exact"),
        ({"low": 20, "high": 30, "period": "hour"},
         [cell(20, period="hour", annual=Decimal(41600), statistic="p10"),
          cell(30, period="hour", annual=Decimal(62400), statistic="p90")], "exact"),
        ({"low": 20, "high": 30, "period": "hour"},
         [cell(41600, statistic="p10"), cell(62400, statistic="p90")], None),
        ({"low": 41600, "high": 62400},
         [cell(20, period="hour", annual=Decimal(41600), statistic="p10"),
          cell(30, period="hour", annual=Decimal(62400), statistic="p90")], None),
        ({"low": 35000, "high": 77000, "approximate": True}, TENTHS, "rounded"),
        ({"low": 36000, "high": 77810}, TENTHS, None),
    ],
)  # fmt: skip
def test_a_range_is_a_published_one_or_two_percentiles_of_a_year(row, cells, found):
    """Both ends have to match; by the hour with cells by the hour."""
    got = match_range(quote_row(None, **RANGE, **row), cells, MEASURES)
    assert (got and got[1]) == found


def test_a_range_without_a_year_is_of_the_newest_that_has_it():
    """The lower percentile is its reference."""
    old = [replace(t, year=2023) for t in TENTHS]
    row = quote_row(None, low=35080, high=77810, year=None, **RANGE)
    assert match_range(row, [*old, *TENTHS], MEASURES) == (TENTHS[0], "exact")


@pytest.mark.parametrize(
    ("value", "said", "cells", "precise"),
    [
        (48783, {}, [cell(10 * n) for n in range(12)], True),
        (48780, {}, [cell(10 * n) for n in range(12)], False),
        (48783, {}, [cell(10 * n) for n in range(11)], False),
        (48783, {}, [cell(10 * n) for n in range(12)] + [cell(41)], False),
        (
            48783,
            {},
            [cell(10 * n) for n in range(12)] + [cell(41, period="hour")],
            True,
        ),
        (48783, {}, [cell(10 * n) for n in range(12)] + [cell(None)], True),
        (48783, {"period": "month"}, [cell(10 * n) for n in range(12)], False),
        (None, {}, [cell(10 * n) for n in range(12)], False),
    ],
)
def test_a_digit_is_false_where_all_of_a_publishers_figures_are_coarser(
    value, said, cells, precise
):
    """Twelve are enough to tell; of yearly figures."""
    assert is_too_precise(quote_row(value, **said), cells, MEASURES) is precise


def test_false_precision_is_found_in_quotes_that_cannot_be_told_alone():
    """Of a known occupation."""
    evidence = index_of(*(cell(10 * n) for n in range(12)))
    row = quote_row(48783)
    pairs = [
        (row, Verdict("x", "cannot_tell", "undated")),
        (row, Verdict("x", "misquoted", "misquote")),
        ({**row, "soc_candidates": None}, Verdict("x", "cannot_tell", "undated")),
    ]
    found = list(find_false_precision(pairs, evidence, MEASURES))
    assert [one.rows for one in found] == [(row,)]


def aged(value, year=2023, **said):
    """A cell that was aged to the date of the release."""
    return cell(value, year=year, aged=Decimal(value), **said)


@pytest.mark.parametrize(
    ("value", "said", "cells", "found"),
    [
        (50000, {}, [aged(50000)], None),
        (58000, {}, [aged(50000)], None),
        (58200, {}, [aged(50000)], "50,000 in None|50,000"),
        (42900, {}, [aged(50000)], "50,000 in None|50,000"),
        (60000, {"area_level": "state"}, [aged(50000)], None),
        (65000, {"area_level": "state"}, [aged(50000)], "50,000 in None|50,000"),
        (58200, {"ageing_sd": 0.05}, [aged(50000)], None),
        (58200, {"ageing_sd": 0.02}, [aged(50000, ageing_sd=0.02)], None),
        (58200, {"aged": None}, [aged(50000)], None),
        (58200, {}, [aged(50000, year=2020), aged(58000, year=2023)], None),
        (
            58200,
            {},
            [aged(50000, year=2022), aged(58000, year=2027)],
            "50,000 in None|50,000",
        ),
        (58200, {}, [cell(50000, year=2023)], None),
        (58200, {}, [aged(50000, area_code="39")], None),
        (58200, {}, [aged(50000, statistic="mean")], None),
        (58200, {}, [aged(50000, period="hour")], None),
        (58200, {}, [aged(50000, cohort="x=1")], None),
    ],
)
def test_a_quote_far_beyond_the_nearest_release_is_wrong(value, said, cells, found):
    """Aged to one date; of states further, and by what ageing leaves open."""
    row = quote_row(value, **{"aged": Decimal(value), "ageing_sd": None, **said})
    pairs = [(row, Verdict("x", "not_in_release", "vintage_not_loaded"))]
    got = list(find_beyond_vintages(pairs, index_of(*cells), MEASURES))
    assert [one.said for one in got] == ([] if found is None else [found])
    other = [(row, Verdict("x", "cannot_tell", "undated"))]
    assert not list(find_beyond_vintages(other, index_of(*cells), MEASURES))


@pytest.mark.parametrize(
    ("row", "reference", "found"),
    [
        (quote_row(50000), OWN, (Decimal(1220), 2.501)),
        (quote_row(48000), OWN, (Decimal(-780), -1.599)),
        (
            quote_row(25, period="hour"),
            cell(20, period="hour", annual=Decimal(41601)),
            (Decimal(5), 25.0),
        ),
        (quote_row(25, period="hour"), cell(50000), (Decimal(2000), 4.0)),
        (quote_row(None), OWN, None),
        (quote_row(50000), cell(None), None),
        (quote_row(50000), cell(0), None),
    ],
)
def test_a_difference_is_taken_in_the_pay_period_of_both(row, reference, found):
    """By the year where they have two."""
    assert compute_difference(row, reference) == found


WRITER = SentenceWriter.from_vocabulary(VOCABULARY, {"f" * 12: "national.csv"})
BANDED = {"cohort": "experience=2-5", "reference_period": None, "period": None}


def written(verdict, why="misquote", reference=OWN, **said):
    """The sentence of a verdict."""
    row = quote_row(50000, **said)
    return WRITER.write_verdict(row, Verdict("x", verdict, why, reference))


def test_a_sentence_has_what_the_page_and_what_the_source_says():
    """With the difference where there is one, and the publisher where it is named."""
    text = written("misquoted")
    assert "welder, United States, 2024" in text
    assert "48,780" in text
    assert "national.csv row=1" in text
    assert "1,220 more (+2.5 %)" in text
    assert "780 less (-1.6 %)" in WRITER.write_verdict(
        quote_row(48000), Verdict("x", "misquoted", "misquote", OWN))  # fmt: skip
    for verdict in ("supported", "rounded", "stale", "wrong_statistic", "unit_slip"):
        assert "is not what" not in written(verdict)
        assert "national.csv" in written(verdict)
    assert ", but " in written("wrong_scope", "geography_mismatch")
    assert "national.csv" in written("wrong_scope", "geography_mismatch")
    assert "is credited to" in written("wrong_scope", "no_bands", None)
    untold = written("cannot_tell", "open_area")
    assert "cannot tell, the page does not say plainly which place" in untold
    assert "It names" in untold
    assert "national.csv" not in untold
    assert "It names" not in written("cannot_tell", "open_area", publisher="unnamed")
    lacking = Verdict("x", "not_in_release", "vintage_not_loaded", missing="1999-05")
    assert "Missing: 1999-05." in WRITER.write_verdict(quote_row(5), lacking)
    older = written("older_figure", "older_vintage")
    assert "but the publisher has newer ones" in older
    lent = written("supported", "own_cell", publisher="unnamed")
    assert "is what BLS published" in lent
    same = written("unattributed", "same_as_official", publisher="unnamed")
    assert "names nobody; it is the same as BLS has" in same
    assert "not comparable" in written("not_comparable", "own_publication")
    nothing = written("misquoted", reference=cell(None))
    assert "no figure" in nothing
    assert " more (" not in nothing
    ends = cell(None, low=Decimal(40000), high=Decimal("60000.5"), area=None)
    assert "40,000 to 60,000.50" in written("supported", reference=ends)
    assert "51-4121, US, 2024" in written("supported", reference=ends)
    dated = cell(5, reference_period="2024-05", snapshot="0" * 12)
    assert "2024-05 (000000000000 row=1)" in written("supported", reference=dated)


def test_a_figure_is_described_by_what_the_page_says_it_is_of():
    """Nothing that it leaves out; a change is no level."""
    assert "(welder, Ohio, experience 2-5)" in WRITER.describe_figure(
        quote_row(5, area="Ohio", **BANDED))  # fmt: skip
    unnamed = WRITER.describe_figure(quote_row(5, occupation=None, area=None))
    assert "(an unnamed occupation, US, 2024-05)" in unnamed
    assert "  " not in WRITER.describe_figure(quote_row(5, **BANDED))
    raised = WRITER.describe_figure(quote_row(5, kind="pay_delta_rel", quote="5 %"))
    assert raised == "a change of 5 %"
    draft = quote_row(5)
    del draft["kind"]
    assert "welder" in WRITER.describe_figure(draft)
    known = WRITER.write_verdict(
        quote_row(5, occupation=None), Verdict("x", "not_comparable",
                                               "occupation_unknown"))  # fmt: skip
    other = WRITER.write_verdict(
        quote_row(5), Verdict("x", "not_comparable", "occupation_unknown"))  # fmt: skip
    assert known.partition(",")[2] != other.partition(",")[2]
    assert WRITER.words["occupation_not_named"] in known
    assert WRITER.words["occupation_unknown"] in other


def test_a_contradictions_sentence_has_its_figures_and_what_was_computed():
    """Up to three values, joined by bars."""
    rows = tuple(quote_row(n) for n in (5, 6, 7))
    say = WRITER.write_contradiction
    two = say(Contradiction("x", rows[:2], "said_twice"))
    assert "$5" in two
    assert "$6" in two
    assert say(Contradiction("x", rows, "two_sizes", "9 %")).count("$") == 3
    assert "500 a full-time year" in say(
        Contradiction("x", (quote_row(500),), "below_minimum"))  # fmt: skip
    copied = say(Contradiction("x", rows[:1], "copied", "12|3|9"))
    assert "12 figures" in copied
    assert "on 3 pages" in copied
    assert "10^9" in copied


def listed(*pairs, found=()):
    """The rows of conflicts of these verdicts."""
    return build_discrepancies(pairs, found, WRITER, VOCABULARY).rows(named=True)


def test_a_conflict_is_a_row_with_what_is_wrong_and_by_how_much():
    """Most severe first; a slight misquote is less so."""
    slight, grave, fine = quote_row(48770), quote_row(60000), quote_row(48780)
    found = Verdict("x", "misquoted", "misquote", OWN, "misquote", 2.0, "digit_slip")
    first, second = listed((slight, found), (grave, found),
                           (fine, Verdict("x", "supported", "own_cell")))  # fmt: skip
    assert (first["published"], second["published"]) == ("$60000", "$48770")
    assert first["severity"] > second["severity"]
    assert first["difference"] == Decimal(11220)
    assert (first["reference"], first["runner_up"]) == ("48780", "digit_slip")
    assert first["cells"] == " ".join(sorted([grave["cell"], OWN.cell]))
    assert first["reference_claim"] == OWN.claim_id
    bare = Verdict("x", "wrong_scope", "no_bands", None, "geography_mismatch", 1.0)
    (row,) = listed((grave, bare))
    assert (row["reference"], row["difference"], row["cells"]) == (
        None, None, grave["cell"])  # fmt: skip


def test_figures_that_a_publisher_never_publishes_are_one_row_a_page_and_reason():
    """With all their cells; of another page, publisher or reason another row."""

    def orphan(why="no_bands"):
        return Verdict("x", "wrong_scope", why, None, "impossible_or_orphan", 0.0)

    one, two = quote_row(5), quote_row(6)
    (row,) = listed((one, orphan()), (two, orphan()))
    assert row["published"] == "$5, $6"
    assert row["sentence"].endswith(" The same holds of 1 more.")
    assert row["cells"].split() == sorted([one["cell"], two["cell"]])
    assert len(listed((one, orphan()), (two, orphan("no_statistic")))) == 2
    elsewhere = quote_row(6, snapshot="b" * 12)
    assert len(listed((one, orphan()), (elsewhere, orphan()))) == 2
    rows = listed((one, orphan()), (quote_row(6, publisher="ons"), orphan()))
    assert len(rows) == 2
    assert not any("The same holds" in row["sentence"] for row in rows)


def test_a_contradiction_is_known_by_its_claims_or_its_first():
    """One conflict of the same figures is one row."""
    a, b = quote_row(5), quote_row(6)
    twice = [Contradiction("internal_contradiction", (a, b), "said_twice")] * 2
    (row,) = listed(found=twice)
    assert row["discrepancy_id"] == (
        f"internal_contradiction:{a['claim_id']}+{b['claim_id']}")  # fmt: skip
    assert (row["published"], row["reference"]) == ("$5", "$6")
    assert row["cells"].split() == sorted([a["cell"], b["cell"]])
    bare = {k: v for k, v in a.items() if k != "cell"}
    many = Contradiction("internal_contradiction", (bare,), "said_twice",
                         others="and more")  # fmt: skip
    (row,) = listed(found=[many])
    assert row["discrepancy_id"] == f"internal_contradiction:{a['claim_id']}"
    assert (row["reference"], row["cells"]) == ("and more", None)


def banded(low, high, years, /, **said):
    """A range of pay for years of experience, as a fact."""
    place = {k: said.pop(k) for k in ("label",) if k in said}
    parts = (f"experience={years}" if years else "", said.pop("beside", ""))
    cohort = ";".join(part for part in parts if part)
    return placed(None, low=low, high=high, statistic="range",
                  cohort=cohort or "all", **place, **said)  # fmt: skip


def bands(*facts):
    """What conflicting bands of a page say."""
    return [one.said for one in find_band_conflicts([page_of(*facts)])]


JUNIOR = banded(40000, 50000, "0-2")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (banded(60000, 70000, "0-2"), ["0-2|0.00"]),
        (banded(45000, 50000, "0-2"), []),
        (banded(45001, 50000, "0-2"), ["0-2|0.50"]),
        (banded(60000, 70000, "2-5"), []),
        (banded(60000, 70000, "1-5"), ["1-2|0.00"]),
        (banded(60000, 70000, "1-"), ["1-2|0.00"]),
        (banded(60000, 70000, "-1"), ["0-1|0.00"]),
        (banded(60000, 70000, "-"), []),
        (banded(60000, 70000, ""), []),
        (banded(60000, None, "0-2"), []),
        (banded(None, 70000, "0-2"), []),
        (banded(60000, 70000, "0-2", primary=True), []),
        (banded(70000, 60000, "0-2"), []),
        (banded(60000, 60000, "0-2"), ["0-2|0.00"]),
        (banded(60000, 70000, "0-2", soc_candidates="47-2211"), []),
        (banded(60000, 70000, "0-2", soc_candidates=None), []),
        (banded(60000, 70000, "0-2", soc_candidates="47-2211|51-4121"), ["0-2|0.00"]),
        (banded(60000, 70000, "0-2", beside="specialty=x"), []),
        (banded(60000, 70000, "0-2", beside="credential=cwi"), ["0-2|0.00"]),
        (banded(60000, 70000, "0-2", area_code="39"), []),
        (banded(60000, 70000, "0-2", currency="GBP"), []),
        (banded(60000, 70000, "0-2", pay_basis="total"), []),
        (banded(60000, 70000, "0-2", pay_basis="unspecified"), ["0-2|0.00"]),
        (banded(60000, 70000, "0-2", year=2023), []),
        (banded(60000, 70000, "0-2", year=None), ["0-2|0.00"]),
    ],
)
def test_bands_conflict_on_the_years_that_both_have(other, said):
    """Where they share less than half of what they cover, and are comparable."""
    assert bands(JUNIOR, other) == said


def test_bands_with_two_credentials_are_of_two_kinds_of_people():
    """Open bands have common years without an end; equal points agree."""
    kinds = [banded(n, n + 9000, "0-2", beside=f"credential={c}")
             for n, c in ((40000, "cwi"), (70000, "asme"))]  # fmt: skip
    assert bands(*kinds) == []
    opened = [banded(40000, 50000, "6-"), banded(70000, 80000, "10-")]
    assert bands(*opened) == ["10+|0.00"]
    # Who has more than ten years is among those with more than six.
    assert bands(banded(40000, 60000, "6-"), banded(50000, 80000, "10-")) == []
    assert bands(banded(5, 5, "0-2"), banded(5, 5, "0-2", area="Here")) == []


def test_a_label_counts_for_the_years_that_its_page_gives_it_once():
    """Two labels without years may mean different people."""
    ladder = banded(1000, 9000, "0-2", label="Entry", currency="GBP")
    one = banded(40000, 50000, "", label="Entry")
    other = banded(70000, 80000, "", label="Entry 2")
    assert bands(ladder, one, other) == []
    assert bands(ladder, one, banded(70000, 80000, "0-2", label="Entry")) == [
        "0-2|0.00"
    ]
    written_label = placed(None, low=70000, high=80000, statistic="range",
                           experience_label="Entry")  # fmt: skip
    stated = banded(40000, 50000, "0-2", label="Entry")
    assert bands(stated, written_label) == ["0-2|0.00"]
    assert bands(stated, placed(None, low=70000, high=80000, statistic="range")) == []


def states(n, publisher="bls", **said):
    """Figures of n states, the first the best paid."""
    facts = {"primary": True, "publisher": publisher, "soc": "51-4121",
             "area_level": "state", "cohort": "all", "statistic": "mean",
             "period": "year", "year": 2024}  # fmt: skip
    return [
        {
            **facts,
            "area_code": f"{i:02}",
            "area": f"State {i}",
            "annual": Decimal(90000 - 1000 * i),
            **said,
        }
        for i in range(1, n + 1)
    ]


def ranked(rows, kind="highest", **said):
    """Codes of the ranking of states for a list."""
    asked = figure_row(1, **{"statistic": "mean", "area_level": "state", **said})
    frame = pl.DataFrame(rows).lazy()
    return [c for c, _, _ in rank_states(asked, frame, frozenset({"bls"}), kind)]


def test_states_are_ranked_by_an_official_table_of_thirty_at_least():
    """Of the newest year where the list names nobody; else of its own."""
    assert ranked(states(30))[:2] == ["01", "02"]
    assert ranked(states(30), "lowest")[:2] == ["30", "29"]
    assert ranked(states(29)) == []
    assert len(ranked([*states(30), *states(30, year=2023)])) == 30
    old = [*states(30), *states(31, year=2023)]
    assert len(ranked(old, publisher="bls", year=2023)) == 31
    assert ranked(old, publisher="bls", year=None) == []
    assert ranked(old, publisher="bls", year=2020) == []
    assert len(ranked(old, year=2020)) == 30
    assert len(ranked(states(30), statistic="p90")) == 30
    assert ranked(states(30), statistic="median") == []
    for said in ({"primary": False}, {"publisher": "x"}, {"soc": "47-2211"},
                 {"area_level": "metro"}, {"cohort": "x=1"}, {"period": "hour"},
                 {"annual": None}):  # fmt: skip
        hidden = [*states(29), {**states(30)[-1], **said}]
        assert ranked(hidden) == [], said


def of_states(*codes, **said):
    """Facts of a list of states."""
    facts = {"area_level": "state", "statistic": "mean", "group": "list1"}
    return [placed(80000, area_code=c, area=f"State {c}", **{**facts, **said})
            for c in codes]  # fmt: skip


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        (("01", "02", "03"), None),
        (("01", "02", "04"), "1, 2, 4|State 3"),
        (("01", "02", "08"), "1, 2, 8|State 3, State 4, State 5 and 2 more"),
        (("01", "02", "06"), "1, 2, 6|State 3, State 4, State 5"),
        (("01", "02", "xx"), None),
        (("01", "02", "xx", "04"), "1, 2, 4|State 3"),
    ],
)
def test_a_list_leaves_out_what_stands_above_its_last(codes, found):
    """Three known places at least; three names are told."""
    ranks = [(r["area_code"], r["area"], float(r["annual"])) for r in states(30)]
    assert describe_omitted(of_states(*codes), ranks) == found


def test_places_that_hardly_differ_are_left_out_by_chance():
    """By more than one in a hundred of the smaller, in either direction."""
    rows = of_states("01", "02", "04")
    for third, found in ((50500.0, None), (50501.0, "1, 2, 4|C"), (49505.0, None),
                         (49504.0, "1, 2, 4|C")):  # fmt: skip
        ranks = [("01", "A", 90000.0), ("02", "B", 80000.0), ("03", "C", third),
                 ("04", "D", 50000.0)]  # fmt: skip
        assert describe_omitted(rows, ranks) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, True), ({"publisher": "bls"}, True), ({"publisher": "acme"}, False),
        ({"area_level": "metro"}, False), ({"cohort": "x=1"}, False),
        ({"soc_candidates": "1|2"}, False), ({"soc_candidates": None}, False),
    ],
)  # fmt: skip
def test_a_figure_of_a_state_is_of_one_occupation_and_everybody(said, found):
    """Official, or nobody's."""
    (fact,) = of_states("01", **said)
    assert is_state_figure(fact, frozenset({"bls"})) is found
    bare = {k: v for k, v in fact.row.items() if k != "cell"}
    assert not is_state_figure(replace(fact, row=bare), frozenset({"bls"}))


def test_lists_without_a_heading_are_not_held_against_the_ranking():
    """Nor is a page without lists."""
    page = page_of(*of_states("01", "02", "08"))
    frame = pl.DataFrame(states(30)).lazy()
    assert not list(find_omitted_places([page], frame, frozenset({"bls"})))
    assert WORDS.has_phrase("highest", "best-paying")


def projection(value, /, **said):
    """A percentage of the official table."""
    facts = {"measure": "employment_change_percent", "soc": "51-4121", "claim_id": "p",
             "reference_period": "2024-2034", "direction": "up", "quote": str(value),
             "value": None if value is None else Decimal(str(value))}  # fmt: skip
    return {**facts, **said}


def outlook(value, /, **said):
    """What a page says of the years to come."""
    facts = {"kind": "outlook", "attributed_to": "BLS", "quote": f"{value} percent",
             "snapshot": "a" * 12, "occupation": "welder"}  # fmt: skip
    return {**projection(value), **facts, **said}


@pytest.mark.parametrize(
    ("said", "tables", "found"),
    [
        (outlook(7), [projection(7.1)], []),
        (outlook(7), [projection(7.5)], []),
        (outlook(7), [projection(7.6)], ["7.6 %"]),
        (outlook("7.1"), [projection(7.14)], []),
        (outlook("7.1"), [projection(7.16)], ["7.16 %"]),
        (outlook(70), [projection(70.4)], []),
        (outlook(70), [projection(74)], ["74 %"]),
        (outlook(7), [projection(9), projection(7)], []),
        (outlook(7), [projection(9), projection(9.1)], ["9.1 %"]),
        (outlook(7), [projection(7, direction="down")], ["-7 %"]),
        (outlook(7, direction="down"), [projection(7, direction="down")], []),
        (outlook(9, soc=None), [projection(7)], ["7 %"]),
        (outlook(9, soc=None, occupation="x"), [projection(7)], []),
        (outlook(9, soc="47-2211"), [projection(7)], []),
        (outlook(9, reference_period="2023-2033"), [projection(7)], []),
        (outlook(9, reference_period=None), [projection(7)], []),
        (outlook(9, reference_period=None), [projection(7, reference_period=None)],
         ["7 %"]),
        (outlook(9, kind="pay_level"), [projection(7)], []),
        (outlook(9, quote="9 thousand jobs"), [projection(7)], []),
        (outlook(9, quote="9%"), [projection(7)], ["7 %"]),
        (outlook(9, attributed_to="Acme"), [projection(7)], []),
        (outlook(9, attributed_to=None), [projection(7)], []),
        (outlook(9, value=None), [projection(7)], []),
        (outlook(9), [projection(7, measure="other")], []),
        (outlook(9), [projection(7, soc=None)], []),
        (outlook(9), [projection(None)], []),
    ],
)  # fmt: skip
def test_a_projection_is_the_published_one_as_the_page_rounds_it(said, tables, found):
    """Of the same occupation and years, in the same direction."""
    official = PUBLISHERS.display_name("bls")
    who = official if said["attributed_to"] == "BLS" else said["attributed_to"]
    levels = [quote_row(1)]
    got = find_projection_mismatches([{**said, "attributed_to": who}], levels, tables,
                                     PUBLISHERS)  # fmt: skip
    assert [one.said for one in got] == found


@pytest.mark.parametrize(
    ("quoted", "base", "one", "swapped"),
    [
        (48780, 48780, False, False), (48790, 48780, True, False),
        (58780, 48780, True, False), (47880, 48780, False, True),
        (84780, 48780, False, True), (48870, 48780, False, True),
        (48708, 48780, False, True), (47890, 48780, False, False),
        (8780, 48780, False, False), (8780, 18780, False, False),
        (48780, 8780, False, False), (12.5, 22.5, False, False), (5, 6, False, False),
        (10, 20, True, False), (10, 11, True, False), (21, 12, False, True),
        (48780.004, 48790, True, False), (48780.01, 48790, False, False),
        (87, 178, False, False), (11000, 1000, False, False),
    ],
)  # fmt: skip
def test_numbers_of_one_length_differ_by_a_digit_or_by_two_swapped(
    quoted, base, one, swapped
):
    """Whole ones of two digits or more."""
    bases = np.array([float(base), 33333333.0])
    assert is_one_digit_off(float(quoted), bases).tolist() == [one, False]
    assert has_swapped_digits(float(quoted), bases).tolist() == [swapped, False]


@pytest.mark.parametrize(
    ("quoted", "annual", "rounded"),
    [
        (49000, 48780, True), (48000, 48780, True), (48780, 48780, False),
        (48800, 48780, True), (48700, 48780, True), (50000, 48780, False),
        (48500, 48780, True), (50000, 49100, True), (45000, 49100, False),
        (45000, 45900, True), (45000, 45901, True), (1000, 1030, False),
        (48780.5, 48780, False), (51500, 51250, True), (2000, 2040, True),
        (2000, 2041, False),
    ],
)  # fmt: skip
def test_a_round_number_is_a_cell_rounded_or_cut(quoted, annual, rounded):
    """To a thousand at most, and near it."""
    grain = grain_of_quoted(quoted, MEASURES)
    found = is_rounded_cell(quoted, np.array([float(annual)]), grain, MEASURES)
    assert found.tolist() == [rounded]


def test_a_number_is_as_fine_as_its_last_digit():
    """As written."""
    assert [unit_of_last_digit(v) for v in (24.59, 24.5, 24.0, 51140.0)] == [
        0.01, 0.1, 1.0, 1.0]  # fmt: skip
    values = (50000, 51000, 51500, 51100, 51110, 51111, 51.5, 51.55, 51.555)
    assert [grain_of_quoted(v, MEASURES) for v in values] == [
        5000, 1000, 500, 100, 10, 1, 0.1, 0.01, 0.01]  # fmt: skip


def slips(quoted, *cells, year=2025):
    """Kinds, detail, cost and whether it tells, of every explanation."""
    known = PublishedCells.from_cells(
        PublishedCell(statistic, y, area, float(annual))
        for statistic, y, area, annual in cells
    )
    found = explain_slips(quoted, AskedCell("median", year, "US"), known, MEASURES)
    return [(e.kinds, e.detail, e.cost, e.is_discriminating) for e in found]


HERE = ("median", 2025, "US")


@pytest.mark.parametrize(
    ("quoted", "cells", "first"),
    [
        (51140, [(*HERE, 51140)], ((), None, 0.0, True)),
        (51000, [(*HERE, 51140)], (("rounding",), None, 0.5, False)),
        (51140, [("mean", 2024, "06", 51140)],
         (("geography_mismatch", "stale_vintage", "wrong_statistic"), None, 4.6, True)),
        (51410, [(*HERE, 51140)], (("digit_slip",), "transposed", 2.1, True)),
        (51190, [(*HERE, 51140)], (("digit_slip",), "typo", 2.5, True)),
        (25, [(*HERE, 52000)], (("unit_slip",), "hour", 1.2, True)),
        (24.519231, [(*HERE, 51140)], (("rounding", "unit_slip"), "hour", 1.7, True)),
        (61000, [(*HERE, 51140)], (("digit_slip", "rounding"), "typo", 3.5, False)),
        (511900, [(*HERE, 51140)], (("digit_slip", "unit_slip"), "ten", 3.7, True)),
    ],
)  # fmt: skip
def test_an_explanation_costs_the_sum_of_its_slips(quoted, cells, first):
    """The cheapest is the first."""
    assert slips(quoted, *cells)[0] == first


def test_no_explanation_has_four_slips_nor_a_cell_without_pay():
    """Rounding is none of them."""
    assert slips(24.59, ("mean", 2024, "06", 51140)) == []
    assert slips(51140, (*HERE, 0), (*HERE, float("nan"))) == []
    three = slips(51000, ("mean", 2024, "06", 51140))
    assert three[0][0] == ("geography_mismatch", "rounding", "stale_vintage",
                           "wrong_statistic")  # fmt: skip
    assert slips(51140, (*HERE, 51140), year=0)[0][0] == ()
    newest = slips(51140, (*HERE, 51140), ("median", 2024, "US", 40000), year=0)
    assert newest[0][0] == ()


def aligned(one, other, bulk=()):
    """The rung of a pair of figures, and its gap."""
    facts = {"snapshot": "a", "publisher": "p", "soc_candidates": "1",
             "area_code": "US", "statistic": "mean", "pay_basis": "base",
             "year": 2024, "currency": "USD", "cohort": "all", "annual": 52340,
             "annual_low": None, "annual_high": None,
             "aged": "same", "reference_period": "2024", "se_source": "assumed",
             "se_log": 0.0, "ageing_sd": 0.0, "cell": "c", "primary": False,
             "period": "year"}  # fmt: skip
    rows = [{**facts, "claim_id": "a", **one},
            {**facts, "claim_id": "b", "publisher": "q", **other}]  # fmt: skip
    for row in rows:
        if row["aged"] == "same":
            row["aged"] = row["annual"]
    types = dict.fromkeys(("annual", "annual_low", "annual_high", "aged"), pl.Float64)
    text = dict.fromkeys(("soc_candidates", "area_code", "reference_period"), pl.String)
    frame = pl.DataFrame(rows, schema_overrides={
        **types, **text, "year": pl.Int64, "ageing_sd": pl.Float64})  # fmt: skip
    found = explain_pairs(frame, frozenset(bulk), VOCABULARY)
    return found.select("rung", "gap").rows()


BLS = {"publisher": "bls", "primary": True}


@pytest.mark.parametrize(
    ("one", "other", "rung"),
    [
        ({}, {"annual": 61000}, "unexplained"),
        ({}, {"annual": 61000, "statistic": "median"}, "statistic"),
        ({}, {"annual": 61000, "pay_basis": "total"}, "pay_concept"),
        ({}, {"annual": 61000, "pay_basis": "unspecified"}, "unexplained"),
        ({}, {"annual": 61000, "area_code": "39"}, "area"),
        ({}, {"annual": 61000, "area_code": None}, "area"),
        ({}, {"annual": 61000, "cohort": "experience=0-2"}, "experience"),
        ({"cohort": "credential=x;experience=0-2"},
         {"annual": 61000, "cohort": "experience=0-2"}, "population"),
        ({"cohort": "credential=x"}, {"annual": 61000, "cohort": "credential=x"},
         "unexplained"),
        ({}, {"publisher": "p"}, "copy"),
        ({}, {}, "same"),
        ({}, {"annual": 61000, "soc_candidates": "1|2"}, "occupation"),
        ({}, {"soc_candidates": "1|2"}, "same"),
        ({}, {"annual": 52000}, "rounding"),
        ({}, {"annual": 51340}, "unexplained"),
        ({}, {"annual": 52350}, "unexplained"),
        ({}, {"annual": 52300}, "rounding"),
        ({}, {"annual": 53910, "year": None}, "date"),
        ({}, {"annual": 53910, "year": 2023}, "unexplained"),
        ({}, {"annual": 53910, "year": 2023, "ageing_sd": 0.02}, "date"),
        ({"ageing_sd": 0.01}, {"annual": 53910, "year": 2023, "ageing_sd": 0.01},
         "date"),
        ({}, {"annual": 53910, "year": 2023, "ageing_sd": 0.01}, "unexplained"),
        ({}, {"annual": 53910, "ageing_sd": 0.02}, "unexplained"),
        ({}, {"annual": 58110, "year": None}, "unexplained"),
        ({}, {"annual": 5234}, "unit"),
        ({}, {"annual": 628080}, "unit"),
        ({}, {"annual": 53910, "se_log": 0.02, "se_source": "published_rse"},
         "sampling"),
        ({}, {"annual": 53910, "se_log": 0.02}, "unexplained"),
        ({"se_log": 0.012, "se_source": "published_rse"},
         {"annual": 53910, "se_log": 0.012, "se_source": "published_rse"}, "sampling"),
        ({"annual": None, "aged": None, "annual_low": 40010, "annual_high": 60000},
         {"annual": None, "aged": None, "annual_low": 40010, "annual_high": 61110},
         "unexplained"),
        ({"annual": None, "aged": None, "annual_low": 40000, "annual_high": 60000},
         {"annual": None, "aged": None, "annual_low": 40000, "annual_high": 60000},
         "same"),
    ],
)  # fmt: skip
def test_a_pair_stands_on_the_first_rung_that_holds(one, other, rung):
    """In either order."""
    assert [r for r, _ in aligned(one, other)] == [rung]
    turned = aligned({"publisher": "p", **other}, {"publisher": "q", **one})
    assert rung in ("copy", *(r for r, _ in turned))


def test_tables_are_paired_with_pages_and_not_with_one_another():
    """With what pages say of the same place, their newest year or the page's."""
    table = {"annual": 61000, **BLS}
    assert [r for r, _ in aligned({}, table, ("bls",))] == ["unexplained"]
    assert aligned({**table, "annual": 5}, table, ("bls",)) == []
    assert aligned({}, {**table, "area_code": "39"}, ("bls",)) == []
    assert aligned({}, {**table, "period": "hour"}, ("bls",)) == []
    assert aligned({}, {**table, "cohort": "credential=x"}, ("bls",)) == []
    assert len(aligned({}, {**table, "year": 2020}, ("bls",))) == 1
    assert aligned({}, {"soc_candidates": None}) == []
    assert aligned({}, {"currency": "GBP"}) == []
    assert [r for r, _ in aligned({}, {**table, "primary": False}, ("bls",))] == [
        "unexplained"
    ]


def test_the_gap_of_a_pair_is_the_larger_of_its_ends_at_one_date():
    """As published where one of the two has no date."""
    pair = aligned({"aged": 60000}, {"aged": 50000, "annual": 50000,
                                     "reference_period": "x"})  # fmt: skip
    assert [round(gap, 4) for _, gap in pair] == [0.1823]
    pair = aligned({"aged": 60000}, {"aged": None, "annual": 50000,
                                     "reference_period": "x"})  # fmt: skip
    assert [round(gap, 4) for _, gap in pair] == [0.0457]


def test_of_many_figures_as_many_of_each_occupation_are_compared():
    """And all that there are where they are few."""
    rows = [{"claim_id": f"{n:05}", "soc_candidates": str(n % 2), "soc": None,
             "primary": False, "publisher": "p"} for n in range(1400)]  # fmt: skip
    rows.append({"claim_id": "t", "soc_candidates": "0", "soc": "0", **BLS})
    rows.append({"claim_id": "u", "soc_candidates": "9", "soc": "9", **BLS})
    frame = pl.DataFrame(rows, schema_overrides={"soc": pl.String})
    kept = limit_figures(frame, frozenset({"bls"}))
    counts = dict(kept.group_by("soc_candidates").len().iter_rows())
    assert counts == {"0": 601, "1": 600}
    few = frame.head(1200)
    assert limit_figures(few, frozenset({"bls"})) is few


def test_of_many_occupations_two_figures_each_are_compared(monkeypatch):
    """One alone would be no pair."""
    monkeypatch.setattr(alignment, "MOST_PAIRS", 1)
    rows = [
        {"claim_id": f"c{n}", "soc_candidates": soc, "soc": soc, "primary": False,
         "publisher": "unnamed"}
        for n, soc in enumerate("000111")
    ]  # fmt: skip
    kept = limit_figures(pl.DataFrame(rows), frozenset({"bls"}))
    assert kept["claim_id"].to_list() == ["c0", "c1", "c3", "c4"]


def test_two_bands_share_what_they_cover_together():
    """Two points that are one share all."""
    one, two, three = (Decimal(n) for n in (1, 2, 3))
    assert overlap_share((one, one), (one, one)) == 1
    assert overlap_share((one, three), (two, three)) == Decimal("0.5")
    assert overlap_share((one, two), (three, three)) == 0


def test_every_official_publisher_says_what_its_pay_is_told_by():
    """And no row is of a publisher that no vocabulary has."""
    known = Publishers.from_vocabulary(VOCABULARY)
    assert known.official <= known.by.keys()
    assert known.by.keys() == known.never_by.keys() <= known.names.keys()
    for name, by in known.by.items():
        assert not known.never_by[name].intersection(by), name


@pytest.mark.parametrize(
    ("publisher", "cohort", "lacking"),
    [
        ("bls", "credential=cpc;experience=2-5", ["credential", "experience"]),
        ("bls", "industry=hospitals", []),
        ("bls", "employer_type=government", []),
        ("ons", "experience=0-2", ["experience"]),
        ("nhs", "experience=0-2", []),
        ("nces", "experience=0-2", []),
        ("nces", "credential=nbct", ["credential"]),
        ("job_bank", "industry=hospitals", ["industry"]),
        ("payscale", "credential=cpc", []),
        ("nobody_known", "credential=cpc", []),
    ],
)
def test_what_a_publisher_has_no_figures_by_is_its_own_fact(publisher, cohort, lacking):
    """What no row and no `bands` denies may have been published."""
    known = Publishers.from_vocabulary(VOCABULARY)
    assert known.list_lacking(publisher, cohort) == lacking
    assert known.find_unpublished(publisher, cohort, "median") == (
        "bands" if lacking else None
    )


def test_a_sentence_says_what_a_publisher_has_its_figures_by():
    """Not only what it lacks."""
    row = quote_row(50000, cohort="credential=cwi")
    verdict = judged(row, OWN)
    writer = SentenceWriter.from_vocabulary(VOCABULARY, {})
    said = writer.write_verdict(row, verdict)
    assert (
        "no figures by credential, only by area, industry and kind of employer" in said
    )


def test_a_publisher_that_is_not_loaded_and_has_no_such_figures_is_told_so():
    """Softly: nothing of it is at hand."""
    row = quote_row(50000, publisher="ons", cohort="experience=2-5")
    found = judged(row, OWN)
    assert (found.verdict, found.why) == ("cannot_tell", "no_bands")
    plain = judged(quote_row(50000, publisher="ons"), OWN)
    assert (plain.verdict, plain.why) == ("not_in_release", "publisher_not_loaded")
