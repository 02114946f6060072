"""How the time of reading and judging a page grows with the page.

    python tests/faults/growth.py [--shape WORDS] [--home FOLDER] [--limit 5]

Every shape of `page_shapes` at four sizes; CPU seconds of reading with claims, and of
`check` against the release of a home where one is given. Exits 1 where 400 KB take
more than `--limit` times what 100 KB take.
"""

import argparse
import gc
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from faults.page_shapes import SHAPES, SIZES  # noqa: E402  (run as a file)

from pipeline.core.errors import PayproofError  # noqa: E402
from pipeline.core.store import Home  # noqa: E402
from pipeline.core.vocabulary import Vocabulary, open_vocabulary  # noqa: E402
from pipeline.query.check import ExtractedPage, check, extract_page  # noqa: E402
from pipeline.query.published import Release, open_latest  # noqa: E402

QUICK = 0.5  # seconds; what takes less is measured again, and the least counts
NOISE = 0.05  # seconds that no ratio is made of
PATIENCE = 60.0  # seconds, after which no larger size is tried


def measure(work, *arguments):
    """CPU seconds of a call, and what it returned."""
    best = None
    for _ in range(3):
        gc.collect()
        began = time.process_time()
        made = work(*arguments)
        spent = time.process_time() - began
        best = spent if best is None else min(best, spent)
        if spent > QUICK:
            break
    return best, made


def read_page(name: str, size: int, words: Vocabulary) -> ExtractedPage | None:
    """Read a page of a shape and a size, as `payproof claims` does; None if refused."""
    try:
        return extract_page(SHAPES[name](size), Path(name.replace(" ", "_")), words)
    except PayproofError:
        return None  # nested deeper than is read; to say so takes time as well


def measure_shape(
    name: str, words: Vocabulary, release: Release | None
) -> dict[str, list[float]]:
    """CPU seconds at each size: `read`, and `check` where there is a release."""
    spent: dict[str, list[float]] = {"read": [], "check": []}
    for size in SIZES:
        took, page = measure(read_page, name, size, words)
        spent["read"].append(took)
        if release is not None and page is not None:
            took, _ = measure(check, page, release, words)
            spent["check"].append(took)
        if max(took, spent["read"][-1]) > PATIENCE:
            break
    return {what: times for what, times in spent.items() if times}


def find_ratio(times: list[float]) -> float:
    """How many times longer 400 KB take than 100 KB; endless where not reached."""
    if len(times) < len(SIZES):
        return float("inf")
    return max(times[3], NOISE) / max(times[1], NOISE)


def main() -> int:
    """Measure, print a line a shape, and return 1 where one grows too fast."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--shape", default="", help="only shapes with these words")
    asked.add_argument("--home", type=Path, help="home with a release, for `check`")
    asked.add_argument("--limit", type=float, default=5.0, help="times, 100 to 400 KB")
    given = asked.parse_args()
    words = open_vocabulary((given.home or ROOT) / "vocabularies")
    release = open_latest(Home(given.home)) if given.home else None
    read_page("table rows.html", 2_000, words)  # tables are opened once, before
    over = 0
    for name in SHAPES:
        if given.shape not in name:
            continue
        for what, times in measure_shape(name, words, release).items():
            ratio = find_ratio(times)
            over += ratio > given.limit
            said = " ".join(f"{seconds:8.2f}" for seconds in times)
            mark = "  <-- grows" if ratio > given.limit else ""
            print(f"{name:26} {what:5} {said}  x{ratio:.1f}{mark}", flush=True)
    print(f"{over} above {given.limit:g} times")
    return min(over, 1)


if __name__ == "__main__":
    raise SystemExit(main())
