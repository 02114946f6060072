"""Pages around rulings: the door, the form with its preview, the ledger."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.rulings import ACTIONS, Ruling, select_standing
from pipeline.site.pages.release_view import ReleaseView

FIGURES_OF_CELL = """
SELECT p.claim_id, p.publisher, p.quote, p.annual, p.role, p.snapshot, p.locator,
       c.start
FROM provenance p LEFT JOIN claims c USING (claim_id)
WHERE p.cell = ? ORDER BY p.place, p.claim_id LIMIT 100
"""
ACTION_LABELS = {
    "override": "choose one of the published figures of a question",
    "exclude": "take one figure out of a question",
    "accept": "leave a conflict as it is, known and accepted",
    "merge": "put one occupation's figures under another code",
    "split": "take one title out of an occupation's code",
    "undo": "take a ruling back",
}


def draw_enter_page(view: ReleaseView, problem: str = "") -> bytes:
    """The form for the token."""
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
    """The form of a ruling.

    Args:
        view: The release.
        wish: What is filled in.
        words: Tokens of the form: `form`, `leaving`, and `seen` after a preview.
        problem: Why it cannot be recorded.
        ruling: As it would be recorded.
        would: What it would change.
    """
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
    """Every ruling, the newest first, with its state in the release.

    Args:
        view: The release.
        rows: The file, in its order.
        recorded: Id of the one that was just recorded.
        writes: A person may record more here.
    """
    known = (
        view.query_rows("SELECT id, state, why FROM rulings")
        if view.has_table("rulings")
        else ()
    )
    state = {row["id"]: row for row in known}
    stand = {ruling.id for ruling in select_standing(rows)}
    return view.draw_page(
        "rulings",
        rows=list(reversed(rows)),
        state=state,
        stand=stand,
        recorded=recorded,
        writes=writes,
        actions=ACTIONS,
    )
