"""Addresses: only public ones are connected to, and nothing secret in one is shown."""

import random
import socket
import threading

import pytest
import requests
import urllib3.connection
from stand_in import Answer, played, serving
from test_fetch import Clock, public

from pipeline.archive.fetch import HttpClient, RequestLimits
from pipeline.archive.fetch.checked_connections import CheckedConnection
from pipeline.archive.fetch.public_addresses import (
    find_public_addresses,
    is_public,
    is_public_address,
    resolve_host,
)
from pipeline.archive.public_url import public_url
from pipeline.core.errors import PayproofError, Refused, TooLarge, Unreachable

SITE = "https://stats.example/a.csv"
# 10.0.0.1 and 127.0.0.1 in what IPv6 wraps IPv4 in, and all that is not public besides.
PRIVATE = (
    *("10.1.2.3", "127.0.0.1", "169.254.169.254", "172.31.0.1", "192.168.0.1"),
    *("0.0.0.0", "100.64.0.1", "224.0.0.1", "239.1.1.1", "255.255.255.255"),
    *("192.0.0.8", "192.88.99.1", "198.18.0.1", "203.0.113.5", "240.0.0.1"),
    *("::", "::1", "::2", "::10.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1"),
    *("::ffff:a00:1", "64:ff9b::10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::808:808"),
    *("64:ff9b:1:ffff::10.0.0.1", "2002:7f00:1::", "2002:a00:1::1", "2001::1"),
    *("2001:0:a00:1::f5ff:fffe", "2001:10::1", "2001:db8::1", "100::1"),
    *("fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "5f00::1"),
)
PUBLIC = (
    *("8.8.8.8", "93.184.215.14", "1.1.1.1", "2606:4700::1", "2a00:1450::1"),
    *("::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2001:4860::8888"),
)
# As inet_aton and resolvers read them; the connection goes by what they come to.
ODD_SPELLINGS = ("2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "0")


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_known_in_every_spelling(address):
    """IPv6 wraps IPv4 in many ways; link-local and shared ranges are not public."""
    assert not is_public_address(address)
    assert not is_public(address, lambda _: [])
    assert not is_public("a.example", lambda _: ["8.8.8.8", address])


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public(address):
    """That of a gateway too, where what it wraps is public."""
    assert is_public_address(address)
    assert list(find_public_addresses(address, lambda _: [])) == [address]


@pytest.mark.local
@pytest.mark.parametrize("host", ODD_SPELLINGS)
def test_numbers_in_odd_spellings_are_what_the_resolver_makes_of_them(host):
    """`2130706433` is 127.0.0.1 to a connection, so it is to the check."""
    assert not is_public(host, resolve_host)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost.", ""])
def test_this_machine_by_its_name_is_not_public(host):
    """Whatever a resolver would say of it."""
    assert not is_public(host, lambda _: ["8.8.8.8"] if host else [])


class Wires:
    """Where connections go: the addresses that were asked for; those away are dead."""

    def __init__(self, monkeypatch, port=0, away=()):
        self.tried, self.port, self.away = [], port, away
        self.real = urllib3.connection.connection.create_connection
        monkeypatch.setattr(
            urllib3.connection.connection, "create_connection", self.connect
        )

    def connect(self, place, *_args, **_more):
        """Connect to the stand-in in place of an address, unless that one is away."""
        self.tried.append(place)
        if place[0] in self.away or not self.port:
            raise ConnectionRefusedError(place[0])
        return self.real(("127.0.0.1", self.port), 5)


def client(look_up, **limits) -> HttpClient:
    """A client of ours as it is made for a run, with a resolver of the test's."""
    clock = Clock()
    return HttpClient(
        RequestLimits(pause=0, **limits),
        sleep=clock.sleep, clock=clock.read, look_up=look_up,
    )  # fmt: skip


def test_a_name_is_resolved_once_and_the_first_address_connected_to(monkeypatch):
    """The resolver that answers otherwise the second time finds nobody who asks."""
    asked, wires = [], Wires(monkeypatch)

    def rebind(host):
        asked.append(host)
        return ["93.184.215.14", "2606:4700::1"] if len(asked) == 1 else ["127.0.0.1"]

    with pytest.raises(Unreachable):
        client(rebind, tries=1).get("example", SITE, {})
    assert asked == ["stats.example"]
    assert wires.tried == [("93.184.215.14", 443), ("2606:4700::1", 443)]


@pytest.mark.local
def test_the_host_stays_what_the_request_is_about(monkeypatch):
    """Connected to by its second address, for the first is away: `Host` is the name."""
    there = "http://stats.example/a.csv"
    heads = []
    with serving({}) as server:
        Wires(monkeypatch, server.server_port, away=("93.184.215.14",))
        connection = CheckedConnection("stats.example", 80)
        connection.look_up = lambda _: ["93.184.215.14", "8.8.8.8"]
        connection.send = (lambda real: lambda data: (heads.append(data), real(data)))(
            connection.send
        )
        connection.connect()
        connection.request("GET", "/http/stats.example/a.csv")
        assert connection.getresponse().status == 404
        assert connection.host == "stats.example"
        connection.close()
        assert [url for _, url, _ in server.asked] == [there]
    assert b"Host: stats.example\r\n" in heads[0]


@pytest.mark.local
def test_under_tls_the_certificate_is_held_against_the_name(monkeypatch):
    """The name is sent to choose a certificate by, and not the address."""
    said, ours, theirs = [], *socket.socketpair()
    monkeypatch.setattr(
        urllib3.connection.connection, "create_connection", lambda *_, **__: ours
    )
    reading = threading.Thread(
        target=lambda: (said.append(theirs.recv(4096)), theirs.close())
    )
    reading.start()
    with pytest.raises((Refused, Unreachable)):
        client(public, tries=1).get("example", SITE, {})
    reading.join(10)
    assert b"stats.example" in said[0]


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/",
     "https://intranet.example/a.csv", "https://localhost/", "http://2130706433/"],
)  # fmt: skip
def test_the_first_address_is_checked_as_a_redirect_is(monkeypatch, url):
    """A source's facts, or a list of pages, may name the inside by mistake."""
    wires = Wires(monkeypatch)
    with pytest.raises(Refused, match=r"not public|this machine"):
        client(public).get("example", url, {})
    assert wires.tried == []


def test_a_name_without_an_address_is_said_to_be_one(monkeypatch):
    """After all tries, for a resolver may be away for a moment."""
    wires, asked = Wires(monkeypatch), []
    with pytest.raises(Unreachable, match=r"'stats\.example' has no address \(DNS\)"):
        client(lambda host: asked.append(host) or [], tries=3).get("x", SITE, {})
    assert (len(asked), wires.tried) == (3, [])


ODD = (
    *("https://[::1", "https://[", "http://[::1]:port/", "https://x:999999/"),
    *("//[", "https://", "https:///a", "://", "\\\\evil", "javascript:alert(1)"),
    *("https://\x00/", "https://a b/", "https://%00/", "https://xn--/", "data:,x"),
    *("https://\u0661\u0662\u0667.0.0.1/", "https://.../", "https://" + "a" * 70_000),
    *("https://user:S3CRET@[::1?token=S3CRET", "https://a..b/", "https://\u2100.x/"),
    *("https://\udcff.x/", "https://@/", "https://:443/", "https://x:/", "#", "?"),
)


@pytest.mark.parametrize("location", ODD, ids=lambda text: repr(text)[:40])
def test_an_odd_redirect_is_a_clear_error(location):
    """Whatever a server calls a place, one line comes of it, and no secret in it."""
    session, _ = played({SITE: [Answer(302, headers={"Location": location})]})
    guest = HttpClient(RequestLimits(pause=0, tries=1), session, look_up=public)
    with pytest.raises((Refused, Unreachable)) as caught:
        guest.get("example", SITE, {})
    assert "S3CRET" not in str(caught.value)
    assert len(str(caught.value)) < 5000
    robots = "https://stats.example/robots.txt"
    session, _ = played({robots: [Answer(302, headers={"Location": location})]})
    guest = HttpClient(RequestLimits(pause=0, tries=1), session, look_up=public)
    with pytest.raises(PayproofError):
        guest.get("example", SITE, {})


def test_a_thousand_made_up_redirects_end_in_an_error_of_ours():
    """By a seed: pieces of addresses in any order."""
    draw = random.Random(11)
    pieces = [*"[]:/@?#%.\\ ;&=", "https:", "http:", "//", "::1", "x", "%5b", "127.1",
              "\u2100", "\uff11", "\udc80", "\x1b", "xn--", "65536"]  # fmt: skip
    for _ in range(1000):
        location = "".join(draw.choices(pieces, k=draw.randint(1, 9)))
        session, _ = played({SITE: [Answer(302, headers={"Location": location})]})
        guest = HttpClient(
            RequestLimits(pause=0, tries=1, hops=1), session, look_up=public
        )
        with pytest.raises(PayproofError):
            guest.get("example", SITE, {})


def test_the_body_of_a_redirect_is_bounded():
    """No more of it is read than of another body."""
    moved = Answer(302, b"a" * 5000, {"Location": "https://new.example/"})
    session, wire = played({SITE: [moved]})
    guest = HttpClient(RequestLimits(pause=0, size=1000), session, look_up=public)
    with pytest.raises(TooLarge):
        guest.get("example", SITE, {})
    assert "https://new.example/robots.txt" not in wire.asked


def test_an_address_that_is_none_is_refused_before_anybody_is_asked():
    """As a list of watched pages may have it."""
    session, wire = played({})
    guest = HttpClient(RequestLimits(pause=0), session, look_up=public)
    with pytest.raises(Refused, match="no web address"):
        guest.get("example", "https://[::1", {})
    assert wire.asked == []


SECRETS = (
    *("key", "api_key", "apikey", "apiKey", "API-KEY", "token", "access_token", "auth"),
    *("sig", "signature", "X-Amz-Signature", "X-Amz-Credential", "password", "passwd"),
    *("secret", "client_secret", "registrationkey", "session", "PHPSESSID", "pwd"),
    *("jsessionid", "id_token", "csrfToken", "code_verifier"),
    *("Ocp-Apim-Subscription-Key", "%74oken", "user[password]", "AWSAccessKeyId"),
    *("sid", "hmac", "SAMLResponse"),
)  # fmt: skip
OPEN = ("keyword", "author", "design", "monkey", "passage", "signal", "series", "q")


@pytest.mark.parametrize("name", SECRETS)
def test_what_could_be_secret_is_hidden_by_its_name(name):
    """In a query by `&` or `;`, in a part of the path, in an address within another."""
    twice = name.replace("%", "%25")
    for url in (
        f"https://x.example/a?{name}=S3CRET&year=2024",
        f"https://x.example/a?year=2024;{name}=S3CRET",
        f"https://x.example/a;{name}=S3CRET?year=2024",
        f"https://x.example/a?next=https%3A%2F%2Fy%2F%3F{name}%3DS3CRET&year=2024",
        f"https://x.example/a?next=%2F%3F{twice}%253DS3CRET&year=2024",
    ):
        shown = public_url(url)
        assert "S3CRET" not in shown, url
        assert shown == "https://x.example/a?year=2024", url


@pytest.mark.parametrize("name", OPEN)
def test_what_only_sounds_secret_is_shown(name):
    """`keyword` is no key and `author` no authorization."""
    url = f"https://x.example/a?{name}=nurse&year=2024"
    assert public_url(url) == url


def test_a_session_of_a_caller_is_checked_too():
    """All but a transport that is the caller's own."""
    session = requests.Session()
    guest = HttpClient(RequestLimits(pause=0, tries=1), session, look_up=public)
    with pytest.raises(Refused, match="not public"):
        guest.get("example", "http://10.0.0.1/", {})
