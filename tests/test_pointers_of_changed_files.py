"""Files as damage leaves them: every place that is named leads back to its text."""

import csv
import io
import json
import tracemalloc
import zipfile
from contextlib import suppress
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.errors import Damaged, NotFound
from pipeline.read import read, read_quotes
from pipeline.read.json.json_scan import scan_scalars
from pipeline.read.sheets import flat_lines
from pipeline.read.sheets.flat_file import (
    read_flat_grid,
    read_flat_quotes,
    read_line_batches,
)
from pipeline.read.sheets.flat_lines import find_flat_lines
from pipeline.read.sheets.table_columns import read_flat_columns
from pipeline.read.sheets.workbook import read_grids, read_workbook_quotes

ENDS = ("\n", "\r\n", "\r", "\n\r", "\n\n", "\r\r\n")


@given(st.lists(st.sampled_from(ENDS), min_size=2, max_size=6), st.sampled_from(",\t"))
def test_lines_are_counted_alike_whatever_ends_them(ends, mark):
    """By both readers of tables, by what leads back, and by the pages of a site."""
    body = "".join(f"a{n}{mark}b{n}{end}" for n, end in enumerate(ends)).encode()
    cells = read_flat_grid(body, "x").cells
    named = {
        f"line={row + 1};col={column + 1}": text
        for row, texts in enumerate(cells.iter_rows())
        for column, text in enumerate(texts)
        if text
    }
    assert len(named) == 2 * len(ends)
    assert read_flat_quotes(body, list(named)) == list(named.values())
    with suppress(Damaged):  # an empty line below the header is none of a table
        some = read_flat_columns(body, "x", lambda head: "it" if head == "b0" else "-")
        for row, text in some.frame.drop_nulls().rows():
            assert named[f"line={row};col=2"] == text


@given(st.lists(st.sampled_from(ENDS), min_size=1, max_size=6), st.integers(1, 9))
def test_lines_of_a_large_file_are_counted_in_pieces(tmp_path_factory, ends, size):
    """As they are counted in one; a piece may end within a line's end."""
    body = "".join(f"a{n},b{n}{end}" for n, end in enumerate(ends)).encode()
    path = tmp_path_factory.getbasetemp() / "lines"
    path.write_bytes(body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flat_lines, "PIECE_BYTES", size)
        lines = find_flat_lines(path)
    rows = read_flat_grid(body, "x").cells.height
    for line in range(1, rows + 1):
        try:
            expected = read_flat_quotes(body, [f"line={line};col=2"])
        except NotFound:  # an empty line
            assert len(lines.read_cells(line)) < 2
        else:
            assert lines.read_cells(line)[1:] == expected


@pytest.mark.parametrize("where", [0, 1, 2])
def test_a_return_within_a_line_of_a_large_file_is_refused(tmp_path, where):
    """It would be a line's end for whoever follows a pointer."""
    lines = [b"series\tvalue", b"1\t2", b"3\t4"]
    lines[where] = lines[where].replace(b"\t", b"\t\r")
    path = tmp_path / "flat"
    path.write_bytes(b"\n".join(lines))
    with pytest.raises(Damaged, match="within a line"):
        list(read_line_batches(path, 4, lambda line: line[:1]))
    path.write_bytes(b"series\tvalue\r\n1\t2\r\n")
    assert list(read_line_batches(path, 4, lambda line: line)) == [(2, b"1\t2\r\n")]


def test_one_byte_decides_the_encoding_of_a_whole_text():
    """Not of its line alone: else the same bytes say two things."""
    body = "Doña,1\nDoña,2\n".encode() + b"Do\xf1a,3\n"
    cells = read_flat_grid(body, "x").cells["1"].to_list()
    places = [f"line={n};col=1" for n in (1, 2, 3)]
    assert read_flat_quotes(body, places) == cells == ["DoÃ±a", "DoÃ±a", "Doña"]
    assert read_flat_quotes(body[:16], places[:2]) == ["Doña", "Doña"]
    # Also where it stands in a column that nobody reads, beside a quotation mark.
    body = 'a,b\nDoña,"2"\n'.encode() + b'x,"\x85"\n'
    read = read_flat_columns(body, "x", lambda head: head if head == "a" else "-")
    assert read_flat_quotes(body, ["line=2;col=1"]) == [read.frame["a"][0]] == ["DoÃ±a"]


@pytest.mark.parametrize("long", ["first", "second"])
def test_a_very_long_cell_is_a_cell(long):
    """The standard library has a bound of its own, with an error of its own."""
    rows = {"first": "x" * 140_000 + ",1", "second": "1," + "x" * 140_000}
    body = f"a,b\n{rows[long]}\n".encode()
    (row,) = read_flat_grid(body, "x").cells.tail(1).rows()
    assert read_flat_quotes(body, ["line=2;col=1", "line=2;col=2"]) == [*row]
    assert read_flat_columns(body, "x", str).frame.rows() == [(2, *row)]


@pytest.mark.parametrize("row", ['"25,740"l"38,640",1', '1,"2" ', '"a""b"c,1'])
def test_a_cell_that_goes_on_behind_its_closing_mark_is_refused(row):
    """Two readers of CSV part such a line at two places."""
    body = f"a,b\n{row}\n".encode()
    for reading in (read_flat_grid, partial(read_flat_columns, choose=str)):
        with pytest.raises(Damaged, match=r"quotation mark|do not make a table"):
            reading(body, "x")
    sound = b'a,b\n"2,""3""",x\n'
    (cells,) = read_flat_grid(sound, "x").cells.tail(1).rows()
    places = ["line=2;col=1", "line=2;col=2"]
    assert read_flat_quotes(sound, places) == [*cells] == ['2,"3"', "x"]


def test_a_cell_beyond_all_bounds_is_refused():
    """In a sentence, and before it takes eight times its bytes."""
    before = csv.field_size_limit(50)
    try:
        with pytest.raises(Damaged, match="parted into cells"):
            read_flat_grid(b"a,b\n" + b"x" * 60 + b",1\n", "x")
        with pytest.raises(Damaged, match="parted into cells"):
            read_flat_quotes(b"a,b\n" + b"x" * 60 + b",1\n", ["line=2;col=2"])
    finally:
        csv.field_size_limit(before)


def test_a_wide_table_is_measured_line_by_line():
    """Its first lines at once took four bytes for each of their characters."""
    body = b"\n".join([b"z" * 100_000] * 60)
    tracemalloc.start()
    read_flat_grid(body, "x")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * len(body)


def pack(*members: tuple[str, bytes]) -> bytes:
    """A zip of members, of which two may have one name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in members:
            archive.writestr(zipfile.ZipInfo(name), body)
    return out.getvalue()


@pytest.mark.parametrize(
    "other", [b"a,b\n1,2,3,4\n", b"\0\0", b"", b"<html>", b"PK\x03\x04broken"]
)
def test_what_nobody_asks_for_may_be_broken(other):
    """A source reads the members that it knows; so does what leads back."""
    body = pack(("notes.txt", other), ("pay.csv", b"soc,pay\n1,48780\n"))
    place = "pay.csv!line=2;col=2"
    assert read_workbook_quotes(body, [place]) == ["48780"]
    shown = body.replace(b"notes.txt", b"nXtes.txt", 1)  # not as the directory has it
    assert read_workbook_quotes(shown, [place]) == ["48780"]
    for missing in ("notes.txt!line=9;col=1", "none.csv!line=1;col=1", "line=1;col=1"):
        with pytest.raises((NotFound, Damaged)):
            read_workbook_quotes(body, [place, missing])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_one_name_twice_is_refused():
    """A pointer names a member."""
    body = pack(("pay.csv", b"a,b\n1,2\n"), ("pay.csv", b"a,b\n3,4\n"))
    with pytest.raises(Damaged, match="same name"):
        list(read_grids(body, "x.zip", None))


def flatten(value: object, pointer: str = "") -> dict[str, object]:
    """Every scalar of a value by its pointer."""
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        parts = (flatten(inner, f"{pointer}/{key}") for key, inner in pairs)
        return {p: v for part in parts for p, v in part.items()}
    return {pointer: value}


values = st.recursive(
    st.integers(0, 9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(st.tuples(st.sampled_from("abc"), inner), max_size=5)
    ),
    max_leaves=30,
)


def write_value(value: object) -> str:
    """Write lists of pairs as objects, whose keys may stand twice."""
    if isinstance(value, list) and value and isinstance(value[0], tuple):
        return "{" + ",".join(f'"{k}":{write_value(v)}' for k, v in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(write_value, value)) + "]"
    return str(value)


@given(values)
def test_of_two_values_under_one_key_the_last_counts(value):
    """As `json` reads it: no scalar of the earlier one, no pointer twice."""
    text = write_value(value)
    found, end = scan_scalars(text, 0)
    assert end == len(text)
    assert [s.pointer for s in found] == [*{s.pointer: 0 for s in found}]
    assert {s.pointer: s.value for s in found} == flatten(json.loads(text))


def test_of_two_literals_under_one_name_the_last_counts():
    """A script may fill one name twice, and has two names in any order."""
    page = b"<p>Pay</p><script>var data = {'a': 1, 'b': 2}; var x = {'a': 5};"
    page += b" data = 0; var data = {'a': 3};</script>"
    found = {d.pointer: d.raw for d in read(page, "text/html", where="x").data}
    assert found == {"/data/a": "3", "/x/a": "5"}
    places = [f"script=0;{pointer}" for pointer in found]
    assert read_quotes(page, "text/html", places) == [*found.values()]


def test_half_a_character_is_replaced():
    """In values and keys; `json` gives it, and no table can hold it."""
    found, _ = scan_scalars(r'{"a\udc00": "\ud83d", "b": "\ud83d\ude00"}', 0)
    told = [(s.pointer, s.value, s.raw) for s in found]
    smile = r"\ud83d\ude00"
    assert told == [("/a\ufffd", "\ufffd", r"\ud83d"), ("/b", "\U0001f600", smile)]
