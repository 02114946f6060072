"""Claims on one footing: occupation, area, people, pay, date."""

from decimal import Decimal

import polars as pl
import pytest
from made import SURVEY, TABLE, VOCABULARY, claim, made_claims, oews

from pipeline.core.errors import UnknownLabel
from pipeline.normalise import normalise
from pipeline.normalise.annual_pay import add_annual_pay
from pipeline.normalise.area import make_area_key
from pipeline.normalise.publisher import find_publisher, load_known_names


def draft(*rows, editions=None) -> list[dict]:
    """Draft figures of these claims, in their order."""
    return normalise(made_claims(*rows), VOCABULARY, editions or {}).rows(named=True)


@pytest.mark.parametrize(
    ("title", "grade", "codes"),
    [
        ("Medical Records Specialists", "official", "29-2072"),
        ("medical records specialist", "official", "29-2072"),
        ("medical coder", "alternate", "29-2072"),
        ("Registered nurses", "official", "29-1141"),
        ("medical billing specialist", "ambiguous", "29-2072|43-3021|43-6013"),
        ("keeper of the seven keys", "none", None),
    ],
)
def test_a_title_keeps_every_code_it_may_mean(title, grade, codes):
    """One code is chosen only where one fits; an ambiguous title says so."""
    (row,) = draft(claim(50000, occupation=title))
    assert (row["match_grade"], row["soc_candidates"]) == (grade, codes)
    assert row["soc"] == (codes if grade in ("official", "alternate") else None)


def test_the_code_that_a_source_gives_stands():
    """A title vocabulary never overrules the publisher's own code."""
    (row,) = draft(oews(50000, soc="29-2098", occupation="Medical Records Specialists"))
    assert (row["soc"], row["match_grade"]) == ("29-2098", "code")
    assert row["cell"] == "29-2098/US/all/base/median/2023"


@pytest.mark.parametrize(
    ("area", "code", "level"),
    [
        ("US", "US", "national"),
        ("United States", "US", "national"),
        ("California", "06", "state"),
        ("CA", "06", "state"),
        ("San Jose-Sunnyvale-Santa Clara, CA", "41940", "metro"),
        ("Sacramento--Roseville--Arden-Arcade, CA", "40900", "metro"),
        ("Atlantis", None, None),
    ],
)
def test_areas_get_their_fips_or_cbsa_code(area, code, level):
    """Names of any vintage lead to one code; an unknown one to none."""
    (row,) = draft(claim(50000, area=area))
    assert (row["area_code"], row["area_level"]) == (code, level)


def test_a_page_that_names_no_place_speaks_of_its_currencys_country():
    """The default is stated: `assumed` names the field."""
    dollars, pounds = draft(claim(50000), claim(30000, currency="GBP"))
    assert (dollars["area_code"], pounds["area_code"]) == ("US", "GB")
    assert dollars["assumed"] == "area"


@pytest.mark.parametrize(
    ("period", "value", "year", "factor"),
    [
        ("year", "48780", "48780.00", "year-1"),
        ("hour", "23.45", "48776.00", "hour-2080"),
        ("week", "1000", "52000.00", "week-52"),
        ("month", "4000", "48000.00", "month-12"),
        ("day", "200", "52000.00", "day-260"),
    ],
)
def test_a_year_is_made_by_one_table_of_factors(period, value, year, factor):
    """Exactly, in decimals, and the figure names the factor."""
    (row,) = draft(claim(value, period=period))
    assert (row["annual"], row["factor_id"]) == (Decimal(year), factor)
    assert row["as_published"] == Decimal(value).quantize(Decimal("0.01"))


def test_pay_without_a_period_gets_no_year():
    """No factor is guessed from the size of a number."""
    (row,) = draft(claim(48780, period=None))
    assert (row["annual"], row["factor_id"]) == (None, "none")


def test_a_period_without_a_factor_is_an_error_that_names_the_table():
    """Vocabulary and schema may not drift apart."""
    frame = pl.DataFrame({"period": ["decade"]})
    with pytest.raises(UnknownLabel, match=r"decade.*factors\.csv"):
        add_annual_pay(frame, VOCABULARY)


@pytest.mark.parametrize(
    ("said", "cohort"),
    [
        ({}, "all"),
        ({"credential": "CPC"}, "credential=CPC"),
        (
            {"experience_min": 3, "experience_max": 9, "experience_label": "Senior"},
            "experience=3-9",
        ),
        ({"experience_min": 20}, "experience=20-"),
        ({"experience_label": "Entry-Level"}, "experience=entry-level"),
        ({"specialty": "risk/adjust;ment=x"}, "specialty=risk adjust ment x"),
        (
            {"work_mode": "remote", "credential": "any"},
            "credential=any;work_mode=remote",
        ),
    ],
)
def test_a_cohort_names_what_narrows_it(said, cohort):
    """Years beat labels; text from outside cannot break the cell id."""
    (row,) = draft(claim(50000, **said))
    assert row["cohort"] == cohort
    assert row["cell"].count("/") == 5


def test_a_code_published_twice_is_two_questions():
    """Broad and detailed occupations of one code are kept apart by group."""
    broad, detailed = draft(
        oews(50000, soc="13-2020", occupation_group="broad"),
        oews(50000, soc="13-2020", occupation_group="detailed"),
    )
    assert (broad["cohort"], detailed["cohort"]) == ("group=broad", "all")


def test_a_quoted_figure_is_its_publishers():
    """BLS quoted by a page is BLS's, not primary, and has BLS's pay concept."""
    (row,) = draft(claim(48780, attributed_to="U.S. Bureau of Labor Statistics (BLS)"))
    assert (row["publisher"], row["primary"], row["pay_basis"]) == (
        "bls",
        False,
        "base",
    )
    assert "pay_basis" in row["assumed"]


def test_a_publishers_own_page_is_primary_and_dated_by_its_edition():
    """An undated page of a publisher is of the edition it was kept as."""
    (row,) = draft(
        claim(61003, source="salary_com", snapshot=SURVEY), editions={SURVEY: "2024"}
    )
    assert (row["publisher"], row["primary"], row["year"]) == (
        "salary_com",
        True,
        2024,
    )


def test_a_page_that_names_nobody_has_its_own_word_only():
    """No publisher, no year: the cell says so with a question mark."""
    (row,) = draft(claim(48000))
    assert (row["publisher"], row["primary"]) == ("unnamed", False)
    assert row["cell"] == "29-2072/US/all/unspecified/median/?"


@pytest.mark.parametrize(
    ("name", "publisher"),
    [
        ("BLS", "bls"),
        ("the Bureau of Labor Statistics", "bls"),
        ("Salary.com", "salary_com"),
        ("PayScale", "payscale"),
        ("AAPC", "aapc"),
        ("Made-Up Surveys Inc", "made_up_surveys_inc"),
    ],
)
def test_publishers_are_known_by_any_name(name, publisher):
    """A name that no row knows still counts as one witness."""
    assert find_publisher(name, load_known_names(VOCABULARY)) == publisher


def test_a_published_error_reaches_the_mean_and_widens_for_percentiles():
    """The RSE is the mean's own; a percentile's follows from normal theory."""
    rse = oews(0.5, kind="other", measure="wage_rse", statistic="mean")
    mean, p90, bare = draft(
        oews(53690, statistic="mean"),
        oews(77810, statistic="p90"),
        oews(50000, statistic="mean", snapshot="e" * 12),
        rse,
    )
    assert (mean["se_log"], mean["se_source"]) == (0.005, "published wage RSE")
    assert p90["se_log"] == pytest.approx(0.00855)
    assert bare["se_source"] == "default for bulk"


def test_illustrations_and_raises_are_no_figures():
    """Only pay levels that somebody published go on."""
    assert (
        draft(
            claim(50000, hypothetical=True),
            claim(5000, kind="pay_delta_abs"),
            oews(185690, kind="other", measure="employment"),
        )
        == []
    )


def test_marks_keep_their_meaning():
    """A top code stays a bound, a suppressed cell stays empty."""
    top, hidden = draft(
        oews(None, low=239200, availability="top_coded", quote="#"),
        oews(None, availability="suppressed", quote="*", snapshot=TABLE),
    )
    assert (top["annual"], top["annual_low"]) == (None, Decimal("239200.00"))
    assert (hidden["annual"], hidden["availability"]) == (None, "suppressed")


def test_area_keys_ignore_dashes_and_dots():
    """Older CBSA titles double their dashes."""
    assert make_area_key("St. Louis, MO-IL") == make_area_key("St Louis--MO--IL")
