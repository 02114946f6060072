"""A release of today turned back into one of the tables' version 2."""

import json
import sqlite3

import polars as pl

from pipeline.core.checksums import SUMS
from pipeline.core.store import Home
from pipeline.query.published import Release
from pipeline.release.publish import compute_checksums
from pipeline.release.publish.table_files import csv_bytes

# What version 2 called the columns, and wrote for a year that no page says.
NAMES = {
    "provenance": {"is_independent": "speaks"},
    "salaries": {"would_be_settled_by": "settled_by"},
}
UNKNOWN = {"salaries": "?", "figures": None}
DATABASE = "payproof.sqlite"


def turn_back(home: Home, name: str) -> Release:
    """Write a release's files anew, as version 2 wrote them; its name stays."""
    folder = home.curated / name
    for table in {*NAMES, *UNKNOWN}:
        path = folder / f"{table}.parquet"
        old = turn_back_table(table, pl.read_parquet(path))
        old.write_parquet(path)
        if path.with_suffix(".csv").is_file():
            path.with_suffix(".csv").write_bytes(csv_bytes(old))
    turn_back_database(folder / DATABASE)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").unlink()
    (folder / SUMS).unlink()
    sums = [f"{f['sha256']}  {path}\n" for path, f in compute_checksums(folder).items()]
    (folder / SUMS).write_text("".join(sums), "utf-8")
    manifest["files"] = compute_checksums(folder)
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return Release(folder, manifest)


def turn_back_table(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of version 2."""
    frame = frame.rename(NAMES.get(table, {}))
    if table not in UNKNOWN:
        return frame
    text = pl.col("year").cast(pl.String).fill_null(pl.lit(UNKNOWN[table], pl.String))
    return frame.with_columns(year=text).drop("is_year_known")


def turn_back_database(path) -> None:
    """The same in SQLite: columns renamed, `year` as text, no flag."""
    database = sqlite3.connect(path)
    for table, names in NAMES.items():
        for new, old in names.items():
            database.execute(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}")
    for table in UNKNOWN:
        database.execute(f"ALTER TABLE {table} DROP COLUMN is_year_known")
    database.execute("PRAGMA writable_schema=ON")
    database.execute(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE name IN (?, ?)",
        ['"year" INTEGER', '"year" TEXT', *UNKNOWN],
    )
    database.commit()
    database.close()
    database = sqlite3.connect(path)
    for table, unknown in UNKNOWN.items():
        database.execute(
            f"UPDATE {table} SET year = coalesce(CAST(year AS TEXT), ?)", [unknown]
        )
    database.commit()
    database.execute("VACUUM")
    database.close()
