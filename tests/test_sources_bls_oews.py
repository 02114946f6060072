"""OEWS tables: every layout at hand, every mark, the scope of every row."""

from decimal import Decimal

import polars as pl
import pytest
from oews import HEAD, ROOT, V, kept, one_row, said
from pages_home import OTHERS

from pipeline.archive.snapshot import Archive
from pipeline.core.errors import Damaged, LayoutChanged, UnknownLabel
from pipeline.read.sheets.workbook import read_workbook_quotes
from pipeline.sources import bls_oews
from pipeline.sources.shared.oews_rules import broken

TRUE = {  # edition: code, p10, median, p90, hourly median (national, detailed)
    "1997": ("32911", "13270.40", "20009.60", "30680.00", "9.62"),
    "2005-05": ("29-2071", "18410", "26690", "42960", "12.83"),
    "2009-05": ("29-2071", "20850", "31290", "51510", "15.04"),
    "2011-05": ("29-2071", "21680", "33310", "55170", "16.01"),
    "2014-05": ("29-2071", "23340", "35900", "59160", "17.26"),
    "2015-05": ("29-2071", "24190", "37110", "61400", "17.84"),
    "2016-05": ("29-2071", "25070", "38040", "62840", "18.29"),
    "2017-05": ("29-2071", "25810", "39180", "64610", "18.83"),
    "2018-05": ("29-2071", "26550", "40350", "66260", "19.40"),
    "2019-05": ("29-2098", "27820", "42630", "71150", "20.50"),
    "2020-05": ("29-2098", "28800", "44090", "73370", "21.20"),
    "2021-05": ("29-2072", "29430", "46660", "74200", "22.43"),
    "2022-05": ("29-2072", "31710", "47180", "75460", "22.69"),
    "2023-05": ("29-2072", "35080", "48780", "77810", "23.45"),
    "2024-05": ("29-2072", "35780", "50250", "80950", "24.16"),
    "2025-05": ("29-2072", "37000", "51140", "81150", "24.59"),
}
EDITIONS = {
    "national_1997_dl.xls": "1997",
    "national_2009_dl.xls": "2009-05",
    "national_may2005_dl.xls": "2005-05",
}


@pytest.fixture
def table(tmp_path):
    """Claims of a table of one row, the usual one with some cells changed."""
    return lambda *args, **changed: bls_oews.parse(
        one_row(tmp_path, *args, **changed), V
    )


@pytest.mark.parametrize("edition", TRUE)
def test_the_bundled_extract_has_the_published_figures(edition: str):
    """Median, ends and hourly median of the medical-records line, in every year."""
    (snapshot,) = [
        s
        for s in Archive(ROOT / "raw").list_snapshots("bls_oews")
        if s.edition == edition and OTHERS not in s.name
    ]
    claims = bls_oews.parse(snapshot, V)
    line = claims.filter(
        pl.col("occupation_group") == "detailed",
        pl.col("area_code") == "US",
        pl.col("industry").is_null(),
    )
    code, *figures = TRUE[edition]
    places = [("p10", "year"), ("median", "year"), ("p90", "year"), ("median", "hour")]
    for figure, (statistic, period) in zip(figures, places, strict=True):
        claim = said(line, soc=code, statistic=statistic, period=period)
        assert claim["value"] == Decimal(figure)
        assert claim["reference_period"] == edition
        assert (claim["pay_basis"], claim["currency"]) == ("base", "USD")
    quotes = read_workbook_quotes(snapshot.read_body(), claims["locator"].to_list())
    assert quotes == claims["quote"].to_list()
    assert broken(claims, V).height == 0


@pytest.mark.slow
def test_the_published_files_of_every_year_are_read_whole(shared):
    """Layouts of 1997 to 2024; every place leads back to its quote."""
    total = 0
    for path in sorted((shared / "data" / "oews").glob("national_*")):
        edition = EDITIONS.get(path.name) or f"{path.name[10:14]}-05"
        claims = bls_oews.parse(kept(path, edition), V)
        quotes = read_workbook_quotes(path.read_bytes(), claims["locator"].to_list())
        assert quotes == claims["quote"].to_list(), path.name
        assert claims["claim_id"].n_unique() == claims.height
        total += claims.height
    assert total == 286_066


@pytest.mark.slow
def test_the_published_files_break_the_rules_only_where_they_are_wrong(shared):
    """In 1997 two occupations have a 90th percentile of 9.99, below the 75th."""
    folder = shared / "data" / "oews"
    found = {}
    for path in sorted(folder.glob("national_*")):
        edition = EDITIONS.get(path.name) or f"{path.name[10:14]}-05"
        faults = broken(bls_oews.parse(kept(path, edition), V), V)
        found |= {edition: set(faults["claim_id"].str.extract(r"!([A-Z]+\d+)$"))}
    assert found.pop("1997") == {f"{c}{r}" for c in "LMQR" for r in (293, 296)}
    assert not any(found.values())


MARKS = {
    "top-coded by the year": ("A_PCT90", "#", "top_coded", "239200"),
    "top-coded by the hour": ("H_PCT90", "#", "top_coded", "115.00"),
    "wage not released": ("A_MEDIAN", "*", "suppressed", None),
    "wage removed": ("A_MEDIAN", "***", "suppressed", None),
    "employment not released": ("TOT_EMP", "**", "suppressed", None),
    "few establishments": ("PCT_RPT", "~", "not_available", None),
}


@pytest.mark.parametrize(("column", "mark", "state", "low"), MARKS.values(), ids=MARKS)
def test_a_mark_is_never_a_number(table, column, mark, state, low):
    """It becomes availability; only a top code has a bound."""
    claim = said(table({column: mark}), locator=f"line=2;col={HEAD.index(column) + 1}")

    assert (claim["quote"], claim["availability"]) == (mark, state)
    assert claim["value"] is None
    assert claim["low"] == (Decimal(low) if low else None)


def test_a_wage_that_is_not_paid_by_the_hour_is_not_available(table):
    """Annual only: no hourly figure exists, which is not the same as suppressed."""
    hourly = [c for c in HEAD if c.startswith("H_")]
    claims = table(dict.fromkeys(hourly, "*") | {"ANNUAL": "TRUE", "A_PCT90": "*"})

    states = claims.filter(pl.col("period") == "hour")["availability"].unique()
    assert states.to_list() == ["not_available"]
    assert said(claims, period="year", statistic="p90")["availability"] == "suppressed"


UNKNOWN = {
    "mark": ({"A_MEDIAN": "@"}, "oews_marks"),
    "mark in another column": ({"TOT_EMP": "***"}, "oews_marks"),
    "zero-like text": ({"A_MEDIAN": "-0"}, "oews_marks"),
    "flag": ({"ANNUAL": "perhaps"}, "oews_flags"),
    "group": ({"O_GROUP": "huge"}, "oews_groups"),
    "area type": ({"AREA_TYPE": "9"}, "oews_area_types"),
}


@pytest.mark.parametrize(("changes", "file"), UNKNOWN.values(), ids=UNKNOWN)
def test_a_label_without_a_meaning_stops_the_source(table, changes, file):
    """The message names the label and the file to change."""
    with pytest.raises(UnknownLabel, match=file) as caught:
        table(changes)

    ((column, text),) = changes.items()
    assert text in str(caught.value)
    assert file != "oews_marks" or column.lower() in str(caught.value)


def test_a_code_that_is_none_of_the_soc_is_refused(table):
    """The row is named."""
    with pytest.raises(Damaged, match="row 2: '29-20'"):
        table({"OCC_CODE": "29-20"})


def test_a_year_without_a_top_code_stops_at_a_top_coded_figure(table):
    """2001 is not in oews_top_codes.csv; without a mark nothing is missed."""
    assert table(edition="2001").height
    with pytest.raises(UnknownLabel, match=r"a_pct90.*oews_top_codes"):
        table({"A_PCT90": "#"}, edition="2001")


@pytest.mark.parametrize(
    ("old", "new"),
    [("A_MEDIAN", "A_MED"), ("OCC_CODE", "SOC"), ("TOT_EMP", "A_MEAN")],
)
def test_a_renamed_column_is_named(table, old, new):
    """Missing and unexpected both stand in the sentence."""
    head = [new if name == old else name for name in HEAD]
    with pytest.raises(LayoutChanged) as caught:
        table(head=head)

    assert caught.value.missing == [old.lower()]
    assert caught.value.unexpected == [new]
    assert "oews_columns.csv" in str(caught.value)


def test_a_column_too_many_is_named(table):
    """A new column is not passed over in silence."""
    with pytest.raises(LayoutChanged, match="A_PCT95"):
        table({"A_PCT95": "1"}, head=[*HEAD, "A_PCT95"])


def test_another_table_is_not_taken_for_this_one(tmp_path):
    """A price list has none of the columns."""
    path = tmp_path / "prices.csv"
    path.write_text("Item,Price\nExam voucher,$399\n")
    with pytest.raises(Damaged, match=r"no wage table.*'Item', 'Price'"):
        bls_oews.parse(kept(path), V)


KINDS = {
    "Field,Field Description": "what the columns of a wage table mean. No source",
    "2024 National Employment Matrix title,X": "Projections.*keep bls_projections FILE",
    "CASE_NUMBER,WAGE": "foreign labor certification.*keep dol_oflc FILE",
    "O*NET-SOC Code\tTitle": "O.NET database.*keep onet_titles FILE",
}


@pytest.mark.parametrize("head", KINDS)
def test_a_table_of_another_source_is_called_what_it_is(head, tmp_path):
    """The advice is the command that reads it, where one does."""
    path = tmp_path / "table.csv"
    mark = "\t" if "\t" in head else ","
    path.write_text(f"{head}\na{mark}b\n")
    with pytest.raises(Damaged, match=KINDS[head]):
        bls_oews.parse(kept(path), V)


def test_a_table_without_rows_says_so(tmp_path):
    """A header alone is no release."""
    path = tmp_path / "national.csv"
    path.write_text(",".join(HEAD) + "\n")
    with pytest.raises(Damaged, match="no figures"):
        bls_oews.parse(kept(path), V)


AREAS = {
    "state, its zero lost": ("1", "Alabama", "2", "01", "state"),
    "territory": ("72", "Puerto Rico", "3", "72", "state"),
    "metro": ("41940", "San Jose, CA", "4", "41940", "metro"),
    "nonmetro, its zero lost": (
        "100004",
        "Southeast Alabama",
        "6",
        "0100004",
        "nonmetro",
    ),
    "nation": ("99", "U.S.", "1", "US", "national"),
}


@pytest.mark.parametrize(
    ("code", "title", "kind", "full", "level"), AREAS.values(), ids=AREAS
)
def test_area_codes_get_their_zeros_back(table, code, title, kind, full, level):
    """Spreadsheets drop them; the width follows from the area type."""
    changes = {"AREA": code, "AREA_TITLE": title, "AREA_TYPE": kind}
    claim = said(table(changes), period="year", statistic="median")

    assert (claim["area_code"], claim["area_level"]) == (full, level)
    assert claim["area"] == ("US" if level == "national" else title)


def test_older_state_and_metro_files_are_told_by_their_columns(table):
    """No area type: a STATE column, or the length of the code, says it."""
    out = ("AREA_TYPE", "NAICS", "NAICS_TITLE", "I_GROUP", "OWN_CODE", "PCT_RPT")
    names = {"AREA_TITLE": "STATE", "O_GROUP": "GROUP", "A_PCT10": "A_WPCT10"}
    head = [names.get(n, n) for n in HEAD if n not in out]
    changes = {"AREA": "6", "AREA_TITLE": "California", "O_GROUP": ""}
    claim = said(
        table(changes, head, "2010-05", out), period="year", statistic="median"
    )
    assert (claim["area_code"], claim["area_level"]) == ("06", "state")
    assert claim["occupation_group"] == "detailed"

    head = ["AREA_NAME" if n == "STATE" else n for n in head]
    for code, level in (("41940", "metro"), ("600007", "nonmetro")):
        claims = table({"AREA": code}, head, "2010-05", out)
        assert claims["area_level"].unique().to_list() == [level]


def test_an_industry_is_named_and_all_industries_are_none(table):
    """Ownership is part of it, where it is not all owners."""
    assert table()["industry"].null_count() == table().height
    changes = {"NAICS": "622000", "NAICS_TITLE": "Hospitals", "OWN_CODE": "5"}
    assert table(changes)["industry"][0] == "622000 Hospitals; ownership 5"


def test_a_file_of_another_year_is_refused(table, tmp_path):
    """The year column says so; the same file under its own year is read."""
    head = [*HEAD, "YEAR"]
    assert table({"YEAR": "2023"}, head).height
    with pytest.raises(Damaged, match="the file says 2022"):
        table({"YEAR": "2022"}, head)
    with pytest.raises(Damaged, match="is no year, nor a month"):
        table(edition="latest")


def test_a_published_workbook_under_the_wrong_year_is_refused(shared):
    """Its sheet's name says 2023."""
    path = shared / "data" / "oews" / "national_M2023_dl.xlsx"
    with pytest.raises(Damaged, match="its name says 2023"):
        bls_oews.parse(kept(path, "2022-05"), V)


def test_codes_that_stand_twice_are_kept_apart_by_group(shared):
    """13-1020 is both a broad and a detailed line in 2023."""
    path = shared / "data" / "oews" / "national_M2023_dl.xlsx"
    claims = bls_oews.parse(kept(path), V).filter(
        pl.col("soc") == "13-1020",
        pl.col("statistic") == "median",
        pl.col("period") == "year",
    )
    assert claims["occupation_group"].sort().to_list() == ["broad", "detailed"]


@pytest.mark.slow
def test_the_hybrid_of_2019_and_2020_is_a_series_of_its_own():
    """29-2098 keeps its code, and a row says that nothing may chain it."""
    for snapshot in Archive(ROOT / "raw").list_snapshots("bls_oews"):
        if OTHERS in snapshot.name:
            continue
        codes = set(bls_oews.parse(snapshot, V)["soc"].drop_nulls())
        hybrid = snapshot.edition in ("2019-05", "2020-05")
        assert ("29-2098" in codes) == hybrid
        assert not (hybrid and codes & {"29-2071", "29-2072"})
    notes = V.read_table("oews_series_notes", "soc", "first_year", "last_year")
    row = notes.filter(pl.col("soc") == "29-2098")
    assert row.select("first_year", "last_year").row(0) == ("2019", "2020")
