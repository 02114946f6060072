"""Read what a page itself calls its rows, its items and its data."""

import re
from collections.abc import Mapping

from pipeline.core.model import Document

MOST_HEADINGS = 3  # a page names itself at its top
# Matches `Urology:`, `3. West -`, `Law firms |`: up to 60 characters before a mark; a
# full stop or semicolon before it makes it a sentence and no label. A hyphen needs a
# blank after it, or `part-time` would be cut.
NAMED = re.compile(r"(?:\s*\d+[.)]\s+)?([^.;]{2,60}?)\s*(?::|–|—|-\s|\||,|\u00b7)")
# Characters of a line up to its figure: what is longer has no label.
LONGEST_LABEL = 200


def read_item_label(text: str) -> str:
    """Return what an item names before its figure, up to a colon or dash."""
    hit = NAMED.match(text)
    return hit[1] if hit else ""


def read_line_label(text: str, end: int) -> str:
    """Return the label of a line of label, mark and figure: "Urology - $5".

    Args:
        text: Of the block.
        end: Where the figure begins.
    """
    first = max(0, end - LONGEST_LABEL)
    start = text.rfind("\n", first, end) + 1
    if first and not start:
        return ""
    hit = NAMED.fullmatch(text[start:end].strip())
    return hit[1] if hit else ""


def label_data_objects(document: Document) -> Mapping[tuple[int, str], str]:
    """Return script and pointer of an object to the first text in it."""
    names: dict[tuple[int, str], str] = {}
    for datum in document.data:
        parent, _, key = datum.pointer.rpartition("/")
        # `@type` says what an object is, and not which one.
        if isinstance(datum.value, str) and not key.startswith("@"):
            names.setdefault((datum.script, parent), datum.value)
    return names


def read_page_title(document: Document, *, most_headings: int = MOST_HEADINGS) -> str:
    """Return title, address and first headings: where a page names itself."""
    heads = [b for b in document.blocks if b.kind in ("title", "heading")][
        :most_headings
    ]
    texts = [document.text[b.start : b.end] for b in heads]
    return " ".join([document.title, document.url, *texts])
