"""Check the rows of a vocabulary before anything reads them.

What a column holds and which columns name a row is data here, so that a broken row is
told by file and line, and the code that reads the cell may trust it.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.core.errors import Damaged, LayoutChanged

NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
INTEGER = re.compile(r"[+-]?\d{1,9}")  # what 32 bits hold
HEX = re.compile(r"[0-9A-Fa-f]{1,6}")
RANGE = re.compile(r"(\d{1,9})\.\.(\d{1,9})")
# Years as phrases count them: `1..2`, `1..`, `0..=1`; or a mere `label`.
YEARS = re.compile(r"\d?\.\.\d?|0\.\.=1|label")
# Units of `ageing.csv` whose values are no numbers: `ECIWAG`, `2025-Q2`.
UNITS_OF_WORDS = frozenset(("id", "quarter"))

# What a column holds wherever it stands.
ANYWHERE = {
    **dict.fromkeys(
        ("annual", "highest", "hourly", "lowest", "pause_seconds",
         "rows", "size", "times", "tolerance", "values"), "number"),
    **dict.fromkeys(
        ("check_days", "edition_days", "first_year", "last_year", "look_days", "rank",
         "season_look_days", "severity", "times_per_year", "valid_from", "valid_to",
         "width"), "integer"),
}  # fmt: skip
# And what it holds in one file: other files have words under the same head.
IN_FILE: Mapping[str, Mapping[str, str]] = {
    "cpi": {"value": "number"},
    "currencies": {"minor_unit": "integer", "scale": "factor"},
    "decades": {"means": "range"},
    "eci": {"value": "number"},
    "experience": {"means": "years"},
    "magnitudes": {"means": "range", "place": "range"},
    "months": {"means": "integer"},
    "number_words": {"means": "number"},
    "projections_columns": {"times": "integer"},
    "separators": {"code_point": "hex", "groups": "groups"},
    "volatile": {"pattern": "pattern"},
    "watch": {"areas": "number"},
}
# Cells that must not be empty. A phrase is one in every file that has them.
FILLED: Mapping[str, tuple[str, ...]] = {
    "decades": ("means",),
    "experience": ("means",),
    "factors": ("times_per_year",),
    "magnitudes": ("means",),
    "months": ("means",),
    "multipliers": ("times",),
    "number_words": ("means",),
    "oews_area_types": ("first_year", "last_year", "width"),
    "oews_top_codes": ("first_year", "last_year", "hourly", "annual"),
    "separators": ("code_point", "groups"),
    "severities": ("severity",),
    "volatile": ("pattern",),
}
# The columns that name a row: no two rows say two things about one key. In files with
# a column `key` it is that one.
KEYS: Mapping[str, tuple[str, ...]] = {
    "areas": ("code",),
    "causes": ("file",),
    "cpi": ("series_id", "period"),
    "credentials": ("acronym",),
    "crosswalk": ("soc2010", "soc2018"),
    "currencies": ("code",),
    "eci": ("series_id", "period"),
    "factors": ("id",),
    "grades": ("grade",),
    "hosts": ("host",),
    "lineage": ("publisher",),
    "magnitudes": ("phrase",),
    "occupations": ("soc",),
    "oews_flags": ("label",),
    "oews_footnotes": ("code",),
    "oews_groups": ("label",),
    "oews_measures": ("column",),
    "oews_owners": ("label",),
    "oflc_statuses": ("label",),
    "plausible": ("currency",),
    "publishers": ("id",),
    "reasons": ("code",),
    "rungs": ("rung",),
    "separators": ("name",),
    "severities": ("type",),
    "tellings": ("why",),
    "titles": ("title", "soc"),
    "usual_ranges": ("publisher",),
    "watch": ("source",),
    "words": ("code",),
}


def find_number_fault(cell: str) -> str:
    """Return why a cell is no number; "" if it is one.

    >>> find_number_fault("4 million")
    "'4 million' is no number"
    """
    return "" if NUMBER.fullmatch(cell) else f"{cell[:40]!r} is no number"


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

    def find_fault(self, row: Sequence[str], line: int) -> str:
        """Return what is wrong with a row; "" if nothing is.

        Args:
            row: Its cells.
            line: Where it ends in the file; rows are asked for from the top.
        """
        if not row:
            return ""  # a blank line
        if len(row) != len(self.head):
            return f"the row has {len(row)} cells and the head {len(self.head)}"
        for place in self.filled:
            if not row[place]:
                return f"its {self.head[place]} is empty"
        for place, kind in self.kinds.items():
            if row[place] and (fault := KINDS[kind](row[place])):
                return fault
        counted = self.stated and row[2] not in UNITS_OF_WORDS
        fault = find_number_fault(row[1]) if counted else ""
        return fault or self._find_twin(row, line)

    def _find_twin(self, row: Sequence[str], line: int) -> str:
        """Return which line above has the row's key; "" if none has."""
        if not self.key:
            return ""
        key = tuple(row[place] for place in self.key)
        first = self._lines.setdefault(key, line)
        if first == line:
            return ""
        return f"{' '.join(key)[:60]!r} stands in line {first} too"


def make_rules(name: str, head: Sequence[str]) -> RowRules:
    """Return what rows of a file must hold; columns that it lacks are not asked for.

    >>> make_rules("factors", ["id", "rank"]).find_fault(["a", "first"], 2)
    "'first' is no whole number"
    """
    kinds = {**ANYWHERE, **IN_FILE.get(name, {})}
    key = ("key",) if "key" in head else KEYS.get(name, ())
    whole = set(key) <= set(head)
    filled = {"phrase", *FILLED.get(name, ()), *key}
    return RowRules(
        head=tuple(head),
        kinds={at: kinds[column] for at, column in enumerate(head) if column in kinds},
        filled=tuple(at for at, column in enumerate(head) if column in filled),
        key=tuple(head.index(column) for column in key) if whole else (),
        stated=list(head[:3]) == ["key", "value", "unit"],
    )


def check_rows(name: str, body: bytes) -> None:
    """Check that each row is as wide as the head and holds what its columns must.

    Args:
        name: Of the file, without the ending.
        body: Its bytes, UTF-8.

    Raises:
        Damaged: A row is broken; the line is named.
        LayoutChanged: Two columns have one name.
    """
    where = f"vocabularies/{name}.csv"
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise _make_error(where, line, "it is not UTF-8") from error
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = next(rows, [])
        if not head:
            raise _make_error(where, 1, "the file has no head")
        if twice := sorted({c for c in head if head.count(c) > 1}):
            raise LayoutChanged(where, [], twice, where)
        rules = make_rules(name, head)
        for row in rows:
            if why := rules.find_fault(row, rows.line_num):
                raise _make_error(where, rows.line_num, why)
    except csv.Error as error:
        raise _make_error(where, rows.line_num, str(error)) from error


def _make_error(where: str, line: int, why: str) -> Damaged:
    """Make the error for a row that is broken."""
    return Damaged(f"{where} line {line}", why, "Correct the row; nothing was changed.")
