"""The lines of a stored table that became claims, with the line that names columns."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.query.release_db import Row
from pipeline.read.sheets.cell_grid import Grid, column_number
from pipeline.read.sheets.flat_file import LOCATOR, find_separator
from pipeline.read.sheets.workbook import CELL, read_grids
from pipeline.site.page_links import parse_line_number
from pipeline.site.pages.release_view import ReleaseView

MAX_CHARACTERS, MAX_COLUMNS = 80, 60
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
    """The lines that the claims stand in.

    Raises:
        OSError: The stored bytes are gone.
        PayproofError: They are no longer a table.
    """
    body: bytes = view.get_or_make(
        f"body:{card['snapshot']}", lambda: view.body(card["path"])
    )
    flat = kind == "flat_file" and not body.startswith(b"PK")
    numbers = sorted({parse_line_number(c["locator"]) for c in claims} - {0})
    places: dict[tuple[str, int, int], list[Row]] = {}
    for claim in claims:
        places.setdefault(parse_table_locator(claim["locator"]), []).append(claim)
    if flat:
        raw = view.get_or_make(f"lines:{card['snapshot']}", lambda: split_lines(body))
        rows = read_flat_lines(raw, find_separator(body), [1, *numbers])
        lines = [make_line(n, rows.get(n, []), "", places) for n in numbers if n > 1]
        return StoredTable(clip_column_names(rows.get(1, [])), tuple(lines))
    sheets: list[Grid] = view.get_or_make(
        f"grids:{card['snapshot']}", lambda: list(read_grids(body, card["path"], None))
    )
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


def parse_table_locator(locator: str) -> tuple[str, int, int]:
    """Sheet or member, line and column of a claim; zeros where it names none."""
    prefix, bang, rest = locator.rpartition("!")
    if match := LOCATOR.fullmatch(rest.partition("~")[0]):
        return prefix + bang, int(match[1]), int(match[2])
    if match := CELL.fullmatch(rest):
        return prefix + bang, int(match[2]), column_number(match[1])
    return prefix + bang, 0, 0


def split_lines(body: bytes) -> list[bytes]:
    """The lines of a delimited text, line ends of every kind."""
    if b"\r" in body and b"\r\n" not in body:
        body = body.replace(b"\r", b"\n")
    return body.split(b"\n")


def read_flat_lines(
    raw: Sequence[bytes], mark: str, numbers: Sequence[int]
) -> dict[int, list[str]]:
    """Number to the cells of some lines."""
    found: dict[int, list[str]] = {}
    for number in numbers:
        if number <= len(raw):
            text = decode_line(raw[number - 1]).rstrip("\r")
            found[number] = (
                text.split("\t") if mark == "\t" else next(csv.reader([text]), [])
            )
    return found


def decode_line(raw: bytes) -> str:
    """A line as text."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def read_sheet_row(grid: Grid, number: int) -> list[str]:
    """Cells of a row of a sheet."""
    if number > grid.cells.height:
        return []
    return [str(v) if v is not None else "" for v in grid.cells.row(number - 1)]


def find_head_row(grid: Grid, first: int) -> list[str]:
    """The fullest row of a sheet above the first figure: it names the columns."""
    rows = [read_sheet_row(grid, number) for number in range(1, min(first, HEAD_ROWS))]
    return max(rows, key=lambda row: sum(map(bool, row)), default=[])


def make_line(
    number: int,
    cells: Sequence[str],
    prefix: str,
    places: Mapping[tuple[str, int, int], Sequence[Row]],
) -> StoredLine:
    """A line with the claims at its cells."""
    found: list[tuple[str, tuple[Row, ...]]] = []
    for column, text in enumerate(cells[:MAX_COLUMNS], 1):
        rows = tuple(places.get((prefix, number, column), ()))
        found.append((text.strip()[:MAX_CHARACTERS], rows))
    return StoredLine(number, tuple(found))


def clip_column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns, none of them long."""
    return tuple(
        re.sub(r"\s+", " ", c).strip()[:MAX_CHARACTERS] for c in cells[:MAX_COLUMNS]
    )
