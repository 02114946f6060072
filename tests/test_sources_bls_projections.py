"""Employment Projections: the published workbook, its extract, and other layouts."""

import hashlib
import importlib.util
import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from pages_home import OTHERS

from pipeline.archive.snapshot import Archive
from pipeline.core.errors import Damaged, LayoutChanged, UnknownLabel
from pipeline.core.model import Snapshot
from pipeline.core.unread_places import collect_unread
from pipeline.core.vocabulary import open_vocabulary
from pipeline.release.verify import find_wrong_quotes
from pipeline.sources import SOURCES, bls_projections

ROOT = Path(__file__).resolve().parents[1]
WORDS = open_vocabulary(ROOT / "vocabularies")
SOC = "29-2072"
# Of 29-2072 in the workbook of 2024-34, read by eye: thousands as they stand there.
RECORDS = {
    ("Table 1.2!D", "employment", "2024", None): "194800",
    ("Table 1.2!E", "employment_projected", "2034", None): "208600",
    ("Table 1.2!F", "employment_share_percent", "2024", None): "0.1",
    ("Table 1.2!G", "employment_share_percent", "2034", None): "0.1",
    ("Table 1.2!H", "employment_change", "2024-2034", "up"): "13800",
    ("Table 1.2!I", "employment_change_percent", "2024-2034", "up"): "7.1",
    ("Table 1.2!J", "self_employed_percent", "2024", None): "0.8",
    ("Table 1.2!K", "openings_a_year", "2024-2034", None): "14200",
    ("Table 1.2!L", "pay", "2024-05", None): "50250",
    ("Table 1.10!D", "employment", "2024", None): "194800",
    ("Table 1.10!E", "employment_projected", "2034", None): "208600",
    ("Table 1.10!F", "employment_change", "2024-2034", "up"): "13800",
    ("Table 1.10!G", "employment_change_percent", "2024-2034", "up"): "7.1",
    ("Table 1.10!H", "labor_force_exit_rate_percent", "2024-2034", None): "3.5",
    ("Table 1.10!I", "occupational_transfer_rate_percent", "2024-2034", None): "2.9",
    ("Table 1.10!J", "separations_rate_percent", "2024-2034", None): "6.4",
    ("Table 1.10!K", "labor_force_exits_a_year", "2024-2034", None): "7100",
    ("Table 1.10!L", "occupational_transfers_a_year", "2024-2034", None): "5800",
    ("Table 1.10!M", "separations_a_year", "2024-2034", None): "12900",
    ("Table 1.10!N", "openings_a_year", "2024-2034", None): "14200",
}


def recording() -> Snapshot:
    """The extract that the repository holds."""
    found = Archive(ROOT / "raw").list_snapshots("bls_projections")
    return next(one for one in found if OTHERS not in one.name)


def kept(path: Path, edition: str = "2024-2034") -> Snapshot:
    """A workbook as it lies there."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    kind = recording().media_type
    return Snapshot(
        *("bls_projections", edition, digest, path, kind, "made", "2026-11-01"),
        name=path.name,
    )


def changed(folder: Path, change: Callable[[openpyxl.Workbook], None]) -> Snapshot:
    """The extract with something in it changed."""
    book = openpyxl.load_workbook(io.BytesIO(recording().read_body()))
    change(book)
    path = folder / "occupation.xlsx"
    book.save(path)
    return kept(path)


def cell(sheet: str, place: str, value: object) -> Callable[[openpyxl.Workbook], None]:
    """One cell with another value."""

    def change(book: openpyxl.Workbook) -> None:
        book[sheet][place] = value

    return change


def several(*cells: tuple[str, str, object]) -> Callable[[openpyxl.Workbook], None]:
    """Several cells with other values."""

    def change(book: openpyxl.Workbook) -> None:
        for sheet, place, value in cells:
            book[sheet][place] = value

    return change


def of_records(claims: pl.DataFrame) -> dict[tuple, str]:
    """Column, measure, period and direction of each figure of medical records."""
    own = claims.filter(pl.col("soc") == SOC).with_columns(
        pl.col("locator").str.replace(r"\d+$", "")
    )
    names = ("locator", "measure", "reference_period", "direction", "value")
    return {row[:4]: row[4] for row in own.select(names).iter_rows()}


def as_published(found: dict[tuple, Decimal]) -> dict[tuple, str]:
    """Values without the zeros that the table's type adds."""
    return {key: f"{value.normalize():f}" for key, value in found.items()}


def test_the_recording_gives_its_expected_claims():
    """Base and target year, growth, openings, and the median wage with its year."""
    claims = bls_projections.parse(recording(), WORDS)
    assert as_published(of_records(claims)) == RECORDS
    fewest, most = SOURCES["bls_projections"].rows
    assert fewest <= claims.height <= most


def test_the_published_workbook_gives_every_row_of_both_tables(shared):
    """1,113 occupations, nine figures in one table and eleven in the other."""
    path = shared / "data" / "projections" / "occupation.xlsx"
    claims = bls_projections.parse(kept(path), WORDS)
    assert as_published(of_records(claims)) == RECORDS
    assert claims.height == 1113 * (9 + 11)
    assert claims["soc"].n_unique() == 1113
    pay = claims.filter(pl.col("kind") == "pay_level")
    counts = dict(pay.group_by("availability").len().iter_rows())
    assert counts == {"published": 1085, "top_coded": 19, "not_available": 9}
    falls = claims.filter(pl.col("direction") == "down")
    assert falls["quote"].str.starts_with("-").all()
    assert (falls["value"] > 0).all()


def test_the_employment_of_the_parts_is_that_of_the_whole(shared):
    """Line items add up to all occupations, but for rounding: none is lost."""
    path = shared / "data" / "projections" / "occupation.xlsx"
    claims = bls_projections.parse(kept(path), WORDS)
    first = claims.filter(
        pl.col("locator").str.starts_with("Table 1.2!D"),
        pl.col("measure") == "employment",
    )
    parts = first.filter(pl.col("occupation_group") == "line item")["value"].sum()
    (whole,) = first.filter(pl.col("soc") == "00-0000")["value"]
    assert abs(parts - whole) < Decimal(50) * 832


def test_a_wage_at_the_top_code_is_a_bound_and_a_dash_is_no_wage():
    """Surgeons earn at least $239,200; actors are paid by the hour."""
    claims = bls_projections.parse(recording(), WORDS)
    pay = claims.filter(pl.col("kind") == "pay_level")
    rows = {r["soc"]: r for r in pay.iter_rows(named=True)}
    surgeon, actor = rows["29-1242"], rows["27-2011"]
    assert (surgeon["availability"], surgeon["low"]) == ("top_coded", Decimal(239200))
    assert (surgeon["value"], surgeon["quote"]) == (None, ">=$239,200")
    assert (actor["availability"], actor["value"]) == ("not_available", None)


def test_every_pointer_leads_to_its_quote():
    """Sheet and cell are those of the stored workbook."""
    snapshot = recording()
    claims = bls_projections.parse(snapshot, WORDS)
    assert find_wrong_quotes(snapshot.path, snapshot.media_type, claims) == []


def test_another_edition_is_read_by_its_own_years(tmp_path):
    """Headers name years; those of 2023-33 are the same columns."""

    def older(book: openpyxl.Workbook) -> None:
        for sheet in book:
            for row in sheet.iter_rows(max_row=2):
                for item in row:
                    if isinstance(item.value, str):
                        text = item.value.replace("2034", "2033").replace("34", "33")
                        item.value = text.replace("2024", "2023").replace("–", "-")

    snapshot = changed(tmp_path, older)
    claims = bls_projections.parse(kept(snapshot.path, "2023-2033"), WORDS)
    assert set(claims["reference_period"]) == {"2023", "2033", "2023-2033", "2023-05"}
    with pytest.raises(Damaged, match=r"2023-2033.*edition 2024-2034"):
        bls_projections.parse(snapshot, WORDS)


ONE, TEN = "Table 1.2", "Table 1.10"
STRANGE = {
    "a renamed column": (cell(ONE, "D2", "Jobs, 2024"), LayoutChanged, "Jobs, 2024"),
    "a new column": (cell(TEN, "O2", "Robots, 2034"), LayoutChanged, "Robots, 2034"),
    "a table gone": (cell(TEN, "A1", "About"), LayoutChanged, "Table 1.10"),
    "no unit, and other jobs than the table that has one": (
        several(
            (ONE, "A1", "Table 1.2 Occupational projections, 2024–2034"),
            (ONE, "D4", 13_607_600),
            (ONE, "E4", 14_441_000),
            (ONE, "H4", 833_400),
        ),
        LayoutChanged,
        "thousands",
    ),
    "no unit anywhere": (
        several(
            (ONE, "A1", "Table 1.2 Occupational projections, 2024–2034"),
            (TEN, "A1", "Table 1.10 Separations and openings, 2024–34"),
        ),
        LayoutChanged,
        "thousands",
    ),
    "another mark": (cell(ONE, "L3", "(x)"), UnknownLabel, r"\(x\) in wage"),
    "another top code": (cell(ONE, "L3", ">=$250,000"), UnknownLabel, "250,000"),
    "another type": (cell(ONE, "C3", "Robot"), UnknownLabel, "robot"),
    "a code twice": (cell(ONE, "B4", "00-0000"), Damaged, "stands twice"),
    "a figure that does not add up": (
        cell(TEN, "E3", 185_167.9),
        Damaged,
        "Table 1.10 row 3.*185,167,900.*175,167,900",
    ),
    "no code": (cell(ONE, "B4", None), Damaged, "row 4"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_another_layout_stops_by_name(name, tmp_path):
    """What is not known is named with the file to change; nothing is guessed."""
    change, error, named = STRANGE[name]
    with pytest.raises(error, match=named):
        bls_projections.parse(changed(tmp_path, change), WORDS)


def test_a_table_without_a_unit_has_that_of_one_with_the_same_jobs(tmp_path):
    """The title of table 1.2 of 2014-24 gives none; that of 1.10 does."""
    change = cell(ONE, "A1", "Table 1.2 Occupational projections, 2024–2034")
    claims = bls_projections.parse(changed(tmp_path, change), WORDS)
    assert as_published(of_records(claims)) == RECORDS


NONE = None
CODED = "2010 National Employment Matrix title and code"
SPAN = "2010-20"
# Rows of our own in the layout of the tables until 2012-22: heads over several rows, no
# type of row, openings of all ten years, the wage in a table of its own.
EARLY = {
    "Table 1.2": [
        ["Table 1.2 Employment by occupation, 2010 and projected 2020"
         "\n(Numbers in thousands)"],
        [CODED, NONE, "Employment", NONE, NONE, NONE, f"Change, {SPAN}", NONE,
         f"Job openings due to growth and replacements, {SPAN}"],
        [NONE, NONE, "Number", NONE, "Percent distribution"],
        [NONE, NONE, 2010, 2020, 2010, 2020, "Number", "Percent"],
        ["Total, all occupations", "00-0000", 30.5, 40.5, 100, 100, 10, 32.8, 21.5],
        ["Weavers", "29-2071", 10.5, 9.5, 34.4, 23.5, -1, -9.5, 1.5],
        ["Source: ours"],
    ],
    "Table 1.7": [
        [f"Table 1.7 Employment and openings, {SPAN}, and worker characteristics, 2010"
         "\n(Numbers in thousands)"],
        [CODED, NONE, "Employment", NONE, f"Employment change, {SPAN}", NONE,
         "Percent self employed, 2010",
         f"Job openings due to growth and replacement needs, {SPAN}",
         "Median annual wage, 2011 (1)"],
        [NONE, NONE, "2010", "2020", "Number", "Percent"],
        ["Weavers", "29-2071", 10.5, 9.5, -1, -9.5, "— ", 1.5, ">=$187,200"],
    ],
    "Table 1.10": [
        [f"Table 1.10 Replacement needs, projected {SPAN}\n(Numbers in thousands)"],
        [CODED, NONE, "2010 Employment", f"{SPAN} Replacement rate",
         f"{SPAN} Replacement needs"],
        ["Weavers", "29-2071", 10.5, 14.3, 1.5],
    ],
}  # fmt: skip
WEAVERS = {
    ("Table 1.2!C", "employment", "2010", None): "10500",
    ("Table 1.2!D", "employment_projected", "2020", None): "9500",
    ("Table 1.2!E", "employment_share_percent", "2010", None): "34.4",
    ("Table 1.2!F", "employment_share_percent", "2020", None): "23.5",
    ("Table 1.2!G", "employment_change", "2010-2020", "down"): "1000",
    ("Table 1.2!H", "employment_change_percent", "2010-2020", "down"): "9.5",
    ("Table 1.2!I", "openings_in_ten_years", "2010-2020", None): "1500",
    ("Table 1.10!C", "employment", "2010", None): "10500",
    ("Table 1.10!D", "replacement_rate_percent", "2010-2020", None): "14.3",
    ("Table 1.10!E", "replacements_in_ten_years", "2010-2020", None): "1500",
}


def early(folder: Path, edition: str, *changes: tuple[str, str, object]) -> Snapshot:
    """The tables of `EARLY` as a workbook, with some cells changed."""
    book = openpyxl.Workbook()
    for name, rows in EARLY.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    several(*changes)(book)
    path = folder / "occupation.xlsx"
    book.save(path)
    return kept(path, edition)


def test_heads_over_several_rows_are_read_as_one_name(tmp_path):
    """The tables until 2018-28 have their years below the words, and a span across."""
    claims = bls_projections.parse(early(tmp_path, "2010-2020"), WORDS)
    own = claims.filter(pl.col("soc") == "29-2071")
    found = of_records(own.with_columns(soc=pl.lit(SOC)))
    published = {k: v for k, v in found.items() if v is not None}
    assert WEAVERS.items() <= as_published(published).items()
    assert ("Table 1.7!G", "self_employed_percent", "2010", None) in found
    assert claims["occupation_group"].null_count() == claims.height


def test_the_wage_of_the_next_survey_has_its_own_year_and_top_code(tmp_path):
    """The tables of 2010-20 have the wages of May 2011, whose top code is 187,200."""
    claims = bls_projections.parse(early(tmp_path, "2010-2020"), WORDS)
    (wage,) = claims.filter(pl.col("kind") == "pay_level").iter_rows(named=True)
    assert (wage["reference_period"], wage["low"]) == ("2011-05", Decimal(187200))


def test_an_empty_cell_of_a_published_table_is_named(tmp_path):
    """A dash stands where nothing is published; an extract may have gaps."""
    snapshot = early(tmp_path, "2010-2020", ("Table 1.2", "I6", None))
    for capture, places in (("given", ["Table 1.2!I6"]), ("made", [])):
        with collect_unread() as unread:
            bls_projections.parse(replace(snapshot, capture=capture), WORDS)
        assert [place.locator for place in unread] == places


SEARCH = (
    '"Occupation Title","Occupation Code","Employment 2020","Employment 2030",'
    '"Employment Change, 2020-2030","Employment Percent Change, 2020-2030",'
    '"Occupational Openings, 2020-2030 Annual Average","Median Annual Wage 2020",'
    '"Typical Entry-Level Education","Education Code"\n'
    '"Weavers    * Loom Tender* Carpet Weaver","=""29-2072""","1,040.5","940.0",'
    '"-100.5","-9.7","95.1","31,280","None","8"\n'
    '"Dancers","27-2031","10.5","11.5","1.0","9.5","1.5","N/A","None","8"\n'
    '"Surgeons","29-1242","20.5","21.5","1.0","4.9","1.0",">=208,000","None","1"\n'
)


def test_a_table_of_the_search_on_the_web_is_read_by_its_heads(tmp_path):
    """It has no title, codes as formulas, commas in its numbers, and its own marks."""
    path = tmp_path / "Employment Projections.csv"
    path.write_text(SEARCH, "utf-8")
    claims = bls_projections.parse(kept(path, "2020-2030"), WORDS)
    found = as_published(of_records(claims))
    assert {key[1:]: value for key, value in found.items()} == {
        ("employment", "2020", None): "1040500",
        ("employment_projected", "2030", None): "940000",
        ("employment_change", "2020-2030", "down"): "100500",
        ("employment_change_percent", "2020-2030", "down"): "9.7",
        ("openings_a_year", "2020-2030", None): "95100",
        ("pay", "2020-05", None): "31280",
    }
    assert set(claims["occupation"]) == {"Weavers", "Dancers", "Surgeons"}
    pay = claims.filter(pl.col("measure") == "pay").select("availability", "low")
    assert pay.rows()[1:] == [
        ("not_available", None), ("top_coded", Decimal("208000.00")),
    ]  # fmt: skip
    assert find_wrong_quotes(path, "text/csv", claims) == []
    with pytest.raises(Damaged, match="2020-2030"):
        bls_projections.parse(kept(path, "2021-2031"), WORDS)


def test_another_table_is_called_what_it_is(tmp_path):
    """With the source that reads it."""
    path = tmp_path / "a.csv"
    path.write_text("OCC_CODE,OCC_TITLE\n1,2\n")
    with pytest.raises(Damaged, match="keep bls_oews FILE"):
        bls_projections.parse(kept(path), WORDS)


def test_an_early_table_lacks_no_column_of_its_own(tmp_path):
    """What a later edition added is not missed; what its own must have is."""
    gone = [("Table 1.2", place, None) for place in ("G2", "G4", "H4", "G5", "G6")]
    gone += [("Table 1.2", place, None) for place in ("H5", "H6")]
    with pytest.raises(LayoutChanged, match=r"'change', 'change_percent'"):
        bls_projections.parse(early(tmp_path, "2010-2020", *gone), WORDS)


def test_the_bundled_extract_is_what_the_script_makes(shared, tmp_path):
    """The same workbook in gives the same bytes out."""
    path = ROOT / "raw" / "make_projections_extract.py"
    spec = importlib.util.spec_from_file_location("make_projections_extract", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.main(shared, tmp_path)
    made, there = (
        [one.read_body() for one in Archive(folder).list_snapshots("bls_projections")]
        for folder in (tmp_path, ROOT / "raw")
    )
    assert made == there
    assert len(made) == 2
