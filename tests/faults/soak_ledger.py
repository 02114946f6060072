"""What a soak was promised, and whether the home still keeps it.

The ledger is written by those who act on a home (`soak.py`): only what a command ended
well with is a promise. The checks read the home's files by themselves, without the code
that is tried, but for the comparison with a release that is made afresh.
"""

import csv
import hashlib
import json
import re
import statistics
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LEFTOVERS = re.compile(
    r"\..*(\.tmp|\.part)|.*\.(tmp|part|building)|\.(building|old)-.*"
)
# How far memory may grow from the first minutes to the last, and what is noise.
MEMORY_RATIO, MEMORY_NOISE = 1.10, 20_000_000
TRACEBACK = "Traceback (most recent call last)"


@dataclass
class Ledger:
    """What was promised: by a command that ended with 0 (a refresh: 0 or 1).

    Args:
        snapshots: Bodies that were kept: SHA-256 to source.
        rulings: Ids that were recorded.
        releases: Names that were `latest` after a refresh.
        rollbacks: Reasons of those that were done.
        faults: What was injected, in words, in order.
        findings: What was found wrong meanwhile.
        counts: Ends of commands and answers, by what they were.
    """

    snapshots: dict[str, str] = field(default_factory=dict)
    rulings: set[str] = field(default_factory=set)
    releases: set[str] = field(default_factory=set)
    rollbacks: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        """Count an end."""
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + 1

    def note(self, finding: str) -> None:
        """Note what is wrong, once."""
        with self.lock:
            if finding not in self.findings:
                self.findings.append(finding)

    def copy(self) -> "Ledger":
        """Return what is promised up to now, to be checked while more is."""
        with self.lock:
            return Ledger(dict(self.snapshots), set(self.rulings),
                          set(self.releases), set(self.rollbacks))  # fmt: skip


def find_lost(ledger: Ledger, home: Path, away: Sequence[Path] = ()) -> list[str]:
    """Return a sentence for everything that was promised and is not there.

    Args:
        ledger: What was promised before the home is looked at.
        home: The home.
        away: Files that were taken away, or changed, on purpose and not yet repaired.
    """
    return [
        *find_lost_snapshots(ledger.snapshots, home / "raw", away),
        *find_lost_rulings(ledger.rulings, home / "vocabularies" / "rulings.csv"),
        *find_lost_releases(ledger.releases, home / "curated"),
        *find_lost_rollbacks(ledger.rollbacks, home / "curated" / "decisions.jsonl"),
        *find_latest_faults(home / "curated"),
    ]


def find_lost_snapshots(
    kept: Mapping[str, str], raw: Path, away: Sequence[Path] = ()
) -> Iterator[str]:
    """Yield the snapshots that are not there, or are not the bytes that were kept."""
    for sha256, source in kept.items():
        folders = list((raw / source).glob(f"*-{sha256[:12]}"))
        if not folders:
            yield f"snapshot {source} {sha256[:12]}: its folder is gone"
        for folder in folders:
            if any(folder in path.parents for path in away):
                continue
            bodies = [path for path in folder.glob("body*") if path.is_file()]
            if not (folder / "snapshot.json").is_file():
                yield f"snapshot {folder.name}: its card is gone"
            elif sha256 not in map(hash_file, bodies):
                yield f"snapshot {folder.name}: its body is not what was kept"


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file; "" where it is gone meanwhile."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def find_lost_rulings(recorded: set[str], path: Path) -> Iterator[str]:
    """Yield the rulings that are not in the file."""
    there = set()
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as file:
            there = {row["id"] for row in csv.DictReader(file)}
    for lost in sorted(recorded - there):
        yield f"ruling {lost}: it is not in {path.name}"


def find_lost_releases(published: set[str], curated: Path) -> Iterator[str]:
    """Yield the releases that are gone, or that lack a file of their manifest."""
    for name in sorted(published):
        yield from find_release_faults(curated / name)


def find_release_faults(folder: Path) -> Iterator[str]:
    """Yield what is wrong with a release: each file by its digest."""
    try:
        files = json.loads((folder / "manifest.json").read_bytes())["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield f"release {folder.name}: no manifest to read ({type(error).__name__})"
        return
    for name, facts in files.items():
        if hash_file(folder / name) != facts["sha256"]:
            yield f"release {folder.name}: {name} is not what its manifest says"


def find_lost_rollbacks(done: set[str], log: Path) -> Iterator[str]:
    """Yield the rollbacks that the log of decisions does not know."""
    said = log.read_text("utf-8") if log.is_file() else ""
    for reason in sorted(done):
        if reason not in said:
            yield f"rollback {reason!r}: it is not in {log.name}"


def find_latest_faults(curated: Path) -> Iterator[str]:
    """Yield why `latest` does not open, if it does not."""
    for name in ("latest", "last_successful"):
        pointer = curated / name
        try:
            found = json.loads((pointer / "manifest.json").read_bytes())
        except (OSError, ValueError) as error:
            yield f"{name}: it does not open ({type(error).__name__})"
            continue
        folder = pointer.resolve()
        if found.get("release", folder.name) != folder.name:
            yield f"{name}: it leads to {folder.name}, which is {found['release']}"


def find_leftovers(home: Path) -> list[str]:
    """Return files and folders with a name of something unfinished, below a home."""
    return [
        f"left over: {path.relative_to(home)}"
        for path in sorted(home.rglob("*"))
        if LEFTOVERS.fullmatch(path.name)
    ]


def find_tracebacks(folder: Path) -> list[str]:
    """Return the logs with a traceback, and its last line."""
    found = []
    for log in sorted(folder.glob("*.log")):
        text = log.read_text("utf-8", "replace")
        for part in text.split(TRACEBACK)[1:]:
            # What is indented stands before the error, which begins a line.
            last = next(
                (line for line in part.splitlines()[1:] if line[:1].strip()), "?"
            )
            found.append(f"traceback in {log.name}: {last[:200]}")
    return sorted(set(found))


def find_growth(samples: Sequence[tuple[float, int]], span: float) -> list[str]:
    """Return whether memory grew from the first to the last minutes.

    Args:
        samples: Seconds since the start, and resident bytes.
        span: Seconds of the first and of the last part.
    """
    if not samples:
        return ["memory: the server was never measured"]
    first, last = compare_memory(samples, span)
    if last > first * MEMORY_RATIO and last - first > MEMORY_NOISE:
        grown = f"{first / 1e6:.0f} to {last / 1e6:.0f} MB"
        return [f"memory: the server grew from {grown} (means of {span:.0f} s)"]
    return []


def compare_memory(
    samples: Sequence[tuple[float, int]], span: float
) -> tuple[float, float]:
    """Return the mean resident bytes of the first and of the last seconds."""
    end = samples[-1][0]
    first = [size for at, size in samples if at <= samples[0][0] + span]
    last = [size for at, size in samples if at >= end - span]
    return statistics.mean(first), statistics.mean(last)


def find_differences(one: Path, other: Path) -> list[str]:
    """Return how two releases differ: by name, and by each file of their manifests."""
    found = [] if one.name == other.name else [f"release {one.name} is {other.name}"]
    lists = []
    for folder in (one, other):
        manifest = json.loads((folder / "manifest.json").read_bytes())
        lists.append(
            {name: facts["sha256"] for name, facts in manifest["files"].items()}
        )
    for name in sorted(lists[0].keys() | lists[1].keys()):
        if lists[0].get(name) != lists[1].get(name):
            found.append(f"release made afresh: {name} differs")
    return found
