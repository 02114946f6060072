"""Answer many cells at once by each policy, and find which source drives an answer."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from math import exp, lgamma, log
from sys import float_info

import numpy as np

from pipeline.reconcile.estimate.averages import (
    hartung_knapp,
    paule_mandel,
    pdg_average,
    student_interval,
)
from pipeline.reconcile.estimate.scaled_figures import Floats, Ints
from pipeline.reconcile.settle.independent_figures import IndependentFigures
from pipeline.reconcile.settle.policies import PUBLISHED, Policies

LEVEL = 0.95
Z95 = 1.959964
EPSILON = float_info.epsilon  # a term that is less of the sum no longer changes it


@dataclass(frozen=True)
class PolicyEstimates:
    """One element per cell, on logs; not a number where the policy has no answer."""

    centre: Floats
    low: Floats
    high: Floats


def answer_by_policy(
    policy: str, figures: IndependentFigures, policies: Policies
) -> PolicyEstimates:
    """Return what a policy makes of the independent figures of each cell."""
    if not figures.count:
        return PolicyEstimates(*(np.empty(0),) * 3)
    if policy in PUBLISHED:
        first = figures.y[figures.start]
        none = np.full(figures.count, np.nan)
        return PolicyEstimates(first, none, none)
    found = {
        "analyst-composite": answer_by_composite,
        "median-of-independents": answer_by_median,
        "random-effects": answer_by_random_effects,
    }[policy](figures)
    # The median of two is their mean, and of two figures the spread between sources
    # cannot be told from their errors.
    few = figures.n < policies.least_figures(policy)
    parts = (found.centre, found.low, found.high)
    return PolicyEstimates(*(np.where(few, np.nan, part) for part in parts))


def answer_by_composite(figures: IndependentFigures) -> PolicyEstimates:
    """Return the mean by the inverse of widened errors: matched, aged, weighted."""
    # A match of weight 0 (`match_none`) has an infinite error: it is no figure of this
    # occupation.
    counted = np.isfinite(figures.widened_error)
    cells = figures.cell[counted]
    found = pdg_average(
        figures.aged_log[counted], figures.widened_error[counted], cells
    )
    # `pdg_average` gives no rows for cells after the last with a figure that counts.
    short = figures.count - len(found.mean)
    centre, error = (np.append(part, np.full(short, np.nan))
                     for part in (found.mean, found.error))  # fmt: skip
    return PolicyEstimates(centre, centre - Z95 * error, centre + Z95 * error)


def answer_by_median(figures: IndependentFigures) -> PolicyEstimates:
    """Return the middle figure, each source once, with bounds by order."""
    order = np.lexsort((figures.y, figures.cell))
    y, start, n = figures.y[order], figures.start, figures.n
    centre = (y[start + (n - 1) // 2] + y[start + n // 2]) / 2
    # Once for each size that there is, and not for all up to the largest.
    sizes, of_size = np.unique(n, return_inverse=True)
    place = np.array([median_bound_steps(int(k)) for k in sizes])[of_size]
    return PolicyEstimates(centre, y[start + place], y[start + n - 1 - place])


@cache
def median_bound_steps(n: int) -> int:
    """Return how far from the ends the bounds of a median of n figures are.

    The sign test: the largest step at which both tails together have at most 5 %; 0,
    the ends themselves, where there are too few figures for any.
    """
    # How likely it is that so few of n figures lie below the true median grows with
    # their number: by halves, as there may be a million figures.
    most = (1 - LEVEL) / 2
    return max(bisect_right(range(n // 2), most, key=lambda k: sign_tail(n, k)) - 1, 0)


def sign_tail(n: int, most: int) -> float:
    """Return how likely at most so many heads of n fair coins are; below n / 2."""
    # By logs, as the likeliness of no head at all is 0.0 to the machine from 1,075
    # coins on; and downwards, each term a known share of the one before it.
    logs = lgamma(n + 1) - lgamma(most + 1) - lgamma(n - most + 1) - n * log(2)
    total = term = exp(logs)
    for k in range(most, 0, -1):
        term *= k / (n - k + 1)
        total += term
        if term <= total * EPSILON:
            break
    return total


def answer_by_random_effects(figures: IndependentFigures) -> PolicyEstimates:
    """Return Paule-Mandel's mean with the interval of Hartung and Knapp."""
    found = paule_mandel(figures.y, figures.s, figures.cell)
    error = hartung_knapp(figures.y, figures.s, found.tau2, figures.cell)
    low, high = student_interval(found, error)
    return PolicyEstimates(found.mean, low, high)


def leave_one_out(
    policy: str, figures: IndependentFigures, policies: Policies
) -> tuple[Floats, Ints]:
    """Find the largest change of the answer when one source is left out.

    Returns:
        By cell |ratio less one|, not a number where nothing is left or the rest gives
        no answer; and the place of the source that makes it, the first among equals.
    """
    n, start = figures.n, figures.start
    shift = np.full(figures.count, np.nan)
    driver = start.copy()
    many = np.flatnonzero(n > 1)
    if not many.size:
        return shift, driver
    # All cells without each of their figures in one call: a loop over sources would
    # call the policy once for each.
    rows, cells, owner, out = drop_each_figure(n[many], start[many])
    rest = answer_by_policy(policy, figures.select_rows(rows, cells), policies).centre
    whole = answer_by_policy(policy, figures, policies).centre[many][owner]
    moved = np.abs(np.expm1(rest - whole))
    # Rounded, so that equal changes tie whatever the order of summing; then the first
    # source is named.
    known = np.where(np.isnan(moved), -1.0, moved.round(9))
    best = np.lexsort((out, -known, owner))
    first = best[np.concatenate([[True], np.diff(owner[best]) > 0])]
    shift[many] = np.where(known[first] < 0, np.nan, moved[first])
    driver[many] = out[first]
    return shift, driver


def drop_each_figure(n: Ints, start: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Repeat every cell once for each of its figures, without that figure.

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
