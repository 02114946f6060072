"""Who may speak to the server: its own names, and forms of its own pages.

A page of another site cannot read through a name that it points here (DNS rebinding),
and cannot send a form in a reader's name (cross-site request forgery).
"""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.serve.problem_details import respond_problem

READING_METHODS = ("GET", "HEAD", "OPTIONS")
OWN_SITE = (
    "same-origin",
    "none",
)  # of Sec-Fetch-Site; none: typed or reloaded by a person
API_PREFIX = "/api/"


class RequestGuard:
    """ASGI middleware: requests under our own name, and no form from elsewhere.

    Args:
        app: What answers.
        names: Host names of the server beside `localhost`; addresses always are, for
            a name that was pointed at us is no address.
    """

    def __init__(self, app: ASGIApp, names: Sequence[str] = ()) -> None:
        """Wrap the application."""
        self.app = app
        self.names = {"localhost", *(name.lower() for name in names)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or turn it away."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            refused = self.refuse_host(headers) or refuse_origin(scope, headers)
            if refused is not None:
                status, detail = refused
                await respond_problem(status, detail)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def refuse_host(self, headers: Headers) -> tuple[int, str] | None:
        """Why a request is not for us."""
        name = parse_host_name(headers.get("host", ""))
        if name in self.names or is_address(name):
            return None
        return 400, "Host: not a name of this server; give it by `serve --name`."


def refuse_origin(scope: Scope, headers: Headers) -> tuple[int, str] | None:
    """Why something that is sent does not come from a page of ours.

    The API has no session that could be misused, so that programs may leave out what
    browsers say of themselves; what a browser does say counts there too.
    """
    if scope["method"] in READING_METHODS:
        return None
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is None and origin is None:
        form = not scope["path"].startswith(API_PREFIX)
        return (403, "Send the form from its own page.") if form else None
    own = origin is None or urlsplit(origin).netloc == headers.get("host")
    if (site is None or site in OWN_SITE) and own:
        return None
    return 403, "It was sent from a page of another site."


@lru_cache(maxsize=256)
def parse_host_name(host: str) -> str:
    """The name in a Host header, without its port; "" where it is none."""
    try:
        parts = urlsplit(f"//{host}")
        sound = parts.netloc == host and "@" not in host and (parts.port or 80) > 0
        return (parts.hostname or "").rstrip(".") if sound else ""
    except ValueError:
        return ""


@lru_cache(maxsize=256)
def is_address(name: str) -> bool:
    """An IP address."""
    try:
        return bool(ip_address(name))
    except ValueError:
        return False
