"""Rows as JSON has them: decimals as numbers, lists as lists."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any


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
