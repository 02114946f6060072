"""Change one thing in the code, run the tests that reach it, and see whether one fails.

    python tests/faults/mutate.py --sample 60 --seed 7 --rooms gates,rulings

A mutant that no test notices is a survivor: a rule that nobody would miss. The report
says of each what was changed and how many tests ran over it. All happens in copies of
the tree; a mutant in which nothing ends is killed by the clock. The lines that each
test reaches are noted once (`line_map.py`) and kept with `--map`.
"""

import argparse
import compileall
import csv
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path
from py_compile import PycInvalidationMode
from queue import SimpleQueue

import pytest
from mutants import Mutant, list_mutants

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ROOMS = {
    "gates": ("pipeline/release/publish/gates.py", "pipeline/core/quick_check.py",
              "schemas/*.py"),
    "rulings": ("pipeline/rulings/*.py",),
    "reconcile": ("pipeline/reconcile/*.py", "pipeline/reconcile/settle/*.py",
                  "pipeline/reconcile/estimate/*.py"),
    "verdicts": ("pipeline/query/check.py", "pipeline/reconcile/evidence/*.py",
                 "pipeline/reconcile/verdict/*.py",
                 "pipeline/reconcile/within_page/*.py"),
    "reading": ("pipeline/extract/*.py",),
}  # fmt: skip
# Those that are about these rooms. Browsers, servers and Prefect reach them too, by way
# of what these test in a tenth of the time.
TESTS = (
    "align", "averages", "composite", "consensus", "contradictions", "deciding",
    "discrepancies", "distribution", "docs", "findings", "forms", "gates", "guides",
    "impact", "judged_pages", "licences", "lineage", "losses", "own_pages",
    "page_against_itself", "policies", "publish", "quick_check", "reconcile",
    "ruling_rules", "rulings", "scorecards", "slips", "table_rules", "validate",
    "verdict_rules", "within_page_rules", "within_page_text",
)  # fmt: skip
TESTS_OF_READING = (
    "account", "approved_readings", "causes", "column_types", "embedded_data",
    "extract",
    "extract_conventions", "extract_guides", "extract_hostile", "extract_pages",
    "extract_prose", "extract_tables", "extract_traps", "extract_voices",
    "figure_kinds", "languages", "line_numbers", "number_finder", "number_ranges",
    "occupation_names", "page_faults", "page_occupation", "pages", "places",
    "qualifiers",
)  # fmt: skip
# What stands outside of functions is run when a module is imported, by no test of its
# own: the tests that reach the rest of the module are asked, of schemas all of these.
OF_SCHEMAS = ("docs", "gates", "table_rules", "validate", "publish", "quick_check")
MOST_SECONDS = 300  # for the tests of one mutant; they take seconds where nothing hangs
# Of tests, as the map of lines has it: what the fastest do not notice is a survivor.
ENOUGH_SECONDS = 25
# A process that has loaded the libraries, and makes one for every run: pytest, polars
# and their like take three seconds to load, most tests a tenth.
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(
    ["pytest", "polars", "pandera.polars", "hypothesis", "numpy", "scipy.special",
     "scipy.optimize", "vcr", "lxml.html", "jinja2", "typer", "requests", "orjson"]
)  # fmt: skip
KNOWN = HERE / "equivalent_mutants.csv"


@dataclass(frozen=True)
class Fate:
    """What became of a mutant: `killed`, `survived`, `equivalent` or `unreached`."""

    room: str
    mutant: Mutant
    state: str
    why: str
    change: str = ""


def copy_tree(root: Path, folder: Path) -> Path:
    """Copy the files of a tree that git knows, or all where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    names = listed.stdout.splitlines() if listed.returncode == 0 else []
    for name in names or [str(p.relative_to(root)) for p in root.rglob("*")]:
        if (root / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, folder / name, follow_symlinks=False)
    # By the bytes of the source and not by its date: a mutant is compiled anew.
    for part in ("pipeline", "schemas"):
        compileall.compile_dir(
            folder / part, quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH
        )
    return folder


def run_tests(
    tree: Path, tests: Sequence[str], more: Mapping[str, str], seconds: float
) -> tuple[int, str]:
    """Run tests in a tree, in the given order, and stop at the first failure.

    Returns:
        pytest's exit code, 124 where time ran out; and the last line that it wrote.
    """
    order, said = tree.parent / "order.txt", tree.parent / "said.txt"
    order.write_text("\n".join(tests), "utf-8")
    # Bytecode of a mutant must not be taken for that of the next one.
    env = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": f"{tree}:{HERE}",
           "TEST_ORDER": str(order), **more}  # fmt: skip
    words = ["-q", "-p", "line_map", "-p", "no:cacheprovider", "-p", "no:xdist", "-p",
             "no:schemathesis", f"@{order}"]  # fmt: skip
    words += [] if "LINE_MAP" in more else ["-x", "--tb=no"]
    # A folder of its own: fixtures that tests share are made anew by each mutant.
    with tempfile.TemporaryDirectory(dir=tree.parent) as base:
        words += ["--basetemp", f"{base}/run"]
        process = SERVER.Process(target=run_pytest, args=(tree, words, env, said))
        process.start()
        process.join(seconds)
        if process.is_alive():
            os.killpg(process.pid, signal.SIGKILL)
            process.join()
            return 124, "time ran out"
    lines = said.read_text("utf-8", "replace").splitlines()
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    return process.exitcode, (failed or lines or [""])[-1]


def run_pytest(
    tree: Path, words: Sequence[str], env: Mapping[str, str], said: Path
) -> None:
    """Run pytest in a process of its own, with the libraries and no code of ours."""
    os.setsid()
    os.environ.update(env)
    os.chdir(tree)
    sys.dont_write_bytecode = True
    sys.path[:0] = [str(tree), str(HERE)]
    with said.open("w") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    sys.exit(int(pytest.main(list(words))))


def map_lines(
    tree: Path, files: Sequence[str], tests: Sequence[str]
) -> dict[str, dict]:
    """Return for every test the lines that it reaches, and how long it takes."""
    answer = tree.parent / "lines.json"
    more = {"LINE_MAP": str(answer), "LINE_MAP_ROOT": str(tree),
            "LINE_MAP_FILES": "\n".join(files)}  # fmt: skip
    code, said = run_tests(tree, tests, more, 3600)
    if not answer.exists():
        raise SystemExit(f"the tests could not be run ({code}): {said}")
    if code:
        print(f"some tests fail without any mutant, and are left out: {said}")
    return json.loads(answer.read_text("utf-8"))


def select_tests(mutant: Mutant, known: Mapping[str, dict]) -> list[str]:
    """Return the tests that reach a mutant's lines, those that take least first."""
    first, last = mutant.lines
    wanted, of_file = set(), set()
    for test, reached in known["lines"].items():
        own = [line for name, line in reached if name == mutant.path]
        if own or (mutant.path.startswith("schemas/") and is_of_schemas(test)):
            of_file.add(test)
        if any(first <= line <= last for line in own):
            wanted.add(test)
    shared, took = set(known["shared"]), known["took"]
    # What needs a release that is made once a run comes last: a mutant makes its own.
    found = sorted(wanted or of_file, key=lambda t: (t in shared, took[t], t))
    spent = accumulate(took[test] for test in found)
    return [t for t, sum_ in zip(found, spent, strict=True) if sum_ <= ENOUGH_SECONDS]


def is_of_schemas(test: str) -> bool:
    """Return whether a test is asked about the rules of tables."""
    return test.split("::")[0] in {f"tests/test_{name}.py" for name in OF_SCHEMAS}


def read_equivalents(path: Path = KNOWN) -> dict[tuple[str, str], str]:
    """Read the mutants that change nothing: file and change to why."""
    with path.open(encoding="utf-8", newline="") as file:
        return {(r["path"], r["change"]): r["why"] for r in csv.DictReader(file)}


def try_mutant(
    room: str, mutant: Mutant, tree: Path, known: Mapping[str, dict]
) -> Fate:
    """Run the tests of one mutant in a copy of the tree, and mend the file again."""
    tests = select_tests(mutant, known)
    if not tests:
        return Fate(room, mutant, "unreached", "no test reaches it")
    file = tree / mutant.path
    text = file.read_bytes()
    try:
        file.write_bytes(mutant.apply(text))
        code, said = run_tests(tree, tests, {}, MOST_SECONDS)
    finally:
        file.write_bytes(text)
    change = mutant.describe(text)
    if code:
        return Fate(room, mutant, "killed", said, change)
    if (why := read_equivalents().get((mutant.path, change))) is not None:
        return Fate(room, mutant, "equivalent", why, change)
    return Fate(room, mutant, "survived", f"{len(tests)} tests reach it", change)


def try_all(
    chosen: Sequence[tuple[str, Mutant]], trees: Sequence[Path], known: Mapping
) -> Iterable[Fate]:
    """Try mutants, one at a time in each tree, and yield their fates in order."""
    free: SimpleQueue[Path] = SimpleQueue()
    for tree in trees:
        free.put(tree)

    def take_one(asked: tuple[str, Mutant]) -> Fate:
        tree = free.get()
        try:
            return try_mutant(*asked, tree, known)
        finally:
            free.put(tree)

    with ThreadPoolExecutor(len(trees)) as pool:
        yield from pool.map(take_one, chosen)


def choose_mutants(
    root: Path, rooms: Sequence[str], sample: int, seed: int
) -> list[tuple[str, Mutant]]:
    """Choose as many mutants of each room by a seed; the same of the same tree."""
    chosen = []
    for room in rooms:
        files = sorted({p for glob in ROOMS[room] for p in root.glob(glob)})
        every = [m for f in files for m in list_mutants(root, str(f.relative_to(root)))]
        random.Random(f"{seed} {room}").shuffle(every)
        sound = (m for m in every if m.is_other_code((root / m.path).read_bytes()))
        picked = islice(sound, -(-sample // len(rooms)))
        chosen += [(room, mutant) for mutant in sorted(picked)]
    return chosen


def write_report(fates: Sequence[Fate]) -> str:
    """Write the figures of each room, and every mutant that was not killed."""
    out = ["room        mutants  killed  equivalent  survived  killed of the rest"]
    for room in [*dict.fromkeys(fate.room for fate in fates), "all"]:
        states = Counter(f.state for f in fates if room in (f.room, "all"))
        rest = states.total() - states["equivalent"]
        lived = states["survived"] + states["unreached"]
        share = f"{states['killed'] / rest:.0%}" if rest else "-"
        out.append(f"{room:11} {states.total():7} {states['killed']:7} "
                   f"{states['equivalent']:11} {lived:9}  {share}")  # fmt: skip
    for fate in fates:
        if fate.state != "killed":
            where = f"{fate.mutant.path}:{fate.mutant.lines[0]}"
            out += [
                "",
                f"{fate.state}: {where} ({fate.mutant.what}): {fate.why}",
                fate.change,
            ]
    return "\n".join(out)


def main() -> int:
    """Read the command line, run, print the report; 1 where too many survive."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=60, help="mutants in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rooms", default=",".join(ROOMS))
    parser.add_argument("--jobs", type=int, default=1, help="mutants at a time")
    parser.add_argument("--least", type=float, default=0.8, help="share to be killed")
    parser.add_argument("--map", type=Path, help="keep the map of lines here")
    asked = parser.parse_args()
    rooms, began = asked.rooms.split(","), time.monotonic()
    chosen = choose_mutants(ROOT, rooms, asked.sample, asked.seed)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        trees = [copy_tree(ROOT, Path(folder, "0", "tree"))]
        for n in range(1, asked.jobs):
            trees.append(shutil.copytree(trees[0], Path(folder, str(n), "tree")))
        if asked.map and asked.map.exists():
            known = json.loads(asked.map.read_text("utf-8"))
        else:
            globs = [glob for room in rooms for glob in ROOMS[room]]
            files = sorted(
                str(p.relative_to(ROOT)) for g in globs for p in ROOT.glob(g)
            )
            tests = [*(TESTS if {*rooms} - {"reading"} else ()),
                     *(TESTS_OF_READING if "reading" in rooms else ())]  # fmt: skip
            paths = dict.fromkeys(f"tests/test_{name}.py" for name in tests)
            known = map_lines(trees[0], files, list(paths))
            if asked.map:
                asked.map.write_text(json.dumps(known), "utf-8")
        fates = []
        for fate in try_all(chosen, trees, known):
            fates.append(fate)
            place = f"{fate.mutant.path}:{fate.mutant.lines[0]}"
            print(
                f"{len(fates)}/{len(chosen)} {fate.state} {place} {fate.why}",
                flush=True,
            )
    print(f"\nseed {asked.seed}, {time.monotonic() - began:.0f} s\n")
    print(write_report(fates))
    killed = sum(f.state == "killed" for f in fates)
    rest = sum(f.state != "equivalent" for f in fates)
    return int(killed < asked.least * rest)


if __name__ == "__main__":
    sys.exit(main())
