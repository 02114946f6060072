"""One publication: its facts, its scorecard, its snapshots, its looks."""

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
MAX_LOOKS = 40


def draw_source_page(book: ReleaseView, source: str) -> bytes:
    """Facts, scorecard, snapshots and outcomes of one publication.

    Raises:
        NotFound: No such source.
    """
    snapshots = book.query_rows(SNAPSHOTS, source)
    if source not in SOURCES and not snapshots:
        raise NotFound("Source", source, f"Known: {', '.join(SOURCES)}.")
    looks = list(book.looks(source))
    return book.draw_page(
        "source",
        id=source,
        facts=SOURCES.get(source),
        snapshots=snapshots,
        roles=book.query_rows(
            "SELECT role, count(*) AS figures FROM provenance WHERE source = ? "
            "GROUP BY role ORDER BY figures DESC, role", source,
        ),
        conflicts=book.query_rows(CONFLICTS_OF_SOURCE, source),
        scorecards=find_scorecards(book, source),
        meaning=find_measure_meaning(book),
        looks=looks[::-1][:MAX_LOOKS],
        looked=len(looks),
    )  # fmt: skip


def find_scorecards(book: ReleaseView, source: str) -> list[dict[str, Any]]:
    """How the source has done, where the release says so."""
    if not book.has_table("scorecards"):
        return []
    return book.query_rows(
        "SELECT * FROM scorecards WHERE source = ? ORDER BY measure LIMIT 200", source
    )


def find_measure_meaning(book: ReleaseView) -> str:
    """What the measures of a scorecard are, in the words of the codebook."""
    rows = book.query_rows(
        "SELECT meaning FROM codebook WHERE name = 'scorecards' AND column = 'measure'"
    )
    return rows[0]["meaning"] if rows else ""
