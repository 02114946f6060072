"""May 2025 of OEWS, file to validated claims in Parquet: ours beside pandas.

    python benchmarks/oews_flat.py [FLAT_FOLDER]

Both read all 6,023,970 values of oe.data.0.Current, decode the series ids, give
every value the columns of the claims table, check them against the same pandera
rules and the three exact rules of OEWS pay, and write Parquet; each in a process of
its own, one after the other. The peer is vectorised pandas with pandera.pandas, in
batches of whole cells as ours, with money in exact decimals (Arrow's) as ours.

Without FLAT_FOLDER the files are made from ../shared. Exit status 1: a target is
missed.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("PAYPROOF_SHARED", ROOT.parent / "shared"))
DATA = "oe.data.0.Current"
LISTS = ("oe.area", "oe.industry", "oe.occupation", "oe.datatype", "oe.footnote")
VALUES = 6_023_970
LEAST_RATIO = 4.0
MOST_MEMORY = 4_000_000_000


def main() -> int:
    """Run both, print the table, say whether the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--run", choices=("ours", "pandas"), help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        work = ours if given.run == "ours" else peer
        print(json.dumps(measured(lambda: work(given.folder, given.out))))
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or made(Path(temporary) / "flat")
        results = {
            name: run(name, folder, Path(temporary) / name)
            for name in ("ours", "pandas")
        }
    return report(results)


def made(folder: Path) -> Path:
    """The flat files, written from the shared release."""
    tool = SHARED / "tools" / "make_oews_flat.py"
    if not tool.is_file():
        raise SystemExit(f"{tool} is not there: name a folder with {DATA}.")
    subprocess.run([sys.executable, tool, folder], check=True, stdout=sys.stderr)
    return folder


def run(name: str, folder: Path, out: Path) -> dict[str, float]:
    """One contender in a process of its own."""
    command = [sys.executable, __file__, str(folder), "--run", name, "--out", str(out)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def measured(work: Any) -> dict[str, float]:
    """Seconds, peak memory and what the work says it wrote; imports do not count."""
    begin = work()
    start, clock = time.process_time(), time.perf_counter()
    claims, broken = begin()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "seconds": time.perf_counter() - clock,
        "cpu": time.process_time() - start,
        "peak": peak,
        "claims": claims,
        "broken": broken,
    }


def report(results: dict[str, dict[str, float]]) -> int:
    """Print what was measured against the targets."""
    print("| | seconds | CPU seconds | peak memory | claims | broken rules |")
    print("|---|---|---|---|---|---|")
    for name, r in results.items():
        print(
            f"| {name} | {r['seconds']:.1f} | {r['cpu']:.1f} | {r['peak'] / 1e9:.2f} GB"
            f" | {r['claims']:,.0f} | {r['broken']:,.0f} |"
        )
    ours_, peer_ = results["ours"], results["pandas"]
    ratio = peer_["seconds"] / ours_["seconds"]
    print(f"ahead by {ratio:.1f} times (target {LEAST_RATIO:.0f})")
    missed = [
        what
        for what, fine in (
            ("speed", ratio >= LEAST_RATIO),
            ("memory", ours_["peak"] <= MOST_MEMORY),
            ("all values", ours_["claims"] + ours_["broken"] == VALUES),
            ("the same counts", ours_["claims"] == peer_["claims"]),
            ("the same faults", ours_["broken"] == peer_["broken"]),
        )
        if not fine
    ]
    print(f"missed: {', '.join(missed)}" if missed else "all targets met")
    return 1 if missed else 0


def ours(folder: Path, out: Path) -> Any:
    """Payproof: `bls_oews.write_parts`."""
    from pipeline.core.model import Snapshot
    from pipeline.core.store import sha256_of
    from pipeline.core.vocabulary import open_vocabulary
    from pipeline.sources import bls_oews

    body = folder / DATA
    snapshot = Snapshot(
        *("bls_oews", "2025-05", sha256_of(body), body, "text/tab-separated-values"),
        *("given", "2026-09-26"),
        parts={name: folder / name for name in LISTS},
        name=DATA,
    )

    def begin() -> tuple[int, int]:
        written = bls_oews.write_parts(
            snapshot, open_vocabulary(ROOT / "vocabularies"), out
        )
        return written.claims, written.broken

    return begin


def peer(folder: Path, out: Path) -> Any:
    """The same with pandas and pandera.pandas."""
    import oews_pandas

    return oews_pandas.peer(folder, out)


if __name__ == "__main__":
    sys.exit(main())
