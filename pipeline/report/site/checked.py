"""A page that somebody sent, with a verdict at every figure of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.core.model import Document
from pipeline.report.site.book import Book
from pipeline.report.site.text import Passage, flowed

SHOWN = 60_000  # characters of the text; the table beside it has every figure
MOST = 1000
WRONG = ("misquoted", "wrong_scope", "unit_slip", "wrong_statistic")
GOOD = ("supported", "rounded")


@dataclass(frozen=True)
class Sent:
    """What was sent and what became of it.

    Args:
        answer: `answers.checked`.
        document: As it was read.
        claims: Rows of `schemas.Claims`, in the order of the verdicts.
    """

    answer: Mapping[str, Any]
    document: Document
    claims: Sequence[Mapping[str, Any]]


def check_page(book: Book, limit: int, problem: str = "") -> bytes:
    """The form: paste a page, or choose a file.

    Args:
        book: The release that is checked against.
        limit: Most bytes that may be sent.
        problem: Why what was sent could not be checked.
    """
    return book.draw("check", limit=limit, problem=problem, sent=None)


def checked_page(book: Book, sent: Sent, limit: int) -> bytes:
    """The text with its figures highlighted, and the verdicts with their reasons."""
    verdicts = sent.answer["verdicts"]
    rows = [marked(*pair) for pair in zip(sent.claims, verdicts, strict=True)]
    shown = [row for row in rows if row["start"] is not None and row["start"] < SHOWN]
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["verdict"]] = counts.get(row["verdict"], 0) + 1
    return book.draw(
        "check",
        limit=limit,
        problem="",
        sent=sent.answer,
        counts=sorted(counts.items(), key=lambda pair: (order(pair[0]), pair[0])),
        passages=passages(sent.document, shown),
        rows=sorted(rows, key=lambda row: order(row["verdict"]))[:MOST],
        left=max(0, len(rows) - MOST),
        cut=max(0, len(sent.document.text) - SHOWN),
        marks={row["claim_id"] for row in shown},
    )


def passages(document: Document, claims: Sequence[dict[str, Any]]) -> Sequence[Passage]:
    """The beginning of the text."""
    return flowed(document, claims, (0, SHOWN))


def marked(claim: Mapping[str, Any], verdict: Mapping[str, Any]) -> dict[str, Any]:
    """A claim with its verdict and the colour that tells it."""
    return {**claim, **verdict, "mark": mark(verdict["verdict"])}


def mark(verdict: str) -> str:
    """The class of a verdict's highlight."""
    if verdict in WRONG:
        return "disputed"
    if verdict in GOOD:
        return "chosen" if verdict == "supported" else "supporting"
    return "stale" if verdict == "stale" else "excluded"


def order(verdict: str) -> int:
    """What a reader wants to see first."""
    kinds = ("disputed", "stale", "excluded", "supporting", "chosen")
    return kinds.index(mark(verdict)) if verdict != "not_comparable" else len(kinds)
