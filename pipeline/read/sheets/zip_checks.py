"""Check zips before they are opened: their size, their members, their stated sizes."""

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.core.errors import Damaged, TooLarge
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.sheets.sheet_extent import SheetExtent, check_cell_count

# What zipfile throws at headers and members that cannot be: an offset before the
# beginning is a ValueError, a member that is not where it should be a KeyError.
BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(KeyError, IndexError, ValueError, OverflowError, lzma.LZMAError),
)
PEEK_BYTES = 65_536
HEADER_BYTES = 30  # of a member, in front of its name
PIECE_BYTES = 1 << 18
# `<!DOC` or `<!ENT` of a document type, also in UTF-16, where zero bytes come between.
DOCTYPE = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C|E\x00?N\x00?T)", re.IGNORECASE)


def check_file_size(
    where: str, size: int, vocabulary: Vocabulary | None, key: str
) -> None:
    """Refuse more bytes than a row of limits.csv allows.

    Raises:
        TooLarge: There are more; without a vocabulary nothing is refused.
    """
    if vocabulary is not None and size > (
        limit := int(vocabulary.read_number("limits", key))
    ):
        raise TooLarge(where, size, limit)


def check_zip_members(
    body: bytes,
    where: str,
    members: list[zipfile.ZipInfo],
    vocabulary: Vocabulary | None,
) -> None:
    """Refuse what is encrypted, or would unpack to more than the bound.

    The sizes in a zip's directory can lie, so the packed bytes are counted through; of
    the sheets of a workbook the cells are bounded on the way.

    Args:
        body: The zip.
        where: For messages.
        members: From its directory.
        vocabulary: With the bound in limits.csv; None for bytes already accepted.

    Raises:
        Damaged: It is encrypted.
        TooLarge: It unpacks, or states that it does, to more than
            `workbook_unpacked_bytes`; or a sheet has more cells than are read.
    """
    # Bit 0 of the general purpose flag: the member is encrypted (PKWARE's APPNOTE).
    if any(m.flag_bits & 1 for m in members):
        remedy = "Save it without a password."
        raise Damaged(where, "the zip is encrypted", remedy)
    if vocabulary is None:
        return
    limit = int(vocabulary.read_number("limits", "workbook_unpacked_bytes"))
    if (stated := sum(m.file_size for m in members)) > limit:
        raise TooLarge(where, stated, limit)
    total = 0
    for member in members:
        sheet = SheetExtent() if _may_be_sheet(member.filename) else None
        total += _count_unpacked_bytes(body, member, limit - total, sheet)
        if total > limit:
            raise TooLarge(where, total, limit)
        if sheet is not None:
            check_cell_count(f"{where}:{member.filename}", sheet.cells, sheet.size)


def _may_be_sheet(name: str) -> bool:
    """Whether a member may be a sheet; the texts of a workbook's cells are none."""
    low = name.lower()
    return low.endswith(".xml") and not low.endswith("sharedstrings.xml")


def _count_unpacked_bytes(
    body: bytes, member: zipfile.ZipInfo, most: int, sheet: SheetExtent | None = None
) -> int:
    """Count the bytes that a member truly unpacks to; stop soon after `most`.

    Args:
        body: The zip.
        member: From its directory.
        most: Bytes.
        sheet: Takes in what is unpacked, where the member may be a sheet.

    Raises:
        BadZipFile, zlib.error: The member is broken.
    """
    # A local header has 30 bytes, then name and extra field, whose lengths are at 26
    # and 28; the lengths in the directory may differ from these.
    start = max(member.header_offset, 0)
    if len(header := body[start : start + HEADER_BYTES]) < HEADER_BYTES:
        raise zipfile.BadZipFile(f"{member.filename[:99]} begins beyond its end")
    names, extra = struct.unpack("<HH", header[26:30])
    start += HEADER_BYTES + names + extra
    packed = memoryview(body)[start : start + max(member.compress_size, 0)]
    deflated = member.compress_type == zipfile.ZIP_DEFLATED
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    count = 0
    for at in range(0, len(packed), PIECE_BYTES):
        # In pieces: what is not yet unpacked is copied at each turn, which took 26
        # seconds for a workbook of 126 MB, and one in pieces.
        piece: bytes | memoryview = packed[at : at + PIECE_BYTES]
        while piece and not inflate.eof and count <= most:
            out = inflate.decompress(piece, 4 * PIECE_BYTES) if deflated else piece
            piece = inflate.unconsumed_tail if deflated else b""
            count += len(out)
            if sheet is not None:
                sheet.add_xml(bytes(out))
    return count


@contextmanager
def refuse_broken_zip(where: str) -> Iterator[None]:
    """Turn whatever zipfile throws at a broken zip within the block into our error.

    Raises:
        Damaged: The zip was cut short, is broken, or cannot be opened.
    """
    try:
        yield
    except (NotImplementedError, RuntimeError) as error:
        raise Damaged(where, f"the zip cannot be opened ({error})") from error
    except BROKEN_ZIP as error:
        why = f"the zip is not whole: cut short or broken ({error})"
        raise Damaged(where, why) from error


def check_xml(
    archive: zipfile.ZipFile, where: str, members: list[zipfile.ZipInfo]
) -> None:
    """Refuse XML with a document type: entities have no place in a workbook.

    Raises:
        Damaged: A member declares one; it is named.
    """
    for member in members:
        if not member.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        with archive.open(member) as part:
            if DOCTYPE.search(part.read(PEEK_BYTES)):
                why = f"{member.filename[:99]} declares a document type or entities"
                raise Damaged(where, why, "Do not open it; get the file again.")


def is_packed(path: Path) -> bool:
    """Return whether a file is a zip: tables in one are read as workbooks are."""
    with path.open("rb") as file:
        return file.read(2) == b"PK"
