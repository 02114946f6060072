"""Which reader a page goes to, by its media type; and its media type, by its name."""

import re
from pathlib import PurePosixPath

from pipeline.core.errors import Damaged
from pipeline.core.model import Document
from pipeline.read.encoding import refuse_non_page

HTML = "text/html"
MARKDOWN = "text/markdown"
PLAIN = "text/plain"
ENDINGS = {
    **dict.fromkeys((".htm", ".html", ".xhtml", ".shtml"), HTML),
    **dict.fromkeys((".asp", ".aspx", ".jsp", ".php", ".stm"), HTML),
    **dict.fromkeys((".markdown", ".md", ".mdown", ".mkd"), MARKDOWN),
}
SNIFFED = 1024
STARTS = re.compile(
    rb"(?:\s|\xef\xbb\xbf|\xff\xfe|\xfe\xff|<!--[^>]{0,400}-->|<\?xml[^>]{0,200}\?>)*"
    rb"<(?:!doctype\s+html|html|head|body|meta|title)\b",
    re.IGNORECASE,
)


def detect_media_type(name: str, body: bytes) -> str:
    """The media type of a page, by its first bytes and then by its file name.

    Raises:
        Damaged: Empty, or plainly a workbook, PDF, image or archive.
        TooLarge: More bytes than are read.
    """
    refuse_non_page(body, where=name)
    if STARTS.match(body[:SNIFFED].replace(b"\0", b"")):
        return HTML
    return ENDINGS.get(PurePosixPath(name).suffix.lower(), PLAIN)


def read(body: bytes, media_type: str, *, where: str) -> Document:
    """Read a page into blocks, every character of which maps back to the bytes.

    Args:
        body: The stored bytes.
        media_type: `text/html`, `text/markdown` or `text/plain`.
        where: Name for error messages.

    Raises:
        Damaged: The bytes are not what the media type says.
        TooLarge: More bytes than are read.
    """
    if media_type in (HTML, "application/xhtml+xml"):
        from pipeline.read.html.html_document import read_html

        return read_html(body, where=where)
    if media_type in (MARKDOWN, PLAIN):
        from pipeline.read.markdown.markdown_document import read_markdown

        return read_markdown(body, media_type, where=where)
    raise Damaged(where, f"there is no reader of pages for {media_type}")
