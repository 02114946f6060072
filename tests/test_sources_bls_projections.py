"""Employment Projections: the published workbook, its extract, and other layouts."""

import hashlib
import importlib.util
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from pipeline.archive.snapshot import Archive
from pipeline.core.errors import Damaged, LayoutChanged, UnknownLabel
from pipeline.core.model import Snapshot
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
    (found,) = Archive(ROOT / "raw").list_snapshots("bls_projections")
    return found


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
    "another unit": (
        cell(ONE, "A1", "Table 1.2 Occupational projections, 2024–2034"),
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


def test_the_bundled_extract_is_what_the_script_makes(shared, tmp_path):
    """The same workbook in gives the same bytes out."""
    path = ROOT / "raw" / "make_projections_extract.py"
    spec = importlib.util.spec_from_file_location("make_projections_extract", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.main(shared, tmp_path)
    (made,) = Archive(tmp_path).list_snapshots("bls_projections")
    assert made.read_body() == recording().read_body()
