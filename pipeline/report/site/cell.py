"""One question: the chosen figure, every other one, and why."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.core.errors import NotFound
from pipeline.query.release_db import Row, make_placeholders
from pipeline.report.site.book import Book
from pipeline.report.site.charts import Mark, Point, forest, years
from pipeline.report.site.conflicts import CONFLICTS

ORDER = ("chosen", "supporting", "copy", "outvoted", "stale", "excluded")
MOST, DRAWN = 200, 24
FIGURES = """
SELECT p.*, c.section, c.structure, c.start, c."end", c.reference_period,
       c.attributed_to, c.occupation AS named, c.value, c.low, c.high, c.currency,
       c.period, c.approximate, f.se_log, f.se_source, f."primary" AS first_hand,
       s.edition, s.capture, s.retrieved, s.url, s.name
FROM provenance p JOIN claims c ON c.claim_id = p.claim_id
JOIN snapshots s ON s.snapshot = p.snapshot
LEFT JOIN figures f ON f.claim_id = p.claim_id AND f.cell = p.cell
WHERE p.cell = ? ORDER BY p.claim_id LIMIT ?
"""
YEARS = """
SELECT cell, year, annual, annual_low, annual_high, status, availability, currency
FROM salaries WHERE soc = ? AND area_code = ? AND cohort = ? AND pay_basis = ?
  AND statistic = ? ORDER BY year
"""
BESIDE = """
SELECT cell, statistic, annual, annual_low, annual_high, status, currency
FROM salaries WHERE soc = ? AND area_code = ? AND cohort = ? AND pay_basis = ?
  AND year = ? ORDER BY statistic
"""
OF_CELL = f"""{CONFLICTS}
WHERE d.discrepancy_id IN (SELECT discrepancy_id FROM discrepancy_cells WHERE cell = ?)
ORDER BY d.severity DESC, d.discrepancy_id
"""


def cell_page(book: Book, cell: str) -> bytes:
    """The page of one cell.

    Raises:
        NotFound: No such cell.
    """
    return book.draw("cell", **cell_facts(book, cell))


def cell_facts(book: Book, cell: str) -> dict[str, Any]:
    """Everything that the page of a cell says.

    Raises:
        NotFound: No such cell.
    """
    rows = book.ask("SELECT * FROM salaries WHERE cell = ?", cell)
    if not rows:
        form = "A cell reads soc/area/cohort/basis/statistic/year."
        raise NotFound("Cell", cell[:400], f"{form} Search for one.")
    salary = rows[0]
    figures = sorted(
        book.ask(FIGURES, cell, MOST),
        key=lambda f: (ORDER.index(f["role"]), f["publisher"], f["claim_id"]),
    )
    conflicts = book.ask(OF_CELL, cell)
    history = book.ask(YEARS, *(salary[n] for n in PARTS))
    return {
        "salary": salary,
        "figures": figures,
        "groups": groups(figures),
        "forest": forest([mark(book, f) for f in figures[:DRAWN] if pays(f)]),
        "undrawn": max(0, len(figures) - DRAWN),
        "between": between(figures),
        "conflicts": conflicts,
        "years": history,
        "line": years([point(row, cell) for row in history if row["annual"]]),
        "beside": book.ask(BESIDE, *(salary[n] for n in (*PARTS[:-1], "year"))),
        "rulings": rulings(book, salary, conflicts),
        "policies": list(book.policies(cell)),
        "changes": list(book.history(cell)),
    }


PARTS = ("soc", "area_code", "cohort", "pay_basis", "statistic")


def between(figures: Sequence[Row]) -> tuple[float, float] | None:
    """The least and the largest amount of the figures that stand against each other."""
    names = ("annual_low", "annual", "annual_high")
    said = [f[n] for f in figures if f["reason"] == "contested" for n in names if f[n]]
    return (min(said), max(said)) if said else None


def pays(figure: Mapping[str, Any]) -> bool:
    """There is an amount to draw."""
    return any(figure[n] is not None for n in ("annual", "annual_low", "annual_high"))


def mark(book: Book, figure: Mapping[str, Any]) -> Mark:
    """A figure as the chart wants it: its range, else the interval of its error."""
    low, high, at = figure["annual_low"], figure["annual_high"], figure["annual"]
    if at is not None and low is None and high is None and figure["se_log"]:
        wide = math.exp(1.96 * figure["se_log"])
        low, high = at / wide, at * wide
    name = book.publishers.get(figure["publisher"], figure["publisher"])
    per = figure["period"] if figure["period"] != "year" else None
    unit = f", per {per}" if per else ""
    where = "" if figure["first_hand"] else f", in {figure['source']}"
    return Mark(f"{name}{unit}{where}", at, low, high, figure["role"])


def point(row: Mapping[str, Any], cell: str) -> Point:
    """One year of the same question."""
    return Point(row["year"], row["annual"], row["cell"] == cell)


def groups(figures: Sequence[Row]) -> list[dict[str, Any]]:
    """One witness each: the publishers that are answerable, with what repeats them."""
    found: dict[str, list[Row]] = {}
    for figure in figures:
        found.setdefault(figure["publisher"], []).append(figure)
    return [
        {
            "publisher": publisher,
            "rows": rows,
            "counts": any(r.get("speaks") for r in rows),
        }
        for publisher, rows in found.items()
    ]


def rulings(
    book: Book, salary: Mapping[str, Any], conflicts: Sequence[Row]
) -> list[Row]:
    """What persons decided about the cell, its conflicts or its occupation."""
    if not book.has("rulings"):
        return []
    of = [salary["cell"], salary["soc"], *(c["discrepancy_id"] for c in conflicts)]
    ids = (salary["ruling"] or "").split()
    return book.ask(
        f"SELECT * FROM rulings WHERE target IN ({make_placeholders(of)}) OR id IN ({make_placeholders(ids)}) "
        "ORDER BY date, id", *of, *ids,
    )  # fmt: skip
