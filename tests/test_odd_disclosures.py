"""Disclosure files with a few bad lines, other marks, and columns of other years."""

import csv
import io
import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from changing import changed
from make_recordings import RECORDINGS, TESTS, kept

from pipeline.core.errors import Damaged, UnknownLabel
from pipeline.core.unread_places import collect_unread, describe_unread
from pipeline.core.vocabulary import open_vocabulary
from pipeline.read.read_limits import reading_with
from pipeline.read.sheets.broken_lines import has_longer_line, mend_quotes
from pipeline.release.verify import find_wrong_quotes
from pipeline.sources import dol_oflc

sys.path.insert(0, str(TESTS.parent / "benchmarks"))
import lca_made

WORDS = open_vocabulary(TESTS.parent / "vocabularies")
TWO_SITES, _, BOOK, _ = (
    kept(r, TESTS / "raw") for r in RECORDINGS if r.source == "dol_oflc"
)
LINES = 400


def read_lines(path: Path, lines: list[bytes]) -> tuple[pl.DataFrame, list]:
    """The claims of a file of these lines, and what was not read."""
    path.write_bytes(b"\n".join(lines) + b"\n")
    snapshot = replace(BOOK, path=path, name=path.name, media_type="text/csv")
    with collect_unread() as unread, reading_with(WORDS):
        claims = dol_oflc.parse(snapshot, WORDS)
    assert find_wrong_quotes(path, "text/csv", claims) == []
    return claims, unread


@pytest.fixture(scope="module")
def lines(tmp_path_factory) -> list[bytes]:
    """A file of 2020 and later, by line."""
    path = tmp_path_factory.mktemp("made") / "lca.csv"
    lca_made.write_csv(path, LINES)
    return path.read_bytes().rstrip(b"\n").split(b"\n")


@pytest.fixture(scope="module")
def whole(lines, tmp_path_factory) -> pl.DataFrame:
    """The claims of all of its lines."""
    claims, unread = read_lines(tmp_path_factory.mktemp("whole") / "a.csv", lines)
    assert unread == []
    return claims


def spoil(lines: list[bytes], name: str, value: bytes, number: int) -> list[bytes]:
    """Lines with another cell in one of them, counted from 1."""
    column = lca_made.columns().index(name)
    row = next(csv.reader([lines[number - 1].decode()]))
    row[column] = value.decode()
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(row)
    return [*lines[: number - 1], out.getvalue().encode(), *lines[number:]]


def drop_row(claims: pl.DataFrame, *numbers: int) -> list[str]:
    """Quotes of all rows but these."""
    row = claims["locator"].str.extract(r"line=(\d+);").cast(pl.Int64)
    return claims.filter(~row.is_in(numbers))["quote"].to_list()


BAD = {
    "an open quotation mark": b'I-200-1,"CERTIFIED,2025',
    "too many cells": b"a,b" + b",c" * 200,
    "a mark within a cell": b'"a" b,"c',
}


@pytest.mark.parametrize("bad", BAD)
def test_one_bad_line_costs_no_other(bad, lines, whole, tmp_path):
    """Its number and its words are told; the pointers of all others hold."""
    spoiled = [*lines[:9], BAD[bad], *lines[10:]]
    claims, unread = read_lines(tmp_path / "a.csv", spoiled)
    assert claims["quote"].to_list() == drop_row(whole, 10)
    assert [(u.locator, u.needs_look) for u in unread] == [("line=10;col=1", True)]
    assert unread[0].text == BAD[bad].decode()[:80]


ODD = {
    "CASE_STATUS": (b"ON HOLD", "no known status"),
    "WAGE_UNIT_OF_PAY": (b"Shift", "no known unit"),
    "WAGE_RATE_OF_PAY_FROM": (b"ask us", "no known wage"),
    "PREVAILING_WAGE": (b"#REF!", "no known wage"),
}


@pytest.mark.parametrize("name", ODD)
def test_a_row_with_a_cell_that_is_not_known_is_set_aside(name, lines, whole, tmp_path):
    """With its place; the others are read."""
    value, why = ODD[name]
    claims, unread = read_lines(tmp_path / "a.csv", spoil(lines, name, value, 7))
    assert claims["quote"].to_list() == drop_row(whole, 7)
    ((sentence, needs_look),) = describe_unread(unread)
    assert why in sentence
    assert "line=7;" in sentence
    assert needs_look


def test_too_many_bad_rows_are_another_layout(lines, tmp_path):
    """Of four hundred rows nine are more than one in fifty."""
    spoiled = lines
    for number in range(2, 11):
        spoiled = spoil(spoiled, "CASE_STATUS", b"ON HOLD", number)
    with pytest.raises(UnknownLabel, match="'ON HOLD'"):
        read_lines(tmp_path / "a.csv", spoiled)
    broken = [lines[0], *[b'a,"b'] * 9, *lines[10:]]
    with pytest.raises(Damaged):
        read_lines(tmp_path / "b.csv", broken)


@pytest.mark.parametrize("mark", [";", "\t"])
def test_semicolons_and_tabs_say_what_commas_say(mark, lines, whole, tmp_path):
    """The mark is that of the first line."""
    rows = csv.reader(line.decode() for line in lines)
    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator="\n").writerows(rows)
    others = out.getvalue().encode().rstrip(b"\n").split(b"\n")
    claims, unread = read_lines(tmp_path / "a.csv", others)
    assert claims["quote"].to_list() == whole["quote"].to_list()
    assert unread == []


def test_a_new_column_that_is_not_about_pay_is_a_remark(tmp_path):
    """Forms ask something else each year; what is about pay stops the file."""
    page = changed(TWO_SITES, tmp_path, ("FULL_TIME_POS", "HOURS"))
    with collect_unread() as unread:
        claims = dol_oflc.parse(page, WORDS)
    assert claims.height == dol_oflc.parse(TWO_SITES, WORDS).height
    assert [(u.text, u.needs_look) for u in unread] == [("HOURS", False)]


@pytest.mark.parametrize(
    "head", ["NEW_CONCURRENT_EMP", "total workers", "Total_Workers"]
)
def test_columns_of_other_years_are_known(head, tmp_path):
    """With blanks or underscores, in any case."""
    page = changed(TWO_SITES, tmp_path, ("FULL_TIME_POS", head))
    with collect_unread() as unread:
        dol_oflc.parse(page, WORDS)
    assert unread == []


@pytest.mark.parametrize(
    ("head", "named"),
    [
        ("JOB_OPP_WAGE_FROM,JOB_TITLE", "permanent certification.*No source"),
        ("APPROVAL_STATUS,NAME", "before fiscal year 2010.*No source"),
        ("OCC_CODE,OCC_TITLE", "keep bls_oews FILE"),
    ],
)
def test_another_table_is_called_what_it_is(head, named, tmp_path):
    """With the command that reads it, where one does."""
    path = tmp_path / "a.csv"
    path.write_text(f"{head}\na,b\n")
    with pytest.raises(Damaged, match=named):
        dol_oflc.parse(replace(BOOK, path=path, name="a.csv"), WORDS)


@pytest.mark.parametrize("mark", [",", ";"])
def test_what_a_line_is_parted_into_is_counted_by_its_mark(mark):
    """Quoted marks count as none, and so do the other kind's."""
    other = {",": ";", ";": ","}[mark]
    text = f'a{mark}b\n"x{mark}y"{mark}1{other}2{other}3\n'.encode()
    assert not has_longer_line(text, mark, 2)
    assert has_longer_line(text + f"1{mark}2{mark}3".encode(), mark, 2)
    assert has_longer_line(text + f'"1"{mark}2{mark}3\n'.encode(), mark, 2)


def test_marks_within_the_cells_of_a_list_are_mended():
    """Only where the line is clear: as many cells as heads between the marks."""
    clear = b'"1","A","Keep.  Exclude "B, C" (2)."'
    assert mend_quotes(b'"a","b","c"\n' + clear + b"\n") == (
        b'"a","b","c"\n"1","A","Keep.  Exclude ""B, C"" (2)."\n'
    )
    for sound in (b'"1","A","B ""C"" D"', b"1,A,B", b'"1","A"x'):
        assert mend_quotes(b'"a","b","c"\n' + sound) == b'"a","b","c"\n' + sound
