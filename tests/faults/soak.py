"""Soak a home: refresh, keep, rule, roll back, check and serve at once, with faults.

On a copied small home, for some minutes: pages that change are kept, the home is
refreshed again and again, rulings are recorded and taken back, releases rolled back,
pages checked by the command and the server, and readers read. Meanwhile commands are
killed at random moments or may write no large file (as on a full disk), files of the
cache are cut or flipped, bodies are away for a while, and malformed pages are kept.
What a command ended well with is a promise (`soak_ledger.py`), and the promises are
checked again and again.

    python tests/faults/soak.py --minutes 30 --seed 11 --json soak.json

Prints a report; the exit status is 1 where something was lost or went wrong. The seed
decides what is done and when; the machine decides how far each command comes.
"""

import argparse
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from faults import soak_pages  # noqa: E402
from faults.crowd import (  # noqa: E402
    PAGE,
    PAGES,
    find_port,
    read_memory,
    start_server,
)
from faults.soak_ledger import (  # noqa: E402
    Ledger,
    compare_memory,
    find_differences,
    find_growth,
    find_leftovers,
    find_lost,
    find_tracebacks,
)

KILLED, FULL = "killed", "full disk"
FULL_BYTES = 3_000  # what a file may have while the disk is "full"
LOCKED_TRIES = 6  # of a rollback, while a refresh is at work
SERVED = (200, 304, 404, 429, 503)


@dataclass
class Soak:
    """One soak: its home, its clock, and what was promised.

    Args:
        home: The home that everything is done to.
        logs: Folder for what the commands print.
        seed: Of all that is random.
        seconds: How long it is acted on.
        ends: Monotonic second at which the last command is begun.
    """

    home: Path
    logs: Path
    seed: int
    seconds: float
    ends: float = 0.0
    port: int = 0
    ledger: Ledger = field(default_factory=Ledger)
    memory: list[tuple[float, int]] = field(default_factory=list)
    away: list[Path] = field(default_factory=list)

    def goes_on(self) -> bool:
        """Whether there is time for another command."""
        return time.monotonic() < self.ends

    def pause(self, draw: random.Random, seconds: float) -> None:
        """Wait for about so long, or until the end."""
        until = min(self.ends, time.monotonic() + draw.uniform(0.3, 1.7) * seconds)
        while time.monotonic() < until:
            time.sleep(min(0.5, max(0.01, until - time.monotonic())))

    def run(
        self, draw: random.Random, actor: str, *arguments: str, faults: float = 0.0
    ) -> tuple[int, str]:
        """Run a command, perhaps with a fault; its exit status and what it printed.

        Args:
            draw: Decides on the fault.
            actor: Whose log it is.
            arguments: Of `payproof`.
            faults: How often there is one, 0 to 1.

        Returns:
            Exit status, negative where it was killed; standard output.
        """
        fault = draw.choice((KILLED, KILLED, FULL)) if draw.random() < faults else ""
        moment = draw.uniform(0.2, 20.0 if arguments[0] == "refresh" else 8.0)

        def bound() -> None:
            if fault == FULL:
                resource.setrlimit(resource.RLIMIT_FSIZE, (FULL_BYTES, FULL_BYTES))

        environ = {**os.environ, "PAYPROOF_HOME": str(self.home),
                   "PYTHONPATH": str(ROOT), "PAYPROOF_AUTHOR": "soak"}  # fmt: skip
        with (self.logs / f"{actor}.log").open("ab") as log:
            log.write(f"\n$ {' '.join(arguments)} [{fault}]\n".encode())
            log.flush()
            running = subprocess.Popen(
                [sys.executable, "-m", "pipeline.cli", *arguments], env=environ,
                stdout=subprocess.PIPE, stderr=log, cwd=ROOT, preexec_fn=bound,
                start_new_session=True,
            )  # fmt: skip
            try:
                out, _ = running.communicate(timeout=moment if fault == KILLED else 900)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(running.pid, signal.SIGKILL)
                out, _ = running.communicate()
                if fault != KILLED:
                    self.ledger.note(f"{actor}: hung for 900 s: {' '.join(arguments)}")
            log.write(out)
        if fault == FULL or running.returncode < 0:
            self.ledger.faults.append(f"{fault}: {' '.join(arguments[:2])}")
        said = out.decode("utf-8", "replace")
        self._judge_end(actor, arguments, running.returncode, fault)
        return running.returncode, said

    def _judge_end(
        self, actor: str, arguments: tuple[str, ...], status: int, fault: str
    ) -> None:
        """Count the end of a command; note one that a fault does not explain."""
        how = "killed" if status < 0 else f"exit {status}"
        self.ledger.count(f"{actor}: {how}{f' ({fault})' if fault else ''}")
        if status not in (0, 1, 2) and not fault:
            self.ledger.note(f"{actor}: exit {status} of {' '.join(arguments)}")

    def ask(self, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Ask the server; status 0 where there is no answer. An empty body is one."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", body,
            {} if body is None else {"Content-Type": "text/html"},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError as error:
            return 0, repr(error).encode()


def keep_pages(soak: Soak, draw: random.Random) -> None:
    """Keep pages that change, among them malformed ones."""
    number = 0
    while soak.goes_on():
        number += 1
        body, name = soak_pages.make_page(draw, number)
        path = soak.logs / name
        path.write_bytes(body)
        sha256, address = soak_pages.describe_page(body, draw)
        status, _ = soak.run(
            draw, "keep", "sources", "keep", "article", str(path),
            "--edition", soak_pages.name_edition(number), "--url", address,
            "--by", "soak@example.org", faults=0.3,
        )  # fmt: skip
        if status == 0:
            soak.ledger.snapshots[sha256] = "article"
        soak.pause(draw, 4)


def refresh_home(soak: Soak, draw: random.Random) -> None:
    """Refresh, now with the site and now without."""
    while soak.goes_on():
        more = [] if draw.random() < 0.3 else ["--no-site"]
        status, said = soak.run(
            draw, "refresh", "refresh", "--offline", *more, faults=0.35
        )
        if status in (0, 1):
            latest = soak.home / "curated" / "latest"
            with suppress(OSError):
                name = latest.readlink().name
                if name in said:  # else a rollback came between
                    soak.ledger.releases.add(name)
        soak.pause(draw, 8)


def record_rulings(soak: Soak, draw: random.Random) -> None:
    """Accept conflicts, and take some rulings back."""
    standing: list[str] = []
    while soak.goes_on():
        if standing and draw.random() < 0.3:
            asked = ["undo", standing.pop(draw.randrange(len(standing)))]
        else:
            target = find_conflict(soak, draw)
            if target is None:
                soak.pause(draw, 5)
                continue
            asked = ["accept", target, "--expires", "2037-06-30"]
        why = ["--reason", f"soak {draw.random():.6f}", "--author", "soak"]
        status, said = soak.run(draw, "rule", "rule", *asked, *why, faults=0.25)
        if status == 0:
            made = said.split(" ", 1)[0]
            soak.ledger.rulings.add(made)
            if asked[0] == "accept":
                standing.append(made)
        soak.pause(draw, 6)


def find_conflict(soak: Soak, draw: random.Random) -> str | None:
    """Return a conflict of the release that is served, by its id."""
    status, body = soak.ask("/api/v1/discrepancies?limit=200&fields=discrepancy_id")
    rows = json.loads(body)["data"] if status == 200 else []
    return draw.choice(rows)["discrepancy_id"] if rows else None


def roll_back(soak: Soak, draw: random.Random) -> None:
    """Let readers have another release; the next refresh leads on."""
    number = 0
    while soak.goes_on():
        soak.pause(draw, 25)
        names = sorted(soak.ledger.copy().releases)
        number += 1
        reason = f"soak rollback {number}."
        for _ in range(LOCKED_TRIES if names else 0):
            if not soak.goes_on():
                return
            status, said = soak.run(
                draw, "rollback", "rollback", draw.choice(names), "--reason", reason,
                "--who", "soak", faults=0.3,
            )  # fmt: skip
            # One to where readers are already is no decision.
            if status == 0 and "already" not in said:
                soak.ledger.rollbacks.add(reason)
            if status == 0:
                break
            soak.pause(draw, 3)


def check_pages(soak: Soak, draw: random.Random) -> None:
    """Check pages through the server and through the command."""
    number = 10_000
    while soak.goes_on():
        number += 1
        body, name = soak_pages.make_page(draw, number)
        if draw.random() < 0.7:
            status, said = soak.ask("/api/v1/check", body)
            soak.ledger.count(f"server check: {status}")
            # An empty page is nothing to check, and said to be.
            if status not in ((*SERVED, 422) if body else (400, 429, 503)):
                soak.ledger.note(f"server check: {status} {said[:200]!r}")
        else:
            path = soak.logs / f"checked-{name}"
            path.write_bytes(body)
            soak.run(draw, "check", "check", str(path), "--format", "json")
            path.unlink()
        soak.pause(draw, 3)


def read_server(soak: Soak, draw: random.Random) -> None:
    """Read the pages and the API as they change."""
    while soak.goes_on():
        path = draw.choice((*PAGES, "/ready", "/api/v1/releases", "/api/v1/sources"))
        status, said = soak.ask(path)
        soak.ledger.count(f"server page: {status}")
        if status not in SERVED:
            soak.ledger.note(f"server {path}: {status} {said[:200]!r}")
        soak.pause(draw, 0.3)


def damage_files(soak: Soak, draw: random.Random) -> None:
    """Cut or flip files of the cache; take a body away for some seconds."""
    while soak.goes_on():
        soak.pause(draw, 10)
        cached = [p for p in (soak.home / ".parsed").rglob("*") if p.is_file()]
        bodies = sorted((soak.home / "raw").glob("article/*/body*"))
        if cached and draw.random() < 0.7:
            path = draw.choice(sorted(cached))
            with suppress(OSError):
                path.write_bytes(soak_pages.damage(path.read_bytes(), draw))
                soak.ledger.faults.append(f"cache damaged: {path.name}")
        elif bodies:
            path = draw.choice(bodies)
            soak.away.append(path)
            beside = soak.logs / f"away-{path.parent.name}"
            with suppress(OSError):
                shutil.move(path, beside)
                soak.ledger.faults.append(f"body away: {path.parent.name}")
                time.sleep(draw.uniform(1, 8))
                shutil.move(beside, path)
            soak.away.remove(path)


def watch(soak: Soak, server: "subprocess.Popen[bytes]") -> None:
    """Measure the server each second; look for what is lost each quarter minute."""
    started = time.monotonic()
    turn = 0
    while soak.goes_on():
        if server.poll() is not None:
            soak.ledger.note(f"the server ended with {server.returncode}")
            return
        soak.memory.append((time.monotonic() - started, read_memory(server.pid)))
        turn += 1
        if turn % 15 == 0:
            promised, away = soak.ledger.copy(), list(soak.away)
            for lost in find_lost(promised, soak.home, [*away, *soak.away]):
                soak.ledger.note(f"meanwhile: {lost}")
        time.sleep(1)


ACTORS: tuple[Callable[[Soak, random.Random], None], ...] = (
    keep_pages, refresh_home, record_rulings, roll_back, check_pages, read_server,
    read_server, damage_files,
)  # fmt: skip


def act(soak: Soak, number: int) -> None:
    """Let one actor act to the end; a fault of its own is a finding."""
    actor = ACTORS[number]
    try:
        actor(soak, random.Random(soak.seed * 1000 + number))
    except Exception as error:  # the soak's own fault must not pass for peace
        soak.ledger.note(f"{actor.__name__}: {type(error).__name__}: {error}")


def soak_home(soak: Soak) -> None:
    """Serve the home and let all act on it until the time is over."""
    soak.port = find_port()
    server = start_server(soak.home, soak.port, soak.logs / "server.log", write=True)
    try:
        for path in (*PAGES, "/ready"):
            soak.ask(path)
        soak.ask("/api/v1/check", PAGE)
        soak.ends = time.monotonic() + soak.seconds
        threads = [
            threading.Thread(target=act, args=(soak, number))
            for number in range(len(ACTORS))
        ]
        for one in threads:
            one.start()
        watch(soak, server)
        for one in threads:
            one.join()
        status, _ = soak.ask("/ready")
        if status != 200:
            soak.ledger.note(f"at the end the server answers {status}")
    finally:
        server.terminate()
        server.wait(60)


def conclude(soak: Soak, span: float) -> dict[str, object]:
    """Refresh without faults, and hold everything against what was promised."""
    draw = random.Random(0)
    status, _ = soak.run(draw, "last", "refresh", "--offline")
    found = list(soak.ledger.findings)
    found += [] if status in (0, 1) else [f"the last refresh ended with {status}"]
    found += find_lost(soak.ledger, soak.home)
    found += find_leftovers(soak.home)
    status, said = soak.run(draw, "last", "verify", "--format", "json")
    if status != 0:
        found.append(f"verify ended with {status}: {said[:600]}")
    found += find_tracebacks(soak.logs)
    found += find_growth(soak.memory, span)
    found += compare_afresh(soak, draw)
    first, last = compare_memory(soak.memory, span) if soak.memory else (0.0, 0.0)
    promised = soak.ledger
    return {
        "minutes": round(soak.memory[-1][0] / 60, 1) if soak.memory else 0,
        "seed": soak.seed,
        "kept": len(promised.snapshots), "ruled": len(promised.rulings),
        "published": len(promised.releases), "rolled_back": len(promised.rollbacks),
        "faults": len(promised.faults), "load": os.getloadavg(),
        "memory_first_mb": round(first / 1e6, 1),
        "memory_last_mb": round(last / 1e6, 1),
        "ends": dict(sorted(promised.counts.items())),
        "findings": found,
    }  # fmt: skip


def compare_afresh(soak: Soak, draw: random.Random) -> list[str]:
    """Make the release again from raw/ in an empty home, and compare."""
    again = Soak(soak.home.with_name("afresh"), soak.logs, soak.seed, 0.0)
    for name in ("raw", "vocabularies"):
        shutil.copytree(soak.home / name, again.home / name)
    status, _ = again.run(draw, "afresh", "refresh", "--offline", "--no-site")
    if status not in (0, 1):
        return [f"a refresh from raw/ in an empty home ended with {status}"]
    pair = [(one.home / "curated" / "latest").resolve() for one in (soak, again)]
    return find_differences(*pair)


def main() -> int:
    """Read the options, soak, print the report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--json", type=Path, help="file for the report")
    parser.add_argument("--keep", type=Path, help="folder to leave home and logs in")
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="soak-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        from pages_home import make_small

        seconds = given.minutes * 60
        soak = Soak(folder / "home", folder / "logs", given.seed, seconds)
        soak.logs.mkdir()
        make_small(soak.home)
        soak_home(soak)
        report = conclude(soak, min(300.0, seconds / 4))
    finally:
        if not given.keep:
            shutil.rmtree(folder, ignore_errors=True)
    if given.json:
        given.json.write_text(json.dumps(report, indent=1) + "\n")
    print_report(report)
    return 1 if report["findings"] else 0


def print_report(report: dict[str, object]) -> None:
    """Print the report as lines; findings last."""
    for name, value in report.items():
        if isinstance(value, dict):
            print(f"{name}:", *(f"  {k}: {v}" for k, v in value.items()), sep="\n")
        elif isinstance(value, list):
            print(f"{name}: {len(value)}", *(f"  - {one}" for one in value), sep="\n")
        else:
            print(f"{name}: {value}")


if __name__ == "__main__":
    raise SystemExit(main())
