"""The server's bounds: on connections, on the time and size of requests, on work."""

import asyncio
import socket
import threading
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

import pytest
import uvicorn
from faults import crowd
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from pipeline.core.vocabulary import open_vocabulary
from pipeline.serve import connection_table
from pipeline.serve.bounded_protocol import MAX_PIPELINED, BoundedProtocol
from pipeline.serve.client_groups import name_client
from pipeline.serve.connection_table import (
    ConnectionBounds,
    ConnectionTable,
    count_connections,
)
from pipeline.serve.problem_details import Problem, respond_problem
from pipeline.serve.work_queue import ServerWork, WorkQueue

BOUNDS = ConnectionBounds(
    head_bytes=4096, head_seconds=1, silence_seconds=1, body_seconds=30,
    idle_seconds=2, unread_seconds=2, connections=20, connections_address=12,
    spare_descriptors=64,
)  # fmt: skip


@dataclass(eq=False)
class Held:
    """A connection that remembers whether it was closed."""

    client_name: str = "a"
    dropped: bool = False

    def drop(self):
        """Be closed."""
        self.dropped = True

    def check_time(self):
        """Have all the time of the world."""


def admitted(table: ConnectionTable, *names: str) -> list[Held]:
    """Connections of these clients, taken in and waited for in this order."""
    made = [Held(name) for name in names]
    for one in made:
        assert table.admit(one)
        table.wait_for(one)
    return made


def test_the_oldest_that_asks_nothing_makes_room():
    """In the order in which they began to wait, and not in which they came."""
    table = ConnectionTable(3, 3)
    first, second, third = admitted(table, "a", "b", "c")
    table.serve(first)
    table.wait_for(first)  # it asked, and was answered
    assert table.admit(Held("d"))
    assert [one.dropped for one in (first, second, third)] == [False, True, False]
    assert len(table) == 3


def test_one_that_waits_for_its_answer_is_never_closed():
    """Where all do, the new one is refused."""
    table = ConnectionTable(2, 2)
    both = admitted(table, "a", "b")
    for one in both:
        table.serve(one)
    assert not table.admit(Held("c"))
    assert not any(one.dropped for one in both)


def test_a_body_on_its_way_goes_after_all_that_send_nothing():
    """An upload is work of the client's; half a head is none."""
    table = ConnectionTable(2, 2)
    body, half = admitted(table, "a", "b")
    table.wait_for(body, body=True)
    table.wait_for(half)
    assert table.admit(Held("c"))
    assert (body.dropped, half.dropped) == (False, True)


def test_one_client_makes_room_among_its_own():
    """However few others there are, and whoever is older."""
    table = ConnectionTable(10, 2)
    other, mine, _ = admitted(table, "b", "a", "a")
    assert table.admit(Held("a"))
    assert (other.dropped, mine.dropped) == (False, True)
    table.forget(mine)
    table.forget(mine)
    assert len(table) == 3


def test_a_network_of_ipv6_is_one_client():
    """Its customer has so many addresses that each would be new."""
    assert name_client("2001:db8::1") == name_client("2001:db8::2:3")
    assert name_client("2001:db8::1") != name_client("2001:db8:0:1::1")
    assert name_client("::ffff:10.0.0.1") == name_client("10.0.0.1") == "10.0.0.1"
    assert name_client("fe80::1%eth0") == name_client("fe80::2")
    assert name_client("") == ""


@pytest.mark.parametrize(
    ("limits", "count", "raised"),
    [((1024, 4096), 1000, 1064), ((200, 200), 136, 200), ((256, 500), 436, 500),
     ((4096, 4096), 1000, None), ((64, -1), 1000, 1064), ((50, 50), 1, 50)],
)  # fmt: skip
def test_connections_stay_below_the_descriptors_of_the_process(
    monkeypatch, limits, count, raised
):
    """Its own limit is raised as far as it may be; some are kept free."""
    resource = pytest.importorskip("resource")
    said = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda _, pair: said.append(pair[0]))
    monkeypatch.setattr(resource, "RLIM_INFINITY", -1)
    assert connection_table.count_connections is count_connections
    assert count_connections(replace(BOUNDS, connections=1000)) == count
    assert said == ([] if raised is None else [raised])


def test_the_bounds_stand_in_limits_csv(shared_vocabulary):
    """Every one has its row."""
    assert ConnectionBounds.from_vocabulary(shared_vocabulary).connections > 100
    ServerWork.from_vocabulary(shared_vocabulary)


@pytest.fixture
def shared_vocabulary():
    """The project's own."""
    return open_vocabulary(crowd.ROOT / "vocabularies")


@pytest.mark.local
def test_work_beyond_what_may_wait_is_refused_with_a_time_to_come_again():
    """One at work, one waiting; the third is told, and room comes back."""

    async def come():
        queue, gate = WorkQueue(at_once=1, waiting=1), threading.Event()
        both = [asyncio.create_task(queue.run(gate.wait, 10)) for _ in range(2)]
        await asyncio.sleep(0.05)
        with pytest.raises(Problem) as caught:
            await queue.run(gate.wait)
        gate.set()
        assert await asyncio.gather(*both) == [True, True]
        assert await queue.run(gate.wait) is True
        return caught.value

    problem = asyncio.run(come())
    assert (problem.status, dict(problem.headers)) == (503, {"Retry-After": "2"})


@pytest.mark.local
def test_bodies_are_held_within_a_bound_of_all():
    """The second of two large ones is refused; a small one fits; all is given back."""

    def request(size):
        parts = [{"type": "http.request", "body": b"x" * size, "more_body": False}]

        async def receive():
            return parts.pop()

        return Request({"type": "http", "headers": [], "method": "POST"}, receive)

    async def come():
        work = ServerWork(1, 1, bodies_bytes=100)
        async with work.hold_body(request(80), 90) as first:
            assert len(first) == 80
            for size, limit, status in ((80, 90, 503), (95, 90, 413), (0, 90, 400)):
                with pytest.raises(Problem) as caught:
                    async with work.hold_body(request(size), limit):
                        pass
                assert caught.value.status == status
            async with work.hold_body(request(20), 90):
                pass
        async with work.hold_body(request(80), 90):
            pass

    asyncio.run(come())


@pytest.fixture(scope="module")
def port():
    """A small application within narrow bounds, served on this machine."""
    work = ServerWork(1, 1, 1_000_000)

    async def page(request: Request):
        try:
            async with work.hold_body(request, 50_000) as body:
                return PlainTextResponse(str(len(body)))
        except Problem as error:
            return respond_problem(error.status, error.detail)

    async def big(_request):
        return PlainTextResponse("x" * 30_000_000)

    app = Starlette(routes=[
        Route("/", lambda _: PlainTextResponse("here")), Route("/big", big),
        Route("/page", page, methods=["POST"]),
    ])  # fmt: skip
    table = ConnectionTable(BOUNDS.connections, BOUNDS.connections_address)
    number = crowd.find_port()
    server = uvicorn.Server(uvicorn.Config(
        app, port=number, log_level="error", ws="none",
        http=partial(BoundedProtocol, bounds=BOUNDS, table=table),
        timeout_graceful_shutdown=1,
    ))  # fmt: skip
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        threading.Event().wait(0.02)
    yield number
    server.should_exit = True
    thread.join(10)
    assert len(table) == 0


def talk(port: int, sent: bytes, address: str = "127.0.0.1", wait: float = 8) -> bytes:
    """Send bytes and read until the other end closes."""
    source = (address, 0)
    with closing(socket.create_connection(("127.0.0.1", port), wait, source)) as one:
        one.settimeout(wait)
        read = b""
        try:
            one.sendall(sent)
            while piece := one.recv(65536):
                read += piece
        except ConnectionError:
            pass
        return read


GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
POST = b"POST /page HTTP/1.1\r\nHost: a\r\n"
CLOSE = b"Connection: close\r\n\r\n"
SLOW = {
    "nothing": (b"", b""),
    "half a head": (GET + b"X: ", b" 408 "),
    "half a first line": (b"GE", b" 408 "),
    "half a body": (POST + b"Content-Length: 90\r\n\r\n<p>", b" 408 "),
    "half a body in chunks": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\n<p>\r\n",
        b" 408 ",
    ),
    "half a second head": (GET + b"\r\n" + GET, b" 408 "),
    "a body that an early answer left": (
        POST + b"Content-Length: 99999\r\n\r\n<p>",
        b" 413 ",
    ),
    "no second request": (GET + b"\r\n", b"here"),
}


@pytest.mark.local
@pytest.mark.slow
def test_whoever_keeps_the_server_waiting_is_told_and_closed(port):
    """Each in its time, all at once, and with nothing but what was owed."""
    read: dict[str, bytes] = {}

    def keep_waiting(name: str) -> None:
        number = 2 + list(SLOW).index(name)
        read[name] = talk(port, SLOW[name][0], f"127.0.0.{number}")

    threads = [threading.Thread(target=keep_waiting, args=(name,)) for name in SLOW]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    for name, (_, said) in SLOW.items():
        assert said in read[name], (name, read[name])
    assert read["nothing"] == b""
    assert read["half a second head"].startswith(b"HTTP/1.1 200 ")
    assert b" 408 " not in read["no second request"]
    assert b"application/problem+json" in read["half a head"]


LARGE = {
    "one header": (GET + b"X: " + b"a" * 3_000_000, b" 431 "),
    "many headers": (GET + b"X: abc\r\n" * 100_000, b" 431 "),
    "a header's name": (GET + b"a" * 3_000_000, b" 431 "),
    "the address": (b"GET /" + b"a" * 3_000_000, b" 414 "),
    "headers after a body in chunks": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"
        + b"X: abc\r\n" * 100_000, b" 431 ",
    ),
    "what is said of a chunk": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"a" * 3_000_000, b" 431 ",
    ),
    "a body by its length": (POST + b"Content-Length: 999999999\r\n\r\n", b" 413 "),
    "a body by its bytes": (
        POST + CLOSE[:-2] + b"Transfer-Encoding: chunked\r\n\r\n"
        + b"ffff\r\n" + b"a" * 65535 + b"\r\n0\r\n\r\n", b" 413 ",
    ),
}  # fmt: skip


@pytest.mark.local
@pytest.mark.slow
@pytest.mark.parametrize(("sent", "said"), LARGE.values(), ids=LARGE)
def test_what_is_too_large_is_refused_before_it_is_all_there(port, sent, said):
    """The words of the refusal reach a client that is still sending."""
    assert said in talk(port, sent), sent[:80]


SOUND = {
    "one after another": (GET + b"\r\n" + GET + CLOSE, [b"here", b"here"]),
    "a body in pieces": (
        POST + CLOSE[:-2] + b"Transfer-Encoding: chunked\r\n\r\n"
        + b"1\r\na\r\n" * 9000 + b"0\r\nX: y\r\n\r\n", [b"9000"],
    ),
    "a body and another": (
        POST + b"Content-Length: 2\r\n\r\nab" + POST + CLOSE[:-2]
        + b"Content-Length: 3\r\n\r\nabc", [b"2", b"3"],
    ),
    "a head near the bound": (GET + b"X: " + b"a" * 3900 + b"\r\n" + CLOSE, [b"here"]),
}  # fmt: skip


@pytest.mark.local
@pytest.mark.parametrize(("sent", "said"), SOUND.values(), ids=SOUND)
def test_sound_requests_are_answered_as_before(port, sent, said):
    """In order, over one connection."""
    parts = talk(port, sent).split(b"HTTP/1.1 200 OK")
    assert [part.partition(b"\r\n\r\n")[2] for part in parts[1:]] == said


@pytest.mark.local
def test_requests_without_an_end_before_an_answer_are_not_queued(port):
    """Nobody sends a hundred at once but who wants to fill memory."""
    answered = talk(port, (GET + b"\r\n") * 5000).count(b"HTTP/1.1 200")
    assert answered <= 2 * (MAX_PIPELINED + 20_000 // len(GET))


@pytest.mark.local
@pytest.mark.slow
def test_an_answer_that_nobody_takes_is_given_up(port):
    """Thirty megabytes are not kept for a client that reads none of them."""
    with closing(socket.socket()) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.settimeout(8)
        one.connect(("127.0.0.1", port))
        one.sendall(GET.replace(b"/ ", b"/big ", 1) + b"\r\n")
        threading.Event().wait(5)
        read = 0
        try:
            while piece := one.recv(1 << 20):
                read += len(piece)
        except ConnectionError:
            pass
    assert read < 30_000_000


@pytest.mark.local
@pytest.mark.slow
def test_a_reader_is_answered_among_more_clients_than_descriptors(
    small_release, tmp_path
):
    """Sixty connections that ask nothing, and a hundred files that may be open."""
    come = crowd.Crowd(half_open=50, stalled=10, busy=4, seconds=1)
    found = crowd.run(come, small_release, tmp_path / "log", descriptors=100)
    assert found["reader_answers"]
    assert found["reader_not_answered"] == []
    assert found["tracebacks"] == 0, (tmp_path / "log").read_text()[-2000:]
