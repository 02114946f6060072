"""How often one client may ask; what is asked too often is answered with 429."""

import time

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.serve.problem_details import respond_problem

UNLIMITED_PATHS = ("/health", "/ready")  # who watches the server is never turned away


class RateLimit:
    """ASGI middleware: so many requests per client and second.

    Args:
        app: What answers.
        per_second: Requests that one address may make; 0: any number.
    """

    def __init__(self, app: ASGIApp, per_second: int) -> None:
        """Count in memory: one process serves."""
        self.app = app
        self.item = RateLimitItemPerSecond(max(1, per_second), 1)
        self.limited = per_second > 0
        self.window = FixedWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or turn it away."""
        if (
            not self.limited
            or scope["type"] != "http"
            or scope["path"] in UNLIMITED_PATHS
        ):
            await self.app(scope, receive, send)
            return
        client = (scope.get("client") or ("", 0))[0]
        if self.window.hit(self.item, client):
            await self.app(scope, receive, send)
            return
        reset = self.window.get_window_stats(self.item, client).reset_time
        wait = max(1, round(reset - time.time()))
        detail = f"More than {self.item.amount} requests in a second."
        refused = respond_problem(429, detail, {"Retry-After": str(wait)})
        await refused(scope, receive, send)
