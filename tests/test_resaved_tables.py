"""Official tables as people hand them on: saved again, cut, under other names."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from oews import HEAD, ROW, V, kept, one_row

from pipeline.archive.fetch import read_saved_file
from pipeline.core import media
from pipeline.core.errors import Damaged, UnknownLabel
from pipeline.core.unread_places import collect_unread, describe_unread
from pipeline.read.sheets.workbook import read_grids, read_workbook_quotes
from pipeline.release.verify import find_wrong_quotes
from pipeline.site.pages.stored_table import is_utf16
from pipeline.sources import SOURCES, bls_oews

MEASURES = 16
ROWS = [HEAD, list(ROW.values())]


def write_workbook(path: Path, *changes: tuple[str, object], rows=ROWS) -> Path:
    """The usual row as a workbook, with some cells changed."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([value or None for value in row])
    for place, value in changes:
        book.active[place] = value
    book.save(path)
    return path


def write_text(path: Path, mark: str, encoding: str = "utf-8") -> Path:
    """The usual row as text, its cells split by a mark."""
    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator="\n").writerows(ROWS)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def write_open_document(path: Path, rows, above: int = 0) -> Path:
    """Rows as an OpenDocument table, below some empty ones."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p>'
    cell += "</table:table-cell>"
    lines = [""] * above + ["".join(map(cell.format, row)) for row in rows]
    body = "".join(
        f"<table:table-row>{line or '<table:table-cell/>'}</table:table-row>"
        for line in lines
    )
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    xml = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{body}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", media.ODS)
        archive.writestr("content.xml", xml)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


SAVED = {
    "semicolons": lambda folder: write_text(folder / "a.csv", ";"),
    "tabs": lambda folder: write_text(folder / "a.txt", "\t"),
    "Unicode text": lambda folder: write_text(folder / "a.txt", "\t", "utf-16"),
    "OpenDocument": lambda folder: write_open_document(folder / "a.ods", ROWS, 2),
}


@pytest.mark.parametrize("form", SAVED)
def test_the_same_table_is_read_in_every_form(form, tmp_path):
    """Values, and pointers that lead to their quotes, are those of the usual file."""
    usual = bls_oews.parse(one_row(tmp_path), V)
    snapshot = kept(SAVED[form](tmp_path))
    claims = bls_oews.parse(snapshot, V)
    names = ("measure", "statistic", "period", "value", "quote")
    assert claims.select(names).rows() == usual.select(names).rows()
    kind = media.detect_table_type(snapshot.path.name, snapshot.read_body())
    assert find_wrong_quotes(snapshot.path, kind, claims) == []


def test_only_utf16_is_read_whole_for_the_page_of_a_table(tmp_path):
    """Its lines cannot be found by bytes; those of other text can."""
    assert is_utf16(write_text(tmp_path / "a.txt", "\t", "utf-16"))
    assert not is_utf16(write_text(tmp_path / "b.txt", "\t"))


def test_decimal_commas_are_refused_in_words_that_help(tmp_path):
    """`32,66` is no sum of thousands, and must not become one."""
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1;32,66\n")
    with pytest.raises(Damaged, match=r"decimal commas \('32,66'\).*points"):
        list(read_grids(path.read_bytes(), "a.csv", V))
    path.write_text('a;b\n"1,234";5\n')
    (grid,) = read_grids(path.read_bytes(), "a.csv", V)
    assert grid.cells.rows() == [("a", "b"), ("1,234", "5")]


def test_a_line_of_commas_with_a_semicolon_stays_one_of_commas():
    """The mark is the one that the first line has more of, quoted words left out."""
    body = b'a;x,b,c\n"p;q;r;s",2,3\n'
    (grid,) = read_grids(body, "a.csv", V)
    assert grid.cells.row(1) == ("p;q;r;s", "2", "3")
    (grid,) = read_grids(b'"a,b,c";d\n1;2\n', "a.csv", V)
    assert grid.cells.row(1) == ("1", "2")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["a,b"] * 70 + ["1,2,3"], "more cells than the first ones"),
        (["a", "1,2,3"], "the first line has fewer cells"),
    ],
)
def test_lines_of_other_lengths_are_told_in_words_of_our_own(lines, words):
    """Nobody is sent to the options of a library."""
    with pytest.raises(Damaged, match=words) as caught:
        list(read_grids("\n".join(lines).encode(), "a.csv", V))
    assert "schema" not in str(caught.value)


ENDINGS = [("a.xls", media.XLSX), ("a.zip", media.XLSX), ("a.csv", media.XLSX)]


@pytest.mark.parametrize(("name", "kind"), ENDINGS)
def test_a_workbook_under_another_ending_is_what_its_bytes_say(name, kind, tmp_path):
    """It is kept and read; the name stays."""
    path = write_workbook(tmp_path / "a.xlsx").rename(tmp_path / name)
    payload = read_saved_file(
        path, SOURCES["bls_oews"], edition="2023-05", today="2026-11-01"
    )
    assert (payload.media_type, payload.name) == (kind, name)


def test_text_and_old_workbooks_under_another_ending_are_told_too():
    """A zip that cannot be opened, and binary rubbish, are still called broken."""
    detect = media.detect_table_type
    assert detect("a.xlsx", b"OCC_CODE,OCC_TITLE\n") == "text/csv"
    assert detect("a.xlsx", media.MAGIC[media.XLS] + b"\0") == media.XLS
    assert detect("a.csv", media.MAGIC[media.PARQUET]) == media.PARQUET
    assert detect("a.xlsx", b"PK\x03\x04cut") == media.XLSX
    assert detect("a.xls", b"\0\1\2") == media.XLS
    assert detect("a.xls", b"<html><body>") == media.XLS
    assert detect("a.html", b"PK\x03\x04") == media.HTML


def read_with_gaps(path: Path) -> tuple[pl.DataFrame, list[tuple[str, bool]]]:
    """The claims of a file, and what is said of its gaps."""
    with collect_unread() as unread:
        claims = bls_oews.parse(replace(kept(path), capture="given"), V)
    return claims, describe_unread(unread)


# Column X is A_MEDIAN in the usual row; H the code.
COLUMN = {name: openpyxl.utils.get_column_letter(n) for n, name in enumerate(HEAD, 1)}
GAPS = {"nothing": None, "a formula without a value": "=BB6", "an error": "#REF!"}


@pytest.mark.parametrize("gap", GAPS)
def test_a_wage_cell_without_a_value_is_named(gap, tmp_path):
    """The other cells of the row are read; the place of the lost one is told."""
    place = f"{COLUMN['A_MEDIAN']}2"
    path = write_workbook(tmp_path / "a.xlsx", (place, GAPS[gap]))
    if gap == "an error":
        book = openpyxl.load_workbook(path)
        book.active[place].data_type = "e"
        book.save(path)
    claims, told = read_with_gaps(path)
    assert claims.height == MEASURES - 2
    ((sentence, needs_look),) = told
    assert f"Sheet!{place}" in sentence
    assert needs_look


def test_a_table_without_gaps_says_nothing(tmp_path):
    """Columns that are not of every table (shares of reports) may be empty."""
    claims, told = read_with_gaps(write_workbook(tmp_path / "a.xlsx"))
    assert (claims.height, told) == (MEASURES - 1, [])


def test_an_extract_that_was_made_may_have_some_cells_of_a_row(tmp_path):
    """The bundled table of 2022 has what other publications quoted of it."""
    path = write_workbook(tmp_path / "a.xlsx", (f"{COLUMN['A_MEDIAN']}2", None))
    with collect_unread() as unread:
        bls_oews.parse(kept(path), V)
    assert unread == []


def test_a_row_of_wages_without_a_code_is_left_out_and_named(tmp_path):
    """Its figures would be of no occupation."""
    other = {**ROW, "OCC_CODE": "", "OCC_TITLE": "Nameless"}
    rows = [*ROWS, list(other.values())]
    claims, told = read_with_gaps(write_workbook(tmp_path / "a.xlsx", rows=rows))
    assert claims["soc"].to_list() == ["29-2072"] * (MEASURES - 1)
    ((sentence, needs_look),) = told
    assert "'Nameless'" in sentence
    assert needs_look


def test_a_total_without_a_code_has_employment_and_stays(tmp_path):
    """The table of 1997 ends so."""
    total = dict.fromkeys(HEAD, "") | {"OCC_TITLE": "Total", "TOT_EMP": "117073130"}
    rows = [*ROWS, list(total.values())]
    claims, told = read_with_gaps(write_workbook(tmp_path / "a.xlsx", rows=rows))
    ((sentence, needs_look),) = told  # of which area is not said
    assert (claims.height, needs_look) == (MEASURES - 1, True)
    assert "'Total'" in sentence
    old = [[c for h, c in zip(HEAD, row, strict=True) if "AREA" not in h]
           for row in rows]  # fmt: skip
    claims, told = read_with_gaps(write_workbook(tmp_path / "b.xlsx", rows=old))
    assert (claims.height, told) == (MEASURES, [])


def test_notes_below_the_table_are_no_rows_of_it(tmp_path):
    """They have neither a code nor a figure."""
    path = write_workbook(tmp_path / "a.xlsx", ("A5", "Notes:"), ("A6", "* = none"))
    claims, told = read_with_gaps(path)
    assert (claims.height, told) == (MEASURES - 1, [])


def test_a_detailed_code_that_no_list_has_is_a_remark(tmp_path):
    """Its figures are read; groups, which end in 0, are in no list."""
    path = write_workbook(tmp_path / "a.xlsx", (f"{COLUMN['OCC_CODE']}2", "29-2027"))
    claims, told = read_with_gaps(path)
    assert claims.height == MEASURES - 1
    ((sentence, needs_look),) = told
    assert "'29-2027'" in sentence
    assert not needs_look
    group = (f"{COLUMN['OCC_CODE']}2", "29-2990")
    assert read_with_gaps(write_workbook(tmp_path / "b.xlsx", group))[1] == []


MANY = [HEAD, *[list(ROW.values())] * 60]
ODD = {
    "###": ("A_MEDIAN", "########", "A_MEDIAN"),
    "a negative": ("A_MEDIAN", "-48780", "A_MEDIAN"),
    "a code without its dash": ("OCC_CODE", "292072", "OCC_CODE"),
    "a code of O*NET": ("OCC_CODE", "29-2072.00", "OCC_CODE"),
}


@pytest.mark.parametrize("name", ODD)
def test_one_odd_cell_of_a_table_is_set_aside(name, tmp_path):
    """It is named; a table that is full of them is refused."""
    column, value, told_at = ODD[name]
    place = f"{COLUMN[column]}2"
    path = write_workbook(tmp_path / "a.xlsx", (place, value), rows=MANY)
    claims, told = read_with_gaps(path)
    lost = 1 if column == "A_MEDIAN" else MEASURES - 1
    assert claims.height == 60 * (MEASURES - 1) - lost
    ((sentence, needs_look),) = told
    assert f"{COLUMN[told_at]}2 {value!r}" in sentence
    assert needs_look
    every = [(f"{COLUMN[column]}{row}", value) for row in range(2, 62)]
    full = write_workbook(tmp_path / "b.xlsx", *every, rows=MANY)
    with pytest.raises((UnknownLabel, Damaged), match=re.escape(value)):
        read_with_gaps(full)


def test_signs_of_dollars_are_no_marks(tmp_path):
    """A spreadsheet formats cells as money."""
    path = write_workbook(tmp_path / "a.xlsx", (f"{COLUMN['A_MEDIAN']}2", "$48,780"))
    claims, told = read_with_gaps(path)
    found = claims.filter(pl.col("quote") == "$48,780")["value"].to_list()
    assert (found, told) == ([Decimal("48780.00")], [])


def test_cells_of_an_open_document_are_found_again(tmp_path):
    """Rows above are counted, as the program shows them."""
    path = write_open_document(tmp_path / "a.ods", [["x", "y"], ["1", "2"]], above=3)
    assert read_workbook_quotes(path.read_bytes(), ["S!B5"]) == ["2"]
