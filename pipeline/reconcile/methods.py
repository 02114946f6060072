"""What each policy answers for many cells at once, and which source drives it."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from pipeline.reconcile.estimate.averages import (
    hartung_knapp,
    interval,
    paule_mandel,
    pdg,
)
from pipeline.reconcile.estimate.stated import Floats, Ints
from pipeline.reconcile.policies import PUBLISHED, Policies
from pipeline.reconcile.voices import Voices

LEVEL = 0.95
Z95 = 1.959964


@dataclass(frozen=True)
class Answers:
    """One element per cell, on logs; not a number where the policy has no answer."""

    centre: Floats
    low: Floats
    high: Floats


def answers(policy: str, said: Voices, policies: Policies) -> Answers:
    """What a policy makes of the independent figures of each cell."""
    if not said.count:
        return Answers(*(np.empty(0),) * 3)
    if policy in PUBLISHED:
        first = said.y[said.start]
        none = np.full(said.count, np.nan)
        return Answers(first, none, none)
    found = {
        "analyst-composite": composite,
        "median-of-independents": median,
        "random-effects": random_effects,
    }[policy](said)
    few = said.n < policies.least(policy)
    parts = (found.centre, found.low, found.high)
    return Answers(*(np.where(few, np.nan, part) for part in parts))


def composite(said: Voices) -> Answers:
    """Matched, aged, weighted: the mean by the inverse of widened errors."""
    heard = np.isfinite(said.loose)
    cells = said.cell[heard]
    found = pdg(said.aged[heard], said.loose[heard], cells)
    short = said.count - len(found.mean)
    centre, error = (np.append(part, np.full(short, np.nan))
                     for part in (found.mean, found.error))  # fmt: skip
    return Answers(centre, centre - Z95 * error, centre + Z95 * error)


def median(said: Voices) -> Answers:
    """The middle figure, each source once; bounds by the order of the figures."""
    order = np.lexsort((said.y, said.cell))
    y, start, n = said.y[order], said.start, said.n
    centre = (y[start + (n - 1) // 2] + y[start + n // 2]) / 2
    place = np.array([steps(int(k)) for k in range(n.max() + 1)])[n]
    return Answers(centre, y[start + place], y[start + n - 1 - place])


@cache
def steps(n: int) -> int:
    """How far from the ends the bounds of a median stand: none below six figures."""
    chance, below, place = 0.5**n, 0.0, 0
    while below + chance <= (1 - LEVEL) / 2:
        below += chance
        place += 1
        chance *= (n - place + 1) / place
    return max(place - 1, 0) if n else 0


def random_effects(said: Voices) -> Answers:
    """Paule-Mandel's mean with the interval of Hartung and Knapp."""
    found = paule_mandel(said.y, said.s, said.cell)
    error = hartung_knapp(said.y, said.s, found.tau2, said.cell)
    low, high = interval(found, error)
    return Answers(found.mean, low, high)


def left_out(policy: str, said: Voices, policies: Policies) -> tuple[Floats, Ints]:
    """The largest change of the answer when one source is left out.

    Returns:
        By cell |ratio less one|, not a number where nothing is left or the rest gives
        no answer; and the place of the source that makes it, the first among equals.
    """
    n, start = said.n, said.start
    shift = np.full(said.count, np.nan)
    driver = start.copy()
    many = np.flatnonzero(n > 1)
    if not many.size:
        return shift, driver
    rows, cells, owner, out = without_one(n[many], start[many])
    rest = answers(policy, said.at(rows, cells), policies).centre
    whole = answers(policy, said, policies).centre[many][owner]
    moved = np.abs(np.expm1(rest - whole))
    known = np.where(np.isnan(moved), -1.0, moved.round(9))
    best = np.lexsort((out, -known, owner))
    first = best[np.concatenate([[True], np.diff(owner[best]) > 0])]
    shift[many] = np.where(known[first] < 0, np.nan, moved[first])
    driver[many] = out[first]
    return shift, driver


def without_one(n: Ints, start: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Every cell once for each of its figures, without that figure.

    Returns:
        Places of the figures that stay, and the number of their made cell; by made
        cell, the number of the cell it comes from and the place of what is left out.
    """
    owner = np.repeat(np.arange(len(n)), n)
    skip = np.arange(len(owner)) - np.repeat(np.cumsum(n) - n, n)
    size = n[owner]
    cells = np.repeat(np.arange(len(owner)), size)
    inner = np.arange(len(cells)) - np.repeat(np.cumsum(size) - size, size)
    keep = inner != skip[cells]
    rows = start[owner][cells] + inner
    return rows[keep], cells[keep], owner, start[owner] + skip
