"""The box knows every occupation: a fresh clone checks pages of other fields."""

import json

import polars as pl
import pytest

from pipeline.core.store import Home
from pipeline.query.published import find_latest

pytestmark = pytest.mark.slow

# Sentence, verdict, cell. Every other figure is wrong.
SAID = (
    ("registered nurses earned a median of $86,070 a year in May 2023",
     "supported", "29-1141/US/all/base/median/2023"),
    ("registered nurses earned a median of $91,070 a year in May 2023",
     "misquoted", "29-1141/US/all/base/median/2023"),
    ("welders earned a median of $23.53 an hour in May 2023",
     "supported", "51-4121/US/all/base/median/2023"),
    ("welders earned a median of $29.53 an hour in May 2023",
     "misquoted", "51-4121/US/all/base/median/2023"),
    ("heavy and tractor-trailer truck drivers earned a median of $54,320 a year in "
     "May 2023", "supported", "53-3032/US/all/base/median/2023"),
    ("electricians earned a median of $61,590 a year in May 2023",
     "supported", "47-2111/US/all/base/median/2023"),
    ("electricians earned a mean of $61,590 a year in May 2023",
     "wrong_statistic", "47-2111/US/all/base/mean/2023"),
    ("carpenters had a median of $46,590 a year in May 2018",
     "supported", "47-2031/US/all/base/median/2018"),
    ("the lowest 10 percent of lawyers earned less than $55,870 a year in May 2015",
     "supported", "23-1011/US/all/base/p10/2015"),
)  # fmt: skip


@pytest.mark.parametrize(("sentence", "verdict", "cell"), SAID)
def test_a_page_of_another_field_is_judged(
    demonstration, command_in, tmp_path, sentence, verdict, cell
):
    """By the nation's table of its year."""
    page = tmp_path / "page.md"
    page.write_text(
        f"# Pay\n\nAccording to the Bureau of Labor Statistics, {sentence}.\n"
    )
    _, out, _ = command_in(Home(demonstration), "check", page, "--format", "json")
    (found,) = json.loads(out)["verdicts"]
    assert (found["verdict"], found["cell"]) == (verdict, cell)


def test_an_outlook_of_another_field_is_held_against_the_projections(
    demonstration, command_in, tmp_path
):
    """9.5 % until 2034 is what was published."""
    page = tmp_path / "page.md"
    page.write_text(
        "# Electricians\n\nAccording to the Bureau of Labor Statistics, electricians "
        "earned a median of $61,590 a year in May 2023. According to the Bureau of "
        "Labor Statistics, employment of electricians is projected to grow 21 percent "
        "from 2024 to 2034.\n"
    )
    _, out, _ = command_in(Home(demonstration), "check", page, "--format", "json")
    (found,) = json.loads(out)["discrepancies"]
    assert found["type"] == "outlook_mismatch"
    assert "9.5 %" in found["sentence"]


def test_every_edition_has_the_nation_s_occupations(demonstration):
    """Some 800 detailed ones a year, and of no cell two unlike figures."""
    release = find_latest(Home(demonstration))
    figures = release.scan_table("figures").filter(
        pl.col("source") == "bls_oews",
        pl.col("area_code") == "US",
        pl.col("cohort") == "all",
        pl.col("period") == "year",
    ).collect()  # fmt: skip
    counted = dict(figures.group_by("year").agg(pl.col("soc").n_unique()).iter_rows())
    del counted[2011]  # of that year single rows alone are at hand
    years = {1997, 2005, 2009, 2012, *range(2014, 2026)}
    assert set(counted) == years
    assert min(counted.values()) > 750
    unlike = figures.group_by("cell").agg(pl.col("annual").n_unique())
    assert unlike["annual"].max() == 1
