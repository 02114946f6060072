"""Pages a second, memory and growth of extraction, on made pages of 60 KB.

All run in one process, on the same bytes, by turns of a hundred pages, and are timed
in seconds of processor, all threads together, so that a busy machine tells nothing;
making the pages is not timed.

- Payproof: bytes to checked claims with every field, set-asides and locators.
- trafilatura + price-parser: bytes to text, as `trafilatura.extract` gives it with its
  own defaults and tables; then each run of digits behind a currency sign, found with
  one regular expression, to an amount with `Price.fromstring`, which reads one price
  from a short text and none from a page. Bare numbers and no more.
- Real pages, where the shared folder is at hand: profiles of occupations as the Bureau
  of Labor Statistics serves them, twice as large and with fewer figures.
- quantulum3: the text that Payproof read, of two pages, to quantities.

    pip install trafilatura price-parser quantulum3
"""

import gc
import importlib.util
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.extracting.corpus import PAGE_BYTES, page, pages
from pipeline.core.tables import make_claims
from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import extract_rows
from pipeline.read import read

ROOT = Path(__file__).resolve().parents[2]
VOCABULARY = open_vocabulary(ROOT / "vocabularies")
BATCH = 100
PRICE = re.compile(r"[$£€]\s?\d[\d,.]*")
FEW, MANY = 200, 2000
SIZES = (15_000, 60_000, 240_000, 1_000_000)
TIMES_QUANTULUM = 20
FLAT = 1.10  # how much more memory ten times the pages may take
STEADY = 1.20  # how much longer a KB of a larger page may take

Batch = Sequence[bytes]


def ours(bodies: Batch) -> int:
    """Bytes to checked claims with every field; the claims are counted."""
    found = []
    for number, body in enumerate(bodies):
        document = read(body, "text/html", where="page")
        found += extract_rows(
            document, VOCABULARY, source="page", snapshot=f"{number:012x}"
        )[0]
    return make_claims(found).height


def peers(bodies: Batch) -> int:
    """Bytes to text to bare numbers: trafilatura, then price-parser."""
    import trafilatura
    from price_parser import Price

    total = 0
    for body in bodies:
        found = trafilatura.extract(body, include_tables=True) or ""
        for match in PRICE.finditer(found):
            total += Price.fromstring(match.group()).amount is not None
    return total


def seconds(work: Callable[[Batch], object], bodies: Batch) -> float:
    """How long it takes."""
    started = time.process_time()
    work(bodies)
    return time.process_time() - started


def has(*modules: str) -> bool:
    """Whether the peers are installed."""
    return all(importlib.util.find_spec(name) for name in modules)


def made(count: int) -> Iterator[Batch]:
    """Made pages, a hundred at a time."""
    for first in range(0, count, BATCH):
        yield list(pages(first, min(count, first + BATCH)))


def by_turns(batches: Iterable[Batch]) -> bool:
    """Pages a second, ours and the peers' by turns; whether ours are as many."""
    works = {"payproof": ours}
    if has("trafilatura", "price_parser"):
        works["trafilatura + price-parser"] = peers
    turns: dict[str, list[float]] = {name: [] for name in works}
    found = dict.fromkeys(works, 0)
    for work in works.values():
        work(list(pages(0, 2)))  # vocabularies and models are loaded once
    count = 0
    for bodies in batches:
        count += len(bodies)
        for name, work in works.items():
            gc.collect()
            started = time.process_time()
            found[name] += work(bodies)
            turns[name].append((time.process_time() - started) / len(bodies))
    for name, each in turns.items():
        mean, low, high = sum(each) / len(each), min(each), max(each)
        print(
            f"{name:28s} {1 / mean:7.1f} pages/s  ({1 / high:.1f} to {1 / low:.1f} by "
            f"turns; {found[name] / count:.0f} figures a page)"
        )
    own, *others = (sum(each) for each in turns.values())
    return all(own <= other for other in others)


def quantulum(each: float) -> bool:
    """quantulum3 on the text of two pages: at least twenty times slower."""
    from quantulum3 import parser

    texts = [read(body, "text/html", where="page").text for body in pages(0, 2)]
    started = time.process_time()
    for part in texts:
        parser.parse(part)
    theirs = (time.process_time() - started) / len(texts)
    print(
        f"{'quantulum3':28s} {1 / theirs:7.2f} pages/s; ours is {theirs / each:.0f} x"
    )
    return theirs >= TIMES_QUANTULUM * each


def memory() -> bool:
    """Peak memory over few pages and over many, a process each; whether it is flat."""
    peaks = []
    for count in (FEW, MANY):
        command = [sys.executable, "-m", __name__, str(count)]
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=True
        )
        peaks.append(float(done.stdout))
        print(f"{'memory':28s} {peaks[-1]:7.1f} MB at most over {count:,} pages")
    return peaks[1] <= peaks[0] * FLAT


def peak(count: int) -> float:
    """Peak resident memory after reading so many pages, in MB."""
    for bodies in made(count):
        ours(bodies)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def growth() -> bool:
    """Time for a KB of pages of several sizes; whether it does not grow."""
    ours(list(pages(0, 2)))
    each = []
    for size in SIZES:
        bodies = [page(number, size) for number in range(max(2, 600_000 // size))]
        best = min(seconds(ours, bodies) for _ in range(4))
        held = sum(map(len, bodies)) / 1000
        each.append(best / held * 1e6)
        print(
            f"{'growth':28s} {each[-1]:7.0f} us a KB on pages of {size / 1000:,.0f} KB"
        )
    return max(each[1:]) <= each[0] * STEADY


def run(count: int, real: Sequence[Path] = ()) -> bool:
    """Print every figure; whether all keep their limits.

    Args:
        count: How many made pages.
        real: Real pages at hand, for comparison: no limit rests on them.
    """
    bodies = list(pages(0, 20))
    texts = sum(len(read(body, "text/html", where="page").text) for body in bodies)
    print(
        f"pages of {PAGE_BYTES / 1000:.0f} KB, {texts / len(bodies) / 1000:.1f} KB of "
        f"it text; {count:,} of them"
    )
    good = by_turns(made(count))
    if has("quantulum3"):
        ours(bodies)
        good = quantulum(seconds(ours, bodies) / len(bodies)) and good
    good = all((memory(), growth(), good))
    if real:
        stored = [path.read_bytes() for path in real]
        each = sum(map(len, stored)) / len(stored) / 1000
        print(f"real pages of {each:.0f} KB, {len(stored)} of them, by turns")
        by_turns([stored * 4] * 3)
    return good


if __name__ == "__main__":
    print(peak(int(sys.argv[1])))
