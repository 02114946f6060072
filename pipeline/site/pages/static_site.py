"""Draws the pages as files that link to each other: a site that needs no server.

The server has a page for every cell. As files there are the cells that a person may
want to read: of the occupations in focus the national ones, and of states and
industries the medians and means; of every occupation those where publishers differ,
repeat each other, are in conflict, or a person has ruled.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.query.release_db import make_placeholders
from pipeline.site.page_links import Links, find_part, make_slug
from pipeline.site.pages.cell_page import draw_cell_page
from pipeline.site.pages.glossary_page import draw_glossary_page
from pipeline.site.pages.overview_page import draw_overview_page
from pipeline.site.pages.page_assets import read_style_sheet
from pipeline.site.pages.release_view import ReleaseView
from pipeline.site.pages.search_page import PAGE_ROWS, draw_occupation_page
from pipeline.site.pages.snapshot_page import TABLES, draw_snapshot_page
from pipeline.site.pages.source_page import draw_source_page

CELLS = """
SELECT cell FROM salaries
WHERE (soc IN ({marks})
       AND (area_level IN ('national', 'state') OR area_level IS NULL)
       AND (statistic IN ('median', 'mean')
            OR (area_level IS NOT 'state' AND cohort NOT LIKE '%industry=%')))
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
WITHOUT_CLAIMS = """
SELECT snapshot FROM snapshots
WHERE NOT EXISTS (SELECT 1 FROM claims c WHERE c.snapshot = snapshots.snapshot)
"""
CELLS_PER_QUERY = 500  # before version 3.32 SQLite binds no more than 999 values


def choose_static_cells(view: ReleaseView) -> list[str]:
    """Choose the cells that have a page in the static site, in order."""
    rows = view.query_rows(
        CELLS.format(marks=make_placeholders(view.focus_codes)), *view.focus_codes
    )
    return [row["cell"] for row in rows]


def draw_static_pages(
    view: ReleaseView, cells: Sequence[str]
) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the site: its path and its bytes, each path once.

    Args:
        view: The release.
        cells: That get a page.
    """
    parts = choose_parts(view, cells)
    codes = group_by_occupation(view, cells)
    links = Links(
        live=False,
        up="../",
        cells=frozenset(cells),
        parts=frozenset(parts),
        codes=frozenset(codes),
    )
    inner = view.with_links(links)
    yield "site.css", read_style_sheet()
    top = view.with_links(replace(links, up=""))
    yield "index.html", draw_overview_page(top)
    yield "glossary.html", draw_glossary_page(top)
    for code, of_code in codes.items():
        for number in range(0, len(of_code), PAGE_ROWS):
            ending = f"-{number // PAGE_ROWS + 1}" if number else ""
            name = f"{make_slug(code)}{ending}.html"
            yield (
                f"occupations/{name}",
                draw_occupation_page(inner, code, of_code, number),
            )
    for cell in cells:
        yield f"cells/{make_slug(cell)}.html", draw_cell_page(inner, cell)
    sources = view.query_rows("SELECT DISTINCT source FROM snapshots ORDER BY source")
    for row in sources:
        yield f"sources/{row['source']}.html", draw_source_page(inner, row["source"])
    for snapshot, part in parts:
        yield (
            f"snapshots/{snapshot}-{part}.html",
            draw_snapshot_page(inner, snapshot, part),
        )


def choose_parts(view: ReleaseView, cells: Sequence[str]) -> list[tuple[str, int]]:
    """Choose the parts of snapshots that have a page in the static site.

    Returns:
        Snapshot and part, sorted: all parts of texts that have claims, of tables the
        parts with figures of the cells, and the first part of what has any of these
        or no claim at all.
    """
    found = {
        (row["snapshot"], find_part(row))
        for row in view.query_rows(
            "SELECT snapshot, locator, start FROM claims "
            f"WHERE structure NOT IN ({make_placeholders(TABLES)})", *TABLES,
        )
    }  # fmt: skip
    for first in range(0, len(cells), CELLS_PER_QUERY):
        some = cells[first : first + CELLS_PER_QUERY]
        rows = view.query_rows(
            f"{PLACES} WHERE p.cell IN ({make_placeholders(some)})", *some
        )
        found |= {(row["snapshot"], find_part(row)) for row in rows}
    firsts = {snapshot for snapshot, _ in found}
    firsts |= {row["snapshot"] for row in view.query_rows(WITHOUT_CLAIMS)}
    return sorted(found | {(snapshot, 0) for snapshot in firsts})


def group_by_occupation(
    view: ReleaseView, cells: Sequence[str]
) -> dict[str, list[str]]:
    """Group the cells that have a page by SOC code, both in order."""
    found: dict[str, list[str]] = {}
    for cell in sorted(cells):
        found.setdefault(cell.partition("/")[0], []).append(cell)
    return dict(sorted(found.items()))
