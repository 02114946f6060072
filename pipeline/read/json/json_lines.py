"""Read JSON lines: one JSON object a line, each as a document of its own.

A locator is that of data in a script, with the line in the script's place, from 1:
`line=12;/baseSalary/value/minValue`, or `line=12;char=4,12;/description` for a part.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.core.errors import Damaged, NotFound, TooLarge
from pipeline.core.media import JSON_LINES
from pipeline.core.model import Datum, Document
from pipeline.read.encoding import MAGIC
from pipeline.read.json.json_file import choose_form
from pipeline.read.json.json_scan import NotJson, scan_scalars
from pipeline.read.read_limits import get_limit

# Digits are bounded: a locator may be any text that a caller hands in.
PLACE = re.compile(
    r"line=([1-9]\d{0,11});(?:char=(\d{1,12}),(\d{1,12});)?(/.*|)\Z", re.DOTALL
)


def read_lines(body: bytes, *, where: str) -> Iterator[tuple[int, Document | str]]:
    """Yield the number of each line that is not blank, from 1, and its document.

    For a line that is no JSON object, why it is none; the others go on.

    Args:
        body: UTF-8, with or without a byte order mark.
        where: For messages.

    Raises:
        Damaged: Empty, or not UTF-8.
        TooLarge: More bytes than `json_lines_bytes`, or a line with more values than
            `json_scalars` of `limits.csv`.
    """
    for number, line in enumerate(_split_lines(body, where), start=1):
        if not line.strip():
            continue
        try:
            yield number, _read_document(line, f"{where} line {number}")
        except Damaged as error:
            yield number, error.why


def read_lines_page(body: bytes, *, where: str) -> Document:
    """Read a file as one page: every line a script of its own, from 0.

    A line that is blank or no JSON object is a script without data: the others go on.

    Raises:
        Damaged: Empty, not UTF-8, or without any line that is a JSON object.
        TooLarge: As `read_lines`.
    """
    data: list[Datum] = []
    lines = _split_lines(body, where)
    for number, read in read_lines(body, where=where):
        found = read.data if isinstance(read, Document) else ()
        data += (replace(datum, script=number - 1) for datum in found)
    if not data:
        raise Damaged(where, "no line of it is a JSON object")
    return Document("", (), JSON_LINES, scripts=tuple(lines), data=tuple(data))


def make_line_locator(locator: str, number: int) -> str:
    """Make a locator of data in one line, read alone, one of the whole file.

    >>> make_line_locator("line=1;/baseSalary/currency", 12)
    'line=12;/baseSalary/currency'
    """
    return f"line={number};{locator.removeprefix('line=1;')}"


def read_line_quotes(body: bytes, locators: Sequence[str]) -> list[str]:
    """Return the characters at each place; only the lines asked for are read.

    Raises:
        NotFound: A place does not exist in these bytes.
        Damaged: A line that is asked for is no JSON.
    """
    lines = _split_lines(body, "snapshot")
    known: dict[int, dict[str, Datum]] = {}
    found = []
    for locator in locators:
        place = PLACE.match(locator)
        number = int(place[1]) if place else 0
        if place is None or number > len(lines):
            raise _place_not_found(locator)
        if number not in known:
            read = _read_document(lines[number - 1], f"snapshot line {number}")
            known[number] = {datum.pointer: datum for datum in read.data}
        datum = known[number].get(place[4])
        if datum is None:
            raise _place_not_found(locator)
        raw = datum.raw
        found.append(raw if place[2] is None else raw[int(place[2]) : int(place[3])])
    return found


def _split_lines(body: bytes, where: str) -> list[str]:
    """Return the lines of a body, bounded and decoded.

    Raises:
        Damaged: Empty, another kind of file, or not UTF-8.
        TooLarge: More bytes than `json_lines_bytes` of `limits.csv`.
    """
    most = int(get_limit("json_lines_bytes"))
    if len(body) > most:
        raise TooLarge(where, len(body), most)
    if not body.strip():
        raise Damaged(where, "the file is empty")
    for magic, what in MAGIC.items():
        if body.startswith(magic):
            raise Damaged(where, f"it is {what} and not JSON lines")
    try:
        # Line feeds alone: JSON strings may hold U+2028, at which `splitlines` cuts.
        return body.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise Damaged(where, f"it is not UTF-8 (byte {error.start:,})") from error


def _read_document(line: str, where: str) -> Document:
    """Read one line as a document without text: its scalars and their places."""
    try:
        found, end = scan_scalars(line, 0)
    except NotJson as error:
        raise Damaged(where, f"it is no JSON ({error})") from error
    if not line.lstrip().startswith("{") or line[end:].strip():
        raise Damaged(where, "it is not one JSON object")
    most = int(get_limit("json_scalars"))
    if len(found) > most:
        raise TooLarge(where, len(found), most, "values")
    form = choose_form(found)
    data = tuple(Datum(s.pointer, 0, form, s.value, s.raw, s.start) for s in found)
    return Document("", (), JSON_LINES, scripts=(line,), data=data)


def _place_not_found(locator: str) -> NotFound:
    """Make the error for a locator that leads nowhere."""
    return NotFound(
        "Place", locator[:200], "The snapshot or its reader changed; run `payproof "
        "refresh`.",
    )  # fmt: skip
