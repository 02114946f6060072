"""The words and facts we share: `vocabularies/*.csv`, read once, as text."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import polars as pl

from pipeline.core.errors import LayoutChanged, NotFound, UnknownLabel


@dataclass(frozen=True)
class Vocabulary:
    """A folder of CSV files; a table is read when first asked for."""

    folder: Path
    _tables: dict[str, pl.DataFrame] = field(default_factory=dict, compare=False)

    def read_table(self, name: str, *columns: str) -> pl.DataFrame:
        """Rows of `<name>.csv`, every column as text, empty cells null.

        Args:
            name: Without the ending.
            columns: That the caller needs; a missing one is an error by name.

        Raises:
            NotFound: There is no such file.
            LayoutChanged: A column that the caller needs is missing.
        """
        if name not in self._tables:
            path = self.folder / f"{name}.csv"
            if not path.is_file():
                raise NotFound(
                    "Vocabulary", str(path), "Restore it from the repository."
                )
            self._tables[name] = pl.read_csv(path, infer_schema_length=0)
        found = self._tables[name]
        if missing := [c for c in columns if c not in found.columns]:
            raise LayoutChanged(
                f"vocabularies/{name}.csv", missing, [], f"vocabularies/{name}.csv"
            )
        return found

    def read_number(self, name: str, key: str) -> Decimal:
        """The `value` of the row `key` in a key-value table, as a number.

        Raises:
            UnknownLabel: No row, or more than one, has that key.
        """
        rows = self.read_table(name, "key", "value").filter(pl.col("key") == key)
        if rows.height != 1:
            raise UnknownLabel(name, [key], f"vocabularies/{name}.csv")
        return Decimal(rows["value"].item())

    def compute_sha256(self, *, without: Collection[str] = ()) -> str:
        """Digest of every vocabulary file, names and bytes: 64 hex digits.

        Args:
            without: Names of tables that what asks does not depend on.
        """
        digest = hashlib.sha256()
        for name, sha256 in self.digest_files().items():
            if name.removesuffix(".csv") in without:
                continue
            digest.update(name.encode())
            digest.update(bytes.fromhex(sha256))
        return digest.hexdigest()

    def digest_files(self) -> dict[str, str]:
        """File name to the digest of its bytes, sorted by name."""
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.folder.glob("*.csv"))
        }


def open_vocabulary(folder: Path) -> Vocabulary:
    """Open a folder of vocabularies; nothing is read yet."""
    return Vocabulary(folder)
