"""Know how the fields of a figure were read, and when its page speaks.

Nobody is accused by a field that the page left open, that a default filled, or that
names something which was not understood: this is what the judge asks before it accuses.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.core.model import Block, Document

Row = Mapping[str, Any]
STATED, INHERITED, ASSUMED, UNREAD = "stated", "inherited", "assumed", "unread"
OWN_PLACES = ("row", "column", "cell", "caption")
OVER_LIST = ("lead_in", "list")
# Between `field:` and the next comma: `area:inherited,statistic:stated`.
PAIR = re.compile(r"(\w+):([^,]+)")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
UPDATED = re.compile(r"(?i)\b(?:updated|reviewed|posted|published)\b[^.\n]{0,30}")
# Where a page names its date in so many words, beside its own metadata.
HEAD_LENGTH = 600
BESIDE = 32  # characters: a label such as "at the 90th percentile"
BEFORE, BEHIND = 220, 160  # characters: about a sentence


@dataclass(frozen=True)
class FieldReading:
    """How a figure's fields were read.

    Args:
        basis: Field to `stated`, `inherited`, `assumed` or `unread`; a field that is
            not there was stated by a source that leaves nothing open.
        certainty: Field to how sure its reading is, 0 to 1.
        where: Field to the place that it was inherited from.
        unread: Words that narrow whom the figure is of and were not understood.
        start: Offset in the page's text; None in data and tables of publishers.
        section: Heading path.
        structure: `prose`, `list`, `table`, ….
        table: Number of the table that it stands in; None outside of all.
        around: The words that stand around it, and the heads of its row.
        beside: The few words right before and behind it.
    """

    basis: Mapping[str, str] = field(default_factory=dict)
    certainty: Mapping[str, float] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)
    unread: str = ""
    start: int | None = None
    section: str = ""
    structure: str = ""
    table: int | None = None
    around: str = ""
    beside: str = ""

    def is_read(self, name: str) -> bool:
        """Whether a field is the page's word, and no default nor a gap."""
        return self.basis.get(name, STATED) in (STATED, INHERITED)

    def is_stated(self, name: str) -> bool:
        """Whether a field stands in the figure's own sentence, row or cell."""
        return self.basis.get(name, STATED) == STATED

    def is_from_elsewhere(self, name: str) -> bool:
        """Whether a field is in neither the figure's sentence nor its row's heads."""
        if self.is_stated(name):
            return False
        where = self.where.get(name, "")
        # The line over a list says whose its items are.
        return where not in OWN_PLACES and (where, self.structure) != OVER_LIST

    def is_unread(self, name: str) -> bool:
        """Whether the page names something there that was not understood."""
        return self.basis.get(name) == UNREAD


PLAIN = FieldReading()


def read_fields(
    claims: Iterable[Row], documents: Mapping[str, Document] | None = None
) -> dict[str, FieldReading]:
    """Return how the fields of each claim were read, by claim id.

    Args:
        claims: Of pages.
        documents: Snapshot id to the page as it was read.
    """
    pages = documents or {}
    return {
        claim["claim_id"]: FieldReading(
            _split_pairs(claim.get("basis")),
            {k: float(v) for k, v in _split_pairs(claim.get("certainty")).items()},
            _split_pairs(claim.get("inherited")),
            claim.get("unread") or "",
            claim.get("start"),
            claim.get("section") or "",
            claim.get("structure") or "",
            _find_table(claim, pages.get(claim.get("snapshot") or "")),
            _read_around(claim, pages.get(claim.get("snapshot") or "")),
            _read_beside(claim, pages.get(claim.get("snapshot") or "")),
        )
        for claim in claims
    }


def _find_block(claim: Row, document: Document | None) -> Block | None:
    """Return the block of a page that a figure stands in, or None."""
    start = claim.get("start")
    if document is None or start is None:
        return None
    index = bisect_right(document.blocks, start, key=lambda block: block.start) - 1
    return document.blocks[index] if index >= 0 else None


def _find_table(claim: Row, document: Document | None) -> int | None:
    block = _find_block(claim, document)
    return None if block is None else block.table


def _read_around(claim: Row, document: Document | None) -> str:
    """Return the text around a figure in its own block, and the heads of its row."""
    block, start = _find_block(claim, document), claim["start"]
    if block is None or document is None:
        return ""
    text = document.text
    heads = [document.blocks[i] for i in block.row_heads]
    own = text[max(block.start, start - BEFORE) : min(block.end, start + BEHIND)]
    return " ".join([*(text[b.start : b.end] for b in heads), own])


def _read_beside(claim: Row, document: Document | None) -> str:
    """Return the few words right before and behind a figure."""
    start, end = claim.get("start"), claim.get("end")
    if document is None or start is None or end is None:
        return ""
    text = document.text
    return f"{text[max(0, start - BESIDE) : start]} {text[end : end + BESIDE]}"


def _split_pairs(text: str | None) -> dict[str, str]:
    return dict(PAIR.findall(text or ""))


def find_page_year(document: Document) -> int | None:
    """Return the year as of which a page speaks: of its metadata, head or title."""
    if document.published[:4].isdigit():
        return int(document.published[:4])
    head = document.text[:HEAD_LENGTH]
    said = [*UPDATED.findall(head), document.title]
    years = [int(year) for text in said for year in YEAR.findall(text)]
    return max(years, default=None)
