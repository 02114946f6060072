"""Crash a command at every operation on files, and see that nothing is lost.

Each command runs once while its operations on files are recorded. For every prefix of
them the home is laid out as a kill would leave it, and as a loss of power may: bytes
that were not synced lost or torn, names that were not synced lost, any part of both.
In every state that differs: readers open what is published, the same command ends well
and comes to the same home as without the crash, nothing is left over, and what a
command had ended with is there.

    python tests/faults/crash_replay.py                  # every state, some minutes
    python tests/faults/crash_replay.py --sample 60      # as the tests do
    python tests/faults/crash_replay.py --command keep   # one command; may be repeated
"""

import argparse
import hashlib
import io
import json
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from faults.file_operations import (  # noqa: E402
    Crashes,
    Operation,
    Tree,
    digest_tree,
    lay_tree,
    read_tree,
    record,
)
from pages_home import ARTICLE, lay_home  # noqa: E402

from pipeline import cli  # noqa: E402
from pipeline.archive.snapshot import Archive  # noqa: E402
from pipeline.core.leftovers import NAMELESS, TEMPORARY  # noqa: E402
from pipeline.core.store import Home, sha256_of  # noqa: E402
from pipeline.core.vocabulary import Vocabulary  # noqa: E402
from pipeline.query.published import Release, find_release, open_latest  # noqa: E402
from pipeline.query.release_db import FILE, ReleaseDatabase, RowQuery  # noqa: E402
from pipeline.query.release_pointers import list_releases, read_decisions  # noqa: E402
from pipeline.release.cache import find_faults  # noqa: E402
from pipeline.rulings import load_rulings  # noqa: E402

VARIANTS = ("kill", "empty", "torn", "nameless", "mixed")
PROCESS = os.getpid()  # while a command is recorded it answers DEAD
DEAD = 2**22 + 1  # a process that is none: the one that was killed
NOW = "2026-11-30T12:00:00Z"
UNTOLD = {"when": "", "sum": ""}  # of a decision: the moment, and the digest over it


SHARED: dict[str, Vocabulary] = {}


def open_shared(folder: Path) -> Vocabulary:
    """Open a vocabulary once for all homes that have the same bytes in it.

    Reading a hundred files anew in each of a thousand homes is most of the work.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        digest.update(f"{path.name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    key = digest.hexdigest()
    if key not in SHARED or not SHARED[key].folder.is_dir():
        # One of its own: the folder of a state is removed with it.
        own = find_words_folder() / key[:16]
        shutil.copytree(folder, own, dirs_exist_ok=True)
        SHARED[key] = Vocabulary(own)
    return SHARED[key]


def find_words_folder() -> Path:
    """Return where the vocabularies of this process lie."""
    return Path(tempfile.gettempdir(), f"crashes-words-{PROCESS}")


class SharedVocabulary(Vocabulary):
    """Stands for the class where modules make one of a folder."""

    def __new__(cls, folder: Path, as_of: str = "") -> Vocabulary:  # type: ignore[misc]
        """Return the one of the same bytes."""
        return open_shared(folder)


class Broken(Exception):
    """What does not hold in a state after a crash."""


@dataclass(frozen=True)
class CrashedCommand:
    """A command, the home that it is given, and what it has done when it ends with 0.

    Args:
        name: Of the command here.
        arguments: As they are typed.
        prepare: Takes a home with a release to where the command is run.
        check: Raises `Broken` where the effect is not there.
    """

    name: str
    arguments: Callable[[Path], list[str]]
    prepare: Callable[[Home], None]
    check: Callable[[Home], None]


@dataclass
class ReplayReport:
    """What came of a command's states.

    Args:
        operations: How many were recorded.
        states: Those that differ, by variant in which each came first.
        reruns: How often the command was run again.
        afterwards: States of the whole sequence: crash, second run, loss of power.
        failures: A sentence for each state in which something does not hold.
    """

    operations: int = 0
    states: Counter[str] = field(default_factory=Counter)
    reruns: int = 0
    afterwards: int = 0
    failures: list[str] = field(default_factory=list)


def call_command(home: Path, arguments: list[str]) -> tuple[int, str]:
    """Run a command in this process; its exit status and all that it printed."""
    said = io.StringIO()
    argv = ["payproof", *arguments]
    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict(os.environ, {"PAYPROOF_HOME": str(home)}))
        stack.enter_context(mock.patch.object(sys, "argv", argv))
        for place in (
            "archive.collect_due",
            "cli.sources_command",
            "cli.keep_command",
            "cli.reparse_command",
        ):
            clock = mock.patch(f"pipeline.{place}.utc_now", return_value=NOW)
            stack.enter_context(clock)
        shared = mock.patch("pipeline.core.vocabulary.Vocabulary", SharedVocabulary)
        stack.enter_context(shared)
        stack.enter_context(redirect_stdout(said))
        stack.enter_context(redirect_stderr(said))
        try:
            cli.main()
        except SystemExit as stopped:
            return int(stopped.code or 0), said.getvalue()
        except Exception:
            return 3, said.getvalue() + traceback.format_exc()
    return 0, said.getvalue()


def expect_done(home: Home, arguments: list[str]) -> None:
    """Run a command that must end with 0."""
    status, said = call_command(home.root, arguments)
    if status:
        raise Broken(f"{' '.join(arguments)} ends with {status}: {said[-2000:]}")


def change_vocabulary(home: Home) -> None:
    """Change a tolerance: the next release is another one, and nothing is parsed."""
    table = home.vocabularies / "likeness.csv"
    table.write_text(table.read_text().replace("0.02,", "0.03,"))


def bring_page(home: Home) -> None:
    """Give a refresh something to parse and something to publish."""
    target = home.raw / "payscale"
    shutil.copytree(ROOT / "raw" / "payscale", target)
    change_vocabulary(home)


def make_second(home: Home) -> None:
    """Make a second release, so that there is one to go back to."""
    change_vocabulary(home)
    expect_done(home, ["refresh", "--offline", "--no-site"])


def leave_as_it_is(home: Home) -> None:
    """Leave the home with its one release."""


def list_release_names(home: Path) -> list[str]:
    """List the releases of a home; the oldest first."""
    folders = sorted((home / "curated").glob("2*"), key=lambda p: p.stat().st_mtime_ns)
    return [p.name for p in folders]


DIGESTS: dict[tuple[int, int, int], str] = {}


def digest_file(path: Path) -> str:
    """Compute a file's SHA-256, once for all homes that have it by a link."""
    facts = path.stat()
    key = (facts.st_ino, facts.st_mtime_ns, facts.st_size)
    if key not in DIGESTS:
        DIGESTS[key] = sha256_of(path)
    return DIGESTS[key]


def check_files(release: Release) -> None:
    """Check every file of a release against its manifest."""
    for name, facts in release.manifest["files"].items():
        if digest_file(release.folder / name) != facts["sha256"]:
            raise Broken(f"{release.name}/{name} has other bytes")


def check_refreshed(home: Home) -> None:
    """Check that the new page is in the release that is read."""
    release = open_latest(home)
    check_files(release)
    if not any(s["source"] == "payscale" for s in release.manifest["snapshots"]):
        raise Broken("the new release is not the latest")


def check_kept(home: Home) -> None:
    """Check that the snapshot is there."""
    if len(Archive(home.raw).list_snapshots("payscale")) != 1:
        raise Broken("the snapshot that was kept is gone")


def check_ruled(home: Home) -> None:
    """Check that the ruling is there."""
    if not load_rulings(open_shared(home.vocabularies)):
        raise Broken("the ruling that was recorded is gone")


def check_rolled_back(home: Home) -> None:
    """Check that readers have the other release, and that the log says why."""
    moves = read_decisions(home)
    if not moves or open_latest(home).name != moves[-1]["to"]:
        raise Broken("the rollback is undone")


def check_reparsed(home: Home) -> None:
    """Check that the release of that day is there."""
    check_files(open_latest(Home(home.root, home.curated / "as-of" / NOW[:10])))


def check_drawn(home: Home) -> None:
    """Check that the site is whole."""
    site = open_latest(home).folder / "site"
    if not (site / "index.html").is_file():
        raise Broken("the site is gone")
    for line in (site / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        if digest_file(site / name) != digest:
            raise Broken(f"site/{name} has other bytes")


def name_conflict(home: Path) -> str:
    """Name a conflict of the release, for a ruling."""
    release = open_latest(Home(home))
    return str(release.scan_table("discrepancies").collect()["discrepancy_id"][0])


def find_saved_page() -> Path:
    """Find a page that is kept by hand."""
    (page,) = (ROOT / "raw" / "payscale").glob("*/body.*")
    return page


RULE = ["--reason", "seen", "--author", "Ada", "--expires", "2027-06-30"]
KEEP = ["--edition", "2024", "--retrieved", "2026-11-01", "--by", "Ada"]
COMMANDS = {
    one.name: one
    for one in (
        CrashedCommand(
            "refresh",
            lambda _: ["refresh", "--offline", "--no-site"],
            bring_page,
            check_refreshed,
        ),
        CrashedCommand(
            "keep",
            lambda _: ["sources", "keep", "payscale", str(find_saved_page()), *KEEP],
            leave_as_it_is,
            check_kept,
        ),
        CrashedCommand(
            "rule",
            lambda home: ["rule", "accept", name_conflict(home), *RULE],
            leave_as_it_is,
            check_ruled,
        ),
        CrashedCommand(
            "rollback",
            lambda home: ["rollback", list_release_names(home)[0], "--reason", "wrong",
                          "--who", "Ada"],
            make_second,
            check_rolled_back,
        ),
        CrashedCommand(
            "reparse",
            lambda _: ["reparse", "--as-of", NOW[:10]],
            leave_as_it_is,
            check_reparsed,
        ),
        CrashedCommand(
            "site",
            lambda _: ["refresh", "--offline"],
            leave_as_it_is,
            check_drawn,
        ),
    )
}  # fmt: skip


def make_base(folder: Path) -> None:
    """Fill a folder with a home of two pages and its first release."""
    home = lay_home(folder, "bls_ooh/*", f"article/*-{ARTICLE}")
    expect_done(home, ["refresh", "--offline", "--no-site"])


def is_lock(key: str) -> bool:
    """Tell whether a path is a lock's file: who held it last is of no account."""
    return key.endswith(".lock")


def list_left(tree: Tree) -> list[str]:
    """List paths whose names say that something was being written there."""
    names = {key: key.rpartition("/")[2] for key in tree}
    return sorted(
        key
        for key, name in names.items()
        if TEMPORARY.fullmatch(name) or NAMELESS.fullmatch(name)
    )


def blank_left(tree: Tree) -> Tree:
    """Leave out the bytes of what is left over, not its names."""
    left = tuple(f"{key}/" for key in list_left(tree))
    return {
        key: b"" if isinstance(what, bytes) and f"{key}/".startswith(left) else what
        for key, what in tree.items()
    }


def settle(tree: Tree) -> Tree:
    """Leave out what may differ after a crash: locks, the cache, when a person decided.

    The cache may be lost, but for what is left over in it. A second run of a command
    that records does so once more, where the first one had done it and could not say
    so.
    """
    left = {*list_left(tree)}
    found = {
        key: what
        for key, what in tree.items()
        if not is_lock(key) and (key in left or ".parsed" not in key.split("/"))
    }
    log, rulings = (
        found.get("curated/decisions.jsonl"),
        found.get("vocabularies/rulings.csv"),
    )
    if isinstance(log, bytes):
        rows = [json.loads(line) | UNTOLD for line in log.splitlines()]
        moves = sorted({json.dumps(row, sort_keys=True) for row in rows})
        found["curated/decisions.jsonl"] = "\n".join(moves).encode()
    if isinstance(rulings, bytes):
        words = [line.partition(b",")[2] for line in rulings.splitlines()]
        found["vocabularies/rulings.csv"] = b"\n".join(dict.fromkeys(words))
    return found


class Replay:
    """The states of one command, laid out and tried one after the other.

    Args:
        command: Which.
        base: A home with a release.
        work: Folder for everything that is laid out; on disk.
        is_every: Run the command again where only the bytes of leftovers differ.
    """

    def __init__(
        self, command: CrashedCommand, base: Path, work: Path, *, is_every: bool = False
    ):
        self.command, self.work, self.is_every = command, work, is_every
        self.tried: set[str] = set()
        self.report = ReplayReport()
        self.number = 0
        home = work / "recorded"
        shutil.copytree(base, home, symlinks=True)
        command.prepare(Home(home))
        self.arguments = command.arguments(home)
        self.before = read_tree(home)
        with record(home, DEAD) as seen:
            status, said = call_command(home, self.arguments)
        if status or (missed := seen.find_missed()):
            why = f"ends with {status}: {said}" if status else f"unseen: {missed[:5]}"
            raise Broken(f"{command.name}: {why}")
        self.operations = seen.operations
        self.after = settle(read_tree(home))
        self.crashes = Crashes(self.before, self.operations)
        self.report.operations = len(self.operations)
        shutil.rmtree(home)

    def list_states(self, sample: int, seed: int) -> Iterator[tuple[int, str, Tree]]:
        """Yield every state that differs from those before it: end, variant, tree.

        Args:
            sample: How many ends and variants are looked at, with the last end among
                them; 0: all.
            seed: Of the sample.
        """
        last = len(self.operations)
        before = [(end, variant) for end in range(last) for variant in VARIANTS]
        if sample:
            chosen = random.Random(seed).sample(before, min(sample, len(before)))
            before = sorted(chosen, key=before.index)
        seen: set[str] = set()
        for end, variant in [*before, *((last, variant) for variant in VARIANTS)]:
            tree = self.crashes.lay_out(end, variant, self.command.name)
            # What the command has said is looked for at the end alone.
            digest = f"{end == last} {digest_tree(tree, is_lock)}"
            if digest not in seen:
                seen.add(digest)
                yield end, variant, tree

    def run(self, sample: int = 0, seed: int = 0) -> ReplayReport:
        """Try every state, or a sample."""
        for end, variant, tree in self.list_states(sample, seed):
            self.report.states[variant] += 1
            try:
                self.try_state(end, variant, tree)
            except Exception as error:
                what = f"{type(error).__name__}: {error}"
                where = f"{self.command.name} {variant} after {end}"
                said = f"{where} ({self.describe_step(end)}): {what[:600]}"
                self.report.failures.append(said)
                print(f"  {said}", flush=True)
        return self.report

    def describe_step(self, end: int) -> str:
        """Describe the last step before a crash."""
        if not end:
            return "before anything"
        kind, key, _ = self.operations[end - 1]
        return f"{kind} {key}"

    @contextmanager
    def lay_home(self, tree: Tree) -> Iterator[Home]:
        """Lay a tree out as a home of its own, for as long as the block runs."""
        self.number += 1
        folder = self.work / f"state-{self.number}"
        lay_tree(tree, folder, self.work / "bodies")
        try:
            yield Home(folder)
        finally:
            shutil.rmtree(folder)

    def try_state(self, end: int, variant: str, tree: Tree) -> None:
        """Let readers in, run the command again, and compare with the whole run."""
        is_last = end == len(self.operations)
        # What lies under a name of before is swept unread: its bytes are of no account.
        alike = digest_tree(blank_left(tree), is_lock)
        with self.lay_home(tree) as home:
            read_all(home)
            if is_last:
                check_lasting(self.command, home, self.after)
            elif alike in self.tried and not self.is_every:
                return
            self.tried.add(alike)
            with record(home.root, DEAD + 1) as seen:
                expect_done(home, self.arguments)
            self.report.reruns += 1
            compare_trees(settle(read_tree(home.root)), self.after)
            self.command.check(home)
            # The cache is not synced; what was cut of it may not stay.
            if self.arguments[0] == "refresh" and (cut := find_faults(home)):
                raise Broken(cut[0])
        if variant == "kill" and not is_last:
            self.try_afterwards(end, seen.operations)

    def try_afterwards(self, end: int, second: list[Operation]) -> None:
        """Lose the power after the second run has ended: what it said is there.

        The first one was killed and its names may still be unsynced then.
        """
        both = Crashes(self.before, [*self.operations[:end], *second])
        for variant in ("empty", "nameless"):
            tree = both.lay_out(len(both.operations), variant)
            self.report.afterwards += 1
            with self.lay_home(tree) as home:
                read_all(home)
                check_lasting(self.command, home, self.after)


def check_lasting(command: CrashedCommand, home: Home, after: Tree) -> None:
    """Check that all that a command has ended with is there.

    Raises:
        Broken: Something is not.
    """
    command.check(home)
    found = settle(read_tree(home.root))
    compare_trees({k: found[k] for k in after if k in found}, after)


def read_all(home: Home) -> None:
    """Do what readers do, and check every byte that they would get."""
    release = open_latest(home)
    check_files(release)
    for name in list_releases(home):
        check_files(find_release(home, name))
    release.scan_table("salaries").select("cell", "annual").collect()
    asked = RowQuery("salaries", {}, limit=3)
    if not ReleaseDatabase(release.folder / FILE).select_rows(asked):
        raise Broken("the database has no salaries")
    load_rulings(open_shared(home.vocabularies))
    read_decisions(home)
    if faults := Archive(home.raw).find_faults():
        raise Broken(faults[0])


def compare_trees(found: Tree, wanted: Tree) -> None:
    """Raise where a home is not as it is without a crash."""
    if left := list_left(found):
        raise Broken(f"left over: {left}")
    odd = sorted(k for k in found.keys() | wanted.keys()
                 if found.get(k, "") != wanted.get(k, ""))  # fmt: skip
    if odd:
        raise Broken(f"unlike the run without a crash: {odd[:5]} ({len(odd)})")


def forget_words() -> None:
    """Remove the vocabularies that were shared."""
    shutil.rmtree(find_words_folder(), ignore_errors=True)
    SHARED.clear()


def replay(
    names: list[str],
    work: Path,
    *,
    sample: int = 0,
    seed: int = 0,
    is_every: bool = False,
) -> dict[str, ReplayReport]:
    """Replay commands in a folder; `sample` states of each, or all where it is 0.

    Vocabularies stay open for the next call, until `forget_words`.
    """
    base = work / "base"
    if not base.exists():
        make_base(base)
    return {
        name: Replay(COMMANDS[name], base, work, is_every=is_every).run(sample, seed)
        for name in names
    }


def main() -> int:
    """Replay, print a line a command and every failure; 1 where there is one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", action="append", choices=sorted(COMMANDS))
    parser.add_argument("--sample", type=int, default=0, help="ends and variants tried")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument(
        "--every",
        action="store_true",
        help="run again also where only the bytes of leftovers differ",
    )
    given = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="crashes-") as folder:
        for name in given.command or COMMANDS:
            began = time.process_time()
            (report,) = replay(
                [name],
                Path(folder),
                sample=given.sample,
                seed=given.seed,
                is_every=given.every,
            ).values()
            spent = time.process_time() - began
            by_variant = ", ".join(f"{n} {v}" for v, n in report.states.items())
            print(
                f"{name}: {report.operations} operations, "
                f"{report.states.total()} states ({by_variant}), "
                f"{report.reruns} run again, {report.afterwards} after a second run, "
                f"{len(report.failures)} failures, {spent:.0f} s of CPU",
                flush=True,
            )
            failed += len(report.failures)
    forget_words()
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
