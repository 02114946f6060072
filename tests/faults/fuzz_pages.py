"""Try made and changed pages on the reader until one ends in anything but claims.

    python tests/faults/fuzz_pages.py --corpus FOLDER [--inputs N] [--first K]
        [--seed S] [--seconds T] [--workers 1|2] [--home FOLDER] [--check-every N]

An input is read and its figures are extracted; a share goes through `check` against the
release of `--home`. A finding is: an exception that is no PayproofError, a fault that
the reader caught (`Extraction.faults`), a figure that is neither claimed nor set aside,
a claim that breaks its schema, over 5 s, over 1 GB, or the death of the process.
Findings are made small and kept in FOLDER/findings; inputs that reach new lines of the
reader in FOLDER/inputs, from which further ones are made. Exits 1 where one was found.
"""

import argparse
import hashlib
import multiprocessing
import random
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, SimpleNamespace
from typing import Any

import polars as pl

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from faults.page_grammar import PageGrammar  # noqa: E402  (run as a file)

from pipeline.core.errors import PayproofError, ReadingFailed  # noqa: E402
from pipeline.core.reading_faults import ReadingFault, collect_faults  # noqa: E402
from pipeline.core.store import Home  # noqa: E402
from pipeline.core.tables import make_claims  # noqa: E402
from pipeline.core.vocabulary import Vocabulary, open_vocabulary  # noqa: E402
from pipeline.extract import extract_rows, find_lost_figures  # noqa: E402
from pipeline.query.check import check, extract_page  # noqa: E402
from pipeline.query.published import Release, open_latest  # noqa: E402
from pipeline.read import detect_media_type, read  # noqa: E402
from pipeline.read.read_limits import reading_with  # noqa: E402

MOST_SECONDS = 5.0
MOST_BYTES = 1_000_000_000  # above what the process had before
TRACED_EVERY = 12  # of the inputs; a trace of lines costs several times the reading
COUNTED_EVERY = 10  # of the inputs; are all of its figures accounted for?
BATCH = 300  # pages whose claims are checked against their schema at once
CHANGED_SHARE = 0.4  # of the inputs are made from one that is kept
LONGEST_CHANGED = 400  # bytes; a longer one is changed half as often
MOST_TRIES = 300  # to make a finding smaller
WATCHED = (str(ROOT / "pipeline" / "read"), str(ROOT / "pipeline" / "extract"))


class TookTooLong(BaseException):
    """An input is at work for longer than it may; no guard of the reader catches it."""


class Caught(Exception):
    """A fault that the reader kept to one figure."""

    def __init__(self, fault: ReadingFault) -> None:
        self.fault = fault


@dataclass
class LineWatch:
    """The lines of the reader that inputs have reached.

    A function whose lines were all reached is not looked at any more, so that looking
    costs less and less.
    """

    reached: dict[CodeType, set[int]] = field(default_factory=dict)
    total: int = 0
    whole: set[CodeType] = field(default_factory=set)
    other: set[CodeType] = field(default_factory=set)

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Note the lines that are reached within the block, in this thread."""
        sys.settrace(self._enter)
        try:
            yield
        finally:
            sys.settrace(None)

    def _enter(self, frame: FrameType, event: str, value: object):
        code = frame.f_code
        if code in self.whole or code in self.other:
            return None
        if not code.co_filename.startswith(WATCHED):
            self.other.add(code)
            return None
        lines = self.reached.setdefault(code, set())
        every = {line for _, _, line in code.co_lines() if line}
        if len(lines) >= len(every) - 1:  # its own `def` is no line that is reached
            self.whole.add(code)
            return None

        def note(inner: FrameType, what: str, _: object):
            if what == "line" and inner.f_lineno not in lines:
                lines.add(inner.f_lineno)
                self.total += 1
            return note

        return note


@dataclass
class PageTrial:
    """What is tried on an input, and what a finding is.

    Args:
        words: Vocabularies to read with.
        release: To check against, every so often; None for never.
        check_every: How often.
    """

    words: Vocabulary
    release: Release | None = None
    check_every: int = 200

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
            spans = {"start": pl.Int64, "end": pl.Int64}
            found = SimpleNamespace(
                claims=pl.DataFrame(
                    [{name: row[name] for name in spans} for row in rows], schema=spans
                ),
                set_aside=pl.DataFrame(
                    [{name: row[name] for name in spans} for row in aside], schema=spans
                ),
            )
            lost = find_lost_figures(found, document, self.words)  # type: ignore[arg-type]
            assert lost == [], f"lost: {lost[:3]}"
        return rows


def measure_peak() -> int:
    """Return the most memory that this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


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
    waiting: list[tuple[str, bytes, list[dict[str, Any]]]] = field(default_factory=list)
    tried: int = 0
    heavy: int = field(default_factory=lambda: measure_peak() + MOST_BYTES)

    def open_corpus(self) -> None:
        """Read the inputs that an earlier run kept."""
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

    def try_number(self, number: int, note: Callable[[str, bytes], None]) -> None:
        """Make and try the input of a number, and keep what it shows."""
        name, body = self.make_input(number)
        note(name, body)
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
            self.keep_finding(describe_fault(error), name, body, number)
        if self.watch.total > before:
            self.kept.append((name, body))
            self._write("inputs", name, body)
        if rows:
            self.waiting.append((name, body, rows))
        if len(self.waiting) >= BATCH:
            self.check_claims()
        self._look_at_memory(name, body)

    def check_claims(self) -> None:
        """Check the claims of the pages that wait against their schema."""
        waiting, self.waiting = self.waiting, []
        try:
            make_claims(row for _, _, rows in waiting for row in rows)
        except Exception:
            for name, body, rows in waiting:
                try:
                    make_claims(rows)
                except Exception as error:
                    self.keep_finding(describe_fault(error), name, body, 0)

    def keep_finding(self, said: str, name: str, body: bytes, number: int) -> None:
        """Keep an input that fails, as small as it can be made; each fault once."""
        key = said.partition("\n")[0]
        self.findings[key] = self.findings.get(key, 0) + 1
        if self.findings[key] > 1:
            return
        small = self.make_smaller(key, name, body, number)
        print(f"FOUND {key}\n  {name}: {small[:300]!r}", flush=True)
        path = self._write("findings", name, small)
        path.with_suffix(f"{path.suffix}.why").write_text(f"{said}\nnumber {number}\n")

    def make_smaller(self, key: str, name: str, body: bytes, number: int) -> bytes:
        """Take parts out of an input, halves first, while the same fault shows."""
        step, tries = max(1, len(body) // 2), 0
        while step and tries < MOST_TRIES:
            at = 0
            while at < len(body) and tries < MOST_TRIES:
                tries += 1
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
            return describe_fault(error).partition("\n")[0] == key
        return False

    def _look_at_memory(self, name: str, body: bytes) -> None:
        """Keep an input that took the process above its bound."""
        most = measure_peak()
        if most > self.heavy:
            self.heavy = int(most * 1.1)
            self.findings[f"memory {most:,}"] = 1
            self._write("findings", name, body)

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


def describe_fault(error: BaseException) -> str:
    """Say what an error is and where in the reader it came from; then its traceback."""
    if isinstance(error, Caught):
        return f"caught {error.fault.said}\n{error.fault.trace}"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "/pipeline/" in f.filename] or frames
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
    lines = "".join(traceback.format_exception(error))
    said = str(error).replace("\n", " ")[:80] if "lost" in str(error) else ""
    return f"{type(error).__name__} {place} {said[:5]}\n{lines}"


def work(given: argparse.Namespace, seed: int, first: int, report: Any) -> None:
    """Try inputs one after the other; the file `at-work-SEED` holds the one at hand."""
    words = open_vocabulary((given.home or ROOT) / "vocabularies")
    release = open_latest(Home(given.home)) if given.home else None
    fuzzer = PageFuzzer(
        PageTrial(words, release, given.check_every), given.corpus, seed
    )
    fuzzer.open_corpus()
    place = given.corpus / f"at-work-{seed}"

    def note(name: str, body: bytes) -> None:
        place.write_bytes(name.encode() + b"\n" + body)

    began = time.monotonic()
    last = first + given.inputs
    for number in range(first, last):
        fuzzer.try_number(number, note)
        late = given.seconds and time.monotonic() - began > given.seconds
        if fuzzer.tried % 1000 == 0 or late or number == last - 1:
            fuzzer.check_claims() if late or number == last - 1 else None
            report(seed, number, fuzzer)
        if late:
            break


def print_progress(seed: int, number: int, fuzzer: PageFuzzer) -> None:
    """Print a line now and then, and keep how far a run has come."""
    state = (
        f"seed {seed} number {number}: {fuzzer.tried} tried, "
        f"{time.process_time():.0f} s of CPU, {fuzzer.watch.total} lines, "
        f"{len(fuzzer.kept)} kept, {sum(fuzzer.findings.values())} findings "
        f"of {len(fuzzer.findings)} faults"
    )
    (fuzzer.folder / f"progress-{seed}").write_text(state + "\n")
    if fuzzer.tried % (20_000 if fuzzer.tried > 20_000 else 5000) == 0:
        print(state, flush=True)


def run_worker(given: argparse.Namespace, seed: int) -> int:
    """Run a worker in a process, and go on behind an input that ends it."""
    context = multiprocessing.get_context("spawn")
    first, found = given.first, 0
    while True:
        child = context.Process(
            target=work, args=(given, seed, first, print_progress), daemon=True
        )
        child.start()
        child.join()
        if child.exitcode == 0:
            break
        name, _, body = (given.corpus / f"at-work-{seed}").read_bytes().partition(b"\n")
        digest = hashlib.sha256(body).hexdigest()[:12]
        path = given.corpus / "findings" / f"died-{digest}{Path(name.decode()).suffix}"
        path.write_bytes(body)
        print(f"FOUND the process ended ({child.exitcode}): {path}", flush=True)
        found += 1
        said = (given.corpus / f"progress-{seed}").read_text().split()
        first = int(said[3].rstrip(":")) + 1000
    return found


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
    given.corpus.mkdir(parents=True, exist_ok=True)
    before = len(list(given.corpus.glob("findings/*")))
    if given.workers == 1:
        run_worker(given, given.seed)
    else:
        pool = [
            multiprocessing.Process(target=run_worker, args=(given, given.seed + n))
            for n in range(given.workers)
        ]
        for one in pool:
            one.start()
        for one in pool:
            one.join()
    for path in sorted(given.corpus.glob("progress-*")):
        print(path.read_text().strip())
    found = len(list(given.corpus.glob("findings/*"))) - before
    print(f"{found} new findings in {given.corpus / 'findings'}")
    return int(found > 0)


if __name__ == "__main__":
    raise SystemExit(main())
