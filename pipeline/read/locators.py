"""Make the locator of a span of a document, and read the quote at a locator.

    char=8153,8160                                 text and Markdown (RFC 5147)
    xpath=/html/body/main/p[3];char=10,17          HTML, .docx
    xpath=/html/body/section[3]/p[2];char=0,7      PDF, page 3
    script=0;/props/pageProps/salary/p50           data in a page's script or tags
    script=0;char=4,12;/description                part of such a value
    line=12;/baseSalary/value/minValue             data in a file of JSON lines
    /Results/series/0/data/0/value                 data in a JSON file of a source

In HTML, `char` counts in the element's rendered text, from its first visible
character. A script's number counts the scripts that hold JSON, from 0, and behind them
the items in microdata and RDFa, each as the JSON that it stands for; a JSON file that
is read as a page is its only script.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from pipeline.core.errors import NotFound
from pipeline.core.media import JSON, JSON_LINES
from pipeline.core.model import Datum, Document
from pipeline.read.by_media_type import read
from pipeline.read.json.json_file import read_pointer_quotes
from pipeline.read.json.json_lines import read_line_quotes

# Digits are bounded: a locator may be any text that a caller hands in.
CHAR = re.compile(r"char=(\d{1,12}),(\d{1,12})\Z")
XPATH = re.compile(r"xpath=(/[^;]*);char=(\d{1,12}),(\d{1,12})\Z")
SCRIPT = re.compile(
    r"script=(\d{1,6});(?:char=(\d{1,12}),(\d{1,12});)?(.*)\Z", re.DOTALL
)


def locate_span(document: Document, start: int, end: int) -> str:
    """Return the locator of a span of a document's text.

    For HTML it names the smallest block element that holds all of the span.

    Args:
        document: That the span is in.
        start: Offset of its first character in `document.text`.
        end: Offset after its last character.
    """
    if not document.places:
        return f"char={start},{end}"
    first = _find_place(document, start)
    # `end` is exclusive: what begins there is the next element's.
    last = _find_place(document, max(start, end - 1))
    path, begins = first[1], first[0] - first[2]
    if last[1] != path or last[0] - last[2] != begins:
        path = _find_common_path(path, last[1])
        begins = _find_element_start(document, path, first)
    return f"xpath={path};char={start - begins},{end - begins}"


def locate_datum(
    document: Document, datum: Datum, start: int | None = None, end: int | None = None
) -> str:
    """Return the locator of a value in a script, or of a part of its characters.

    Args:
        document: That the value is in.
        datum: The value.
        start: Offset of the part in `datum.raw`; None for the whole value.
        end: Offset after the part; None for the whole value.
    """
    part = "" if start is None or end is None else f"char={start},{end};"
    if document.media_type == JSON_LINES:
        return f"line={datum.script + 1};{part}{datum.pointer}"
    return f"script={datum.script};{part}{datum.pointer}"


def read_quotes(body: bytes, media_type: str, locators: Sequence[str]) -> list[str]:
    """Return the characters at each place; the bytes are read once.

    Args:
        body: The stored bytes.
        media_type: Of the body, as its snapshot's card has it.
        locators: Of one of the forms that this module lists.

    Raises:
        NotFound: A place does not exist in these bytes.
        PayproofError: The bytes cannot be read at all.
    """
    if media_type == JSON_LINES:
        return read_line_quotes(body, locators)
    if media_type == JSON and not any(map(SCRIPT.match, locators)):
        return read_pointer_quotes(body, locators)
    document = read(body, media_type, where="snapshot")
    starts: dict[str, int] = {}
    for offset, path, inside in document.places:
        starts.setdefault(path, offset - inside)
    data = {(datum.script, datum.pointer): datum for datum in document.data}
    return [_find_quote(document, starts, data, locator) for locator in locators]


def _find_quote(
    document: Document,
    starts: dict[str, int],
    data: dict[tuple[int, str], Datum],
    locator: str,
) -> str:
    """Return the characters at one place.

    Args:
        document: That was read from the bytes.
        starts: Path of an element to the offset of its first text.
        data: Values in scripts by script and pointer.
        locator: Of the place.
    """
    begins = 0
    if match := SCRIPT.match(locator):
        datum = data.get((int(match[1]), match[4]))
        if datum is None:
            raise _place_not_found(locator)
        return (
            datum.raw if match[2] is None else datum.raw[int(match[2]) : int(match[3])]
        )
    if match := XPATH.match(locator):
        path, start, end = match[1], int(match[2]), int(match[3])
        begins = starts[path] if path in starts else _find_element_start(document, path)
    elif match := CHAR.match(locator):
        start, end = int(match[1]), int(match[2])
    else:
        raise _place_not_found(locator)
    # A slice beyond the text would be a shorter quote and not an error.
    if not 0 <= start <= end <= len(document.text) - begins:
        raise _place_not_found(locator)
    return document.text[begins + start : begins + end]


def _place_not_found(locator: str) -> NotFound:
    """Make the error for a locator that leads nowhere."""
    return NotFound(
        "Place", locator, "The snapshot or its reader changed; run `payproof refresh`."
    )


def _find_place(document: Document, offset: int) -> tuple[int, str, int]:
    """Find the last place that begins at or before an offset."""
    at = bisect_left(document.places, (offset + 1,)) - 1
    return document.places[max(at, 0)]


def _find_common_path(one: str, other: str) -> str:
    """Return the path of the innermost element that holds both."""
    steps = []
    for left, right in zip(one.split("/"), other.split("/"), strict=False):
        if left != right:
            break
        steps.append(left)
    return "/".join(steps) or "/"


def _find_element_start(
    document: Document, path: str, near: tuple[int, str, int] | None = None
) -> int:
    """Return the offset of the first text inside an element.

    Args:
        document: That the element is in.
        path: Of the element.
        near: A place inside it, where one is known: the search begins not far off.

    Raises:
        NotFound: The document has no such element, or no text in it.
    """
    inside = path.rstrip("/") + "/"
    places = document.places
    begin = bisect_right(places, near[0], key=lambda place: place[0]) - 1 if near else 0
    # What an element holds stands together in the text.
    while begin > 0 and f"{places[begin - 1][1]}/".startswith(inside):
        begin -= 1
    for number in range(max(begin, 0), len(places)):
        offset, at, within = places[number]
        if at == path:
            return offset - within
        # An element without text of its own begins where its first child's text does.
        if at.startswith(inside):
            return offset
    raise _place_not_found(f"xpath={path}")
