"""Read workbooks (xls, xlsx, ods, or one in a zip) into grids, bounded, by content.

What a file is follows from its bytes, not from its name. Locators are `sheet!X123`;
inside a zip `member!sheet!X123`, or `member!line=12;col=4` for a CSV in it. Numbers
are quoted as the workbook stores them (`48780`, `24169.6`), text without the blanks
that pad it.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence

import polars as pl

from pipeline.core.errors import Damaged
from pipeline.core.media import is_workbook
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.sheets import flat_file, workbook_process
from pipeline.read.sheets.cell_grid import Grid, column_number
from pipeline.read.sheets.zip_checks import (
    PEEK_BYTES,
    check_file_size,
    check_xml,
    check_zip_members,
    refuse_broken_zip,
)

# First bytes of a zip (and so of xlsx), of an empty zip, and of OLE2, the container of
# xls and of encrypted xlsx.
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Name of the stream that holds an encrypted xlsx within OLE2.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
TABLES = (".xls", ".xlsx", ".ods", ".csv", ".txt")


def read_grids(
    body: bytes, where: str, vocabulary: Vocabulary | None
) -> Iterator[Grid]:
    """Yield every sheet or delimited table in a file, in the file's order.

    Args:
        body: A workbook, a zip of workbooks or CSV files, or delimited text.
        where: For messages: the file's name.
        vocabulary: With the bounds in limits.csv; None for bytes already accepted.

    Raises:
        Damaged: Empty, cut short, encrypted, HTML, or with a document type.
        TooLarge: The body, or what it unpacks to, is beyond the bound.
    """
    check_file_size(where, len(body), vocabulary, "workbook_bytes")
    if not body.strip():
        raise Damaged(where, "the file is empty")
    if body.startswith((ZIP, EMPTY_ZIP)):
        yield from _read_zip(body, where, vocabulary)
    elif body.startswith(OLE):
        if ENCRYPTED in body:
            remedy = "Save it without a password."
            raise Damaged(where, "the workbook is encrypted", remedy)
        yield from _read_sheets(body, where, "")
    elif re.match(rb"(?:\xef\xbb\xbf)?\s*<", body[:PEEK_BYTES]):
        remedy = "Open the address in a browser and save the file it offers."
        raise Damaged(where, "it is an HTML or XML page, not a table", remedy)
    else:
        yield flat_file.read_flat_grid(body, where)


def _read_zip(body: bytes, where: str, vocabulary: Vocabulary | None) -> Iterator[Grid]:
    """Yield the sheets of a workbook, or the tables in a plain zip.

    A zip in a zip is read as a workbook or not at all.
    """
    # What reads the tables stands outside of the guards: its faults are not the zip's.
    with refuse_broken_zip(where):
        archive = zipfile.ZipFile(io.BytesIO(body))
        members = archive.infolist()
        check_zip_members(body, where, members, vocabulary)
        whole = is_workbook({m.filename for m in members})
        if whole:
            check_xml(archive, where, members)
    if whole:
        yield from _read_sheets(body, where, "")
        return
    tables = _list_tables(members)
    if len({m.filename for m in tables}) < len(tables):
        raise Damaged(where, "two tables of the zip have the same name")
    if not tables:
        names = ", ".join(m.filename for m in members[:5]) or "nothing"
        raise Damaged(where, f"the zip holds no table, but {names[:200]}")
    for member in tables:
        with refuse_broken_zip(where):
            inner = archive.read(member)
        place = f"{where}:{member.filename}"
        yield from _read_zip_member(inner, place, member.filename, vocabulary)


def _read_zip_member(
    body: bytes, where: str, name: str, vocabulary: Vocabulary | None
) -> Iterator[Grid]:
    """Yield the grids of a zip's member, whose locators begin with its name."""
    if body.startswith(ZIP):
        with refuse_broken_zip(where), zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = archive.infolist()
            check_zip_members(body, where, members, vocabulary)
            check_xml(archive, where, members)
        yield from _read_sheets(body, where, f"{name}!")
    elif body.startswith(OLE):
        yield from _read_sheets(body, where, f"{name}!")
    elif re.match(rb"(?:\xef\xbb\xbf)?\s*<", body[:PEEK_BYTES]):
        raise Damaged(where, "it is an HTML or XML page, not a table")
    else:
        yield flat_file.read_flat_grid(body, where, f"{name}!")


def _read_sheets(body: bytes, where: str, prefix: str) -> Iterator[Grid]:
    """Yield the sheets of a workbook that have cells.

    Raises:
        Damaged: The workbook cannot be read, or not within the bounds.
        TooLarge: A sheet has more cells than are read.
    """
    for sheet in workbook_process.read_body_sheets(body, where):
        if sheet.numbers:
            cells = _fill_empty_columns(sheet.frame, list(sheet.numbers))
            name = sheet.name
            yield Grid(f"{where}:{name}", name, f"{prefix}{name}!", "sheet", cells)


def _fill_empty_columns(frame: pl.DataFrame, numbers: list[int]) -> pl.DataFrame:
    """Name columns by their numbers in the sheet, and put the empty ones back.

    Args:
        frame: The columns that have cells.
        numbers: Their numbers, from 1.
    """
    named = dict(zip(numbers, frame.get_columns(), strict=True))
    empty = pl.Series(values=[None] * frame.height, dtype=pl.String)
    return pl.DataFrame(
        [named.get(n, empty).alias(str(n)) for n in range(1, max(numbers) + 1)]
    )


def read_workbook_quotes(body: bytes, locators: Sequence[str]) -> list[str]:
    """Return the texts of cells in the order asked for; each sheet is read once.

    Delimited text is read as well, so that a caller may ask for the cells of any
    table by its bytes and locators alone.

    Raises:
        NotFound: There is no such cell, or a locator has another form.
        Damaged: The body is no longer a table.
    """
    if not body.startswith((ZIP, EMPTY_ZIP, OLE)):
        return flat_file.read_flat_quotes(body, locators)
    if body.startswith(OLE):
        return _read_sheet_quotes(body, "", locators)
    found: dict[str, str] = {}
    with refuse_broken_zip("body"):
        archive = zipfile.ZipFile(io.BytesIO(body))
    members = archive.infolist()
    if is_workbook({m.filename for m in members}):
        return _read_sheet_quotes(body, "", locators)
    # Only what is asked for: a source reads the members that it knows, and what else
    # is in a zip may be broken.
    for name in dict.fromkeys(m.filename for m in _list_tables(members)):
        here = [p for p in locators if p.startswith(f"{name}!")]
        if here:
            with refuse_broken_zip("body"):
                inner = archive.read(name)
            found |= zip(here, _read_member_quotes(inner, name, here), strict=True)
    if missing := [place for place in locators if place not in found]:
        raise flat_file.cell_not_found(missing[0])
    return [found[place] for place in locators]


def _list_tables(members: Sequence[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Return the members that are tables by their names."""
    return [m for m in members if m.filename.lower().endswith(TABLES)]


def _read_member_quotes(body: bytes, name: str, locators: Sequence[str]) -> list[str]:
    """Return the texts of cells of a zip's member."""
    if body.startswith((ZIP, OLE)):
        return _read_sheet_quotes(body, f"{name}!", locators)
    inside = [place.removeprefix(f"{name}!") for place in locators]
    return flat_file.read_flat_quotes(body, inside)


def _read_sheet_quotes(body: bytes, prefix: str, locators: Sequence[str]) -> list[str]:
    """Return the texts of cells of a workbook, whose locators begin with a prefix."""
    sheets = {grid.prefix: grid for grid in _read_sheets(body, "body", prefix)}
    return [_find_quote(sheets, locator) for locator in locators]


def _find_quote(sheets: dict[str, Grid], locator: str) -> str:
    """Return the text of one cell, from the grids by their prefix.

    Raises:
        NotFound: There is no such cell, or the locator has another form.
    """
    prefix, bang, place = locator.rpartition("!")
    grid = sheets.get(prefix + bang)
    match = CELL.fullmatch(place)
    if grid is None or match is None:
        raise flat_file.cell_not_found(locator)
    column, row = column_number(match[1]), int(match[2])
    if row > grid.cells.height or str(column) not in grid.cells.columns:
        raise flat_file.cell_not_found(locator)
    text = grid.cells[str(column)][row - 1]
    return (text or "").strip()
