"""A cell to an evidence packet: one page and one JSON file to send to a publisher.

Both stand alone: the page has its style in itself, the words of every figure in their
surroundings, and the digest of the stored bytes that they were read from.
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
    """The page and the JSON of a cell.

    Raises:
        NotFound: No such cell.
    """
    vocabulary = open_vocabulary(home.vocabularies)
    found = explain(release, cell, vocabulary)
    nowhere = Links(live=False, cells=frozenset(), parts=frozenset(), codes=frozenset())
    view = open_release_view(home, release, vocabulary).with_links(nowhere)
    facts = gather_cell_facts(view, cell)
    figures = [describe_figure(row, cut_excerpt(view, row)) for row in facts["figures"]]
    cards = {f["snapshot"] for f in facts["figures"]}
    snapshots = [
        describe_snapshot(s) for s in release.manifest["snapshots"] if s["id"] in cards
    ]
    said = {
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
    return page, (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def describe_figure(figure: Row, words: Mapping[str, str]) -> Row:
    """A figure with its words in their surroundings."""
    names = ("claim_id", "role", "reason", "publisher", "source", "snapshot", "locator",
             "quote", "section", "annual_low", "annual", "annual_high")  # fmt: skip
    return {**{name: figure[name] for name in names}, "words": dict(words)}


def describe_snapshot(snapshot: Mapping[str, Any]) -> dict[str, str]:
    """What is known of a stored body."""
    return {
        name: snapshot["id" if name == "snapshot" else name] for name in CARD_FIELDS
    }
