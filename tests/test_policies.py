"""Policies: data that says how a question is settled, and where the choice matters."""

import csv
import shutil
from decimal import Decimal
from math import log
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import NEWER, SURVEY, VOCABULARY, claim, made_claims, made_figures, oews

from pipeline.core.errors import UnknownLabel
from pipeline.core.vocabulary import open_vocabulary
from pipeline.normalise import normalise
from pipeline.normalise.validate import make_empty_broken_rows, validate
from pipeline.query.compare import compare_policies
from pipeline.query.published import Release
from pipeline.reconcile import reconcile
from pipeline.reconcile.settle import settlement
from pipeline.reconcile.settle.independent_figures import IndependentFigures
from pipeline.reconcile.settle.partitions import partition_cells
from pipeline.reconcile.settle.policies import POLICIES, Policies
from pipeline.reconcile.settle.policy_methods import (
    answer_by_median,
    answer_by_policy,
    leave_one_out,
    median_bound_steps,
)
from pipeline.reconcile.verdict import alignment

pytestmark = pytest.mark.slow

CELL = "29-2072/US/all/base/mean/2023"
TERMS = Policies.from_vocabulary(VOCABULARY)
OWN = {"statistic": "mean", "pay_basis": "base", "reference_period": "2023"}
ROWS = [
    oews(53690, statistic="mean"),
    claim(50000, source="payscale", snapshot=SURVEY, **OWN),
    claim(60000, source="salary_com", snapshot=NEWER, **OWN),
    claim(57000, source="glassdoor", snapshot="9" * 12, **OWN),
]


@pytest.fixture
def folder(tmp_path) -> Path:
    """Vocabularies of one's own."""
    return shutil.copytree(VOCABULARY.folder, tmp_path / "vocabularies")


def curated(folder, rows=ROWS, order=None):
    """Claims, figures and curation under the policies of a folder."""
    words = open_vocabulary(folder)
    claims = made_claims(*rows)
    draft = normalise(claims, words, {})
    draft = draft if order is None else draft[order]
    figures, rejects = validate(draft, make_empty_broken_rows(), words)
    days = dict.fromkeys(claims["snapshot"].unique(), "2026-11-01")
    pages = draft.filter(pl.col("source") == "article")
    found = reconcile(figures, pages, words, retrieved=days, files={})
    return claims, rejects, found


def cell(found, name=CELL):
    """One row of the salaries."""
    return found.salaries.row(by_predicate=pl.col("cell") == name, named=True)


def policy(folder, name, measure="*", level="*", first="", last=""):
    """Put a row before all others."""
    path = folder / "policies.csv"
    head, *rest = path.read_text().splitlines(keepends=True)
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        csv.writer(file, lineterminator="\n").writerow(
            (measure, level, first, last, name, "tried")
        )
        file.writelines(rest)


@pytest.mark.parametrize(
    ("name", "rule", "annual", "composite"),
    [
        ("primary-first", "authority", 53690, 53882),
        ("no-blend", "authority", 53690, None),
        ("median-of-independents", "nearest_to_estimate", 53690, 55320),
        ("random-effects", "nearest_to_estimate", 53690, 53882),
        ("analyst-composite", "nearest_to_estimate", 53690, 53882),
    ],
)
def test_each_policy_gives_its_own_answer(folder, name, rule, annual, composite):
    """The settled figure is one that was published; the estimate stands beside it."""
    policy(folder, name)
    row = cell(curated(folder)[2])
    assert (row["rule"], row["annual"], row["policy"]) == (rule, annual, name)
    assert row["status"] == "settled"
    assert row["composite"] == (None if composite is None else Decimal(composite))
    estimated = name not in ("primary-first", "no-blend")
    method = name if estimated else "weighted-mean" if composite else None
    assert row["composite_method"] == method
    if composite:
        assert row["composite_low"] <= row["composite"] <= row["composite_high"]


def test_a_policy_may_choose_another_figure_than_authority(folder):
    """The published figure nearest to the median; the primary is outvoted."""
    policy(folder, "median-of-independents")
    rows = [oews(40000, statistic="mean"), *ROWS[1:]]
    found = curated(folder, rows)[2]
    row = cell(found)
    assert (row["annual"], row["loo_source"]) == (57000, "bls")
    roles = dict(
        found.provenance.filter(cell=CELL).select("publisher", "reason").rows()
    )
    assert roles["glassdoor"] == "nearest_to_estimate"
    assert roles["bls"] == "farther_from_estimate"


@pytest.mark.parametrize(
    ("key", "fits"),
    [
        ({"measure": "all"}, True),
        ({"measure": "credential"}, False),
        ({"level": "national"}, True),
        ({"level": "state"}, False),
        ({"first": "2023", "last": "2023"}, True),
        ({"first": "2024"}, False),
        ({"last": "2022"}, False),
    ],
)
def test_a_policy_is_keyed_by_measure_area_and_period(folder, key, fits):
    """The first row that fits the question counts."""
    policy(folder, "no-blend", **key)
    assert (cell(curated(folder)[2])["policy"] == "no-blend") == fits


def test_an_unknown_policy_is_named(folder):
    """A slip in the file is an error with the file's name."""
    policy(folder, "best-guess")
    with pytest.raises(UnknownLabel, match=r"policies\.csv"):
        curated(folder)


def test_every_row_has_the_digest_of_what_decides(folder):
    """Another tolerance is another policy."""
    first = set(curated(folder)[2].salaries["policy_sha256"])
    path = folder / "settlement.csv"
    path.write_text(path.read_text().replace("0.02,", "0.03,"))
    second = set(curated(folder)[2].salaries["policy_sha256"])
    assert len(first) == len(second) == 1
    assert first != second


@pytest.mark.parametrize(
    ("rows", "grade"),
    [
        ([oews(53690, statistic="mean")], "A"),
        (ROWS[1:2], "B"),
        ([claim(50000, attributed_to="AAPC", **OWN)], "C"),
        (ROWS[1:3], "D"),
        ([claim(50000, attributed_to="AAPC", occupation="keeper of keys", **OWN)], "E"),
    ],
)
def test_grades_run_from_a_to_e_with_their_inputs(folder, rows, grade):
    """Official, own, quoted, contested, insufficient; what made it stands beside."""
    row = curated(folder, rows)[2].salaries.row(0, named=True)
    assert row["grade"] == grade
    assert f"status={row['status']};" in row["grade_inputs"]
    assert f"sources={row['independent_sources']};" in row["grade_inputs"]


def test_leaving_one_source_out_names_the_one_that_drives_the_answer(folder):
    """Without BLS the next in authority leads; with one source nothing is left."""
    row = cell(curated(folder)[2])
    assert row["loo_source"] == "bls"
    assert row["loo_shift"] == pytest.approx(57000 / 53690 - 1, abs=1e-6)
    alone = cell(curated(folder, ROWS[:1])[2])
    assert (alone["loo_source"], alone["loo_shift"]) == (None, None)


@pytest.mark.parametrize("name", POLICIES)
@settings(max_examples=4)
@given(order=st.permutations(range(len(ROWS) + 2)))
def test_no_policy_depends_on_the_order_of_its_input(name, order, tmp_path_factory):
    """Equal figures included: every tie is broken by a stated rule."""
    place = tmp_path_factory.mktemp("words") / "vocabularies"
    folder = shutil.copytree(VOCABULARY.folder, place)
    policy(folder, name)
    twins = [claim(57000, source="payscale", snapshot=s * 12, **OWN) for s in "78"]
    rows = [*ROWS, *twins]
    one, other = (curated(folder, rows, o)[2] for o in (None, list(order)))
    assert one.salaries.equals(other.salaries)
    assert one.provenance.equals(other.provenance)


def said(*cells, s=0.05):
    """Voices of cells, each a list of amounts."""
    y = np.array([log(v) for row in cells for v in row])
    number = np.repeat(np.arange(len(cells)), [len(row) for row in cells])
    error = np.full(len(y), s)
    return IndependentFigures(y, error, y, error, number)


@pytest.mark.parametrize("name", POLICIES)
def test_leave_one_out_at_once_is_leave_one_out_one_by_one(name):
    """All cells in one call give what a loop over sources gives."""
    cells = [(50, 51, 49, 90), (10, 30), (7,), (20, 20, 20), (1, 2, 3, 4, 100)]
    shift, driver = leave_one_out(name, said(*cells), TERMS)
    start = np.cumsum([0, *map(len, cells)])
    for n, row in enumerate(cells):
        whole = answer_by_policy(name, said(row), TERMS).centre[0]
        rest = [np.nan if len(row) == 1 else
                answer_by_policy(name, said(row[:k] + row[k + 1:]), TERMS).centre[0]
                for k in range(len(row))]  # fmt: skip
        moved = np.abs(np.expm1(np.array(rest) - whole))
        if np.isnan(moved).all():
            assert np.isnan(shift[n])
        else:
            assert shift[n] == pytest.approx(np.nanmax(moved))
            assert moved[driver[n] - start[n]] == pytest.approx(shift[n])


@pytest.mark.parametrize("name", POLICIES)
def test_one_figure_and_equal_figures_have_their_outcome(name):
    """One figure is no estimate; equal ones are their own, and nobody drives them."""
    one = answer_by_policy(name, said((50,)), TERMS).centre[0]
    assert np.isnan(one) == (name not in ("primary-first", "no-blend"))
    equal = said((50, 50, 50, 50))
    assert answer_by_policy(name, equal, TERMS).centre[0] == pytest.approx(log(50))
    assert leave_one_out(name, equal, TERMS)[0][0] == pytest.approx(0, abs=1e-12)


def test_bounds_of_a_median_are_those_of_the_sign_test():
    """As in published tables: the ends themselves up to eight figures."""
    assert [median_bound_steps(n) for n in (1, 5, 6, 8, 9, 12, 15, 25)] == [
        0,
        0,
        0,
        0,
        1,
        2,
        3,
        7,
    ]


def count_by_the_binomial(n):
    """How far the bounds of a median are from the ends, in whole numbers."""
    place, ways, below = 0, 1, 1
    while 40 * below <= 2**n:  # both tails together at most 5 %
        place += 1
        ways = ways * (n - place + 1) // place
        below += ways
    return max(place - 1, 0)


def test_bounds_of_a_median_are_exact_and_end_for_any_number_of_figures():
    """From 1,075 figures on 0.5^n is 0 to the machine; there may be a million."""
    some = [*range(1, 400), *range(1060, 1090), 2_001, 3_000]
    assert [median_bound_steps(n) for n in some] == [
        count_by_the_binomial(n) for n in some
    ]
    # 1.96 times half the root of n before the middle.
    assert median_bound_steps(0) == 0
    assert median_bound_steps(1_000_000) == 499_019
    steps = [median_bound_steps(n) for n in range(1_070, 1_200)]
    assert steps == sorted(steps)


def test_cells_of_very_unlike_size_have_each_its_own_bounds():
    """Of three figures and of a thousand."""
    amounts = [*(50, 51, 52), *range(1_000, 2_000)]
    y = np.log(amounts)
    cell = np.array([0] * 3 + [1] * 1_000)
    found = answer_by_median(IndependentFigures(y, y * 0, y, y * 0, cell))
    assert np.exp(found.low) == pytest.approx([50, 1_468])
    assert np.exp(found.high) == pytest.approx([52, 1_531])


def released(folder, tmp_path, rows=ROWS):
    """The tables of a release of these claims."""
    claims, _, found = curated(folder, rows)
    tables = {"claims": claims, "figures": found.figures, "salaries": found.salaries,
              "provenance": found.provenance}  # fmt: skip
    for name, table in tables.items():
        table.write_parquet(tmp_path / f"{name}.parquet")
    return Release(tmp_path, {})


def test_comparing_policies_shows_where_the_choice_matters(folder, tmp_path):
    """One row per cell of several sources; each answer is that of its policy."""
    lone = oews(48780)
    jobs = oews(190000, kind="other", measure="employment", period=None, currency=None,
                statistic="unspecified")  # fmt: skip
    table = compare_policies(
        released(folder, tmp_path, [*ROWS, lone, jobs]), open_vocabulary(folder)
    )
    (row,) = table.rows(named=True)
    assert (row["cell"], row["sources"]) == (CELL, 4)
    assert (row["primary-first"], row["median-of-independents"]) == (53690, 55320)
    assert row["gap"] == pytest.approx(55320 / 53690 - 1, abs=1e-6)
    assert row["employment"] == 190000
    assert row["impact"] == pytest.approx(row["gap"] * 190000, abs=0.1)
    assert row["loo_source"] == "bls"


def test_comparing_where_every_cell_has_one_source_finds_nothing(folder, tmp_path):
    """No row, and no error."""
    assert (
        compare_policies(
            released(folder, tmp_path, ROWS[:1]), open_vocabulary(folder)
        ).height
        == 0
    )


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_cells_settled_in_groups_are_settled_as_one(folder, size, monkeypatch):
    """Whole cells, every figure once, and the same tables whatever a group holds."""
    years = [oews(40000 + y, reference_period=f"{y}-05") for y in range(2001, 2012)]
    rows = [*ROWS, *years, oews(48780)]
    one = curated(folder, rows)[2]
    parts = list(partition_cells(one.figures, size))
    cells = [set(part["cell"]) for part in parts]
    assert sum(len(c) for c in cells) == len(set().union(*cells))
    assert sum(part.height for part in parts) == one.figures.height
    assert len(parts) > 1 or size == 100
    monkeypatch.setattr(
        settlement, "partition_cells", lambda f: partition_cells(f, size)
    )
    other = curated(folder, rows)[2]
    assert one.salaries.equals(other.salaries)
    assert one.provenance.equals(other.provenance)


@pytest.mark.parametrize(
    ("rows", "status", "rule"),
    [
        (ROWS[:1], "single_source", "official_primary"),
        ([ROWS[1], {**ROWS[1], "snapshot": "7" * 12, "value": Decimal(70000)}],
         "single_source", "only_primary"),
        ([{**r, "value": Decimal(50000)} for r in ROWS], "settled", "agreement"),
        ([{**r, "value": None, "low": Decimal(lo), "high": Decimal(90000),
           "statistic": "range"} for r, lo in zip(ROWS[1:3], (4e4, 6e4), strict=True)],
         "contested", "equal_rank_disagree"),
    ],
)  # fmt: skip
def test_hard_cells_have_a_defined_outcome(folder, rows, status, rule):
    """One figure; a source against itself; all equal; ranges that disagree."""
    row = curated(folder, rows)[2].salaries.row(0, named=True)
    assert (row["status"], row["rule"]) == (status, rule)


def test_beyond_its_bound_the_ladder_compares_a_sample_in_any_order(monkeypatch):
    """Memory is bounded: some figures of every occupation, the same whatever comes."""
    said = {"attributed_to": "AAPC", "reference_period": "2023"}
    rows = [claim(v, snapshot=f"{v:012x}", **said) for v in range(50000, 50020)]
    figures = made_figures(*rows)
    whole = alignment.limit_figures(figures, frozenset({"bls"}))
    monkeypatch.setattr(alignment, "MOST_PAIRS", 18)
    some = alignment.limit_figures(figures, frozenset({"bls"}))
    other = alignment.limit_figures(figures.reverse(), frozenset({"bls"}))
    assert whole.equals(figures)
    assert some.height == 6
    assert set(some["claim_id"]) == set(other["claim_id"])
