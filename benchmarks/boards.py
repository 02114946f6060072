"""Measure how answers and feeds of job boards are read.

    python benchmarks/boards.py [--misses]

`benchmarks/boards/` holds made answers in the shapes of boards' interfaces, feeds and
pages: their field names, with figures, jobs and places of our own. `expected.jsonl`
there has a line a figure. A figure is right if amounts, currency, period, kind and
statistic are as expected, and job, place, month, way of working and who worked it out
as far as the line names them. What is read beyond that counts as invented.
"""

import argparse
import json
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.query.check import open_page

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "boards"
AMOUNTS = ("low", "high", "value")
NAMED = ("occupation", "area", "reference_period", "work_mode")
Row = dict[str, Any]


def read_expected() -> list[Row]:
    """Read the figures that are expected, a row each."""
    lines = (FOLDER / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def is_right(want: Row, got: Row) -> bool:
    """Return whether a claim is the figure that is expected."""
    for name in AMOUNTS:
        stated = want.get(name)
        amount = (
            None if stated is None else Decimal(str(stated)).quantize(Decimal("0.01"))
        )
        if got[name] != amount:
            return False
    terms = ("kind", "currency", "period")
    if any(want[name] != got[name] for name in terms):
        return False
    if want.get("statistic", got["statistic"]) != got["statistic"]:
        return False
    if want.get("attributed_to") != got["attributed_to"]:
        return False
    return all(want.get(name, got[name]) == got[name] for name in NAMED)


def score_file(
    path: Path, wanted: list[Row], words: Vocabulary
) -> tuple[int, list, list]:
    """Return how many figures of a file are right, those missed and those invented."""
    claims = open_page(path, words).claims.to_dicts()
    left = [row for row in claims if row["kind"] in ("pay_level", "bonus")]
    missed = []
    for want in wanted:
        found = next((row for row in left if is_right(want, row)), None)
        if found is None:
            missed.append(want)
        else:
            left.remove(found)
    return len(wanted) - len(missed), missed, left


def score_all(words: Vocabulary, *, misses: bool = False) -> tuple[int, int, int]:
    """Return right, wanted and invented figures of all files; print a line a file."""
    wanted: dict[str, list[Row]] = {}
    for row in read_expected():
        wanted.setdefault(row["file"], []).append(row)
    total: Counter[str] = Counter()
    for name, rows in wanted.items():
        right, missed, invented = score_file(FOLDER / name, rows, words)
        total.update(right=right, wanted=len(rows), invented=len(invented))
        print(f"{name:28} {right:3} of {len(rows):3}, invented {len(invented)}")
        for row in missed if misses else ():
            print("   missed", {k: v for k, v in row.items() if k != "file"})
        for row in invented if misses else ():
            keys = (
                *AMOUNTS,
                "currency",
                "period",
                "statistic",
                "kind",
                "attributed_to",
            )
            shown = {
                k: str(row[k]) for k in (*keys, *NAMED, "unread") if row[k] is not None
            }
            print("   read  ", shown)
    return total["right"], total["wanted"], total["invented"]


def main(argv: list[str]) -> int:
    """Print the score of each file and of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="print what is not right")
    parsed = parser.parse_args(argv)
    words = open_vocabulary(HERE.parent / "vocabularies")
    right, wanted, invented = score_all(words, misses=parsed.misses)
    share = right / wanted
    print(f"right {right} of {wanted} ({share:.1%}), invented {invented}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
