"""Limits how often one client may ask; what is beyond is answered with 429."""

import time

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.serve.client_groups import name_client
from pipeline.serve.problem_details import respond_problem

# Whoever watches the server must not take a busy one for a dead one.
UNLIMITED_PATHS = ("/health", "/ready")


class RateLimit:
    """ASGI middleware that answers so many requests of one client in a second.

    Args:
        app: What answers.
        per_second: Requests that one client may make; 0: any number.
    """

    def __init__(self, app: ASGIApp, per_second: int) -> None:
        """Start to count, in memory: one process serves."""
        self.app = app
        # 0 is no limit, and an item of 0 would let nobody through.
        self.item = RateLimitItemPerSecond(max(1, per_second), 1)
        self.limited = per_second > 0
        self.window = FixedWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 429 with Retry-After."""
        if (
            not self.limited
            or scope["type"] != "http"
            or scope["path"] in UNLIMITED_PATHS
        ):
            await self.app(scope, receive, send)
            return
        client = name_client((scope.get("client") or ("", 0))[0])
        if self.window.hit(self.item, client):
            await self.app(scope, receive, send)
            return
        reset = self.window.get_window_stats(self.item, client).reset_time
        wait = max(1, round(reset - time.time()))
        detail = f"More than {self.item.amount} requests in a second."
        refused = respond_problem(429, detail, {"Retry-After": str(wait)})
        await refused(scope, receive, send)
