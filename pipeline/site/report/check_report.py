"""Renders what `payproof check` found on one page as one HTML page that can be sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.reconcile.verdict.verdicts import ACCUSATIONS
from pipeline.site.glossary import select_verdicts
from pipeline.site.jinja_environment import get_environment

MAX_CARDS = 200  # the table below them has every figure
MAX_VERDICTS = 5000  # rows of that table
TITLES = {
    "wrong": "What is wrong",
    "conflict": "Where the page is at odds with itself",
    "older": "True of an earlier year",
    "same": "Names nobody, and is an official figure",
}


def draw_check_report(checked: Mapping[str, Any]) -> str:
    """Draw the object of `check --format json` as HTML.

    Args:
        checked: `document`, `release`, `claims`, `verdicts`, `discrepancies`,
            `summary`, `findings`, `nothing_because` and `reading_faults`, as
            docs/json.md describes them.
    """
    template = get_environment().get_template("report/check_report.html.j2")
    return template.render(
        **{**checked, "verdicts": checked["verdicts"][:MAX_VERDICTS]},
        groups=group_findings(checked["findings"]),
        left=max(0, len(checked["findings"]) - MAX_CARDS),
        wrong=ACCUSATIONS,
        glossary=select_verdicts(),
    )


def group_findings(
    findings: Sequence[Mapping[str, Any]], most: int = MAX_CARDS
) -> list[tuple[str, list[tuple[int, Mapping[str, Any]]]]]:
    """Group the first findings under titles, worst first, each with its number."""
    groups: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    for number, row in enumerate(findings[:most], 1):
        groups.setdefault(row["kind"], []).append((number, row))
    return [(TITLES[kind], rows) for kind, rows in groups.items()]
