"""Leave out the lines of a delimited file that cannot be parted into its cells.

One bad line never costs the others: it is emptied, so that all others keep their
numbers, and reported. Where too many are bad it is the file that is.
"""

import re
from collections.abc import Iterator

import numpy as np

from pipeline.core.errors import Damaged
from pipeline.core.unread_places import report_unread
from pipeline.read.read_limits import get_limit

# A whole cell in quotation marks, with the comma before it, which stays.
QUOTED = re.compile(rb'(?<=,)"(?:[^"]|"")*"(?=,|$)')
PIECE_BYTES = 1 << 24
WHY = "not read: a line that cannot be parted into the cells of the table"


def empty_broken_lines(
    text: bytes, mark: str, width: int, prefix: str, error: Damaged
) -> bytes:
    """Return text in which each broken line is one of empty cells; report them.

    Args:
        text: UTF-8, with line feeds as line ends, its header in line 1.
        mark: What separates cells.
        width: Cells of the header.
        prefix: What locators begin with.
        error: Why the text as a whole could not be read.

    Raises:
        Damaged: The error: no line is broken by itself, or more than
            `broken_lines_share` of them are.
    """
    lines = text.split(b"\n")
    broken = [
        number
        for number, line in enumerate(lines[1:], start=1)
        if line and not _is_row(line, mark, width)
    ]
    if not 0 < len(broken) <= float(get_limit("broken_lines_share")) * len(lines):
        raise error
    for number in broken:
        words = lines[number].decode(errors="replace")
        report_unread(f"{prefix}line={number + 1};col=1", words, WHY)
        lines[number] = mark.encode() * (width - 1)
    return b"\n".join(lines)


def has_longer_line(text: bytes, mark: str, width: int) -> bool:
    """Return whether a line has more cells than the header.

    Lines with quotation marks are parted one by one, all others counted at once.

    Args:
        text: UTF-8, with line feeds as line ends.
        mark: What separates cells.
        width: Cells of the header.
    """
    for start, stop in _cut_pieces(text):
        piece = np.frombuffer(text, dtype=np.uint8, count=stop - start, offset=start)
        ends = np.flatnonzero(piece == ord("\n"))
        starts = np.concatenate(([0], ends + 1))
        starts = starts[starts < len(piece)]
        marks = np.add.reduceat(piece == ord(mark), starts, dtype=np.int32)
        for line in np.flatnonzero(marks >= width):
            at = start + int(starts[line])
            end = text.find(b"\n", at)
            found = text[at : end if end >= 0 else len(text)]
            if not _is_row(found, mark, width):
                return True
    return False


def _cut_pieces(text: bytes) -> Iterator[tuple[int, int]]:
    """Yield where pieces of whole lines begin and end."""
    start = 0
    while start < len(text):
        stop = text.rfind(b"\n", start, start + PIECE_BYTES) + 1
        if stop <= start:
            stop = text.find(b"\n", start) + 1 or len(text)
        yield start, stop
        start = stop


def _is_row(line: bytes, mark: str, width: int) -> bool:
    """Return whether a line can be parted, by itself, into no more cells than heads.

    A quotation mark within a cell that none opened is no cell: readers differ on it.
    """
    if mark != "\t" and b'"' in line:
        other = line if mark == "," else line.replace(b",", b" ")
        line = QUOTED.sub(b"", b"," + other.replace(mark.encode(), b","))
        return b'"' not in line and line.count(b",") <= width
    return line.count(mark.encode()) < width


def mend_quotes(body: bytes) -> bytes:
    """Return CSV whose cells are all in quotation marks, those within cells doubled.

    Lists of codes have descriptions that quote (`Exclude "Registrars"`), with the marks
    as they are. A line of as many cells between `","` as the first line has is clear
    all the same; other lines stay as they are.
    """
    lines = body.split(b"\n")
    width = len(lines[0].split(b'","'))
    return b"\n".join(_mend_line(line, width) for line in lines)


def _mend_line(line: bytes, width: int) -> bytes:
    """Return a line with the marks within its cells doubled, where it is clear."""
    plain = line.rstrip(b"\r")
    cells = plain[1:-1].split(b'","')
    quoted = len(plain) > 1 and plain[:1] == plain[-1:] == b'"' and len(cells) == width
    if not quoted or _is_row(plain, ",", width):
        return line
    return b'"' + b'","'.join(cell.replace(b'"', b'""') for cell in cells) + b'"'
