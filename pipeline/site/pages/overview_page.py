"""Draws the first page: what is covered, how fresh it is, what is open."""

from typing import Any

from pipeline.query.release_db import Row, make_placeholders
from pipeline.site.pages.conflict_query import CONFLICTS
from pipeline.site.pages.release_view import ReleaseView

OPEN_CONFLICTS = f"""{CONFLICTS}
WHERE d.status IN ('open', 'reopened')
ORDER BY d.severity DESC, abs(coalesce(d.difference, 0)) DESC, d.discrepancy_id
LIMIT ?
"""
SEVERITIES = """
SELECT severity, count(*) AS conflicts FROM discrepancies
WHERE status IN ('open', 'reopened') GROUP BY severity ORDER BY severity DESC
"""
SOURCES = """
SELECT s.source, count(*) AS snapshots, max(s.edition) AS edition,
       max(s.retrieved) AS retrieved, group_concat(DISTINCT s.capture) AS captures
FROM snapshots s GROUP BY s.source ORDER BY s.source
"""
COVERED = """
SELECT count(*) AS cells, count(DISTINCT soc) AS occupations,
       count(DISTINCT area_code) AS areas, min(year) AS first, max(year) AS last,
       max(effective) AS effective, max(last_checked) AS checked,
       max(last_changed) AS changed
FROM salaries WHERE is_year_known
"""
CONTESTED = """
SELECT * FROM salaries WHERE status = 'contested' ORDER BY spread DESC, cell LIMIT ?
"""
# Everybody's base pay in the whole country: one cell for each year and statistic.
# `insufficient` and `disputed` have no amount to show.
HEADLINE = """
SELECT * FROM salaries
WHERE soc IN ({marks}) AND area_code = 'US' AND cohort = 'all' AND pay_basis = 'base'
  AND statistic IN ('p10', 'median', 'mean', 'p90')
  AND status NOT IN ('insufficient', 'disputed') ORDER BY soc, year DESC, cell
"""
MAX_LISTED = 6


def draw_overview_page(view: ReleaseView) -> bytes:
    """Draw what is covered, freshness, open conflicts by severity, sources, search."""
    return view.draw_page(
        "overview", **view.get_or_make("overview", lambda: gather_overview_facts(view))
    )


def gather_overview_facts(view: ReleaseView) -> dict[str, Any]:
    """Gather counts and lists under the template's names, each in a total order."""
    severities = view.query_rows(SEVERITIES)
    return {
        "covered": view.query_rows(COVERED)[0],
        "statuses": view.query_rows(
            "SELECT status, count(*) AS cells FROM salaries GROUP BY status "
            "ORDER BY cells DESC, status"
        ),
        "rows": view.manifest["rows"],
        "severities": severities,
        "conflicts": view.query_rows(OPEN_CONFLICTS, MAX_LISTED),
        "conflict_count": sum(row["conflicts"] for row in severities),
        "contested": view.query_rows(CONTESTED, MAX_LISTED),
        "sources": list_sources(view),
        "headline": find_headline_pay(view),
        "occupations": list_occupations(view),
        "choices": list_search_choices(view),
    }


def list_sources(view: ReleaseView) -> list[Row]:
    """List the sources of the release with the counts of their claims, by id."""
    # A query of its own: joined to claims, `count(*)` would no longer count snapshots.
    counts = view.query_rows(
        "SELECT source, count(*) AS claims FROM claims GROUP BY source"
    )
    claims = {row["source"]: row["claims"] for row in counts}
    return [
        {**row, "claims": claims.get(row["source"], 0)}
        for row in view.query_rows(SOURCES)
    ]


def find_headline_pay(view: ReleaseView) -> list[Row]:
    """Find national pay of the occupations in focus, of the newest year of each.

    Returns:
        `occupation`, `soc`, `year`, and a row of `salaries` by statistic.
    """
    rows = view.query_rows(
        HEADLINE.format(marks=make_placeholders(view.focus_codes)), *view.focus_codes
    )
    found: dict[str, Row] = {}
    for row in rows:
        # Rows come with the newest year of an occupation first: it makes the entry, and
        # rows of other years are passed over.
        start = {
            "occupation": row["occupation"],
            "soc": row["soc"],
            "year": row["year"],
        }
        one = found.setdefault(row["soc"], start)
        if row["year"] == one["year"]:
            one.setdefault(row["statistic"], row)
    return list(found.values())


def list_occupations(view: ReleaseView) -> list[Row]:
    """List every occupation with the number of its cells; those in focus first."""
    # `?` stands for pages whose occupation no code fits.
    rows = view.query_rows(
        "SELECT soc, max(occupation) AS occupation, count(*) AS cells "
        "FROM salaries WHERE soc <> '?' GROUP BY soc ORDER BY soc"
    )
    return sorted(
        rows, key=lambda row: (row["soc"] not in view.focus_codes, row["soc"])
    )


def list_search_choices(view: ReleaseView) -> dict[str, list[str]]:
    """List the `areas` (codes) and `publishers` (ids) that a search may name."""
    return {
        "areas": [
            row["area_code"]
            for row in view.query_rows(
                "SELECT DISTINCT area_code FROM salaries ORDER BY 1"
            )
        ],
        "publishers": [
            row["publisher"]
            for row in view.query_rows(
                "SELECT DISTINCT publisher FROM provenance ORDER BY 1"
            )
        ],
    }
