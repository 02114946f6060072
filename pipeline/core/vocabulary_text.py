"""Decode the bytes of a vocabulary, and name the cell where they are no table.

The form is RFC 4180: cells by commas, a cell with a comma, a quotation mark or a line
end in quotation marks, and each of its own written twice.
"""

import re
from typing import NamedTuple

from pipeline.core.errors import Damaged

# Possessive, so that a file of any size is scanned once.
CELL = r'(?:"[^"]*+(?:""[^"]*+)*+"|[^",\r\n]*+)'
TABLE = re.compile(rf"(?:{CELL}(?:,|\r?\n))*+({CELL})")
CELL_AND_END = re.compile(rf"({CELL})(,|\r?\n|\Z)")
# No text that people write holds them: controls, halves of a character, a mark of byte
# order within the text, and what a wrong decoder left.
STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffd]")


class CellPlace(NamedTuple):
    """A cell by its line, from 1, and its place in the row, from 0."""

    line: int
    place: int


def decode_text(where: str, body: bytes) -> str:
    r"""Decode a vocabulary; its lines end with `\n`, whatever they ended with.

    Raises:
        Damaged: It is not UTF-8, holds a character that is no text, or is no table;
            line and column are named.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # From a mark of byte order on the count begins behind it.
        before = error.object[: error.start].decode()
        raise _make_text_error(where, before, len(before), "it is not UTF-8") from error
    if found := STRANGE.search(text):
        why = f"the cell holds the character U+{ord(found[0]):04X}, which is no text"
        raise _make_text_error(where, text, found.start(), why)
    table = TABLE.match(text)
    assert table is not None  # it matches nothing at least
    if table.end() != len(text):
        why = "a quotation mark stands alone, or is not written twice"
        if text[table.end()] == "\r":
            why = "a line ends with a carriage return alone"
        raise _make_text_error(where, text, table.start(1), why)
    return text.replace("\r\n", "\n")


def locate_cell(text: str, offset: int) -> CellPlace:
    """Locate the cell in which an offset of the text lies."""
    line, place, at = 1, 0, 0
    while True:
        found = CELL_AND_END.match(text, at)
        if found is None or not found[2] or offset < found.end():
            # A cell in quotation marks may hold line ends of its own.
            return CellPlace(line + text.count("\n", at, max(at, offset)), place)
        line += found[0].count("\n")
        place = place + 1 if found[2] == "," else 0
        at = found.end()


def _make_text_error(where: str, text: str, offset: int, why: str) -> Damaged:
    """Make the error for a place in the text, with the name of its column."""
    line, place = locate_cell(text, offset)
    head = text.split("\n", 1)[0].strip("\r").split(",")
    named = place < len(head) and line > 1
    return make_cell_error(where, line, head[place] if named else str(place + 1), why)


def make_cell_error(where: str, line: int, column: str, why: str) -> Damaged:
    """Make the error for a cell, by its line and its column's name or number."""
    remedy = "Correct the row; nothing was changed."
    return Damaged(f"{where} line {line}, column {column}", why, remedy)
