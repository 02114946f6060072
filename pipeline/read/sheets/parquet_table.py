"""Read Parquet files: the wanted columns as text, and the text at a place.

Locators are those of delimited text with the names of the columns as its first line:
`line=12;col=4` is the fourth column of the eleventh row. Numbers are quoted as they are
written out (`48780.5`), days as ISO dates.
"""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from pipeline.core.errors import Damaged, NotFound, TooLarge
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.sheets.column_choice import (
    ChooseColumn,
    HeaderReader,
    SelectedColumns,
    strip_cells,
)

PARQUET = b"PAR1"
PLACE = re.compile(r"line=([1-9]\d{0,11});col=([1-9]\d{0,5})")


def read_parquet_columns(
    path: Path, where: str, vocabulary: Vocabulary, choose: ChooseColumn
) -> SelectedColumns:
    """Read the wanted columns of a Parquet file, as `table_columns` does others'.

    Args:
        path: The stored body.
        where: For messages: the file's name.
        vocabulary: With the bounds in limits.csv.
        choose: As in `read_columns`.

    Raises:
        Damaged: Broken, or a wanted column is no text, number or date.
        TooLarge: More rows than `parquet_rows` of limits.csv.
    """
    names, most = (
        HeaderReader(choose),
        int(vocabulary.read_number("limits", "parquet_rows")),
    )
    with refuse_broken_parquet(where):
        # Scanned: names and row count stand in the footer, and are looked at before any
        # column is unpacked.
        file = pl.scan_parquet(path)
        heads = file.collect_schema().names()
        rows = int(file.select(pl.len()).collect().item())
        if rows > most:
            raise TooLarge(where, rows, most, "rows")
        wanted = [h for n, h in enumerate(heads, start=1) if names.wants_column(h, n)]
        found = file.select(pl.col(wanted).cast(pl.String)).collect()
    named = found.rename(dict(zip(found.columns, names.columns, strict=True)))
    # From 2: the names of the columns count as the first line, as in a text file.
    number = pl.int_range(2, found.height + 2, dtype=pl.UInt32, eager=True)
    frame = strip_cells(named.select(number.alias("row"), pl.all()))
    return SelectedColumns(where, "", "flat_file", names.make_header(1), frame)


@contextmanager
def refuse_broken_parquet(where: str) -> Iterator[None]:
    """Turn whatever the reader of Parquet throws within the block into our error.

    Raises:
        Damaged: The file is broken.
    """
    try:
        yield
    except pl.exceptions.PolarsError as error:
        reason = (str(error).splitlines() or ["no reason given"])[0]
        raise Damaged(where, f"the Parquet file cannot be read ({reason})") from error
    except pl.exceptions.PanicException as error:  # no Exception to Python
        why = "the Parquet file breaks its reader: lengths in it are not so"
        raise Damaged(where, why) from error


def read_parquet_quotes(body: bytes, locators: Sequence[str]) -> list[str]:
    """Return the texts of cells in the order asked for; each column is read once.

    Raises:
        NotFound: There is no such cell, or a locator has another form.
        Damaged: The file is broken.
    """
    with refuse_broken_parquet("body"):
        return _read_quotes(body, locators)


def _read_quotes(body: bytes, locators: Sequence[str]) -> list[str]:
    """Return the texts of cells in the order asked for."""
    file = pl.scan_parquet(io.BytesIO(body))
    heads = file.collect_schema().names()
    known: dict[int, pl.Series] = {}
    found = []
    for locator in locators:
        place = PLACE.fullmatch(locator)
        row, column = (int(n) for n in place.groups()) if place else (0, 0)
        if not 0 < column <= len(heads):
            raise _cell_not_found(locator)
        if column not in known:
            name = heads[column - 1]
            known[column] = file.select(pl.col(name).cast(pl.String)).collect()[name]
        if not 2 <= row < known[column].len() + 2:
            raise _cell_not_found(locator)
        found.append((known[column][row - 2] or "").strip())
    return found


def _cell_not_found(locator: str) -> NotFound:
    """Make the error for a locator that leads nowhere."""
    return NotFound("Cell", locator[:200], "The body is another one, or was cut.")
