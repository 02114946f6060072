"""Foreign labor certification: the layouts of its years, its rules, its unknowns."""

import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from changing import changed
from make_recordings import RECORDINGS, TESTS, kept

from pipeline.core.errors import (
    Damaged,
    LayoutChanged,
    NotFound,
    TooLarge,
    UnknownLabel,
)
from pipeline.core.model import Snapshot
from pipeline.core.vocabulary import open_vocabulary
from pipeline.normalise.validate import make_empty_broken_rows
from pipeline.read.sheets import zip_checks
from pipeline.read.sheets.parquet_table import read_parquet_quotes
from pipeline.read.sheets.table_columns import read_columns
from pipeline.sources import dol_oflc

WORDS = open_vocabulary(TESTS.parent / "vocabularies")
TWO_SITES, TEN_SITES, BOOK, LIBRARY = (  # by edition
    kept(r, TESTS / "raw") for r in RECORDINGS if r.source == "dol_oflc"
)


def of(path: Path) -> Snapshot:
    """A file of this source."""
    return replace(BOOK, path=path, name=path.name)


def rules(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Quote and rule of each offer that is set aside."""
    claims = dol_oflc.parse(snapshot, WORDS)
    found = dol_oflc.broken(claims, WORDS).join(claims, on="claim_id")
    return sorted(found.select("quote", "rule").rows())


def test_an_offer_and_its_floor_are_two_claims():
    """The offer is pay; the prevailing wage that it must reach is none."""
    claims = dol_oflc.parse(BOOK, WORDS)
    counts = dict(claims.group_by("kind", "measure").len().select(
        pl.concat_str("kind", "measure", separator=" "), "len").rows())  # fmt: skip
    assert counts == {"pay_level pay": 12, "other prevailing_wage": 12}


def test_an_hourly_wage_entered_as_yearly_is_set_aside_with_its_reason():
    """The reason says which period would fit; the counts add up."""
    assert rules(BOOK) == [
        ("46.36", "far_from_prevailing"),
        ("46.36", "wage_for_its_unit"),
    ]
    claims = dol_oflc.parse(BOOK, WORDS)
    reasons = dol_oflc.broken(claims, WORDS)["reason"].to_list()
    assert "46.36 is no wage for a year; it would fit a day" in reasons


def test_what_is_written_and_set_aside_adds_up(tmp_path):
    """Parquet files hold all claims but those that break a rule."""
    written = dol_oflc.write_parts(BOOK, WORDS, tmp_path / "out")
    claims = dol_oflc.parse(BOOK, WORDS)
    kept_rows = pl.read_parquet(tmp_path / "out" / "claims-*.parquet")
    aside = pl.read_parquet(tmp_path / "out" / "broken.parquet")
    assert written.claims + written.set_aside == claims.height
    assert kept_rows.height == written.claims
    assert set(aside["rule"]) == {"wage_for_its_unit", "far_from_prevailing"}


def test_rules_find_nothing_in_sound_offers():
    """No rule breaks without a cause, and the table has the columns of all rules."""
    claims = dol_oflc.parse(TWO_SITES, WORDS)
    found = dol_oflc.broken(claims, WORDS)
    assert found.is_empty()
    assert found.columns == make_empty_broken_rows().columns


def test_a_range_that_runs_backwards_is_set_aside(tmp_path):
    """The upper end below the lower one is a slip."""
    page = changed(TWO_SITES, tmp_path, (",41000,45000,", ",41000,35000,"))
    assert rules(page) == [("41000", "range_order")]


def test_withdrawn_and_denied_offers_are_kept_and_never_pay():
    """They stand among the claims under a measure of their own."""
    both = [dol_oflc.parse(s, WORDS) for s in (TEN_SITES, TWO_SITES)]
    other = pl.concat(both).filter(pl.col("measure").str.ends_with("_offer"))
    assert sorted(other["measure"]) == ["denied_offer", "withdrawn_offer"]
    assert set(other["kind"]) == {"other"}


def test_ten_worksites_have_wages_of_their_own():
    """The files of 2019 hold up to ten sites a row."""
    offers = dol_oflc.parse(TEN_SITES, WORDS).filter(pl.col("measure") == "pay")
    assert offers.select("area", "period", pl.coalesce("low", "value")).rows() == [
        ("NASHVILLE, TN", "year", Decimal("52400.00")),
        ("MEMPHIS, TN", "hour", Decimal("24.80")),
        ("TULSA, OK", "year", Decimal("25.60")),
    ]


def test_an_offer_for_two_places_stands_once():
    """The files of 2009 to 2014 have two places and one offer."""
    claims = dol_oflc.parse(TWO_SITES, WORDS)
    assert claims.filter(pl.col("measure") == "pay").height == 1
    floors = claims.filter(pl.col("measure") == "prevailing_wage")["area"].to_list()
    assert floors == ["COLUMBUS, OHIO", "DAYTON, OHIO", "COLUMBUS, OHIO"]


def test_a_range_in_one_column_is_two_ends(tmp_path):
    """The files of 2015 write both ends into one cell."""
    page = changed(
        TWO_SITES, tmp_path,
        ("LCA_CASE_WAGE_RATE_FROM", "WAGE_RATE_OF_PAY"),
        ("LCA_CASE_WAGE_RATE_TO", "CASE_SUBMITTED"),
        ("41000,45000", "41000 - 45000,"), ("17.5,0", "17.5 -,"),
    )  # fmt: skip
    offers = dol_oflc.parse(page, WORDS).filter(pl.col("measure") != "prevailing_wage")
    assert offers.select("quote", "value", "low", "high").rows() == [
        ("41000 - 45000", None, Decimal("41000.00"), Decimal("45000.00")),
        ("17.5 -", Decimal("17.50"), None, None),
    ]


def test_wages_that_are_lent_to_an_area_are_no_figures_of_it():
    """Level 3 of geography is the state's wage; a high wage has no sure period."""
    claims = dol_oflc.parse(LIBRARY, WORDS)
    pay = claims.filter(pl.col("kind") == "pay_level")
    assert set(pay["area_code"]) == {"34980"}
    assert dict(pay.group_by("period").len().rows()) == {"hour": 5, "year": 5}
    means = pay.filter(pl.col("statistic") == "mean")
    assert means["experience_label"].null_count() == means.height == 2
    uncertain = claims.filter(pl.col("measure") == "uncertain_wage")
    assert uncertain["period"].null_count() == uncertain.height == 2


def test_a_table_of_levels_may_come_with_its_lists_as_parts(tmp_path):
    """Three files kept together say what the zip says."""
    with zipfile.ZipFile(LIBRARY.path) as archive:
        for name in archive.namelist():
            (tmp_path / name.rpartition("/")[2]).write_bytes(archive.read(name))
    lists = {n: tmp_path / n for n in ("Geography.csv", "oes_soc_occs.csv")}
    alone = replace(of(tmp_path / "ALC_Export.csv"), parts=lists)
    whole = dol_oflc.parse(LIBRARY, WORDS).filter(pl.col("industry").is_null())
    assert dol_oflc.parse(alone, WORDS)["quote"].to_list() == whole["quote"].to_list()
    with pytest.raises(NotFound, match=r"geography\.csv"):
        dol_oflc.parse(replace(alone, parts={}), WORDS)


@pytest.mark.parametrize(
    ("old", "new", "error", "named"),
    [
        ("LCA_CASE_SOC_CODE", "SOC", LayoutChanged, r"missing \['soc_code'\].*'SOC'"),
        (
            "FULL_TIME_POS",
            "WAGE_OF_ALL",
            LayoutChanged,
            r"unexpected \['WAGE_OF_ALL'\]",
        ),
        ("FULL_TIME_POS", "STATUS", LayoutChanged, r"unexpected \['STATUS'\]"),
        ("PW_SOURCE_2", "PW_SAUCE_2", LayoutChanged, "PW_SAUCE_2.*oflc_columns.csv"),
        (",DENIED,", ",,", UnknownLabel, "no case_status.*oflc_statuses.csv"),
        (",DENIED,", ",ON HOLD,", UnknownLabel, "'ON HOLD'.*oflc_statuses.csv"),
        (",Hour,N,", ",Shift,N,", UnknownLabel, "'SHIFT'.*pay_units.csv"),
        (",17.5,", ",ask us,", UnknownLabel, "'ask us in wage_from'.*oflc_marks.csv"),
    ],
)
def test_what_is_not_known_stops_the_source_by_name(old, new, error, named, tmp_path):
    """A column, status, unit or cell; the message says which file to change."""
    with pytest.raises(error, match=named):
        dol_oflc.parse(changed(TWO_SITES, tmp_path, (old, new)), WORDS)


@pytest.mark.parametrize(
    ("old", "new", "error", "named"),
    [
        (b"GeoLvl", b"GeoRng", LayoutChanged, "GeoRng"),
        (b"Annual Wage", b"Weekly Wage", UnknownLabel, "Weekly Wage.*oflc_levels.csv"),
        (b"34980,29-2072,1,", b"34980,29-2072,7,", UnknownLabel, "'7'.*oflc_levels"),
        (b"34980,29-1214", b"99999,29-1214", UnknownLabel, "'99999'.*geography.csv"),
    ],
)
def test_what_is_not_known_of_levels_is_named(old, new, error, named, tmp_path):
    """A column, label, level of geography or area."""
    path = tmp_path / "wages.zip"
    with zipfile.ZipFile(LIBRARY.path) as had, zipfile.ZipFile(path, "w") as has:
        for name in had.namelist():
            has.writestr(name, had.read(name).replace(old, new))
    with pytest.raises(error, match=named):
        dol_oflc.parse(of(path), WORDS)


def test_rows_above_the_header_do_not_move_the_pointers(tmp_path):
    """A pointer leads to its cell also where the table begins further down."""
    path = tmp_path / "low.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_row(3, 1, ["A", "B", "Skipped"])
        sheet.write_row(4, 1, ["x", 12.5, 1])
        sheet.write_row(6, 1, ["y", 13, 1])
    known = {"A": "name", "B": "sum", "Skipped": "-"}
    (table,) = read_columns(path, "low.xlsx", WORDS, known.get)
    placed = table.frame.select("name", "sum", place=table.make_locators("sum"))
    assert placed.drop_nulls("name").rows() == [
        ("x", "12.5", "Data!C5"),
        ("y", "13", "Data!C7"),
    ]
    assert table.header.columns == {"name": 2, "sum": 3}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"", "empty"),
        (b"<!doctype html><html>", "HTML"),
        (b"PK\x03\x04 cut", "broken"),
        (b'CASE,STATUS\n"a\nb",c\n', "goes over its line's end"),
    ],
)
def test_bytes_that_are_no_table_are_refused(body, named, tmp_path):
    """With what they are instead."""
    path = tmp_path / "lca.csv"
    path.write_bytes(body)
    with pytest.raises(Damaged, match=named):
        list(read_columns(path, "lca.csv", WORDS, {"CASE": "a", "STATUS": "b"}.get))


def test_a_workbook_that_unpacks_too_far_is_refused(monkeypatch):
    """The packed bytes are counted through, whatever the zip says of itself."""
    bounds = {"workbook_bytes": 10**9, "workbook_unpacked_bytes": 1000}
    monkeypatch.setattr(
        type(WORDS), "read_number", lambda self, table, key: Decimal(bounds[key])
    )
    with pytest.raises(TooLarge):
        list(read_columns(BOOK.path, "lca.xlsx", WORDS, lambda head: "-"))


def test_what_a_member_unpacks_to_is_counted_in_pieces(monkeypatch):
    """Small pieces and large ones come to the same."""
    body = BOOK.read_body()
    with zipfile.ZipFile(BOOK.path) as archive:
        sizes = {m.filename: m for m in archive.infolist()}
    sheet = sizes["xl/worksheets/sheet1.xml"]
    assert zip_checks._count_unpacked_bytes(body, sheet, 10**9) == sheet.file_size
    monkeypatch.setattr(zip_checks, "PIECE_BYTES", 7)
    assert zip_checks._count_unpacked_bytes(body, sheet, 10**9) == sheet.file_size
    assert 0 < zip_checks._count_unpacked_bytes(body, sheet, 100) < sheet.file_size


def test_a_columnar_file_says_what_its_text_says(tmp_path):
    """The same table as Parquet: the same claims at the same places."""
    path = tmp_path / "lca.parquet"
    pl.read_csv(TWO_SITES.path, infer_schema=False).write_parquet(path)
    facts = ("quote", "locator", "measure", "value", "low", "area", "reference_period")
    found, text = (dol_oflc.parse(s, WORDS) for s in (of(path), TWO_SITES))
    assert found.select(facts).rows() == text.select(facts).rows()
    places = found["locator"].to_list()
    assert read_parquet_quotes(path.read_bytes(), places) == found["quote"].to_list()
    for nowhere in ("line=1;col=1", "line=9;col=1", "line=2;col=99", "char=1,2"):
        with pytest.raises(NotFound):
            read_parquet_quotes(path.read_bytes(), [nowhere])


def test_a_columnar_file_with_typed_columns_is_read_as_text(tmp_path):
    """Numbers and dates as such; an unknown column stops it by name."""
    path = tmp_path / "lca.parquet"
    typed = pl.read_csv(TWO_SITES.path, try_parse_dates=True)
    typed.write_parquet(path)
    offers = dol_oflc.parse(of(path), WORDS).filter(pl.col("measure") == "pay")
    assert offers.select("low", "high").rows() == [
        (Decimal("41000.00"), Decimal("45000.00"))
    ]
    typed.rename({"PW_1": "FLOOR"}).write_parquet(path)
    with pytest.raises(LayoutChanged, match="FLOOR"):
        dol_oflc.parse(of(path), WORDS)


def test_a_columnar_file_that_is_broken_or_too_long_is_refused(tmp_path, monkeypatch):
    """Cut short, or with more rows than are read."""
    path = tmp_path / "lca.parquet"
    path.write_bytes(b"PAR1 cut short")
    with pytest.raises(Damaged, match="cannot be read"):
        dol_oflc.parse(of(path), WORDS)
    pl.DataFrame({"A": range(9)}).write_parquet(path)
    monkeypatch.setattr(type(WORDS), "read_number", lambda *_: Decimal(8000))
    assert len(list(read_columns(path, "lca.parquet", WORDS, {"A": "a"}.get))) == 1
    monkeypatch.setattr(
        type(WORDS), "read_number",
        lambda self, table, key: Decimal(3 if key == "parquet_rows" else 8000),
    )  # fmt: skip
    with pytest.raises(TooLarge):
        list(read_columns(path, "lca.parquet", WORDS, {"A": "a"}.get))


def test_an_address_says_its_fiscal_year():
    """Of the disclosure files; another address is not guessed at."""
    assert dol_oflc.edition("https://x/LCA_Disclosure_Data_FY2025_Q4.xlsx") == "2025"
    with pytest.raises(LayoutChanged, match="_FYyyyy"):
        dol_oflc.edition("https://x/data.xlsx")
