"""Tables from bytes: workbooks, zips, CSV and flat files, sound and otherwise."""

import io
import itertools
import struct
import tempfile
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from polars.exceptions import ComputeError, PanicException

from pipeline.core.errors import Damaged, NotFound, TooLarge
from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.read.sheets import flat_lines
from pipeline.read.sheets.cell_grid import column_letters, column_number, find_header
from pipeline.read.sheets.flat_file import (
    find_separator,
    read_flat_quotes,
    read_line_batches,
)
from pipeline.read.sheets.flat_file import read_flat_grid as flat_grid
from pipeline.read.sheets.flat_lines import find_flat_lines
from pipeline.read.sheets.parquet_table import refuse_broken_parquet
from pipeline.read.sheets.workbook import read_grids, read_workbook_quotes

ROOT = Path(__file__).resolve().parents[1]
VOCABULARY = open_vocabulary(ROOT / "vocabularies")
PARSED = {"soc": "code", "pay": "amount", "place": "area"}


def workbook(cells: dict[tuple[int, int], object], sheet: str = "data") -> bytes:
    """An xlsx with these cells (row and column from 0)."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    page = book.add_worksheet(sheet)
    for (row, column), value in cells.items():
        page.write(row, column, value)
    book.add_worksheet("Filler")
    book.close()
    return file.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip with these members, compressed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def bounded(tmp_path: Path, **limits: int) -> Vocabulary:
    """A vocabulary with other bounds."""
    rows = {"workbook_bytes": 10**9, "workbook_unpacked_bytes": 10**9} | limits
    lines = [f"{key},{value},bytes,test" for key, value in rows.items()]
    (tmp_path / "limits.csv").write_text("\n".join(["key,value,unit,why", *lines]))
    return open_vocabulary(tmp_path)


SHIFTED = {(4, 2): "SOC", (4, 3): "Pay", (6, 2): "29-2072", (6, 3): 48780, (7, 3): 0.1}


def test_a_table_that_begins_in_the_middle_of_a_sheet_keeps_its_places():
    """Empty rows and columns before the first cell count."""
    body = workbook(SHIFTED)

    (grid,) = read_grids(body, "book.xlsx", VOCABULARY)
    header = find_header(grid, PARSED, 60)

    assert header is not None
    assert (header.row, dict(header.columns)) == (5, {"code": 3, "amount": 4})
    assert grid.cells["4"][6] == "48780"
    assert read_workbook_quotes(body, ["data!D7", "data!D8"]) == ["48780", "0.1"]


def test_a_zip_of_workbooks_and_csv_files_names_the_member_in_each_place():
    """What is no table in the zip is left alone."""
    csv = b'SOC,Pay\n29-2072,"48,780"\n'
    body = zipped({"a/b.xlsx": workbook(SHIFTED), "c.csv": csv, "readme.pdf": b"%PDF"})

    found = {grid.prefix for grid in read_grids(body, "oesm.zip", VOCABULARY)}

    assert found == {"a/b.xlsx!data!", "c.csv!"}
    places = ["a/b.xlsx!data!D7", "c.csv!line=2;col=2"]
    assert read_workbook_quotes(body, places) == ["48780", "48,780"]


HTML = b"<!DOCTYPE html><html><body>Access denied</body></html>"
BROKEN = {
    "empty": (b"", "empty"),
    "blanks": (b" \r\n ", "empty"),
    "page": (HTML, "HTML"),
    "cut xlsx": (workbook(SHIFTED)[:3000], "cut short"),
    "cut zip": (zipped({"a.csv": b"SOC,Pay\n" * 99})[:60], "cut short"),
    "no table": (zipped({"readme.pdf": b"%PDF"}), "no table"),
    "page in zip": (zipped({"a.xlsx": HTML}), "HTML"),
    "not xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 2000, "cannot be read"),
    "locked": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "encrypted",
    ),
    "binary": (b"SOC\0Pay\n" * 9, "neither a workbook nor text"),
}


@pytest.mark.parametrize(("body", "why"), BROKEN.values(), ids=BROKEN)
def test_bytes_that_are_no_table_give_one_clear_sentence(body: bytes, why: str):
    """Each kind of damage is told apart, and names the file."""
    with pytest.raises(Damaged, match=why) as caught:
        list(read_grids(body, "national.xlsx", VOCABULARY))

    assert str(caught.value).startswith("national.xlsx")


def test_an_encrypted_zip_is_refused():
    """The flag in the zip's directory is enough."""
    body = bytearray(zipped({"a.csv": b"SOC,Pay\n1,2\n"}))
    directory = body.rindex(b"PK\x01\x02")
    body[directory + 8] |= 1

    with pytest.raises(Damaged, match="encrypted"):
        list(read_grids(bytes(body), "a.zip", VOCABULARY))


@pytest.mark.parametrize("entity", ["<!DOCTYPE x [<!ENTITY e SYSTEM 'f'>]>"])
def test_a_workbook_with_a_document_type_is_refused(entity: str):
    """Entities could read files or grow without bound."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(workbook(SHIFTED))) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"?>", b"?>" + entity.encode(), 1)

    with pytest.raises(Damaged, match=r"sheet1\.xml declares a document type"):
        list(read_grids(zipped(parts), "a.xlsx", VOCABULARY))


def test_what_says_that_it_unpacks_to_too_much_is_refused(tmp_path):
    """The sizes are read before anything is unpacked."""
    body = zipped({"a.csv": b"0" * 50_000})

    with pytest.raises(TooLarge, match="50,000 bytes"):
        list(
            read_grids(body, "a.zip", bounded(tmp_path, workbook_unpacked_bytes=10_000))
        )


def test_a_zip_bomb_with_false_sizes_is_refused(tmp_path):
    """The packed bytes themselves are counted through."""
    body = bytearray(zipped({"a.csv": b"0" * 30_000_000}))
    small = struct.pack("<II", zlib.crc32(b"0"), 1)
    for mark, at in ((b"PK\x01\x02", 16), (b"PK\x03\x04", 14)):
        place = body.rindex(mark)
        body[place + at : place + at + 4] = small[:4]
        body[place + at + 8 : place + at + 12] = small[4:]

    with pytest.raises(TooLarge):
        list(
            read_grids(
                bytes(body), "a.zip", bounded(tmp_path, workbook_unpacked_bytes=99)
            )
        )


def test_a_body_beyond_the_bound_is_not_looked_at(tmp_path):
    """The bound is a row of limits.csv."""
    with pytest.raises(TooLarge, match=r"limits\.csv"):
        list(
            read_grids(b"SOC,Pay\n" * 20, "a.csv", bounded(tmp_path, workbook_bytes=99))
        )


TEXTS = {
    "bom and crlf": b'\xef\xbb\xbfSOC,Pay\r\n1,"48,780"\r\n',
    "latin-1": 'Place,Pay\nDo\xf1a Ana,"48,780"\n'.encode("latin-1"),
    "no last line end": b'SOC,Pay\n1,"48,780"',
    "tabs": b"SOC\tPay\n1\t      48,780\n",
}


@pytest.mark.parametrize("body", TEXTS.values(), ids=TEXTS)
def test_text_of_every_make_gives_the_same_cell(body: bytes):
    """Marks, line ends, encodings and padding are not part of a figure."""
    grid = flat_grid(body, "a.csv")

    assert grid.cells["2"][1].strip() == "48,780"
    assert read_flat_quotes(body, ["line=2;col=2"]) == ["48,780"]
    assert read_workbook_quotes(body, ["line=2;col=2"]) == ["48,780"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("piece", [3, 1 << 24])
def test_a_line_is_read_without_the_others(tmp_path, monkeypatch, end, piece):
    """Numbers and cells are those that quotes are read by, in pieces of any size."""
    monkeypatch.setattr(flat_lines, "PIECE_BYTES", piece)
    for mark in (b",", b"\t"):
        body = end.join(
            [mark.join([b"SOC", b"Pay"]), mark.join([b"1", b"\xd1a"]), b"2"]
        )
        path = tmp_path / "data"
        path.write_bytes(body)
        lines = find_flat_lines(path)
        assert lines.read_cells(1) == ["SOC", "Pay"]
        assert lines.read_cells(2) == ["1", "Ña"]
        assert lines.read_cells(2)[1:] == read_flat_quotes(body, ["line=2;col=2"])
        assert lines.read_cells(3) == ["2"]
        assert (lines.read_cells(0), lines.read_cells(4)) == (None, None)
    path.write_bytes(b"")
    assert find_flat_lines(path).read_cells(1) is None


def test_the_separator_is_found_without_a_copy_of_the_file():
    """Each page of a flat file of 332 MB made one."""
    body = b"a\tb\n" + b"1\t2\n" * 2_000_000
    tracemalloc.start()
    mark = find_separator(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (mark, peak < 10_000) == ("\t", True)
    assert [find_separator(b) for b in (b"a,b\n\t", b"a\tb", b"")] == [",", "\t", ","]


@pytest.mark.parametrize(
    "body",
    [b'SOC,Pay\n1,"two\nlines"\n3,4\n', b"SOC,Pay\n" + b"1,2\n" * 99 + b"1,2,3\n"],
    ids=["line end in a cell", "more cells than columns"],
)
def test_text_whose_lines_are_not_rows_is_refused(body: bytes):
    """A place names a line, so that each row must be one."""
    with pytest.raises(Damaged, match=r"a\.csv"):
        flat_grid(body, "a.csv")


@pytest.mark.parametrize(
    "place", ["line=3;col=1", "line=1;col=9", "line=0;col=1", "data!A1", "line=1"]
)
def test_a_place_that_is_not_there_is_not_found(place: str):
    """In text and in workbooks alike."""
    with pytest.raises(NotFound):
        read_flat_quotes(b"SOC,Pay\n1,2", [place])
    with pytest.raises(NotFound):
        read_workbook_quotes(workbook({(0, 0): "x"}, "other"), [place])


@given(st.integers(1, 16384))
def test_letters_of_columns_lead_back_to_their_numbers(number: int):
    """A to XFD."""
    assert column_number(column_letters(number)) == number


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 5))), st.integers(1, 200))
def test_batches_hold_every_line_once_and_never_part_a_cell(groups, size):
    """Whatever the size: line numbers run on, and keys change at each cut."""
    lines = [b"%d rest of line\n" % key for key, times in groups for _ in range(times)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data"
        path.write_bytes(b"header\n" + b"".join(lines))
        found = list(read_line_batches(path, size, lambda line: line[:1]))

    assert b"".join(piece for _, piece in found) == b"".join(lines)
    number = 2
    for first, piece in found:
        assert first == number
        number += piece.count(b"\n")
    edges = [piece for _, piece in found]
    for one, other in itertools.pairwise(edges):
        assert one.splitlines()[-1][:1] != other[:1]


@pytest.mark.parametrize(
    "error", [PanicException("offset + length"), ComputeError("x")]
)
def test_a_parquet_file_that_breaks_its_reader_is_refused(error):
    """A panic of native code is no Exception; found by changed footers."""
    with pytest.raises(Damaged, match="the Parquet file"), refuse_broken_parquet("a"):
        raise error
    with pytest.raises(KeyboardInterrupt), refuse_broken_parquet("a"):
        raise KeyboardInterrupt
