"""Refuses requests under foreign host names, odd addresses, forms of foreign pages.

A page of another site cannot read through a name that it points here (DNS rebinding),
and cannot send a form as a reader of ours (cross-site request forgery).
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.serve.problem_details import respond_problem

READING_METHODS = ("GET", "HEAD", "OPTIONS")
# Of Sec-Fetch-Site. `none`: typed or reloaded by a person. `same-site` is not enough:
# it may be somebody else's page under the same domain.
OWN_SITE = ("same-origin", "none")
API_PREFIX = "/api/"
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# Of a path: a cell's name has some forty. Names of files end at 255.
MAX_PATH_CHARACTERS = 1000


class RequestGuard:
    """ASGI middleware that lets in requests under our own name, and our own forms.

    Args:
        app: What answers.
        names: Host names of the server beside `localhost`. IP addresses are always
            let in: DNS rebinding needs a name.
    """

    def __init__(self, app: ASGIApp, names: Sequence[str] = ()) -> None:
        """Wrap the application."""
        self.app = app
        self.names = {"localhost", *(name.lower() for name in names)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer with the problem."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            refused = (
                self.refuse_host(headers)
                or refuse_address(scope)
                or refuse_origin(scope, headers)
            )
            if refused is not None:
                status, detail = refused
                await respond_problem(status, detail)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def refuse_host(self, headers: Headers) -> tuple[int, str] | None:
        """Return status and words of a refusal; None for a name of this server."""
        name = parse_host_name(headers.get("host", ""))
        if name in self.names or is_address(name):
            return None
        return 400, "Host: not a name of this server; give it by `serve --name`."


def refuse_address(scope: Scope) -> tuple[int, str] | None:
    """Return status and words of a refusal; None for what can be an address of ours.

    No name of ours has a control character: files and databases stumble over some.
    """
    if len(scope["path"]) > MAX_PATH_CHARACTERS:
        return 414, f"The path has more than {MAX_PATH_CHARACTERS} characters."
    query = scope["query_string"].decode("latin-1")
    if CONTROL.search(scope["path"]) or CONTROL.search(unquote(query, "latin-1")):
        return 400, "There is a control character in the address."
    return None


def refuse_origin(scope: Scope, headers: Headers) -> tuple[int, str] | None:
    """Return status and words of a refusal; None for what a page of ours sends.

    The API has no session that could be misused: programs may leave out the headers
    with which browsers say where a request comes from. Where they are, they count.
    """
    if scope["method"] in READING_METHODS:
        return None
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is None and origin is None:
        # Browsers send one of the two with a form: without both it is a program.
        form = not scope["path"].startswith(API_PREFIX)
        return (403, "Send the form from its own page.") if form else None
    # `Origin: null`, of a sandboxed frame, has no host and is none of ours; the port
    # counts, for another port of this machine is another server.
    own = origin is None or urlsplit(origin).netloc == headers.get("host")
    if (site is None or site in OWN_SITE) and own:
        return None
    return 403, "It was sent from a page of another site."


# Kept, for nearly all requests have the same Host header.
@lru_cache(maxsize=256)
def parse_host_name(host: str) -> str:
    """Return the name in a Host header, without its port; "" where it is none."""
    try:
        # `evil.example@127.0.0.1` is 127.0.0.1 to a parser of URLs. `port` raises for
        # what is no port, and `localhost.` is `localhost` written in full.
        parts = urlsplit(f"//{host}")
        sound = parts.netloc == host and "@" not in host and (parts.port or 80) > 0
        return (parts.hostname or "").rstrip(".") if sound else ""
    except ValueError:
        return ""


@lru_cache(maxsize=256)
def is_address(name: str) -> bool:
    """Return whether a name is an IP address."""
    try:
        return bool(ip_address(name))
    except ValueError:
        return False
