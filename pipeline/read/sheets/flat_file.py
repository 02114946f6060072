"""Read delimited text (CSV, BLS flat files) into grids and batches of lines.

Locators are `line=12;col=4`: both from 1, the header line included. A line ends at a
line feed, a carriage return or both. Figures are quoted without the blanks that pad
them and without the quotation marks of CSV.
"""

import codecs
import csv
import io
import mmap
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
import polars as pl

from pipeline.core.errors import Damaged, NotFound
from pipeline.read.sheets.cell_grid import Grid

LOCATOR = re.compile(r"line=([1-9]\d{0,11});col=([1-9]\d{0,5})")
QUOTED = re.compile(rb'"[^"]*"')
LONGEST_HEAD = 65_536  # bytes of the first line that are looked at
# `32,66` in a file of semicolons: a decimal comma, and no sum of thousands.
DECIMAL_COMMA = r"^-?\d+,\d{1,2}$"
SAMPLE_LINES = 64  # the table is as wide as the widest of these
READ = mmap.ACCESS_READ
OLD_ENCODING = "cp1252"
# Characters of a cell; of itself `csv` reads 131,072. It takes eight bytes for each.
csv.field_size_limit(1 << 24)


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
    # Line by line: a buffer of text takes four bytes for each of its characters.
    first = (line.decode() for line in islice(io.BytesIO(text), SAMPLE_LINES))
    width = max((len(row) for row in read_rows(first, mark, where)), default=0)
    names = [str(number) for number in range(1, width + 1)]
    try:
        cells = pl.read_csv(
            text,
            separator=mark,
            has_header=False,
            schema=dict.fromkeys(names, pl.String),
            # Between tabs a quotation mark is a character like any other.
            quote_char=None if mark == "\t" else '"',
        )
    except pl.exceptions.PolarsError as error:
        raise make_table_error(where, error) from error
    check_quotes(text, where, mark)
    if mark == ";":
        refuse_decimal_commas(cells, where)
    lines = text.count(b"\n") + (not text.endswith(b"\n"))
    # A locator names a line of the file, so that each row must be one line.
    if cells.height != lines:
        why = f"{lines} lines make {cells.height} rows: a cell goes over its line's end"
        raise Damaged(where, why)
    return Grid(where, "", prefix, "flat_file", cells)


def make_table_error(where: str, error: Exception) -> Damaged:
    """Make the error for lines that are no table, without the library's own advice."""
    longer = "more fields" in str(error)
    odd = "a line has more cells than the first ones"
    odd = odd if longer else "the first line has fewer cells than others"
    remedy = "Save it again as CSV with commas, or as .xlsx; nothing was changed."
    return Damaged(where, f"the lines do not make a table: {odd}", remedy)


def refuse_decimal_commas(cells: pl.DataFrame, where: str) -> None:
    """Refuse cells of a file of semicolons whose numbers have a comma as their point.

    Raises:
        Damaged: Some do; one is shown.
    """
    for column in cells.iter_columns():
        odd = column.filter(column.str.contains(DECIMAL_COMMA))
        if odd.len():
            why = f"its numbers have decimal commas ({odd[0]!r})"
            remedy = "Save it with decimal points, or as .xlsx."
            raise Damaged(where, why, remedy)


def check_quotes(text: bytes, where: str, mark: str) -> None:
    """Refuse a quotation mark within a cell that one opened: readers differ on it.

    Args:
        text: UTF-8, with line feeds as line ends.
        where: For messages.
        mark: What separates cells; between tabs a quotation mark is a character.

    Raises:
        Damaged: A cell goes on behind the mark that closes it.
    """
    if mark == "\t" or b'"' not in text:
        return
    quoted = (line.decode() for line in io.BytesIO(text) if b'"' in line)
    try:
        for _ in csv.reader(quoted, delimiter=mark, strict=True):
            pass
    except csv.Error as error:
        why = f"a quotation mark stands within a cell ({error})"
        raise Damaged(where, why) from error


def decode_text(body: bytes, where: str) -> str:
    """Decode a body, with line feeds as line ends.

    UTF-8, else Windows-1252, in which older CSV files are (`Doña Ana`).

    Raises:
        Damaged: Empty, or bytes that are no text.
    """
    if not body.strip():
        raise Damaged(where, "the file is empty")
    body = recode_utf16(body, where)
    if b"\0" in body:
        raise Damaged(where, "it is neither a workbook nor text")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode(OLD_ENCODING, errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def recode_utf16(body: bytes, where: str) -> bytes:
    """Return UTF-16 with its byte order mark as UTF-8; all else as it is.

    Spreadsheets save "Unicode text" so.

    Raises:
        Damaged: It begins as UTF-16 and is none.
    """
    if not body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body
    try:
        return body.decode("utf-16").encode()
    except UnicodeDecodeError as error:
        why = "it begins as UTF-16 text and is not whole"
        raise Damaged(where, why) from error


def find_encoding(body: bytes) -> str:
    """Return UTF-8 where all of a body is UTF-8, else Windows-1252."""
    if body.isascii():
        return "utf-8"
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return OLD_ENCODING
    return "utf-8"


def has_lone_returns(body: bytes) -> bool:
    """Return whether a carriage return stands without a line feed behind it."""
    return body.count(b"\r") != body.count(b"\r\n")


def find_separator(text: bytes) -> str:
    """Return a tab where the first line has one, else a semicolon or a comma.

    A semicolon where the line has more of them than commas, outside of quotation
    marks: spreadsheets of half of the world save CSV so.
    """
    # Found and not split off: a copy of the rest would be one of the whole file.
    end = text.find(b"\n")
    end = min(end if end >= 0 else len(text), LONGEST_HEAD)
    if text.find(b"\t", 0, end) >= 0:
        return "\t"
    if text.find(b";", 0, end) < 0:
        return ","
    head = QUOTED.sub(b"", text[:end])
    return ";" if head.count(b";") > head.count(b",") else ","


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

    Raises:
        Damaged: A carriage return within a line: it would be a line's end elsewhere.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=READ) as data:
        start = data.find(b"\n") + 1 or len(data)
        number = 2
        _refuse_lone_returns(data[:start], path.name, 1)
        while start < len(data):
            stop = _find_batch_end(data, start, size, key)
            lines = data[start:stop]
            _refuse_lone_returns(lines, path.name, number)
            if lines.strip():
                yield number, lines
            number += lines.count(b"\n")
            start = stop


def _refuse_lone_returns(lines: bytes, where: str, number: int) -> None:
    """Refuse lines that hold a carriage return which ends none of them.

    Raises:
        Damaged: They do.
    """
    if has_lone_returns(lines):
        why = "a carriage return stands within a line"
        raise Damaged(f"{where} from line {number}", why)


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
    body = recode_utf16(body, "body")
    if has_lone_returns(body):  # each is a line's end, as `decode_text` has it
        body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return _FlatCells(body).read_cells(locators)


class _FlatCells:
    """The cells of a delimited text, found by line and column."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        ends = np.flatnonzero(np.frombuffer(body, dtype=np.uint8) == ord("\n"))
        self.starts = np.concatenate(([0], ends + 1))
        self.stops = np.append(ends, len(body))
        self.mark = find_separator(body)

    def read_cells(self, locators: Sequence[str]) -> list[str]:
        """Return the text of each cell.

        Raises:
            NotFound: There is no such cell, or a locator has another form.
        """
        return [self._read_cell(locator) for locator in locators]

    @cached_property
    def encoding(self) -> str:
        """Of the whole text: one byte that is no UTF-8 makes all of it Windows-1252."""
        return find_encoding(self.body)

    def _read_cell(self, locator: str) -> str:
        place = LOCATOR.fullmatch(locator)
        if place is None or int(place[1]) > len(self.starts):
            raise cell_not_found(locator)
        line = int(place[1]) - 1
        raw = self.body[self.starts[line] : self.stops[line]]
        encoding = "ascii" if raw.isascii() else self.encoding
        cells = split_line(raw, self.mark, encoding)
        if int(place[2]) > len(cells):
            raise cell_not_found(locator)
        return cells[int(place[2]) - 1].strip()


def cell_not_found(locator: str) -> NotFound:
    """Make the error for a locator that leads nowhere."""
    return NotFound("Cell", locator[:200], "The body is another one, or was cut.")


def split_line(raw: bytes, mark: str, encoding: str = "") -> list[str]:
    """Return the cells of one line.

    Args:
        raw: The line, with or without its end.
        mark: What separates cells.
        encoding: Of the file; "" for UTF-8, else Windows-1252, as this line has it.

    Raises:
        Damaged: A cell is longer than is read.
    """
    raw = raw.removeprefix(codecs.BOM_UTF8)
    text = raw.decode(encoding or find_encoding(raw), errors="replace")
    text = text.rstrip("\r\n")
    # Tab-separated files have no quotes: a `"` in them is a character.
    if mark == "\t":
        return text.split(mark)
    return next(read_rows([text], mark, "a line"), [])


def read_rows(lines: Iterable[str], mark: str, where: str) -> Iterator[list[str]]:
    """Yield the cells of lines of CSV.

    Raises:
        Damaged: A cell is longer than is read.
    """
    try:
        yield from csv.reader(lines, delimiter=mark)
    except csv.Error as error:
        raise Damaged(where, f"it cannot be parted into cells ({error})") from error
