"""The API and the analyst's pages over HTTP: of releases, which are only read.

Pages that are sent to be checked are not kept; rulings are recorded only with a token.
The server is bound to 127.0.0.1 unless `--host` names another address. A release never
changes, so that its name is in the ETag of everything read from it.
"""

import sys
from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.core.store import Home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query import release_pointers
from pipeline.serve import (
    object_routes,
    page_routes,
    review_routes,
    ruling_routes,
    table_routes,
)
from pipeline.serve.connection_table import (
    ConnectionBounds,
    ConnectionTable,
    count_connections,
)
from pipeline.serve.former_names import FormerNames
from pipeline.serve.open_releases import OpenReleases
from pipeline.serve.problem_details import (
    Problem,
    add_error_handlers,
    describe_responses,
)
from pipeline.serve.rate_limit import RateLimit
from pipeline.serve.request_guard import RequestGuard
from pipeline.serve.sessions import SessionStore
from pipeline.serve.work_queue import ServerWork

__all__ = ["create_app", "run_server"]

SWITCH_SECONDS = 0.0005  # a tenth of what Python lets a thread work for
GRACE_SECONDS = 20  # in which answers are ended when the server is told to stop
# Nothing from a page is ever executed, embedded elsewhere, or sent on. The policy of
# referrers is not `no-referrer`: under it browsers send forms with `Origin: null`,
# which the request guard refuses.
SECURITY_HEADERS = (
    (b"content-security-policy", b"default-src 'none'; style-src 'self'; img-src 'self'"
     b" data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)  # fmt: skip


class SecurityHeaders:
    """ASGI middleware that puts the same protective headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the headers to its answer."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                # The queue sets a policy of its own, which lets its script in.
                there = {name.lower() for name, _ in message["headers"]}
                message["headers"] += [
                    pair for pair in SECURITY_HEADERS if pair[0] not in there
                ]
            await send(message)

        await self.app(scope, receive, sending)


def create_app(
    home: Home, *, per_second: int = 200, token: str = "", names: Sequence[str] = ()
) -> FastAPI:
    """Make the application over the releases of a home.

    Args:
        home: Where curated/ and the vocabularies are.
        per_second: Requests that one address may make in a second; 0: any number.
        token: What a person enters to record rulings; "": nobody can.
        names: Host names of the server beside `localhost` and its addresses.
    """
    vocabulary, open_releases = open_vocabulary(home.vocabularies), OpenReleases(home)
    app = FastAPI(
        title="Payproof",
        version="1",
        summary="Published pay figures, on one footing, with the page of each.",
        # FastAPI's pages of documentation load scripts from elsewhere, which our policy
        # of content refuses.
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    # The one that is added last is run first: refusals have the protective headers too,
    # and a client that asks too often costs no more than its count.
    app.add_middleware(FormerNames)
    app.add_middleware(RequestGuard, names=names)
    app.add_middleware(RateLimit, per_second=per_second)
    app.add_middleware(SecurityHeaders)
    add_error_handlers(app)
    work = ServerWork.from_vocabulary(vocabulary)
    app.include_router(table_routes.make_table_router(open_releases, work))
    app.include_router(
        object_routes.make_object_router(open_releases, vocabulary, work)
    )
    views = page_routes.ReleaseViews(open_releases, vocabulary, work)
    app.include_router(page_routes.make_page_router(views))
    app.include_router(review_routes.make_review_router(views, writes=bool(token)))
    app.include_router(ruling_routes.make_ruling_list_router(views, writes=bool(token)))
    if token:
        sessions = SessionStore.from_limits(token, vocabulary)
        app.include_router(ruling_routes.make_ruling_router(views, sessions))
    add_health_endpoints(app, open_releases)
    return app


def add_health_endpoints(app: FastAPI, open_releases: OpenReleases) -> None:
    """Add `/health`, `/ready` and `/api`, the last one leading to the description."""
    alive: dict[int | str, dict[str, Any]] = {200: object_routes.OBJECT}

    @app.get(
        "/health", responses=alive, response_class=Response, tags=["server"],
        description="The server is up.",
    )  # fmt: skip
    async def health() -> Response:
        return object_routes.respond_json(
            {"status": "up"}, {"Cache-Control": "no-store"}
        )

    @app.get(
        "/ready", responses=alive | describe_responses(503), response_class=Response,
        tags=["server"], description="There is a release to answer from.",
    )  # fmt: skip
    async def ready() -> Response:
        name = release_pointers.read_pointer(
            open_releases.home, release_pointers.LATEST
        )
        if name is None:
            raise Problem(503, "There is no release yet. Run `payproof refresh`.")
        body = {"status": "ready", "release": name}
        return object_routes.respond_json(body, {"Cache-Control": "no-store"})

    @app.get("/api", include_in_schema=False)
    async def api(_request: Request) -> Response:
        return RedirectResponse("/api/v1/openapi.json")


def run_server(
    home: Home,
    host: str,
    port: int,
    *,
    per_second: int,
    token: str = "",
    names: Sequence[str] = (),
) -> None:
    """Serve until interrupted.

    Args:
        home: Where curated/ and the vocabularies are.
        host: Address to listen on.
        port: Port to listen on.
        per_second: As for `create_app`, like `token` and `names`.
        token: What a person enters to record rulings; "": nobody can.
        names: Host names of the server beside `localhost` and its addresses.
    """
    import uvicorn

    from pipeline.serve.bounded_protocol import BoundedProtocol

    bounds = ConnectionBounds.from_vocabulary(open_vocabulary(home.vocabularies))
    table = ConnectionTable(count_connections(bounds), bounds.connections_address)
    # Readers are answered between two steps of a check: the shorter, the sooner.
    sys.setswitchinterval(SWITCH_SECONDS)
    # Without `proxy_headers` the rate limit counts the address of the connection, and
    # not one that a client names in X-Forwarded-For. Web sockets would leave the
    # bounds of our protocol, and nothing here speaks them.
    uvicorn.run(
        create_app(home, per_second=per_second, token=token, names=names),
        http=cast(Any, partial(BoundedProtocol, bounds=bounds, table=table)),
        ws="none", host=host, port=port, log_level="warning", access_log=False,
        server_header=False, proxy_headers=False,
        timeout_keep_alive=int(bounds.idle_seconds),
        timeout_graceful_shutdown=GRACE_SECONDS,
    )  # fmt: skip
