"""Read a few columns of a large table as text, from workbooks, text and Parquet.

`workbook` and `flat_file` give every cell of a table; a disclosure file has a hundred
columns and half a million rows, of which a fifth are wanted. Here a column is named by
the caller while the header is read, and the others are never made into text. Bodies
are checked as there: sizes, zip bombs, XML entities, HTML under another name.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pipeline.core.errors import Damaged
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.sheets import flat_file, parquet_table
from pipeline.read.sheets.broken_lines import empty_broken_lines, has_longer_line
from pipeline.read.sheets.column_choice import (
    ChooseColumn,
    HeaderReader,
    SelectedColumns,
    strip_cells,
)
from pipeline.read.sheets.parquet_table import PARQUET
from pipeline.read.sheets.workbook import OLE, ZIP
from pipeline.read.sheets.workbook_columns import read_workbook_columns
from pipeline.read.sheets.zip_checks import PEEK_BYTES, check_file_size

HEADER_BYTES = 65_536  # within which the first line ends


def read_columns(
    path: Path, where: str, vocabulary: Vocabulary, choose: ChooseColumn
) -> Iterator[SelectedColumns]:
    """Yield the wanted columns of every sheet of a workbook, or of one other table.

    Args:
        path: The stored body; what it is follows from its bytes.
        where: For messages: the file's name.
        vocabulary: With the bounds in limits.csv.
        choose: From a name in the header to the name of the column, `-` for one that
            is known and not wanted, None for one that is not known.

    Raises:
        Damaged: Empty, cut short, encrypted, HTML, or with a document type.
        TooLarge: The body, or what it unpacks to, is beyond the bound.
    """
    with path.open("rb") as file:
        start = file.read(PEEK_BYTES)
    if not start.strip():
        raise Damaged(where, "the file is empty")
    if start.startswith((ZIP, OLE)):
        check_file_size(where, path.stat().st_size, vocabulary, "workbook_bytes")
        yield from read_workbook_columns(path, where, vocabulary, choose)
    elif start.startswith(PARQUET):
        check_file_size(where, path.stat().st_size, vocabulary, "fetch_size")
        yield parquet_table.read_parquet_columns(path, where, vocabulary, choose)
    elif re.match(rb"(?:\xef\xbb\xbf)?\s*<", start):
        raise Damaged(where, "it is an HTML or XML page, not a table")
    else:
        check_file_size(where, path.stat().st_size, vocabulary, "fetch_size")
        yield read_flat_columns(path.read_bytes(), where, choose)


def read_flat_columns(
    body: bytes, where: str, choose: ChooseColumn, prefix: str = ""
) -> SelectedColumns:
    """Read the wanted columns of CSV or tab-separated text with its header in line 1.

    Args:
        body: UTF-8, else Windows-1252.
        where: For messages.
        choose: As in `read_columns`.
        prefix: What its locators begin with (the member of a zip).

    Raises:
        Damaged: Empty, not text, or with cells that go over the end of a line.
    """
    body = flat_file.recode_utf16(body, where)
    first = re.split(rb"[\r\n]", body[:HEADER_BYTES], maxsplit=1)[0]
    mark = flat_file.find_separator(first)
    heads = next(
        csv.reader(io.StringIO(flat_file.decode_text(first, where)), delimiter=mark)
    )
    names = HeaderReader(choose)
    wanted = [n for n, text in enumerate(heads, start=1) if names.wants_column(text, n)]
    found = _read_wanted_cells(body, where, mark, heads, wanted, prefix)
    known = {number: name for name, number in names.columns.items()}
    named = found.rename({f"c{n}": known[n] for n in wanted})
    rows = pl.int_range(2, found.height + 2, dtype=pl.UInt32, eager=True).alias("row")
    frame = strip_cells(named.select(rows, pl.all()))
    return SelectedColumns(where, prefix, "flat_file", names.make_header(1), frame)


def _read_wanted_cells(
    body: bytes, where: str, mark: str, heads: list[str], wanted: list[int], prefix: str
) -> pl.DataFrame:
    """Read the wanted columns, named `c1`, `c2` by their numbers, as text.

    Lines that are broken are left out, and reported.

    Raises:
        Damaged: The lines make no table, or too many of them are broken.
    """
    if not wanted:  # of no column polars makes no row
        return pl.DataFrame()
    # A large body is decoded only where it must be: polars reads UTF-8 as it is.
    plain = b"\r" not in body and not body.startswith(b"\xef\xbb\xbf")
    plain = plain and flat_file.find_encoding(body) == "utf-8"
    text = body if plain else flat_file.decode_text(body, where).encode()
    try:
        found = _read_sound_cells(text, where, mark, len(heads), wanted)
    except Damaged as error:
        text = empty_broken_lines(text, mark, len(heads), prefix, error)
        found = _read_sound_cells(text, where, mark, len(heads), wanted)
    if mark == ";":
        flat_file.refuse_decimal_commas(found, where)
    return found


def _read_sound_cells(
    text: bytes, where: str, mark: str, width: int, wanted: list[int]
) -> pl.DataFrame:
    """Read the wanted columns of lines that all make rows.

    Raises:
        Damaged: They do not.
    """
    try:
        found = pl.read_csv(
            text,
            separator=mark,
            has_header=False,
            skip_rows=1,
            columns=[n - 1 for n in wanted],
            schema={f"c{n}": pl.String for n in range(1, width + 1)},
            quote_char=None if mark == "\t" else '"',
        )
    except pl.exceptions.PolarsError as error:
        raise flat_file.make_table_error(where, error) from error
    flat_file.check_quotes(text, where, mark)
    lines = text.count(b"\n") + (not text.endswith(b"\n")) - 1
    if found.height != lines:
        why = f"{lines} lines make {found.height} rows: a cell goes over its line's end"
        raise Damaged(where, why)
    # The reader drops what is behind the last cell that the header has.
    if has_longer_line(text, mark, width):
        raise Damaged(where, "a line has more cells than the first one")
    return found
