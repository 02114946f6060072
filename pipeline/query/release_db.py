"""Query a release's SQLite file: filters, pages by key, read-only.

Rows come as SQLite has them, money as numbers; BOOLEAN columns are true or false. Names
of tables and columns are checked against the file before they enter a query; values
are bound.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.core.errors import Damaged, NotFound
from schemas.former import (
    DATED,
    RENAMED,
    UNKNOWN_YEAR,
    YEAR,
    YEAR_KNOWN,
    name_today,
)

FILE = "payproof.sqlite"
Row = dict[str, Any]
# SQL of a year that was text: `2023` or `?` as a number or null, and whether it is one.
DATING = (
    f"CAST(NULLIF({YEAR}, '{UNKNOWN_YEAR}') AS INTEGER) AS {YEAR}, "
    f"coalesce({YEAR} <> '{UNKNOWN_YEAR}', 0) AS {YEAR_KNOWN}"
)


@dataclass(frozen=True)
class RowQuery:
    """One question to one table.

    Args:
        table: Its name.
        equal: Column to the value that it must have; a list: any of them, null too
            where it holds None.
        fields: Columns of the answer, in this order; empty: all.
        after: Key of the last row of the page before.
        limit: Most rows of the answer.
    """

    table: str
    equal: Mapping[str, Any]
    fields: Sequence[str] = ()
    after: Sequence[Any] = ()
    limit: int = 100


class ReleaseDatabase:
    """A release's database, open for reading; may be used from several threads."""

    def __init__(self, path: Path) -> None:
        """Open the file; tables of an earlier version get today's columns.

        Raises:
            NotFound: There is none.
            Damaged: The file is no database.
        """
        if not path.is_file():
            raise NotFound("Database", str(path), "Run `payproof refresh` to make it.")
        self.path = path
        # A release is never edited: as `immutable` SQLite takes no lock and writes no
        # file beside it. The server asks from several threads, and each set of filters
        # is a statement of its own, worth keeping.
        self.database = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1",
            uri=True,
            check_same_thread=False,
            cached_statements=512,
        )
        try:
            self.views = lay_views(self.database)
        except sqlite3.DatabaseError as error:
            raise Damaged(str(self.path), f"no database ({error})") from error
        # Not before: the temporary views are written.
        self.database.execute("PRAGMA query_only=ON")

    @cached_property
    def columns(self) -> dict[str, dict[str, str]]:
        """The declared type of every column, by table and column.

        Raises:
            Damaged: The file is no database.
        """
        try:
            names = [
                name
                for (name,) in self.database.execute(
                    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
                    "AND name NOT LIKE 'sqlite_%' ORDER BY name"
                )
            ]
            return {name: self._columns_of(name) for name in names}
        except sqlite3.DatabaseError as error:
            raise Damaged(str(self.path), f"no database ({error})") from error

    @cached_property
    def keys(self) -> dict[str, tuple[str, ...]]:
        """The columns of every table's key, in order, by table."""
        found = {}
        for name in self.columns:
            # `main.`: a temporary view has the name of its table, and no key.
            facts = self.database.execute(f"PRAGMA main.table_info({quote_name(name)})")
            parts = sorted((row[5], row[1]) for row in facts if row[5])
            found[name] = tuple(column for _, column in parts)
        return found

    def select_rows(self, asked: RowQuery) -> list[Row]:
        """Select the rows of a page, in the order of their key.

        Raises:
            NotFound: No such table or column.
        """
        statement, values = self.build_statement(asked)
        names = self.choose_columns(asked)
        found = self.database.execute(statement, values).fetchall()
        rows = [dict(zip(names, row, strict=True)) for row in found]
        for name in names:
            if self.columns[asked.table][name] == "BOOLEAN":
                for row in rows:
                    row[name] = None if row[name] is None else bool(row[name])
        return rows

    def choose_columns(self, asked: RowQuery) -> tuple[str, ...]:
        """Choose the columns of the answer.

        Raises:
            NotFound: No such table or column.
        """
        self.check_names(asked.table, asked.fields)
        return tuple(asked.fields) or tuple(self.columns[asked.table])

    def build_statement(self, asked: RowQuery) -> tuple[str, list[Any]]:
        """Build the query and the values that are bound to it.

        Raises:
            NotFound: No such table or column.
        """
        table, key = asked.table, self.keys.get(asked.table, ())
        self.check_names(table, [*asked.equal, *asked.fields])
        parts: list[str] = []
        values: list[Any] = []
        for column, value in sorted(asked.equal.items()):
            if isinstance(value, list | tuple):
                # In SQL null is in no list: it is asked for by itself.
                known = [one for one in value if one is not None]
                part = f"{quote_name(column)} IN ({make_placeholders(known)})"
                null = f" OR {quote_name(column)} IS NULL" if None in value else ""
                parts.append(f"({part}{null})")
                values += known
            else:
                parts.append(f"{quote_name(column)} = ?")
                values.append(value)
        # By key and not by OFFSET: the page after the 10,000th row costs what the first
        # one does.
        if asked.after:
            parts.append(f"({join_names(key)}) > ({make_placeholders(key)})")
            values += asked.after
        where = f" WHERE {' AND '.join(parts)}" if parts else ""
        order = f" ORDER BY {join_names(key)}" if key else ""
        chosen = join_names(self.choose_columns(asked))
        text = f"SELECT {chosen} FROM {quote_name(table)}{where}{order} LIMIT ?"
        return text, [*values, asked.limit]

    def check_names(self, table: str, columns: Sequence[str]) -> None:
        """Check that the file has these names.

        Raises:
            NotFound: No such table or column.
        """
        if table not in self.columns:
            raise NotFound("Table", table, f"Tables: {', '.join(self.columns)}.")
        for column in columns:
            if column not in self.columns[table]:
                known = ", ".join(self.columns[table])
                raise NotFound("Column", column, f"Columns of {table}: {known}.")

    def run_query(self, statement: str, *values: Any) -> list[Row]:
        """Run a query written by the caller, with bound values, and return its rows."""
        found = self.database.execute(statement, values)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def read_facts(self) -> dict[str, str]:
        """Read the facts of the release as a whole, by name."""
        return dict(self.database.execute("SELECT fact, value FROM release"))

    def _columns_of(self, table: str) -> dict[str, str]:
        if table in self.views:
            return self.views[table]
        rows = self.database.execute(f"PRAGMA table_info({quote_name(table)})")
        return {row[1]: row[2] for row in rows}


def lay_views(database: sqlite3.Connection) -> dict[str, dict[str, str]]:
    """Create temporary views with today's columns of tables of an earlier version.

    SQLite takes a temporary view before the table of the same name, so that no query
    needs to know of which version the file is.

    Returns:
        Table to column to type, of the tables that have a view.
    """
    # Or SQLite may open a temporary file for them.
    database.execute("PRAGMA temp_store=MEMORY")
    views = {}
    for table in sorted({*RENAMED, *DATED}):
        facts = database.execute(f"PRAGMA main.table_info({quote_name(table)})")
        there = {row[1]: row[2] for row in facts}
        dated = table in DATED and there.get(YEAR) == "TEXT"
        if not dated and not RENAMED.get(table, {}).keys() & there.keys():
            continue
        names = {column: name_today(column) for column in there}
        kinds: dict[str, str] = {}
        parts: list[str] = []
        for column, kind in there.items():
            if column == YEAR and dated:
                kinds |= {YEAR: "INTEGER", YEAR_KNOWN: "BOOLEAN"}
                parts.append(DATING)
            else:
                kinds[names[column]] = kind
                parts.append(f"{quote_name(column)} AS {quote_name(names[column])}")
        database.execute(
            f"CREATE TEMP VIEW {quote_name(table)} AS "
            f"SELECT {', '.join(parts)} FROM main.{quote_name(table)}"
        )
        views[table] = kinds
    return views


def quote_name(name: str) -> str:
    """Quote an identifier for SQL."""
    return '"' + name.replace('"', '""') + '"'


def join_names(names: Sequence[str]) -> str:
    """Join quoted identifiers by commas."""
    return ", ".join(map(quote_name, names))


def make_placeholders(values: Sequence[Any]) -> str:
    """Make as many question marks as there are values, for binding."""
    return ", ".join("?" * len(values))
