"""Curation to pages: what a release says, for people.

Everything that came from outside is escaped: by jinja's autoescape in HTML, by
`plain` in Markdown. Pages hold no script and ask for nothing from elsewhere.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipeline.report.digest import digest
from pipeline.vocabulary import Vocabulary

PAGES = {"report.html": "report.html.j2", "report.md": "report.md.j2"}


def render(
    release: str,
    manifest: Mapping[str, Any],
    frames: Mapping[str, pl.DataFrame],
    vocabulary: Vocabulary,
) -> dict[str, bytes]:
    """The report as HTML and Markdown: file name to bytes."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("pipeline.report", "."),
        autoescape=select_autoescape(["html", "html.j2"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = plain
    environment.filters["money"] = money
    facts = digest(release, manifest, frames, vocabulary)
    return {
        name: environment.get_template(template).render(**facts).encode()
        for name, template in PAGES.items()
    }


def plain(text: object) -> str:
    """Text from outside as Markdown that is only text, on one line."""
    line = " ".join(str("" if text is None else text).split())
    for mark in "\\`*_{}[]<>()#|!~$":
        line = line.replace(mark, f"\\{mark}" if mark not in "<>" else escape(mark))
    return line


def escape(mark: str) -> str:
    """An angle bracket as an entity."""
    return "&lt;" if mark == "<" else "&gt;"


def money(amount: object) -> str:
    """An amount with thousands marks, cents only where there are any."""
    return "" if amount is None else f"{amount:,.2f}".removesuffix(".00")
