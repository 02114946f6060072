"""Describe a release for machines: `datapackage.json`, made from the schemas.

Form: Data Package, one resource for each CSV table and one for each Parquet table that
has no CSV, with the type, meaning and key of every column
(https://datapackage.org/standard/data-package/).
"""

import json
from collections.abc import Iterable
from typing import Any

import pandera.polars as pa

from pipeline.query.relations import RELATIONS
from pipeline.release.publish.licences import list_licences, list_sources

# Tables that people open in a spreadsheet; the others are Parquet (and SQLite) alone.
CSV_TABLES = (
    "salaries",
    "provenance",
    "discrepancies",
    "rejects",
    "snapshots",
    "rulings",
    "scorecards",
)
# Types of the Data Package for those of the schemas; decimals and floats are `number`.
TYPES = {
    "String": "string",
    "Boolean": "boolean",
    "Int32": "integer",
    "Int64": "integer",
}


def describe_datapackage(
    release: str,
    *,
    warning: str,
    schema_version: str,
    sources: Iterable[str] = (),
) -> bytes:
    """Describe a release's tables, and whose the figures in them are.

    Args:
        release: Its id.
        warning: A sentence about the whole release; "" where there is none.
        schema_version: Of the tables.
        sources: Ids of the sources behind it.

    Returns:
        The bytes of `datapackage.json`.
    """
    whose = list_sources(sources)
    licences = list_licences(whose)
    described = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"payproof-{release}",
        "title": "What jobs pay, with the page that each figure came from",
        "version": release,
        "schemaVersion": schema_version,
        "description": warning,
        # The standard allows neither list to be empty.
        **({"licenses": licences} if licences else {}),
        **({"sources": whose} if whose else {}),
        "resources": [describe_resource(name) for name in RELATIONS],
    }
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()


def describe_resource(name: str) -> dict[str, Any]:
    """Describe one table: its file, its columns, its keys."""
    relation = RELATIONS[name]
    columns = relation.model.to_schema().columns
    schema: dict[str, Any] = {
        "fields": [describe_field(c, f) for c, f in columns.items()]
    }
    schema["primaryKey"] = list(relation.key)
    leads = {c: t for c, t in (relation.leads or {}).items() if t in CSV_TABLES}
    if leads and name in CSV_TABLES:
        schema["foreignKeys"] = [
            describe_foreign_key(c, t) for c, t in sorted(leads.items())
        ]
    form = "csv" if name in CSV_TABLES else "parquet"
    kind = "text/csv" if form == "csv" else "application/vnd.apache.parquet"
    facts = {
        "name": name,
        "type": "table",
        "path": f"{name}.{form}",
        "format": form,
        "mediatype": kind,
        "schema": schema,
    }
    return facts | ({"encoding": "utf-8"} if form == "csv" else {})


def describe_foreign_key(column: str, table: str) -> dict[str, Any]:
    """Describe a column that holds the key of another table."""
    reference = {"resource": table, "fields": list(RELATIONS[table].key)}
    return {"fields": [column], "reference": reference}


def describe_field(name: str, column: pa.Column) -> dict[str, Any]:
    """Describe one column: type, meaning, whether it may be empty."""
    facts: dict[str, Any] = {
        "name": name,
        "type": TYPES.get(str(column.dtype.type), "number"),
    }
    if column.description:
        facts["description"] = column.description
    if not column.nullable:
        facts["constraints"] = {"required": True}
    return facts
