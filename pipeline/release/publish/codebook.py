"""Write what every table and column means, from the pandera models."""

from collections.abc import Mapping

import pandera.polars as pa

from schemas.table_model import TableModel


def render_codebook(models: Mapping[str, type[TableModel]]) -> str:
    """Render the codebook as Markdown: a section per table, a row per column.

    Args:
        models: Table name to its model, in the order of the page.
    """
    parts: list[str] = []
    # Many columns stand in several tables (`locator`, `quote`): described once, and
    # elsewhere by reference to the table that describes them.
    described: dict[str, str] = {}
    for name, model in models.items():
        schema = model.to_schema()
        parts.append(f"## {name}\n\n{first_line(model.__doc__)}\n")
        rows = ["| column | type | null | meaning |", "|---|---|---|---|"]
        for column, facts in schema.columns.items():
            meaning = facts.description or list_allowed_words(facts)
            # A pipe would begin another column of the Markdown table.
            text = (meaning or described.get(column, "")).replace("|", "\\|")
            if meaning:
                described.setdefault(column, f"As in `{name}`.")
            null = "yes" if facts.nullable else ""
            rows.append(f"| `{column}` | {describe_type(facts)} | {null} | {text} |")
        parts.append("\n".join(rows) + "\n")
        rules = [f"- {check.error}" for check in schema.checks if check.error]
        if rules:
            parts.append("Rules across columns:\n\n" + "\n".join(sorted(rules)) + "\n")
    return "\n".join(parts)


def first_line(text: str | None) -> str:
    """Return the summary of a docstring, its first line."""
    return (text or "").strip().splitlines()[0]


def describe_type(column: pa.Column) -> str:
    """Describe a column's type as people write it: `Decimal(14, 2)`."""
    # Polars writes Decimal(precision=14, scale=2).
    return str(column.dtype.type).replace("precision=", "").replace("scale=", "")


def list_allowed_words(column: pa.Column) -> str:
    """List the words that a column allows, where it has a closed list; else nothing."""
    words = [
        c.statistics["allowed_values"]
        for c in column.checks
        if "allowed_values" in c.statistics
    ]
    return ", ".join(f"`{word}`" for word in words[0]) if words else ""
