"""Curation to pages: what a release says, for people.

Everything that came from outside is escaped: by jinja's autoescape in HTML, by
`plain` in Markdown. Pages hold no script and ask for nothing from elsewhere.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipeline.core.vocabulary import Vocabulary
from pipeline.report.digest import digest
from pipeline.report.templates import environment

PAGES = {"report.html": "report.html.j2", "report.md": "report.md.j2"}


def render(
    release: str,
    manifest: Mapping[str, Any],
    frames: Mapping[str, pl.DataFrame],
    vocabulary: Vocabulary,
) -> dict[str, bytes]:
    """The report as HTML and Markdown: file name to bytes."""
    facts = digest(release, manifest, frames, vocabulary)
    return {
        name: environment().get_template(template).render(**facts).encode()
        for name, template in PAGES.items()
    }
