"""What the commands cost beyond importing polars and pandera, as whole processes.

    $ .venv/bin/python benchmarks/commands.py [RUNS]

Medians of interleaved runs, so that a busy machine slows both sides alike. Ends with 1
where a limit is not kept.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE_BYTES = 30_000
BASE = [sys.executable, "-c", "import polars, pandera.polars"]
MAIN = "import sys; from pipeline.cli import main; sys.exit(main())"
LIMITS = {"check": 0.7, "refresh": 2.0}


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


def main(runs: int) -> int:
    """Measure, print a table, and say whether the limits are kept."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name in ("raw", "vocabularies"):
            shutil.copytree(ROOT / name, home / name)
        first = seconds(payproof("refresh", "--offline"), home, allowed=(0,))
        commands = {
            "check": payproof("check", str(page(home))),
            "refresh": payproof("refresh", "--offline"),
        }
        taken: dict[str, list[float]] = {"import": [], "check": [], "refresh": []}
        for _ in range(runs):
            taken["import"].append(seconds(BASE, home, allowed=(0,)))
            for name, command in commands.items():
                taken[name].append(seconds(command, home, allowed=(0, 1)))
    median = {name: statistics.median(times) for name, times in taken.items()}
    print(
        f"first refresh {first:.2f} s; import polars, pandera {median['import']:.2f} s"
    )
    kept = True
    for name, limit in LIMITS.items():
        beyond = median[name] - median["import"]
        kept &= beyond <= limit
        print(f"{name:8} {median[name]:.2f} s, {beyond:+.2f} s beyond (limit {limit})")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
