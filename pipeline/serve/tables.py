"""The tables of a release over HTTP: one address each, filters, pages, forms."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from pipeline.query.published import Release
from pipeline.query.relations import RELATIONS
from pipeline.query.release_db import ReleaseDatabase, RowQuery
from pipeline.serve import parameters
from pipeline.serve.forms import (
    CSV,
    JSON,
    PARQUET,
    form_of,
    headers,
    known,
    not_modified,
    rendered,
    tag,
)
from pipeline.serve.parameters import FILTERS, Question
from pipeline.serve.problems import responses
from pipeline.serve.shelves import Shelves

# Up to this many rows are read between two other requests; more go to a thread.
AT_ONCE = 200
Endpoint = Callable[[Request], Awaitable[Response]]


def router(shelves: Shelves) -> APIRouter:
    """One endpoint for every table."""
    made = APIRouter(prefix="/api/v1", tags=["tables"])
    for table in FILTERS:
        made.add_api_route(
            f"/{table}",
            endpoint(table, shelves),
            methods=["GET"],
            name=table,
            operation_id=table,
            summary=(RELATIONS[table].model.__doc__ or "").strip().splitlines()[0],
            response_class=Response,
            responses={
                200: content(table),
                304: {"description": "Not modified"},
                **responses(400, 404, 406, 409, 429, 503),
            },
            openapi_extra={"parameters": parameters.openapi(table)},
        )
    return made


def endpoint(table: str, shelves: Shelves) -> Endpoint:
    """The function that answers for one table."""

    async def read(request: Request) -> Response:
        asked = parameters.question(table, request)
        form = form_of(request, asked.form)
        release, shelf = shelves.get(asked.release, asked.as_of)
        etag, pinned = tag(release.name, form), asked.release is not None
        if known(request, etag):
            return not_modified(etag, pinned=pinned)
        if form == JSON and asked.limit <= AT_ONCE:
            body, onwards = page(table, asked, form, release, shelf)
        else:
            body, onwards = await run_in_threadpool(
                page, table, asked, form, release, ReleaseDatabase(shelf.path)
            )
        said = headers(etag, pinned=pinned)
        if onwards:
            url = request.url.include_query_params(cursor=onwards)
            said["Link"] = f'<{url.path}?{url.query}>; rel="next"'
        return Response(body, headers=said, media_type=form)

    return read


def page(
    table: str, asked: Question, form: str, release: Release, shelf: ReleaseDatabase
) -> tuple[bytes, str | None]:
    """The body of an answer, and the cursor of what follows."""
    key = RELATIONS[table].key
    fields = asked.fields or tuple(parameters.columns(table))
    more = tuple(dict.fromkeys((*fields, *key)))
    rows = shelf.select_rows(
        RowQuery(table, asked.equal, more, asked.after, limit=asked.limit + 1)
    )
    onwards = None
    if len(rows) > asked.limit:
        rows = rows[: asked.limit]
        last = [rows[-1][column] for column in key]
        onwards = parameters.cursor(release.name, last)
    if len(more) > len(fields):
        rows = [{name: row[name] for name in fields} for row in rows]
    extra = {
        "next": onwards,
        "release": release.name,
        "demonstration": bool(release.manifest["demonstration"]),
    }
    types = {name: shelf.columns[table][name] for name in fields}
    return rendered(rows, types, form, extra), onwards


def content(table: str) -> dict[str, Any]:
    """What a good answer looks like, for OpenAPI."""
    row = {"type": "object", "properties": parameters.columns(table)}
    whole = {
        "type": "object",
        "required": ["data", "next", "release", "demonstration"],
        "properties": {
            "data": {"type": "array", "items": row},
            "next": {"type": ["string", "null"]},
            "release": {"type": "string"},
            "demonstration": {"type": "boolean"},
        },
    }
    binary = {"schema": {"type": "string", "format": "binary"}}
    text = {"schema": {"type": "string"}}
    return {
        "description": "A page of rows, by key",
        "content": {JSON: {"schema": whole}, CSV: text, PARQUET: binary},
    }
