"""The API's routes of tables: one address each, with filters, pages and formats."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from pipeline.query.published import Release
from pipeline.query.relations import RELATIONS
from pipeline.query.release_db import ReleaseDatabase, RowQuery
from pipeline.serve import former_names, query_parameters
from pipeline.serve.former_names import Translated, link_onwards
from pipeline.serve.open_releases import OpenReleases
from pipeline.serve.problem_details import describe_responses
from pipeline.serve.query_parameters import FILTERS, TableQuery
from pipeline.serve.response_formats import (
    CSV,
    JSON,
    PARQUET,
    choose_media_type,
    is_cached_by_client,
    make_cache_headers,
    make_etag,
    render_rows,
    respond_not_modified,
)
from pipeline.serve.work_queue import ServerWork

# Up to this many rows are read between two other requests; more go to a thread.
MAX_INLINE_ROWS = 200
Endpoint = Callable[[Request], Awaitable[Response]]


def make_table_router(open_releases: OpenReleases, work: ServerWork) -> APIRouter:
    """Make the router with one endpoint for every table."""
    router = APIRouter(prefix="/api/v1", tags=["tables"])
    for table in FILTERS:
        router.add_api_route(
            f"/{table}",
            make_endpoint(table, open_releases, work),
            methods=["GET"],
            name=table,
            operation_id=table,
            summary=(RELATIONS[table].model.__doc__ or "").strip().splitlines()[0],
            response_class=Response,
            responses={
                200: describe_content(table),
                304: {"description": "Not modified"},
                **describe_responses(400, 404, 406, 409, 429, 503),
            },
            openapi_extra={"parameters": describe_parameters(table)},
        )
    return router


def describe_parameters(table: str) -> list[dict[str, Any]]:
    """Describe the parameters of a table for OpenAPI, former names included."""
    known = query_parameters.describe_parameters(table)
    return [*known, *former_names.describe_filters(table, known)]


def make_endpoint(
    table: str, open_releases: OpenReleases, work: ServerWork
) -> Endpoint:
    """Make the function that answers for one table."""

    async def read(request: Request) -> Response:
        asked = query_parameters.read_query(table, request)
        former = former_names.find_translation(request)
        named, after = asked.read_place()
        form = choose_media_type(request, asked.format)
        release, database = open_releases.get(named, asked.as_of)
        etag, pinned = make_etag(release.name, form), named is not None
        if is_cached_by_client(request, etag):
            return respond_not_modified(etag, pinned=pinned)
        if form == JSON and asked.limit <= MAX_INLINE_ROWS:
            body, onwards = read_page(asked, after, form, release, database, former)
        else:
            body, onwards = await work.draws.run(
                read_page,
                asked,
                after,
                form,
                release,
                ReleaseDatabase(database.path),
                former,
            )
        headers = make_cache_headers(
            etag, pinned=pinned
        ) | former_names.mark_deprecated(former)
        if onwards:
            headers["Link"] = f'<{link_onwards(request, onwards)}>; rel="next"'
        return Response(body, headers=headers, media_type=form)

    return read


def read_page(
    asked: TableQuery,
    after: tuple[Any, ...],
    form: str,
    release: Release,
    database: ReleaseDatabase,
    former: Translated,
) -> tuple[bytes, str | None]:
    """Read one page of a table.

    Args:
        asked: What was asked for.
        after: Key of the last row of the page before; () for the first page.
        form: Media type.
        release: That is read.
        database: Of the release.
        former: Former names in the request.

    Returns:
        The body of the answer, and the cursor of the next page; None on the last.
    """
    key, fields = RELATIONS[asked.table].key, asked.read_fields()
    # The cursor is made of the key, which may not be among the columns asked for.
    more = tuple(dict.fromkeys((*fields, *key)))
    equal = former.widen_filters(asked.read_filters())
    # One row more than a page: it says whether there is a next one.
    rows = database.select_rows(
        RowQuery(asked.table, equal, more, after, limit=asked.limit + 1)
    )
    onwards = None
    if len(rows) > asked.limit:
        rows = rows[: asked.limit]
        last = [rows[-1][column] for column in key]
        onwards = query_parameters.encode_cursor(release.name, last)
    if len(more) > len(fields):
        rows = [{name: row[name] for name in fields} for row in rows]
    beside = former_names.name_beside(asked.table, fields, former, form)
    rows = former_names.add_former(rows, beside) if beside else rows
    extra = {
        "notices": former_names.write_notices([*former.used, *beside]),
        "next": onwards,
        "release": release.name,
        "demonstration": bool(release.manifest["demonstration"]),
    }
    kinds = database.columns[asked.table]
    types = {name: kinds[beside.get(name, name)] for name in (*fields, *beside)}
    return render_rows(rows, types, form, extra), onwards


def describe_content(table: str) -> dict[str, Any]:
    """Describe a good answer for OpenAPI: JSON with its columns, CSV, Parquet."""
    known = query_parameters.describe_columns(table)
    known = known | former_names.describe_columns(table, known)
    row = {"type": "object", "properties": known}
    whole = {
        "type": "object",
        "required": ["data", "next", "release", "demonstration", "notices"],
        "properties": {
            "data": {"type": "array", "items": row},
            "next": {"type": ["string", "null"]},
            "release": {"type": "string"},
            "demonstration": {"type": "boolean"},
            "notices": {"type": "array", "items": {"type": "string"}},
        },
    }
    binary = {"schema": {"type": "string", "format": "binary"}}
    text = {"schema": {"type": "string"}}
    return {
        "description": "A page of rows, by key",
        "content": {JSON: {"schema": whole}, CSV: text, PARQUET: binary},
    }
