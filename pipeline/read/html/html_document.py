"""Read HTML as a document: parsed once, walked once, every character with its place.

The text is what a reader sees, and the title: scripts and styles dropped, inline tags
removed with nothing in their place, a line end at block tags and `<br>`, a tab between
cells, entities decoded, ASCII white space made single, no-break spaces kept.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from pipeline.core.errors import Damaged
from pipeline.core.model import Datum, Document
from pipeline.read.block_finishing import finish_blocks
from pipeline.read.encoding import decode_page
from pipeline.read.html.div_tables import mark_div_tables
from pipeline.read.html.html_metadata import PageMetadata, read_metadata
from pipeline.read.html.html_walk import HtmlWalk
from pipeline.read.html.item_data import find_marked, read_items
from pipeline.read.html.script_data import add_items, read_script_data

# Characters 80 to 9F, as `&#150;` or from a page in false Latin-1, to those that they
# stand for in Windows-1252 (`&#150;` is a dash).
C1 = {
    n: character
    for n in range(0x80, 0xA0)
    if (character := bytes([n]).decode("cp1252", "replace")) != "\ufffd"
}
HAS_C1 = re.compile("[\x80-\x9f]")
# End tags after which the parser drops what follows; browsers show it.
END = re.compile(r"</(?:body|html)[ \t\r\n]{0,9}>", re.IGNORECASE)
# The parser gets UTF-8, whatever the page's declaration names.
DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
# A tag of many characters, up to its end, as far as quotation marks tell; and one
# attribute of it with its value.
LONG_TAG = re.compile(r"""<[A-Za-z](?:[^<>"']|"[^"]*"|'[^']*'){4000,}""")
ATTRIBUTE = re.compile(
    r"""[^\s=>"'/]+(?:\s{0,20}=\s{0,20}(?:"[^"]*"|'[^']*'|[^\s>"']*))?"""
)
MOST_ATTRIBUTES = 300
TOO_DEEP = "its elements are nested deeper than a parser goes, so part of it is lost"


@dataclass(frozen=True)
class ParsedHtml:
    """A tree, and the encoding that its bytes were read with."""

    root: etree._Element
    encoding: str


def parse_html(body: bytes, *, where: str) -> ParsedHtml:
    """Parse a page as browsers do: what is not well-formed is not refused.

    Raises:
        Damaged: Empty, binary, without an element, or nested beyond the parser.
        TooLarge: More bytes than are read.
    """
    text, encoding = decode_page(body, where=where, declares=True)
    text = DECLARATION.sub("", text[:400], count=1) + text[400:]
    text = _bound_attributes(_drop_early_end_tags(text))
    if HAS_C1.search(text):
        text = text.translate(C1)  # as browsers do: nobody means control characters
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_pis=True, no_network=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Damaged(where, "it holds no HTML element") from error
    if root is None:
        raise Damaged(where, "it holds no HTML element")
    # libxml2 drops what is nested too deep and goes on: half a page would be read as
    # if it were all.
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise Damaged(where, TOO_DEEP, "Save the page as text and read that.")
    return ParsedHtml(root, encoding)


def _bound_attributes(text: str) -> str:
    """Drop all but the first attributes of a tag that has a great many.

    The parser holds each against all others of its tag.
    """
    return LONG_TAG.sub(_cut_attributes, text)


def _cut_attributes(tag: re.Match[str]) -> str:
    """Return a tag with its first attributes alone."""
    text = tag.group()
    extra = next(islice(ATTRIBUTE.finditer(text, 1), MOST_ATTRIBUTES, None), None)
    return text if extra is None else text[: extra.start()]


def _drop_early_end_tags(text: str) -> str:
    """Blank out end tags of the page where text follows that a parser would drop."""
    first = END.search(text)
    if first is None or not END.sub("", text[first.end() :]).strip():
        return text
    return END.sub(lambda match: " " * len(match.group()), text)


def read_html(body: bytes, *, where: str) -> Document:
    """Read an HTML page.

    Returns:
        Its text in blocks, with places, scripts' data and metadata. The date is the
        head's own, else that of JSON-LD, else of `<time>` or of the last change.

    Raises:
        Damaged: Empty, binary, or nested beyond the parser.
        TooLarge: More bytes than are read.
    """
    page = parse_html(body, where=where)
    mark_div_tables(page.root)
    walk = HtmlWalk(watched=find_marked(page.root))
    walk.walk_tree(page.root)
    text = "".join(walk.out)
    items, passed_over = read_items(walk.events)
    scripts, data, notes = add_items(read_script_data(page.root), items)
    meta = read_metadata(page.root)
    return Document(
        text=text,
        blocks=finish_blocks(walk.outline.blocks, text),
        media_type="text/html",
        title=meta.title,
        language=meta.language,
        published=meta.published or _find_published_date(data) or meta.fallback,
        url=meta.url,
        place=meta.place,
        encoding=page.encoding,
        scripts=scripts,
        data=data,
        places=tuple(walk.places),
        marks=_trim_ranges(walk.marks, len(text)),
        strikes=_trim_ranges(walk.strikes, len(text)),
        notes=(*notes, *passed_over),
    )


def _trim_ranges(
    ranges: Sequence[tuple[int, int]], end: int
) -> tuple[tuple[int, int], ...]:
    """Return the ranges that hold text, none beyond its end.

    A range is noted before the white space at the end of its line is taken off.
    """
    return tuple((a, min(b, end)) for a, b in ranges if a < min(b, end))


def _find_published_date(data: Sequence[Datum]) -> str:
    """Find the ISO date that structured data gives for the page; "" for none."""
    for name in ("datePublished", "dateModified"):
        for datum in data:
            if datum.form == "json_ld" and datum.pointer.endswith(f"/{name}"):
                return PageMetadata.parse_date(datum.raw)
    return ""
