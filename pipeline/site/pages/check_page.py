"""A page that somebody sent, with a verdict at every figure of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.core.model import Document
from pipeline.site.pages.page_text import Passage, make_passages
from pipeline.site.pages.release_view import ReleaseView

MAX_CHARACTERS = 60_000  # characters of the text; the table beside it has every figure
MAX_ROWS = 1000
WRONG = ("misquoted", "wrong_scope", "unit_slip", "wrong_statistic")
GOOD = ("supported", "rounded")


@dataclass(frozen=True)
class SentPage:
    """What was sent and what became of it.

    Args:
        answer: `answers.checked`.
        document: As it was read.
        claims: Rows of `schemas.Claims`, in the order of the verdicts.
    """

    answer: Mapping[str, Any]
    document: Document
    claims: Sequence[Mapping[str, Any]]


def draw_check_form(view: ReleaseView, limit: int, problem: str = "") -> bytes:
    """The form: paste a page, or choose a file.

    Args:
        view: The release that is checked against.
        limit: Most bytes that may be sent.
        problem: Why what was sent could not be checked.
    """
    return view.draw_page("check", limit=limit, problem=problem, sent=None)


def draw_checked_page(view: ReleaseView, sent: SentPage, limit: int) -> bytes:
    """The text with its figures highlighted, and the verdicts with their reasons."""
    verdicts = sent.answer["verdicts"]
    rows = [mark_claim(*pair) for pair in zip(sent.claims, verdicts, strict=True)]
    shown = [
        row
        for row in rows
        if row["start"] is not None and row["start"] < MAX_CHARACTERS
    ]
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["verdict"]] = counts.get(row["verdict"], 0) + 1
    return view.draw_page(
        "check",
        limit=limit,
        problem="",
        sent=sent.answer,
        counts=sorted(
            counts.items(), key=lambda pair: (rank_verdict(pair[0]), pair[0])
        ),
        passages=make_first_passages(sent.document, shown),
        rows=sorted(rows, key=lambda row: rank_verdict(row["verdict"]))[:MAX_ROWS],
        left=max(0, len(rows) - MAX_ROWS),
        cut=max(0, len(sent.document.text) - MAX_CHARACTERS),
        marks={row["claim_id"] for row in shown},
    )


def make_first_passages(
    document: Document, claims: Sequence[dict[str, Any]]
) -> Sequence[Passage]:
    """The beginning of the text."""
    return make_passages(document, claims, (0, MAX_CHARACTERS))


def mark_claim(claim: Mapping[str, Any], verdict: Mapping[str, Any]) -> dict[str, Any]:
    """A claim with its verdict and the colour that tells it."""
    return {**claim, **verdict, "mark": choose_highlight(verdict["verdict"])}


def choose_highlight(verdict: str) -> str:
    """The class of a verdict's highlight."""
    if verdict in WRONG:
        return "disputed"
    if verdict in GOOD:
        return "chosen" if verdict == "supported" else "supporting"
    return "stale" if verdict == "stale" else "excluded"


def rank_verdict(verdict: str) -> int:
    """What a reader wants to see first."""
    kinds = ("disputed", "stale", "excluded", "supporting", "chosen")
    return (
        kinds.index(choose_highlight(verdict))
        if verdict != "not_comparable"
        else len(kinds)
    )
