"""Fields: was the right value among the candidates, was it ranked first, how sure?

    python benchmarks/field_candidates.py [--real FOLDER] [--labels FOLDER] [--fit]

Reads the real pages of FOLDER and prints for each field that a ranking chooses: figures
judged, share right, share whose right value was a candidate or none (the ceiling); then
how often a choice of a stated certainty was right, by the page: each page counts once
in each band. Of labels that are kept apart only totals are told. `--fit` refits the
weights with whole pages left out, and says what that would be worth.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import real_pages  # noqa: E402  (run as a file)
from benchmarks.extracting.weight_fit import report_fit  # noqa: E402
from benchmarks.label_scoring import (  # noqa: E402
    Names,
    field_agrees,
    is_optional,
    pair_up,
)
from pipeline.extract import Reason, load_candidate_weights  # noqa: E402

BANDS = (0.5, 0.7, 0.8, 0.9, 0.95, 1.01)
SURE = 0.9
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """One field of one figure that a label judges.

    Args:
        page: Id of the page.
        field: Of the claim.
        right: What was chosen is right.
        empty_right: Leaving it empty would have been.
        certainty: As the claim states it; None where there was no candidate.
        candidates: Clues of each, its relation first; whether its value is right; and
            the value.
    """

    page: str
    field: str
    right: bool
    empty_right: bool
    certainty: float | None
    candidates: tuple[tuple[tuple[str, ...], bool, str], ...]


def judge_page(
    name: str, body: bytes, encoding: str, labels: list[Row], names: Names
) -> Iterator[Judged]:
    """Yield the ranked fields of the figures that labels of a page hold."""
    vocabulary = real_pages.VOCABULARY
    found, claims = real_pages.read_page(name, body, encoding, vocabulary)
    for i, j in pair_up(labels, claims, names):
        if not is_optional(labels[i]):
            reasons = found.why.get(claims[j]["claim_id"], {})
            yield from judge_figure(name, labels[i], claims[j], reasons, names)


def judge_figure(
    page: str, label: Row, claim: Row, reasons: dict[str, Reason], names: Names
) -> Iterator[Judged]:
    """Yield each field of a figure that has candidates."""
    sure = dict(
        pair.split(":") for pair in (claim["certainty"] or "").split(",") if pair
    )
    for name in sorted({*sure, *(f for f, r in reasons.items() if r.candidates)}):
        right = field_agrees(label, claim, name, names)
        if right is None:
            continue
        empty = {**claim, name: "unspecified" if name in CLOSED else None}
        known = reasons[name].candidates if name in reasons else []
        tried = tuple(
            (
                (str(c.relation), *c.clues),
                field_agrees(label, {**claim, name: c.value}, name, names) is True,
                c.value,
            )
            for c in known
        )
        certainty = float(sure[name]) if name in sure else None
        bare = field_agrees(label, empty, name, names) is True
        yield Judged(page, name, right, bare, certainty, tried)


CLOSED = ("statistic", "pay_basis")


def judge_real(folder: Path, labels: Path, names: Names) -> Iterator[Judged]:
    """Yield the judged fields of a folder of real pages."""
    for page in real_pages.load_pages(labels):
        opened = real_pages.open_text(page, folder)
        if opened is not None:
            rows = real_pages.load_rows(labels / f"{page['id']}.labels.jsonl")
            yield from judge_page(*opened, page["encoding"], rows, names)


def print_ceilings(judged: list[Judged]) -> None:
    """Print what was chosen and what could have been, by field."""
    print(f"{'field':18s} {'figures':>8s} {'right':>7s} {'ceiling':>8s} {'empty':>7s}")
    by_field: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        by_field[one.field].append(one)
    for name, rows in sorted(by_field.items()):
        could = sum(
            r.right or r.empty_right or any(ok for _, ok, _ in r.candidates)
            for r in rows
        )
        right, empty = sum(r.right for r in rows), sum(r.empty_right for r in rows)
        n = len(rows)
        print(f"{name:18s} {n:8d} {right / n:7.3f} {could / n:8.3f} {empty / n:7.3f}")


def print_reliability(judged: list[Judged]) -> None:
    """Print how often choices of each band of certainty were right, by the page."""
    print(
        f"\n{'field':18s} {'certainty':>12s} {'pages':>6s} {'right':>7s} {'share':>7s}"
    )
    by_field: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        if one.certainty is not None:
            by_field[one.field].append(one)
    for name, rows in sorted(by_field.items()):
        for low, high in zip((0.0, *BANDS[:-1]), BANDS, strict=True):
            band = [r for r in rows if low <= (r.certainty or 0.0) < high]
            if band:
                pages, right = average_by_page(band)
                print(f"{name:18s} {low:5.2f}..{min(high, 1):5.2f} {pages:6d} "
                      f"{right:7.3f} {len(band) / len(rows):7.3f}")  # fmt: skip
        sure = [r for r in rows if (r.certainty or 0.0) >= SURE]
        if sure:
            pages, right = average_by_page(sure)
            print(f"{name:18s} {'sure':>12s} {pages:6d} {right:7.3f} "
                  f"{len(sure) / len(rows):7.3f}")  # fmt: skip


def average_by_page(rows: list[Judged]) -> tuple[int, float]:
    """Return how many pages there are, and the mean of their shares right."""
    pages: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        pages[row.page].append(row.right)
    shares = [sum(right) / len(right) for right in pages.values()]
    return len(pages), sum(shares) / len(shares)


def main(argv: list[str] | None = None) -> int:
    """Judge the fields of a folder of real pages and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--real", type=Path, required=True)
    parser.add_argument("--labels", type=Path, default=real_pages.LABELS)
    parser.add_argument("--fit", action="store_true")
    given = parser.parse_args(argv)
    apart = real_pages.is_kept_apart(real_pages.load_pages(given.labels))
    if apart and given.fit:
        parser.error(f"{given.labels} is kept apart: no weight is taken from it.")
    names = Names.load(real_pages.VOCABULARY)
    judged = list(judge_real(given.real, given.labels, names))
    print_ceilings(judged)
    print_reliability(judged)
    if given.fit:
        report_fit(judged, load_candidate_weights(real_pages.VOCABULARY))
    return 0


if __name__ == "__main__":
    sys.exit(main())
