"""Refit the weights of candidates, with whole pages left out.

A figure counts by one over the root of its page's figures. The weights start from those
in `vocabularies/candidate_weights.csv` and are held to them by `PULL`: what labels do
not deny stays as it was set by hand.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np

from pipeline.extract.candidates import Candidate, Relation
from pipeline.extract.ranking import rank_candidates, weigh_clue

PULL = 0.3
ROUNDS, STEP = 200, 0.1
FOLDS = 8
Tried = tuple[tuple[tuple[str, ...], bool, str], ...]


class JudgedField(Protocol):
    """What a fit needs to know of a field of a figure."""

    page: str
    field: str
    empty_right: bool
    candidates: Tried


def fit_weights(
    rows: Sequence[JudgedField], clues: Mapping[str, int], start: np.ndarray
) -> np.ndarray:
    """Return weights by clue under which the right values of rows are likelier.

    Args:
        rows: Of one field.
        clues: Place of each clue in the weights.
        start: Weights in log-odds to begin from, and to be held to.
    """
    of_page = Counter(row.page for row in rows)
    weights, speed, heat = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for _ in range(ROUNDS):
        slope = -PULL * (weights - start)
        for row in rows:
            add_slope(row, clues, weights, slope, 1 / math.sqrt(of_page[row.page]))
        speed = 0.9 * speed + 0.1 * slope
        heat = 0.99 * heat + 0.01 * slope**2
        weights = weights + STEP * speed / (np.sqrt(heat) + 1e-6)
    return weights


def add_slope(
    row: JudgedField, clues: Mapping[str, int], weights: np.ndarray,
    slope: np.ndarray, counts: float,
) -> None:  # fmt: skip
    """Add to the slope what one figure says of the weights."""
    if not row.empty_right and not any(ok for _, ok, _ in row.candidates):
        return  # the right value is no candidate: it says nothing of the ranking
    mass = [
        math.exp(min(20, sum(weights[clues[c]] for c in names)))
        for names, _, _ in row.candidates
    ]
    total = sum(mass) + 1.0
    right = sum(m for m, (_, ok, _) in zip(mass, row.candidates, strict=True) if ok)
    right = max(right + row.empty_right, 1e-12)
    for m, (names, ok, _) in zip(mass, row.candidates, strict=True):
        pull = counts * ((m / right if ok else 0.0) - m / total)
        for clue in names:
            slope[clues[clue]] += pull


def count_right(
    rows: Iterable[JudgedField], clues: Mapping[str, int], weights: np.ndarray
) -> int:
    """Count figures whose field the weights would choose rightly."""
    return sum(is_right(row, clues, weights) for row in rows)


def is_right(row: JudgedField, clues: Mapping[str, int], weights: np.ndarray) -> bool:
    """Return whether the weights choose a right value of a figure, or rightly none."""
    told = {("", clue): float(weights[at]) for clue, at in clues.items()}
    tried = [
        Candidate(value, Relation(names[0]), names[1:])
        for names, _, value in row.candidates
    ]
    best = rank_candidates(tried, row.field, told).candidate
    if best is None:
        return row.empty_right
    return best.value in {value for _, ok, value in row.candidates if ok}


def report_fit(
    judged: Sequence[JudgedField], by_hand: Mapping[tuple[str, str], float]
) -> None:
    """Print by field what the weights by hand get right, and refitted ones left out."""
    print(f"\n{'field':18s} {'figures':>8s} {'by hand':>8s} {'left out':>9s}")
    by_field: dict[str, list[JudgedField]] = defaultdict(list)
    for one in judged:
        if one.candidates:
            by_field[one.field].append(one)
    for name, rows in sorted(by_field.items()):
        clues = {c: i for i, c in enumerate(sorted(
            {c for row in rows for names, _, _ in row.candidates for c in names}
        ))}  # fmt: skip
        start = np.array([weigh_clue(clue, name, by_hand) for clue in clues])
        pages = sorted({row.page for row in rows})
        left_out = 0
        for fold in range(FOLDS):
            held = {*pages[fold::FOLDS]}
            fitted = fit_weights([r for r in rows if r.page not in held], clues, start)
            left_out += count_right([r for r in rows if r.page in held], clues, fitted)
        hand = count_right(rows, clues, start)
        print(f"{name:18s} {len(rows):8d} {hand:8d} {left_out:9d}")
