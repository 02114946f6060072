"""Copies count once: declared, or found by numbers that no chance puts in one order."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import GUIDE, NEWER, SURVEY, TABLE, VOCABULARY, claim, made_claims, oews

from pipeline.normalise import normalise
from pipeline.normalise.validate import make_empty_broken_rows, validate
from pipeline.reconcile import reconcile
from pipeline.reconcile.settle.lineage import (
    CopyCriteria,
    count_effective_sources,
    find_copies,
    find_roots,
    find_two_vintages,
    first_in_chain,
    longest_common_sequence,
)

PROOF = CopyCriteria.from_vocabulary(VOCABULARY)
ODD = (46_847, 47_870, 48_925, 56_667, 51_203)
ROUND = (45_000, 50_000, 55_000, 60_000, 65_000)


def page(snapshot, amounts, **said):
    """The figures of one page, in its order."""
    return [claim(v, snapshot=snapshot, statistic="mean", specialty=f"kind {n}", **said)
            for n, v in enumerate(amounts)]  # fmt: skip


def rows(*pages):
    """Draft figures of pages, each at a place of its own."""
    claims = made_claims(*(row for one in pages for row in one))
    return normalise(claims, VOCABULARY, {}).to_dicts()


def linked(*pages, faithful=frozenset()):
    """Pairs of pages that are one witness."""
    return [
        (x.one, x.other) for x in find_copies(rows(*pages), frozenset(faithful), PROOF)
    ]


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (ODD, ODD, True),
        (ODD, ODD[:3], True),
        (ODD, ODD[:2], False),
        (ODD, ODD[::-1], False),
        (ODD, (ODD[0], 99_999, ODD[1], 88_888, ODD[2]), True),
        (ROUND[:3], ROUND[:3], False),
        (ODD, ROUND, False),
    ],
)
def test_numbers_in_one_order_are_no_chance(one, other, found):
    """Three odd figures are a copy; three round ones, or another order, are not."""
    assert bool(linked(page(GUIDE, one), page(NEWER, other))) == found


def test_what_both_quote_rightly_proves_nothing():
    """Two pages with the figures of the BLS may both have read the BLS."""
    both = rows(page(GUIDE, ODD), page(NEWER, ODD))
    faithful = frozenset(row["claim_id"] for row in both)
    assert find_copies(both, faithful, PROOF) == []
    assert len(find_copies(both, frozenset(), PROOF)) == 1


def test_a_chain_of_copies_has_one_root_and_a_ring_ends():
    """The third page repeats the second, which repeats the first."""
    pages = (page(GUIDE, ODD), page(SURVEY, ODD), page(NEWER, ODD))
    found = find_roots(find_copies(rows(*pages), frozenset(), PROOF), VOCABULARY)
    assert {found[f"unnamed:{s}"] for s in (SURVEY, NEWER)} == {f"unnamed:{GUIDE}"}
    assert found["onet"] == "bls"
    assert first_in_chain("a", {"a": "b", "b": "a"}) == "b"


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(st.permutations(range(10)))
def test_the_order_of_rows_changes_no_link(order):
    """Figures are taken in the order of their pages."""
    both = rows(page(GUIDE, ODD), page(NEWER, ODD))
    shuffled = [both[n] for n in order]
    assert [x.score for x in find_copies(shuffled, frozenset(), PROOF)] == [
        x.score for x in find_copies(both, frozenset(), PROOF)
    ]


def test_the_common_sequence_is_the_longest():
    """Not the first that is found."""
    one, other = rows(page(GUIDE, ODD)), rows(page(NEWER, (ODD[4], *ODD)))
    assert len(longest_common_sequence(one, other)) == len(ODD)


def dated(year, amounts):
    """What a page has of a survey under one date."""
    return [claim(v, attributed_to="AAPC", statistic="mean", reference_period=year,
                  specialty=f"kind {n}") for n, v in enumerate(amounts)]  # fmt: skip


@pytest.mark.parametrize(
    ("amounts", "found"),
    [
        ((54_797, 47_200, 60_097), True),
        ((54_797, 47_200, 60_098), False),
        ((54_797, 47_200), False),
    ],
)
def test_all_figures_of_a_survey_under_two_dates_are_one_survey(amounts, found):
    """Three all the same; two may be chance, and one that moved is a survey."""
    first = dated("2021", (54_797, 47_200, 60_097)[: len(amounts)])
    told = list(find_two_vintages(rows(first, dated("2022", amounts)), PROOF.least))
    assert [x.type for x in told] == ["one_figure_two_vintages"] * found


def curated(*pages):
    """The salaries and discrepancies of these pages beside a BLS table."""
    claims = made_claims(*(row for one in pages for row in one))
    draft = normalise(claims, VOCABULARY, {})
    figures, _ = validate(draft, make_empty_broken_rows(), VOCABULARY)
    own = draft.filter(pl.col("snapshot") != TABLE)
    days = dict.fromkeys(claims["snapshot"].unique(), "2026-11-01")
    return reconcile(figures, own, VOCABULARY, retrieved=days, files={})


@pytest.mark.slow
def test_a_duplicated_page_moves_no_figure_and_is_named_a_copy():
    """Nor does it count: the cells' effective sources stay as they were."""
    survey = page(GUIDE, ODD, attributed_to="Indeed", reference_period="2024")
    twin = [{**row, "snapshot": NEWER} for row in survey]
    table = [oews(48780)]
    one, two = curated(table, survey), curated(table, survey, twin)
    kept = ["cell", "annual", "status", "chosen", "effective_sources", "composite"]
    assert one.salaries.select(kept).equals(two.salaries.select(kept))
    assert "copied_figure" not in set(one.discrepancies["type"])
    (row,) = two.discrepancies.filter(pl.col("type") == "copied_figure").to_dicts()
    assert row["severity"] == 1
    assert "one witness" in row["sentence"]


def test_effective_sources_count_families_by_their_precision():
    """Two equal witnesses are two; a republisher none; a vague one little."""
    frame = pl.DataFrame({
        "cell": ["a", "a", "b", "b", "c", "c"],
        "witness": ["bls", "aapc", "bls", "onet", "bls", "indeed"],
        "se_log": [0.01, 0.01, 0.01, 0.01, 0.01, 0.1],
    })  # fmt: skip
    found = dict(count_effective_sources(frame, {"onet": "bls"}).iter_rows())
    assert (found["a"], found["b"]) == (2.0, 1.0)
    assert 1.0 < found["c"] < 1.1
