"""Format rows of tables as text, for all commands."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.cli.console import escape_controls


def format_table(rows: Sequence[Sequence[object]], heads: Sequence[str]) -> list[str]:
    """Format the lines of a table, each column as wide as its widest cell.

    Args:
        rows: Cells; each is clipped to 48 characters.
        heads: One for each column.
    """
    text = [[clip_cell(cell) for cell in row] for row in rows]
    widths = [
        max(len(line[n]) for line in [list(heads), *text]) for n in range(len(heads))
    ]
    lines = [list(heads), ["-" * width for width in widths], *text]
    return [
        "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def clip_cell(cell: object, most: int = 48) -> str:
    """Clip a cell to one line of at most `most` characters, controls spelled out."""
    text = " ".join(escape_controls("" if cell is None else str(cell)).split())
    return text if len(text) <= most else text[: most - 1] + "…"


def format_amount(row: Mapping[str, Any], *, low: str, value: str, high: str) -> str:
    """Format a point, a range or an open end: `48,780`, `41,000-52,000`, `60,000+`.

    Args:
        row: With the amounts, in currency.
        low: Column of the lower bound.
        value: Column of the point.
        high: Column of the upper bound.
    """
    if row[value] is not None:
        return f"{row[value]:,.2f}".removesuffix(".00")
    ends = [f"{row[e]:,.2f}".removesuffix(".00") if row[e] is not None else ""
            for e in (low, high)]  # fmt: skip
    if not any(ends):
        return ""
    return f"{ends[0]}+" if not ends[1] else f"{ends[0] or 'up to '}-{ends[1]}"
