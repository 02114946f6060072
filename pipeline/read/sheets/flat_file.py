"""Read delimited text (CSV, BLS flat files) into grids and batches of lines.

Locators are `line=12;col=4`: both from 1, the header line included. Figures are
quoted without the blanks that pad them and without the quotation marks of CSV.
"""

import codecs
import csv
import io
import mmap
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from pipeline.core.errors import Damaged, NotFound
from pipeline.read.sheets.cell_grid import Grid

LOCATOR = re.compile(r"line=([1-9]\d{0,11});col=([1-9]\d{0,5})")
SAMPLE_LINES = 64  # the table is as wide as the widest of these
READ = mmap.ACCESS_READ


def read_flat_grid(body: bytes, where: str, prefix: str = "") -> Grid:
    """Read CSV or tab-separated text as a grid: one row a line, nothing skipped.

    Args:
        body: UTF-8 (with or without a byte order mark), else Windows-1252.
        where: For messages.
        prefix: What its locators begin with (the member of a zip).

    Raises:
        Damaged: Empty, not text, a cell that goes over the end of its line, or a line
            with more cells than the first ones.
    """
    text = decode_text(body, where).encode()
    mark = find_separator(text)
    sample = csv.reader(
        io.StringIO(
            b"\n".join(text.split(b"\n", SAMPLE_LINES)[:SAMPLE_LINES]).decode("utf-8")
        ),
        delimiter=mark,
    )
    width = max((len(row) for row in sample), default=0)
    names = [str(number) for number in range(1, width + 1)]
    try:
        cells = pl.read_csv(
            text,
            separator=mark,
            has_header=False,
            schema=dict.fromkeys(names, pl.String),
            # Between tabs a quotation mark is a character like any other.
            quote_char='"' if mark == "," else None,
        )
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise Damaged(where, f"the lines do not make a table ({reason})") from error
    lines = text.count(b"\n") + (not text.endswith(b"\n"))
    # A locator names a line of the file, so that each row must be one line.
    if cells.height != lines:
        why = f"{lines} lines make {cells.height} rows: a cell goes over its line's end"
        raise Damaged(where, why)
    return Grid(where, "", prefix, "flat_file", cells)


def decode_text(body: bytes, where: str) -> str:
    """Decode a body, with line feeds as line ends.

    UTF-8, else Windows-1252, in which older CSV files are (`Doña Ana`).

    Raises:
        Damaged: Empty, or bytes that are no text.
    """
    if not body.strip():
        raise Damaged(where, "the file is empty")
    if b"\0" in body:
        raise Damaged(where, "it is neither a workbook nor text")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def find_separator(text: bytes) -> str:
    """Return a tab where the first line has one, else a comma."""
    # Found and not split off: a copy of the rest would be one of the whole file.
    end = text.find(b"\n")
    tab = text.find(b"\t", 0, end if end >= 0 else len(text))
    return "\t" if tab >= 0 else ","


def read_line_batches(
    path: Path, size: int, key: Callable[[bytes], bytes]
) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a large file below its first, in pieces of about `size`.

    A piece ends where the key changes, so that neighbours with one key stay together.

    Args:
        path: A text file; its first line is the header and is left out.
        size: Bytes read at a time.
        key: What lines that belong together have in common.

    Yields:
        Number of the piece's first line (the header is line 1), and its bytes.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=READ) as data:
        start = data.find(b"\n") + 1 or len(data)
        number = 2
        while start < len(data):
            stop = _find_batch_end(data, start, size, key)
            lines = data[start:stop]
            if lines.strip():
                yield number, lines
            number += lines.count(b"\n")
            start = stop


def _find_batch_end(
    data: mmap.mmap, start: int, size: int, key: Callable[[bytes], bytes]
) -> int:
    """Return where a piece that begins at `start` ends: at a change of key or the end.

    Goes back over the last lines to the change before `start + size`; where all of
    them have one key, forward to the next change.
    """
    if start + size >= len(data):
        return len(data)
    stop = data.rfind(b"\n", start, start + size) + 1
    while stop:
        before = data.rfind(b"\n", start, stop - 1) + 1 or start
        if key(data[before:stop]) != key(_read_line(data, stop)):
            return stop
        stop = before if before > start else 0
    stop = _find_next_line(data, start + size)
    while stop < len(data) and key(_read_line(data, stop)) == key(
        _read_line(data, start)
    ):
        stop = _find_next_line(data, stop)
    return stop


def _find_next_line(data: mmap.mmap, place: int) -> int:
    """Return where the line after the one at `place` begins."""
    return data.find(b"\n", place) + 1 or len(data)


def _read_line(data: mmap.mmap, start: int) -> bytes:
    """Return the line that begins at `start`, with its end."""
    return data[start : _find_next_line(data, start)]


def read_flat_quotes(body: bytes, locators: Sequence[str]) -> list[str]:
    """Return the texts of cells in the order asked for, from one pass over the lines.

    Raises:
        NotFound: There is no such cell, or a locator has another form.
    """
    # Line ends of old Macs; `decode_text` counts them as lines too.
    if b"\r" in body and b"\r\n" not in body:
        body = body.replace(b"\r", b"\n")
    ends = np.flatnonzero(np.frombuffer(body, dtype=np.uint8) == ord("\n"))
    starts = np.concatenate(([0], ends + 1))
    stops = np.append(ends, len(body))
    mark = find_separator(body)
    return [_read_cell(body, starts, stops, mark, locator) for locator in locators]


def _read_cell(
    body: bytes,
    starts: np.ndarray[tuple[int], np.dtype[np.int64]],
    stops: np.ndarray[tuple[int], np.dtype[np.int64]],
    mark: str,
    locator: str,
) -> str:
    """Return the text of one cell.

    Args:
        body: The file's bytes.
        starts: Offset of each line.
        stops: Offset of each line's end.
        mark: What separates cells.
        locator: `line=12;col=4`.

    Raises:
        NotFound: There is no such cell, or the locator has another form.
    """
    place = LOCATOR.fullmatch(locator)
    if place is None or int(place[1]) > len(starts):
        raise cell_not_found(locator)
    line = int(place[1]) - 1
    cells = split_line(body[starts[line] : stops[line]], mark)
    if int(place[2]) > len(cells):
        raise cell_not_found(locator)
    return cells[int(place[2]) - 1].strip()


def cell_not_found(locator: str) -> NotFound:
    """Make the error for a locator that leads nowhere."""
    return NotFound("Cell", locator[:200], "The body is another one, or was cut.")


def split_line(raw: bytes, mark: str) -> list[str]:
    """Return the cells of one line: of UTF-8, else of Windows-1252.

    Args:
        raw: The line, with or without its end.
        mark: What separates cells.
    """
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    text = text.rstrip("\r\n")
    # Tab-separated files have no quotes: a `"` in them is a character.
    return text.split(mark) if mark == "\t" else next(csv.reader([text]), [])
