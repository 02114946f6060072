"""Renders what `payproof check` found on one page as one HTML page."""

from collections.abc import Mapping
from typing import Any

from pipeline.site.glossary import select_verdicts
from pipeline.site.jinja_environment import get_environment


def draw_check_report(checked: Mapping[str, Any]) -> str:
    """Draw the object of `check --format json` as HTML.

    Args:
        checked: `document`, `release`, `claims`, `verdicts`, `discrepancies`,
            `nothing_because` and `reading_faults`, as docs/commands.md describes them.
    """
    template = get_environment().get_template("report/check_report.html.j2")
    return template.render(**checked, glossary=select_verdicts())
