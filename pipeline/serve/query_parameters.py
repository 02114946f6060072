"""What a request may ask of a table: read strictly, described for OpenAPI.

One description makes both: what is checked here is what the document says.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from starlette.requests import Request

from pipeline.query.relations import RELATIONS
from pipeline.serve.problem_details import Problem
from pipeline.serve.response_formats import MEDIA_TYPES

# Columns that a table may be filtered by; the first ones are those that people ask for.
FILTERS: dict[str, tuple[str, ...]] = {
    "salaries": (
        *("cell", "soc", "area_code", "area_level", "cohort", "pay_basis", "statistic"),
        *("year", "is_year_known", "currency", "status", "grade", "chosen"),
        "would_be_settled_by",
    ),
    "provenance": (
        *("cell", "claim_id", "role", "reason", "publisher", "source", "snapshot"),
        "is_independent",
    ),
    "figures": (
        *("claim_id", "cell", "soc", "area_code", "publisher", "source", "snapshot"),
        *("statistic", "year", "is_year_known"),
    ),
    "claims": (
        *("claim_id", "source", "snapshot", "kind", "soc", "area_code", "statistic"),
        *("attributed_to", "reference_period"),
    ),
    "discrepancies": (
        *("discrepancy_id", "type", "severity", "source", "snapshot", "status"),
        *("reference_claim",),
    ),
    "rejects": ("claim_id", "source", "snapshot", "stage", "rule"),
    "snapshots": ("snapshot", "source", "edition", "capture"),
    "rulings": ("id", "action", "target", "author", "state"),
}
MAX_ROWS, DEFAULT_ROWS, MAX_VALUE_CHARACTERS, MAX_VALUES = 1000, 100, 400, 50
DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
KINDS = {"Boolean": "boolean", "String": "string"}
KINDS |= dict.fromkeys(("Int32", "Int64"), "integer")
PAGING_PARAMETERS = ("limit", "cursor", "fields", "format", "release", "as_of")


@dataclass(frozen=True)
class TableQuery:
    """A request to a table, checked.

    Args:
        equal: Column to the values that it may have.
        fields: Columns of the answer; empty: all.
        limit: Most rows.
        after: Key of the last row that the client has.
        release: Name of a release, from the request or its cursor.
        as_of: ISO date.
        form: `json`, `csv`, `parquet`, or None: by `Accept`.
    """

    equal: Mapping[str, list[Any]]
    fields: tuple[str, ...]
    limit: int
    after: tuple[Any, ...]
    release: str | None
    as_of: str | None
    form: str | None


def parse_query(table: str, request: Request) -> TableQuery:
    """The request, read strictly.

    Raises:
        Problem: A parameter that is not known, twice there, or has no such value.
    """
    asked: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if len(value) > MAX_VALUE_CHARACTERS and name not in ("cursor", "fields"):
            raise Problem(400, f"{name}: more than {MAX_VALUE_CHARACTERS} characters.")
        asked.setdefault(name, []).append(value)
    for name in PAGING_PARAMETERS:
        if len(asked.get(name, ())) > 1:
            raise Problem(400, f"{name}: given more than once.")
    own = {name: asked.pop(name)[0] for name in PAGING_PARAMETERS if name in asked}
    for name in asked:
        if name not in FILTERS[table]:
            known = ", ".join((*FILTERS[table], *PAGING_PARAMETERS))
            raise Problem(
                400, f"{name[:MAX_VALUE_CHARACTERS]!r} is no parameter here: {known}."
            )
    equal = {name: parse_values(table, name, given) for name, given in asked.items()}
    release, after = decode_cursor(table, own.get("cursor"))
    if release and own.get("release", release) != release:
        raise Problem(409, "cursor: it belongs to another release than `release`.")
    form = own.get("format")
    if form is not None and form not in MEDIA_TYPES:
        raise Problem(400, f"format: one of {', '.join(MEDIA_TYPES)}.")
    return TableQuery(
        equal,
        parse_fields(table, own.get("fields")),
        parse_limit(own.get("limit")),
        after,
        own.get("release") or release,
        own.get("as_of"),
        form,
    )


def parse_values(table: str, name: str, given: Sequence[str]) -> list[Any]:
    """The values of a filter.

    Raises:
        Problem: Too many, or none that the column can have.
    """
    if len(given) > MAX_VALUES:
        raise Problem(400, f"{name}: more than {MAX_VALUES} values.")
    facts = describe_filters(table)[name]
    if facts["type"] == "integer":
        return [parse_whole_number(name, value) for value in given]
    if facts["type"] == "boolean":
        if not {*given} <= {"true", "false"}:
            raise Problem(400, f"{name}: true or false.")
        return [value == "true" for value in given]
    for value in given:
        if value not in facts.get("enum", (value,)):
            raise Problem(400, f"{name}: one of {', '.join(facts['enum'])}.")
    return list(given)


def parse_whole_number(name: str, value: str) -> int:
    """A whole number, as people write it, that fits the column.

    Raises:
        Problem: It is none.
    """
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise Problem(400, f"{name}: a whole number.")
    return int(value)


def parse_limit(limit: str | None) -> int:
    """How many rows at most."""
    if limit is None:
        return DEFAULT_ROWS
    number = parse_whole_number("limit", limit)
    if not 1 <= number <= MAX_ROWS:
        raise Problem(400, f"limit: 1 to {MAX_ROWS}.")
    return number


def parse_fields(table: str, fields: str | None) -> tuple[str, ...]:
    """The columns asked for, each once."""
    if fields is None:
        return ()
    names = tuple(dict.fromkeys(fields.split(",")[:200]))
    known = describe_columns(table)
    for name in names:
        if name not in known:
            raise Problem(400, f"fields: {name[:99]!r} is none of {', '.join(known)}.")
    return names


def encode_cursor(release: str, key: Sequence[Any]) -> str:
    """Where the next page starts, as one word."""
    return base64.urlsafe_b64encode(orjson.dumps([release, *key])).decode().rstrip("=")


def decode_cursor(table: str, given: str | None) -> tuple[str | None, tuple[Any, ...]]:
    """Release and key of a cursor.

    Raises:
        Problem: It was not made here, or for another table.
    """
    if given is None:
        return None, ()
    try:
        text = base64.b64decode(given + "=" * (-len(given) % 4), b"-_", validate=True)
        release, *key = orjson.loads(text)
        sound = all(isinstance(part, str) for part in (release, *key))
        sound = sound and len(key) == len(RELATIONS[table].key)
    except (ValueError, TypeError, binascii.Error):
        sound = False
    if not sound:
        raise Problem(404, f"cursor: take `next` of the last page of {table}.")
    return release, tuple(key)


@cache
def describe_columns(table: str) -> dict[str, dict[str, Any]]:
    """Column to its JSON schema, from the pandera model."""
    found: dict[str, dict[str, Any]] = {}
    for name, facts in RELATIONS[table].model.to_schema().columns.items():
        kind = str(facts.dtype.type).partition("(")[0]
        schema: dict[str, Any] = {"type": KINDS.get(kind, "number")}
        if facts.nullable:
            schema["type"] = [schema["type"], "null"]
        if facts.description:
            schema["description"] = facts.description
        found[name] = schema
    return found


@cache
def describe_filters(table: str) -> dict[str, dict[str, Any]]:
    """Filter to the JSON schema of one value."""
    found = {}
    model = RELATIONS[table].model.to_schema().columns
    for name in FILTERS[table]:
        schema: dict[str, Any] = {"type": KINDS[str(model[name].dtype.type)]}
        if schema["type"] == "integer":
            schema |= {"minimum": 0, "maximum": 10**18 - 1}
        elif schema["type"] == "string":
            schema["maxLength"] = MAX_VALUE_CHARACTERS
        for check in model[name].checks:
            if words := check.statistics.get("allowed_values"):
                schema["enum"] = list(words)
        found[name] = schema
    return found


def describe_parameters(table: str) -> list[dict[str, Any]]:
    """The parameters of a table, for OpenAPI."""
    filters = [
        {
            "name": name,
            "in": "query",
            "description": f"Only rows with this {name}; repeat it for any of several.",
            "schema": {"type": "array", "items": schema, "maxItems": MAX_VALUES},
            "style": "form",
            "explode": True,
        }
        for name, schema in describe_filters(table).items()
    ]
    names = "|".join(describe_columns(table))
    own: dict[str, dict[str, Any]] = {
        "limit": {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_ROWS,
            "default": DEFAULT_ROWS,
        },
        "cursor": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
        "fields": {"type": "string", "pattern": f"^({names})(,({names}))*$"},
        "format": {"type": "string", "enum": list(MEDIA_TYPES)},
        "release": {"type": "string", "description": "Name of a release."},
        "as_of": {"type": "string", "pattern": DATE},
    }
    return filters + [
        {"name": name, "in": "query", "schema": schema} for name, schema in own.items()
    ]
