r"""Read the text of a string in data as people see it: escapes and markup decoded.

Data hold `\u00a315.30`, `\n`, and HTML, which many writers escape once more. Every
character of the text knows the characters that it stands for, so that a quote is what
stands in the bytes.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from pipeline.core.model import Block

ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
PLAIN = {"n": "\n", "r": "\n", "t": "\t", "b": " ", "f": " "}
HIGH, LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31}\d{0,2});")
TAG = re.compile(
    r"<!--.{0,2000}?-->|</?([A-Za-z][A-Za-z0-9]{0,14})\b[^<>]{0,2000}>", re.S
)
HIDDEN_TAG = re.compile(r"&lt;/?[A-Za-z][A-Za-z0-9]{0,14}\b")
# What a tag leaves behind it: a line's end, a cell's, or nothing.
LINES = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "ul",
        "ol",
        "tr",
        "table",
        "section",
        "article",
        "header",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "dl",
        "dt",
        "dd",
        "hr",
        "blockquote",
        "tbody",
    ]
)
CELLS = frozenset(("td", "th"))
MOST_ROUNDS = 2  # of markup that is escaped
# A character, and the first and last offset of what it stands for.
Piece = tuple[str, int, int]


@dataclass(frozen=True)
class StringText:
    """The text of a string, and where each of its characters comes from.

    Args:
        text: As people see it.
        starts: Offset in the raw string of each character.
        ends: Offset after it.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def find_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the raw string that a span of the text stands for."""
        return self.starts[start], self.ends[end - 1]

    def list_blocks(self) -> tuple[Block, ...]:
        """Return the lines that hold something, as paragraphs."""
        edges = [0, *(m.end() for m in re.finditer(r"\n+", self.text)), len(self.text)]
        return tuple(
            Block("paragraph", a, b)
            for a, b in pairwise(sorted(set(edges)))
            if self.text[a:b].strip()
        )


def read_string(raw: str, *, escaped: bool = True) -> StringText:
    r"""Decode a string.

    Args:
        raw: Its characters as they stand, without quotes.
        escaped: Whether `\` begins an escape, as in JSON.

    >>> read_string(r"<b>\u00a315.30<\/b> an hour").text
    '£15.30 an hour'
    """
    pieces = list(_decode_escapes(raw)) if escaped else _split_characters(raw)
    for _ in range(MOST_ROUNDS):
        text = "".join(piece[0] for piece in pieces)
        if TAG.search(text) or not HIDDEN_TAG.search(text):
            break
        pieces = _replace(pieces, text, ENTITY, lambda match: html.unescape(match[0]))
    text = "".join(piece[0] for piece in pieces)
    if "<" in text:
        pieces = _replace(pieces, text, TAG, _replace_tag)
        text = "".join(piece[0] for piece in pieces)
    if "&" in text:
        pieces = _replace(pieces, text, ENTITY, lambda match: html.unescape(match[0]))
    return _join_pieces(pieces)


def _split_characters(raw: str) -> list[Piece]:
    return [(character, at, at + 1) for at, character in enumerate(raw)]


def _decode_escapes(raw: str) -> Iterator[Piece]:
    """Yield the characters of a string of JSON; halves of a pair come out as one."""
    at = 0
    waiting: Piece | None = None
    for match in ESCAPE.finditer(raw):
        yield from ((raw[n], n, n + 1) for n in range(at, match.start()))
        at = match.end()
        code = int(match[1], 16) if match[1] else 0
        if code in HIGH:
            waiting = (chr(code), match.start(), at)
        elif code in LOW:
            if waiting is not None and waiting[2] == match.start():
                both = 0x10000 + ((ord(waiting[0]) - 0xD800) << 10) + code - 0xDC00
                yield chr(both), waiting[1], at
            waiting = None
        else:
            yield (
                chr(code) if match[1] else PLAIN.get(match[2], match[2]),
                match.start(),
                at,
            )
    yield from ((raw[n], n, n + 1) for n in range(at, len(raw)))


def _replace_tag(match: re.Match[str]) -> str:
    """Return what a tag leaves in the text."""
    name = (match[1] or "").lower()
    if name in CELLS:
        return "\t"
    return "\n" if name in LINES else ""


def _replace(
    pieces: list[Piece],
    text: str,
    pattern: re.Pattern[str],
    make: Callable[[re.Match[str]], str],
) -> list[Piece]:
    """Replace what a pattern finds; what is put there stands for all of it."""
    out: list[Piece] = []
    at = 0
    for match in pattern.finditer(text):
        out += pieces[at : match.start()]
        at = match.end()
        start, end = pieces[match.start()][1], pieces[at - 1][2]
        out += [(character, start, end) for character in make(match)]
    return out + pieces[at:]


def _join_pieces(pieces: Iterable[Piece]) -> StringText:
    """Join pieces to a text; line ends of all kinds are one."""
    kept = [
        ("\n" if p[0] in "\r\u2028\u2029\x85" else p[0], p[1], p[2]) for p in pieces
    ]
    text = "".join(piece[0] for piece in kept)
    return StringText(text, tuple(p[1] for p in kept), tuple(p[2] for p in kept))
