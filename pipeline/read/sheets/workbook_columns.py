"""Read the wanted columns of workbooks whose header is the first row that is used."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from pipeline.core.errors import Damaged
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.sheets import workbook_process
from pipeline.read.sheets.column_choice import (
    ChooseColumn,
    HeaderReader,
    SelectedColumns,
    strip_cells,
)
from pipeline.read.sheets.workbook import ENCRYPTED, ZIP
from pipeline.read.sheets.zip_checks import (
    check_xml,
    check_zip_members,
    refuse_broken_zip,
)

# `<row r="7"`, with or without a namespace's prefix, bounded against made-up XML.
ROW = re.compile(rb"<(?:\w{1,9}:)?row\b[^>]{0,400}?\br=\"(\d{1,7})\"")
FIRST = re.compile(rb"<(?:\w{1,9}:)?row\b")
START_BYTES = 65_536  # of a sheet's XML, within which its first row begins
LIST_BYTES = 4_000_000  # of a list of sheets; one of 255 sheets has 50,000


def read_workbook_columns(
    path: Path, where: str, vocabulary: Vocabulary, choose: ChooseColumn
) -> Iterator[SelectedColumns]:
    """Yield the wanted columns of every sheet that has a header.

    Args:
        path: The stored body.
        where: For messages: the file's name.
        vocabulary: With the bounds in limits.csv.
        choose: As in `read_columns`.

    Raises:
        Damaged: No workbook, or one that is encrypted, broken or with entities.
        TooLarge: It unpacks to more than the bound.
    """
    body = path.read_bytes()
    rows: dict[str, int] = {}
    if body.startswith(ZIP):
        rows = _find_first_rows(body, where, vocabulary)
    elif ENCRYPTED in body:
        raise Damaged(where, "the workbook is encrypted", "Save it without a password.")
    del body  # up to 200 MB; the reader opens the file by itself
    names = HeaderReader(choose)

    def ask_column(name: str, number: int, unnamed: bool) -> bool:
        return not unnamed and names.wants_column(name, number)

    for sheet in workbook_process.read_sheets(path, where, ask_column):
        head, names = names, HeaderReader(choose)
        if not head.columns and not head.unknown:
            continue
        first = rows.get(sheet.name, 1)
        place = f"{where}:{sheet.name}"
        yield _name_columns(sheet.frame, head, first, place, sheet.name)


def _name_columns(
    found: pl.DataFrame, names: HeaderReader, first: int, where: str, name: str
) -> SelectedColumns:
    """Give a sheet's wanted columns our names, and its rows their numbers.

    Args:
        found: The wanted columns, from left to right.
        names: The header that was read.
        first: Number of the header's row, from 1.
        where: For messages.
        name: Of the sheet.
    """
    named = found.rename(dict(zip(found.columns, names.columns, strict=True)))
    start = first + 1
    rows = pl.int_range(start, start + found.height, dtype=pl.UInt32, eager=True)
    frame = strip_cells(named.select(rows.alias("row"), pl.all()))
    return SelectedColumns(where, f"{name}!", "sheet", names.make_header(first), frame)


def _find_first_rows(body: bytes, where: str, vocabulary: Vocabulary) -> dict[str, int]:
    """Return the number of the first row, from 1, that each sheet of a workbook has.

    The reader leaves out what is empty above it and does not say how much.

    Raises:
        Damaged: No workbook, or one that is broken.
    """
    with refuse_broken_zip(where), zipfile.ZipFile(io.BytesIO(body)) as archive:
        members = archive.infolist()
        check_zip_members(body, where, members, vocabulary)
        if not any(m.filename == "xl/workbook.xml" for m in members):
            held = ", ".join(m.filename for m in members[:5]) or "nothing"
            raise Damaged(where, f"it is a zip but no workbook: {held[:200]}")
        check_xml(archive, where, members)
        return {
            name: _read_first_row(archive, member)
            for name, member in _find_sheet_files(archive, where).items()
        }


def _find_sheet_files(archive: zipfile.ZipFile, where: str) -> Mapping[str, str]:
    """Find the member of the zip that holds each sheet, by the sheet's name.

    As ECMA-376 lays workbooks out: `xl/workbook.xml` names the sheets by ids, and its
    relationships lead from these to files.

    Raises:
        Damaged: One of the two is broken, or larger than a list of sheets can be.
    """
    from lxml import etree

    def parse_member(name: str) -> etree._Element:
        # Entities could read files or grow without bound.
        safe = etree.XMLParser(resolve_entities=False, no_network=True)
        with archive.open(name) as member:
            text = member.read(LIST_BYTES + 1)
        if len(text) > LIST_BYTES:
            raise Damaged(where, f"{name} is too long to be a list of sheets")
        try:
            return etree.fromstring(text, safe)
        except etree.XMLSyntaxError as error:  # a SyntaxError, as if code were wrong
            why = f"{name} of the workbook is broken ({error.msg})"
            raise Damaged(where, why) from error

    targets = {
        link.get("Id"): link.get("Target") or ""
        for link in parse_member("xl/_rels/workbook.xml.rels")
    }
    found: dict[str, str] = {}
    for sheet in parse_member("xl/workbook.xml").iter("{*}sheet"):
        links = (v for k, v in sheet.attrib.items() if str(k).endswith("}id"))
        target = targets.get(str(next(links, "")), "")
        # A target is relative to `xl/`, unless it begins with a slash.
        file = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        found[str(sheet.get("name"))] = file
    return found


def _read_first_row(archive: zipfile.ZipFile, member: str) -> int:
    """Return the number of the first row in a sheet's XML; 1 where it has none."""
    if member not in archive.namelist():
        return 1  # a chart sheet
    with archive.open(member) as sheet:
        start = sheet.read(START_BYTES)
    first = FIRST.search(start)
    numbered = ROW.match(start, first.start()) if first else None
    return int(numbered[1]) if numbered else 1
