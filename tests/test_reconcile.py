"""Settled by rule, contested in the open, and every loser with its reason."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import (
    GUIDE,
    NEWER,
    SURVEY,
    TABLE,
    VOCABULARY,
    claim,
    made_claims,
    made_figures,
    oews,
)

from pipeline.core import tables
from pipeline.normalise import normalise
from pipeline.normalise.validate import make_empty_broken_rows, validate
from pipeline.reconcile import assess, reconcile
from pipeline.reconcile.evidence.authority import find_rank
from pipeline.reconcile.evidence.matching import (
    MatchTolerances,
    find_unit_factor,
    is_digit_slip,
    match_amounts,
)
from pipeline.reconcile.settle.settlement import settle_cells
from pipeline.reconcile.within_page import (
    ComparisonPhrases,
    ConflictRules,
    build_pages,
    find_contradictions,
)

MEASURES = MatchTolerances.from_vocabulary(VOCABULARY)
CELL = "29-2072/US/all/base/median/2023"
BLS = [
    oews(48780),
    oews(35080, statistic="p10"),
    oews(77810, statistic="p90"),
    oews(53690, statistic="mean"),
    oews(23.45, period="hour"),
    oews(47180, reference_period="2022-05", snapshot="e" * 12),
    oews(50250, reference_period="2024-05", snapshot=NEWER),
    oews(68230, statistic="mean", area="California", area_code="06",
         area_level="state", reference_period="2025-05", snapshot="f" * 12),
]  # fmt: skip


def curation(*rows):
    """The curation of these claims, all read on one day."""
    claims = made_claims(*rows)
    draft = normalise(claims, VOCABULARY, {SURVEY: "2023"})
    figures, _ = validate(draft, make_empty_broken_rows(), VOCABULARY)
    pages = draft.filter(pl.col("source") == "article")
    days = dict.fromkeys(claims["snapshot"].unique(), "2026-11-01")
    return reconcile(figures, pages, VOCABULARY, retrieved=days, files={})


def quoted(value, **said):
    """A page's figure that names BLS and May 2023."""
    facts = {"attributed_to": "BLS", "reference_period": "2023-05"}
    return claim(value, **{**facts, **said})


def verdict(*rows):
    """The verdict on the first row, with the BLS table at hand."""
    draft = normalise(made_claims(*rows, *BLS), VOCABULARY, {})
    figures, _ = validate(draft, make_empty_broken_rows(), VOCABULARY)
    pages = draft.filter(pl.col("source") == "article")
    found = assess(pages, figures.lazy(), VOCABULARY, {})
    by_claim = {row["claim_id"]: v for row, v in found.judged}
    return by_claim[f"{rows[0]['snapshot']}#char=0,1"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("row", "expected", "cell"),
    [
        (quoted(48780), "supported", CELL),
        (quoted(23.45, period="hour"), "supported", CELL),
        (quoted(35010, statistic="p10"), "misquoted", CELL.replace("median", "p10")),
        (quoted(80090, statistic="p90"), "misquoted", CELL.replace("median", "p90")),
        (quoted(49000), "rounded", CELL),
        (quoted(48000, approximate=True), "rounded", CELL),
        (quoted(47180), "stale", CELL.replace("2023", "2022")),
        (quoted(53690), "wrong_statistic", CELL.replace("median", "mean")),
        (quoted(48780, period="month"), "unit_slip", CELL),
        (quoted(47180, reference_period=None), "older_figure",
         CELL.replace("2023", "2022")),
        (quoted(50250, reference_period=None), "supported",
         CELL.replace("2023", "2024")),
        (quoted(68230, statistic="mean", area="California"), "not_in_release", None),
        (quoted(48780, reference_period="1999-05"), "not_in_release", None),
        (quoted(45000, experience_min=0, experience_max=2), "wrong_scope", None),
        (quoted(63095, statistic="mean", credential="CPC"), "wrong_scope", None),
        (quoted(48780, attributed_to="AAPC"), "not_in_release", None),
        (claim(48000), "unattributed", None),
        (quoted(None, low=35080, high=77810, statistic="range"), "supported",
         CELL.replace("median", "p10")),
        (quoted(None, low=35000, high=78000, statistic="range"), "rounded",
         CELL.replace("median", "p10")),
        (quoted(None, low=40000, high=90000, statistic="range"), "cannot_tell", None),
        (quoted(None, low=40000, high=90000, statistic="range",
                reference_period="1999-05"), "not_in_release", None),
        (quoted(45000), "misquoted", CELL),
        (quoted(50000), "misquoted", CELL),
        (quoted(48780, currency="GBP", area="US"), "not_in_release", None),
        (quoted(4065, period="month"), "supported", CELL),
        (quoted(939, period="week"), "misquoted", CELL),
        (quoted(24, period="hour"), "misquoted", CELL),
        (quoted(48780, statistic="unspecified"), "supported", CELL),
        (quoted(41000, statistic="unspecified"), "cannot_tell", CELL),
        (quoted(99990, reference_period=None), "cannot_tell",
         CELL.replace("2023", "2024")),
        (quoted(48780, occupation="medical billing specialist"), "supported", CELL),
        (quoted(1234, occupation="keeper of keys"), "not_comparable", None),
    ],
)  # fmt: skip
def test_a_quoted_figure_is_held_against_its_publishers_own(row, expected, cell):
    """By lookup, never by vote; a May 2025 figure never supports a May 2023 one."""
    found = verdict(row)
    assert found.verdict == expected
    assert (found.reference.cell if found.reference else None) == cell


def test_a_sentence_names_both_figures_the_file_and_the_difference():
    """A person can act on it without opening anything."""
    draft = normalise(made_claims(quoted(80090, statistic="p90"), *BLS), VOCABULARY, {})
    figures, _ = validate(draft, make_empty_broken_rows(), VOCABULARY)
    pages = draft.filter(pl.col("source") == "article")
    found = assess(pages, figures.lazy(), VOCABULARY, {TABLE: "national_M2023_dl.csv"})
    (row,) = found.discrepancies.rows(named=True)
    for part in ("80090", "77,810", "29-2072", "national_M2023_dl.csv", "2,280 more",
                 "+2.9 %"):  # fmt: skip
        assert part in row["sentence"]
    assert (row["type"], row["severity"], row["difference"]) == (
        "misquote", 3, Decimal("2280.00"),
    )  # fmt: skip


def test_the_official_figure_is_chosen_and_its_quotes_are_copies():
    """Ten pages that copy one figure are one witness."""
    pages = [quoted(48780, snapshot=f"{n:012x}") for n in range(10)]
    found = curation(*BLS, *pages)
    row = found.salaries.row(by_predicate=pl.col("cell") == CELL, named=True)
    assert (row["annual"], row["status"], row["rule"], row["grade"]) == (
        Decimal("48780.00"), "single_source", "official_primary", "A",
    )  # fmt: skip
    assert row["independent_sources"] == 1
    assert roles(found, CELL) == {
        ("chosen", "chosen_by_rule"): 1,
        ("copy", "quotes_primary"): 10,
        ("supporting", "same_figure_other_unit"): 1,
    }


def test_the_publishers_own_page_says_its_figure_again_or_an_older_one():
    """To the dollar it supports the chosen one; else it was superseded."""
    again, other = oews(48780, snapshot=NEWER), oews(48500, snapshot=NEWER)
    found = curation(*BLS, again)
    assert roles(found, CELL)["supporting", "same_figure"] == 1
    found = curation(*BLS, other)
    assert ("supporting", "same_figure") not in roles(found, CELL)


def roles(found, cell):
    """How many figures of a cell have which role and reason."""
    rows = found.provenance.filter(pl.col("cell") == cell)
    return {(a, b): n for a, b, n in rows.group_by("role", "reason").len().iter_rows()}


def test_a_misquote_is_outvoted_and_published_with_its_reason():
    """Losers are kept."""
    found = curation(*BLS, quoted(35010, statistic="p10"))
    cell = CELL.replace("median", "p10")
    assert roles(found, cell) == {
        ("chosen", "chosen_by_rule"): 1,
        ("outvoted", "misquotes_primary"): 1,
    }


def survey(value, publisher, snapshot):
    """A survey publisher's own figure, quoted by a page that names the year."""
    facts = {"attributed_to": publisher, "reference_period": "2023"}
    return claim(value, statistic="mean", pay_basis="base", snapshot=snapshot, **facts)


@pytest.mark.parametrize(
    ("values", "status", "chosen"),
    [
        ((50000,), "single_source", "50000.00"),
        ((50000, 50500), "insufficient", None),
        ((50000, 60000), "contested", None),
    ],
)
def test_quotes_alone_settle_nothing(values, status, chosen):
    """Hearsay is no proof: no figure is picked in silence, and the range is there."""
    names = ("Indeed", "LinkedIn")
    rows = [survey(v, names[n], f"{n:012x}") for n, v in enumerate(values)]
    row = curation(*rows).salaries.row(0, named=True)
    assert row["status"] == status
    assert row["chosen"] is None or row["annual"] == Decimal(chosen)
    assert (row["chosen"] is None) == (chosen is None)
    if status == "contested":
        assert row["spread"] == pytest.approx(0.2)
        assert row["would_be_settled_by"]
        assert row["composite_low"] < row["composite"] < row["composite_high"]


@pytest.mark.parametrize(
    ("second", "status", "rule"),
    [(50500, "settled", "agreement"), (60000, "contested", "equal_rank_disagree")],
)
def test_publishers_own_pages_settle_or_contest(second, status, rule):
    """Two aggregators of one rank: within tolerance settled, else in the open."""
    own = {"statistic": "mean", "pay_basis": "base", "reference_period": "2023"}
    found = curation(
        claim(50000, source="payscale", snapshot=SURVEY, **own),
        claim(second, source="salary_com", snapshot=NEWER, **own),
    )
    row = found.salaries.row(0, named=True)
    assert (row["status"], row["rule"]) == (status, rule)
    assert (row["chosen"] is None) == (status == "contested")


@pytest.mark.parametrize(
    ("row", "role", "reason"),
    [
        (quoted(99000, experience_label="Senior"), "excluded", "doubtful"),
        (quoted(99000, experience_min=6), "excluded", "not_published_by_them"),
        (quoted(35010), "outvoted", "misquotes_primary"),
        (quoted(47180), "stale", "older_vintage"),
        (quoted(48780, currency="GBP", area="US"), "excluded", "other_currency"),
    ],
)
def test_a_figure_known_to_be_wrong_is_never_chosen(row, role, reason):
    """Nor does it count as a witness; its reason is published."""
    found = curation(*BLS, row)
    own = found.provenance.filter(pl.col("source") == "article").row(0, named=True)
    assert (own["role"], own["reason"]) == (role, reason)
    cell = found.salaries.row(by_predicate=pl.col("cell") == own["cell"], named=True)
    assert cell["chosen"] != own["claim_id"]


def test_authority_decides_between_a_survey_and_an_official_table():
    """The loser is outvoted with the reason `outranked`."""
    found = curation(*BLS, survey(60000, "Indeed", SURVEY))
    cell = CELL.replace("median", "mean")
    row = found.salaries.row(by_predicate=pl.col("cell") == cell, named=True)
    assert (row["status"], row["rule"], row["annual"]) == (
        "settled", "authority", Decimal("53690.00"),
    )  # fmt: skip
    assert roles(found, cell)["outvoted", "outranked"] == 1


def test_an_incomplete_question_chooses_nothing():
    """No year, or a title of several codes: insufficient, and what would help."""
    found = curation(claim(48000), survey(50000, "AAPC", SURVEY) | {
        "occupation": "medical billing specialist"})  # fmt: skip
    assert set(found.salaries["status"]) == {"insufficient"}
    assert found.salaries["chosen"].null_count() == 2
    assert set(found.provenance["reason"]) == {"unattributed", "ambiguous_occupation"}


def test_a_page_that_contradicts_itself_is_reported():
    """Percentiles that cross, one question with two answers, a backward range."""
    found = curation(
        quoted(78610, statistic="p25"),
        quoted(70796, statistic="p75"),
        survey(67420, "AAPC", GUIDE),
        survey(67240, "AAPC", GUIDE),
        claim(None, low=90000, high=80000, statistic="range", occupation="biller"),
        claim(7845, statistic="mean", occupation="auditor"),
    )
    assert set(found.discrepancies["type"]) == {
        "percentile_order", "internal_contradiction", "range_inversion", "unit_slip",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("char=10,17", "char=900,907", 1),
        ("char=10,17", "char=60,67", 0),
        ("xpath=/table[1]/tr[2];char=0,7", "xpath=/table[1]/tr[2];char=8,15", 0),
        ("xpath=/table[1]/tr[2];char=0,7", "xpath=/table[1]/tr[3];char=0,7", 0),
        ("xpath=/p[2];char=0,7", "xpath=/table[1]/tr[3]/td[2];char=0,7", 1),
        ("xpath=/ul[1]/li[2];char=9,15", "xpath=/ul[1]/li[3];char=9,15", 0),
    ],
)  # fmt: skip
def test_two_figures_side_by_side_are_two_things(one, other, found):
    """A row of two years is no contradiction; the text against the table is."""
    rows = [survey(67420, "AAPC", GUIDE), survey(67240, "AAPC", GUIDE)]
    claims = tables.make_claims(
        [{**row, "locator": at} for row, at in zip(rows, (one, other), strict=True)]
    )
    draft = normalise(claims, VOCABULARY, {})
    read = build_pages(
        (), draft.to_dicts(), {}, ComparisonPhrases.from_vocabulary(VOCABULARY)
    )
    rules = ConflictRules(MEASURES, Decimal("0.005"), frozenset())
    assert len(find_contradictions(read, rules)) == found


def test_places_without_a_code_are_told_apart_by_name():
    """West Coast and Southeast have no code, and are two places."""
    here, there = (survey(v, "AAPC", GUIDE) for v in (78300, 59870))
    found = curation({**here, "area": "West Coast"}, {**there, "area": "Southeast"})
    assert found.discrepancies.height == 0


def test_two_rounded_figures_of_one_page_are_no_contradiction():
    """$48,780 in the table and about $49,000 in the text say the same."""
    found = curation(
        survey(48780, "AAPC", GUIDE),
        {**survey(49000, "AAPC", GUIDE), "approximate": True},
    )
    assert found.discrepancies.height == 0


@pytest.mark.slow
@settings(max_examples=6)
@given(st.permutations(range(12)))
def test_the_order_of_claims_changes_nothing(order):
    """Every tie is broken by a stated rule."""
    rows = [*BLS, quoted(48780), quoted(35010, statistic="p10"),
            survey(60000, "AAPC", SURVEY), survey(61000, "Indeed", NEWER)]  # fmt: skip
    claims = made_claims(*rows)
    draft = normalise(claims, VOCABULARY, {})
    days = dict.fromkeys(claims["snapshot"].unique(), "2026-11-01")

    def run(frame):
        figures, _ = validate(frame, make_empty_broken_rows(), VOCABULARY)
        pages = frame.filter(pl.col("source") == "article")
        return reconcile(figures, pages, VOCABULARY, retrieved=days, files={})

    one, other = run(draft), run(draft[list(order)])
    assert one.salaries.equals(other.salaries)
    assert one.provenance.equals(other.provenance)
    assert one.discrepancies.equals(other.discrepancies)


@pytest.mark.parametrize(
    ("quoted_at", "published", "approximate", "how"),
    [
        (48780, 48780, False, "exact"),
        (49000, 48780, False, "rounded"),
        (48000, 48780, False, "rounded"),
        (48800, 48780, False, "rounded"),
        (48770, 48780, False, None),
        (50000, 48780, False, None),
        (50000, 48780, True, "rounded"),
        (47000, 48780, True, None),
    ],
)
def test_rounding_is_told_from_misquoting(quoted_at, published, approximate, how):
    """To the grain of the quoted figure, up or cut; a fine figure has no excuse."""
    found = match_amounts(
        Decimal(quoted_at), Decimal(published), MEASURES, approximate=approximate
    )
    assert found == how


def test_slips_of_unit_and_digit_are_recognised():
    """By the factors of the vocabulary; one digit, or two neighbours swapped."""
    assert find_unit_factor(Decimal("23.45"), Decimal(48780), MEASURES) == 2080
    assert find_unit_factor(Decimal(4878), Decimal(48780), MEASURES) == 10
    assert find_unit_factor(Decimal(40000), Decimal(48780), MEASURES) is None
    assert is_digit_slip(Decimal(47970), Decimal(47870))
    assert is_digit_slip(Decimal(67420), Decimal(67240))
    assert not is_digit_slip(Decimal(55020), Decimal(50250))


def test_the_first_rule_of_authority_that_fits_decides():
    """By question, publisher, area and year."""
    rules = VOCABULARY.read_table("authority").rows(named=True)
    key = {"publisher": "bls", "area_level": "state", "asked_of": "all", "year": 2023}
    assert find_rank(key, rules) == 1
    assert find_rank({**key, "publisher": "unnamed"}, rules) == 9
    assert find_rank({**key, "publisher": "aapc", "asked_of": "credential"}, rules) == 1
    dated = [{**rules[0], "from": "2030"}, *rules]
    assert find_rank({**key, "year": 2031}, dated) == find_rank(key, dated) == 1


@pytest.mark.parametrize(
    ("verdict", "sources", "status"),
    [
        ("disputed_itself", 1, "disputed"),
        ("disputed_itself", 2, "settled"),
        ("misquoted", 1, "disputed"),
        ("not_comparable", 1, "single_source"),
    ],
)
def test_a_sole_figure_in_dispute_gives_no_value(verdict, sources, status):
    """Another publisher that agrees makes a publisher's own one again."""
    own = {"statistic": "median", "pay_basis": "base", "reference_period": "2023"}
    rows = made_figures(
        claim(50000, source="payscale", snapshot=SURVEY, **own),
        claim(50010, source="salary_com", snapshot=NEWER, **own),
    )
    rows = rows.filter(pl.col("cell") == rows["cell"][0]).head(sources)
    words = dict.fromkeys(rows["claim_id"], verdict)
    days = {SURVEY: "2025-02-10", NEWER: "2026-11-01"}
    salaries, roles = settle_cells(rows, words, VOCABULARY, days)
    assert salaries["status"].to_list() == [status]
    assert (salaries["annual"].item() is None) == (status == "disputed")
    reasons = {"disputed": {"disputed_itself", "misquotes_primary"}}
    assert roles.sort("place")["reason"][0] in reasons.get(status, {"chosen_by_rule"})


def test_a_sole_quotation_under_a_discrepancy_is_no_value():
    """New Jersey's 73,350, say: told, with its reasons, and handed out by nobody."""
    far = quoted(73350, reference_period="2016-05")
    found = curation(*BLS, far)
    cell = CELL.replace("2023", "2016")
    row = found.salaries.row(by_predicate=pl.col("cell") == cell, named=True)
    assert (row["status"], row["rule"], row["grade"]) == (
        "disputed", "under_discrepancy", "E",
    )  # fmt: skip
    assert (row["chosen"], row["annual"]) == (None, None)
    own = found.provenance.filter(pl.col("cell") == cell).row(0, named=True)
    assert (own["role"], own["reason"]) == ("excluded", "disputed")
    near = quoted(48000, reference_period="2022-05")
    known = curation(*BLS, near).salaries
    assert "disputed" not in set(known["status"])
