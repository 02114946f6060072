"""Read the rows of a vocabulary, once each of them is found sound.

What a column holds and which columns name a row is data, so that a broken row is told
by file, line and column, and the code that reads the cell may trust it.
"""

import csv
import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from pipeline.core.vocabulary_columns import (
    ANYWHERE,
    FILLED,
    FILLED_ANYWHERE,
    FILLED_BESIDE_A_KEY,
    IN_FILE,
    KEYS,
    KEYS_BY_COLUMN,
)
from pipeline.core.vocabulary_text import decode_text, make_cell_error

# Digits of other scripts are digits for Python and for no table.
NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
INTEGER = re.compile(r"[+-]?[0-9]{1,9}")  # what 32 bits hold
HEX = re.compile(r"[0-9A-Fa-f]{1,6}")
RANGE = re.compile(r"([0-9]{1,9})\.\.([0-9]{1,9})")
# Years as phrases count them: `1..2`, `1..`, `0..=1`; or a mere `label`.
YEARS = re.compile(r"[0-9]?\.\.[0-9]?|0\.\.=1|label")
QUOTED = re.compile(r'"[^"]*"')
LARGE = 1 << 17  # bytes of a file that is read at once
# Units of `ageing.csv` whose values are no numbers: `ECIWAG`, `2025-Q2`.
UNITS_OF_WORDS = frozenset(("id", "quarter"))


def find_number_fault(cell: str) -> str:
    """Return why a cell is no number; "" if it is one.

    >>> find_number_fault("4 million")
    "'4 million' is no number"
    """
    # `1e999` is written like a number, and infinite.
    sound = NUMBER.fullmatch(cell) and math.isfinite(float(cell))
    return "" if sound else f"{cell[:40]!r} is no number"


def find_integer_fault(cell: str) -> str:
    """Return why a cell is no whole number; "" if it is one."""
    return "" if INTEGER.fullmatch(cell) else f"{cell[:40]!r} is no whole number"


def find_factor_fault(cell: str) -> str:
    """Return why a cell is no number above zero; "" if it is one."""
    if fault := find_number_fault(cell):
        return fault
    # Sums are divided by it; `1e999` is none of ours either.
    return "" if 0 < float(cell) < 1e12 else f"{cell[:40]!r} is no number above zero"


def find_hex_fault(cell: str) -> str:
    """Return why a cell is no code point in hexadecimal; "" if it is one."""
    if HEX.fullmatch(cell) and int(cell, 16) <= 0x10FFFF:
        return ""
    return f"{cell[:40]!r} is no code point in hexadecimal"


def find_range_fault(cell: str) -> str:
    """Return why a cell is no range of whole numbers; "" if it is one.

    >>> find_range_fault("9..3")
    "'9..3' runs from high to low"
    """
    found = RANGE.fullmatch(cell)
    if found is None:
        return f"{cell[:40]!r} is no range of whole numbers, such as 4..1000"
    turned = int(found[1]) > int(found[2])
    return f"{cell[:40]!r} runs from high to low" if turned else ""


def find_years_fault(cell: str) -> str:
    """Return why a cell is no span of years; "" if it is one."""
    return "" if YEARS.fullmatch(cell) else f"{cell[:40]!r} is no span such as 1..2"


def find_groups_fault(cell: str) -> str:
    """Return why a cell does not say how digits are grouped; "" if it does."""
    known = cell in ("yes", "apart", "loose")
    return "" if known else f"{cell[:40]!r} is none of yes, apart and loose"


def find_pattern_fault(cell: str) -> str:
    """Return why a cell is no regular expression; "" if it is one."""
    try:
        re.compile(cell)
    except re.error as error:
        return f"{cell[:40]!r} is no regular expression ({error})"
    return ""


KINDS: Mapping[str, Callable[[str], str]] = {
    "number": find_number_fault,
    "integer": find_integer_fault,
    "factor": find_factor_fault,
    "hex": find_hex_fault,
    "range": find_range_fault,
    "years": find_years_fault,
    "groups": find_groups_fault,
    "pattern": find_pattern_fault,
}


@dataclass(frozen=True, slots=True)
class RowRules:
    """What the rows of one file must hold, by the place of a column.

    Args:
        head: Its columns.
        kinds: Place of a column to what it holds.
        filled: Places whose cell must not be empty.
        key: Places that together name a row.
        stated: Whether the second column is a number in the unit of the third.
    """

    head: tuple[str, ...]
    kinds: Mapping[int, str]
    filled: tuple[int, ...]
    key: tuple[int, ...]
    stated: bool
    _lines: dict[tuple[str, ...], int] = field(default_factory=dict)

    def find_fault(self, row: Sequence[str], line: int) -> tuple[str, str]:
        """Return the column of what is wrong with a row, and why; "" twice if nothing.

        Args:
            row: Its cells; none for a blank line.
            line: Where it begins in the file; rows are asked for from the top.
        """
        if not row:
            return "", ""
        width = len(self.head)
        if len(row) != width:
            # The first column that has no cell, or the first cell that has no column.
            at = min(len(row), width)
            column = self.head[at] if at < width else str(at + 1)
            return column, f"the row has {len(row)} cells and the head {width}"
        if not any(row):
            return self.head[0], "every cell of the row is empty"
        for place in self.filled:
            if not row[place]:
                return self.head[place], "the cell is empty"
        for place, kind in self.kinds.items():
            if row[place] and (fault := KINDS[kind](row[place])):
                return self.head[place], fault
        counted = self.stated and row[2] not in UNITS_OF_WORDS
        if counted and (fault := find_number_fault(row[1])):
            return self.head[1], fault
        return self._find_twin(row, line)

    def hold_for_table(self, frame: pl.DataFrame) -> bool:
        """Return whether the rows of a table surely have no fault, as `hold_for`."""
        names = frame.columns
        filled, key = ([names[n] for n in some] for some in (self.filled, self.key))
        if self.stated or not filled or any(frame[n].null_count() for n in filled):
            return False
        faults = (
            KINDS[kind](cell)
            for place, kind in self.kinds.items()
            for cell in frame[names[place]].drop_nulls().unique()
        )
        return not any(faults) and frame.select(key).n_unique() == frame.height

    def hold_for(self, rows: Sequence[Sequence[str]]) -> bool:
        """Return whether rows surely have no fault: column by column, and so fast.

        Where it cannot be told, `find_fault` is asked of every row.
        """
        if self.stated or set(map(len, rows)) - {len(self.head)}:
            return False
        columns = list(zip(*rows, strict=True)) or [()] * len(self.head)
        if not all(all(columns[place]) for place in self.filled):
            return False
        if not (self.filled or all(map(any, rows))):
            return False
        for place, kind in self.kinds.items():
            if any(cell and KINDS[kind](cell) for cell in set(columns[place])):
                return False
        named = set(zip(*(columns[place] for place in self.key), strict=True))
        return len(named) == len(rows)

    def _find_twin(self, row: Sequence[str], line: int) -> tuple[str, str]:
        """Return the key's columns and which line above has it; "" twice if none."""
        key = tuple(row[place] for place in self.key)
        first = self._lines.setdefault(key, line)
        if first == line:
            return "", ""
        columns = " and ".join(self.head[place] for place in self.key)
        return columns, f"{' '.join(key)[:60]!r} stands in line {first} too"


def make_rules(name: str, head: Sequence[str]) -> RowRules:
    """Return what rows of a file must hold; columns that it lacks are not asked for.

    >>> make_rules("factors", ["id", "rank"]).find_fault(["a", "first"], 2)
    ('rank', "'first' is no whole number")
    """
    kinds = {**ANYWHERE, **IN_FILE.get(name, {})}
    known = [key for key in (KEYS.get(name, ()), *KEYS_BY_COLUMN) if key]
    key = next((key for key in known if set(key) <= set(head)), tuple(head))
    filled = {*FILLED_ANYWHERE, *FILLED.get(name, "").split()}
    filled |= set(key) if len(key) == 1 else set()
    filled |= set(FILLED_BESIDE_A_KEY) if key == ("key",) else set()
    return RowRules(
        head=tuple(head),
        kinds={at: kinds[column] for at, column in enumerate(head) if column in kinds},
        filled=tuple(at for at, column in enumerate(head) if column in filled),
        key=tuple(head.index(column) for column in key),
        stated=list(head[:3]) == ["key", "value", "unit"],
    )


def read_large_table(name: str, body: bytes) -> pl.DataFrame | None:
    """Return the rows of a large vocabulary as text, empty cells null; fast.

    None of a small one, and where it is not certain that every row is sound: then
    `read_rows` says which is not.

    Args:
        name: Of the file, without the ending.
        body: Its bytes.

    Raises:
        Damaged: The bytes are no table of text.
    """
    if len(body) < LARGE:
        return None
    text = decode_text(f"vocabularies/{name}.csv", body)
    # A blank line is no row, and an empty cell may stand in quotation marks.
    if "\n\n" in text or '""' in text or text.startswith("\n"):
        return None
    try:
        frame = pl.read_csv(text.encode(), infer_schema=False)
    except pl.exceptions.PolarsError:
        return None
    head = next(csv.reader(io.StringIO(text, newline="")), [])
    # A row that is too long was an error; one that is too short lacks a comma.
    commas = QUOTED.sub("", text).count(",")
    whole = commas == (frame.height + 1) * (len(head) - 1)
    rules = make_rules(name, head)
    sound = frame.columns == head and whole and rules.hold_for_table(frame)
    return frame if sound else None


def read_rows(name: str, body: bytes) -> list[list[str]]:
    """Return head and rows of a vocabulary; a blank line is no row.

    A byte order mark, line ends of Windows and a last line without its end are read as
    if they were not so.

    Args:
        name: Of the file, without the ending.
        body: Its bytes, UTF-8.

    Raises:
        Damaged: A row is broken, or is not as wide as the head, or does not hold what
            its columns must; line and column are named.
    """
    where = f"vocabularies/{name}.csv"
    text = decode_text(where, body)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    head = next(reader, [])
    check_head(where, head)
    rules = make_rules(name, head)
    first = reader.line_num + 1
    every = list(reader)
    filled = [row for row in every if row]
    if rules.hold_for(filled):
        return [head, *filled]
    rows, line = [head], first
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    next(reader, None)
    for row in reader:
        column, why = rules.find_fault(row, line)
        if why:
            raise make_cell_error(where, line, column, why)
        if row:
            rows.append(row)
        line = reader.line_num + 1
    return rows


def check_head(where: str, head: Sequence[str]) -> None:
    """Check that a file has a head, and each of its columns a name of its own.

    Raises:
        Damaged: It has none, or a column has no name or that of another one.
    """
    if not any(head):
        raise make_cell_error(where, 1, "1", "the file has no head")
    for place, column in enumerate(head):
        if not column:
            raise make_cell_error(where, 1, str(place + 1), "the column has no name")
        if column in head[:place]:
            raise make_cell_error(where, 1, column, "two columns have this name")
