"""Renders the report of a release as HTML and Markdown.

Everything that came from outside is escaped: by jinja's autoescape in HTML, by the
filter `plain` in Markdown. Pages hold no script and load nothing from elsewhere.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipeline.core.vocabulary import Vocabulary
from pipeline.site.jinja_environment import get_environment
from pipeline.site.report.report_facts import gather_report_facts

REPORT_TEMPLATES = {
    "report.html": "report/report.html.j2",
    "report.md": "report/report.md.j2",
}


def render_report(
    release: str,
    manifest: Mapping[str, Any],
    frames: Mapping[str, pl.DataFrame],
    vocabulary: Vocabulary,
) -> dict[str, bytes]:
    """Render the report of a release.

    Args:
        release: Its name.
        manifest: Its manifest.json.
        frames: Its tables by name.
        vocabulary: The occupations in focus.

    Returns:
        `report.html` and `report.md` to their bytes, UTF-8.
    """
    facts = gather_report_facts(release, manifest, frames, vocabulary)
    return {
        name: get_environment().get_template(template).render(**facts).encode()
        for name, template in REPORT_TEMPLATES.items()
    }
