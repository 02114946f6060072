"""Reads the lines of a stored table that became claims, and its columns' names."""

import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.query.release_db import Row
from pipeline.read.read_limits import reading_with
from pipeline.read.sheets.cell_grid import Grid, column_number
from pipeline.read.sheets.flat_file import LOCATOR
from pipeline.read.sheets.flat_lines import FlatLines, find_flat_lines
from pipeline.read.sheets.workbook import CELL, read_grids
from pipeline.read.sheets.zip_checks import is_packed
from pipeline.site.page_links import parse_line_number
from pipeline.site.pages.release_view import ReleaseView

MAX_CHARACTERS, MAX_COLUMNS = 80, 60  # shown of one cell; shown of one line
HEAD_ROWS = 20  # rows above the first figure that may name the columns


@dataclass(frozen=True)
class StoredLine:
    """A line of a table: its number, and each cell with the claims that it became."""

    number: int
    cells: tuple[tuple[str, tuple[Row, ...]], ...]


@dataclass(frozen=True)
class StoredTable:
    """Some lines of a stored table, under the line that names the columns."""

    head: tuple[str, ...]
    lines: tuple[StoredLine, ...]


def read_stored_table(
    view: ReleaseView, card: Row, claims: Sequence[Row], kind: str
) -> StoredTable:
    """Read the lines of a stored table that claims were read from.

    Args:
        view: The release.
        card: Row of `snapshots`.
        claims: Of one part of it.
        kind: `flat_file` or `sheet`.

    Raises:
        OSError: The stored bytes are gone.
        PayproofError: They are no longer a table.
    """
    numbers = sorted({parse_line_number(c["locator"]) for c in claims} - {0})
    places: dict[tuple[str, int, int], list[Row]] = {}
    for claim in claims:
        places.setdefault(parse_table_locator(claim["locator"]), []).append(claim)
    path = view.locate(card["path"])
    if kind == "flat_file" and not is_packed(path) and not is_utf16(path):
        found_lines: FlatLines = view.get_or_make(
            f"lines:{card['snapshot']}", lambda: find_flat_lines(path)
        )
        rows = {n: found_lines.read_cells(n) or [] for n in [1, *numbers]}
        lines = [make_line(n, rows[n], "", places) for n in numbers if n > 1]
        return StoredTable(clip_column_names(rows[1]), tuple(lines))

    def opened() -> list[Grid]:
        # Bounds of the reader are those of the home's vocabularies (limits.csv).
        with reading_with(view.vocabulary):
            return list(read_grids(path.read_bytes(), card["path"], None))

    sheets: list[Grid] = view.get_or_make(f"grids:{card['snapshot']}", opened)
    wanted = sorted({prefix for prefix, *_ in places})
    found: list[StoredLine] = []
    head: tuple[str, ...] = ()
    for grid in sheets:
        if grid.prefix in wanted:
            head = head or clip_column_names(
                find_head_row(grid, numbers[0] if numbers else 1)
            )
            found += [
                make_line(n, read_sheet_row(grid, n), grid.prefix, places)
                for n in numbers
            ]
    return StoredTable(head, tuple(found))


def is_utf16(path: Path) -> bool:
    """Return whether a file begins as UTF-16, whose lines are read whole."""
    with path.open("rb") as file:
        return file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def parse_table_locator(locator: str) -> tuple[str, int, int]:
    """Split a locator into sheet or member, line and column.

    Returns:
        What is before the cell, with its `!`; line and column from 1, or zeros where
        the locator names none.
    """
    prefix, bang, rest = locator.rpartition("!")
    # `~2` is added to the locator of a second claim from the same cell.
    if match := LOCATOR.fullmatch(rest.partition("~")[0]):
        return prefix + bang, int(match[1]), int(match[2])
    if match := CELL.fullmatch(rest):
        return prefix + bang, int(match[2]), column_number(match[1])
    return prefix + bang, 0, 0


def read_sheet_row(grid: Grid, number: int) -> list[str]:
    """Read the cells of a row of a sheet, from 1; [] below its last row."""
    if number > grid.cells.height:
        return []
    return [str(v) if v is not None else "" for v in grid.cells.row(number - 1)]


def find_head_row(grid: Grid, first: int) -> list[str]:
    """Find the row that names the columns: the fullest one above the first figure."""
    # Above it are titles of one cell, "Table 1.2".
    rows = [read_sheet_row(grid, number) for number in range(1, min(first, HEAD_ROWS))]
    return max(rows, key=lambda row: sum(map(bool, row)), default=[])


def make_line(
    number: int,
    cells: Sequence[str],
    prefix: str,
    places: Mapping[tuple[str, int, int], Sequence[Row]],
) -> StoredLine:
    """Make a line with the claims at its cells.

    Args:
        number: Of the line, from 1.
        cells: Their texts.
        prefix: Sheet or member, as locators have it.
        places: Prefix, line and column to claims.
    """
    found: list[tuple[str, tuple[Row, ...]]] = []
    for column, text in enumerate(cells[:MAX_COLUMNS], 1):
        rows = tuple(places.get((prefix, number, column), ()))
        found.append((text.strip()[:MAX_CHARACTERS], rows))
    return StoredLine(number, tuple(found))


def clip_column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns on one line each, cut to what is shown."""
    return tuple(
        re.sub(r"\s+", " ", c).strip()[:MAX_CHARACTERS] for c in cells[:MAX_COLUMNS]
    )
