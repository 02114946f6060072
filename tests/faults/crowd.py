"""Crowd the server: does a quick reader get an answer, and what does it cost?

Starts `payproof serve` on a small home, then opens at once half-open connections (part
of a request's headers), stalled bodies (headers of a page to check and a part of it)
and busy clients (who ask for pages and checks without a pause), and measures how long
one reader waits who asks for a few rows, and the memory of the server.

    python tests/faults/crowd.py
    python tests/faults/crowd.py --half-open 220 --stalled 0 --busy 0 --descriptors 200

Prints JSON; the exit status is 1 where a bound is not kept. Every group of clients has
an address of its own (127.0.0.2 and so on), as on a network; `--one-address` gives
them all the reader's.
"""

import argparse
import asyncio
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
MEDIAN_SECONDS, MEMORY_BYTES = 0.1, 50_000_000
READER = "/api/v1/salaries?limit=20"
PAGES = ("/", "/conflicts", "/search?occupation=medical", "/rulings",
         "/api/v1/salaries?limit=100", "/api/v1/discrepancies")  # fmt: skip
PAGE = b"<p>In May 2023 the median wage of medical records specialists was $48,780.</p>"
HALF = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Filler: "
STALLED = (
    b"POST /api/v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/html\r\n"
    b"Content-Length: 2000000\r\n\r\n" + b"<p>pay " * 8_000
)


@dataclass
class Crowd:
    """Who comes, and how long it stays.

    Args:
        half_open: Connections with half a request's headers.
        stalled: Connections with a body that does not go on.
        busy: Clients that ask without a pause.
        seconds: How long the reader is measured among them.
        one_address: All have the reader's address.
    """

    half_open: int
    stalled: int
    busy: int
    seconds: float
    one_address: bool = False
    answers: dict[str, int] = field(default_factory=dict)

    def choose_address(self, group: int) -> str:
        """Return the address that a group of clients comes from."""
        return "127.0.0.1" if self.one_address else f"127.0.0.{group}"

    def count(self, what: str) -> None:
        """Count an answer of a busy client by its status."""
        self.answers[what] = self.answers.get(what, 0) + 1


def find_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def read_memory(pid: int) -> int:
    """Return the resident bytes of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def start_server(
    home: Path, port: int, log: Path, *, descriptors: int = 0, write: bool = False
) -> subprocess.Popen[bytes]:
    """Start `payproof serve` on a home and wait until it is up.

    Args:
        home: With a release.
        port: To listen on.
        log: File for what it prints.
        descriptors: Most open files of the process; 0: as many as we have.
        write: Rulings may be recorded.
    """

    def bound() -> None:
        if descriptors:
            resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

    environ = {**os.environ, "PAYPROOF_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pipeline.cli", "serve", "--port", str(port)]
    with log.open("ab") as out:
        server = subprocess.Popen(
            [*command, *(["--write"] if write else [])], env=environ, stdout=out,
            stderr=out, preexec_fn=bound, cwd=ROOT,
        )  # fmt: skip
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit(f"the server did not start: {log.read_text()[-2000:]}")
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return server
        time.sleep(0.1)
    server.kill()
    raise SystemExit("the server did not start within a minute")


async def ask(
    port: int, path: str, address: str, body: bytes = b""
) -> tuple[str, float]:
    """Ask over a connection of one's own; the status and the seconds it took.

    The status is `lost` where the connection was closed without an answer.
    """
    started = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, local_addr=(address, 0)
        )
        try:
            head = f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nHost: localhost\r\n"
            if body:
                head += f"Content-Type: text/html\r\nContent-Length: {len(body)}\r\n"
            writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
            answer = await asyncio.wait_for(reader.read(-1), 60)
        finally:
            writer.close()
        status = answer.split(b" ", 2)[1].decode() if answer else "lost"
    except (OSError, TimeoutError):
        status = "lost"
    return status, time.perf_counter() - started


async def hold(port: int, first: bytes, address: str) -> asyncio.StreamWriter | None:
    """Open a connection and send the first part of a request."""
    with suppress(OSError):
        _, writer = await asyncio.open_connection(
            "127.0.0.1", port, local_addr=(address, 0)
        )
        writer.write(first)
        return writer
    return None


async def be_busy(crowd: Crowd, port: int, number: int, until: float) -> None:
    """Ask for pages without a pause; every tenth client sends pages to check."""
    turn = number
    while time.perf_counter() < until:
        check = number % 10 == 0
        path = "/api/v1/check" if check else PAGES[turn % len(PAGES)]
        status, _ = await ask(
            port, path, crowd.choose_address(4), PAGE if check else b""
        )
        crowd.count(f"{'check' if check else 'page'} {status}")
        turn += 1


def measure_reader(port: int, seconds: float) -> tuple[list[float], list[str]]:
    """Ask for a few rows, ten times a second; seconds of good answers, other ends.

    In a process of its own: what is measured is the server, not the crowd's program.
    """
    took: list[float] = []
    other: list[str] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until or not (took or other):
        status, needed = asyncio.run(ask(port, READER, "127.0.0.1"))
        if status == "200":
            took.append(needed)
        else:
            other.append(status)
        time.sleep(0.1)
    return took, other


async def come(crowd: Crowd, port: int, pid: int) -> dict[str, object]:
    """Come all at once, and measure the reader and the server meanwhile."""
    for path in PAGES:  # what is opened once, and kept
        await ask(port, path, "127.0.0.1")
    await ask(port, "/api/v1/check", "127.0.0.1", PAGE)
    await ask(port, READER, "127.0.0.1")
    before = read_memory(pid)
    loop, process = asyncio.get_running_loop(), ProcessPoolExecutor(1)
    quiet, _ = await loop.run_in_executor(process, measure_reader, port, 2.0)
    halves = [hold(port, HALF, crowd.choose_address(2)) for _ in range(crowd.half_open)]
    parts = [hold(port, STALLED, crowd.choose_address(3)) for _ in range(crowd.stalled)]
    held = await asyncio.gather(*halves, *parts)
    until = time.perf_counter() + crowd.seconds
    reader = loop.run_in_executor(process, measure_reader, port, crowd.seconds)
    busy = [be_busy(crowd, port, n, until) for n in range(crowd.busy)]
    most = before
    clients = asyncio.gather(*busy)
    while not reader.done():
        most = max(most, read_memory(pid))
        await asyncio.sleep(0.1)
    took, other = await reader
    await clients
    for writer in held:
        if writer is not None:
            writer.close()
    await asyncio.sleep(2)
    process.shutdown()
    took.sort()
    return {
        "quiet_median_ms": round(statistics.median(quiet) * 1000, 1),
        "reader_answers": len(took),
        "reader_not_answered": other,
        "reader_median_ms": round(statistics.median(took) * 1000, 1) if took else None,
        "reader_p95_ms": round(took[int(len(took) * 0.95)] * 1000, 1) if took else None,
        "busy_answers": dict(sorted(crowd.answers.items())),
        "memory_before_mb": round(before / 1e6, 1),
        "memory_most_mb": round(most / 1e6, 1),
        "memory_after_mb": round(read_memory(pid) / 1e6, 1),
        "memory_more_mb": round((most - before) / 1e6, 1),
    }


def run(crowd: Crowd, home: Path, log: Path, descriptors: int) -> dict[str, object]:
    """Start the server, let the crowd come, and say what was found."""
    port = find_port()
    server = start_server(home, port, log, descriptors=descriptors)
    try:
        found = asyncio.run(come(crowd, port, server.pid))
    finally:
        server.terminate()
        server.wait(60)
    said = log.read_text()
    found |= {
        "half_open": crowd.half_open, "stalled": crowd.stalled, "busy": crowd.busy,
        "descriptors": descriptors or "as here", "load": os.getloadavg(),
        "tracebacks": said.count("Traceback"), "server_exit": server.returncode,
    }  # fmt: skip
    found["kept"] = is_kept(found)
    return found


def is_kept(found: dict[str, object]) -> bool:
    """Tell whether the bounds were kept."""
    median, more = found["reader_median_ms"], found["memory_more_mb"]
    return (
        isinstance(median, float)
        and median < MEDIAN_SECONDS * 1000
        and isinstance(more, float)
        and more <= MEMORY_BYTES / 1e6
        and not found["reader_not_answered"]
        and not found["tracebacks"]
    )


def main() -> int:
    """Read the options, run, print JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--half-open", type=int, default=600)
    parser.add_argument("--stalled", type=int, default=100)
    parser.add_argument("--busy", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--descriptors", type=int, default=0)
    parser.add_argument("--one-address", action="store_true")
    parser.add_argument("--home", type=Path, help="a home with a release; made if not")
    given = parser.parse_args()
    crowd = Crowd(given.half_open, given.stalled, given.busy, given.seconds,
                  given.one_address)  # fmt: skip
    folder = Path(tempfile.mkdtemp(prefix="crowd-"))
    try:
        home = given.home
        if home is None:
            from pages_home import make_small

            home = folder / "home"
            make_small(home)
        found = run(crowd, home, folder / "server.log", given.descriptors)
        if not found["kept"]:
            print((folder / "server.log").read_text()[-4000:], file=sys.stderr)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(found, indent=1))
    return 0 if found["kept"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
