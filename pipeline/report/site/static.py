"""The same pages as files that lead to each other: a site that needs no server.

Every cell can be reached on the server. As files there are the cells that a person
may want to read: of the occupations in focus the national ones and the states' medians
and means; of every occupation those where publishers differ, repeat each other, are in
conflict, or a person has ruled.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.query.release_db import make_placeholders
from pipeline.report.site.book import Book
from pipeline.report.site.cell import cell_page
from pipeline.report.site.links import Links, part_of, slug
from pipeline.report.site.overview import overview_page
from pipeline.report.site.search import PAGE, occupation_page
from pipeline.report.site.snapshot import TABLES, snapshot_page
from pipeline.report.site.source import source_page
from pipeline.report.site.style import style

CELLS = """
SELECT cell FROM salaries
WHERE (soc IN ({marks}) AND (area_level = 'national' OR area_level IS NULL
       OR area_level = 'state' AND statistic IN ('median', 'mean')))
   OR status = 'contested' OR independent_sources > 1
   OR ruling IS NOT NULL
UNION SELECT cell FROM discrepancy_cells
UNION SELECT cell FROM provenance WHERE role IN ('copy', 'outvoted', 'stale')
ORDER BY cell
"""
PLACES = """
SELECT c.snapshot, c.locator, c.start, p.cell
FROM provenance p JOIN claims c USING (claim_id)
"""
AT_ONCE = 500


def static_cells(book: Book) -> list[str]:
    """The cells that a site of files has a page for."""
    rows = book.ask(CELLS.format(marks=make_placeholders(book.focus)), *book.focus)
    return [row["cell"] for row in rows]


def static_pages(book: Book, cells: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Every file of the site: its path and its bytes, each path once.

    Args:
        book: The release.
        cells: That get a page.
    """
    parts = places(book, cells)
    codes = occupations_of(book, cells)
    links = Links(
        live=False,
        up="../",
        cells=frozenset(cells),
        parts=frozenset(parts),
        codes=frozenset(codes),
    )
    inner = book.linked(links)
    yield "site.css", style()
    yield "index.html", overview_page(book.linked(replace(links, up="")))
    for code, of_code in codes.items():
        for number in range(0, len(of_code), PAGE):
            name = f"{slug(code)}{f'-{number // PAGE + 1}' if number else ''}.html"
            yield f"occupations/{name}", occupation_page(inner, code, of_code, number)
    for cell in cells:
        yield f"cells/{slug(cell)}.html", cell_page(inner, cell)
    sources = book.ask("SELECT DISTINCT source FROM snapshots ORDER BY source")
    for row in sources:
        yield f"sources/{row['source']}.html", source_page(inner, row["source"])
    for snapshot, part in parts:
        yield f"snapshots/{snapshot}-{part}.html", snapshot_page(inner, snapshot, part)


def places(book: Book, cells: Sequence[str]) -> list[tuple[str, int]]:
    """Snapshot and part: the first of each, all of texts, else where figures stand."""
    found = {(row["snapshot"], 0) for row in book.ask("SELECT snapshot FROM snapshots")}
    found |= {
        (row["snapshot"], part_of(row))
        for row in book.ask(
            "SELECT snapshot, locator, start FROM claims "
            f"WHERE structure NOT IN ({make_placeholders(TABLES)})", *TABLES,
        )
    }  # fmt: skip
    for first in range(0, len(cells), AT_ONCE):
        some = cells[first : first + AT_ONCE]
        rows = book.ask(f"{PLACES} WHERE p.cell IN ({make_placeholders(some)})", *some)
        found |= {(row["snapshot"], part_of(row)) for row in rows}
    return sorted(found)


def occupations_of(book: Book, cells: Sequence[str]) -> dict[str, list[str]]:
    """SOC code to those of its cells that have a page."""
    found: dict[str, list[str]] = {}
    for cell in sorted(cells):
        found.setdefault(cell.partition("/")[0], []).append(cell)
    return dict(sorted(found.items()))
