"""Read PDF with a text layer, and .docx, as pages: each becomes HTML and is read so.

The stored bytes stay what they are. What is made of them is the same each time, so that
a pointer into it leads to its words: in a PDF `xpath=/html/body/section[3]/p[2]` is on
page 3.
"""

import io
import zipfile

from pipeline.core.errors import Damaged
from pipeline.core.media import DOCUMENT, PDF
from pipeline.core.model import Document
from pipeline.read.office.docx_html import convert_docx
from pipeline.read.office.pdf_process import convert_pdf
from pipeline.read.read_limits import load_vocabulary
from pipeline.read.sheets.zip_checks import (
    check_xml,
    check_zip_members,
    refuse_broken_zip,
)


def read_office(body: bytes, media_type: str, *, where: str) -> Document:
    """Read a PDF or .docx into blocks.

    Raises:
        Damaged: Broken, encrypted, or without text (a scan).
        TooLarge: More bytes, or more pages, than are read.
    """
    from pipeline.read.html.html_document import read_html

    if media_type == PDF:
        page = convert_pdf(body, where)
    else:
        page = convert_docx(_unpack_docx(body, where), where)
    return read_html(page, where=where)


def _unpack_docx(body: bytes, where: str) -> bytes:
    """Return the text part of a .docx, once all of it is found to be sound.

    Raises:
        Damaged: No zip, encrypted, without that part, or with entities.
        TooLarge: It unpacks to more than is read.
    """
    with refuse_broken_zip(where), zipfile.ZipFile(io.BytesIO(body)) as archive:
        members = archive.infolist()
        check_zip_members(body, where, members, load_vocabulary())
        check_xml(archive, where, members)
        if DOCUMENT not in archive.namelist():
            raise Damaged(where, f"it is a zip but no .docx (no {DOCUMENT})")
        return archive.read(DOCUMENT)
