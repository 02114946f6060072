"""Find which cells of a table head which, spans resolved, with or without `<th>`."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from pipeline.core.currency_table import SIGNS
from pipeline.read.outline import Outline, make_block
from pipeline.read.read_limits import get_limit

MONEY = re.compile(rf"[{SIGNS}]\s*\d|\d\s*[{SIGNS}%]")
CURRENCY = re.compile(rf"[{SIGNS}]\s*\d|\d\s*[{SIGNS}]")
# A percentile as a head, alone or with a word: `10%`, `Bottom 10%`.
PERCENT = re.compile(r"\s*\d{1,2}\s?%\s*\Z")
SHARE = re.compile(rf"\s*[^\W\d_][^\d{SIGNS}]{{2,20}}\d{{1,2}}\s?%\s*\Z")
# Bare percentiles over columns, with or without a word: `10`, `90th`.
RANKED = re.compile(r"\s*(?:10|25|50|75|90)(?:th)?\s*\Z")
FEWEST_RANKED = 3
# A cell that is nothing but a number with its marks: `12,345`, `#104,500`, `(1,200)`,
# `45k+`, `±3`; spans too (`41-52`).
NUMBER = re.compile(rf"[\s#*{SIGNS}+~±(<>≥≤–—-]*\d[\d\s,.'’–—-]*[kKmM%+*)]*\Z")
# Years name columns and rows and are no figures: `2024`, `FY 2023-24`, `2019/20`.
YEAR = re.compile(r"\s*(?:FY\s*)?(?:19|20)\d\d(?:\s?[-–/]\s?\d\d(?:\d\d)?)?\s?\W?\Z")
# Years of experience without a unit: `0-1`, `15+`, `<5`, `3 to 9`.
BRACKET = re.compile(r"\s*[<>≤≥]?\s?\d{1,2}\s?(?:\+|(?:[-–—]|to)\s?\d{1,2})?\s*\Z")
# A rank or grade before a name: `12`, `#3`, `4.`.
RANK = re.compile(r"\W?\d{1,3}[.)]?\Z")
# A word, or a grade: `A`, `R 1`, `P-3`.
LETTER = re.compile(r"[^\W\d_]{2}|\b[^\W\d_][ .-]?\d|\A\W*[^\W\d_]\W*\Z")
# Characters; what is longer is a sentence in a cell, which neither is a figure nor
# names a row.
LONGEST_FIGURE = 80
LONGEST_LABEL = 100
# Rows of heads one under the other, and labels that reach down into a row: what has
# more is no table with heads, and each cell looks at all of them.
MOST_HEAD_ROWS = 12
MOST_REACHING = 24
MOST_LABELS = 6  # of one row; in a row of words alone every cell would head the next


@dataclass
class TableCell:
    """One cell as written; its column is set when the grid is laid out.

    Args:
        start: Offset of its text in the document.
        end: End offset, exclusive.
        text: Its words; "" for an empty cell.
        row: From 0.
        column: First column, from 0.
        rows: How many rows it spans; `columns` likewise.
        head: Whether the page marks it as a head (`<th>`, `<thead>`, a ruled row).
        scope: The `scope` attribute, `row`, `col` or their groups.
        foot: Whether it stands in `<tfoot>`.
    """

    start: int
    end: int
    text: str
    row: int
    column: int = 0
    rows: int = 1
    columns: int = 1
    head: bool = False
    scope: str = ""
    foot: bool = False


@dataclass(frozen=True)
class CellHeads:
    """Whether a cell is a head, and the positions of the cells that head it."""

    head: bool
    row_heads: tuple[int, ...]
    column_heads: tuple[int, ...]


def load_span_bounds() -> tuple[int, int]:
    """Return the most rows and the most columns that one cell may span."""
    return int(get_limit("table_rows")), int(get_limit("table_columns"))


def is_figure(text: str) -> bool:
    """Return whether a cell holds a figure: money, a share or a bare number.

    >>> [is_figure(t) for t in ("$54,200", "12,345", "4.5%", "2021", "0-2 Years")]
    [True, True, True, False, False]
    """
    if len(text) > LONGEST_FIGURE or YEAR.match(text):
        return False
    return bool(NUMBER.match(text) or MONEY.search(text))


def is_label(text: str) -> bool:
    """Return whether a cell can name its row: a few words or a year, and no money."""
    if len(text) > LONGEST_LABEL or MONEY.search(text):
        return False
    return bool(LETTER.search(text) or YEAR.match(text))


def assign_columns(cells: Sequence[TableCell]) -> Sequence[TableCell]:
    """Set each cell's first column, past the cells that reach down from above.

    Args:
        cells: Row by row, from left to right; they are changed in place.

    Returns:
        The same cells, their spans bounded by `load_span_bounds`.
    """
    most_rows, most_columns = load_span_bounds()
    taken: dict[int, int] = {}  # column to the last row that a cell above fills
    row, column = -1, 0
    for cell in cells:
        if cell.row != row:
            row, column = cell.row, 0
        while column < most_columns and taken.get(column, -1) >= row:
            column += 1
        cell.column = column
        cell.columns = max(1, min(cell.columns, most_columns - column))
        cell.rows = max(1, min(cell.rows, most_rows))
        for spanned in range(column, column + cell.columns):
            taken[spanned] = row + cell.rows - 1
        column += cell.columns
    return cells


def find_heads(cells: Sequence[TableCell]) -> list[CellHeads]:
    """Return for each cell the positions (in `cells`) of those that head it.

    A row of heads holds until the next one; a label across the whole table until the
    next such label; a label that spans rows as far as it reaches down.
    """
    rows: dict[int, list[int]] = defaultdict(list)
    for index, cell in enumerate(cells):
        rows[cell.row].append(index)
    top = _find_head_rows(cells, rows)
    width = max((c.column + c.columns for c in cells), default=0)
    facts: list[CellHeads] = [CellHeads(False, (), ())] * len(cells)
    over: list[int] = []
    group: tuple[int, ...] = ()
    down: list[int] = []
    deep = 0
    widest = load_span_bounds()[1]
    for row, members in sorted(rows.items()):
        down = [i for i in down if cells[i].row + cells[i].rows > row]
        # `Source: a survey.` in a foot of one cell heads nothing; it becomes a note.
        if all(cells[i].foot for i in members) and len(members) == 1:
            continue
        if row in top:
            # Two rows of heads, one under the other, are read together: `Pay, 2024`
            # over `Hour | Year`. After rows of data the heads begin anew.
            deep = deep + 1 if row - 1 in top else 1
            above = over if deep > 1 else []
            for index in members:
                facts[index] = CellHeads(
                    True, (), _find_heads_above(cells, index, above)
                )
            over = [*above, *members][:widest] if deep <= MOST_HEAD_ROWS else above
        elif _is_group_row(cells, members, width):
            group = (members[0],)
            facts[members[0]] = CellHeads(True, (), ())
        else:
            labels = [i for i in down if cells[i].column < cells[members[0]].column]
            _assign_row_heads(cells, members, labels, over, group, facts)
            down += [i for i in labels if cells[i].rows > 1 and i not in down]
            down = down[-MOST_REACHING:]
    return facts


def _find_head_rows(cells: Sequence[TableCell], rows: dict[int, list[int]]) -> set[int]:
    """Return the rows that name columns: all `<th>`, or the first without figures."""
    filled = {row: [cells[i] for i in members] for row, members in rows.items()}
    # A converter that finds no head puts an empty row of heads over the real one.
    first = min((r for r, m in filled.items() if any(c.text for c in m)), default=0)
    marked = {
        row
        for row, members in filled.items()
        if all(c.head and not c.scope.startswith("row") for c in members if c.text)
        and sum(bool(c.text) for c in members) > (row != first)
        and not all(is_figure(c.text) for c in members if c.text)
    }
    scoped = {r for r, m in filled.items() if any(c.scope.startswith("col") for c in m)}
    if marked or scoped:
        return marked | scoped
    below = (c for row, members in filled.items() if row != first for c in members)
    named = [c.text for c in filled.get(first, []) if c.text]
    ranked = sum(RANKED.match(text) is not None for text in named) >= FEWEST_RANKED
    others = [text for text in named if not (ranked and RANKED.match(text))]
    if len(named) < 2 or not all(_can_name_column(text, len(named)) for text in others):
        return set()
    # Percents may be figures themselves (`+4%`): only over money are they percentiles.
    if any(PERCENT.match(text) for text in others):
        return {first} if any(CURRENCY.search(c.text) for c in below) else set()
    figures = (c.text for c in below if is_figure(c.text))
    return {first} if any(not ranked or not RANKED.match(t) for t in figures) else set()


def _can_name_column(text: str, many: int) -> bool:
    """Return whether a cell can name a column: words, or a share alone or with words.

    Args:
        text: Of the cell.
        many: How many cells of the row have text.

    >>> words = ("Median", "10%", "Bottom 10%", "+4%", "$52,000")
    >>> [_can_name_column(t, 3) for t in words]
    [True, True, True, False, False]
    """
    # In a row of two, words with a percent may as well be a label with its figure.
    share = many > 2 and SHARE.match(text) is not None
    return share or not is_figure(text) or PERCENT.match(text) is not None


def _is_group_row(cells: Sequence[TableCell], members: list[int], width: int) -> bool:
    """Return whether a row is one label across the table, which names rows below."""
    only = cells[members[0]]
    filled = [i for i in members if cells[i].text]
    alone = filled == [members[0]] and width > 1
    wide = only.columns >= width or len(members) >= width
    return alone and is_label(only.text) and (only.head or wide)


def _find_heads_above(
    cells: Sequence[TableCell], index: int, over: Sequence[int]
) -> tuple[int, ...]:
    """Return the head cells whose columns overlap the cell's, outermost first."""
    left = cells[index].column
    right = left + cells[index].columns
    named = [i for i in over if cells[i].text and cells[i].column < right]
    return tuple(i for i in named if left < cells[i].column + cells[i].columns)


def _assign_row_heads(
    cells: Sequence[TableCell],
    members: list[int],
    labels: list[int],
    over: Sequence[int],
    group: tuple[int, ...],
    facts: list[CellHeads],
) -> None:
    """Set the heads of one row of data: its group, and the labels on its left.

    Args:
        cells: All cells of the table.
        members: Positions of the row's cells.
        labels: Positions of the labels that reach down into the row; those of the
            row itself are added.
        over: Positions of the cells in the rows of heads above.
        group: Position of the label across the table that the row stands under.
        facts: One for each cell of the table; those of the row are set.
    """
    unbroken = first = True
    again = (
        _read_heads_above(cells, members[0], over)
        if cells[members[0]].column == 0
        else ()
    )
    money = any(MONEY.search(cells[i].text) for i in members)
    for index, after in zip_longest(members, members[1:]):
        cell = cells[index]
        # `State | Pay | State | Pay`: where the first column's heads come again, the
        # labels of the left half end; without heads where a second label does.
        if over:
            ends = (
                again and cell.column and again == _read_heads_above(cells, index, over)
            )
        else:
            ends = not unbroken and _begins_pair(cells, index, after)
        if ends:
            labels[:], unbroken, first = [], True, True
        # `0-1` and `15+` in front of pay are years of experience, not figures.
        bare = first and bool(cell.text) and not MONEY.search(cell.text)
        bracket = money and (bare or BRACKET.match(cell.text) is not None)
        ranked = bare and _is_rank(cells, index, after)
        label = is_label(cell.text) or bracket or ranked
        names = cell.head or (unbroken and label)
        facts[index] = CellHeads(
            cell.head or (names and first),
            group + tuple(labels),
            _find_heads_above(cells, index, over),
        )
        if names and len(labels) < MOST_LABELS:
            labels.append(index)
        elif is_figure(cell.text):
            unbroken = False
        first = first and not cell.text


def _begins_pair(cells: Sequence[TableCell], index: int, after: int | None) -> bool:
    """Return whether a label with its figure stands behind other ones in a row.

    `Omaha | -3% | Tucson | -6%`, without heads: the second label ends the first.
    """
    text = cells[index].text
    label = is_label(text) and not is_figure(text)
    return label and after is not None and is_figure(cells[after].text)


def _is_rank(cells: Sequence[TableCell], index: int, after: int | None) -> bool:
    """Return whether a cell is a rank before a name: `12 | Accountant | 52,400`."""
    named = after is not None and is_label(cells[after].text)
    return named and RANK.match(cells[index].text) is not None


def _read_heads_above(
    cells: Sequence[TableCell], index: int, over: Sequence[int]
) -> tuple[str, ...]:
    """Return the words of the heads over a cell, outermost first."""
    return tuple([cells[i].text for i in _find_heads_above(cells, index, over)])


def add_table_cells(
    outline: Outline, cells: Sequence[TableCell], **facts: object
) -> int:
    """Add a table's cells to the outline as blocks; return the table's number.

    An empty cell holds no text and gets no block.

    Args:
        outline: Is added to.
        cells: Row by row; their columns are set here.
        facts: Other fields of `Block`, the same for every cell.
    """
    table = outline.next_table_number()
    found = find_heads(assign_columns(cells))
    base = len(outline.blocks)
    filled = [i for i, cell in enumerate(cells) if cell.text]
    index = {i: base + n for n, i in enumerate(filled)}
    section = outline.section
    for i in filled:
        cell, fact = cells[i], found[i]
        own = {
            "table": table,
            "row": cell.row,
            "column": cell.column,
            "head": fact.head,
            "row_heads": tuple([index[h] for h in fact.row_heads if h in index]),
            "column_heads": tuple([index[h] for h in fact.column_heads if h in index]),
        }
        outline.blocks.append(
            make_block("cell", cell.start, cell.end, section, facts | own)
        )
    return table
