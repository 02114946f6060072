"""The API's routes that are no table: releases, sources, differences, cells, checks."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from pipeline.core.vocabulary import Vocabulary
from pipeline.query import release_pointers
from pipeline.serve.former_names import add_to_explanation
from pipeline.serve.open_releases import OpenReleases
from pipeline.serve.problem_details import Problem, describe_responses
from pipeline.serve.query_parameters import DATE_FORMAT, PRINTABLE, Whole
from pipeline.serve.response_formats import (
    JSON,
    is_cached_by_client,
    make_cache_headers,
    make_etag,
    respond_not_modified,
)
from pipeline.serve.work_queue import ServerWork

ENDINGS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "application/json": ".json",
}
# Text without control characters, for the description: bytes with more than 2 % of them
# are taken for binary and answered with 422 (`control_share` of limits.csv).
PRINTED = "^[^\\x00-\\x08\\x0e-\\x1f\\x7f]+$"
NAME = Query(
    max_length=200, description="Name of a release.", json_schema_extra=PRINTABLE
)
DAY = Query(
    description="ISO date: the release of that day.", json_schema_extra=DATE_FORMAT
)
OBJECT = {"description": "Done", "content": {JSON: {"schema": {"type": "object"}}}}
GOOD: dict[int | str, dict[str, Any]] = {200: OBJECT}
SOURCES = """
SELECT source, max(edition) AS newest_edition, count(*) AS snapshots,
       max(retrieved) AS last_retrieved, group_concat(DISTINCT capture) AS captures
FROM snapshots GROUP BY source ORDER BY source
"""


def respond_json(
    body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    """Return an object as a JSON answer, which a client asks for again by default."""
    kept = {"Cache-Control": "no-cache", **(headers or {})}
    return Response(orjson.dumps(body), headers=kept, media_type=JSON)


def make_object_router(
    open_releases: OpenReleases, vocabulary: Vocabulary, work: ServerWork
) -> APIRouter:
    """Make the router of the endpoints that answer with one object."""
    router = APIRouter(prefix="/api/v1", tags=["documents"])
    add_releases(router, open_releases)
    add_diff(router, open_releases, work)
    add_explain(router, open_releases, vocabulary, work)
    add_check(router, open_releases, vocabulary, work)
    return router


def add_releases(router: APIRouter, open_releases: OpenReleases) -> None:
    """Add `/releases` and `/sources`."""
    home = open_releases.home

    @router.get(
        "/releases",
        responses=GOOD | describe_responses(429),
        response_class=Response,
        description="Every release, the pointers, and who moved them.",
    )
    async def releases() -> Response:
        return respond_json(
            {
                "releases": release_pointers.list_releases(home),
                "latest": release_pointers.read_pointer(home, release_pointers.LATEST),
                "last_successful": release_pointers.read_pointer(
                    home, release_pointers.LAST_SUCCESSFUL
                ),
                "decisions": release_pointers.read_decisions(home),
            }
        )

    @router.get(
        "/sources", responses=GOOD | describe_responses(400, 404, 409, 429, 503),
        response_class=Response,
        description="What the release was read from, and when each was last read.",
    )  # fmt: skip
    async def sources(
        request: Request,
        release: Annotated[str | None, NAME] = None,
        as_of: Annotated[str | None, DAY] = None,
    ) -> Response:
        found, database = open_releases.get(release, as_of)
        etag = make_etag(found.name, JSON)
        if is_cached_by_client(request, etag):
            return respond_not_modified(etag, pinned=release is not None)
        body = {"data": database.run_query(SOURCES), "release": found.name}
        return respond_json(body, make_cache_headers(etag, pinned=release is not None))


def add_diff(router: APIRouter, open_releases: OpenReleases, work: ServerWork) -> None:
    """Add `/diff`: what changed between two releases."""

    @router.get(
        "/diff",
        responses=GOOD | describe_responses(400, 404, 409, 429, 503),
        response_class=Response,
        description="What changed from one release to another, value by value.",
    )
    async def diff(
        old: Annotated[str, NAME],
        new: Annotated[str | None, NAME] = None,
        limit: Annotated[int, Query(ge=1, le=10000), Whole] = 1000,
    ) -> Response:
        return respond_json(
            await work.checks.run(compare_releases, open_releases, old, new, limit)
        )


def compare_releases(
    open_releases: OpenReleases, old: str, new: str | None, limit: int
) -> dict[str, Any]:
    """Compare two releases value by value.

    Args:
        open_releases: The releases of a home.
        old: Name of the one.
        new: Name of the other; None: the latest.
        limit: Most values of the answer.

    Returns:
        Names, counts per table, the first values that differ, and how many `more`.

    Raises:
        NotFound: There is no such release.
    """
    from pipeline.release.publish.changes import KEY_SEPARATOR, find_changes

    before, _ = open_releases.get(old, None)
    after, _ = open_releases.get(new, None)
    found = find_changes(before.read_frames(), after.read_frames())
    rows = found.values.head(limit).to_dicts()
    for row in rows:
        # Keys of several columns are one text in the files of changes.
        row["key"] = row["key"].split(KEY_SEPARATOR)
    return {
        "old": before.name,
        "new": after.name,
        "empty": found.empty,
        "tables": found.count_rows(),
        "values": rows,
        "more": max(0, found.values.height - limit),
    }


def add_explain(
    router: APIRouter,
    open_releases: OpenReleases,
    vocabulary: Vocabulary,
    work: ServerWork,
) -> None:
    """Add `/explain`: one cell with everything that was considered for it."""

    @router.get(
        "/explain", responses=GOOD | describe_responses(400, 404, 409, 429, 503),
        response_class=Response,
        description="Every figure behind a cell: winners and losers, with reason "
        "and quote.",
    )  # fmt: skip
    async def explain(
        request: Request,
        cell: Annotated[str, Query(max_length=400, json_schema_extra=PRINTABLE)],
        release: Annotated[str | None, NAME] = None,
        as_of: Annotated[str | None, DAY] = None,
    ) -> Response:
        from pipeline.query.as_json import explanation_to_json
        from pipeline.query.explain import explain as asked

        found, _ = open_releases.get(release, as_of)
        etag = make_etag(found.name, JSON)
        if is_cached_by_client(request, etag):
            return respond_not_modified(etag, pinned=release is not None)
        explanation = await work.draws.run(asked, found, cell, vocabulary)
        answer = add_to_explanation(explanation_to_json(explanation))
        return respond_json(
            answer, make_cache_headers(etag, pinned=release is not None)
        )


def add_check(
    router: APIRouter,
    open_releases: OpenReleases,
    vocabulary: Vocabulary,
    work: ServerWork,
) -> None:
    """Add `/check`: one page, sent in the body, against the latest release."""
    limit = int(vocabulary.read_number("limits", "check_bytes"))
    text = {"type": "string", "minLength": 1, "pattern": PRINTED}
    bodies = {kind: {"schema": text} for kind in ENDINGS}

    @router.post(
        "/check",
        responses=GOOD | describe_responses(400, 408, 413, 415, 422, 429, 503),
        response_class=Response,
        description="A verdict for every figure of the page, with the evidence.",
        openapi_extra={"requestBody": {"required": True, "content": bodies}},
    )
    async def check(request: Request) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in ENDINGS:
            raise Problem(415, f"Send one of {', '.join(ENDINGS)}.")
        # Without a release, or a place to wait: 503 now, and not after the body.
        open_releases.get_latest()
        work.checks.check_room()
        async with work.hold_body(request, limit) as body:
            found = await work.checks.run(
                judge_posted_page, body, ENDINGS[kind], open_releases, vocabulary
            )
        return respond_json(found, {"Cache-Control": "no-store"})


def judge_posted_page(
    body: bytes, ending: str, open_releases: OpenReleases, vocabulary: Vocabulary
) -> dict[str, Any]:
    """Check a page against the latest release.

    Args:
        body: Bytes of the page.
        ending: `.html`, `.md`, `.txt` or `.json`, which the reader goes by.
        open_releases: The releases of a home.
        vocabulary: All words and bounds.

    Returns:
        What `payproof check --format json` prints.

    Raises:
        PayproofError: There is no release, or the page cannot be read.
    """
    from pipeline.query.as_json import check_to_json
    from pipeline.query.check import check, extract_page

    release, _ = open_releases.get_latest()
    page = extract_page(body, Path(f"page{ending}"), vocabulary)
    return check_to_json(check(page, release, vocabulary))
