"""Turn rows into JSON, and spell out the hidden characters of text."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

# Marks that turn text around or end it early, and control characters: they would make
# our own words beside a quote read otherwise than they stand.
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def spell_out_hidden(text: str) -> str:
    r"""Return text whose hidden characters are spelled out, of the same type.

    >>> spell_out_hidden("a\u202eb")
    'a\\u202eb'
    """
    # Nearly every cell of a page: to ask this is quicker than to search it.
    if text.isprintable() or not HIDDEN.search(text):
        return text
    # The same type: `Markup` that became `str` would be escaped a second time.
    return type(text)(HIDDEN.sub(lambda m: f"\\u{ord(m[0]):04x}", text))


def to_json_value(value: Any) -> Any:
    """Return a cell as JSON has it: decimals as numbers, whole ones without a point."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def to_json_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row, by column, as JSON has it."""
    return {name: to_json_value(value) for name, value in row.items()}


def make_claim_record(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of claims as the claim record of the API.

    Decimals are numbers; `inherited`, `basis`, `certainty` and `repair`,
    comma-separated in the table, are lists, and so is `unread`.
    """
    record = to_json_row(row)
    for name in ("inherited", "basis", "certainty", "repair"):
        record[name] = (row[name] or "").split(",") if row[name] else []
    record["unread"] = row["unread"].split("; ") if row["unread"] else []
    return record
