"""What `payproof check` found on one page, as one HTML page."""

from collections.abc import Mapping
from typing import Any

from pipeline.report.templates import environment


def page_html(checked: Mapping[str, Any]) -> str:
    """Draw the object of `check --format json`.

    Args:
        checked: `document`, `release`, `claims`, `verdicts`, `discrepancies` and
            `nothing_because`, as docs/commands.md describes them.
    """
    return environment().get_template("check.html.j2").render(**checked)
