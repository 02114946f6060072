"""Draws the pages about rulings: the form for the token, for a ruling, and the list."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.rulings import KNOWN, UNDO, Ruling, select_standing
from pipeline.site.pages.release_view import ReleaseView

FIGURES_OF_CELL = """
SELECT p.claim_id, p.publisher, p.quote, p.annual_low, p.annual, p.annual_high, p.role,
       p.snapshot, p.locator, c.start
FROM provenance p LEFT JOIN claims c USING (claim_id)
WHERE p.cell = ? ORDER BY p.place, p.claim_id LIMIT 100
"""
ACTION_LABELS = {
    "override": "choose one of the published figures of a question",
    "exclude": "take one figure out of a question",
    "accept": "leave a conflict as it is, known and accepted",
    "merge": "put one occupation's figures under another code",
    "split": "take one title out of an occupation's code",
    "answer": "what a publisher answered: disputes, corrected or comments",
    "retract": "take one of our own accusations back, visibly",
    "undo": "take a ruling back",
}


def draw_enter_page(view: ReleaseView, problem: str = "") -> bytes:
    """Draw the form that asks for the token; `problem` says why one was refused."""
    return view.draw_page("enter", problem=problem)


def draw_ruling_page(
    view: ReleaseView,
    wish: Mapping[str, str],
    words: Mapping[str, str],
    *,
    problem: str = "",
    ruling: Mapping[str, Any] | None = None,
    would: Mapping[str, Any] | None = None,
) -> bytes:
    """Draw the form of a ruling, with its preview where there is one.

    Args:
        view: The release.
        wish: What is filled in: the fields of `RulingProposal`.
        words: Signatures for its hidden fields: `form`, `leaving`, and `seen` after a
            preview.
        problem: Why it cannot be recorded.
        ruling: As it would be recorded.
        would: What it would change.
    """
    # These two name a cell, whose figures are the choice; the others name a conflict, a
    # code or a ruling.
    on_cell = wish["action"] in ("override", "exclude")
    conflicts = view.query_rows(
        "SELECT * FROM discrepancies WHERE discrepancy_id = ?", wish["target"]
    )
    return view.draw_page(
        "ruling",
        wish=wish,
        words=words,
        problem=problem,
        ruling=ruling,
        would=would,
        actions=ACTION_LABELS,
        inside=view.query_rows(FIGURES_OF_CELL, wish["target"]) if on_cell else (),
        conflict=conflicts[0] if conflicts else None,
    )


def draw_rulings_page(
    view: ReleaseView, rows: Sequence[Ruling], recorded: str, *, writes: bool
) -> bytes:
    """Draw every ruling, the newest first, with its state in the release.

    Args:
        view: The release.
        rows: Of vocabularies/rulings.csv, in the order of the file.
        recorded: Id of the one that was just recorded; "" for none.
        writes: A person may record rulings here.
    """
    known = (
        view.query_rows("SELECT id, state, why FROM rulings")
        if view.has_table("rulings")
        else ()
    )
    state = {row["id"]: row for row in known}
    # The release does not know what was recorded after it: the file does.
    stand = {ruling.id for ruling in select_standing(rows)}
    return view.draw_page(
        "rulings",
        rows=list(reversed(rows)),
        state=state,
        stand=stand,
        recorded=recorded,
        writes=writes,
        actions=[action for action in KNOWN if action != UNDO],
    )
