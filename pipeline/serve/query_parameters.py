"""Reads what a request asks of a table, by a pydantic model made from its schema.

The model reads requests, refuses what it does not name, and is what OpenAPI says of
the table: one description for all three. The values are put together here and not by
FastAPI's `Query()`, which asks anew of each of twenty fields and for every request
whether it is a list: 0.14 ms, two thirds of what an answer costs.
"""

import base64
import binascii
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any, ClassVar, Literal

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    create_model,
)
from pydantic.json_schema import SkipJsonSchema
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
# Rows of an answer at most and by default; characters of a value; values of a filter.
MAX_ROWS, DEFAULT_ROWS, MAX_VALUE_CHARACTERS, MAX_VALUES = 1000, 100, 400, 50
# Not a pattern: `2026-13-01` has the shape of a day and is none.
DATE_FORMAT: dict[str, Any] = {"format": "date"}
# `RequestGuard` refuses control characters, and the description says so.
PRINTABLE: dict[str, Any] = {"pattern": "^[^\\x00-\\x1f\\x7f]*$"}
JSON_KINDS = {"Boolean": "boolean", "String": "string"}
JSON_KINDS |= dict.fromkeys(("Int32", "Int64"), "integer")


def read_whole(value: object) -> object:
    """Return a text of digits alone unchanged: pydantic reads `+1_0.0` as ten, too.

    Raises:
        ValueError: It has anything else.
    """
    # `isdigit` alone takes digits of other scripts, such as `١٢`.
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError("a whole number")
    return value


def read_flag(value: object) -> object:
    """Read `true` and `false`, nothing else: pydantic reads `on` and `1` as true.

    Raises:
        ValueError: It is neither.
    """
    if value not in ("true", "false"):
        raise ValueError("true or false")
    return value == "true"


def describe_text(words: str, pattern: str) -> Any:
    """Make a field whose pattern is in the description and not checked by pydantic.

    What breaks the pattern is refused elsewhere, in words that a person understands.
    """
    return Field(description=words, json_schema_extra={"pattern": pattern})


Whole = BeforeValidator(read_whole)
Text = Annotated[
    str, Field(max_length=MAX_VALUE_CHARACTERS, json_schema_extra=PRINTABLE)
]
Unsaid = SkipJsonSchema[None]  # an address has no null, so the description has none


class TableQuery(BaseModel, extra="forbid"):
    """The parameters of every table; the model of a table adds its filters."""

    table: ClassVar[str]
    limit: Annotated[int, Field(ge=1, le=MAX_ROWS), Whole] = DEFAULT_ROWS
    cursor: Annotated[
        str | Unsaid, describe_text("`next` of the page before.", "^[A-Za-z0-9_-]+$")
    ] = None
    fields: str | Unsaid = None
    format: Literal[tuple(MEDIA_TYPES)] | Unsaid = None  # type: ignore[valid-type]
    release: Annotated[Text | Unsaid, Field(description="Name of a release.")] = None
    as_of: Annotated[
        Text | Unsaid,
        Field(
            description="ISO date: the release of that day.",
            json_schema_extra=DATE_FORMAT,
        ),
    ] = None

    def read_filters(self) -> dict[str, list[Any]]:
        """Return the columns to filter by and the values that each may have."""
        return {
            name: getattr(self, name)
            for name in self.model_fields_set - PAGING_PARAMETERS
        }

    def read_fields(self) -> tuple[str, ...]:
        """Return the columns of the answer, each once; all where none is named."""
        if self.fields is None:
            return tuple(describe_columns(self.table))
        return tuple(dict.fromkeys(self.fields.split(",")[:200]))

    def read_place(self) -> tuple[str | None, tuple[Any, ...]]:
        """Return the release to read and the key of the last row of the page before.

        Returns:
            Name of the release (None: the latest, or the day's), and the key (empty on
            the first page).

        Raises:
            Problem: The cursor was not made here, or belongs to another release.
        """
        # A release that appears between two pages must not tear the list apart: the
        # cursor names the release that it goes on in.
        release, after = decode_cursor(self.table, self.cursor)
        if release and (self.release or release) != release:
            raise Problem(409, "cursor: it belongs to another release than `release`.")
        return self.release or release, after


PAGING_PARAMETERS = frozenset(TableQuery.model_fields)


@cache
def query_model(table: str) -> type[TableQuery]:
    """Make the pydantic model of a table: its filters, and its columns as `fields`."""
    facts = RELATIONS[table].model.to_schema().columns
    filters: dict[str, Any] = {}
    for name in FILTERS[table]:
        words = f"Only rows with this {name}; repeat it for any of several."
        values = Field(max_length=MAX_VALUES, description=words)
        filters[name] = (Annotated[list[value_type(facts[name])], values], ())  # type: ignore[misc]

    def known(fields: str) -> str:
        for name in fields.split(",")[:200]:
            if name not in facts:
                raise ValueError(f"{name[:99]!r} is none of {', '.join(facts)}")
        return fields

    names = "|".join(facts)
    shape = describe_text("Columns of the answer.", f"^({names})(,({names}))*$")
    filters["fields"] = (
        Annotated[Annotated[str, AfterValidator(known)] | Unsaid, shape],
        None,
    )
    made = create_model(f"{table}_query", __base__=TableQuery, **filters)
    made.table = table
    return made


def value_type(facts: Any) -> Any:
    """Return the type of one value of a filter, from its column in the schema."""
    kind = str(facts.dtype.type)
    if kind == "Boolean":
        return Annotated[bool, BeforeValidator(read_flag)]
    if kind in ("Int32", "Int64"):
        # Eighteen digits fit the 64 bits of a column; nineteen may not.
        return Annotated[int, Field(ge=0, le=10**18 - 1), Whole]
    for check in facts.checks:
        if words := check.statistics.get("allowed_values"):
            return Literal[tuple(words)]
    return Text


def read_query(table: str, request: Request) -> TableQuery:
    """Read the parameters of a request to a table.

    Raises:
        Problem: A parameter is unknown, given twice, or cannot have its value.
    """
    given: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        given.setdefault(name, []).append(value)
    for name in PAGING_PARAMETERS & given.keys():
        if len(given[name]) > 1:
            raise Problem(400, f"{name}: given more than once.")
        (given[name],) = given[name]
    try:
        return query_model(table).model_validate(given)
    except ValidationError as error:
        raise Problem(400, tell_invalid(table, error)) from None


def tell_invalid(table: str, error: ValidationError) -> str:
    """Write what is wrong with each parameter, at most 2,000 characters."""
    found: dict[str, str] = {}
    for one in error.errors(include_url=False, include_input=False):
        name, words = str(one["loc"][0])[:MAX_VALUE_CHARACTERS], one["msg"]
        problem = f"{name}: {words.removeprefix('Value error, ')}."
        if one["type"] == "extra_forbidden":
            known = ", ".join(query_model(table).model_fields)
            problem = f"{name!r} is no parameter here: {known}."
        # Of what may be left out pydantic says also that it is not null.
        found.setdefault(name, problem)
    return " ".join(found.values())[:2000]


@cache
def describe_parameters(table: str) -> list[dict[str, Any]]:
    """Describe the parameters of a table for OpenAPI."""
    schemas = query_model(table).model_json_schema()["properties"]
    found = []
    for name, schema in schemas.items():
        del schema["title"]
        words = {"description": schema.pop("description", "")}
        found.append({"name": name, "in": "query", **words, "schema": schema})
    return found


def encode_cursor(release: str, key: Sequence[Any]) -> str:
    """Encode the release and the key of a page's last row as one word."""
    # In the alphabet of addresses, and without `=`: nothing of it must be escaped.
    return base64.urlsafe_b64encode(orjson.dumps([release, *key])).decode().rstrip("=")


def decode_cursor(table: str, given: str | None) -> tuple[str | None, tuple[Any, ...]]:
    """Decode a cursor into release and key; None and () where none is given.

    Raises:
        Problem: It was not made here, or for another table.
    """
    if given is None:
        return None, ()
    try:
        # Base64 is read in fours: the `=` that `encode_cursor` left out come back.
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
    """Describe the columns of a table: name to JSON schema, from the pandera model."""
    found: dict[str, dict[str, Any]] = {}
    for name, facts in RELATIONS[table].model.to_schema().columns.items():
        kind = str(facts.dtype.type).partition("(")[0]
        schema: dict[str, Any] = {"type": JSON_KINDS.get(kind, "number")}
        if facts.nullable:
            schema["type"] = [schema["type"], "null"]
        if facts.description:
            schema["description"] = facts.description
        found[name] = schema
    return found
