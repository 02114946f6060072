"""One guest for all hosts: asks robots.txt first, keeps its distance, gives up."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urljoin, urlsplit

import requests
from protego import Protego

from pipeline.archive.card import public_url
from pipeline.archive.fetch.politeness import (
    PRODUCT,
    RequestLimits,
    check_user_agent,
    compute_wait,
    make_user_agent,
)
from pipeline.archive.fetch.redirects import HostResolver, check_redirect, resolve_host
from pipeline.archive.fetch.responses import (
    MOVED,
    HttpReply,
    Throttled,
    check_status,
    send_no_credentials,
)
from pipeline.core.errors import Refused, TooLarge, Unreachable

PIECE = 1 << 16
CUT = "the body was cut short"
ROBOTS_SIZE = 512_000  # RFC 9309 asks for at least 500 KiB


@dataclass
class HttpClient:
    """A session with manners; may be shared by threads.

    Args:
        manners: What it keeps to.
        session: Its connections; the User-Agent is set when there is none of ours.
        sleep: Waits; given by tests.
        clock: Monotonic seconds.
        look_up: Gives a host's addresses.
        keys: Publishers' keys, by the name of their setting.
    """

    limits: RequestLimits
    session: requests.Session = field(default_factory=requests.Session)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    look_up: HostResolver = resolve_host
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    _robots: dict[str, Protego] = field(default_factory=dict)
    _away: dict[str, Unreachable] = field(default_factory=dict)
    _due: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        given = str(self.session.headers.get("User-Agent", ""))
        if given == requests.utils.default_user_agent():
            self.session.headers["User-Agent"] = make_user_agent(self.limits.contact)
        self.session.auth = (
            send_no_credentials  # else requests sends what a ~/.netrc holds
        )
        self.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def get(
        self, source: str, url: str, headers: Mapping[str, str], send: bytes = b""
    ) -> HttpReply:
        """Ask for an address, through redirects, as robots.txt allows.

        Args:
            source: Id, for messages.
            url: The address.
            headers: Conditions.
            send: JSON that is posted; asks with GET where there is none.

        Raises:
            Refused: By robots.txt, by a rule of ours, or with a 4xx; a certificate
                that cannot be verified; a post that is sent elsewhere.
            Unreachable: No answer, or 5xx or 429, after all tries.
            TooLarge: More bytes than are read.
        """
        asked = url
        if self.session.verify is not True:
            raise Refused(source, public_url(url), 0, "certificates are not verified")
        for _ in range(self.limits.hops + 1):
            self._check_robots(source, url)
            reply = self._get_with_retries(source, url, headers, self.limits.size, send)
            if reply.status not in MOVED:
                return reply
            if send:  # it may hold a key, which is for the asked address alone
                raise Refused(source, public_url(asked), reply.status, "it has moved")
            url = urljoin(url, reply.headers.get("Location", ""))
            check_redirect(source, asked, url, self.look_up)
        raise Refused(source, public_url(asked), reply.status, "it moves in circles")

    def _check_robots(self, source: str, url: str) -> None:
        """Ask the host's robots.txt, once; check who we say we are."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https") or not host:
            raise Refused(source, public_url(url), 0, "it is no web address")
        agent = str(self.session.headers.get("User-Agent", ""))
        wishes = self.limits.find_host(host)
        check_user_agent(source, public_url(url), agent, needs_contact=wishes.contact)
        place = f"{parts.scheme}://{parts.netloc}"
        if place in self._away:
            raise self._away[place]
        if place not in self._robots:
            try:
                self._robots[place] = self._read_robots(source, f"{place}/robots.txt")
            except Unreachable as error:
                self._away[place] = error  # its other files wait with this one
                raise
        if not self._robots[place].can_fetch(url, PRODUCT):
            raise Refused(source, public_url(url), 200, "robots.txt forbids it")

    def _read_robots(self, source: str, url: str) -> Protego:
        """The host's rules: a 4xx means none, silence means not now (RFC 9309)."""
        for _ in range(self.limits.hops + 1):
            try:
                reply = self._get_with_retries(source, url, {}, ROBOTS_SIZE)
            except Refused:
                return Protego.parse("")
            except TooLarge as error:
                why = "its robots.txt is too long to be one"
                raise Refused(source, public_url(url), 200, why) from error
            if reply.status not in MOVED:
                return Protego.parse(reply.body.decode("utf-8", "replace"))
            asked, url = url, urljoin(url, reply.headers.get("Location", ""))
            check_redirect(source, asked, url, self.look_up)
        return Protego.parse("")

    def _get_with_retries(
        self,
        source: str,
        url: str,
        headers: Mapping[str, str],
        size: int,
        send: bytes = b"",
    ) -> HttpReply:
        """One answer, asking again while the server is only unwell."""
        why = ""
        for attempt in range(self.limits.tries):
            self._wait_for_turn(source, url)
            try:
                return self._send_request(source, url, headers, size, send)
            except Throttled as error:
                why = str(error)
                wait = 2.0**attempt if error.wait is None else error.wait
            if wait > self.limits.longest_pause:
                why += f", asks for {wait:,.0f} s of patience"
                break
            if attempt + 1 < self.limits.tries:
                self.sleep(wait)
        raise Unreachable(source, public_url(url), why)

    def _wait_for_turn(self, source: str, url: str) -> None:
        """Sleep until the host's pause since our last request is over."""
        parts = urlsplit(url)
        rules = self._robots.get(f"{parts.scheme}://{parts.netloc}")
        asked = float(rules.crawl_delay(PRODUCT) or 0) if rules else 0.0
        if asked > self.limits.longest_pause:
            why = f"robots.txt asks for {asked:,.0f} s between requests"
            raise Refused(source, public_url(url), 200, why)
        pause = max(asked, self.limits.find_host(parts.hostname or "").pause)
        with self._lock:
            now, last = self.clock(), self._due.get(parts.netloc)
            wait = compute_wait(now, last, pause)
            self._due[parts.netloc] = now + wait
        if wait:
            self.sleep(wait)

    def _send_request(
        self,
        source: str,
        url: str,
        headers: Mapping[str, str],
        size: int,
        send: bytes,
    ) -> HttpReply:
        """One request: the answer, or why it is worth another try."""
        kind = {"Content-Type": "application/json"} if send else {}
        try:
            with self.session.request(
                "POST" if send else "GET",
                url,
                data=send or None,
                headers={**headers, **kind},
                timeout=self.limits.timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                check_status(source, url, response)
                body = self._read_body(public_url(url), response, size)
                return HttpReply(response.status_code, response.headers, body, url)
        except (
            requests.exceptions.InvalidURL,
            requests.exceptions.InvalidSchema,
        ) as error:
            raise Refused(source, public_url(url), 0, "it is no web address") from error
        except requests.exceptions.SSLError as error:
            why = "its certificate cannot be verified"
            raise Refused(source, public_url(url), 0, why) from error
        except requests.exceptions.ChunkedEncodingError as error:
            raise Throttled(CUT) from error
        except requests.RequestException as error:
            raise Throttled(type(error).__name__) from error

    def _read_body(self, where: str, response: requests.Response, size: int) -> bytes:
        """The body, in pieces, within the bounds of size and time."""
        started, pieces, got = self.clock(), [], 0
        for piece in response.iter_content(PIECE):
            pieces.append(piece)
            got += len(piece)
            if got > size:
                raise TooLarge(where, got, size)
            if self.clock() - started > self.limits.duration:
                raise Throttled(f"more than {self.limits.duration:.0f} s for one body")
        said = response.headers.get("Content-Length", "")
        if said.isdecimal() and response.raw.tell() < int(said):
            raise Throttled(CUT)
        return b"".join(pieces)
