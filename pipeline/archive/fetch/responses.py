"""Interpret a server's status: done, moved, worth another try, or final."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import requests

from pipeline.archive.fetch.politeness import parse_retry_after
from pipeline.archive.public_url import public_url
from pipeline.core.errors import Refused

THROTTLED = (408, 425, 429)  # request timeout, too early, too many requests
MOVED = (301, 302, 303, 307, 308)
LOCATION, HIDDEN = "Location", "X-Payproof-Location"


@dataclass(frozen=True)
class HttpReply:
    """The end of a chain of redirects: status, headers, body, final address."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class Throttled(Exception):
    """A server that is worth asking again, perhaps after `wait` seconds."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


def check_status(source: str, url: str, response: requests.Response) -> None:
    """Raise unless a status is done or moved: another try, or final.

    Raises:
        Throttled: 408, 425, 429 or 5xx.
        Refused: Any other than 200, 304 and a redirect.
    """
    status = response.status_code
    if status in (200, 304) or status in MOVED:
        return
    if status >= 500 or status in THROTTLED:
        wait = parse_retry_after(response.headers.get("Retry-After", ""), time.time())
        raise Throttled(f"answers {status}", wait)
    raise Refused(source, public_url(url), status, f"answers {status}")


def send_no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Return the request as it is: no credentials are added.

    Without an `auth` of its own a session sends those of a ~/.netrc.
    """
    return request


def hide_location(response: requests.Response, **_: object) -> None:
    """Hide a redirect from requests; a hook, called before the body is read.

    Also where it is told not to follow, requests reads the whole body of a redirect,
    within no bound, and its address, raising what comes of one that is none.
    """
    if LOCATION in response.headers:
        response.headers[HIDDEN] = response.headers.pop(LOCATION)


def read_headers(response: requests.Response) -> Mapping[str, str]:
    """Return the headers of an answer as they came, without what was hidden."""
    headers = response.headers.copy()
    if HIDDEN in headers:
        headers[LOCATION] = headers.pop(HIDDEN)
    return headers
