"""Draws the page of a source: facts, scorecard, snapshots, fetch attempts."""

from typing import Any

from pipeline.core.errors import NotFound
from pipeline.site.pages.conflict_query import CONFLICTS
from pipeline.site.pages.release_view import ReleaseView
from pipeline.sources import SOURCES

SNAPSHOTS = """
SELECT s.*, (SELECT count(*) FROM claims c WHERE c.snapshot = s.snapshot) AS claims,
       (SELECT count(*) FROM figures f WHERE f.snapshot = s.snapshot) AS figures,
       (SELECT count(*) FROM discrepancies d WHERE d.snapshot = s.snapshot)
           AS conflicts
FROM snapshots s WHERE s.source = ? ORDER BY s.edition DESC, s.snapshot
"""
CONFLICTS_OF_SOURCE = f"""{CONFLICTS}
WHERE d.source = ? ORDER BY d.severity DESC, d.discrepancy_id LIMIT 100
"""
MAX_LOOKS = 40  # fetch attempts shown; in its season a source is asked every day


def draw_source_page(view: ReleaseView, source: str) -> bytes:
    """Draw the facts, scorecard, snapshots and fetch attempts of one source.

    Raises:
        NotFound: No such source.
    """
    snapshots = view.query_rows(SNAPSHOTS, source)
    # A source that is no longer in the code may still be in a release.
    if source not in SOURCES and not snapshots:
        raise NotFound("Source", source, f"Known: {', '.join(SOURCES)}.")
    looks = list(view.looks(source))
    return view.draw_page(
        "source",
        id=source,
        facts=SOURCES.get(source),
        snapshots=snapshots,
        roles=view.query_rows(
            "SELECT role, count(*) AS figures FROM provenance WHERE source = ? "
            "GROUP BY role ORDER BY figures DESC, role", source,
        ),
        conflicts=view.query_rows(CONFLICTS_OF_SOURCE, source),
        scorecards=find_scorecards(view, source),
        meaning=find_measure_meaning(view),
        looks=looks[::-1][:MAX_LOOKS],
        looked=len(looks),
    )  # fmt: skip


def find_scorecards(view: ReleaseView, source: str) -> list[dict[str, Any]]:
    """Find the scorecard of a source; [] in releases that have none."""
    if not view.has_table("scorecards"):
        return []
    return view.query_rows(
        "SELECT * FROM scorecards WHERE source = ? ORDER BY measure LIMIT 200", source
    )


def find_measure_meaning(view: ReleaseView) -> str:
    """Return the codebook's description of a scorecard's measures; "" without one."""
    rows = view.query_rows(
        "SELECT meaning FROM codebook WHERE name = 'scorecards' AND column = 'measure'"
    )
    return rows[0]["meaning"] if rows else ""
