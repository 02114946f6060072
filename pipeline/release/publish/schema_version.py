"""Describe the tables at their version, and check the rule of versions."""

from typing import Any

from pipeline.query.relations import RELATIONS
from schemas import VERSION

TableShapes = dict[str, Any]


def describe_tables() -> TableShapes:
    """Describe the tables as they are: version, and type of every column by table."""
    tables = {
        name: {c: str(f.dtype.type) for c, f in one.model.to_schema().columns.items()}
        for name, one in RELATIONS.items()
    }
    return {"version": VERSION, "tables": tables}


def find_version_fault(before: TableShapes, now: TableShapes) -> str:
    """Find what is wrong with the version of `now` after `before`; "" where nothing.

    A table or column that goes, or changes its type, raises the first number: readers
    of the old one would fail. A new one raises the second: it does not disturb them.
    """
    old, new = (flatten_columns(one["tables"]) for one in (before, now))
    breaks = sorted(c for c, kind in old.items() if new.get(c) != kind)
    adds = sorted(new.keys() - old.keys())
    first, second = map(int, before["version"].split("."))
    stated = tuple(map(int, now["version"].split(".")))
    if breaks and stated < (first + 1, 0):
        return (
            f"{', '.join(breaks)} went or changed: raise VERSION in "
            f"schemas/__init__.py to {first + 1}.0"
        )
    if adds and stated < (first, second + 1):
        return (
            f"{', '.join(adds)} came: raise VERSION in schemas/__init__.py to "
            f"{first}.{second + 1}"
        )
    if not breaks and not adds and stated != (first, second):
        return f"nothing changed: VERSION in schemas/__init__.py is {first}.{second}"
    return ""


def flatten_columns(tables: TableShapes) -> dict[str, str]:
    """Map `table.column` to its type."""
    return {f"{t}.{c}": kind for t, cs in tables.items() for c, kind in cs.items()}
