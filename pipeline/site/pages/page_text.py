"""Cuts a page's text into passages in which the words of figures are marked."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.core.model import Block, Document
from pipeline.query.release_db import Row
from pipeline.read import read
from pipeline.read.read_limits import reading_with
from pipeline.site.page_links import CHARACTERS_PER_PART
from pipeline.site.pages.release_view import ReleaseView

Piece = tuple[str, tuple[Row, ...]]


@dataclass(frozen=True)
class Passage:
    """A block of the page: its kind, its heading level, and its text in pieces.

    Args:
        kind: As the reader says, `heading`, `cell`, …
        level: Of a heading, from 1.
        pieces: Text, and the claims that were read from it (none: plain text).
        rows: Of a table: its rows, each the pieces of its cells.
    """

    kind: str
    level: int
    pieces: tuple[Piece, ...] = ()
    rows: tuple[tuple[tuple[Piece, ...], ...], ...] = ()


def read_passages(
    view: ReleaseView, card: Row, claims: Sequence[Row], part: int
) -> tuple[list[Passage], int]:
    """Read the passages of one part of a stored page, and count its parts.

    Args:
        view: The release.
        card: Row of `snapshots`.
        claims: Those to mark.
        part: From 0.

    Raises:
        OSError: The stored bytes are gone.
        PayproofError: They cannot be read.
    """
    document = read_document(view, card)
    span = part * CHARACTERS_PER_PART, (part + 1) * CHARACTERS_PER_PART
    parts = max(1, math.ceil(len(document.text) / CHARACTERS_PER_PART))
    return make_passages(document, claims, span), parts


def make_passages(
    document: Document, claims: Sequence[Row], span: tuple[int, int]
) -> list[Passage]:
    """Make the passages between two offsets of a text, a table's rows together."""
    first, last = span
    spans = merge_spans(claims)
    blocks = [b for b in document.blocks if b.end > first and b.start < last]
    # A block at the edge is shown on both parts. It is whole as far as a tenth of a
    # part beyond the edge; a block that fills several parts is cut there.
    window = first - CHARACTERS_PER_PART // 10, last + CHARACTERS_PER_PART // 10
    found: list[Passage] = []
    for number, grouped in groupby(blocks, key=lambda block: block.table):
        if number is None:
            found += [
                Passage(b.kind, b.level, cut_block(document, b, window, spans))
                for b in grouped
            ]
        else:
            rows = tuple(
                tuple(cut_block(document, b, window, spans) for b in row)
                for _, row in groupby(grouped, key=lambda block: block.row)
            )
            found.append(Passage("table", 0, (), rows))
    return found


def read_document(view: ReleaseView, card: Row) -> Document:
    """Read a stored page as text; the last ones read are kept with the release.

    Raises:
        OSError: The stored bytes are gone.
        PayproofError: They cannot be read.
    """

    def opened() -> Document:
        # Bounds of the reader are those of the home's vocabularies (limits.csv).
        with reading_with(view.vocabulary):
            place = card["path"]
            body = view.locate(place).read_bytes()
            return read(body, card["media_type"], where=place)

    found: Document = view.get_or_make(f"document:{card['snapshot']}", opened)
    return found


def merge_spans(claims: Sequence[Row]) -> list[tuple[int, int, list[Row]]]:
    """Merge the spans of claims that overlap.

    Returns:
        Start, end and claims of each span, in order; offsets of the text.
    """
    found: list[tuple[int, int, list[Row]]] = []
    placed = [c for c in claims if c["start"] is not None and c["end"] > c["start"]]
    # The longest first of those that start together: it takes in the others.
    for claim in sorted(placed, key=lambda c: (c["start"], -c["end"])):
        if found and claim["start"] < found[-1][1]:
            start, end, rows = found[-1]
            found[-1] = (start, max(end, claim["end"]), [*rows, claim])
        else:
            found.append((claim["start"], claim["end"], [claim]))
    return found


def cut_block(
    document: Document,
    block: Block,
    window: tuple[int, int],
    spans: Sequence[tuple[int, int, list[Row]]],
) -> tuple[Piece, ...]:
    """Cut a block's text, within a window of offsets, where figures begin and end."""
    start, end = max(block.start, window[0]), min(block.end, window[1])
    inside = [s for s in spans if s[0] < end and s[1] > start]
    return tuple(cut_text(document.text, start, end, inside))


def cut_text(
    text: str, start: int, end: int, spans: Sequence[tuple[int, int, list[Row]]]
) -> Iterator[Piece]:
    """Yield plain and marked text in turn, from `start` to `end`.

    Args:
        text: Of the whole document.
        start: Offset of the first character.
        end: Offset behind the last one.
        spans: Of `merge_spans`: in order, none over another.
    """
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
