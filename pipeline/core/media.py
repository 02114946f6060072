"""Tell the media type of a file, and check that its bytes are of that type."""

import io
import re
import zipfile
from collections.abc import Collection
from pathlib import PurePosixPath

from pipeline.core.errors import Damaged

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = "text/html"
JSON = "application/json"
JSON_LINES = "application/x-ndjson"
XLS = "application/vnd.ms-excel"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ZIP = "application/zip"
FLAT = "text/tab-separated-values"
PDF = "application/pdf"
PARQUET = "application/vnd.apache.parquet"
ENDINGS = {
    ".csv": "text/csv",
    ".docx": DOCX,
    ".htm": HTML,
    ".html": HTML,
    ".json": JSON,
    ".jsonl": JSON_LINES,
    ".markdown": "text/markdown",
    ".md": "text/markdown",
    ".ndjson": JSON_LINES,
    ".ods": ODS,
    ".parquet": PARQUET,
    ".pdf": PDF,
    ".tsv": FLAT,
    ".txt": "text/plain",
    ".xhtml": "application/xhtml+xml",
    ".xls": XLS,
    ".xlsx": XLSX,
    ".zip": ZIP,
}
TEXTS = ("text/html", "application/xhtml+xml", "text/markdown", "text/plain")
# Pages that are made into HTML before they are read.
OFFICE = (PDF, DOCX)
# First bytes of each type: OLE2, zip, zip, Parquet.
MAGIC = {
    XLS: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    XLSX: b"PK\x03\x04",
    ODS: b"PK\x03\x04",
    ZIP: b"PK",
    PARQUET: b"PAR1",
    DOCX: b"PK\x03\x04",
    PDF: b"%PDF-",
}
# Member that every xlsx has and other Office files lack.
WORKBOOK = "xl/workbook.xml"
DOCUMENT = "word/document.xml"  # what every .docx has
# Members that an OpenDocument file has, and the first word of one that is a table.
OPEN_DOCUMENT = ("mimetype", "content.xml")
# Types that may stand for one another under a wrong ending: tables, told by content.
TABLES = frozenset({XLS, XLSX, ODS, ZIP, PARQUET, FLAT, "text/csv"})
SNIFFED_BYTES = 1024
# `<!doctype html>`, `<html` or `<head`, after white space and one comment: a login wall
# or an error page may come in place of a file, with status 200.
HTML_START = re.compile(rb"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head)\b")
BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def guess_media_type(name: str) -> str:
    """Return the media type that a file name's ending stands for.

    Tab-separated text where it stands for none: flat files of BLS (`oe.data.0.Current`)
    have no ending of a type.

    >>> guess_media_type("national_M2023_dl.xlsx") == XLSX
    True
    >>> guess_media_type("oe.data.0.Current")
    'text/tab-separated-values'
    """
    return ENDINGS.get(PurePosixPath(name).suffix.lower(), FLAT)


def detect_table_type(name: str, body: bytes) -> str:
    """Return the media type of a table by its bytes, whatever its ending says.

    A workbook is saved under another ending more often than it is broken. What is no
    table by its name (a page, JSON) keeps the type of its name.

    >>> detect_table_type("wages.xlsx", MAGIC[XLS]) == XLS
    True
    """
    named = guess_media_type(name)
    if named not in TABLES:
        return named
    if body.startswith(MAGIC[XLS]):
        return XLS
    if body.startswith(MAGIC[PARQUET]):
        return PARQUET
    if body.startswith(MAGIC[XLSX]):
        return _detect_packed_type(body) or named
    # Text under the name of a workbook; a broken workbook has zero bytes.
    binary = b"\0" in body[:SNIFFED_BYTES] and not body.startswith(BYTE_ORDER_MARKS)
    if named in MAGIC and not binary and not looks_like_html(body) and body.strip():
        return "text/csv"
    return named


def detect_office_type(body: bytes) -> str:
    """Return the media type of a PDF or .docx by its bytes; "" for all else."""
    if body.startswith(MAGIC[PDF]):
        return PDF
    if body.startswith(MAGIC[DOCX]) and DOCUMENT in (_list_members(body) or ()):
        return DOCX
    return ""


def is_workbook(names: Collection[str]) -> bool:
    """Return whether a zip with these members is itself a workbook: xlsx or ods."""
    return WORKBOOK in names or set(names).issuperset(OPEN_DOCUMENT)


def _detect_packed_type(body: bytes) -> str:
    """Return what a zip is by its members; "" for one that cannot be opened."""
    names = _list_members(body)
    if names is None:
        return ""
    if WORKBOOK in names:
        return XLSX
    return ODS if is_workbook(names) else ZIP


def _list_members(body: bytes) -> set[str] | None:
    """Return the names of a zip's members; None where it cannot be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None


def choose_ending(media_type: str, name: str = "") -> str:
    """Return the ending for a stored body, with its dot.

    The name's own if it stands for the media type, else the type's; `.bin` for a type
    without one.
    """
    own = PurePosixPath(name).suffix.lower()
    if ENDINGS.get(own) == media_type:
        return own
    found = (end for end, kind in ENDINGS.items() if kind == media_type)
    # `.htm` stands before `.html` in the table.
    return {HTML: ".html", FLAT: ".tsv"}.get(media_type) or next(found, ".bin")


def looks_like_html(body: bytes) -> bool:
    """Return whether the bytes begin as an HTML page does."""
    head = body[:SNIFFED_BYTES]
    for mark in BYTE_ORDER_MARKS:
        head = head.removeprefix(mark)
    # Without its zero bytes UTF-16 reads as ASCII here.
    return HTML_START.match(head.replace(b"\0", b"").lower()) is not None


def check_body(where: str, media_type: str, body: bytes) -> None:
    """Refuse bytes that cannot be what they are called; nothing is unpacked.

    Args:
        where: For messages.
        media_type: That the bytes are said to have.
        body: The bytes.

    Raises:
        Damaged: Empty, an HTML page under another name, not the format that the
            media type names, or a zip that was cut short.
    """
    if not body.strip(b" \t\r\n\0"):
        raise Damaged(where, "the file is empty")
    if media_type in TEXTS:
        return
    if looks_like_html(body):
        raise Damaged(where, f"it is an HTML page, not {media_type}")
    if not body.startswith(MAGIC.get(media_type, b"")):
        raise Damaged(where, f"it does not begin as {media_type} does")
    if media_type in (ZIP, XLSX, DOCX):
        _check_zip(where, media_type, body)


def _check_zip(where: str, media_type: str, body: bytes) -> None:
    """Refuse a zip with no members, or with one that ends beyond the file.

    Raises:
        Damaged: So, or no zip, or no workbook where it is called one.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Damaged(where, f"the zip was cut short or is broken ({error})") from error
    if not members:
        raise Damaged(where, "the zip holds no files")
    if any(m.header_offset + m.compress_size > len(body) for m in members):
        raise Damaged(where, "the zip was cut short")
    if media_type == XLSX and WORKBOOK not in {m.filename for m in members}:
        raise Damaged(where, f"it is a zip but no workbook (no {WORKBOOK})")
