"""What the commands cost beyond importing polars and pandera, as whole processes.

    $ .venv/bin/python benchmarks/commands.py [RUNS]

Medians of interleaved runs, so that a busy machine slows both sides alike. `asking` is
a refresh that may ask but finds nothing due; `one page` is one after a page changed.
Ends with 1 where a limit is not kept, or where more was parsed than had changed.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from pipeline.archive import collect_due, fetch_one
from pipeline.archive.fetch_log import FetchAttempt
from pipeline.archive.snapshot import Archive
from pipeline.core.model import Payload
from pipeline.core.store import Home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.sources import SOURCES

ROOT = Path(__file__).resolve().parents[1]
PAGE_BYTES = 30_000
BASE = [sys.executable, "-c", "import polars, pandera.polars"]
MAIN = "import sys; from pipeline.cli import main; sys.exit(main())"
LIMITS = {"check": 0.7, "refresh": 2.0, "asking": 2.0}
PARSED = re.compile(r", (\d+) parsed")


def payproof(*arguments: str) -> list[str]:
    """The command as a process of its own."""
    return [sys.executable, "-c", MAIN, *arguments]


def seconds(command: Sequence[str], home: Path, *, allowed: Sequence[int]) -> float:
    """Wall time of one process, from start to end."""
    environ = {**os.environ, "PAYPROOF_HOME": str(home), "PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    done = subprocess.run(
        command, check=False, capture_output=True, env=environ, cwd=home
    )
    taken = time.perf_counter() - start
    if done.returncode not in allowed:
        sys.exit(done.stderr.decode())
    return taken


def page(home: Path) -> Path:
    """A page of 30 KB about pay: the project's own made articles, repeated."""
    texts = [p.read_text("utf-8") for p in sorted(home.glob("raw/article/*/body.md"))]
    text = "\n\n".join(texts)
    whole = text * (PAGE_BYTES // len(text) + 1)
    path = home / "page.md"
    path.write_bytes(whole.encode()[:PAGE_BYTES].rpartition(b"\n")[0])
    return path


def nothing_due(home: Home) -> None:
    """Write into the log that every file was asked for just now."""
    archive, at = Archive(home.raw), collect_due.utc_now()
    for source in SOURCES:
        for request in fetch_one.find_requests(
            source, open_vocabulary(home.vocabularies), {}
        )[1]:
            archive.add_attempt(
                FetchAttempt(
                    at, source, fetch_one.name_request(request), "unchanged", 304
                )
            )


def changed_page(home: Home, number: int) -> None:
    """Keep another version of a made page, as a person would."""
    (old,) = [
        s for s in Archive(home.raw).list_snapshots("salary_com") if s.capture == "made"
    ]
    body = old.read_body().replace(b"61,003", f"61,{number:03}".encode())
    kind, at = old.media_type, f"{collect_due.utc_now()[:10]}T00:00:{number:02}Z"
    facts = ("salary_com", old.edition, old.name, body, kind, "given", at[:10])
    Archive(home.raw).keep(Payload(*facts, at=at))


def parsed(home: Path) -> tuple[float, int]:
    """Wall time of a refresh, and how many snapshots it parsed."""
    environ = {**os.environ, "PAYPROOF_HOME": str(home), "PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    command = payproof("refresh", "--offline")
    done = subprocess.run(
        command, check=True, capture_output=True, env=environ, cwd=home, text=True
    )
    return time.perf_counter() - start, sum(map(int, PARSED.findall(done.stdout)))


def main(runs: int) -> int:
    """Measure, print a table, and say whether the limits are kept."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name in ("raw", "vocabularies"):
            shutil.copytree(ROOT / name, home / name)
        first, all_of_them = parsed(home)
        again, none = parsed(home)
        nothing_due(Home(home))
        commands = {
            "check": payproof("check", str(page(home))),
            "refresh": payproof("refresh", "--offline"),
            "asking": payproof("refresh"),
        }
        taken: dict[str, list[float]] = {n: [] for n in ("import", *commands)}
        for _ in range(runs):
            taken["import"].append(seconds(BASE, home, allowed=(0,)))
            for name, command in commands.items():
                taken[name].append(seconds(command, home, allowed=(0, 1)))
        pages = []
        for number in range(runs):
            changed_page(Home(home), number)
            pages.append(parsed(home))
    median = {name: statistics.median(times) for name, times in taken.items()}
    print(
        f"first refresh {first:.2f} s; import polars, pandera {median['import']:.2f} s"
    )
    page_time = statistics.median(time for time, _ in pages)
    counts = sorted({count for _, count in pages})
    print(f"parsed: {all_of_them} at first, {none} of them again ({again:.2f} s)")
    print(f"one page {page_time:.2f} s, {counts} parsed")
    kept = none == 0 and counts == [1]
    for name, limit in LIMITS.items():
        beyond = median[name] - median["import"]
        kept &= beyond <= limit
        print(f"{name:8} {median[name]:.2f} s, {beyond:+.2f} s beyond (limit {limit})")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
