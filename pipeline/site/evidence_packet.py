"""Makes the evidence packet of a cell: one page and one JSON file for a publisher.

Both are complete without the server: the page holds its style, the words of every
figure with the text around them, and the digest of the stored bytes that they were read
from.
"""

import json
from collections.abc import Mapping
from typing import Any

from pipeline.core.store import Home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query.as_json import explanation_to_json
from pipeline.query.explain import explain
from pipeline.query.published import Release
from pipeline.query.release_db import Row
from pipeline.site.open_view import open_release_view
from pipeline.site.pages import Links, cut_excerpt, draw_packet_page
from pipeline.site.pages.cell_page import gather_cell_facts

CARD_FIELDS = (
    "snapshot", "source", "edition", "name", "capture", "retrieved", "url",
    "media_type", "sha256", "path",
)  # fmt: skip


def make_packet(home: Home, release: Release, cell: str) -> tuple[bytes, bytes]:
    """Make the page and the JSON of a cell.

    Raises:
        NotFound: No such cell.

    Returns:
        HTML and JSON, both UTF-8; the same bytes for the same release and cell.
    """
    vocabulary = open_vocabulary(home.vocabularies)
    found = explain(release, cell, vocabulary)
    # A packet is mailed: a link would lead to a page that its reader does not have.
    no_links = Links(
        live=False, cells=frozenset(), parts=frozenset(), codes=frozenset()
    )
    view = open_release_view(home, release, vocabulary).with_links(no_links)
    facts = gather_cell_facts(view, cell)
    figures = [describe_figure(row, cut_excerpt(view, row)) for row in facts["figures"]]
    cards = {f["snapshot"] for f in facts["figures"]}
    snapshots = [
        describe_snapshot(s) for s in release.manifest["snapshots"] if s["id"] in cards
    ]
    packet = {
        **explanation_to_json(found),
        "release": {
            "name": release.name,
            "demonstration": bool(release.manifest["demonstration"]),
            "key": release.manifest["key"],
        },
        "evidence": figures,
        "rulings": facts["rulings"],
        "policies": facts["policies"],
        "snapshots": snapshots,
    }
    page = draw_packet_page(view, facts, figures, snapshots)
    return page, (json.dumps(packet, ensure_ascii=False, indent=1) + "\n").encode()


def describe_figure(figure: Row, words: Mapping[str, str]) -> Row:
    """Return a figure with its words and the text around them, under `words`."""
    names = ("claim_id", "role", "reason", "publisher", "source", "snapshot", "locator",
             "quote", "section", "annual_low", "annual", "annual_high")  # fmt: skip
    return {**{name: figure[name] for name in names}, "words": dict(words)}


def describe_snapshot(snapshot: Mapping[str, Any]) -> dict[str, str]:
    """Return what the manifest says of a stored body, under the names of the tables."""
    # A manifest calls `id` what the tables call `snapshot`.
    return {
        name: snapshot["id" if name == "snapshot" else name] for name in CARD_FIELDS
    }
