"""Titles and places: which code a name means, in the tables that ship."""

import re
from pathlib import Path

import polars as pl
import pytest

from pipeline.core.vocabulary import open_vocabulary
from schemas.claims import AREA_LEVELS

FOLDER = Path(__file__).resolve().parents[1] / "vocabularies"
WORDS = open_vocabulary(FOLDER)
CODE = r"^(\d{2}-\d{4}|\d{5})$"


def codes_of(title: str) -> set[tuple[str, str]]:
    """Codes and origins of a title as it stands in titles.csv."""
    rows = WORDS.read_table("titles").filter(pl.col("title") == title)
    return set(rows.select("soc", "origin").iter_rows())


def area_named(name: str) -> list[str]:
    """Codes of the areas that have a name or alias, in the table's order."""
    rows = WORDS.read_table("areas").select("code", "name", "aliases").iter_rows()
    return [c for c, n, a in rows if name in (n, *(a or "").split("|"))]


def test_titles_are_normal_and_their_codes_known():
    """Titles are lower case with single spaces; codes are SOC codes."""
    titles = WORDS.read_table("titles", "title", "soc", "origin")
    plain = titles["title"].str.to_lowercase().str.replace_all(r"\s+", " ")

    assert (plain == titles["title"]).all()
    assert titles["soc"].str.contains(CODE).all()
    assert set(titles["origin"]) <= {
        "soc", "ooh", "oews_old", "onet_alternate", "onet_reported", "house",
        "abroad",
    }  # fmt: skip
    assert (FOLDER / "titles.csv").stat().st_size < 2_700_000


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        ("medical coder", {"29-2072"}),
        ("medical biller", {"29-2072", "43-3021"}),
        ("medical billing specialist", {"29-2072", "43-3021", "43-6013"}),
        ("medical billing coder", {"29-2072", "43-6013"}),
        ("medical billing clerk", {"43-3021"}),
        ("billing specialist", {"43-3021"}),
        ("health information specialist", {"29-2072", "29-9021"}),
        ("health information technician", {"29-9021"}),
        ("medical records technician", {"29-2072"}),
        ("certified professional coder", {"29-2072"}),
        ("certified medical coder", {"29-2072"}),
        ("medical biller and coder", {"29-2072"}),
        ("medical coding manager", {"11-9111"}),
        ("coding auditor", {"15-1211", "29-2072"}),
        ("registered nurse", {"29-1141"}),
    ],
)
def test_a_title_has_every_code_that_it_may_mean(title: str, codes: set[str]):
    """An ambiguous title keeps all its codes, as several rows."""
    assert {code for code, _ in codes_of(title)} == codes


def test_official_titles_of_any_release_are_marked():
    """Old and new official titles mean the code of their own release."""
    assert codes_of("medical records specialists") == {("29-2072", "soc")}
    old = codes_of("medical records and health information technicians")
    assert old == {("29-2071", "oews_old")}
    handbook = codes_of("medical records and health information specialists")
    assert handbook == {("29-2072", "ooh")}


def test_hand_written_titles_have_a_code_of_the_newest_release():
    """A row of our own never points at a code that is gone."""
    titles = WORDS.read_table("titles")
    ours = titles.filter(pl.col("origin").is_in(["house", "ooh"]))
    current = WORDS.read_table("occupations").filter(pl.col("valid_to").is_null())
    # O*NET also has codes of today that the survey does not count: legislators.
    uncounted = titles.filter(pl.col("origin").str.starts_with("onet"))["soc"]
    assert ours.height > 100
    assert set(ours["soc"]) <= {*current["soc"], *uncounted}


def test_the_medical_records_family_is_not_one_series():
    """29-2098 is another series than the codes before and after it."""
    rows = WORDS.read_table("occupations", "soc", "family", "valid_from", "valid_to")
    family = rows.filter(pl.col("family") == "medical_records")
    spans = {r["soc"]: (r["valid_from"], r["valid_to"]) for r in family.to_dicts()}

    assert spans["29-2072"] == ("2021", None)
    assert spans["29-2098"] == ("2019", "2020")
    assert spans["29-2071"] == ("1999", "2018")
    assert {"32911", "29-9021", "43-3021", "11-9111"} <= set(spans)


def test_occupations_have_known_codes_and_predecessors():
    """Codes are SOC or OES codes, and so are those that they were made from."""
    rows = WORDS.read_table("occupations", "soc", "predecessors")
    before = rows["predecessors"].drop_nulls().str.split(" ").explode()
    assert rows["soc"].str.contains(CODE).all()
    assert before.str.contains(CODE).all()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("United States", "US"),
        ("U.S.", "US"),
        ("Calif.", "06"),
        ("Washington State", "53"),
        ("Washington, D.C.", "11"),
        ("District of Columbia", "11"),
        ("Trenton, NJ", "45940"),
        ("San Francisco-Oakland-Hayward, CA", "41860"),
        ("Sacramento--Roseville--Arden-Arcade, CA", "40900"),
        ("New York-Newark-Jersey City, NY-NJ-PA", "35620"),
        ("Newark, NJ", "35620"),
        ("Dayton, OH", "19430"),
        ("Oakland, CA", "41860"),
        ("Wilkes-Barre, PA", "42540"),
        ("Sacramento-Roseville-Arden-Arcade, CA", "40900"),
        ("Ontario", "CA-ON"),
        ("Scotland", "GB-SCT"),
        ("Yorkshire and the Humber", "E12000003"),
    ],
)
def test_places_are_found_by_any_of_their_names(name: str, code: str):
    """Old titles, abbreviations and principal cities lead to today's code."""
    assert area_named(name)[0] == code


def test_areas_have_codes_of_their_level():
    """FIPS, CBSA and OEWS codes have their own widths."""
    rows = WORDS.read_table("areas", "code", "level", "state", "postal")
    widths = {"national": "US", "state": r"\d\d", "metro": r"\d{5}"}
    widths |= {"nonmetro": r"\d{7}", "foreign": r"[A-Z]{2}(-[A-Z]{2,3})?|E\d{8}"}

    assert set(rows["level"]) == set(AREA_LEVELS)
    for code, level in rows.select("code", "level").iter_rows():
        assert re.fullmatch(widths[level], code), (level, code)
    newest = WORDS.read_table("areas").filter(pl.col("vintage") == "2025-05")
    counts = dict(newest.group_by("level").len().iter_rows())
    assert (counts["metro"], counts["nonmetro"]) == (393, 135)
