"""Check zips before they are opened: their size, their members, their stated sizes."""

import re
import struct
import zipfile
import zlib

from pipeline.core.errors import Damaged, TooLarge
from pipeline.core.vocabulary import Vocabulary

PEEK_BYTES = 65_536
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

    The sizes in a zip's directory can lie, so the packed bytes are counted through.

    Args:
        body: The zip.
        where: For messages.
        members: From its directory.
        vocabulary: With the bound in limits.csv; None for bytes already accepted.

    Raises:
        Damaged: It is encrypted.
        TooLarge: It unpacks, or states that it does, to more than
            `workbook_unpacked_bytes`.
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
        total += _count_unpacked_bytes(body, member, limit - total)
        if total > limit:
            raise TooLarge(where, total, limit)


def _count_unpacked_bytes(body: bytes, member: zipfile.ZipInfo, most: int) -> int:
    """Count the bytes that a member truly unpacks to; stop soon after `most`."""
    # A local header has 30 bytes, then name and extra field, whose lengths are at 26
    # and 28; the lengths in the directory may differ from these.
    start = member.header_offset
    names, extra = struct.unpack("<HH", body[start + 26 : start + 30])
    start += 30 + names + extra
    packed = memoryview(body)[start : start + member.compress_size]
    if member.compress_type != zipfile.ZIP_DEFLATED:
        return len(packed)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    count = 0
    for at in range(0, len(packed), PIECE_BYTES):
        # In pieces: what is not yet unpacked is copied at each turn, which took 26
        # seconds for a workbook of 126 MB, and one in pieces.
        piece: bytes | memoryview = packed[at : at + PIECE_BYTES]
        while piece and not inflate.eof and count <= most:
            count += len(inflate.decompress(piece, 4 * PIECE_BYTES))
            piece = inflate.unconsumed_tail
    return count


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
