"""What each column of a table holds: pay, changes, numbered steps, or no pay at all.

A table is typed once and whole: by the heads of its columns, by the signs and sizes of
what stands in them, and by the caption, the lead-in and the heading over it. A cell is
then what its column is, whatever word the label of its row happens to hold.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.extract.cell_amounts import is_in_thousands
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.number_ranges import Figure
from pipeline.extract.pay_sizes import fits_pay, read_context_period
from pipeline.extract.tokens import split_tokens

PAY, CHANGE, NOT_PAY, UNTYPED = "pay", "change", "not_pay", ""
HEAD_LENGTH = 200
TITLE_LENGTH = 300
# A day, an hour of the day: numbers that no column makes money.
DATED = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}-\d\d-\d\d|\d{1,2}:\d\d")
# `Step 3`, `Level B`, `10 years`: which of several columns it is, and not what.
NUMBERED = re.compile(r"\d|\b[A-Z]{1,2}\b|\b[IVX]{1,4}\b")
PERCENTS = re.compile(r"(?<![\d\s])\s?%|\(in percent\)")  # `Rate (%)`, not `25%`
PERCENT_HEAD = re.compile(r"(?i)%|\b(?:per ?cent|pct|prozent)\b")
LEAST_PAY = 4.0  # of an hour; what is less is no pay for any span
LONGEST_SEQUENCE = 100
# Of the figures of a column; the rest may be a slip, a bonus row, a total.
MOST_UNFIT = 0.34
MOST_MIXED = 0.34  # of the rows, whose label speaks of something else than pay


@dataclass(frozen=True)
class ColumnType:
    """What a column holds.

    Args:
        means: `pay`, `change`, `not_pay`, or "" where nothing tells.
        rule: What told it.
        firm: Whether the table, and not a word such as `average` alone, makes it pay.
    """

    means: str
    rule: str = ""
    firm: bool = False


@dataclass(slots=True)
class TypedTable:
    """One table: its cells with numbers by column, and what is said over it.

    Args:
        columns: Cells without heads, by their column and the heads over it.
        about: What the caption, lead-in or nearest heading speaks of, or "".
        titled: Whether the page's title speaks of pay.
        period: The span of time that they name, or "".
        many: How many figures stand in it.
        signed: Whether a column of its cells carries marks of money.
        times: What its caption or lead-in says that sums are counted in: 1000, else 1.
        types: Of the columns asked for so far.
    """

    columns: dict[tuple[int, tuple[int, ...]], list[int]]
    about: str
    titled: bool
    period: str
    many: int
    signed: bool
    times: float = 1.0
    types: dict[tuple[int, tuple[int, ...]], ColumnType] = field(default_factory=dict)


def type_cell(page: IndexedPage, index: int) -> ColumnType:
    """Return what the column of a cell holds; a cell of no table is untyped."""
    block = page.document.blocks[index]
    if block.table is None or block.column is None:
        return ColumnType(UNTYPED)
    table = _open_table(page, block.table)
    key = (block.column, page.find_column_heads(index))
    if key not in table.types:
        table.types[key] = _type_column(page, table, table.columns.get(key, []), key[1])
    return table.types[key]


def read_column_period(page: IndexedPage, index: int) -> str:
    """Return the span of time that the heads over a cell name, or ""."""
    return _read_heads_period(page, page.find_column_heads(index))


def is_pay_change(page: IndexedPage, index: int) -> bool:
    """Return whether a bare number is a percent by which pay changed: `Change (%)`.

    Its head says so, and the table is of pay or has a column of it.
    """
    block = page.document.blocks[index]
    heads = page.find_column_heads(index)
    if block.table is None or block.head or not heads:
        return False
    line = page.block_line(heads[-1])
    if PERCENT_HEAD.search(line.text, line.start, line.end) is None:
        return False
    if _read_nearest_head(page, heads) != CHANGE:
        return False
    table = _open_table(page, block.table)
    row = (cell for cell in page.list_row_cells(block) if cell != index)
    return table.about == PAY or any(type_cell(page, cell).means == PAY for cell in row)


def read_column_head(page: IndexedPage, head: int) -> str:
    """Return what a column head says its numbers are: pay, not_pay, change or ""."""
    block = page.document.blocks[head]
    text = page.document.text
    words = split_tokens(text, block.start, min(block.end, block.start + HEAD_LENGTH))
    found = page.words.head_lexicon.find_mentions(text, words)
    # `year` in `per year` is the span of the pay, and no column of years.
    spans = [(m.start, m.end) for m in page.block_line(head).get_mentions("periods")]
    found = [
        m
        for m in found
        if m.category == "head_words"
        and not (m.means == NOT_PAY and any(a <= m.start < b for a, b in spans))
    ]
    means = {m.means for m in found}
    if _is_numbered_step(page, head, means):
        return UNTYPED
    return next((v for v in (NOT_PAY, CHANGE, PAY) if v in means), UNTYPED)


def _is_numbered_step(page: IndexedPage, head: int, means: set[str]) -> bool:
    """`Step 1 (start)`, `10 years`, `Lane B`: it says which; its column may be pay."""
    line = page.block_line(head)
    numbered = NUMBERED.search(line.text, line.start, line.end)
    if numbered is None or PAY in means or CHANGE in means:
        return False
    lists = page.words.lists
    scales = lists["bare_scales"] | lists["step_scales"]
    passed = scales | lists["step_qualifiers"]
    rest = [w for w in line.texts if w not in passed and len(w) > 2 and w.isalpha()]
    named = any(word in scales for word in line.texts)
    return named and not rest


def is_dated(text: str, figure: Figure) -> bool:
    """Return whether a number is part of a day or of an hour of the day."""
    around = DATED.finditer(text, max(0, figure.start - 10), figure.end + 8)
    return any(m.start() < figure.end and figure.start < m.end() for m in around)


def _open_table(page: IndexedPage, number: int) -> TypedTable:
    """Return a table's cells by column, and what is said over it; gathered once."""
    if number not in page.typed_tables:
        if not page.table_cells:
            for index, block in enumerate(page.document.blocks):
                if block.kind == "cell" and block.table is not None:
                    page.table_cells.setdefault(block.table, []).append(index)
        page.typed_tables[number] = _gather_table(page, page.table_cells[number])
    table: TypedTable = page.typed_tables[number]
    return table


def _gather_table(page: IndexedPage, cells: list[int]) -> TypedTable:
    columns: dict[tuple[int, tuple[int, ...]], list[int]] = {}
    blocks = page.document.blocks
    for index in cells:
        heads = page.find_column_heads(index)
        if blocks[index].head and not heads:
            continue
        columns.setdefault((blocks[index].column or 0, heads), []).append(index)
    body = next((i for i in cells if not blocks[i].head), cells[0])
    title = page.heading_line(page.document.title[:TITLE_LENGTH])
    signed = any(
        page.has_marked_column(blocks[i].table or 0, blocks[i].column or 0)
        for i in cells
    )
    return TypedTable(
        columns,
        _read_topic_over(page, body),
        any(m.means == PAY for m in title.get_mentions("topics")),
        read_context_period(page, body),
        sum(len(_list_figures(page, group)) for group in columns.values()),
        signed,
        1000.0 if is_in_thousands(page, body) else 1.0,
    )


def _read_topic_over(page: IndexedPage, index: int) -> str:
    """Return what the nearest line over a table that has a topic speaks of."""
    for context in page.list_context(index):
        if context.where not in ("caption", "lead_in", "heading"):
            continue
        if context.where == "heading" and not context.nearest:
            continue
        topics = {
            m.means for m in context.line.list_strong_topics() if m.means != "outlook"
        }
        if topics:
            return PAY if topics == {PAY} else "other"
    return ""


def _list_figures(page: IndexedPage, cells: list[int]) -> list[Figure]:
    """Return the figures in some cells that are money or may be."""
    blocks = page.document.blocks
    return [
        figure
        for index in cells
        for figure in page.list_figures(blocks[index].start, blocks[index].end)
        if figure.unit in ("money", "bare") and not figure.fault
    ]


def _type_column(
    page: IndexedPage, table: TypedTable, cells: list[int], heads: tuple[int, ...]
) -> ColumnType:
    """Type one column: what its numbers cannot be first, then what its heads say."""
    figures = _list_figures(page, cells)
    if not figures:
        return ColumnType(UNTYPED)
    marked = any(figure.unit == "money" for figure in figures)
    if not marked and _is_sequence(figures):
        return ColumnType(NOT_PAY, "numbers in a row")
    period = _read_heads_period(page, heads)
    if marked and _speak_of_pay(page, heads) and _fit(page, figures, period):
        return ColumnType(PAY, "head", firm=table.about != "other")
    said = _read_nearest_head(page, heads)
    if said in (NOT_PAY, CHANGE):
        return ColumnType(said, "head")
    if not marked and _is_of_percents(page, heads):
        return ColumnType(NOT_PAY, "percents")
    if said == PAY:
        return _judge_pay_column(page, table, figures, marked, period)
    if _has_worded_heads(page, heads) and table.signed and not marked:
        return ColumnType(NOT_PAY, "no sign beside columns with one")
    if _is_pay_by_table(page, table, cells, figures, heads, period or table.period):
        return ColumnType(PAY, "table of pay", firm=True)
    return ColumnType(UNTYPED)


def _read_nearest_head(page: IndexedPage, heads: tuple[int, ...]) -> str:
    """Return what the nearest head that says anything says of its numbers, or ""."""
    said = (read_column_head(page, head) for head in reversed(heads))
    return next(filter(None, said), UNTYPED)


def _is_of_percents(page: IndexedPage, heads: tuple[int, ...]) -> bool:
    """Return whether the nearest head has a percent sign that is of no percentile."""
    if not heads:
        return False
    line = page.block_line(heads[-1])
    return PERCENTS.search(line.text, line.start, line.end) is not None


def _speak_of_pay(page: IndexedPage, heads: tuple[int, ...]) -> bool:
    """Return whether the nearest head speaks of pay, of nothing else and no change.

    `Average salary in their first jobs` over sums with a sign counts no jobs.
    """
    if not heads:
        return False
    line = page.block_line(heads[-1])
    topics = {m.means for m in line.list_strong_topics()}
    return topics == {PAY} and not line.get_mentions("changes")


def _judge_pay_column(
    page: IndexedPage,
    table: TypedTable,
    figures: list[Figure],
    marked: bool,
    period: str,
) -> ColumnType:
    """Under a head that says pay: firm where the sums fit, none where none can."""
    if not marked and max(figure.size for figure in figures) < LEAST_PAY:
        scaled = page.mentions_thousands or any(
            f.numbers[0].scale != 1 for f in figures
        )
        if not scaled:
            return ColumnType(NOT_PAY, "less than any pay")
    firm = table.about != "other" and bool(period) and _fit(page, figures, period)
    return ColumnType(PAY, "head", firm=firm)


def _is_sequence(figures: list[Figure]) -> bool:
    """Return whether numbers count up by one, from 0 or 1 and maybe again: steps."""
    sizes = [figure.value for figure in figures]
    if len(sizes) < 2 or sizes[0] not in (0.0, 1.0):
        return False
    if any(size is None or size > LONGEST_SEQUENCE for size in sizes):
        return False
    return all(b in (sizes[0], (a or 0.0) + 1) for a, b in pairwise(sizes))


def _read_heads_period(page: IndexedPage, heads: tuple[int, ...]) -> str:
    """Return the span of time that the nearest head names that names one."""
    for head in reversed(heads):
        for mention in page.block_line(head).get_mentions("periods"):
            if mention.means:
                return mention.means
    return ""


def _has_worded_heads(page: IndexedPage, heads: tuple[int, ...]) -> bool:
    """Return whether a head says in words what stands below, and not only which."""
    if not heads:
        return False
    words = page.block_line(heads[-1]).texts
    worded = any(word.isalpha() and len(word) > 3 for word in words)
    return worded and not _is_numbered_step(page, heads[-1], set())


def _is_pay_by_table(
    page: IndexedPage,
    table: TypedTable,
    cells: list[int],
    figures: list[Figure],
    heads: tuple[int, ...],
    period: str,
) -> bool:
    """Return whether a table of pay makes a column pay that does not say what it is."""
    grid = page.about_pay and bool(period) and _heads_step(page, heads)
    if table.about != PAY and (table.about or not (table.titled or grid)):
        return False
    if _speaks_of_else(page, cells, heads):
        return False
    return table.many > 1 and _fit(page, figures, period, table.times)


def _heads_step(page: IndexedPage, heads: tuple[int, ...]) -> bool:
    """Return whether the nearest head numbers a step: `Step C`, of an hour's pay."""
    return bool(heads) and _is_numbered_step(page, heads[-1], set())


def _speaks_of_else(
    page: IndexedPage, cells: list[int], heads: tuple[int, ...]
) -> bool:
    """Return whether heads, or the labels of many rows, name something beside pay."""
    for head in heads:
        topics = page.block_line(head).list_strong_topics()
        if any(m.means not in (PAY, "outlook") for m in topics):
            return True
    labels = [page.document.blocks[i].row_heads[-1:] for i in cells]
    named = [
        {m.means for label in row for m in page.block_line(label).list_strong_topics()}
        for row in labels
    ]
    if any(PAY in means for means in named):
        return True  # its rows say one by one what they hold
    return sum(map(bool, named)) > MOST_MIXED * len(cells)


def _fit(
    page: IndexedPage, figures: list[Figure], period: str, times: float = 1.0
) -> bool:
    """Return whether most sums of a column have the size of pay for a span of time."""
    unfit = sum(not fits_pay(page, figure, period, times) for figure in figures)
    return unfit <= MOST_UNFIT * len(figures)
