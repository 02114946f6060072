"""OEWS files of every kind and year: each parses by its layout, or stops by name."""

import gzip
import hashlib
import shutil
import sqlite3
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from oews import V, kept
from oews_layouts import FIRST, LAST, Layout, layouts, workbook, zipped

from pipeline.core.errors import LayoutChanged, UnknownLabel
from pipeline.core.model import Snapshot
from pipeline.release.verify import find_wrong_quotes
from pipeline.sources import bls_oews

ALL = list(layouts())
TOP_CODED = {1997, *range(2005, 2026)}


def snapshot(folder: Path, layout: Layout, body: bytes) -> Snapshot:
    """A file of a layout, kept under its year."""
    path = folder / f"oesm{layout.year % 100:02}.zip"
    path.write_bytes(body)
    return kept(path, layout.edition)


@pytest.mark.slow
@pytest.mark.parametrize("layout", ALL, ids=lambda x: f"{x.year} {x.kind}")
def test_every_kind_of_file_of_every_year_parses(layout, tmp_path):
    """Whom, where and in which industry; all figures; places that hold the quotes."""
    file = snapshot(tmp_path, layout, zipped(layout))
    claims = bls_oews.parse(file, V)
    scope = claims.select("area_code", "area_level", "area", "industry").unique().rows()
    assert scope == [layout.said]
    assert claims["soc"].unique().to_list() == ["29-2072"]
    pay = claims.filter(pl.col("kind") == "pay_level")
    values = {(r["period"], r["statistic"]): r["value"] for r in pay.to_dicts()}
    assert len(values) == 12
    assert values["year", "p90"] == Decimal("77810.00")
    assert values["hour", "median"] == Decimal("23.45")
    assert set(claims["reference_period"]) == {layout.edition}
    assert find_wrong_quotes(file.path, "application/zip", claims) == []


def test_no_year_and_no_kind_is_left_out():
    """All years, and in each the kinds that were published."""
    kinds = {(x.year, x.kind) for x in ALL}
    assert {year for year, _ in kinds} == set(range(FIRST, LAST + 1))
    for year in range(2019, LAST + 1):
        assert {k for y, k in kinds if y == year} == {
            *("nat", "st", "ma", "bos", "in4", "owner", "all")
        }


@pytest.mark.slow
@pytest.mark.parametrize("year", range(FIRST, LAST + 1))
def test_a_top_code_is_that_of_its_year_or_stops_by_name(year, tmp_path):
    """Years whose top code is not known stop at the first mark, and say where."""
    (layout,) = [x for x in ALL if (x.year, x.kind) == (year, "st")]
    file = snapshot(tmp_path, layout, workbook(layout, {"a_median": "#"}))
    if year not in TOP_CODED:
        with pytest.raises(UnknownLabel, match=r"top code of the year.*\n?.*top_codes"):
            bls_oews.parse(file, V)
        return
    claims = bls_oews.parse(file, V)
    (row,) = claims.filter(pl.col("quote") == "#").rows(named=True)
    assert (row["availability"], row["value"]) == ("top_coded", None)
    assert row["low"] >= Decimal(124_820)


@pytest.mark.parametrize("year", [2003, 2009, 2014, 2025])
@pytest.mark.parametrize("kind", ["st", "ma", "in4"])
def test_a_column_that_no_year_has_stops_by_name(year, kind, tmp_path):
    """Renamed, it is missing and unexpected at once."""
    (layout,) = [x for x in ALL if (x.year, x.kind) == (year, kind)]
    row = layout.row()
    assert any(name.lower() == "mean_prse" for name in row)
    path = tmp_path / f"{kind}_{year}.csv"
    head = ["mean_error" if n.lower() == "mean_prse" else n for n in row]
    lines = [",".join(f'"{cell}"' for cell in cells) for cells in (head, row.values())]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(LayoutChanged, match=r"mean_prse.*mean_error"):
        bls_oews.parse(kept(path, layout.edition), V)


def test_a_file_by_owner_is_not_taken_for_all_workers(tmp_path):
    """The nation by owner, without industries: what is private says so."""
    nation = Layout(2009, "nat", {"ownership": "Private"}, ("", "", "", None))
    claims = bls_oews.parse(snapshot(tmp_path, nation, workbook(nation)), V)
    assert claims["industry"].unique().to_list() == ["ownership 5"]
    strange = Layout(2009, "nat", {"ownership": "Martians"}, ("", "", "", None))
    with pytest.raises(UnknownLabel, match=r"martians.*\n?.*oews_owners"):
        bls_oews.parse(snapshot(tmp_path, strange, workbook(strange)), V)


@pytest.mark.parametrize(
    ("naics", "owner", "industry"),
    [
        ("000000", "5", None),  # May 2012 prints private beside all owners
        ("999001", "5", "999001 Government; ownership 123"),
        ("1", "5", "000001 Government; ownership 5"),
        ("622000", "1235", "622000 Government"),
    ],
)
def test_a_pseudo_industry_says_by_itself_who_owns(naics, owner, industry, tmp_path):
    """Whatever stands beside it."""
    (layout,) = [x for x in ALL if (x.year, x.kind) == (2012, "all")]
    changes = {"naics": naics, "naics_title": "Government", "own_code": owner}
    claims = bls_oews.parse(snapshot(tmp_path, layout, workbook(layout, changes)), V)
    assert claims["industry"].unique().to_list() == [industry]


@pytest.mark.parametrize(
    ("name", "edition"),
    [
        ("oesm25nat", "2025-05"),
        ("oesm12in4", "2012-05"),
        ("oesm19all", "2019-05"),
        ("oesn03ma", "2003-11"),
        ("oes97nat", "1997"),
        ("oes02st", "2002"),
    ],
)
def test_an_address_says_its_edition(name, edition):
    """May, November, or before 2003 a year."""
    url = f"https://www.bls.gov/oes/special-requests/{name}.zip"
    assert bls_oews.edition(url) == edition
    with pytest.raises(LayoutChanged, match="oesmYY"):
        bls_oews.edition("https://www.bls.gov/oes/tables.htm")


COLUMNS = {f"{n:02}": name for n, name in enumerate(
    ("tot_emp", "emp_prse", "h_mean", "a_mean", "mean_prse", "h_pct10", "h_pct25",
     "h_median", "h_pct75", "h_pct90", "a_pct10", "a_pct25", "a_median", "a_pct75",
     "a_pct90", "jobs_1000", "loc_quotient"), start=1)}  # fmt: skip
MARKS = {"4": "*", "5": "#", "8": "*"}


def test_states_metros_and_industries_of_may_2025_are_read_whole(shared, tmp_path):
    """29-2072 in every area and industry, laid out as the workbooks do."""
    folder = shared / "data" / "oews" / "may2025"
    rows = published(folder, tmp_path, "292072")
    path = tmp_path / "all_data_M_2025.csv"
    rows.write_csv(path)
    claims = bls_oews.parse(kept(path, "2025-05"), V)
    areas = claims.filter(pl.col("industry").is_null())
    counts = dict(
        areas.select("area_level", "area_code").unique()["area_level"].value_counts()
        .iter_rows()
    )  # fmt: skip
    assert counts["national"] == 1
    assert counts["state"] == 53
    assert counts["metro"] > 350
    assert counts["nonmetro"] > 100
    assert claims["industry"].n_unique() == rows["NAICS"].n_unique() > 100
    figures = rows.select(name.upper() for name in COLUMNS.values())
    filled = figures.select(pl.all().ne("").sum()).sum_horizontal().item()
    assert claims.height == filled > 10_000
    mean = areas.filter(pl.col("statistic") == "mean", pl.col("period") == "year")
    known = dict(mean.select("area_code", "value").iter_rows())
    assert known["06"] == Decimal("68230.00")
    assert known["11"] == Decimal("80250.00")
    assert known["41940"] == Decimal("97430.00")
    assert known["US"] == Decimal("56790.00")
    assert bls_oews.broken(claims, V).height == 0


def published(folder: Path, scratch: Path, occupation: str) -> pl.DataFrame:
    """Cells of the database in the columns of the workbooks."""
    path = scratch / "oews.sqlite"
    with gzip.open(folder / "oews-2025.sqlite.gz") as packed, path.open("wb") as out:
        shutil.copyfileobj(packed, out)
    areas = names(folder / "area.tsv", "area_code", "area_name", "areatype_code")
    industries = names(folder / "industry.tsv", "industry_code", "industry_name")
    rows = []
    with sqlite3.connect(path) as database:
        database.row_factory = sqlite3.Row
        for cell in database.execute(
            "select * from cell where substr(key, 18, 6) = ?", (occupation,)
        ):
            key = cell["key"]
            code, kind = key[4:11], key[3]
            title = areas[code, kind][0] if (code, kind) in areas else ""
            beyond = kind == "M" and not code.startswith("00")
            number = {"N": "1", "S": "2", "M": "6" if beyond else "4"}[kind]
            short = {"1": "99", "2": code[:2], "4": code[2:], "6": code}[number]
            row = {"AREA": short, "AREA_TITLE": title, "AREA_TYPE": number}
            row |= {"NAICS": key[11:17], "NAICS_TITLE": industries[(key[11:17],)][0]}
            row |= {"OCC_CODE": f"{occupation[:2]}-{occupation[2:]}"}
            row |= {"OCC_TITLE": "Records", "O_GROUP": "detailed"}
            row |= {"ANNUAL": "", "HOURLY": ""}
            for n, name in COLUMNS.items():
                row[name.upper()] = printed(cell[f"v{n}"], cell[f"f{n}"], name)
            rows.append(row)
    return pl.DataFrame(rows)


def printed(value: str | None, note: str | None, name: str) -> str:
    """A cell as the workbooks print it: a mark where the flat file has a dash."""
    if value not in (None, "-"):
        return str(value)
    if not note:
        return ""
    return MARKS[note[:1]] if name[:2] in ("h_", "a_", "me") else "**"


def names(path: Path, *columns: str) -> dict[tuple[str, ...], list[str]]:
    """Code (and type) to name, from a code list."""
    table = pl.read_csv(path, separator="\t", infer_schema_length=0)
    code, name, *kinds = columns
    rows = table.select(code, *kinds, name).rows()
    return {row[:-1]: [row[-1]] for row in rows}


def test_the_same_file_gives_the_same_claims(tmp_path):
    """Byte for byte: claims do not depend on the order in which sheets are read."""
    (layout,) = [x for x in ALL if (x.year, x.kind) == (2025, "all")]
    file = snapshot(tmp_path, layout, zipped(layout))
    digests = {
        hashlib.sha256(bls_oews.parse(file, V).write_csv().encode()).hexdigest()
        for _ in range(2)
    }
    assert len(digests) == 1
