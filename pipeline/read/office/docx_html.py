"""Turn the text part of a .docx into HTML: headings, paragraphs, lists and tables."""

from collections.abc import Iterator
from html import escape

from lxml import etree

from pipeline.core.errors import Damaged

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HEADING, TITLE = "heading", "title"  # how the names of styles begin, in lower case
DEEPEST = 6


def convert_docx(xml: bytes, where: str) -> bytes:
    """Return the document as HTML.

    Args:
        xml: `word/document.xml`.
        where: For messages.

    Raises:
        Damaged: No XML, or no text in it.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        body = etree.fromstring(xml, parser).find(f"{W}body")
    except etree.XMLSyntaxError as error:
        why = f"its text part is broken ({str(error)[:100]})"
        raise Damaged(where, why) from error
    blocks = [] if body is None else list(_convert_blocks(body))
    if not any(text.strip() for block in blocks for text in block[1:]):
        remedy = "Save it with its text, not as a picture."
        raise Damaged(where, "there is no text in it", remedy)
    page = "".join(block[0] for block in blocks)
    head = '<!DOCTYPE html><html><head><meta charset="utf-8"></head>'
    return f"{head}<body>{page}</body></html>".encode()


def _convert_blocks(parent: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield each paragraph and table as HTML, and its plain text."""
    for child in parent:
        if child.tag == f"{W}p":
            text = _read_text(child)
            tag = _choose_tag(child)
            yield f"<{tag}>{escape(text)}</{tag}>", text
        elif child.tag == f"{W}tbl":
            rows = [_convert_row(row) for row in child.iter(f"{W}tr")]
            yield f"<table>{''.join(rows)}</table>", _read_text(child)
        elif child.tag in (f"{W}sdt", f"{W}sdtContent"):
            yield from _convert_blocks(child)


def _convert_row(row: etree._Element) -> str:
    """Return a row of a table as HTML; a cell that goes on from above is empty."""
    cells = []
    for cell in row.iter(f"{W}tc"):
        span = cell.find(f"{W}tcPr/{W}gridSpan")
        wide = span.get(f"{W}val", "1") if span is not None else "1"
        lines = [escape(_read_text(p)) for p in cell.iter(f"{W}p")]
        width = f' colspan="{wide}"' if wide.isdigit() and wide != "1" else ""
        cells.append(f"<td{width}>{'<br>'.join(filter(None, lines))}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _choose_tag(paragraph: etree._Element) -> str:
    """Return the HTML element of a paragraph, by its style and numbering."""
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    name = style.get(f"{W}val", "").lower() if style is not None else ""
    if name.startswith(TITLE):
        return "h1"
    if name.startswith(HEADING):
        level = "".join(filter(str.isdigit, name)) or "1"
        return f"h{min(max(int(level[:2]), 1), DEEPEST)}"
    numbered = paragraph.find(f"{W}pPr/{W}numPr") is not None
    return "li" if numbered else "p"


def _read_text(element: etree._Element) -> str:
    """Return the words of an element, without those that a reviewer struck out."""
    parts = []
    for node in element.iter(f"{W}t", f"{W}tab", f"{W}br"):
        if next(node.iterancestors(f"{W}del"), None) is None:
            parts.append((node.text or "") if node.tag == f"{W}t" else " ")
    return "".join(parts)
