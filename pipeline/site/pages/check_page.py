"""Draws a page that somebody sent, with a verdict at every figure of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.core.model import Document
from pipeline.site.pages.page_text import Passage, make_passages
from pipeline.site.pages.release_view import ReleaseView
from pipeline.site.report.check_report import group_findings

MAX_CHARACTERS = 60_000  # characters of the text; the table beside it has every figure
MAX_ROWS = 1000  # figures in the table; the answer of the API has all of them
WRONG = ("misquoted", "wrong_scope", "unit_slip", "wrong_statistic")
GOOD = ("supported", "rounded")


@dataclass(frozen=True)
class SentPage:
    """A page that was sent and what its check found.

    Args:
        answer: Of `pipeline.query.as_json.check_to_json`.
        document: The page as it was read.
        claims: Rows of `schemas.Claims`, in the order of the verdicts.
        letter: To the publisher of the page; "" where nothing is wrong.
        reviews: Its figures as schema.org ClaimReview, as JSON.
    """

    answer: Mapping[str, Any]
    document: Document
    claims: Sequence[Mapping[str, Any]]
    letter: str = ""
    reviews: str = ""


def draw_check_form(view: ReleaseView, limit: int, problem: str = "") -> bytes:
    """Draw the form on which a page is pasted or a file chosen.

    Args:
        view: The release that is checked against.
        limit: Most bytes that may be sent.
        problem: Why what was sent before could not be checked; "" for nothing.
    """
    return view.draw_page("check", limit=limit, problem=problem, sent=None)


def draw_checked_page(view: ReleaseView, sent: SentPage, limit: int) -> bytes:
    """Draw the text with its figures highlighted, and the verdicts with reasons.

    Args:
        view: The release that was checked against.
        sent: The page and what its check found.
        limit: Most bytes that may be sent.
    """
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
        groups=group_findings(sent.answer["findings"]),
        letter=sent.letter,
        reviews=sent.reviews,
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
    """Make the passages of the beginning of the text."""
    return make_passages(document, claims, (0, MAX_CHARACTERS))


def mark_claim(claim: Mapping[str, Any], verdict: Mapping[str, Any]) -> dict[str, Any]:
    """Return a claim with its verdict and, as `mark`, the class of its highlight."""
    return {**claim, **verdict, "mark": choose_highlight(verdict["verdict"])}


def choose_highlight(verdict: str) -> str:
    """Return the class of the style sheet that highlights a verdict."""
    # The classes are those of a stored page's roles: one legend of colours for both.
    if verdict in WRONG:
        return "disputed"
    if verdict in GOOD:
        return "chosen" if verdict == "supported" else "supporting"
    return "stale" if verdict == "stale" else "excluded"


def rank_verdict(verdict: str) -> int:
    """Return the place of a verdict in the order of the page: wrong ones first."""
    kinds = ("disputed", "stale", "excluded", "supporting", "chosen")
    return (
        kinds.index(choose_highlight(verdict))
        if verdict != "not_comparable"
        else len(kinds)
    )
