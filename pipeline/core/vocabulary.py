"""Read the tables of words and facts, `vocabularies/*.csv`, once each, as text.

Two tables have more rows than their files: publishers of sources, and how each source
is watched, are facts of the source (`pipeline.core.source_facts`). A row of the file
replaces the fact with its key, so that a home may have its own.
"""

import gc
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import polars as pl

from pipeline.core.dated_rows import DECIDED_BY_PERSONS, cut_after_day
from pipeline.core.errors import NotFound, OtherVersion, UnknownLabel
from pipeline.core.source_facts import Row, list_publishers, list_watches
from pipeline.core.vocabulary_rows import read_large_table, read_rows

RESTORE = (
    "Restore it, or run `payproof init --update FOLDER` in a home made by another "
    "version."
)
STATED = {"publishers": list_publishers, "watch": list_watches}
# Which sources read a publisher is known from the sources alone.
ADDED = {"publishers": ("source",)}


@contextmanager
def pause_collector() -> Iterator[None]:
    """Let many lasting objects be made, and not be walked again and again meanwhile."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """A folder of CSV files; a table is read when first asked for.

    So are the digests of all files: one opened vocabulary stays what it was.

    Args:
        folder: Where the files are.
        as_of: Last ISO day of which decisions of persons count; "" for all.
    """

    folder: Path
    as_of: str = ""
    _tables: dict[str, pl.DataFrame] = field(default_factory=dict, compare=False)
    _digests: dict[str, str] = field(default_factory=dict, compare=False)

    def read_table(self, name: str, *columns: str) -> pl.DataFrame:
        """Return the rows of `<name>.csv`, every column as text, empty cells null.

        Args:
            name: Without the ending.
            columns: Those that the caller needs; a missing one is named in the error.

        Raises:
            NotFound: There is no such file.
            LayoutChanged: A column that the caller needs is missing.
            Damaged: A row is broken; its file, line and column are named.
        """
        if name not in self._tables:
            path = self.folder / f"{name}.csv"
            if not path.is_file():
                raise NotFound("Vocabulary", str(path), RESTORE)
            with pause_collector():
                rows = read_whole_table(name, self.read_bytes(path))
            if name in STATED:
                rows = add_stated_rows(rows, STATED[name](), ADDED.get(name, ()))
            self._tables[name] = rows
        found = self._tables[name]
        if missing := [c for c in columns if c not in found.columns]:
            raise OtherVersion(f"vocabularies/{name}.csv", missing)
        return found

    def read_bytes(self, path: Path) -> bytes:
        """Read a file of the folder; of decisions only those that count."""
        body = path.read_bytes()
        if self.as_of and path.stem in DECIDED_BY_PERSONS:
            return cut_after_day(body, self.as_of)
        return body

    def check(self, heads: Mapping[str, Sequence[str]]) -> None:
        """Read every file, so that a broken one is found before any is used.

        Args:
            heads: Names of files that must be there, with the ending, to the columns
                that each must have.

        Raises:
            NotFound: The folder or one of the files is not there.
            LayoutChanged: A file has not the columns that it must have.
            Damaged: A row is broken.
        """
        there = {path.name for path in self.folder.glob("*.csv")}
        lost = sorted(set(heads) - there) if there else ["*.csv"]
        if lost:
            raise NotFound("Vocabulary", str(self.folder / lost[0]), RESTORE)
        for name in sorted(there):
            found = self.read_table(name.removesuffix(".csv")).columns
            if missing := [c for c in heads.get(name, ()) if c not in found]:
                raise OtherVersion(f"vocabularies/{name} line 1", missing)

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
        # The name of every cached snapshot holds a digest of them all.
        if not self._digests:
            for path in sorted(self.folder.glob("*.csv")):
                digest = hashlib.sha256(self.read_bytes(path)).hexdigest()
                self._digests[path.name] = digest
        return dict(self._digests)


def open_vocabulary(folder: Path, as_of: str = "") -> Vocabulary:
    """Open a folder of vocabularies; nothing is read yet.

    Args:
        folder: Where the files are.
        as_of: Last ISO day of which decisions of persons count; "" for all.
    """
    return Vocabulary(folder, as_of)


def read_whole_table(name: str, body: bytes) -> pl.DataFrame:
    """Return the rows of a vocabulary as text, empty cells null.

    Raises:
        Damaged: A row is broken; its file, line and column are named.
    """
    found = read_large_table(name, body)
    if found is None:
        head, *cells = read_rows(name, body)
        found = make_table(head, cells)
    return found


def make_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> pl.DataFrame:
    """Make a table of text; an empty cell is null."""
    schema = dict.fromkeys(head, pl.String)
    frame = pl.DataFrame(list(zip(*rows, strict=True)) or None, schema, orient="col")
    return frame.with_columns(pl.when(pl.all() != "").then(pl.all()))


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
