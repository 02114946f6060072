"""Place the figures of one page in what the page puts around them.

A figure in a table or a list has a label (the row's head, the words before it) and a
group (the column, the list); one in prose has its sentence. The labels are the page's
own names for the things it compares: "Law firms", "West", "10-14 years".
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from pipeline.core.model import Block, Document
from pipeline.reconcile.within_page.comparison_words import (
    ComparisonPhrases,
    split_sentences,
)
from pipeline.reconcile.within_page.row_labels import (
    LONGEST_LABEL,
    read_item_label,
    read_line_label,
)

Row = Mapping[str, Any]
LEVEL = "pay_level"
RELATIVE = "pay_delta_rel"
# Matches `script=2;/jobs/0/median`: script, path of the object, key.
POINTER = re.compile(r"script=(\d+);(.*)/([^/]+)$")
# Matches the `/0` of an object in an array.
INDEX = re.compile(r"/\d+$")
# Matches `char=120,126` and `xpath=/html/body/ul[1]/li[2];char=5,11`.
PLACE = re.compile(r"(?:xpath=(?P<path>[^;]+);)?char=(?P<start>\d+)")
# Greedy, so that the innermost list or table of a path is found.
LIST = re.compile(r"(.*/(?:table|ul|ol|dl)\[\d+\]).*", re.DOTALL)


@dataclass(frozen=True)
class PlacedFact:
    """One claim of a page, with its surroundings.

    Args:
        row: The claim, with the columns of its draft figure where it has one.
        group: The column, list or array that it is in.
        line: The row of a table, item of a list or object of the data.
        label: Words that name the line.
        sentence: That it is in.
        offset: Of the figure in the sentence.
        block: Number of the block of the document; -1 for data.
        number: Of the sentence in the block.
    """

    row: Row
    group: str | None = None
    line: str = ""
    label: frozenset[str] = frozenset()
    sentence: str = ""
    offset: int = 0
    block: int = -1
    number: int = -1

    @property
    def claim_id(self) -> str:
        """Id of the claim."""
        return str(self.row["claim_id"])

    @property
    def amount(self) -> Decimal | None:
        """The one amount, in the period published."""
        value = self.row.get("as_published")
        return value if value is not None else self.row.get("value")

    @property
    def yearly_amount(self) -> Decimal | None:
        """The one amount per full-time year; as published where no period is known."""
        annual = self.row.get("annual")
        return annual if annual is not None else self.amount

    @property
    def is_level(self) -> bool:
        """A level of pay; an illustration that gives an amount counts."""
        return bool(self.row["kind"] == LEVEL)

    @cached_property
    def soc_codes(self) -> frozenset[str]:
        """Codes that the occupation may mean."""
        return frozenset((self.row.get("soc_candidates") or "").split("|")) - {""}

    @cached_property
    def area_key(self) -> str:
        """Code of the area, else its name."""
        row = self.row
        return str(row.get("area_code") or (row.get("area") or "").lower())

    @cached_property
    def experience_band(self) -> str:
        """Years, or the label where there are none."""
        return self._find_in_cohort("experience=")

    @cached_property
    def industry(self) -> str:
        """The industry that narrows the people; "" for all of them."""
        return self._find_in_cohort("industry=")

    def _find_in_cohort(self, name: str) -> str:
        parts = str(self.row.get("cohort") or "").split(";")
        return next((p.removeprefix(name) for p in parts if p.startswith(name)), "")

    @property
    def from_script(self) -> bool:
        """Read from the page's embedded data."""
        return str(self.row["locator"]).startswith("script")

    @property
    def page_form(self) -> str:
        """Which form of the page it is from: `text`, `json_ld` or `json_state`."""
        structure = str(self.row.get("structure") or "json_state")
        return structure if self.from_script else "text"


def find_list_path(row: Row) -> str | None:
    """Return the path of the list or table that a locator leads into, or None."""
    place = PLACE.match(str(row["locator"]))
    if place is None or place["path"] is None or not LIST.match(place["path"]):
        return None
    return LIST.sub(r"\1", place["path"], count=1)


def make_script_fact(
    row: Row, names: Mapping[tuple[int, str], str], words: ComparisonPhrases
) -> PlacedFact:
    """Make the fact of a figure of the data: in its array, named by its object."""
    hit = POINTER.match(str(row["locator"]))
    # An object outside of an array has no neighbours to be compared with.
    if hit is None or not INDEX.search(hit[2]):
        return PlacedFact(row)
    label = names.get((int(hit[1]), hit[2]), "")
    group = f"script{hit[1]}:{INDEX.sub('', hit[2])}/{hit[3]}"
    return PlacedFact(row, group, hit[2], words.content_words(label))


@dataclass(frozen=True)
class BlockText:
    """The text of a block, split into sentences once for all of its figures."""

    block: Block
    text: str
    starts: Sequence[int]
    sentences: Sequence[str]


def split_block(document: Document, index: int) -> BlockText:
    """Split a block into its sentences; one before the first block is empty."""
    block = document.blocks[index] if index >= 0 else Block("paragraph", 0, 0)
    text = document.text[block.start : block.end]
    spans = split_sentences(text)
    sentences = [text[start:end] for start, end in spans]
    return BlockText(block, text, [start for start, _ in spans], sentences)


def make_text_fact(
    row: Row, document: Document, index: int, read: BlockText, words: ComparisonPhrases
) -> PlacedFact:
    """Make the fact of a figure of the text: with its sentence, row and label."""
    block, text = read.block, read.text
    within = row["start"] - block.start
    number = bisect_right(read.starts, within) - 1
    around = (read.sentences[number], within - read.starts[number], index, number)
    if block.table is not None:
        heads = [document.blocks[i] for i in block.row_heads]
        label = " ".join(document.text[b.start : b.end] for b in heads)
        group = f"table{block.table}:{block.column}"
        line = f"table{block.table}:{block.row}"
        return PlacedFact(row, group, line, words.content_words(label), *around)
    if block.kind in ("item", "definition"):
        lead = document.blocks[block.lead_in] if block.lead_in is not None else None
        term = document.text[lead.start : lead.end] if lead is not None else ""
        label = (
            term
            if block.kind == "definition"
            else read_item_label(text[: min(within, LONGEST_LABEL)])
        )
        # Items of one list share what introduces them, their depth and their heading;
        # terms of a definition list only the heading, as each is introduced by its own.
        group = f"list{block.lead_in}:{block.level}:{' > '.join(block.section)}"
        if block.kind == "definition":
            group = f"terms:{' > '.join(block.section)}"
        return PlacedFact(
            row, group, f"block{index}", words.content_words(label), *around
        )
    name = words.content_words(read_line_label(text, within))
    if name:
        return PlacedFact(row, f"lines{index}", f"{index}:{within}", name, *around)
    return PlacedFact(row, None, "", frozenset(), *around)
