"""Cells by occupation, area and publisher."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pipeline.query.release_db import Row, make_placeholders
from pipeline.report.site.book import Book
from pipeline.report.site.links import slug
from pipeline.report.site.overview import choices, occupations

PAGE, CODES = 100, 200
COLUMNS = (
    "cell, soc, occupation, area_code, area, cohort, pay_basis, statistic, year, "
    "annual, annual_low, annual_high, currency, status, figures, independent_sources"
)
# The whole country before its parts, the newest year first.
NEAREST = "coalesce(area_level, '') <> 'national', cohort <> 'all', year DESC, cell"


@dataclass(frozen=True)
class Wanted:
    """What is looked for; "" is any.

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


def search_page(book: Book, wanted: Wanted) -> bytes:
    """A form, and the cells that it finds, a page at a time."""
    rows = found(book, wanted)
    onwards = str(wanted.first + PAGE) if len(rows) > PAGE else ""
    asked = {k: v for k, v in asdict(wanted).items() if v and k != "first"}
    return book.draw(
        "search",
        wanted=wanted,
        rows=rows[:PAGE],
        onwards=book.links.search(**asked, first=onwards) if onwards else "",
        choices=book.remember("choices", lambda: choices(book)),
        occupations=titles(book),
        named=any(asked.values()),
    )


def occupation_page(book: Book, soc: str, cells: Sequence[str], first: int) -> bytes:
    """The cells of one occupation that have pages, from the `first` one on."""
    some = cells[first : first + PAGE]
    rows = book.ask(
        f"SELECT {COLUMNS} FROM salaries WHERE cell IN ({make_placeholders(some)}) ORDER BY cell",
        *some,
    )
    more = first + PAGE < len(cells)
    return book.draw(
        "search",
        wanted=Wanted(occupation=soc),
        rows=rows,
        onwards=f"{slug(soc)}-{first // PAGE + 2}.html" if more else "",
        named=True,
    )


def titles(book: Book) -> list[Row]:
    """Every occupation that has a cell."""
    rows: list[Row] = book.remember("occupations", lambda: occupations(book))
    return rows


def found(book: Book, wanted: Wanted) -> list[Row]:
    """One more than a page of cells, in order."""
    parts: list[str] = []
    values: list[Any] = []
    if wanted.occupation:
        codes = socs(book, wanted.occupation)
        parts.append(f"soc IN ({make_placeholders(codes)})" if codes else "0")
        values += codes
    if wanted.area:
        places = codes_of(book, wanted.area)
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
    order = NEAREST if wanted.occupation else "cell"  # all cells: by their index
    return book.ask(
        f"SELECT {COLUMNS} FROM salaries {where}ORDER BY {order} LIMIT ? OFFSET ?",
        *values, PAGE + 1, wanted.first,
    )  # fmt: skip


def socs(book: Book, text: str) -> list[str]:
    """Codes whose number or title has every word of the text.

    Where none has, those of the titles in `vocabularies/titles.csv` that have them.
    """
    words = text.lower().split()
    known = [row["soc"] for row in titles(book)]
    found = [
        row["soc"]
        for row in titles(book)
        if all(w in f"{row['soc']} {row['occupation']}".lower() for w in words)
    ]
    if not found:
        also = book.titled(words)
        found = [soc for soc in known if also & set(soc.split("|"))]
    return found[:CODES]


def codes_of(book: Book, text: str) -> list[str]:
    """Areas of the release whose code is the text, or whose name holds it."""
    known = book.remember("choices", lambda: choices(book))["areas"]
    words = text.strip().lower()
    same = [code for code in known if code.lower() == words]
    near = [code for code in known if words in book.areas.get(code, "").lower()]
    return (same or near)[:CODES]
