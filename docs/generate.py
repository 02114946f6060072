"""Write schema.json and the generated pages of docs/ from the code.

    $ .venv/bin/python docs/generate.py

tests/test_docs.py fails when a file is not what this writes.
"""

import json
import sys
from dataclasses import fields
from enum import Enum
from pathlib import Path

from typer.main import get_command

import schemas
from pipeline.cli import app
from pipeline.core.model import Source
from pipeline.release.publish import schema_version
from pipeline.release.publish.codebook import render_codebook
from pipeline.site.glossary import read_glossary
from pipeline.sources import IDS, import_source

DOCS = Path(__file__).resolve().parent
SCHEMA = DOCS / "schema.json"
INTRO = """# Tables

Generated from `schemas/`; change the models, not this page. Money is
`Decimal(14, 2)`, codes are text, dates are ISO.
"""
SOURCES = """# Sources

Generated from `pipeline/sources`; change a source's module or its file of facts, not
this page. Each section is what the module says of its publication, and its facts.
"""
SAID = ("id", "title")  # the heading
GLOSSARY = """# Glossary

Generated from `pipeline/site/glossary.toml`; change that file, not this page. The
report and the analyst's pages say the same.
"""
COMMANDS = """# Commands

Generated from `pipeline/cli`; change the command, not this page. Exit status: 0 done,
1 done with something a person must look at, 2 could not do it.

`payproof --version` prints the versions of the package and of its tables;
`payproof --install-completion` lets the shell complete commands and options, and
`--show-completion` prints what that would install. `python -m pipeline` is `payproof`.
"""


def tables() -> str:
    """One section per table, one row per column."""
    models = {
        name.lower(): getattr(schemas, name)
        for name in schemas.__all__
        if name != "VERSION"
    }
    return f"{INTRO}\n{render_codebook(models)}"


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
        facts: Source = import_source(source_id).SOURCE
        words = (import_source(source_id).__doc__ or "").strip()
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
        return "<br>".join(
            item["address"] if isinstance(item, dict) else str(item) for item in value
        )
    return str(value).replace("|", "\\|").replace("\n", " ")


def glossary() -> str:
    """One section per group, one heading per word, which is its anchor."""
    parts = [GLOSSARY]
    for group in read_glossary():
        parts.append(f"## {group.title}\n")
        parts += [f"### {one.word}\n\n{one.meaning}\n" for one in group.words]
    return "\n".join(parts)


def pages() -> dict[str, str]:
    """File name to text of every generated page."""
    return {
        "tables.md": tables(),
        "commands.md": commands(),
        "sources.md": sources(),
        "glossary.md": glossary(),
    }


def schema() -> str:
    """The tables at the version that they state, once the version follows its rule."""
    now = schema_version.describe_tables()
    before = json.loads(SCHEMA.read_text("utf-8")) if SCHEMA.is_file() else now
    if said := schema_version.find_version_fault(before, now):
        raise SystemExit(said)
    return json.dumps(now, indent=1) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema(), "utf-8")
    for file, text in pages().items():
        (DOCS / file).write_text(text, "utf-8")
        print(f"docs/{file}", file=sys.stderr)
