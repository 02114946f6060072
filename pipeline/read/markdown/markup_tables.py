"""Read tables that are written as HTML inside Markdown, by their tags alone."""

import re
from collections.abc import Iterator

from pipeline.read.table_heads import TableCell, add_table_cells
from pipeline.read.text_lines import LineScanner, strip_markdown

OPENING = re.compile(r"[ \t]*<table\b", re.I)
# The bounds keep a page of opening tags from being searched to its end at every one.
TAG = re.compile(r"<(/?)(table|thead|tfoot|tr|td|th|caption)\b([^<>]{0,400})>", re.I)
SPAN = re.compile(r"\b(rowspan|colspan)\s*=\s*[\"']?(\d{1,4})", re.I)
SCOPE = re.compile(r"\bscope\s*=\s*[\"']?(row|col)", re.I)
# What stands around a cell's words and is none of them.
EDGE = re.compile(r"(?:\s|&nbsp;|<[^<>]{1,200}>)+")
BACK_EDGE = re.compile(r"(?:\s|&nbsp;|<[^<>]{1,200}>)+\Z")
MARKUP = re.compile(r"<[^<>]{1,200}>|&nbsp;")
LONGEST_TABLE = 200_000  # characters


def read_markup_table(scan: LineScanner) -> bool:
    """Read a table of HTML tags that begins with this line.

    One that is not closed, or holds another table, is left as text.

    Returns:
        Whether one was read; `scan.at` is then after the line that it ends in.
    """
    line = scan.get_line()
    if line is None or not OPENING.match(line.text):
        return False
    # In bytes each character stays one: small letters of `İ` are two.
    piece = scan.text[line.start : line.start + LONGEST_TABLE]
    small = piece.encode("ascii", "replace").lower()
    length = small.find(b"</table")
    if length < 0 or small.count(b"<table", 0, length) > 1:
        return False
    end = line.start + length
    cells, caption = _collect_cells(scan.text, line.start, end)
    if len(cells) < 2:
        return False
    lead = scan.outline.find_lead_in()
    scan.close_lists()
    if caption:
        lead = scan.outline.add("caption", *caption, lead_in=lead)
    add_table_cells(scan.outline, cells, lead_in=lead)
    while (further := scan.get_line()) is not None and further.start <= end:
        scan.at += 1
    return True


Span = tuple[int, int]


def _collect_cells(
    text: str, start: int, end: int
) -> tuple[list[TableCell], Span | None]:
    """Return the cells between a table's tags, and the span of its caption."""
    cells: list[TableCell] = []
    caption: Span | None = None
    row, part = -1, ""
    for name, closing, inside, at, stop in _list_tags(text, start, end):
        if name in ("thead", "tfoot"):
            part = "" if closing else name
        elif name == "tr" and not closing:
            row += 1
        elif name == "caption" and not closing:
            caption = _trim(text, at, stop)
        elif name in ("td", "th") and not closing:
            head = name == "th" or part == "thead"
            cells.append(_make_cell(text, _trim(text, at, stop), max(row, 0), inside))
            cells[-1].head, cells[-1].foot = head, part == "tfoot"
    return cells, caption if caption and caption[0] < caption[1] else None


def _list_tags(
    text: str, start: int, end: int
) -> Iterator[tuple[str, bool, str, int, int]]:
    """Yield each tag: name, whether it closes, attributes, and the span up to the next.

    Tags of other names (`<br>`, `<strong>`) belong to what stands between.
    """
    found = list(TAG.finditer(text, start, end))
    for at, tag in enumerate(found):
        stop = found[at + 1].start() if at + 1 < len(found) else end
        yield tag[2].lower(), bool(tag[1]), tag[3], tag.end(), stop


def _trim(text: str, start: int, end: int) -> Span:
    """Return a span without white space and tags at its ends."""
    opening = EDGE.match(text, start, end)
    start = opening.end() if opening else start
    closing = BACK_EDGE.search(text[max(start, end - 400) : end])
    return start, max(start, end - (len(closing[0]) if closing else 0))


def _make_cell(text: str, span: Span, row: int, inside: str) -> TableCell:
    """Make a cell of a span and the attributes of its tag."""
    words = strip_markdown(MARKUP.sub(" ", text[slice(*span)]))
    cell = TableCell(*span, words, row)
    spans = {name.lower(): int(number) for name, number in SPAN.findall(inside)}
    cell.rows = max(1, spans.get("rowspan", 1))
    cell.columns = max(1, spans.get("colspan", 1))
    scope = SCOPE.search(inside)
    cell.scope = scope[1].lower() if scope else ""
    return cell
