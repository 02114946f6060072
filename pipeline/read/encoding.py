"""Decode the bytes of a page, by its marks, its declaration or a guess.

The order: a byte order mark; UTF-8 where every byte fits, whatever the page declares
(no one-byte text is valid UTF-8 by chance); UTF-16 by its zero bytes; the page's own
declaration; UTF-8 with a few broken bytes; else Windows-1252, which is what is meant
by Latin-1 on the web.
"""

import codecs
import re

from pipeline.core.errors import Damaged, TooLarge
from pipeline.read.charset_labels import find_codec
from pipeline.read.read_limits import get_limit

# UTF-32 first: its little-endian mark begins with that of UTF-16.
BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# First bytes of files that are often saved or sent under the name of a page.
MAGIC = {
    b"PK\x03\x04": "a zip or an Office file",
    b"PK\x05\x06": "an empty zip",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old Office file",
    b"%PDF-": "a PDF",
    b"\x1f\x8b": "a gzip file",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "a database",
}
# Bytes that text does not have. White space (\x09-\x0d) is left out, and escape (\x1b),
# which begins the sequences of ISO 2022: the "binary data bytes" of the WHATWG's MIME
# Sniffing Standard, but for the vertical tab.
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
SAVE_AS_TEXT = "Save the page as HTML or text; nothing was changed."


def refuse_non_page(body: bytes, *, where: str) -> None:
    """Refuse a body that is empty, too large, or plainly another kind of file.

    Raises:
        Damaged: Empty, or begins as a workbook, PDF, image or archive does.
        TooLarge: More than `page_bytes` of `limits.csv`.
    """
    if len(body) > get_limit("page_bytes"):
        raise TooLarge(where, len(body), int(get_limit("page_bytes")))
    if not body.strip(b" \t\r\n\f\0") or body in dict(BOMS):
        raise Damaged(where, "the file is empty")
    for magic, what in MAGIC.items():
        if body.startswith(magic):
            raise Damaged(where, f"it is {what} and not a page", SAVE_AS_TEXT)


def decode_page(body: bytes, *, where: str, declares: bool = False) -> tuple[str, str]:
    """Decode a page; return its characters and the name of the encoding.

    A byte order mark is not part of the text; nothing else is dropped or changed.

    Args:
        body: The stored bytes.
        where: Name for error messages.
        declares: The page may name its own encoding (HTML).

    Raises:
        Damaged: The bytes are empty or binary; the share of control characters is
            above `control_share` of `limits.csv`.
        TooLarge: More than `page_bytes` of `limits.csv`.
    """
    refuse_non_page(body, where=where)
    text, encoding = _try_encodings(body, declares)
    if not text.strip():
        raise Damaged(where, "the file is empty")
    # One is always allowed, so that a stray mark does not condemn a short text.
    if len(CONTROLS.findall(text)) > 1 + get_limit("control_share") * len(text):
        raise Damaged(where, "it is binary and not text", SAVE_AS_TEXT)
    return text, encoding


def _try_encodings(body: bytes, declares: bool) -> tuple[str, str]:
    """Decode by the first encoding that fits, in the module's order."""
    for mark, encoding in BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace"), encoding
    for guess in (
        (_guess_utf16, _guess_utf8, _find_declared_encoding)
        if declares
        else (_guess_utf16, _guess_utf8)
    ):
        name = guess(body)
        try:
            if name:
                return body.decode(name), name
        except UnicodeError:
            continue
    # A page that was cut in the middle of a character, or has one pasted quotation
    # mark of another encoding, is UTF-8 all the same.
    text = body.decode("utf-8", "replace")
    beyond = len(BEYOND_ASCII.findall(text))
    if text.count("\ufffd") <= get_limit("broken_share") * beyond:
        return text, "utf-8"
    return _decode_one_byte(body)


def _guess_utf16(body: bytes) -> str | None:
    """Name UTF-16 that has no mark: every other byte of Latin text is zero."""
    # An even number of bytes, since a character has two.
    head = body[: min(len(body), 2000) & ~1]
    half = len(head) // 2
    if not half or len(body) % 2:
        return None
    # Not all: dashes, quotation marks and the euro sign lie beyond Latin-1, where the
    # high byte is no zero.
    if head[1::2].count(0) > 0.7 * half and head[0::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if head[0::2].count(0) > 0.7 * half and head[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def _guess_utf8(body: bytes) -> str:
    """Name UTF-8, whatever the page declares."""
    return "utf-8"


def _find_declared_encoding(body: bytes) -> str | None:
    """Find what the page's `<meta>` or XML declaration says, as Python names it.

    Only what browsers know as an encoding counts: Python has codecs of other names
    that decode no text (`undefined`, `rot13`), or other text than was meant (`idna`).
    """
    from bs4.dammit import EncodingDetector

    found = EncodingDetector.find_declared_encoding(body, is_html=True)
    return find_codec(found) if found else None


def _decode_one_byte(body: bytes) -> tuple[str, str]:
    """Decode as Windows-1252, or as Latin-1 where bytes have no meaning in it."""
    try:
        return body.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        # Five bytes (81, 8D, 8F, 90, 9D) are undefined in Windows-1252; Latin-1 maps
        # every byte, so that no character is lost.
        return body.decode("latin-1"), "latin-1"
