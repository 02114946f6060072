"""Draws the page of a cell: the chosen figure, every other one, and why."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.core.errors import NotFound
from pipeline.query.decision_words import find_warning
from pipeline.query.release_db import Row, make_placeholders
from pipeline.site.charts import PlotMark, YearPoint, draw_forest, draw_years
from pipeline.site.pages.conflict_query import CONFLICTS
from pipeline.site.pages.release_view import ReleaseView

ROLE_ORDER = ("chosen", "supporting", "copy", "outvoted", "stale", "excluded")
# Figures in the table; in the chart, where 24 lines of 26 px are 624 px.
MAX_FIGURES, MAX_DRAWN = 200, 24
# `end` and `primary` are words of SQL, so they are quoted; templates read `first_hand`.
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
# A year that no page says is null and comes last.
YEARS = """
SELECT cell, year, annual, annual_low, annual_high, status, availability, currency
FROM salaries WHERE soc = ? AND area_code = ? AND cohort = ? AND pay_basis = ?
  AND statistic = ? ORDER BY year IS NULL, year
"""
# `IS`, not `=`: in SQL null equals nothing, and cells without a year have null.
OTHER_STATISTICS = """
SELECT cell, statistic, annual, annual_low, annual_high, status, currency
FROM salaries WHERE soc = ? AND area_code = ? AND cohort = ? AND pay_basis = ?
  AND year IS ? ORDER BY statistic
"""
CONFLICTS_OF_CELL = f"""{CONFLICTS}
WHERE d.discrepancy_id IN (SELECT discrepancy_id FROM discrepancy_cells WHERE cell = ?)
ORDER BY d.severity DESC, d.discrepancy_id
"""


def draw_cell_page(view: ReleaseView, cell: str) -> bytes:
    """Draw the page of one cell.

    Raises:
        NotFound: No such cell.
    """
    return view.draw_page("cell", **gather_cell_facts(view, cell))


def gather_cell_facts(view: ReleaseView, cell: str) -> dict[str, Any]:
    """Gather everything that the page of a cell says, under the template's names.

    Raises:
        NotFound: No such cell.
    """
    rows = view.query_rows("SELECT * FROM salaries WHERE cell = ?", cell)
    if not rows:
        form = "A cell reads soc/area/cohort/basis/statistic/year."
        raise NotFound("Cell", cell[:400], f"{form} Search for one.")
    salary = rows[0]
    figures = sorted(
        view.query_rows(FIGURES, cell, MAX_FIGURES),
        key=lambda f: (ROLE_ORDER.index(f["role"]), f["publisher"], f["claim_id"]),
    )
    conflicts = view.query_rows(CONFLICTS_OF_CELL, cell)
    history = view.query_rows(YEARS, *(salary[n] for n in QUESTION_COLUMNS))
    return {
        "salary": salary,
        "warning": find_warning(salary),
        "figures": figures,
        "groups": group_by_publisher(figures),
        "forest": draw_forest(
            [make_mark(view, f) for f in figures[:MAX_DRAWN] if has_amount(f)]
        ),
        "undrawn": max(0, len(figures) - MAX_DRAWN),
        "between": find_contested_range(figures),
        "conflicts": conflicts,
        "years": history,
        "line": draw_years([make_point(row, cell) for row in history if row["annual"]]),
        "beside": view.query_rows(
            OTHER_STATISTICS, *(salary[n] for n in (*QUESTION_COLUMNS[:-1], "year"))
        ),
        "rulings": find_rulings(view, salary, conflicts),
        "policies": list(view.policies(cell)),
        "changes": list(view.history(cell)),
    }


QUESTION_COLUMNS = ("soc", "area_code", "cohort", "pay_basis", "statistic")


def find_contested_range(figures: Sequence[Row]) -> tuple[float, float] | None:
    """Find the least and the largest amount of the figures that contest a cell.

    Returns:
        Amounts of a year, in the currency of the cell; None where nothing is contested.
    """
    names = ("annual_low", "annual", "annual_high")
    found = [f[n] for f in figures if f["reason"] == "contested" for n in names if f[n]]
    return (min(found), max(found)) if found else None


def has_amount(figure: Mapping[str, Any]) -> bool:
    """Return whether there is an amount to draw."""
    return any(figure[n] is not None for n in ("annual", "annual_low", "annual_high"))


def make_mark(view: ReleaseView, figure: Mapping[str, Any]) -> PlotMark:
    """Make a mark of the chart: with a figure's range, else its 95 % interval."""
    low, high, at = figure["annual_low"], figure["annual_high"], figure["annual"]
    if at is not None and low is None and high is None and figure["se_log"]:
        # 1.96 standard errors of ln(annual) either way, so a factor and no sum.
        wide = math.exp(1.96 * figure["se_log"])
        low, high = at / wide, at * wide
    name = view.publishers.get(figure["publisher"], figure["publisher"])
    # All amounts are of a year: one published per hour was converted, and says so.
    per = figure["period"] if figure["period"] != "year" else None
    unit = f", per {per}" if per else ""
    # A figure in somebody else's page is named by its publisher and the page's source.
    where = "" if figure["first_hand"] else f", in {figure['source']}"
    return PlotMark(f"{name}{unit}{where}", at, low, high, figure["role"])


def make_point(row: Mapping[str, Any], cell: str) -> YearPoint:
    """Make a point of the chart of years; `cell` is the one that the page is about."""
    return YearPoint(row["year"], row["annual"], row["cell"] == cell)


def group_by_publisher(figures: Sequence[Row]) -> list[dict[str, Any]]:
    """Group figures by the publisher that answers for them.

    Returns:
        `publisher`, its `rows`, and `counts`: whether one of them is independent.
        Copies are with the publisher that they copied, so that nobody counts twice.
    """
    found: dict[str, list[Row]] = {}
    for figure in figures:
        found.setdefault(figure["publisher"], []).append(figure)
    return [
        {
            "publisher": publisher,
            "rows": rows,
            "counts": any(r["is_independent"] for r in rows),
        }
        for publisher, rows in found.items()
    ]


def find_rulings(
    view: ReleaseView, salary: Mapping[str, Any], conflicts: Sequence[Row]
) -> list[Row]:
    """Find the rulings about a cell, its conflicts or its occupation, oldest first."""
    if not view.has_table("rulings"):
        return []
    # `accept` names a conflict, `merge` and `split` an occupation's code.
    of = [salary["cell"], salary["soc"], *(c["discrepancy_id"] for c in conflicts)]
    ids = (salary["ruling"] or "").split()
    return view.query_rows(
        f"SELECT * FROM rulings WHERE target IN ({make_placeholders(of)}) "
        f"OR id IN ({make_placeholders(ids)}) ORDER BY date, id",
        *of,
        *ids,
    )
