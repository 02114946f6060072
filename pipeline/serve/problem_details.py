"""Answers errors as problem details (RFC 9457): one form for every failure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pipeline.core.errors import Damaged, NotFound, PayproofError, TooLarge

MEDIA = "application/problem+json"
TITLES = {
    400: "Bad request",
    401: "Not entered",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    408: "Too slow",
    409: "At odds",
    413: "Too large",
    414: "Address too long",
    415: "Unsupported media type",
    422: "Not readable",
    429: "Too many requests",
    431: "Headers too long",
    500: "Internal error",
    503: "Not ready",
}
SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}


@dataclass(eq=False)
class Problem(Exception):
    """An answer that is an error.

    Args:
        status: HTTP status.
        detail: Where, what, and what to do.
        headers: Of the answer.
    """

    status: int
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)


def write_problem_body(status: int, detail: str) -> bytes:
    """Write a problem as JSON."""
    return orjson.dumps(
        {
            # RFC 9457: of this type is a problem that the status alone names.
            "type": "about:blank",
            "title": TITLES.get(status, "Error"),
            "status": status,
            # What a client sent may have been half of a character.
            "detail": detail.encode("utf-8", "replace").decode(),
        }
    )


def respond_problem(
    status: int, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a problem as an answer that no cache keeps."""
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return Response(write_problem_body(status, detail), status, kept, media_type=MEDIA)


def describe_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the problems that an endpoint may answer with, for OpenAPI."""
    return {
        status: {"description": TITLES[status], "content": {MEDIA: {"schema": SCHEMA}}}
        for status in statuses
    }


def add_error_handlers(app: FastAPI) -> None:
    """Make every failure of the application a problem."""

    @app.exception_handler(Problem)
    async def problem(_request: Request, error: Problem) -> Response:
        return respond_problem(error.status, error.detail, error.headers)

    @app.exception_handler(PayproofError)
    async def ours(_request: Request, error: PayproofError) -> Response:
        return respond_problem(choose_status(error), str(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> Response:
        # The first part of a place is `query` or `path`: no name that a client gave.
        detail = "; ".join(
            f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}"
            for one in error.errors()
        )
        # It repeats what the client sent, a parameter of any length.
        return respond_problem(400, detail[:2000])

    @app.exception_handler(HTTPException)
    async def http(_request: Request, error: HTTPException) -> Response:
        return respond_problem(error.status_code, str(error.detail), error.headers)

    @app.exception_handler(Exception)
    async def unexpected(_request: Request, _error: Exception) -> Response:
        # Words of an unexpected error may hold paths and values of the server.
        return respond_problem(500, "The log of the server says more.")


def choose_status(error: PayproofError) -> int:
    """Return the HTTP status of an error of `pipeline.core.errors`."""
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, TooLarge):
        return 413
    return 422 if isinstance(error, Damaged) else 500
