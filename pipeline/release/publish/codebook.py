"""What every table and column means, written from the pandera models."""

from collections.abc import Mapping

import pandera.polars as pa


def render_codebook(models: Mapping[str, type[pa.DataFrameModel]]) -> str:
    """Markdown: one section per table, one row per column.

    Args:
        models: Table name to its model, in the order of the page.
    """
    parts: list[str] = []
    told: dict[str, str] = {}
    for name, model in models.items():
        schema = model.to_schema()
        parts.append(f"## {name}\n\n{first_line(model.__doc__)}\n")
        rows = ["| column | type | null | meaning |", "|---|---|---|---|"]
        for column, facts in schema.columns.items():
            said = facts.description or list_allowed_words(facts)
            text = (said or told.get(column, "")).replace("|", "\\|")
            if said:
                told.setdefault(column, f"As in `{name}`.")
            null = "yes" if facts.nullable else ""
            rows.append(f"| `{column}` | {describe_type(facts)} | {null} | {text} |")
        parts.append("\n".join(rows) + "\n")
        rules = [f"- {check.error}" for check in schema.checks if check.error]
        if rules:
            parts.append("Rules across columns:\n\n" + "\n".join(sorted(rules)) + "\n")
    return "\n".join(parts)


def first_line(text: str | None) -> str:
    """The summary of a docstring."""
    return (text or "").strip().splitlines()[0]


def describe_type(column: pa.Column) -> str:
    """The column's type as people write it."""
    return str(column.dtype.type).replace("precision=", "").replace("scale=", "")


def list_allowed_words(column: pa.Column) -> str:
    """The words of a closed list, where the column has one."""
    words = [
        c.statistics["allowed_values"]
        for c in column.checks
        if "allowed_values" in c.statistics
    ]
    return ", ".join(f"`{word}`" for word in words[0]) if words else ""
