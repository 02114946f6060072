"""Read the tables of words and facts, `vocabularies/*.csv`, once each, as text.

Two tables have more rows than their files: publishers of sources, and how each source
is watched, are facts of the source (`pipeline.core.source_facts`). A row of the file
replaces the fact with its key, so that a home may have its own.
"""

import csv
import hashlib
import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import polars as pl

from pipeline.core.errors import Damaged, LayoutChanged, NotFound, UnknownLabel
from pipeline.core.source_facts import Row, list_publishers, list_watches

# Columns that are a number wherever they stand; `value` is one beside a `key`, unless
# its unit is one of words.
NUMBERS = frozenset(
    ("annual", "check_days", "edition_days", "first_year", "highest",
     "hourly", "last_year", "look_days", "lowest", "pause_seconds", "rank", "rows",
     "season_look_days", "severity", "size", "times", "times_per_year", "tolerance",
     "values", "width")
)  # fmt: skip
RESTORE = (
    "Restore it, or run `payproof init --update FOLDER` in a home made by another "
    "version."
)
# Units of `ageing.csv` whose values are no numbers: `ECIWAG`, `2025-Q2`.
UNITS_OF_WORDS = frozenset(("id", "quarter"))
NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
STATED = {"publishers": list_publishers, "watch": list_watches}
# Which sources read a publisher is known from the sources alone.
ADDED = {"publishers": ("source",)}


@dataclass(eq=False)
class OtherVersion(LayoutChanged):
    """A vocabulary has the columns of another version of the code."""

    def __str__(self) -> str:
        return (
            f"{self.where}: missing {self.missing}. Where another version made it, run "
            "`payproof init --update FOLDER`: what it replaces is kept beside."
        )


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """A folder of CSV files; a table is read when first asked for."""

    folder: Path
    _tables: dict[str, pl.DataFrame] = field(default_factory=dict, compare=False)

    def read_table(self, name: str, *columns: str) -> pl.DataFrame:
        """Return the rows of `<name>.csv`, every column as text, empty cells null.

        Args:
            name: Without the ending.
            columns: Those that the caller needs; a missing one is named in the error.

        Raises:
            NotFound: There is no such file.
            LayoutChanged: A column that the caller needs is missing.
            Damaged: A row is broken; its file and line are named.
        """
        if name not in self._tables:
            path = self.folder / f"{name}.csv"
            if not path.is_file():
                raise NotFound("Vocabulary", str(path), RESTORE)
            body = path.read_bytes()
            check_rows(f"vocabularies/{name}.csv", body)
            rows = pl.read_csv(body, infer_schema_length=0)
            if name in STATED:
                rows = add_stated_rows(rows, STATED[name](), ADDED.get(name, ()))
            self._tables[name] = rows
        found = self._tables[name]
        if missing := [c for c in columns if c not in found.columns]:
            raise OtherVersion(f"vocabularies/{name}.csv", missing)
        return found

    def check(self, *names: str) -> None:
        """Read every file, so that a broken one is found before any is used.

        Args:
            names: Of files that must be there, with the ending.

        Raises:
            NotFound: The folder or one of the files is not there.
            LayoutChanged: Two columns of a file have one name.
            Damaged: A row is broken.
        """
        there = {path.name for path in self.folder.glob("*.csv")}
        lost = sorted(set(names) - there) if there else ["*.csv"]
        if lost:
            raise NotFound("Vocabulary", str(self.folder / lost[0]), RESTORE)
        for name in sorted(there):
            self.read_table(name.removesuffix(".csv"))

    def read_number(self, name: str, key: str) -> Decimal:
        """Return the `value` of the row `key` in a key-value table, as a number.

        Raises:
            UnknownLabel: No row, or more than one, has that key.
        """
        # As written: a float of `0.023` is another number.
        rows = self.read_table(name, "key", "value").filter(pl.col("key") == key)
        if rows.height != 1:
            raise UnknownLabel(name, [key], f"vocabularies/{name}.csv")
        return Decimal(rows["value"].item())

    def compute_sha256(self, *, without: Collection[str] = ()) -> str:
        """Return the SHA-256 of every file's name and bytes, as 64 hex digits.

        Args:
            without: Names of tables that the caller does not depend on.
        """
        digest = hashlib.sha256()
        for name, sha256 in self.digest_files().items():
            if name.removesuffix(".csv") in without:
                continue
            digest.update(name.encode())
            digest.update(bytes.fromhex(sha256))
        return digest.hexdigest()

    def digest_files(self) -> dict[str, str]:
        """Return the SHA-256 of each file's bytes by file name, sorted by name."""
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.folder.glob("*.csv"))
        }


def check_rows(where: str, body: bytes) -> None:
    """Check that rows are as wide as the head, with numbers where numbers belong.

    Args:
        where: The file's name, for messages.
        body: Its bytes, UTF-8.

    Raises:
        Damaged: A row is broken; the line is named.
        LayoutChanged: Two columns have one name.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise _broken(where, line, "it is not UTF-8") from error
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = next(rows, [])
        if twice := sorted({c for c in head if head.count(c) > 1}):
            raise LayoutChanged(where, [], twice, where)
        for row in rows:
            if why := find_fault(head, row):
                raise _broken(where, rows.line_num, why)
    except csv.Error as error:
        raise _broken(where, rows.line_num, str(error)) from error


def find_fault(head: Sequence[str], row: Sequence[str]) -> str:
    """Return what is wrong with a row under its table's head; "" if nothing is.

    >>> find_fault(["code", "rank"], ["BLS", "first"])
    "'first' is no number"
    """
    if not row:
        return ""  # a blank line
    if len(row) != len(head):
        return f"the row has {len(row)} cells and the head {len(head)}"
    numeric = [c for name, c in zip(head, row, strict=True) if name in NUMBERS and c]
    if list(head[:3]) == ["key", "value", "unit"] and row[2] not in UNITS_OF_WORDS:
        numeric.append(row[1])
    wrong = [cell for cell in numeric if not NUMBER.fullmatch(cell)]
    return f"{wrong[0][:40]!r} is no number" if wrong else ""


def _broken(where: str, line: int, why: str) -> Damaged:
    """Make the error for a row that is broken."""
    return Damaged(f"{where} line {line}", why, "Correct the row; nothing was changed.")


def open_vocabulary(folder: Path) -> Vocabulary:
    """Open a folder of vocabularies; nothing is read yet."""
    return Vocabulary(folder)


def add_stated_rows(
    table: pl.DataFrame, stated: list[Row], added: Collection[str]
) -> pl.DataFrame:
    """Return the rows that sources state, followed by those of a file.

    A row of the file replaces the one that is stated under its key, the first column.
    A column that the file lacks stays missing, unless it is one of `added`.

    Args:
        table: The file's rows, as text.
        stated: Rows by column.
        added: Columns that the file may lack and that sources state.
    """
    columns = list(dict.fromkeys([*table.columns, *added]))
    key = columns[0]
    by_key = {row.get(key): row for row in stated}
    from_sources = [c for c in added if c not in table.columns]
    rows = [
        {**row, **{c: by_key.get(row[key], {}).get(c) for c in from_sources}}
        for row in table.iter_rows(named=True)
    ]
    here = set(table[key])
    before = [row for row in stated if row.get(key) not in here]
    schema = dict.fromkeys(columns, pl.String)
    return pl.DataFrame(
        [{c: r.get(c) for c in columns} for r in [*before, *rows]], schema
    )
