"""Zips before they are opened: how large they are, what they hold, whether they lie."""

import re
import struct
import zipfile
import zlib

from pipeline.core.errors import Damaged, TooLarge
from pipeline.core.vocabulary import Vocabulary

PEEK_BYTES = 65_536
PIECE = 1 << 18
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
    """
    if any(m.flag_bits & 1 for m in members):
        remedy = "Save it without a password."
        raise Damaged(where, "the zip is encrypted", remedy)
    if vocabulary is None:
        return
    limit = int(vocabulary.read_number("limits", "workbook_unpacked_bytes"))
    if (said := sum(m.file_size for m in members)) > limit:
        raise TooLarge(where, said, limit)
    total = 0
    for member in members:
        total += _count_unpacked_bytes(body, member, limit - total)
        if total > limit:
            raise TooLarge(where, total, limit)


def _count_unpacked_bytes(body: bytes, member: zipfile.ZipInfo, most: int) -> int:
    """How many bytes a member truly unpacks to; stops soon after `most`."""
    start = member.header_offset
    names, extra = struct.unpack("<HH", body[start + 26 : start + 30])
    start += 30 + names + extra
    packed = memoryview(body)[start : start + member.compress_size]
    if member.compress_type != zipfile.ZIP_DEFLATED:
        return len(packed)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    count = 0
    for at in range(0, len(packed), PIECE):
        # In pieces: what is not yet taken up is copied at each turn.
        piece: bytes | memoryview = packed[at : at + PIECE]
        while piece and not inflate.eof and count <= most:
            count += len(inflate.decompress(piece, 4 * PIECE))
            piece = inflate.unconsumed_tail
    return count


def check_xml(
    archive: zipfile.ZipFile, where: str, members: list[zipfile.ZipInfo]
) -> None:
    """Refuse XML with a document type: entities have no place in a workbook."""
    for member in members:
        if not member.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        with archive.open(member) as part:
            if DOCTYPE.search(part.read(PEEK_BYTES)):
                why = f"{member.filename[:99]} declares a document type or entities"
                raise Damaged(where, why, "Do not open it; get the file again.")
