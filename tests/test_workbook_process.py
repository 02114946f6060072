"""Foreign workbooks are read where a crash or 2 GB of memory end only that reading."""

import io
import os
import signal
import struct
import sys
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from faults.table_seeds import make_old_workbook, make_workbook, pack

from pipeline.core.errors import Damaged, TooLarge
from pipeline.core.vocabulary import open_vocabulary
from pipeline.read.read_limits import reading_with
from pipeline.read.sheets import workbook_child, workbook_process
from pipeline.read.sheets.sheet_extent import SheetExtent
from pipeline.read.sheets.table_columns import read_columns
from pipeline.read.sheets.workbook import read_grids
from pipeline.read.sheets.workbook_process import ReadingBounds

ROOT = Path(__file__).resolve().parents[1]
WORDS = open_vocabulary(ROOT / "vocabularies")
ROWS = [["soc", "pay"], ["29-2072", "48780"], ["29-2071", ""]]
FAR = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/'
    'spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
    '<row r="1048576"><c r="{}"><v>2</v></c></row></sheetData></worksheet>'
)


def with_sheet(xml: str) -> bytes:
    """A workbook whose first sheet is this XML."""
    with zipfile.ZipFile(io.BytesIO(make_workbook(ROWS))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = xml.encode()
    return pack(parts)


def looping_chain() -> bytes:
    """An old workbook whose folder's only sector leads to itself."""
    body = bytearray(make_old_workbook(ROWS))
    at = 512 + 4  # behind the number of the sector that holds the numbers
    assert struct.unpack_from("<I", body, at) == (0xFFFFFFFE,)
    struct.pack_into("<I", body, at, 1)
    return bytes(body)


def bounded(tmp_path: Path, **limits: int):
    """The vocabularies with other bounds, in use."""
    text = (ROOT / "vocabularies/limits.csv").read_text()
    for key, value in limits.items():
        (line,) = [ln for ln in text.splitlines() if ln.startswith(f"{key},")]
        text = text.replace(line, f"{key},{value},x,test")
    (tmp_path / "limits.csv").write_text(text)
    return reading_with(open_vocabulary(tmp_path))


@pytest.mark.parametrize("place", ["XFD1048576", "AZ1048576"])
@pytest.mark.parametrize("packed", [False, True], ids=["workbook", "member"])
def test_two_cells_far_apart_are_refused_before_there_is_room_for_all(place, packed):
    """The sentence says how many cells there would be."""
    body = with_sheet(FAR.format(place))
    body = pack({"a/b.xlsx": body}) if packed else body

    with pytest.raises(TooLarge, match=r"[\d,]+ cells in a sheet, more than the 5,0"):
        list(read_grids(body, "a.xlsx", WORDS))


def test_a_table_that_is_full_is_never_too_large(tmp_path):
    """A cell takes some bytes: the bound grows with the sheet."""
    rows = [["1000"] * 30 for _ in range(30)]
    with bounded(tmp_path, sheet_cells=1):
        (grid, _) = read_grids(make_workbook(rows), "a.xlsx", WORDS)
    assert grid.cells.shape == (30, 30)


@pytest.mark.parametrize("size", [7, 64, 10_000])
def test_the_extent_of_a_sheet_is_the_same_in_any_pieces(size):
    """A cell may be parted between two of them."""
    xml = FAR.format("AZ1048576").encode()
    extent = SheetExtent()
    for at in range(0, len(xml), size):
        extent.add_xml(xml[at : at + size])
    assert (extent.first, extent.row, extent.column) == (1, 1_048_576, 52)
    assert extent.cells == 1_048_576 * 52


def test_what_the_extent_does_not_see_is_bounded_by_the_process(tmp_path):
    """Cells without a place of their own; the row has one."""
    body = with_sheet(FAR.replace('<c r="{}">', "<c>").replace("A1", "XFD1"))
    with bounded(tmp_path, workbook_memory=300_000_000):
        with suppress(Damaged, TooLarge):
            list(read_grids(body, "a.xlsx", WORDS))
        assert len(list(read_grids(make_workbook(ROWS), "a.xlsx", WORDS))) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="bounds on addresses")
def test_a_chain_of_sectors_that_leads_to_itself_ends_that_reading_alone(tmp_path):
    """The reader follows it for ever; the next workbook is read by another process."""
    with bounded(tmp_path, workbook_memory=200_000_000):
        with pytest.raises(Damaged, match=r"200,[\d,]+ bytes of memory"):
            list(read_grids(looping_chain(), "a.xls", WORDS))
        (grid,) = read_grids(make_old_workbook(ROWS), "b.xls", WORDS)
    assert grid.cells["1"].to_list() == ["soc", "29-2072", "29-2071"]


def find_process() -> workbook_process.WorkbookProcess:
    """The process that waits for work."""
    list(read_grids(make_workbook(ROWS), "a.xlsx", WORDS))
    return workbook_process._idle[-1]


def test_one_process_reads_all_workbooks_the_broken_ones_too():
    """It costs half a second to start; a workbook that is refused ends it not."""
    process = find_process()
    for body in (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 2000,
        make_workbook(ROWS),
    ):
        try:
            list(read_grids(body, "a.xls", WORDS))
        except Damaged:
            continue
    assert workbook_process._idle[-1] is process


def test_a_process_that_was_killed_is_replaced():
    """Whoever waits for it gets a sentence; the next one a new process."""
    process = find_process()
    os.kill(process._process.pid, signal.SIGKILL)
    process._process.wait()
    assert len(list(read_grids(make_workbook(ROWS), "a.xlsx", WORDS))) == 2


def test_a_process_that_hangs_is_ended_after_the_seconds_of_its_row(tmp_path):
    """Stopped: it uses no processor, and answers nothing."""
    process = find_process()
    os.kill(process._process.pid, signal.SIGSTOP)
    with bounded(tmp_path, workbook_wait=1), pytest.raises(Damaged) as caught:
        list(read_grids(make_workbook(ROWS), "a.xlsx", WORDS))
    assert "more than 1 seconds" in str(caught.value)
    assert "workbook_wait" in str(caught.value)
    assert not process.is_alive


@pytest.mark.skipif(sys.platform != "linux", reason="bounds on processors")
def test_a_workbook_that_is_read_for_ever_is_given_up(tmp_path, monkeypatch):
    """By what it uses of the processor, however busy the machine is."""
    script = tmp_path / "child.py"
    spin = "    while True: pass\n"
    text = Path(workbook_child.__file__).read_text()
    head = (
        '    """Read the sheets of a workbook that have cells, and hand them back."""\n'
    )
    script.write_text(text.replace(head, head + spin))
    monkeypatch.setattr(workbook_child, "__file__", str(script))
    workbook_process.end_idle_processes()
    bounds = {"workbook_seconds": 1, "workbook_seconds_per_megabyte": 0}
    with bounded(tmp_path, **bounds), pytest.raises(Damaged) as caught:
        list(read_grids(make_workbook(ROWS), "a.xlsx", WORDS))
    assert "more than 1 seconds of processor" in str(caught.value)


def test_what_a_workbook_may_take_grows_with_its_size():
    """Two GB at forty megabytes; the largest disclosure files take less."""
    small, large = (ReadingBounds.from_limits(size) for size in (1_000, 40_000_000))
    assert small.memory < 500_000_000 < large.memory == 2_000_000_000
    assert small.seconds == 4 < large.seconds == 44


def test_who_leaves_a_workbook_half_read_leaves_no_process_at_work():
    """A generator that is closed, as by an error of its reader."""
    process = find_process()
    grids = read_grids(make_workbook(ROWS), "a.xlsx", WORDS)
    next(grids)
    grids.close()
    assert process not in workbook_process._idle or not process.is_at_work
    assert len(list(read_grids(make_workbook(ROWS), "a.xlsx", WORDS))) == 2


def test_threads_read_side_by_side():
    """As under Prefect and in the server: each has a process, two are kept."""
    bodies = [make_workbook([["a", "b"], [str(n), "x"]]) for n in range(1, 9)]

    def read(body: bytes) -> str:
        return next(iter(read_grids(body, "a.xlsx", WORDS))).cells["1"][1]

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(read, bodies)) == [str(n) for n in range(1, 9)]
    assert len(workbook_process._idle) <= workbook_process.MOST_IDLE


def test_columns_are_asked_for_across_the_process(tmp_path):
    """Only the wanted ones are handed back, under the caller's names."""
    path = tmp_path / "body.xlsx"
    path.write_bytes(make_workbook(ROWS))
    names = {"pay": "wage"}
    found, *_ = read_columns(path, "a.xlsx", WORDS, lambda head: names.get(head))
    assert found.frame.columns == ["row", "wage"]
    assert found.frame["wage"].to_list() == ["48780", None]
    assert found.header.unknown == ("soc",)


def test_idle_processes_end_with_the_program_and_after_a_while(monkeypatch):
    """None outlives who started it."""
    monkeypatch.setattr(workbook_process, "IDLE_SECONDS", 0.05)
    process = find_process()
    for _ in range(100):
        if not process.is_alive:
            break
        threading.Event().wait(0.05)
    assert not process.is_alive
    process = find_process()
    workbook_process.end_idle_processes()
    assert (process.is_alive, workbook_process._idle) == (False, [])


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_a_list_of_sheets_that_is_broken_or_endless_is_refused(tmp_path, name):
    """The error of lxml is a SyntaxError; a list of four million bytes is none."""
    with zipfile.ZipFile(io.BytesIO(make_workbook(ROWS))) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    path = tmp_path / "body.xlsx"
    for text, why in ((b"<a b=></a>", "broken"), (b" " * 4_000_001, "too long")):
        path.write_bytes(pack({**parts, name: text}))
        with pytest.raises(Damaged, match=why):
            list(read_columns(path, "a.xlsx", WORDS, lambda head: head))


def test_a_member_that_begins_beyond_the_end_is_refused():
    """Its header is not where the directory says."""
    body = bytearray(pack({"a.csv": b"a,b\n1,2\n"}))
    at = body.rindex(b"PK\x01\x02") + 42
    struct.pack_into("<I", body, at, 0x7FFFFFFF)
    with pytest.raises(Damaged, match="not whole"):
        list(read_grids(bytes(body), "a.zip", WORDS))
