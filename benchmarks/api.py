"""The API over a release of a million cells, beside Datasette on the same SQLite file.

    $ .venv/bin/pip install datasette      # the peer; without it its line is left out
    $ .venv/bin/python benchmarks/api.py [CELLS]

Small reads: one cell by its id, one occupation in one area. Both servers run as one
process, are asked the same questions over kept connections by the same client, by
turns. Latency is taken at a third of the API's own maximum of that moment, from when a
request was due. Medians of seven rounds. Ends with 1 where a limit is not kept.
"""

import asyncio
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import polars as pl

from pipeline.core.store import Home, point_link
from pipeline.core.tables import make_frame
from pipeline.query.relations import RELATIONS
from pipeline.query.release_db import FILE
from pipeline.release.publish.sqlite_file import write_sqlite

ROOT = Path(__file__).resolve().parents[1]
RATIO, P99, MEMORY, START = 3.0, 0.025, 500e6, 3.0
CONNECTIONS, SECONDS, ROUNDS = 8, 3.0, 7
SERVE = "from pipeline.cli import main; main()"
STATISTICS = ("mean", "median", "p10", "p90", "p25")


@dataclass(frozen=True)
class Server:
    """A running server: its port, its process, and how it is asked."""

    port: int
    process: int
    by_cell: str
    by_area: str


def cells(count: int) -> pl.DataFrame:
    """Salaries: occupations by areas by statistics by years, figures from a seed."""
    socs = [f"{11 + n % 40}-{1000 + n:04d}" for n in range(800)]
    rows = pl.DataFrame({"n": pl.int_range(count, eager=True)}).with_columns(
        soc=pl.lit(pl.Series(socs)).gather(pl.col("n") % 800),
        area_code=(10000 + pl.col("n") // 800 % 500).cast(pl.String),
        statistic=pl.lit(pl.Series(STATISTICS)).gather(pl.col("n") // 400_000 % 5),
        year=(2025 - pl.col("n") // 2_000_000).cast(pl.Int32),
        is_year_known=pl.lit(value=True),
        annual=(30000 + pl.col("n").hash(7) % 90000).cast(pl.Decimal(14, 2)),
    )
    place = pl.format("{}/{}/all/base/{}/{}", "soc", "area_code", "statistic", "year")
    rows = rows.with_columns(
        cell=place, occupation=pl.format("Occupation {}", "soc"),
        area_level=pl.lit("metro"), area=pl.format("Area {}", "area_code"),
        cohort=pl.lit("all"), pay_basis=pl.lit("base"), currency=pl.lit("USD"),
        availability=pl.lit("published"), status=pl.lit("single_source"),
        rule=pl.lit("official_primary"), grade=pl.lit("A"),
        chosen=pl.format("0123456789ab#line={};col=7", "n"), figures=pl.lit(1),
        independent_sources=pl.lit(1), effective=pl.lit("2025-05"),
        last_checked=pl.lit("2026-11-01"), last_changed=pl.lit("2026-11-01"),
    )  # fmt: skip
    return filled("salaries", rows).sort("cell")


def filled(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with every column of the table; what is not said is null or empty."""
    model = RELATIONS[table].model
    facts, empty = model.to_schema().columns, make_frame(model, [])
    nothing = {pl.String: "", pl.Boolean: False}

    def column(name: str, kind: pl.DataType) -> pl.Expr:
        if name in rows.columns:
            return pl.col(name).cast(kind)
        missing = None if facts[name].nullable else nothing.get(kind, 0)
        return pl.lit(missing).cast(kind).alias(name)

    return rows.select(column(name, kind) for name, kind in empty.schema.items())


def home_of(folder: Path, count: int) -> Home:
    """A home with one release that holds that many cells, each with its figure."""
    home = Home(folder)
    release = home.curated / "2026-11-01-00000000"
    release.mkdir(parents=True)
    shutil.copytree(ROOT / "vocabularies", home.vocabularies)
    salaries = cells(count)
    provenance = salaries.select(
        "cell", claim_id="chosen", role=pl.lit("chosen"), reason=pl.lit("primary"),
        weight=pl.lit(1.0), publisher=pl.lit("bls"), source=pl.lit("bls_oews"),
        snapshot=pl.lit("0123456789ab"), locator=pl.col("chosen").str.slice(13),
        quote=pl.col("annual").cast(pl.String),
        annual="annual",
    )  # fmt: skip
    frames = {name: make_frame(one.model, []) for name, one in RELATIONS.items()}
    frames["salaries"] = salaries
    frames["provenance"] = filled("provenance", provenance).sort("cell", "claim_id")
    write_sqlite(release / FILE, frames, {"release": release.name})
    manifest = {"release": release.name, "demonstration": True, "snapshots": [],
                "files": {}, "rows": {}, "notes": [], "key": ""}  # fmt: skip
    (release / "manifest.json").write_text(json.dumps(manifest))
    point_link(home.curated / "latest", release)
    return home


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(words: list[str], port: int, ready: str, home: Home) -> Iterator[float]:
    """A server process; yields its id and the seconds until it answered."""
    environ = {**os.environ, "PAYPROOF_HOME": str(home.root), "PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    with subprocess.Popen(
        words, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            while not asyncio.run(up(port, ready)):
                if process.poll() is not None or time.perf_counter() - start > 300:
                    sys.exit(f"{' '.join(words)} does not answer")
                time.sleep(0.02)
            yield process.pid, time.perf_counter() - start
        finally:
            process.terminate()


async def up(port: int, path: str) -> bool:
    """Whether a path is answered with 200."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        status, _ = await ask(reader, writer, path)
        writer.close()
    except (OSError, asyncio.IncompleteReadError):
        return False
    return status == 200


async def ask(reader, writer, path: str) -> tuple[int, bytes]:
    """One request over a kept connection: status and body."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    status = int(head[9:12])
    if b"content-length:" in lower:
        size = int(lower.partition(b"content-length:")[2].partition(b"\r\n")[0])
        return status, await reader.readexactly(size)
    body = b""
    while True:
        size = int((await reader.readline()).strip() or b"0", 16)
        body += await reader.readexactly(size)
        await reader.readline()
        if size == 0:
            return status, body


def questions(server: Server, salaries: list[tuple[str, str, str]], seed: int):
    """Paths without end, the same for both servers."""
    chance = random.Random(seed)
    while True:
        cell, soc, area = chance.choice(salaries)
        if chance.random() < 0.5:
            yield server.by_cell.format(cell=quote(cell, safe=""))
        else:
            yield server.by_area.format(soc=soc, area=area)


async def flat_out(server: Server, asked, seconds: float) -> float:
    """Requests a second that the server can answer over all connections."""
    done, end = 0, time.perf_counter() + seconds

    async def one() -> None:
        nonlocal done
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        while time.perf_counter() < end:
            status, _ = await ask(reader, writer, next(asked))
            assert status == 200, status
            done += 1
        writer.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return done / seconds


async def paced(server: Server, asked, rate: float, seconds: float) -> list[float]:
    """Latencies at a steady rate, each from when its request was due."""
    start, taken, due = time.perf_counter(), [], iter(range(int(rate * seconds)))

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for number in due:
            at = start + number / rate
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            await ask(reader, writer, next(asked))
            taken.append(time.perf_counter() - at)
        writer.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return sorted(taken)


def peak(process: int) -> int:
    """Most memory that a process ever held, in bytes."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def main(count: int) -> int:
    """Measure, print, and say whether the limits are kept."""
    with tempfile.TemporaryDirectory() as folder:
        home = home_of(Path(folder), count)
        database = home.curated / "latest" / FILE
        sample = (
            cells(count).sample(2000, seed=1).select("cell", "soc", "area_code").rows()
        )
        print(f"{count:,} cells, {database.stat().st_size / 1e6:,.0f} MB of SQLite")
        port = free_port()
        words = [sys.executable, "-c", SERVE, "serve", "--port", str(port),
                 "--per-second", "0"]  # fmt: skip
        starts = []
        for _ in range(2):
            with running(words, port, "/ready", home) as (_, started):
                starts.append(started)
        with running(words, port, "/ready", home) as (process, started):
            starts.append(started)
            api = "/api/v1/salaries?"
            ours = Server(
                port, process, api + "cell={cell}", api + "soc={soc}&area_code={area}"
            )
            return measured(home, ours, min(starts), sample)


def measured(home: Home, ours: Server, started: float, sample) -> int:
    """All figures, each beside its limit."""
    short = []

    def said(name: str, value: str, *, kept: bool) -> None:
        print(f"{name:38} {value}{'' if kept else '   SHORT'}")
        short.extend([] if kept else [name])

    said("start, until it is ready (3 s)", f"{started:.2f} s", kept=started <= START)
    fast, slow, p50s, p99s = [], [], [], []
    with peer(home) as theirs:
        for number in range(ROUNDS):
            asked = questions(ours, sample, number)
            fast.append(asyncio.run(flat_out(ours, asked, SECONDS)))
            taken = asyncio.run(paced(ours, asked, fast[-1] / 3, SECONDS))
            p50s.append(taken[len(taken) // 2])
            p99s.append(taken[int(len(taken) * 0.99)])
            if theirs:
                again = questions(theirs, sample, number)
                slow.append(asyncio.run(flat_out(theirs, again, SECONDS)))
    most = statistics.median(fast)
    print(f"{'small reads a second':38} {told(fast)}")
    if slow:
        print(f"{'of Datasette':38} {told(slow)}")
        ratio = most / statistics.median(slow)
        said("against Datasette (3x)", f"{ratio:.1f}x", kept=ratio >= RATIO)
    p99 = statistics.median(p99s)
    said(
        "p99 at a third of that (25 ms)",
        f"{p99 * 1e3:.1f} ms, of {told([1e3 * x for x in p99s])}",
        kept=p99 <= P99,
    )
    print(f"{'p50':38} {statistics.median(p50s) * 1e3:.1f} ms")
    memory = peak(ours.process)
    said("memory (500 MB)", f"{memory / 1e6:,.0f} MB", kept=memory <= MEMORY)
    return 1 if short else 0


def told(values: list[float]) -> str:
    """The median and the spread."""
    low, high = min(values), max(values)
    return f"{statistics.median(values):,.0f} ({low:,.0f} to {high:,.0f})"


@contextmanager
def peer(home: Home) -> Iterator[Server | None]:
    """Datasette on the same file, without what slows it: facets, counts, labels."""
    program = Path(sys.executable).with_name("datasette")
    if not program.exists():
        print("Datasette is not installed: no comparison")
        yield None
        return
    port, database = free_port(), home.curated / "latest" / FILE
    words = [str(program), "serve", "-i", str(database.resolve()), "-p", str(port),
             "--setting", "suggest_facets", "off", "--setting", "allow_facet",
             "off"]  # fmt: skip
    with running(words, port, "/-/versions.json", home) as (process, _):
        path = "/payproof/salaries.json?_shape=objects&_size=100&_nofacet=1&"
        path += "_nosuggest=1&_nocount=1&"
        yield Server(
            port, process, path + "cell={cell}", path + "soc={soc}&area_code={area}"
        )


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
