"""Try made and changed pages on the reader until one ends in anything but claims.

    python tests/faults/fuzz_pages.py --corpus FOLDER [--inputs N] [--first K]
        [--seed S] [--seconds T] [--workers 1|2] [--home FOLDER] [--check-every N]

An input is read and its figures are extracted; a share goes through `check` against the
release of `--home`. A finding is: an exception that is no PayproofError, a fault that
the reader caught (`Extraction.faults`), a figure that is neither claimed nor set aside,
a claim that breaks its schema, over 5 s, over 1 GB, or the death of the process.
Findings are made small and kept in FOLDER/findings, each fault once; the next run tries
them first. Inputs that reach new lines of the reader are kept in FOLDER/inputs, from
which further ones are made. Exits 1 where this run found one, new or again, and 2 where
it could not start.
"""

import argparse
import gc
import hashlib
import json
import multiprocessing
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from faults.finding import measure_peak, name_fault, write_trace  # noqa: E402
from faults.page_grammar import PageGrammar  # noqa: E402  (run as a file)

from pipeline.core.errors import PayproofError, ReadingFailed  # noqa: E402
from pipeline.core.model import Document  # noqa: E402
from pipeline.core.reading_faults import ReadingFault, collect_faults  # noqa: E402
from pipeline.core.store import Home  # noqa: E402
from pipeline.core.tables import make_claims  # noqa: E402
from pipeline.core.vocabulary import Vocabulary, open_vocabulary  # noqa: E402
from pipeline.extract import extract_rows  # noqa: E402
from pipeline.extract.account import find_unaccounted  # noqa: E402
from pipeline.extract.gazetteer import get_gazetteer  # noqa: E402
from pipeline.extract.numbers import find_glued_cells, find_numbers  # noqa: E402
from pipeline.query.check import check, extract_page  # noqa: E402
from pipeline.query.published import Release, open_latest  # noqa: E402
from pipeline.read import detect_media_type, read  # noqa: E402
from pipeline.read.read_limits import reading_with  # noqa: E402

MOST_SECONDS = 5.0
MOST_BYTES = 1_000_000_000  # above what the process had before
TRACED_EVERY = 20  # of the inputs; a trace of lines costs several times the reading
IDLE_ENTRIES = 500  # of a function that showed no new line; then every 20th is traced
LOOKED_AT_EVERY = 20
COUNTED_EVERY = 10  # of the inputs; are all of its figures accounted for?
BATCH = 300  # pages whose claims are checked against their schema at once
CHANGED_SHARE = 0.4  # of the inputs are made from one that is kept
LONGEST_CHANGED = 400  # bytes; a longer one is changed half as often
MOST_TRIES = 300  # to make a finding smaller
MOST_SHRINKING = 60.0  # seconds of CPU for it
REPORT_EVERY = 1000  # inputs
WATCHED = (str(ROOT / "pipeline" / "read"), str(ROOT / "pipeline" / "extract"))


class TookTooLong(BaseException):
    """An input is at work for longer than it may; no guard of the reader catches it."""


class Caught(Exception):
    """A fault that the reader kept to one figure."""

    def __init__(self, fault: ReadingFault) -> None:
        self.fault = fault


class LostFigures(Exception):
    """Figures of a page are neither claimed nor set aside."""


@dataclass
class LineWatch:
    """The lines of the reader that inputs have reached.

    A function whose lines were all reached is not looked at any more, and one that has
    shown no new one for long only now and then, so that looking costs less and less.
    """

    # By `id`, since a code object's own hash goes over all that it holds; `codes` keeps
    # them alive, so that no other one gets the number.
    codes: list[CodeType] = field(default_factory=list)
    reached: dict[int, set[int]] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)  # how many there are
    total: int = 0
    done: set[int] = field(default_factory=set)
    idle: Counter[int] = field(default_factory=Counter)  # entries since its last news

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Note the lines that are reached within the block, in this thread."""
        sys.settrace(self._enter)
        try:
            yield
        finally:
            sys.settrace(None)

    def _enter(self, frame: FrameType, event: str, value: object):
        # Called for every call of a page, so that it looks at as little as may be.
        code = frame.f_code
        key = id(code)
        if key in self.done:
            return None
        lines = self.reached.get(key)
        if lines is None:
            self.codes.append(code)
            if not code.co_filename.startswith(WATCHED):
                self.done.add(key)
                return None
            lines = self.reached[key] = set()
            every = {line for _, _, line in code.co_lines() if line}
            self.lines[key] = len(every) - 1  # its own `def` is none that is reached
        self.idle[key] += 1
        if self.idle[key] > IDLE_ENTRIES and self.idle[key] % LOOKED_AT_EVERY:
            return None
        if len(lines) >= self.lines[key]:
            self.done.add(key)
            return None

        def note(inner: FrameType, what: str, _: object):
            if what == "line" and inner.f_lineno not in lines:
                lines.add(inner.f_lineno)
                self.total += 1
                self.idle[key] = 0
            return note

        return note


@dataclass
class PageTrial:
    """What is tried on an input, and what a finding is.

    Args:
        words: Vocabularies to read with.
        release: To check against, every so often; None for never.
        check_every: How often.
        passed_over: Amounts that the other finder counted beside all of these.
    """

    words: Vocabulary
    release: Release | None = None
    check_every: int = 200
    passed_over: int = 0

    def run(self, name: str, body: bytes, number: int) -> list[dict[str, Any]]:
        """Read a page, extract and account for its figures; return its claims.

        Raises:
            Exception: Anything but a PayproofError is a finding.
        """
        rows: list[dict[str, Any]] = []
        began = time.process_time()
        try:
            with collect_faults() as faults:
                if self.release is not None and number % self.check_every == 0:
                    page = extract_page(body, Path(name), self.words)
                    check(page, self.release, self.words)
                else:
                    rows = self.read_rows(name, body, number)
        except ReadingFailed as error:
            raise error.__cause__ or error from None
        except PayproofError:
            return []
        if faults:
            raise Caught(faults[0])
        if time.process_time() - began > MOST_SECONDS:
            raise TookTooLong
        return rows

    def read_rows(self, name: str, body: bytes, number: int) -> list[dict[str, Any]]:
        """Read a page and extract its claims as rows."""
        with reading_with(self.words):
            document = read(body, detect_media_type(name, body), where=name)
        snapshot = f"{number % 10**12:012}"
        rows, aside, _ = extract_rows(
            document, self.words, source="page", snapshot=snapshot
        )
        if number % COUNTED_EVERY == 0:
            self.account_for(document, [*rows, *aside])
        return rows

    def account_for(self, document: Document, rows: list[dict[str, Any]]) -> None:
        """Look for figures that the finder found and that came to nothing.

        What the other finder counts beside them (`pipeline.extract.account`) is told to
        the reader of every page and fails the tests of labelled pages; on pages that
        are noise the two differ in what a number is, and it is only counted here.

        Raises:
            LostFigures: A figure is neither claimed nor set aside.
        """
        spans = [(row["start"], row["end"]) for row in rows if row["start"] is not None]
        money = get_gazetteer(self.words).money
        numbers = find_numbers(
            document.text, money, document.marks, find_glued_cells(document)
        )
        lost = [
            document.text[number.start : number.end]
            for number in numbers
            if number.unit != "bare"
            and not any(a <= number.start and number.end <= b for a, b in spans)
        ]
        if lost:
            raise LostFigures(str(lost[:3]))
        self.passed_over += len(find_unaccounted(document, self.words, spans))


@dataclass
class PageFuzzer:
    """Makes inputs, tries them, keeps what is new and what fails.

    Args:
        trial: What is tried.
        folder: Where findings and inputs are kept.
        seed: Of the inputs.
    """

    trial: PageTrial
    folder: Path
    seed: int
    watch: LineWatch = field(default_factory=LineWatch)
    kept: list[tuple[str, bytes]] = field(default_factory=list)
    findings: dict[str, int] = field(default_factory=dict)
    waiting: list[tuple[str, bytes, int, list[dict[str, Any]]]] = field(
        default_factory=list
    )
    tried: int = 0
    heavy: int = field(default_factory=lambda: measure_peak() + MOST_BYTES)

    def open_corpus(self) -> None:
        """Read the inputs that an earlier run kept, and make its folders."""
        self.grammar = PageGrammar(self.trial.words)
        for name in ("inputs", "findings"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        for path in sorted((self.folder / "inputs").iterdir()):
            self.kept.append((f"page{path.suffix}", path.read_bytes()))

    def make_input(self, number: int) -> tuple[str, bytes]:
        """The input of a number: a new one, or one made from those that are kept."""
        rng = random.Random(f"{self.seed}/{number}")
        if not self.kept or rng.random() > CHANGED_SHARE:
            return self.grammar.make_page(rng)
        name, body = rng.choice(self.kept)
        if len(body) > LONGEST_CHANGED:
            name, body = rng.choice(self.kept)
        return name, self.grammar.change_page(rng, body, rng.choice(self.kept)[1])

    def try_kept(self, path: Path) -> None:
        """Try a finding of an earlier run, with `check` and without; keep its file."""
        name, body = f"page{path.suffix}", path.read_bytes()
        for number in (0, COUNTED_EVERY * self.trial.check_every + COUNTED_EVERY):
            try:
                with limited(MOST_SECONDS * 2):
                    make_claims(self.trial.run(name, body, number))
            except (Exception, TookTooLong) as error:
                key, _ = describe_finding(error)
                self.findings[key] = self.findings.get(key, 0) + 1
                print(f"AGAIN {key}\n  {path}", flush=True)
                return

    def try_number(self, number: int, note: "Notebook | None" = None) -> None:
        """Make and try the input of a number, and keep what it shows."""
        name, body = self.make_input(number)
        if note is not None:
            note.write(str(number), name, body)
        self.tried += 1
        before = self.watch.total
        rows = []
        try:
            with limited(MOST_SECONDS * 2):
                if number % TRACED_EVERY == 1:  # never one that is checked
                    with self.watch.watch():
                        rows = self.trial.run(name, body, number)
                else:
                    rows = self.trial.run(name, body, number)
        except (Exception, TookTooLong) as error:
            self.keep_finding(*describe_finding(error), name, body, number)
        if self.watch.total > before:
            self.kept.append((name, body))
            self._write("inputs", name, body)
        if rows:
            self.waiting.append((name, body, number, rows))
        if len(self.waiting) >= BATCH:
            self.check_claims()
        self._look_at_memory(name, body, number)

    def check_claims(self) -> None:
        """Check the claims of the pages that wait against their schema."""
        waiting, self.waiting = self.waiting, []
        try:
            make_claims(row for *_, rows in waiting for row in rows)
        except Exception:
            for name, body, number, rows in waiting:
                try:
                    make_claims(rows)
                except Exception as error:
                    self.keep_finding(*describe_finding(error), name, body, number)

    def keep_finding(
        self, key: str, said: str, name: str, body: bytes, number: int
    ) -> None:
        """Keep an input that fails, as small as it can be made; each fault once."""
        self.findings[key] = self.findings.get(key, 0) + 1
        if self.findings[key] > 1:
            return
        small = self.make_smaller(key, name, body, number)
        print(f"FOUND {key}\n  {name}: {small[:300]!r}", flush=True)
        path = self._write("findings", name, small)
        write_why(path, key, f"{said}\nnumber {number}")

    def make_smaller(self, key: str, name: str, body: bytes, number: int) -> bytes:
        """Take parts out of an input, halves first, while the same fault shows."""
        step, tries = max(1, len(body) // 2), 0
        end = time.process_time() + MOST_SHRINKING
        while step and tries < MOST_TRIES:
            at = 0
            while at < len(body) and tries < MOST_TRIES:
                tries += 1
                if time.process_time() > end:
                    return body
                shorter = body[:at] + body[at + step :]
                if self._shows(key, name, shorter, number):
                    body = shorter
                else:
                    at += step
            step //= 2
        return body

    def _shows(self, key: str, name: str, body: bytes, number: int) -> bool:
        """Whether an input shows a fault."""
        try:
            with limited(MOST_SECONDS * 2):
                make_claims(self.trial.run(name, body, number))
        except (Exception, TookTooLong) as error:
            return describe_finding(error)[0] == key
        return False

    def _look_at_memory(self, name: str, body: bytes, number: int) -> None:
        """Keep an input that took the process above its bound."""
        most = measure_peak()
        if most > self.heavy:
            self.heavy = int(most * 1.1)
            key = "TooMuchMemory"
            self.findings[key] = self.findings.get(key, 0) + 1
            print(f"FOUND {key}: {most:,} bytes\n  {name}: {body[:300]!r}", flush=True)
            path = self._write("findings", name, body)
            write_why(path, key, f"{most:,} bytes\nnumber {number}")

    def _write(self, what: str, name: str, body: bytes) -> Path:
        digest = hashlib.sha256(body).hexdigest()[:12]
        path = self.folder / what / f"{digest}{Path(name).suffix}"
        path.write_bytes(body)
        return path


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise `TookTooLong` within the block after so many seconds of CPU.

    Not of the clock: on a busy machine every input would be too slow.
    """

    def stop(*_: object) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def describe_finding(error: BaseException) -> tuple[str, str]:
    """Say which fault an error is, in a line, and how it came about, in many."""
    if isinstance(error, Caught):
        # The message of the figure at hand is no part of it.
        return f"caught {error.fault.said.partition(': ')[0]}", error.fault.trace
    if isinstance(error, TookTooLong):  # whatever was at work when the time was over
        return "TookTooLong", write_trace(error)
    return name_fault(error), write_trace(error)


def write_why(path: Path, key: str, said: str) -> None:
    """Write beside a finding which fault it shows, and its traceback."""
    path.with_suffix(f"{path.suffix}.why").write_text(f"{key}\n{said}\n")


def list_findings(corpus: Path) -> dict[Path, str]:
    """Files of the findings that are kept, each with the fault that it showed."""
    whys = sorted((corpus / "findings").glob("*.why"))
    return {w.with_suffix(""): w.read_text().partition("\n")[0] for w in whys}


class Notebook:
    """The input at hand, in a file: where the process dies, its parent reads it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_bytes(b"")
        self.file = os.open(path, os.O_WRONLY)

    def write(self, label: str, name: str, body: bytes) -> None:
        """Write down what is tried next."""
        said = f"{label}\n{name}\n".encode() + body
        os.pwrite(self.file, said, 0)
        os.ftruncate(self.file, len(said))

    @staticmethod
    def read(path: Path) -> tuple[str, str, bytes]:
        """Read what was at hand; an empty label where nothing was."""
        label, name, body = [*path.read_bytes().split(b"\n", 2), b"", b"", b""][:3]
        return label.decode(), name.decode(), body


@dataclass
class Progress:
    """How far a worker has come, as `progress-SEED.json` holds it."""

    tried: int = 0
    cpu_seconds: float = 0.0
    lines: int = 0
    kept: int = 0
    findings: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, fuzzer: PageFuzzer) -> "Progress":
        """Look at a fuzzer."""
        counts = fuzzer.watch.total, len(fuzzer.kept), dict(fuzzer.findings)
        return cls(fuzzer.tried, round(time.process_time(), 1), *counts)

    def add(self, other: "Progress") -> "Progress":
        """Put a later process of the same worker behind this one."""
        cpu = round(self.cpu_seconds + other.cpu_seconds, 1)
        findings = dict(Counter(self.findings) + Counter(other.findings))
        counts = max(self.lines, other.lines), max(self.kept, other.kept), findings
        return Progress(self.tried + other.tried, cpu, *counts)

    def __str__(self) -> str:
        return (
            f"{self.tried:,} tried, {self.cpu_seconds:.0f} s of CPU, {self.lines} "
            f"lines, {self.kept} kept, {sum(self.findings.values())} findings of "
            f"{len(self.findings)} faults"
        )


def work(given: argparse.Namespace, seed: int, first: int, skipped: list[str]) -> None:
    """Try inputs one after the other, what earlier runs found before all others.

    Args:
        given: As asked for.
        seed: Of this worker.
        first: Number of the first input; one beyond the end tries none.
        skipped: Names of kept findings that are not tried again.
    """
    words = open_vocabulary((given.home or ROOT) / "vocabularies")
    release = open_latest(Home(given.home)) if given.home else None
    trial = PageTrial(words, release, given.check_every)
    fuzzer = PageFuzzer(trial, given.corpus, seed)
    fuzzer.open_corpus()
    note = Notebook(given.corpus / f"at-work-{seed}")
    progress = given.corpus / f"progress-{seed}.json"
    # Vocabularies are never let go, and a sweep after every 700 objects takes a tenth.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    for path in list_findings(given.corpus):
        if path.name not in skipped and path.is_file():
            note.write(path.name, f"page{path.suffix}", path.read_bytes())
            fuzzer.try_kept(path)
    began, known = time.monotonic(), sum(fuzzer.findings.values())
    for number in range(first, given.first + given.inputs):
        fuzzer.try_number(number, note)
        found = sum(fuzzer.findings.values())
        if fuzzer.tried % REPORT_EVERY == 0 or found > known:
            known = found
            progress.write_text(json.dumps(asdict(Progress.of(fuzzer))))
        if fuzzer.tried % (REPORT_EVERY * 20) == 0:
            print(f"seed {seed} number {number}: {Progress.of(fuzzer)}", flush=True)
        if given.seconds and time.monotonic() - began > given.seconds:
            break
    fuzzer.check_claims()
    progress.write_text(json.dumps(asdict(Progress.of(fuzzer))))


def run_worker(given: argparse.Namespace, seed: int) -> Progress:
    """Run a worker in a process, and go on behind an input that ends it.

    Raises:
        RuntimeError: It ends before it tries anything.
    """
    context = multiprocessing.get_context("spawn")
    place = given.corpus / f"at-work-{seed}"
    progress = given.corpus / f"progress-{seed}.json"
    first, done, skipped = given.first, Progress(), []
    end = time.monotonic() + given.seconds if given.seconds else None
    while True:
        for path in (place, progress):
            path.unlink(missing_ok=True)
        asked = argparse.Namespace(**vars(given))
        if end is not None:
            asked.seconds = max(0.001, end - time.monotonic())
        child = context.Process(target=work, args=(asked, seed, first, skipped))
        child.start()
        child.join()
        said = json.loads(progress.read_text()) if progress.is_file() else {}
        did = Progress(**said)
        if child.exitcode == 0:
            return done.add(did)
        label, name, body = Notebook.read(place) if place.is_file() else ("", "", b"")
        if not label:
            raise RuntimeError(f"a worker ended with {child.exitcode} before its start")
        key = f"the process ended ({child.exitcode})"
        did.findings[key] = did.findings.get(key, 0) + 1
        if label.isdigit():
            digest = hashlib.sha256(body).hexdigest()[:12]
            path = given.corpus / "findings" / f"died-{digest}{Path(name).suffix}"
            path.write_bytes(body)
            write_why(path, key, f"number {label}")
            print(f"FOUND {key}: {path}", flush=True)
            did.tried = int(label) + 1 - first
            first = int(label) + 1
            # What was at work once is not tried again by the process that goes on.
            skipped += [p.name for p in list_findings(given.corpus)]
        else:
            print(f"AGAIN {key}: {label}", flush=True)
            skipped.append(label)
        done = done.add(did)
        if end is not None and time.monotonic() > end:
            return done


def main() -> int:
    """Run as many inputs as asked; return 1 where something was found."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--corpus", type=Path, required=True, help="folder, may be new")
    asked.add_argument("--inputs", type=int, default=1_000_000, help="of each worker")
    asked.add_argument("--first", type=int, default=0, help="number of the first")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--seconds", type=float, default=0.0, help="0: no end")
    asked.add_argument("--workers", type=int, default=1, choices=(1, 2))
    asked.add_argument("--home", type=Path, help="home with a release, for `check`")
    asked.add_argument("--check-every", type=int, default=200)
    given = asked.parse_args()
    (given.corpus / "findings").mkdir(parents=True, exist_ok=True)
    before = set(list_findings(given.corpus).values())
    seeds = range(given.seed, given.seed + given.workers)
    with ThreadPoolExecutor(given.workers) as pool:
        try:
            ran = list(pool.map(lambda seed: run_worker(given, seed), seeds))
        except RuntimeError as error:
            print(f"error: {error}", file=sys.stderr)
            return 2
    faults: Counter[str] = Counter()
    for seed, progress in zip(seeds, ran, strict=True):
        print(f"seed {seed}: {progress}")
        faults.update(progress.findings)
    new = len(set(faults) - before)
    print(f"{len(faults)} faults, {new} of them new, in {given.corpus / 'findings'}")
    return int(bool(faults))


if __name__ == "__main__":
    raise SystemExit(main())
