"""Write a release as one SQLite file: keys, foreign keys, meanings of columns.

Datasette opens it as it is (`datasette payproof.sqlite -m datasette.json`). The view
`evidence` leads from every curated value to the stored bytes in one query.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.core.disk import make_full_disk_error
from pipeline.query.relations import RELATIONS, TableRelation
from pipeline.query.release_db import quote_name

ROWS = 5_000  # inserted by one statement
KINDS = {
    "Boolean": "BOOLEAN",
    "Int32": "INTEGER",
    "Int64": "INTEGER",
    "Float64": "REAL",
}
# One row per figure behind a curated value, with the stored body it was read from: the
# whole way from a value to the bytes is one query (docs/releases.md).
EVIDENCE = """
CREATE VIEW evidence AS
SELECT salaries.cell, salaries.occupation, salaries.statistic, salaries.year,
       salaries.annual AS settled, salaries.status, salaries.grade,
       provenance.role, provenance.reason, provenance.publisher,
       provenance.annual, claims.claim_id, claims.quote, claims.locator,
       snapshots.snapshot, snapshots.sha256, snapshots.path, snapshots.url
FROM salaries
JOIN provenance ON provenance.cell = salaries.cell
JOIN claims ON claims.claim_id = provenance.claim_id
JOIN snapshots ON snapshots.snapshot = claims.snapshot
"""
# Lists held in one cell, as rows of their own, so that they can be joined.
LISTS = {
    "discrepancy_claims": ("discrepancies", "claim_ids", "claim_id", "claims"),
    "discrepancy_cells": ("discrepancies", "cells", "cell", "salaries"),
}


def write_sqlite(
    path: Path, frames: Mapping[str, pl.DataFrame], release: Mapping[str, str]
) -> None:
    """Write the whole file; the same frames give the same bytes.

    Args:
        path: A file that does not exist yet.
        frames: Table name to rows, each in a total order.
        release: Facts of the release for the table `release`, by name.

    Raises:
        DiskFull: There is no room for it.
    """
    try:
        _write_tables(path, frames, release)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_FULL:
            raise
        # What the rows take in memory is near to what they take in the file.
        needed = sum(int(frame.estimated_size()) for frame in frames.values())
        raise make_full_disk_error(path, needed) from error


def _write_tables(
    path: Path, frames: Mapping[str, pl.DataFrame], release: Mapping[str, str]
) -> None:
    """Write all tables, keys, indexes and the view into a new file."""
    known = {name: one for name, one in RELATIONS.items() if name in frames}
    # isolation_level=None: Python begins no transaction of its own; ours is one.
    database = sqlite3.connect(path, isolation_level=None)
    try:
        # No journal and no sync: what a kill leaves is thrown away with its folder,
        # and the whole file is synced before that folder gets its name.
        for pragma in ("page_size=8192", "journal_mode=OFF", "synchronous=OFF"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("BEGIN")
        for name, relation in known.items():
            create_table(database, name, relation, frames[name])
        for name, (table, column, target, leads) in LISTS.items():
            create_list_table(database, name, frames[table], column, target, leads)
        write_codebook(database, known, release)
        create_indexes(database, known)
        database.execute(EVIDENCE)
        database.execute("COMMIT")
        database.execute("ANALYZE")
    finally:
        database.close()


def choose_column_type(column: pl.DataType) -> str:
    """Choose the SQLite type: money is NUMERIC, so that whole amounts stay whole."""
    name = str(column).partition("(")[0]
    return "NUMERIC" if name == "Decimal" else KINDS.get(name, "TEXT")


def create_table(
    database: sqlite3.Connection,
    name: str,
    relation: TableRelation,
    frame: pl.DataFrame,
) -> None:
    """Create a table with its keys, and insert the rows."""
    parts = []
    for column, facts in relation.model.to_schema().columns.items():
        null = "" if facts.nullable else " NOT NULL"
        kind = choose_column_type(frame.schema[column])
        parts.append(f"{quote_name(column)} {kind}{null}")
    parts.append(f"PRIMARY KEY ({', '.join(map(quote_name, relation.key))})")
    for column, table in (relation.leads or {}).items():
        target = RELATIONS[table].key[0]
        parts.append(
            f"FOREIGN KEY ({quote_name(column)}) "
            f"REFERENCES {quote_name(table)} ({quote_name(target)})"
        )
    database.execute(f"CREATE TABLE {quote_name(name)} ({', '.join(parts)})")
    columns = list(relation.model.to_schema().columns)
    # A source fills the same half of the columns in all its rows, which lie together:
    # what a slice has not at all need not be bound row by row.
    for rows in cast_decimals(frame.select(columns)).iter_slices(ROWS):
        filled = [one.name for one in rows if one.null_count() < rows.height]
        names = ", ".join(map(quote_name, filled))
        marks = ", ".join("?" * len(filled))
        database.executemany(
            f"INSERT INTO {quote_name(name)} ({names}) VALUES ({marks})",
            rows.select(filled).iter_rows(),
        )


def cast_decimals(frame: pl.DataFrame) -> pl.DataFrame:
    """Turn money into floats: SQLite has no decimals."""
    # Decimal(14, 2) has 14 digits and a float keeps 15, so that both places survive.
    return frame.with_columns(pl.selectors.decimal().cast(pl.Float64))


def create_list_table(
    database: sqlite3.Connection,
    name: str,
    frame: pl.DataFrame,
    column: str,
    target: str,
    leads: str,
) -> None:
    """Create a table with a row for each id of a space-separated list.

    Args:
        database: To write into.
        name: Of the new table.
        frame: Of `discrepancies`.
        column: That holds the lists.
        target: Name of the column that gets one id, and of the key it leads to.
        leads: Table with that key.
    """
    database.execute(
        f"CREATE TABLE {quote_name(name)} (discrepancy_id TEXT NOT NULL "
        "REFERENCES discrepancies (discrepancy_id), "
        f"{quote_name(target)} TEXT NOT NULL "
        f"REFERENCES {quote_name(leads)} ({quote_name(target)}))"
    )
    rows = (
        frame.select("discrepancy_id", pl.col(column).str.split(" ").alias(target))
        .explode(target)
        .drop_nulls()
    )
    # A conflict may name a cell that no figure answers, which is no row of salaries:
    # the foreign key would lead nowhere.
    if leads == "salaries":
        known = {cell for (cell,) in database.execute("SELECT cell FROM salaries")}
        rows = rows.filter(pl.col(target).is_in(sorted(known)))
    database.executemany(
        f"INSERT INTO {quote_name(name)} VALUES (?, ?)", rows.iter_rows()
    )
    # Pages ask by claim and by cell; a conflict of two files may name thousands.
    database.execute(
        f"CREATE INDEX {quote_name(f'{name}_{target}')} "
        f"ON {quote_name(name)} ({quote_name(target)})"
    )


def write_codebook(
    database: sqlite3.Connection,
    known: Mapping[str, TableRelation],
    release: Mapping[str, str],
) -> None:
    """Write the codebook and the release's own facts as tables."""
    database.execute("CREATE TABLE codebook (name TEXT, column TEXT, meaning TEXT)")
    database.executemany("INSERT INTO codebook VALUES (?, ?, ?)", list_meanings(known))
    database.execute("CREATE TABLE release (fact TEXT PRIMARY KEY, value TEXT)")
    database.executemany("INSERT INTO release VALUES (?, ?)", sorted(release.items()))


def list_meanings(known: Mapping[str, TableRelation]) -> Iterator[tuple[str, str, str]]:
    """Yield table, column and description of every column."""
    for name, relation in known.items():
        for column, facts in relation.model.to_schema().columns.items():
            yield name, column, facts.description or ""


def create_indexes(
    database: sqlite3.Connection, known: Mapping[str, TableRelation]
) -> None:
    """Create an index for every column that leads elsewhere, and for usual filters."""
    # SQLite indexes primary keys alone, by their first column: a join on another
    # table's key would scan.
    usual = {"salaries": ("soc", "area_code", "year"), "figures": ("cell",)}
    for name, relation in known.items():
        wanted = {*(relation.leads or {}), *usual.get(name, ())}
        for column in sorted(wanted - {relation.key[0]}):
            # A page of a cell asks for one occupation in one place.
            on = (column, "area_code") if column == "soc" else (column,)
            database.execute(
                f"CREATE INDEX {quote_name(f'{name}_{column}')} "
                f"ON {quote_name(name)} ({', '.join(map(quote_name, on))})"
            )


def describe_for_datasette(release: str, warning: str) -> bytes:
    """Describe the tables in the form that Datasette reads (`-m datasette.json`)."""
    tables: dict[str, Any] = {
        name: {
            "description": (one.model.__doc__ or "").strip().splitlines()[0],
            "columns": {
                column: facts.description
                for column, facts in one.model.to_schema().columns.items()
                if facts.description
            },
        }
        for name, one in RELATIONS.items()
    }
    metadata = {
        "title": f"Payproof {release}",
        "description": warning or "What jobs pay, with the page of each figure.",
        "databases": {"payproof": {"tables": tables}},
    }
    return (json.dumps(metadata, ensure_ascii=False, indent=1) + "\n").encode()
