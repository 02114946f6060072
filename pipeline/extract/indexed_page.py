"""A document as the grammar sees it: what stands around each of its blocks."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any

from pipeline.core.currency_table import SIGNS
from pipeline.core.model import Block, Document
from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.lexicon import Mention
from pipeline.extract.number_ranges import Figure
from pipeline.extract.tagged_lines import TaggedLine, tag_line

LONG_LINE = 76
LABELLED_FIGURE = re.compile(
    r"[^.:;!?\n]{2,40}:[*_]{0,2} [^.:;!?\n]{0,30}\d[^;!?\n]{0,30}$"
)
LABEL_TAIL = 12  # characters behind a figure: ` a year`
LEAD_LENGTH = 320
MAX_CREDIT_WORDS = 14
# Of a row; each cell looks at the others, and a row may have thousands.
MOST_ROW_CELLS = 24
# A row of hundreds is no row: what opens it is looked at, and no more.
WIDEST_ROW, FEWEST_ROW_CELLS = 200, 2
MOST_NOTES = 20  # of a table, likewise
LISTED = ("item", "definition", "term")


@dataclass(slots=True, eq=False)
class ContextLine:
    """A line whose words hold for a figure elsewhere, and where it stands."""

    where: str
    line: TaggedLine
    nearest: bool = True
    full: bool = False


@dataclass(slots=True, frozen=True)
class PageRelease:
    """What the opening of a page settles for figures that say nothing of it.

    Args:
        publisher: The one that titles and first paragraphs credit.
        is_its_own: They announce it as news of that publisher.
        date: The one that the titles name.
        statistic: The one that the page gives its pay again and again.
        reports_survey: It is the report of a survey, by those who made it.
    """

    publisher: str = ""
    is_its_own: bool = False
    date: str = ""
    statistic: str = ""
    reports_survey: bool = False


@dataclass(slots=True)
class IndexedPage:
    """A document, its blocks by table and row, and lines read so far."""

    document: Document
    words: Gazetteer
    currency: str
    about_pay: bool = False
    about_floor: bool = False
    occupation: str = ""
    area: str = ""
    area_place: str = ""
    spoken: tuple[str, str] | None = None
    lone_nation: tuple[str, str] | None = None
    labelled_place: tuple[str, str] | None = None
    spoken_occupation: str | None = None
    main_currency: str = ""
    mentions_thousands: bool = False
    source: str = ""
    source_is_own: bool = False
    declares_pay: bool = False
    state: tuple[str, str] | None = None
    section_sources: dict[tuple[str, ...], str] = field(default_factory=dict)
    is_posting: bool = False
    damaged: bool = False
    survey: tuple[str, str] = ("", "")
    declared_statistic: str = ""
    release: PageRelease = PageRelease()
    last_cited: str = ""
    last_official: str = ""
    cited_in: tuple[str, ...] = ()
    told: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    listed_pay: dict[tuple[object, ...], list[float]] = field(default_factory=dict)
    list_sources: dict[tuple[object, ...], str] = field(default_factory=dict)
    _list_tails: dict[int, int] = field(default_factory=dict)
    _first_row_heads: dict[int, dict[int, int]] = field(default_factory=dict)
    _marked_columns: set[tuple[int, int]] = field(default_factory=set)
    homes: dict[tuple[str, ...], str] = field(default_factory=dict)
    spending_rows: dict[int, int] = field(default_factory=dict)
    whole_places: dict[str, str] = field(default_factory=dict)
    pair_labels: dict[int, int] = field(default_factory=dict)
    part_openings: dict[tuple[str, ...], int] = field(default_factory=dict)
    rows: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    notes: dict[int, list[int]] = field(default_factory=dict)
    table_openings: dict[int, int] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)
    figure_starts: list[int] = field(default_factory=list)
    table_cells: dict[int, list[int]] = field(default_factory=dict)
    typed_tables: dict[int, Any] = field(default_factory=dict)
    _cell_starts: dict[int, int] = field(default_factory=dict)
    names_credentials: bool | None = None
    key_mentions: dict[str, list[Mention]] = field(default_factory=dict)
    _word_counts: dict[str, int] = field(default_factory=dict)
    _lines: dict[tuple[int, int], TaggedLine] = field(default_factory=dict)
    _headings: dict[str, TaggedLine] = field(default_factory=dict)
    _around: dict[tuple[object, ...], list[ContextLine]] = field(default_factory=dict)

    def count_words(self, words: str) -> int:
        """Return how often the page's text has these words, counted once."""
        if words not in self._word_counts:
            self._word_counts[words] = self.document.text.count(words)
        return self._word_counts[words]

    def has_words(self, words: str) -> bool:
        """Return whether the page's text has these words."""
        return self.count_words(words) > 0

    def list_told(self, name: str, publisher: str) -> list[str]:
        """Return what figures of a publisher were said to have, the last one first."""
        return self.told.get((name, publisher), [])[::-1]

    def tell(self, name: str, publisher: str, value: str) -> None:
        """Note what a figure of a publisher is said to have."""
        values = self.told.setdefault((name, publisher), [])
        if value in values:
            values.remove(value)
        values.append(value)

    def block_line(self, index: int) -> TaggedLine:
        """Return a block, or the end of a long one, as a line without figures."""
        block = self.document.blocks[index]
        return self.span_line(max(block.start, block.end - LEAD_LENGTH), block.end)

    def span_line(self, start: int, end: int) -> TaggedLine:
        """Return a stretch of the text as a line without figures, read once."""
        found = self._lines.get((start, end))
        if found is None:
            text, words = self.document.text, self.words
            found = tag_line(text, start, end, words, damaged=self.damaged)
            self._lines[start, end] = found
        return found

    def heading_line(self, heading: str) -> TaggedLine:
        """Return a heading's text as a line of its own."""
        if heading not in self._headings:
            self._headings[heading] = tag_line(
                heading, 0, len(heading), self.words, damaged=self.damaged
            )
        return self._headings[heading]

    def list_context(self, index: int) -> list[ContextLine]:
        """Return the lines around whose words hold for a block, nearest first."""
        block = self.document.blocks[index]
        found: list[ContextLine] = []
        if block.kind == "cell":
            found += self._list_table_context(index, block)
        found += self._list_lead_ins(index, block)
        if block.kind in ("item", "definition"):
            found += self._find_credit_behind(index)
        found += self._list_headings(block)
        return found

    def _list_table_context(self, index: int, block: Block) -> list[ContextLine]:
        label = self.pair_labels.get(index)
        own = block.row_heads if label is None else (label,)
        found = [ContextLine("row", self.block_line(i)) for i in reversed(own)]
        found += [
            ContextLine("row", self.block_line(other), nearest=False)
            for other in self.list_row_cells(block)
            if other != index and other not in own and label is None
        ]
        found += [
            ContextLine("column", self.block_line(i))
            for i in reversed(self.find_column_heads(index))
        ]
        return found

    def list_row_cells(self, block: Block) -> list[int]:
        """Return the first cells of a cell's row; none for another block."""
        if block.table is None or block.row is None:
            return []
        row = self.rows.get((block.table, block.row), [])
        return row[: MOST_ROW_CELLS if len(row) <= WIDEST_ROW else FEWEST_ROW_CELLS]

    def find_column_heads(self, index: int) -> tuple[int, ...]:
        """Return a cell's column heads; the first row's where no head is marked."""
        block = self.document.blocks[index]
        if block.column_heads or block.table is None or not block.row:
            return block.column_heads
        if block.table not in self._first_row_heads:
            first = self.rows.get((block.table, 0), [])
            blocks = self.document.blocks
            texts = [self.document.text[blocks[i].start : blocks[i].end] for i in first]
            worded = all(any(c.isalpha() for c in text) for text in texts)
            money = any(not self.words.money.symbols.isdisjoint(t) for t in texts)
            self._first_row_heads[block.table] = (
                {self.document.blocks[i].column or 0: i for i in first}
                if worded and not money and len(first) > 1
                else {}
            )
        head = self._first_row_heads[block.table].get(block.column or 0)
        return () if head is None else (head,)

    def list_figures(self, start: int, end: int) -> list[Figure]:
        """Return the figures that begin in a stretch of the text."""
        first = bisect_left(self.figure_starts, start)
        return self.figures[first : bisect_left(self.figure_starts, end)]

    def find_cell_at(self, start: int) -> int | None:
        """Return the index of the cell that starts at an offset, if one does."""
        if not self._cell_starts:
            for at, block in enumerate(self.document.blocks):
                if block.kind == "cell":
                    self._cell_starts.setdefault(block.start, at)
        return self._cell_starts.get(start)

    def find_heads_at(self, start: int) -> tuple[int, ...]:
        """Column heads of the cell that starts at an offset."""
        at = self.find_cell_at(start)
        return () if at is None else self.document.blocks[at].column_heads

    def has_marked_column(self, table: int, column: int) -> bool:
        """Whether other cells of a column carry a currency mark."""
        if not self._marked_columns:
            text, signs = self.document.text, self.words.money.symbols
            for block in self.document.blocks:
                if block.table is None or block.column is None or block.head:
                    continue
                if text[block.start : block.start + 1] in signs:
                    self._marked_columns.add((block.table, block.column))
            self._marked_columns.add((-1, -1))
        return (table, column) in self._marked_columns

    def _list_lead_ins(self, index: int, block: Block) -> list[ContextLine]:
        key = ("leads", block.lead_in, block.table)
        if key not in self._around:
            self._around[key] = self._find_lead_ins(block)
        return self._around[key]

    def _find_lead_ins(self, block: Block) -> list[ContextLine]:
        found: list[ContextLine] = []
        blocks = self.document.blocks
        lead = block.lead_in
        steps = 0
        if block.table is not None:
            for note in self.notes.get(block.table, ())[:MOST_NOTES]:
                where = "caption" if blocks[note].kind == "caption" else "note"
                if note != lead:
                    found.append(ContextLine(where, self.block_line(note)))
        if lead is None and block.table is not None:
            lead = self.table_openings.get(block.table)
        while lead is not None and steps < 6:
            where = "caption" if blocks[lead].kind == "caption" else "lead_in"
            if len(blocks[lead].section) > len(block.section):
                break  # it belongs to a section that is over
            found.append(
                ContextLine(
                    where, self.block_line(lead), full=self._has_own_figures(lead)
                )
            )
            if (twin := self._find_twin_label(lead)) is not None:
                found.append(
                    ContextLine("lead_in", self.block_line(twin), nearest=False)
                )
            lead = blocks[lead].lead_in
            steps += 1
        return found

    def _find_twin_label(self, lead: int) -> int | None:
        """Return the label of the list before in the section, for a label alone."""
        blocks = self.document.blocks
        if blocks[lead].kind != "paragraph" or not self._is_list_label(lead):
            return None
        for other in range(lead - 1, max(-1, lead - 60), -1):
            if blocks[other].section != blocks[lead].section:
                return None
            if blocks[other].kind == "paragraph":
                return other if self._is_list_label(other) else None
        return None

    def _has_own_figures(self, index: int) -> bool:
        """Return whether a paragraph has figures of its own: it leads no list."""
        block = self.document.blocks[index]
        text = self.document.text[block.start : block.end].rstrip(" *_")
        return text[-1:] != ":" and not self.words.money.symbols.isdisjoint(text)

    def _find_credit_behind(self, index: int) -> list[ContextLine]:
        """`Mean wages, BLS, May 2024`: a short line behind a list is its source."""
        blocks = self.document.blocks
        after = index + 1
        while after < len(blocks) and blocks[after].kind in LISTED:
            if after in self._list_tails:
                break
            after += 1
        tail = self._list_tails.get(after, after)
        for passed in range(index, after + 1):
            self._list_tails[passed] = tail
        if tail == len(blocks) or blocks[tail].kind not in ("paragraph", "note"):
            return []
        line = self.block_line(tail)
        named = line.get_mentions("publisher") and line.get_mentions(
            "statistics", "months"
        )
        short = (
            len(line.words) <= MAX_CREDIT_WORDS
            and blocks[tail].end - line.start < LONG_LINE
        )
        own = blocks[tail].section == blocks[index].section
        return [ContextLine("caption", line)] if named and short and own else []

    def _is_list_label(self, index: int) -> bool:
        block = self.document.blocks[index]
        text = self.document.text[block.start : block.end].rstrip(" *_")
        return text.endswith(":") and len(text) < 90 and ". " not in text

    def _list_headings(self, block: Block) -> list[ContextLine]:
        key = ("section", block.section)
        if key not in self._around:
            self._around[key] = [
                ContextLine("heading", self.heading_line(text), nearest=depth == 0)
                for depth, text in enumerate(reversed(block.section))
            ]
            for depth in range(len(block.section) - 1, 0, -1):
                opening = self.part_openings.get(block.section[:depth])
                if opening is not None:
                    line = self.block_line(opening)
                    told = line.get_mentions("statistics")
                    if told and not line.get_mentions("area"):
                        self._around[key].append(ContextLine("lead_in", line))
        return self._around[key]


def _find_labelled_figure(
    text: str, start: int, end: int, figures: list[Figure]
) -> int | None:
    """Return where the line behind `Median pay: $54,300` begins; None where none does.

    A label and its figure are whole: what is said on the next line is a sentence of its
    own, however long.
    """
    stop = text.find("\n", start, end)
    line = LABELLED_FIGURE.match(text, start, stop) if stop > 0 else None
    if line is None or not text[stop + 1 : stop + 2].isupper():
        return None
    last = [f for f in figures if f.start < stop]
    return stop + 1 if last and last[-1].end >= stop - LABEL_TAIL else None


def _is_continued_line(text: str, at: int, part: str) -> bool:
    """Return whether a line goes on: it opens with a figure, after a word."""
    above = text[max(0, at - 3) : at].rstrip()
    if part.lstrip()[:1] == "(":
        return True
    opens = part.lstrip()[:1]
    return above[-1:].isalpha() and (opens.isdigit() or {opens} <= {*SIGNS})


def find_line_breaks(
    text: str, start: int, end: int, figures: list[Figure]
) -> list[int]:
    """Line ends within a block that part one label and figure from the next."""
    if "\n" not in text[start:end]:
        return []
    if (label := _find_labelled_figure(text, start, end, figures)) is not None:
        return [label]
    ends = []
    at = start
    held = 0
    for part in text[start:end].split("\n"):
        if len(part) > LONG_LINE or part.lstrip()[:1].islower():
            return []
        if at > start and _is_continued_line(text, at, part):
            return []
        stop = at + len(part)
        if any(at <= figure.start < stop for figure in figures):
            held += 1
        ends.append(stop + 1)
        at = stop + 1
    return ends[:-1] if held * 2 >= len(ends) - 1 else []
