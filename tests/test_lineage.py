"""Copies count once: declared, or found by numbers that no chance puts in one order."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import GUIDE, NEWER, SURVEY, TABLE, VOCABULARY, claim, made_claims, oews

from pipeline.normalise import normalise
from pipeline.normalise.validate import make_empty_broken_rows, validate
from pipeline.reconcile import reconcile
from pipeline.reconcile.settle import copied_pages
from pipeline.reconcile.settle.copied_pages import (
    CopyCriteria,
    find_copies,
    longest_common_sequence,
    place_sort_key,
    report_copies,
)
from pipeline.reconcile.settle.lineage import (
    count_effective_sources,
    find_roots,
    find_two_vintages,
    first_in_chain,
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
    groups = find_copies(rows(*pages), frozenset(faithful), PROOF)
    return [(x.one, x.other) for group in groups for x in group.links]


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


def test_pages_of_zeros_and_of_nothing_are_no_copies():
    """A mark that was misread is in the draft too, and ends nothing."""
    nothing = [claim(0, snapshot=name, specialty=f"kind {n}")
               for name in (GUIDE, NEWER) for n in range(5)]  # fmt: skip
    blank = [{**row, "as_published": None, "annual": None} for row in rows(nothing)]
    assert find_copies(rows(nothing), frozenset(), PROOF) == []
    assert find_copies(blank, frozenset(), PROOF) == []


def test_figures_are_taken_in_the_order_of_their_page():
    """In text by the number of the character, in marked-up pages by their path."""
    text = [{"locator": f"char={n},{n + 1}"} for n in (9, 10, 200)]
    paths = [{"locator": f"xpath=/html/p[{n}];char={9 - n},9"} for n in (1, 2, 3)]
    for rows_in_order in (text, paths):
        mixed = [rows_in_order[n] for n in (2, 0, 1)]
        assert sorted(mixed, key=place_sort_key) == rows_in_order
    assert place_sort_key({"locator": "script=0;/a/1"}) == (0, "script=0;/a/1")


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
    assert find_copies(shuffled, frozenset(), PROOF) == find_copies(
        both, frozenset(), PROOF
    )


def test_the_common_sequence_is_the_longest():
    """Not the first that is found."""
    one, other = rows(page(GUIDE, ODD)), rows(page(NEWER, (ODD[4], *ODD)))
    assert len(longest_common_sequence(one, other)) == len(ODD)


def copies(count, amounts=ODD):
    """As many pages that say the same, each with a figure of its own."""
    return [page(f"{n:012x}", (*amounts, 31_007 + 13 * n)) for n in range(count)]


def test_a_thousand_copies_would_be_one_conflict_with_its_first_pages():
    """Sixty pages: one row, which names twenty and counts all."""
    groups = find_copies(rows(*copies(60)), frozenset(), PROOF)
    (told,) = report_copies(groups)
    assert len(groups[0].pages) == 60
    assert [row["snapshot"] for row in told.rows] == [f"{n:012x}" for n in range(20)]
    assert (told.said, told.others) == (
        "5 or more|60|15.3",
        "the same on 59 more pages",
    )
    roots = find_roots(groups, VOCABULARY)
    assert {roots[f"unnamed:{n:012x}"] for n in range(1, 60)} == {f"unnamed:{0:012x}"}


def test_a_page_is_compared_once_for_a_group_however_many_pages_it_has(monkeypatch):
    """Time grows with the pages, and not with their pairs."""
    compared = []
    common = copied_pages.longest_common_sequence

    def count(one, other):
        compared.append(1)
        return common(one, other)

    monkeypatch.setattr(copied_pages, "longest_common_sequence", count)
    find_copies(rows(*copies(60)), frozenset(), PROOF)
    assert len(compared) == 59


def test_copies_of_two_pages_are_told_apart_from_a_page_that_repeats_both():
    """Two groups, which do not become one by the page that is in both."""
    other = tuple(amount + 1_111 for amount in ODD)
    pages = (page(GUIDE, ODD), page(SURVEY, other), page("f" * 12, (*ODD, *other)))
    groups = find_copies(rows(*pages), frozenset(), PROOF)
    assert [group.pages for group in groups] == [
        [one, "f" * 12] for one in sorted((GUIDE, SURVEY))
    ]
    assert len(set(find_roots(groups, VOCABULARY).values()) - {"bls"}) == 1


def test_a_copy_of_what_a_copy_added_is_in_its_group():
    """The third page has nothing of the first, all of what the second added."""
    more = tuple(amount + 1_111 for amount in ODD)
    pages = (page("1" * 12, ODD), page("2" * 12, ODD + more), page("3" * 12, more))
    (group,) = find_copies(rows(*pages), frozenset(), PROOF)
    assert group.pages == ["1" * 12, "2" * 12, "3" * 12]


def test_a_publisher_whose_page_is_saved_again_repeats_nobody_that_repeats_it():
    """Its second page is the copier's twin as well, and makes no ring."""
    own = {"source": "payscale", "reference_period": "2024"}
    pages = (
        page("1" * 12, ODD, **own),
        page("2" * 12, ODD),
        page("3" * 12, ODD, **own),
    )
    roots = find_roots(find_copies(rows(*pages), frozenset(), PROOF), VOCABULARY)
    assert roots[f"unnamed:{'2' * 12}"] == "payscale"
    assert "payscale" not in roots


def test_bars_that_a_publisher_draws_on_each_of_its_pages_are_no_copies():
    """A page of another publisher with the same figures in their order is one."""
    own = {"source": "bls_ooh", "reference_period": "2024-05"}
    pages = [page(digit * 12, ODD, **own) for digit in "123"]
    assert linked(*pages) == []
    assert linked(*pages, page("4" * 12, ODD)) == [("1" * 12, "4" * 12)]
    assert linked(*pages, page("4" * 12, ODD, source="payscale")) == [
        ("1" * 12, "4" * 12)
    ]


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


def test_a_survey_of_many_equal_years_is_one_conflict_for_each_year_after_the_first():
    """Each beside the nearest that says the same; not every two of them."""
    amounts = (54_797, 47_200, 60_097)
    years = [dated(str(year), amounts) for year in range(2010, 2022)]
    told = list(find_two_vintages(rows(*years), PROOF.least))
    assert [one.said for one in told] == [
        f"3|{year}|{year + 1}" for year in range(2010, 2021)
    ]


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
