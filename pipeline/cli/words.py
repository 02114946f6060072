"""Rows of tables as text and JSON, for all commands."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pipeline.cli import printable


def plain_value(value: Any) -> Any:
    """A cell as JSON: decimals become numbers, whole ones without a point."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def plain_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON."""
    return {name: plain_value(value) for name, value in row.items()}


def claim_record(row: Mapping[str, Any]) -> dict[str, Any]:
    """A claim in the form of the claim record: lists as lists, numbers as numbers."""
    record = plain_row(row)
    for name in ("inherited", "repair"):
        record[name] = (row[name] or "").split(",") if row[name] else []
    return record


def columns(rows: Sequence[Sequence[object]], heads: Sequence[str]) -> list[str]:
    """Lines of a table, columns as wide as their widest cell, at most 48."""
    text = [[cut(cell) for cell in row] for row in rows]
    widths = [
        max(len(line[n]) for line in [list(heads), *text]) for n in range(len(heads))
    ]
    lines = [list(heads), ["-" * width for width in widths], *text]
    return [
        "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def cut(cell: object, most: int = 48) -> str:
    """A cell on one line, harmless and not too long."""
    text = " ".join(printable("" if cell is None else str(cell)).split())
    return text if len(text) <= most else text[: most - 1] + "…"


def amount(row: Mapping[str, Any], *, low: str, value: str, high: str) -> str:
    """A point, a range or an open end as text."""
    if row[value] is not None:
        return f"{row[value]:,.2f}".removesuffix(".00")
    ends = [f"{row[e]:,.2f}".removesuffix(".00") if row[e] is not None else ""
            for e in (low, high)]  # fmt: skip
    if not any(ends):
        return ""
    return f"{ends[0]}+" if not ends[1] else f"{ends[0] or 'up to '}-{ends[1]}"
