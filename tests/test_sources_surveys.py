"""Surveys of members: what a table is by in each edition, and what is not known."""

from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest
from changing import changed
from make_recordings import RECORDINGS, TESTS, kept

from pipeline.core.errors import LayoutChanged, UnknownLabel
from pipeline.core.unread_places import collect_unread
from pipeline.core.vocabulary import open_vocabulary
from pipeline.sources import aapc_survey, ahima

WORDS = open_vocabulary(TESTS.parent / "vocabularies")
EDITIONS = {
    r.edition: kept(r, TESTS / "raw") for r in RECORDINGS if r.source == "aapc_survey"
}
(SNAPSHOT,) = (kept(r, TESTS / "raw") for r in RECORDINGS if r.source == "ahima")


def by(claims: pl.DataFrame, *fields: str) -> dict[object, int]:
    """Label to whole dollars, of claims that have all the fields."""
    told = claims.filter(pl.all_horizontal(pl.col(fields).is_not_null()))
    keys = told.select(fields).rows()
    return dict(zip(keys, told["value"].cast(pl.Int64), strict=True))


def test_each_edition_gives_what_it_is_by():
    """Overall, certified or not, experience, employer, state and way of working."""
    old, middle, new = (
        aapc_survey.parse(EDITIONS[year], WORDS) for year in ("2022", "2023", "2025")
    )
    certified = by(old, "credential")
    assert (certified[("any",)], certified[("none",)]) == (60310, 47850)
    assert by(old, "experience_label")[("10 to 20 years",)] == 64200
    assert by(middle, "credential", "credential_count")[("any", "3+")] == 76130
    assert by(middle, "employer_type")[("consulting firm",)] == 78250
    assert by(new, "area")[("District of Columbia",)] == 80110
    assert by(new, "work_mode") == {
        ("remote",): 67310,
        ("hybrid",): 66480,
        ("onsite",): 60250,
    }


def test_last_years_column_is_of_last_year():
    """A table with two years keeps them apart."""
    claims = aapc_survey.parse(EDITIONS["2023"], WORDS)
    cpc = claims.filter(pl.col("credential") == "CPC")
    assert cpc.select("reference_period", "value").rows() == [
        ("2022", Decimal("59900.00")),
        ("2023", Decimal("61200.00")),
    ]


def test_a_snapshot_crosses_credential_and_setting():
    """A table by both gives both; the mean and the median are two figures."""
    claims = ahima.parse(SNAPSHOT, WORDS)
    assert by(claims, "credential", "employer_type")[("CCS", "hospital")] == 69870
    rhia = claims.filter(
        (pl.col("credential") == "RHIA") & pl.col("employer_type").is_null()
    )
    assert rhia.select("statistic", "value").rows() == [
        ("mean", Decimal("84620.00")),
        ("median", Decimal("79300.00")),
    ]


@pytest.mark.parametrize(
    ("year", "old", "new", "error", "named"),
    [
        ("2025", "<td>CDEO</td>", "<td>ZQX</td>", UnknownLabel,
         "'ZQX'.*credentials.csv"),
        ("2025", "<td>Texas</td>", "<td>Texarcadia</td>", UnknownLabel,
         "'Texarcadia'.*areas.csv"),
        ("2025", "<td>Hybrid</td>", "<td>Nomadic</td>", UnknownLabel,
         "'Nomadic'.*work_modes.csv"),
        ("2025", "<td>16+</td>", "<td>veterans</td>", UnknownLabel,
         "'veterans'.*experience.csv"),
        ("2023", "<td>Insurance company</td>", "<td>Blimp yard</td>", UnknownLabel,
         "'Blimp yard'.*employer_types.csv"),
        ("2023", "<th>Employer</th>", "<th>Shoe size</th>", LayoutChanged, ""),
    ],
)  # fmt: skip
def test_a_row_that_nothing_explains_stops_the_survey(
    year, old, new, error, named, tmp_path
):
    """Its label is named, with the vocabulary to add it to."""
    replaced = [(old, new)]
    if error is LayoutChanged:
        replaced.append(("Average Annual Salary by Employer", "More averages"))
        named = "table by 'Shoe size'.*survey_dimensions.csv"
    with pytest.raises(error, match=named):
        aapc_survey.parse(changed(EDITIONS[year], tmp_path, *replaced), WORDS)


def test_an_edition_without_salary_by_credential_is_read_and_told(tmp_path):
    """It is what the survey is known for; its other tables are read."""
    figures = ("$64,500", "$48,730", "$70,160", "$79,840")
    page = changed(EDITIONS["2025"], tmp_path, *((f, "n/a") for f in figures))
    with collect_unread() as unread:
        claims = aapc_survey.parse(page, WORDS)
    assert by(claims, "area")[("District of Columbia",)] == 80110
    assert [place.why for place in unread] == ["no salary by credential is read"]


def test_what_is_said_of_all_members_is_of_no_credential(tmp_path):
    """`Certified and non-certified` together are everybody."""
    path = tmp_path / "survey.md"
    path.write_text(
        "# Survey of 2021\n\nCoders (certified and non-certified) earn $51,300 a year "
        "on average. Those without certification earn $44,100 a year.\n",
        encoding="utf-8",
    )
    page = replace(EDITIONS["2025"], path=path, media_type="text/markdown")
    levels = aapc_survey.parse(page, WORDS).filter(pl.col("kind") == "pay_level")
    assert levels.select("value", "credential").rows() == [
        (Decimal("51300.00"), None),
        (Decimal("44100.00"), "none"),
    ]


def test_a_snapshot_without_one_of_its_credentials_is_read_and_told(tmp_path):
    """The four credentials are what the publication is about."""
    page = changed(SNAPSHOT, tmp_path, ("<td>RHIT</td>", "<td>RHIA</td>"))
    with collect_unread() as unread:
        claims = ahima.parse(page, WORDS)
    assert claims.filter(pl.col("credential") == "CCS").height > 0
    assert [place.why for place in unread] == ["no salary of RHIT is read"]
