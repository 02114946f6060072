"""A page's text in passages, the spans of its figures marked."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.core.model import Block, Document
from pipeline.query.release_db import Row
from pipeline.read import read
from pipeline.report.site.book import Book
from pipeline.report.site.links import TEXT

Piece = tuple[str, tuple[Row, ...]]


@dataclass(frozen=True)
class Passage:
    """A block of the page: its kind, its heading level, and its text in pieces.

    Args:
        kind: As the reader says, `heading`, `cell`, …
        level: Of a heading, from 1.
        pieces: Text, and the claims whose words it is (none: plain text).
        rows: Of a table: its rows, each the pieces of its cells.
    """

    kind: str
    level: int
    pieces: tuple[Piece, ...] = ()
    rows: tuple[tuple[tuple[Piece, ...], ...], ...] = ()


def passages(
    book: Book, card: Row, claims: Sequence[Row], part: int
) -> tuple[list[Passage], int]:
    """The passages of one part of a page, and how many parts there are.

    Raises:
        OSError: The stored bytes are gone.
        PayproofError: They cannot be read.
    """
    document = document_of(book, card)
    span = part * TEXT, (part + 1) * TEXT
    parts = max(1, math.ceil(len(document.text) / TEXT))
    return flowed(document, claims, span), parts


def flowed(
    document: Document, claims: Sequence[Row], span: tuple[int, int]
) -> list[Passage]:
    """The passages between two offsets of a text, a table's rows together."""
    first, last = span
    spans = merged(claims)
    blocks = [b for b in document.blocks if b.end > first and b.start < last]
    window = first - TEXT // 10, last + TEXT // 10
    found: list[Passage] = []
    for number, grouped in groupby(blocks, key=lambda block: block.table):
        if number is None:
            found += [
                Passage(b.kind, b.level, pieces(document, b, window, spans))
                for b in grouped
            ]
        else:
            rows = tuple(
                tuple(pieces(document, b, window, spans) for b in row)
                for _, row in groupby(grouped, key=lambda block: block.row)
            )
            found.append(Passage("table", 0, (), rows))
    return found


def document_of(book: Book, card: Row) -> Document:
    """A stored page as text.

    Raises:
        OSError: The stored bytes are gone.
        PayproofError: They cannot be read.
    """
    found: Document = book.remember(
        f"document:{card['snapshot']}",
        lambda: read(book.body(card["path"]), card["media_type"], where=card["path"]),
    )
    return found


def merged(claims: Sequence[Row]) -> list[tuple[int, int, list[Row]]]:
    """Spans in order that do not overlap, each with the claims within it."""
    found: list[tuple[int, int, list[Row]]] = []
    placed = [c for c in claims if c["start"] is not None and c["end"] > c["start"]]
    for claim in sorted(placed, key=lambda c: (c["start"], -c["end"])):
        if found and claim["start"] < found[-1][1]:
            start, end, rows = found[-1]
            found[-1] = (start, max(end, claim["end"]), [*rows, claim])
        else:
            found.append((claim["start"], claim["end"], [claim]))
    return found


def pieces(
    document: Document,
    block: Block,
    window: tuple[int, int],
    spans: Sequence[tuple[int, int, list[Row]]],
) -> tuple[Piece, ...]:
    """A block's text within a window, cut where figures begin and end."""
    start, end = max(block.start, window[0]), min(block.end, window[1])
    inside = [s for s in spans if s[0] < end and s[1] > start]
    return tuple(cut(document.text, start, end, inside))


def cut(
    text: str, start: int, end: int, spans: Sequence[tuple[int, int, list[Row]]]
) -> Iterator[Piece]:
    """Plain text and marked text in turn."""
    at = start
    for first, last, rows in spans:
        first, last = max(first, at), min(last, end)
        if first > at:
            yield text[at:first], ()
        if last > first:
            yield text[first:last], tuple(rows)
        at = max(at, last)
    if at < end:
        yield text[at:end], ()
