"""Curation to pages: what a release says, for people.

Everything that came from outside is escaped: by jinja's autoescape in HTML, by
`plain` in Markdown. Pages hold no script and ask for nothing from elsewhere.
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
    """The report as HTML and Markdown: file name to bytes."""
    facts = gather_report_facts(release, manifest, frames, vocabulary)
    return {
        name: get_environment().get_template(template).render(**facts).encode()
        for name, template in REPORT_TEMPLATES.items()
    }
