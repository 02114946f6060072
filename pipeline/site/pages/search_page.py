"""Draws the search for cells by occupation, area, publisher and statistic."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pipeline.query.release_db import Row, make_placeholders
from pipeline.site.page_links import make_slug
from pipeline.site.pages.overview_page import list_occupations, list_search_choices
from pipeline.site.pages.release_view import ReleaseView

PAGE_ROWS, MAX_CODES = 100, 200  # cells of a page; codes that a word may stand for
COLUMNS = (
    "cell, soc, occupation, area_code, area, cohort, pay_basis, statistic, year, "
    "annual, annual_low, annual_high, currency, status, figures, independent_sources"
)
# An occupation has cells of every area: the whole country comes before its parts,
# everybody before some of the people, the newest year first.
NEAREST_FIRST = (
    "coalesce(area_level, '') <> 'national', cohort <> 'all', year DESC, cell"
)


@dataclass(frozen=True)
class SearchQuery:
    """A search for cells; "" is any.

    Args:
        occupation: A SOC code, or words of a title.
        area: A code, or a part of a name.
        publisher: Id.
        statistic: As in the tables.
        first: Number of the first cell of the page, from 0.
    """

    occupation: str = ""
    area: str = ""
    publisher: str = ""
    statistic: str = ""
    first: int = 0


def draw_search_page(view: ReleaseView, wanted: SearchQuery) -> bytes:
    """Draw the form, and one page of the cells that it finds."""
    rows = find_cells(view, wanted)
    onwards = str(wanted.first + PAGE_ROWS) if len(rows) > PAGE_ROWS else ""
    asked = {k: v for k, v in asdict(wanted).items() if v and k != "first"}
    return view.draw_page(
        "search",
        wanted=wanted,
        rows=rows[:PAGE_ROWS],
        onwards=view.links.search(**asked, first=onwards) if onwards else "",
        choices=view.get_or_make("choices", lambda: list_search_choices(view)),
        occupations=get_occupations(view),
        named=any(asked.values()),
    )


def draw_occupation_page(
    view: ReleaseView, soc: str, cells: Sequence[str], first: int
) -> bytes:
    """Draw one page of an occupation's cells for the static site.

    Args:
        view: The release.
        soc: Code of the occupation.
        cells: Those of its cells that have a page, in order.
        first: Number of the first cell of the page, from 0.
    """
    some = cells[first : first + PAGE_ROWS]
    rows = view.query_rows(
        f"SELECT {COLUMNS} FROM salaries WHERE cell IN ({make_placeholders(some)}) "
        "ORDER BY cell",
        *some,
    )
    more = first + PAGE_ROWS < len(cells)
    return view.draw_page(
        "search",
        wanted=SearchQuery(occupation=soc),
        rows=rows,
        onwards=f"{make_slug(soc)}-{first // PAGE_ROWS + 2}.html" if more else "",
        named=True,
    )


def get_occupations(view: ReleaseView) -> list[Row]:
    """Return every occupation that has a cell; listed once for the release."""
    rows: list[Row] = view.get_or_make("occupations", lambda: list_occupations(view))
    return rows


def find_cells(view: ReleaseView, wanted: SearchQuery) -> list[Row]:
    """Find the cells of a search, in order.

    Returns:
        One more than a page has, where there are more: so the next page is known.
    """
    parts: list[str] = []
    values: list[Any] = []
    if wanted.occupation:
        codes = find_occupations(view, wanted.occupation)
        parts.append(f"soc IN ({make_placeholders(codes)})" if codes else "0")
        values += codes
    if wanted.area:
        places = find_areas(view, wanted.area)
        parts.append(f"area_code IN ({make_placeholders(places)})" if places else "0")
        values += places
    if wanted.statistic:
        parts.append("statistic = ?")
        values.append(wanted.statistic)
    if wanted.publisher:
        parts.append(
            "EXISTS (SELECT 1 FROM provenance p WHERE p.cell = salaries.cell "
            "AND p.publisher = ?)"
        )
        values.append(wanted.publisher)
    where = f"WHERE {' AND '.join(parts)} " if parts else ""
    order = NEAREST_FIRST if wanted.occupation else "cell"  # all cells: by their index
    return view.query_rows(
        f"SELECT {COLUMNS} FROM salaries {where}ORDER BY {order} LIMIT ? OFFSET ?",
        *values, PAGE_ROWS + 1, wanted.first,
    )  # fmt: skip


def find_occupations(view: ReleaseView, text: str) -> list[str]:
    """Find the codes whose number or official title has every word of the text.

    Where none has, those of other titles in vocabularies/titles.csv: "medical coder" is
    29-2072, Medical Records Specialists.
    """
    words = text.lower().split()
    known = [row["soc"] for row in get_occupations(view)]
    found = [
        row["soc"]
        for row in get_occupations(view)
        if all(w in f"{row['soc']} {row['occupation']}".lower() for w in words)
    ]
    if not found:
        also = view.find_titled_codes(words)
        # A title that fits several occupations has them all in its code:
        # "medical billing specialist" is `29-2072|43-3021|43-6013`.
        found = [soc for soc in known if also & set(soc.split("|"))]
    return found[:MAX_CODES]


def find_areas(view: ReleaseView, text: str) -> list[str]:
    """Find the areas of the release whose code is the text, or whose name has it."""
    known = view.get_or_make("choices", lambda: list_search_choices(view))["areas"]
    words = text.strip().lower()
    same = [code for code in known if code.lower() == words]
    near = [code for code in known if words in view.areas.get(code, "").lower()]
    return (same or near)[:MAX_CODES]
