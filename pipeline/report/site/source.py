"""One publication: its facts, its scorecard, its snapshots, its looks."""

from typing import Any

from pipeline.core.errors import NotFound
from pipeline.report.site.book import Book
from pipeline.report.site.conflicts import CONFLICTS
from pipeline.sources import SOURCES

SNAPSHOTS = """
SELECT s.*, (SELECT count(*) FROM claims c WHERE c.snapshot = s.snapshot) AS claims,
       (SELECT count(*) FROM figures f WHERE f.snapshot = s.snapshot) AS figures,
       (SELECT count(*) FROM discrepancies d WHERE d.snapshot = s.snapshot)
           AS conflicts
FROM snapshots s WHERE s.source = ? ORDER BY s.edition DESC, s.snapshot
"""
OF_SOURCE = f"""{CONFLICTS}
WHERE d.source = ? ORDER BY d.severity DESC, d.discrepancy_id LIMIT 100
"""
LOOKS = 40


def source_page(book: Book, source: str) -> bytes:
    """Facts, scorecard, snapshots and outcomes of one publication.

    Raises:
        NotFound: No such source.
    """
    snapshots = book.ask(SNAPSHOTS, source)
    if source not in SOURCES and not snapshots:
        raise NotFound("Source", source, f"Known: {', '.join(SOURCES)}.")
    looks = list(book.looks(source))
    return book.draw(
        "source",
        id=source,
        facts=SOURCES.get(source),
        snapshots=snapshots,
        roles=book.ask(
            "SELECT role, count(*) AS figures FROM provenance WHERE source = ? "
            "GROUP BY role ORDER BY figures DESC, role", source,
        ),
        conflicts=book.ask(OF_SOURCE, source),
        scorecards=scorecards(book, source),
        meaning=meaning(book),
        looks=looks[::-1][:LOOKS],
        looked=len(looks),
    )  # fmt: skip


def scorecards(book: Book, source: str) -> list[dict[str, Any]]:
    """How the source has done, where the release says so."""
    if not book.has("scorecards"):
        return []
    return book.ask(
        "SELECT * FROM scorecards WHERE source = ? ORDER BY measure LIMIT 200", source
    )


def meaning(book: Book) -> str:
    """What the measures of a scorecard are, in the words of the codebook."""
    rows = book.ask(
        "SELECT meaning FROM codebook WHERE name = 'scorecards' AND column = 'measure'"
    )
    return rows[0]["meaning"] if rows else ""
