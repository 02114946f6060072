"""The HTTP client: asks robots.txt first, pauses between requests, gives up in time."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit

import requests
from protego import Protego

from pipeline.archive.fetch.checked_connections import check_connections
from pipeline.archive.fetch.politeness import (
    PRODUCT,
    RequestLimits,
    check_user_agent,
    compute_wait,
    make_user_agent,
)
from pipeline.archive.fetch.public_addresses import (
    HostResolver,
    NoAddress,
    NotPublic,
    resolve_host,
)
from pipeline.archive.fetch.redirects import follow_redirect
from pipeline.archive.fetch.responses import (
    MOVED,
    HttpReply,
    Throttled,
    check_status,
    hide_location,
    read_headers,
    send_no_credentials,
)
from pipeline.archive.public_url import public_url
from pipeline.core.errors import Refused, TooLarge, Unreachable

PIECE = 1 << 16  # bytes at a time: reading stops close behind a bound
CUT = "the body was cut short"
NO_ADDRESS = "it is no web address"
UNREADABLE = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)
ROBOTS_SIZE = 512_000  # RFC 9309 asks for at least 500 KiB


@dataclass
class HttpClient:
    """A session that keeps robots.txt, pauses and bounds; threads may share it.

    Args:
        limits: What it keeps to.
        session: Its connections; the User-Agent is set when there is none of ours.
        sleep: Waits; given by tests.
        clock: Monotonic seconds.
        look_up: Gives a host's addresses, once for each connection.
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
        check_connections(self.session, self.look_up)

    def get(
        self, source: str, url: str, headers: Mapping[str, str], send: bytes = b""
    ) -> HttpReply:
        """Ask for an address, through redirects, as robots.txt allows; return the end.

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
        # A session that a caller gives may have verification turned off.
        if self.session.verify is not True:
            raise Refused(source, public_url(url), 0, "certificates are not verified")
        for _ in range(self.limits.hops + 1):
            self._check_robots(source, url)
            reply = self._get_with_retries(source, url, headers, self.limits.size, send)
            if reply.status not in MOVED:
                return reply
            if send:  # it may hold a key, which is for the asked address alone
                raise Refused(source, public_url(asked), reply.status, "it has moved")
            there = reply.headers.get("Location", "")
            url = follow_redirect(source, asked, url, there, self.look_up)
        raise Refused(source, public_url(asked), reply.status, "it moves in circles")

    def _check_robots(self, source: str, url: str) -> None:
        """Check that robots.txt allows an address and that our User-Agent is honest.

        A host's robots.txt is asked for once.

        Raises:
            Refused: It forbids the address; the agent is not ours; no web address.
            Unreachable: It could not be had: the host is not asked for anything.
        """
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError as error:  # `https://[::1`
            raise Refused(source, public_url(url), 0, NO_ADDRESS) from error
        if parts.scheme not in ("http", "https") or not host:
            raise Refused(source, public_url(url), 0, NO_ADDRESS)
        agent = str(self.session.headers.get("User-Agent", ""))
        host_limits = self.limits.find_host(host)
        check_user_agent(
            source, public_url(url), agent, needs_contact=host_limits.contact
        )
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
        """Return the host's rules; a 4xx means that there are none (RFC 9309, 2.3.1).

        Raises:
            Unreachable: No answer, or 5xx: not to be asked now.
            Refused: The file is too long.
        """
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
            there = reply.headers.get("Location", "")
            url = follow_redirect(source, url, url, there, self.look_up)
        return Protego.parse("")

    def _get_with_retries(
        self,
        source: str,
        url: str,
        headers: Mapping[str, str],
        size: int,
        send: bytes = b"",
    ) -> HttpReply:
        """Return one answer, asking again after faults that may pass.

        Raises:
            Unreachable: After all tries, or where the server asks for a longer wait.
        """
        why = ""
        for attempt in range(self.limits.tries):
            self._wait_for_turn(source, url)
            try:
                return self._send_request(source, url, headers, size, send)
            except Throttled as error:
                why = str(error)
                # 1, 2, 4 … seconds, unless the server says how long (`Retry-After`).
                wait = 2.0**attempt if error.wait is None else error.wait
            if wait > self.limits.longest_pause:
                why += f", asks for {wait:,.0f} s of patience"
                break
            if attempt + 1 < self.limits.tries:
                self.sleep(wait)
        raise Unreachable(source, public_url(url), why)

    def _wait_for_turn(self, source: str, url: str) -> None:
        """Sleep until the host's pause since our last request is over.

        Raises:
            Refused: Its robots.txt asks for a longer pause than we wait.
        """
        parts = urlsplit(url)
        rules = self._robots.get(f"{parts.scheme}://{parts.netloc}")
        asked = float(rules.crawl_delay(PRODUCT) or 0) if rules else 0.0
        if asked > self.limits.longest_pause:
            why = f"robots.txt asks for {asked:,.0f} s between requests"
            raise Refused(source, public_url(url), 200, why)
        pause = max(asked, self.limits.find_host(parts.hostname or "").pause)
        # The turn is taken under the lock and slept outside of it: threads queue up.
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
        """Send one request and return the answer.

        Raises:
            Throttled: It is worth another try.
            Refused: It is not: a 4xx, a wrong address or one that is not public, an
                unverified certificate.
            TooLarge: More bytes than are read.
        """
        kind = {"Content-Type": "application/json"} if send else {}
        try:
            with self.session.request(
                "POST" if send else "GET",
                url,
                data=send or None,
                headers={**headers, **kind},
                timeout=self.limits.timeout,
                allow_redirects=False,  # `get` asks the next host's robots.txt first
                stream=True,
                hooks={"response": hide_location},
            ) as response:
                check_status(source, url, response)
                body = self._read_body(public_url(url), response, size)
                return HttpReply(
                    response.status_code, read_headers(response), body, url
                )
        except UNREADABLE as error:
            raise Refused(source, public_url(url), 0, NO_ADDRESS) from error
        except NotPublic as error:
            raise Refused(source, public_url(url), 0, str(error)) from error
        except NoAddress as error:  # a resolver may be away for a moment
            raise Throttled(str(error)) from error
        except requests.exceptions.SSLError as error:
            why = "its certificate cannot be verified"
            raise Refused(source, public_url(url), 0, why) from error
        except requests.exceptions.ChunkedEncodingError as error:
            raise Throttled(CUT) from error
        except requests.RequestException as error:
            raise Throttled(type(error).__name__) from error

    def _read_body(self, where: str, response: requests.Response, size: int) -> bytes:
        """Read the body in pieces, within the bounds of size and time.

        Raises:
            TooLarge: More than `size` bytes, unpacked.
            Throttled: It took too long, or was cut short.
        """
        started, pieces, got = self.clock(), [], 0
        for piece in response.iter_content(PIECE):
            pieces.append(piece)
            got += len(piece)
            if got > size:
                raise TooLarge(where, got, size)
            # A timeout is of silence: a server that drips would never run into it.
            if self.clock() - started > self.limits.duration:
                raise Throttled(f"more than {self.limits.duration:.0f} s for one body")
        # Content-Length counts the bytes on the wire, and so does `raw.tell()`; the
        # body may have been unpacked.
        announced = response.headers.get("Content-Length", "")
        if announced.isdecimal() and response.raw.tell() < int(announced):
            raise Throttled(CUT)
        return b"".join(pieces)
