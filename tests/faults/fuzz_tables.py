"""Try changed workbooks, tables and pages on the parser of their source.

    python tests/faults/fuzz_tables.py --corpus FOLDER [--inputs N] [--first K]
        [--seed S] [--seconds T] [--seeds FOLDER] [--only text,zip,ole,…]

An input is a small valid file (`table_seeds`) with one to four changes
(`table_changes`), read as `payproof sources keep` and a refresh read it: checked as a
body that was fetched, parsed by its source, its claims led back to the bytes. A finding
is an exception that is no PayproofError, a claim whose place holds another text, over
5 s of processor, over 1 GB, or the death of the process; workbooks are read by
`read.sheets.workbook_process`, whose death is none. Findings are kept in FOLDER, each
with its traceback; they are tried first by the next run, deaths too. Exits 1 where this
run found one, new or again, and 2 where it could not start.
"""

import argparse
import hashlib
import json
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from faults.finding import (  # noqa: E402
    begin_peak,
    measure_peak,
    name_fault,
    write_trace,
)
from faults.table_changes import change_seed  # noqa: E402  (run as a file)
from faults.table_seeds import TableSeed, list_seeds  # noqa: E402

from pipeline.archive.fetch.body_checks import BodyRules, check_body  # noqa: E402
from pipeline.archive.fingerprint import fingerprint_body  # noqa: E402
from pipeline.core import media  # noqa: E402
from pipeline.core.errors import PayproofError  # noqa: E402
from pipeline.core.model import Payload, Snapshot  # noqa: E402
from pipeline.core.vocabulary import open_vocabulary  # noqa: E402
from pipeline.read.read_limits import reading_with  # noqa: E402
from pipeline.release.verify import find_wrong_quotes  # noqa: E402
from pipeline.sources import import_source  # noqa: E402

MOST_SECONDS, STUCK_SECONDS = 5.0, 400  # of processor; by the clock
MOST_BYTES = 1_000_000_000
MOST_ADDRESSES = 8_000_000_000  # of this process, so that a machine outlives a finding
WHOLE_EVERY = 4  # of the inputs are tried with all that is done to a file that came
LED_BACK = 40  # claims of an input whose quotes are read again
WORDS = open_vocabulary(ROOT / "vocabularies")


class Finding(Exception):
    """Something that an input shows and that is no exception."""


def try_seed(seed: TableSeed, folder: Path, *, whole: bool = True) -> str:
    """Read a file as it is read when it comes; return what came of it, in a word.

    Args:
        seed: The file.
        folder: Where it is put.
        whole: Check it as fetched, and lead its claims back, which takes longest.

    Raises:
        Exception: Anything but a PayproofError is a finding.
    """
    path = folder / f"body{Path(seed.name).suffix}"
    path.write_bytes(seed.body)
    parts = {}
    for name, body in seed.parts.items():
        parts[name] = folder / f"part.{name}"
        parts[name].write_bytes(body)
    kind = media.guess_media_type(seed.name)
    digest = hashlib.sha256(seed.body).hexdigest()
    snapshot = Snapshot(
        *(seed.source, seed.edition, digest, path, kind, "given", "2026-11-01"),
        name=seed.name,
        parts=parts,
    )
    with reading_with(WORDS):
        with suppress(PayproofError):  # by hand it may be kept all the same
            if whole:
                check_as_fetched(seed, kind)
        try:
            module = import_source(seed.source)
            claims = module.parse(snapshot, WORDS)
        except PayproofError as error:
            return type(error).__name__
        if whole and hasattr(module, "broken"):
            module.broken(claims, WORDS)  # rules of a source for its own rows
        rows = claims.head(LED_BACK if whole else 0)
        columns = ("claim_id", "locator", "quote", "structure")
        wrong = (
            find_wrong_quotes(path, kind, rows.select(columns)) if rows.height else []
        )
    # Read within the bound on its processor, and beyond it the next time: no fault.
    if wrong and "seconds of processor" not in wrong[0]:
        raise Finding(f"{len(wrong)} pointers: {wrong[0][:200]}")
    return "claims"


def check_as_fetched(seed: TableSeed, kind: str) -> None:
    """Check a body as one that came from the network, and take its fingerprint."""
    payload = Payload(
        source=seed.source,
        edition=seed.edition,
        name=seed.name,
        body=seed.body,
        media_type=kind,
        capture="fetched",
        retrieved="2026-11-01",
        url=f"https://example.org/{seed.name}",
        status=200,
    )
    fingerprint_body(seed.body, kind, WORDS)
    check_body(payload, payload.url, BodyRules.from_vocabulary(WORDS, seed.source))


@dataclass
class TableFuzzer:
    """Makes inputs of a seed number, tries them, keeps what fails.

    Args:
        seeds: Valid files.
        number: Of the generator; with the number of an input it makes that input.
        corpus: Where findings are kept.
    """

    seeds: list[TableSeed]
    number: int
    corpus: Path
    came: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def make_input(self, place: int) -> TableSeed:
        """The input of a number, the same in every run."""
        rng = random.Random(f"{self.number}-{place}")
        seed = self.seeds[place % len(self.seeds)]
        return change_seed(rng, seed, rng.choice(self.seeds).body)

    def try_input(
        self, label: str, seed: TableSeed, folder: Path, *, whole: bool = True
    ) -> None:
        """Try one input, and keep it where it is a finding."""
        before, began = begin_peak(), time.process_time()
        signal.alarm(STUCK_SECONDS)
        try:
            came = try_seed(seed, folder, whole=whole)
            took = time.process_time() - began
            self.slowest = max(self.slowest, took)
            if took > MOST_SECONDS:
                raise Finding(f"{took:.1f} s of processor")
            if measure_peak() - before > MOST_BYTES:
                raise Finding(f"{measure_peak() - before:,} bytes of memory")
            self.came[came] += 1
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a panic is no Exception
            self.came["finding"] += 1
            self.keep(label, seed, error)
        finally:
            signal.alarm(0)

    def keep(self, label: str, seed: TableSeed, error: BaseException) -> None:
        """Keep a finding: the file, and what it is about; one of each place."""
        where = name_fault(error, words=isinstance(error, Finding))
        if (what := f"{seed.source} {where}") in self.found:
            return
        self.found.append(what)
        print(f"{label} {seed.name}: {what}: {str(error)[:200]!a}", flush=True)
        save_input(self.corpus, label, seed, write_trace(error))


def save_input(corpus: Path, label: str, seed: TableSeed, why: str) -> None:
    """Write an input and what is known of it into a folder of its own."""
    folder = corpus / label
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "body").write_bytes(seed.body)
    for name, body in seed.parts.items():
        (folder / f"part.{name}").write_bytes(body)
    facts = {"source": seed.source, "edition": seed.edition, "name": seed.name}
    (folder / "facts.json").write_text(json.dumps(facts))
    (folder / "why.txt").write_text(why, errors="backslashreplace")


def read_corpus(corpus: Path) -> list[tuple[str, TableSeed]]:
    """Inputs that earlier runs kept."""
    found = []
    for path in sorted(corpus.glob("*/facts.json")):
        facts = json.loads(path.read_text())
        parts = {p.name[5:]: p.read_bytes() for p in path.parent.glob("part.*")}
        body = (path.parent / "body").read_bytes()
        found.append((path.parent.name, TableSeed(**facts, body=body, parts=parts)))
    return found


def choose_seeds(given: argparse.Namespace) -> list[TableSeed]:
    """The seeds of the forms that are asked for."""
    forms = set(filter(None, given.only.split(",")))
    return [s for s in list_seeds(*given.seeds) if not forms or s.form in forms]


def run_here(given: argparse.Namespace) -> int:
    """Try inputs in this process, noting each before it is tried."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESSES, MOST_ADDRESSES))
    seeds = choose_seeds(given)
    fuzzer = TableFuzzer(seeds, given.seed, given.corpus)
    note, end = given.corpus / "at", time.monotonic() + given.seconds
    place = given.first
    with tempfile.TemporaryDirectory() as folder:
        if not given.goes_on:
            for label, seed in read_corpus(given.corpus):
                if label not in given.skip:
                    note.write_text(f"again {label}")
                    fuzzer.try_input(label, seed, Path(folder))
            for number, seed in enumerate(seeds):  # what is sound gives claims
                note.write_text(f"seed {number}")
                fuzzer.try_input(f"seed-{number}", seed, Path(folder))
        while place < given.inputs and time.monotonic() < end:
            label = f"{given.seed}-{place}"
            note.write_text(f"number {place}")
            seed, whole = fuzzer.make_input(place), place % WHOLE_EVERY == 0
            fuzzer.try_input(label, seed, Path(folder), whole=whole)
            place += 1
    note.unlink(missing_ok=True)
    said = {"inputs": place - given.first, "came": dict(fuzzer.came)}
    said |= {"findings": len(fuzzer.found), "slowest_seconds": round(fuzzer.slowest, 2)}
    said |= {"peak_bytes": measure_peak()}
    print(json.dumps(said), flush=True)
    return 1 if fuzzer.found else 0


def run_watched(given: argparse.Namespace, arguments: list[str]) -> int:
    """Try inputs in a process of their own, and go on behind one that ends it."""
    worst, more = 0, ["--first", str(given.first)]
    end = time.monotonic() + given.seconds
    note = given.corpus / "at"
    while True:
        note.unlink(missing_ok=True)
        left = max(1, int(end - time.monotonic()))
        command = [sys.executable, __file__, *arguments, "--here", *more]
        done = subprocess.run([*command, "--seconds", str(left)], check=False)
        if done.returncode in (0, 1) and not note.is_file():
            return max(worst, done.returncode)
        why = f"the process ended with {done.returncode}"
        if not note.is_file():
            print(f"error: {why} before its start", file=sys.stderr)
            return 2
        worst, (kind, _, at) = 1, note.read_text().partition(" ")
        if kind == "number":
            place, seeds = int(at), choose_seeds(given)
            seed = TableFuzzer(seeds, given.seed, given.corpus).make_input(place)
            print(f"{given.seed}-{place} {seed.name}: {why}", flush=True)
            save_input(given.corpus, f"{given.seed}-{place}", seed, why)
            more = ["--goes-on", "--first", str(place + 1)]
        elif kind == "seed":
            print(f"error: {why} by seed {at}, which is sound", file=sys.stderr)
            return 2
        else:
            print(f"again {at}: {why}", flush=True)
            more += ["--skip", at]
        if time.monotonic() > end:
            return worst


def main() -> int:
    """Read what is asked for and run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--inputs", type=int, default=2_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=86_400)
    parser.add_argument("--seeds", type=Path, action="append", default=[])
    parser.add_argument("--only", default="", help="forms, by commas")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--goes-on", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--skip", action="append", default=[], help=argparse.SUPPRESS)
    given = parser.parse_args()
    given.corpus.mkdir(parents=True, exist_ok=True)
    return run_here(given) if given.here else run_watched(given, sys.argv[1:])


if __name__ == "__main__":
    raise SystemExit(main())
