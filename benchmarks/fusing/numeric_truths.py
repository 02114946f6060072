"""Truth discovery: one value per item, and how far each source is to be believed.

Which family fits is decided by what the claims are, not by which scores best: noisy
judgements of one quantity average (`mean`, `gaussian`, `crh` with squares); quotations
of published facts, copied and vandalised, are voted or ranked (`vote`, `median`, `crh`
with distances, `catd`, `accu`). Every function takes a `Panel` and returns a `Truth`.
Claims that are copies of others are left out before: with them, every iterative method
is worse than the median.
"""

from dataclasses import dataclass

import numpy as np

from benchmarks.fusing.claim_panel import Panel
from pipeline.reconcile.estimate.scaled_figures import Floats

STEPS = 20
CLOSE = 1e-9
LEAST = 1e-9
LEAST_SQUARE = 1e-6
TIE = 1e-9


@dataclass(frozen=True)
class Truth:
    """A value per item; a weight per source, higher for one better believed."""

    value: Floats
    weight: Floats


def mean(claims: Panel) -> Truth:
    """Every claim alike."""
    return Truth(claims.by_item(claims.value) / claims.count, alike(claims))


def median(claims: Panel) -> Truth:
    """The middle claim, or halfway between the middle two."""
    low = claims.start + (claims.count - 1) // 2
    high = claims.start + claims.count // 2
    return Truth((claims.value[low] + claims.value[high]) / 2, alike(claims))


def crh(claims: Panel, *, squares: bool = False, steps: int = STEPS) -> Truth:
    """Conflict resolution on heterogeneous data (Li et al. 2014).

    A source weighs -ln of its share of all sources' mean loss; a truth is the weighted
    median (or mean, with squares) of its item's claims. Loss is distance over the
    item's spread.
    """
    scale = 1 / claims.spread()
    value, weight = median(claims).value, alike(claims)
    each = claims.of_item(scale)
    said = np.maximum(claims.said, 1)
    for _ in range(steps):
        loss = claims.value - claims.of_item(value)
        loss = loss * loss * each if squares else np.abs(loss) * each
        share = np.maximum(claims.by_source(loss) / said, LEAST)
        weight = -np.log(share / share.sum())
        before = value
        value = weighted(claims, weight, squares=squares)
        if np.abs(value - before).max(initial=0.0) <= CLOSE:
            break
    return Truth(value, weight)


def catd(claims: Panel, *, level: float = 0.05, steps: int = STEPS) -> Truth:
    """Confidence-aware truth discovery (Li et al. 2015), with the weighted median.

    A source weighs the lower `level / 2` quantile of chi2 with as many degrees of
    freedom as it made claims, over its sum of squared losses: one that said little is
    not trusted for having been right once. The weighted mean of the paper is destroyed
    by one source in another unit.
    """
    from scipy.special import chdtri

    scale = 1 / claims.spread()
    each = claims.of_item(scale)
    value, weight = median(claims).value, alike(claims)
    # chdtri asks for the upper tail.
    trust = chdtri(np.maximum(claims.said, 1), 1 - level / 2)
    for _ in range(steps):
        loss = (claims.value - claims.of_item(value)) * each
        weight = trust / np.maximum(claims.by_source(loss * loss), LEAST_SQUARE)
        before = value
        value = weighted(claims, weight, squares=False)
        if np.abs(value - before).max(initial=0.0) <= CLOSE:
            break
    return Truth(value, weight)


def gaussian(
    claims: Panel, *, alpha: float = 10.0, beta: float = 10.0, steps: int = 50
) -> Truth:
    """Gaussian truth model (Zhao and Han 2012): a variance per source, by EM.

    Truths have a standard normal prior around their item's median, in units of its
    spread; a source's variance has an inverse gamma prior. Needs sound units first.
    """
    scale, centre = claims.spread(), median(claims).value
    x = (claims.value - claims.of_item(centre)) / claims.of_item(scale)
    variance, truth = alike(claims), np.zeros(len(claims.count))
    for _ in range(steps):
        sharp = 1 / variance[claims.source]
        truth = claims.by_item(x * sharp) / (1 + claims.by_item(sharp))
        square = claims.by_source((x - claims.of_item(truth)) ** 2)
        before = variance
        variance = (2 * beta + square) / (2 * (alpha + 1) + claims.said)
        if np.allclose(variance, before, rtol=0, atol=CLOSE):
            break
    return Truth(truth * scale + centre, 1 / variance)


def weighted(claims: Panel, weight: Floats, *, squares: bool) -> Floats:
    """Weighted mean of each item's claims, or their weighted median."""
    if not squares:
        return weighted_median(claims, weight[claims.source])
    each = weight[claims.source]
    return claims.by_item(each * claims.value) / claims.by_item(each)


def weighted_median(claims: Panel, weight: Floats) -> Floats:
    """First claim at which half of its item's weight is reached (lower median).

    Half is reached within TIE of it, so that rounding cannot decide between two claims
    of equal weight. Where nothing weighs anything, every claim weighs the same.

    Args:
        claims: At least one an item.
        weight: Of each claim, none below zero.
    """
    total = claims.by_item(weight)
    if not total.all():
        none = claims.of_item(total) == 0
        weight = np.where(none, 1.0, weight)
        total = claims.by_item(weight)
    last = claims.start + claims.count - 1
    running = np.cumsum(weight * claims.of_item(1 / total))
    before = np.where(claims.start > 0, running[claims.start - 1], 0.0)
    place = np.searchsorted(running, before + 0.5 - TIE)
    middle: Floats = claims.value[np.clip(place, claims.start, last)]
    return middle


def alike(claims: Panel) -> Floats:
    """A weight of one for every source."""
    return np.ones(len(claims.said))
