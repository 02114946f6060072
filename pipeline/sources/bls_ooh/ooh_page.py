"""A page of the Occupational Outlook Handbook as its parts: tabs, tables, charts.

Everything that the readers of the parts share: whom the page is about, which SOC codes
it covers, and how a figure on it becomes a row.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from pipeline.core.errors import LayoutChanged, UnknownLabel
from pipeline.core.model import Block, Document
from pipeline.core.unread_places import report_unread
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.shared import oews_cells

Row = dict[str, Any]

MODULE_FILE = "pipeline/sources/bls_ooh/ooh_page.py"
AMOUNT = r"\d{1,3}(?:,\d{3})*(?:\.\d{1,2})?"
# `2024–34` with a dash in text, `2019-2029` with a hyphen in older editions.
SPAN = r"(?P<first>\d{4})\s*[–-]\s*(?P<last>\d{4}|\d{2})"
TABS = {"Summary": "summary", "Pay": "pay", "Job Outlook": "outlook"}
# Headings of tabs end in a link's words: `Pay [About this section]`.
TAB = re.compile(r"(Summary|Pay|Job Outlook)(?: \[?About this section\]?)?")
FACTS = re.compile(r"\s*Quick Facts:\s*(?P<title>\S.{1,200}?)\s*")
CODE = re.compile(r"\d{2}-\d{4}")
TOLD = re.compile(r"\$\d|\d ?(?:percent|%)")  # a figure of pay or outlook
ALL = {"all workers", "all occupations", "total, all occupations"}
PERIODS = {"annual": "year", "hourly": "hour"}
PROFILE = "profile"  # group of a page of several codes: no level of the SOC


def expand_years(found: "re.Match[str]") -> str:
    """Return the years of a projection in full, of a match of `SPAN`.

    >>> found = [re.fullmatch(SPAN, s) for s in ("2024–34", "2019-2029")]
    >>> expand_years(found[0]), expand_years(found[1])
    ('2024-2034', '2019-2029')
    """
    first, last = found["first"], found["last"]
    return f"{first}-{first[: 4 - len(last)]}{last}"


def parse_number(text: str) -> Decimal:
    """Parse a figure without its commas and signs.

    >>> parse_number("$1,193,000"), parse_number("-58,300"), parse_number("1.2 million")
    (Decimal('1193000'), Decimal('58300'), Decimal('1200000.0'))
    """
    digits = re.sub(r"[^\d.]", "", text)
    return Decimal(digits) * (1_000_000 if text.endswith("million") else 1)


@dataclass(frozen=True)
class HandbookPage:
    """One page, and which of its characters have been read as figures.

    Args:
        document: Its text in blocks.
        vocabulary: For the top code of a survey year.
        where: For messages.
        title: The occupation as the quick facts name it; "" on a page without them.
    """

    document: Document
    vocabulary: Vocabulary
    where: str
    title: str
    _read: set[int] = field(default_factory=set, compare=False)

    @classmethod
    def from_document(
        cls, document: Document, vocabulary: Vocabulary, where: str
    ) -> "HandbookPage":
        """Return a page that has quick facts, or the tabs of a profile without them.

        Raises:
            LayoutChanged: It has neither: it is no page of the Handbook.
        """
        for block in document.blocks:
            found = FACTS.fullmatch(document.text[block.start : block.end])
            if block.kind == "cell" and found:
                return cls(document, vocabulary, where, found["title"])
        page = cls(document, vocabulary, where, "")
        # Military careers have both tabs, and no figure of pay or outlook on them.
        texts = {"pay": "", "outlook": ""}
        for block in document.blocks:
            if tab := page.find_tab(block):
                texts[tab] = texts.get(tab, "") + page.get_text(block)
        if not all(texts.values()) or any(map(TOLD.search, texts.values())):
            raise LayoutChanged(where, ["Quick Facts"], [], MODULE_FILE)
        return page

    def get_text(self, block: Block) -> str:
        """Return the characters of a block, non-breaking spaces as plain ones."""
        return self.document.text[block.start : block.end].replace("\xa0", " ")

    def find_tab(self, block: Block) -> str:
        """Return the tab that a block is on: `summary`, `pay`, `outlook`, or ""."""
        found = TAB.fullmatch(block.section[1]) if len(block.section) > 1 else None
        return TABS[found[1]] if found else ""

    def select_blocks(self, *kinds: str) -> Iterator[Block]:
        """Yield the blocks of some kinds, without the frame around the page."""
        for block in self.document.blocks:
            if block.kind in kinds and block.furniture is None:
                yield block

    @cached_property
    def tables(self) -> dict[int, list[Block]]:
        """The cells of each table, by its number."""
        found: dict[int, list[Block]] = {}
        for block in self.select_blocks("cell"):
            if block.table is not None:
                found.setdefault(block.table, []).append(block)
        return found

    @cached_property
    def soc_codes(self) -> dict[str, str]:
        """SOC codes of the occupations in the page's projections, by title."""
        return {
            self.get_text(
                self.document.blocks[cell.row_heads[-1]]
            ).lower(): self.get_text(cell)
            for cells in self.tables.values()
            for cell in cells
            if CODE.fullmatch(self.get_text(cell)) and cell.row_heads
        }

    def find_lead_in(self, block: Block) -> str:
        """Return the words that introduce a table or list; "" where there are none."""
        if block.lead_in is None:
            return ""
        return self.get_text(self.document.blocks[block.lead_in])

    def describe_occupation(self, name: str) -> Row:
        """Return claim fields of whom a figure is about, all in the nation.

        It is the page's occupation, one of its parts, or all occupations.

        A profile of several SOC codes has none of its own, and its title must not be
        taken for that of a group in the classification.
        """
        nation = {"area": "US", "area_code": "US", "area_level": "national"}
        # An article is part of a sentence, and not of the name that tables have.
        named = re.sub(r"^the ", "", name.strip())
        if named.lower() in ALL:
            total = {"occupation": "Total, all occupations", "soc": "00-0000"}
            return nation | total
        if named.lower() != self.title.lower():
            return nation | {
                "occupation": named,
                "soc": self.soc_codes.get(named.lower()),
            }
        codes = set(self.soc_codes.values())
        own = self.soc_codes.get(named.lower()) or (
            codes.pop() if len(codes) == 1 else ""
        )
        whole = {"occupation": self.title, "soc": own or None}
        return nation | whole | ({} if own else {"occupation_group": PROFILE})

    def describe_profile(self, name: str) -> Row:
        """Return claim fields of another page's occupation, maybe of several codes."""
        return self.describe_occupation(name) | {"occupation_group": PROFILE}

    def describe_pay(self, figure: str, period: str, when: str, statistic: str) -> Row:
        """Return claim fields of a wage, or of the top code that stands for one.

        Args:
            figure: As published, `$48,650`; "" where the period has no wage.
            period: `year` or `hour`.
            when: The survey's month, `2024-05`.
            statistic: `median`, `mean`, `p10` or `p90`.
        """
        value = parse_number(figure) if figure else None
        top = oews_cells.find_top_code(self.vocabulary, int(when[:4]))
        bound = top and (top.hourly if period == "hour" else top.annual)
        amount: Row = {"value": value}
        if value is None:
            amount = {"availability": "not_available"}
        elif value == bound:
            amount = {"low": value, "availability": "top_coded"}
        return {
            "kind": "pay_level",
            "period": period,
            "currency": "USD",
            "pay_basis": "base",
            "statistic": statistic,
            "reference_period": when,
            **amount,
        }

    def make_row(
        self, block: Block, at: tuple[int, int], structure: str, meaning: Row
    ) -> Row:
        """Return the row of a figure at its place, and note that the place was read.

        Args:
            block: Where it is.
            at: Its span in the block's text.
            structure: As in the claims: `prose`, `list` or `table`.
            meaning: Its claim fields.
        """
        start, end = block.start + at[0], block.start + at[1]
        self._read.update(range(start, end))
        place = {"start": start, "end": end, "structure": structure}
        section = " > ".join(block.section)
        return (
            {"quote": self.document.text[start:end], "section": section}
            | place
            | meaning
        )

    def find_unread(
        self, block: Block, pattern: re.Pattern[str]
    ) -> list[tuple[int, int]]:
        """Return the spans, in a block's text, of a pattern's figures not yet read."""
        return [
            found.span()
            for found in pattern.finditer(self.get_text(block))
            if not self._read.intersection(
                range(block.start + found.start(), block.start + found.end())
            )
        ]

    def leave_out(
        self, block: Block, at: tuple[int, int], why: str, *, needs_look: bool = True
    ) -> None:
        """Report a figure that is not read, with the words around it.

        Args:
            block: Where it is.
            at: Its span in the block's text.
            why: As in `UnreadPlace`.
            needs_look: Whether a figure of pay or outlook is missing.
        """
        from pipeline.read import locate_span

        words = self.get_text(block)[max(0, at[0] - 40) : at[1] + 20]
        place = locate_span(self.document, block.start + at[0], block.start + at[1])
        report_unread(place, words, why, needs_look=needs_look)

    def make_label_error(self, labels: list[str], place: str) -> UnknownLabel:
        """Make the error for words that no reader knows."""
        return UnknownLabel(self.where, labels, place)

    def make_layout_error(self, missing: list[str], place: str) -> LayoutChanged:
        """Make the error for parts that are not there."""
        return LayoutChanged(self.where, missing, [], place)


def describe_change(value: str, words: Row) -> Row:
    """Return claim fields of a projected change: unsigned, with its direction.

    A change of zero has no direction.
    """
    amount = parse_number(value) if re.search(r"\d", value) else None
    # Pages have the hyphen, the minus and the en dash as a sign.
    sign = "down" if value.strip()[:1] in "-−–" else "up"
    return {
        "kind": "outlook",
        "value": amount,
        "direction": sign if amount else None,
        **words,
    }
