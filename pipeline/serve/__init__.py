"""The API and the analyst's pages: read-only, but for pages sent to be checked.

Bound to 127.0.0.1 unless told otherwise. A release never changes, so that its name is
the ETag of everything read from it.
"""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.core.store import Home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query import release_pointers
from pipeline.serve import desk, documents, pages, tables, writing
from pipeline.serve.guard import Guard
from pipeline.serve.limits import RateLimit
from pipeline.serve.problems import Problem, handle, responses
from pipeline.serve.sessions import Sessions
from pipeline.serve.shelves import Shelves

__all__ = ["application", "run"]

# Nothing from a page is ever executed, embedded elsewhere, or sent on.
SAFE = (
    (b"content-security-policy", b"default-src 'none'; style-src 'self'; img-src 'self'"
     b" data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)  # fmt: skip


class Safe:
    """ASGI middleware: the same protective headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _ in message["headers"]}
                message["headers"] += [pair for pair in SAFE if pair[0] not in there]
            await send(message)

        await self.app(scope, receive, sending)


def application(
    home: Home, *, per_second: int = 200, token: str = "", names: Sequence[str] = ()
) -> FastAPI:
    """The application over the releases of a home.

    Args:
        home: Where curated/ and the vocabularies are.
        per_second: Requests that one address may make in a second; 0: any number.
        token: What a person enters to record rulings; "": nobody can.
        names: Host names of the server beside `localhost` and its addresses.
    """
    vocabulary, shelves = open_vocabulary(home.vocabularies), Shelves(home)
    app = FastAPI(
        title="Payproof",
        version="1",
        summary="Published pay figures, on one footing, with the page of each.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.add_middleware(Guard, names=names)
    app.add_middleware(RateLimit, per_second=per_second)
    app.add_middleware(Safe)
    handle(app)
    app.include_router(tables.router(shelves))
    app.include_router(documents.router(shelves, vocabulary))
    books = pages.Books(shelves, vocabulary)
    app.include_router(pages.router(books))
    app.include_router(desk.router(books, writes=bool(token)))
    app.include_router(writing.reading(books, writes=bool(token)))
    if token:
        sessions = Sessions.of(token, vocabulary)
        app.include_router(writing.router(books, sessions))
    watched(app, shelves)
    return app


def watched(app: FastAPI, shelves: Shelves) -> None:
    """Addresses for who watches the server."""
    alive: dict[int | str, dict[str, Any]] = {200: documents.OBJECT}

    @app.get("/health", responses=alive, response_class=Response, tags=["server"])
    async def health() -> Response:
        """The server is up."""
        return documents.said({"status": "up"}, {"Cache-Control": "no-store"})

    @app.get(
        "/ready", responses=alive | responses(503), response_class=Response,
        tags=["server"],
    )  # fmt: skip
    async def ready() -> Response:
        """There is a release to answer from."""
        name = release_pointers.read_pointer(shelves.home, release_pointers.LATEST)
        if name is None:
            raise Problem(503, "There is no release yet. Run `payproof refresh`.")
        body = {"status": "ready", "release": name}
        return documents.said(body, {"Cache-Control": "no-store"})

    @app.get("/api", include_in_schema=False)
    async def api(_request: Request) -> Response:
        return RedirectResponse("/api/v1/openapi.json")


def run(
    home: Home,
    host: str,
    port: int,
    *,
    per_second: int,
    token: str = "",
    names: Sequence[str] = (),
) -> None:
    """Serve until interrupted."""
    import uvicorn

    uvicorn.run(
        application(home, per_second=per_second, token=token, names=names),
        host=host, port=port, log_level="warning", access_log=False,
        server_header=False, proxy_headers=False, timeout_keep_alive=30,
    )  # fmt: skip
