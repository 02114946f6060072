"""A server on this machine that stands for publishers' real hosts.

Requests go to `http://127.0.0.1:<port>/<scheme>/<host>/<path>`; the adapter sends a
session's requests there, whatever host they name.
"""

import io
import threading
from collections.abc import Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import requests
import urllib3
from vcr.stubs.requests_stubs import (
    VCRRequestsHTTPConnection,
    VCRRequestsHTTPSConnection,
)

from pipeline.archive.fetch.checked_connections import CheckedHttpsPool, CheckedPool


@dataclass(frozen=True)
class Answer:
    """What the server says to one request.

    Args:
        short: Bytes of the body that are sent less than were announced.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    short: int = 0


# For `vcr_config`: cassettes stand for connections; of ours they know when told.
CASSETTE_PATCHES = (
    (CheckedPool, "ConnectionCls", VCRRequestsHTTPConnection),
    (CheckedHttpsPool, "ConnectionCls", VCRRequestsHTTPSConnection),
)
NOT_FOUND = Answer(404, b"nothing here")
Scene = Mapping[str, list[Answer]]


class Standing(requests.adapters.HTTPAdapter):
    """Sends every request to the stand-in."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def send(self, request, **more):
        """Ask the stand-in for the same thing."""
        parts = urlsplit(request.url)
        asked = request.copy()
        query = f"?{parts.query}" if parts.query else ""
        there = f"/{parts.scheme}/{parts.netloc}{parts.path}{query}"
        asked.url = f"http://127.0.0.1:{self.port}{there}"
        return super().send(asked, **more)


class Handler(BaseHTTPRequestHandler):
    """Answers from the scene, each address its answers in order, the last for ever."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        """Answer one request, and remember it."""
        _, scheme, host, *rest = self.path.split("/")
        url = f"{scheme}://{host}/{'/'.join(rest)}"
        length = int(self.headers.get("Content-Length", 0))
        self.server.asked.append((self.command, url, self.rfile.read(length)))
        if self.server.told is not None:
            self.server.told(url)
        answers = self.server.scene.get(url, [NOT_FOUND])
        count = sum(seen == url for _, seen, _ in self.server.asked)
        answer = answers[min(count, len(answers)) - 1]
        self.send_response_only(answer.status, HTTPStatus(answer.status).phrase)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        with suppress(OSError):  # a guest may hang up
            self.wfile.write(answer.body[: len(answer.body) - answer.short])
        if answer.short:
            self.close_connection = True

    def do_POST(self):
        """Answer a post as any other."""
        self.do_GET()

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def serving(scene: Scene, told=None):
    """The stand-in, playing a scene; `asked` holds what was asked."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.scene, server.asked, server.told = scene, [], told
        thread = threading.Thread(
            target=server.serve_forever, args=(0.01,), daemon=True
        )
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()


def standing_session(port: int) -> requests.Session:
    """A session whose every request goes to the stand-in."""
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, Standing(port))
    return session


class Played(requests.adapters.HTTPAdapter):
    """Plays a scene without a wire: for tests that need no server."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self.scene, self.asked, self.sent = dict(scene), [], []

    def send(self, request, **_):
        """Answer as the stand-in does; a condition that holds is answered 304."""
        self.asked.append(request.url)
        self.sent.append(dict(request.headers))
        answers = self.scene.get(request.url, [NOT_FOUND])
        answer = answers[min(self.asked.count(request.url), len(answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        tag = request.headers.get("If-None-Match")
        if tag is not None and tag == answer.headers.get("ETag"):
            answer = Answer(304)
        raw = urllib3.HTTPResponse(
            io.BytesIO(answer.body[: len(answer.body) - answer.short]),
            headers={**answer.headers, "Content-Length": str(len(answer.body))},
            status=answer.status,
            preload_content=False,
        )
        return self.build_response(request, raw)


def played(scene: Scene) -> tuple[requests.Session, Played]:
    """A session that plays a scene, and what it was asked."""
    session, wire = requests.Session(), Played(scene)
    for scheme in ("http://", "https://"):
        session.mount(scheme, wire)
    return session, wire
