"""Write docs/tables.md, docs/commands.md and docs/sources.md from the code.

    $ .venv/bin/python docs/generate.py

tests/test_docs.py fails when a file is not what this writes.
"""

import sys
from dataclasses import fields
from enum import Enum
from pathlib import Path

import pandera.polars as pa
from typer.main import get_command

import schemas
from pipeline.cli import app
from pipeline.model import Source
from pipeline.sources import IDS, module

DOCS = Path(__file__).resolve().parent
INTRO = """# Tables

Generated from `schemas/`; change the models, not this page. Money is
`Decimal(14, 2)`, codes are text, dates are ISO.
"""
SOURCES = """# Sources

Generated from `pipeline/sources`; change a source's module, not this page. Each section
is what the module says of its publication, and the facts that it states.
"""
SAID = ("id", "title")  # the heading
COMMANDS = """# Commands

Generated from `pipeline/cli`; change the command, not this page. Exit status: 0 done,
1 done with something a person must look at, 2 could not do it.
"""


def tables() -> str:
    """One section per table, one row per column."""
    parts, told = [INTRO], dict[str, str]()
    for name in schemas.__all__:
        model: type[pa.DataFrameModel] = getattr(schemas, name)
        schema = model.to_schema()
        parts.append(f"## {name.lower()}\n\n{first_line(model.__doc__)}\n")
        rows = ["| column | type | null | meaning |", "|---|---|---|---|"]
        for column, facts in schema.columns.items():
            said = facts.description or allowed(facts)
            text = (said or told.get(column, "")).replace("|", "\\|")
            if said:
                told.setdefault(column, f"As in `{name.lower()}`.")
            null = "yes" if facts.nullable else ""
            rows.append(f"| `{column}` | {kind(facts)} | {null} | {text} |")
        parts.append("\n".join(rows) + "\n")
        rules = [f"- {check.error}" for check in schema.checks if check.error]
        if rules:
            parts.append("Rules across columns:\n\n" + "\n".join(sorted(rules)) + "\n")
    return "\n".join(parts)


def first_line(text: str | None) -> str:
    """The summary of a docstring."""
    return (text or "").strip().splitlines()[0]


def kind(column: pa.Column) -> str:
    """The column's type as people write it."""
    return str(column.dtype.type).replace("precision=", "").replace("scale=", "")


def allowed(column: pa.Column) -> str:
    """The words of a closed list, where the column has one."""
    words = [c.statistics["allowed_values"] for c in column.checks
             if "allowed_values" in c.statistics]  # fmt: skip
    return ", ".join(f"`{word}`" for word in words[0]) if words else ""


def commands() -> str:
    """One section per command, with its arguments and options."""
    parts = [COMMANDS]
    group = get_command(app)
    for name, command in sorted(group.commands.items()):  # type: ignore[attr-defined]
        words = [f"payproof {name}"]
        rows = []
        for parameter in command.params:
            shown = parameter.opts[-1]
            if parameter.param_type_name == "argument":
                words.append(parameter.metavar or parameter.name.upper())
                continue
            annotation = parameter.type_descriptor.annotation
            choices = list(annotation) if isinstance(annotation, type(Enum)) else []
            values = f" [{'|'.join(c.value for c in choices)}]" if choices else ""
            rows.append(f"- `{shown}{values}`: {parameter.help or 'how it prints'}")
        parts.append(f"## {name}\n\n    {' '.join(words)}\n\n{command.help}\n")
        if rows:
            parts.append("\n".join(rows) + "\n")
    return "\n".join(parts) + (DOCS / "json.md").read_text("utf-8")


def sources() -> str:
    """One section per source: its module's words, then its facts."""
    parts = [SOURCES]
    for source_id in IDS:
        facts: Source = module(source_id).SOURCE
        words = (module(source_id).__doc__ or "").strip()
        parts.append(f"## {source_id}: {facts.title}\n\n{words}\n")
        rows = ["| fact | value |", "|---|---|"]
        for field in fields(facts):
            if field.name not in SAID and (value := fact(getattr(facts, field.name))):
                rows.append(f"| {field.name.replace('_', ' ')} | {value} |")
        parts.append("\n".join(rows) + "\n")
    return "\n".join(parts)


def fact(value: object) -> str:
    """A fact as people write it; "" for one that is not stated."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple) and value and isinstance(value[0], int):
        return " to ".join(f"{number:,}" for number in value)
    if isinstance(value, tuple | list):
        return "<br>".join(str(item) for item in value)
    return str(value).replace("|", "\\|").replace("\n", " ")


def pages() -> dict[str, str]:
    """File name to text of every generated page."""
    return {"tables.md": tables(), "commands.md": commands(), "sources.md": sources()}


if __name__ == "__main__":
    for file, text in pages().items():
        (DOCS / file).write_text(text, "utf-8")
        print(f"docs/{file}", file=sys.stderr)
