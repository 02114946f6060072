"""A release described for machines: `datapackage.json`, drawn from the schemas.

Form: Data Package, one resource for each CSV table, with the type and the meaning of
every column (https://datapackage.org/standard/data-package/).
"""

import json
from typing import Any

import pandera.polars as pa

from schemas import Discrepancies, Provenance, Rejects, Rulings, Salaries

RESOURCES: dict[str, type[pa.DataFrameModel]] = {
    "salaries": Salaries,
    "provenance": Provenance,
    "discrepancies": Discrepancies,
    "rejects": Rejects,
    "rulings": Rulings,
}
KEYS = {
    "salaries": ["cell"],
    "provenance": ["cell", "claim_id"],
    "discrepancies": ["discrepancy_id"],
    "rulings": ["id"],
}
TYPES = {"String": "string", "Boolean": "boolean", "Int64": "integer"}


def datapackage(release: str, *, demonstration: bool) -> bytes:
    """The descriptor of a release's CSV files."""
    warning = "Some pages behind this release were written for the project."
    described = {
        "name": f"payproof-{release}",
        "title": "What jobs pay, with the page that each figure came from",
        "version": release,
        "description": warning if demonstration else "",
        "resources": [resource(name) for name in RESOURCES],
    }
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()


def resource(name: str) -> dict[str, Any]:
    """One table: its file, its columns, its key."""
    columns = RESOURCES[name].to_schema().columns
    schema: dict[str, Any] = {"fields": [field(c, f) for c, f in columns.items()]}
    if name in KEYS:
        schema["primaryKey"] = KEYS[name]
    return {
        "name": name,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def field(name: str, column: pa.Column) -> dict[str, Any]:
    """One column: type, meaning, whether it may be empty."""
    facts: dict[str, Any] = {
        "name": name,
        "type": TYPES.get(str(column.dtype.type), "number"),
    }
    if column.description:
        facts["description"] = column.description
    if not column.nullable:
        facts["constraints"] = {"required": True}
    return facts
