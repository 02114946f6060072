"""Choose the reader of a page by its media type, and the media type by its bytes."""

import re
from pathlib import PurePosixPath

from pipeline.core.errors import Damaged
from pipeline.core.media import (
    HTML,
    JSON,
    JSON_LINES,
    OFFICE,
    TEXTS,
    detect_office_type,
)
from pipeline.core.model import Document
from pipeline.read.encoding import refuse_non_page
from pipeline.read.read_limits import load_vocabulary, reading_with

MARKDOWN = "text/markdown"
PLAIN = "text/plain"
PAGES = (*TEXTS, *OFFICE, JSON, JSON_LINES)
LINES = (".jsonl", ".ndjson")
JSON_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*[{\[]")
ENDINGS = {
    # Pages that a server makes keep the ending of its script when they are saved.
    **dict.fromkeys((".htm", ".html", ".xhtml", ".shtml"), HTML),
    **dict.fromkeys((".asp", ".aspx", ".jsp", ".php", ".stm"), HTML),
    **dict.fromkeys((".markdown", ".md", ".mdown", ".mkd"), MARKDOWN),
}
SNIFFED_BYTES = 1024
# `<!doctype html>` or one of the first tags, after byte order marks, XML declarations
# and comments: saved pages may have `<!-- saved from url=... -->` on top.
STARTS = re.compile(
    rb"(?:\s|\xef\xbb\xbf|\xff\xfe|\xfe\xff|<!--[^>]{0,400}-->|<\?xml[^>]{0,200}\?>)*"
    rb"<(?:!doctype\s+html|html|head|body|meta|title)\b",
    re.IGNORECASE,
)


def detect_media_type(name: str, body: bytes) -> str:
    """Return the media type of a page, by its first bytes and then by its file name.

    The bytes go first: a page that was saved as `.txt` is still HTML.

    Returns:
        `text/html`, `text/markdown`, `text/plain`, that of a PDF or .docx, or
        `application/json` and `application/x-ndjson` for files that are so called and
        begin so.

    Raises:
        Damaged: Empty, or plainly a workbook, image or archive.
        TooLarge: More bytes than are read.
    """
    if office := detect_office_type(body):
        return office
    refuse_non_page(body, where=name)
    # Without its zero bytes UTF-16 of Latin text reads as ASCII.
    if STARTS.match(body[:SNIFFED_BYTES].replace(b"\0", b"")):
        return HTML
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".json" and JSON_START.match(body[:SNIFFED_BYTES]):
        return JSON
    if suffix in LINES and JSON_START.match(body[:SNIFFED_BYTES]):
        return JSON_LINES
    return ENDINGS.get(suffix, PLAIN)


def read(body: bytes, media_type: str, *, where: str) -> Document:
    """Read a page into blocks, every character of which maps back to the bytes.

    Args:
        body: The stored bytes.
        media_type: `text/html`, `text/markdown`, `text/plain`, `application/json`,
            `application/x-ndjson`, or that of a PDF or .docx.
        where: Name for error messages.

    Raises:
        Damaged: The bytes are not what the media type says.
        TooLarge: More bytes than are read.
    """
    if media_type not in PAGES:
        raise Damaged(where, f"there is no reader of pages for {media_type}")
    # Bound once where no caller has: readers ask at every element, and each time the
    # home would be looked for anew.
    with reading_with(load_vocabulary()):
        return _choose_reader(body, media_type, where)


def _choose_reader(body: bytes, media_type: str, where: str) -> Document:
    """Read a page by the reader of its media type, which is one of `PAGES`."""
    if media_type in (MARKDOWN, PLAIN):
        from pipeline.read.markdown.markdown_document import read_markdown

        return read_markdown(body, media_type, where=where)
    if media_type in OFFICE:
        from pipeline.read.office.office_document import read_office

        return read_office(body, media_type, where=where)
    if media_type == JSON:
        from pipeline.read.json.json_document import read_json

        return read_json(body, where=where)
    if media_type == JSON_LINES:
        from pipeline.read.json.json_lines import read_lines_page

        return read_lines_page(body, where=where)
    from pipeline.read.html.html_document import read_html

    return read_html(body, where=where)
