"""What a page itself calls its rows, its items and its data."""

import re
from collections.abc import Mapping

from pipeline.core.model import Document

TITLES = 3
NAMED = re.compile(r"(?:\s*\d+[.)]\s+)?([^.;]{2,60}?)\s*(?::|–|—|-\s|\||,|\u00b7)")


def read_item_label(text: str) -> str:
    """What an item names before its figure, up to a colon or dash."""
    hit = NAMED.match(text)
    return hit[1] if hit else ""


def read_line_label(text: str) -> str:
    """The same of a line that holds a label, a mark and its figure: "Urology - $5"."""
    line = text.rpartition("\n")[2]
    hit = NAMED.fullmatch(line.strip())
    return hit[1] if hit else ""


def label_data_objects(document: Document) -> Mapping[tuple[int, str], str]:
    """Script and pointer of an object to the first text in it."""
    names: dict[tuple[int, str], str] = {}
    for datum in document.data:
        parent, _, key = datum.pointer.rpartition("/")
        # `@type` says what an object is, and not which one.
        if isinstance(datum.value, str) and not key.startswith("@"):
            names.setdefault((datum.script, parent), datum.value)
    return names


def read_page_title(document: Document) -> str:
    """Title and first headings: where a page names itself."""
    heads = [b for b in document.blocks if b.kind in ("title", "heading")][:TITLES]
    said = [document.text[b.start : b.end] for b in heads]
    return " ".join([document.title, document.url, *said])
