"""Draws the review queue: conflicts by what they would change, and filters."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pipeline.query.release_db import Row
from pipeline.site.pages.conflict_query import CONFLICTS
from pipeline.site.pages.release_view import ReleaseView

PAGE_ROWS = 40
STATES = ("undecided", "accepted", "any")
# States of a conflict that no ruling has accepted and no publisher has mended.
UNDECIDED = ("open", "explained", "reopened")


@dataclass(frozen=True)
class QueueFilter:
    """A filter of the queue; "" for anything.

    Args:
        type: Of the conflict.
        severity: The least one, 1 to 3.
        source: Whose page it is on.
        occupation: SOC code, or the beginning of one, of a cell in conflict.
        state: `undecided`, `accepted` or `any`.
        after: How many rows come before this page.
    """

    type: str = ""
    severity: int = 1
    source: str = ""
    occupation: str = ""
    state: str = "undecided"
    after: int = 0

    def is_wanted(self, row: Mapping[str, Any]) -> bool:
        """Return whether a row of the queue passes the filter."""
        # A conflict about no cell has "" here: it passes where no occupation is named.
        cells = (row["cells"] or "").split(" ")
        undecided = row["status"] in UNDECIDED
        return (
            self.type in ("", row["type"])
            and row["severity"] >= self.severity
            and self.source in ("", row["source"])
            and any(cell.startswith(self.occupation) for cell in cells)
            and (self.state == "any" or undecided == (self.state == "undecided"))
        )


def draw_queue_page(
    view: ReleaseView,
    queue: Sequence[Mapping[str, Any]],
    wanted: QueueFilter,
    *,
    writes: bool,
) -> bytes:
    """Draw a page of the queue.

    Args:
        view: The release.
        queue: Discrepancies with `impact`, the largest first.
        wanted: The filter.
        writes: A person may record a ruling here.
    """
    found = [row for row in queue if wanted.is_wanted(row)]
    rows = found[wanted.after : wanted.after + PAGE_ROWS]
    asked = {name: str(value) for name, value in asdict(wanted).items()}
    places = (wanted.after + PAGE_ROWS, max(0, wanted.after - PAGE_ROWS))
    onwards, back = (view.links.queue(**asked | {"after": str(n)}) for n in places)
    return view.draw_page(
        "queue",
        conflicts=add_first_cells(view, rows),
        found=len(found),
        all=len(queue),
        wanted=wanted,
        types=sorted({row["type"] for row in queue}),
        sources=sorted({row["source"] for row in queue}),
        states=STATES,
        onwards=onwards if len(found) > wanted.after + PAGE_ROWS else "",
        back=back if wanted.after else "",
        writes=writes,
    )


def add_first_cells(view: ReleaseView, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return conflicts with their first cell and the place of their first claim."""
    found = []
    for row in rows:
        (more,) = view.query_rows(
            f"{CONFLICTS} WHERE d.discrepancy_id = ?", row["discrepancy_id"]
        )
        found.append({**more, "impact": row["impact"]})
    return found
