"""Truth discovery by votes: the value that is said most, by those who are right most.

For claims that quote one published number: a value is right or wrong, and how far off
a wrong one is tells nothing.
"""

from dataclasses import dataclass

import numpy as np

from benchmarks.fusing.claim_panel import Panel
from benchmarks.fusing.numeric_truths import Truth, alike, median
from pipeline.reconcile.estimate.scaled_figures import Floats, Ints

STEPS = 30
CLOSE = 1e-5
START = 0.8
LOWEST, HIGHEST = 0.01, 0.99
TIE = 1e-9


@dataclass(frozen=True)
class Ballot:
    """The distinct values of each item: `of` is the place of each claim's value."""

    of: Ints
    item: Ints
    value: Floats

    def count(self, weight: Floats) -> Floats:
        """Sum of the weights of the claims that say a value."""
        return np.bincount(self.of, weight, len(self.value)).astype(np.float64)

    def winners(self, score: Floats, centre: Floats) -> Floats:
        """The best value of each item; of equals, the nearest to its centre."""
        off = np.abs(self.value - centre[self.item])
        order = np.lexsort((self.value, off, -np.round(score / TIE) * TIE, self.item))
        first = np.ones(len(order), np.bool_)
        first[1:] = np.diff(self.item[order]) > 0
        return self.value[order][first]


def ballot(claims: Panel) -> Ballot:
    """Claims by value; a `Panel` is sorted so that equal ones are neighbours."""
    new = np.ones(len(claims.value), np.bool_)
    new[1:] = (np.diff(claims.item) > 0) | (np.diff(claims.value) > 0)
    return Ballot(np.cumsum(new) - 1, claims.item[new], claims.value[new])


def vote(claims: Panel) -> Truth:
    """The most frequent value; of equals, the nearest to the median."""
    box = ballot(claims)
    score = box.count(np.ones(len(claims.value)))
    return Truth(box.winners(score, median(claims).value), alike(claims))


def accu(claims: Panel, *, wrong: float | None = None, steps: int = STEPS) -> Truth:
    """Votes by the log odds of each source's accuracy (Dong et al. 2009).

    Args:
        claims: One claim a source and item.
        wrong: How many wrong values an item has to offer; None counts those that
            there are on average among items in conflict.
        steps: At most.

    Returns:
        The most probable values; the weight of a source is its accuracy, 0.01 to 0.99.
    """
    box = ballot(claims)
    offers = wrong if wrong is not None else offered(claims, box)
    accuracy = np.full(len(claims.said), START)
    score = box.count(np.ones(len(claims.value)))
    for _ in range(steps):
        odds = np.log(offers * accuracy / (1 - accuracy))
        score = box.count(odds[claims.source])
        chance = shares(score, box, len(claims.count))
        right = claims.by_source(chance[box.of]) / np.maximum(claims.said, 1)
        before = accuracy
        accuracy = np.clip(right, LOWEST, HIGHEST)
        if np.allclose(accuracy, before, rtol=0, atol=CLOSE):
            break
    return Truth(box.winners(score, median(claims).value), accuracy)


def offered(claims: Panel, box: Ballot) -> float:
    """Mean number of values beside the right one, of items in conflict; 1 at least."""
    distinct = np.bincount(box.item, minlength=len(claims.count))
    several = distinct[distinct > 1]
    return max(float(several.mean()) - 1, 1.0) if several.size else 1.0


def shares(score: Floats, box: Ballot, items: int) -> Floats:
    """Each value's probability among its item's, from log odds."""
    best = np.full(items, -np.inf)
    np.maximum.at(best, box.item, score)
    odds = np.exp(score - best[box.item])
    total = np.bincount(box.item, odds, items)
    return np.asarray(odds / total[box.item], np.float64)
