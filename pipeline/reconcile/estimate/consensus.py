"""Estimate each item's figure, with its interval, from claims of many sources.

For the question that no primary figure answers: what others quote, age, mistake and
model. A quotation is one of the primary's numbers (this or another year's, the median
or the mean …) or wrong; a publisher of its own figures has an offset and an error. How
often each happens, how pay grew, what statistics differ by and how far off a publisher
is are learned from the panel itself by expectation and maximisation, from the priors in
vocabularies/consensus.csv. Nothing is learned from the answers.

Copies have to be left out before: they are no further evidence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from pipeline.reconcile.estimate.panel_parameters import PanelParameters, PanelPriors
from pipeline.reconcile.estimate.parameter_updates import update_parameters
from pipeline.reconcile.estimate.posterior import Posterior, compute_posterior
from pipeline.reconcile.estimate.quoted_numbers import (
    PayUnits,
    PublishedNumber,
    Quote,
    group_quotes,
    repair_units,
)

ROUNDS = 10  # of expectation and maximisation
TICK = 1e-4  # on logs: figures near 50,000 are rounded to ten, so by 5 at most
HALVINGS = 30  # of the interval from 0.5 to 0.9999: to one in 10^9
LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """An item's figure, a 95 % interval and the probability within it."""

    item: str
    value: float
    low: float
    high: float
    mass: float


@dataclass(frozen=True)
class PanelItem:
    """What is known of one item: quoted numbers, and figures of publishers' own."""

    item: str
    quoted: tuple[PublishedNumber, ...]
    own: tuple[Quote, ...]


def estimate_by_consensus(
    claims: Iterable[Quote], *, year: int, priors: PanelPriors, units: PayUnits
) -> list[Estimate]:
    """Return the median of every item in a year, from what is said of it.

    Args:
        claims: Without copies. An item of which nothing usable is said has no
            estimate; one of which a single thing is said gets it, widely bounded.
        year: Asked; a claim of a later year is aged back.
        priors: What to expect before any figure is read.
        units: Pay units to look for.

    Returns:
        By item. Intervals hold the stated share of truths on average over the panel: an
        item that is all but certain holds more, and the others a little less.
    """
    evidence = gather_items(claims, units)
    if not evidence:
        return []
    labels, sources = collect_labels(evidence), collect_sources(evidence)
    beliefs = PanelParameters.from_priors(labels, sources, year, priors)
    found: list[Posterior] = []
    for _ in range(ROUNDS):
        witnesses = [
            [
                *map(beliefs.quoted_witness, e.quoted),
                *map(beliefs.own_witness, e.own),
            ]
            for e in evidence
        ]
        found = [compute_posterior(w) for w in witnesses]
        beliefs = update_parameters(beliefs, evidence, witnesses, found)
    return calibrate_intervals([e.item for e in evidence], found)


def gather_items(claims: Iterable[Quote], units: PayUnits) -> list[PanelItem]:
    """Sort claims by item, into one unit and one entry per quoted number."""
    # Sorted by every field, so that the order of the input cannot matter.
    order = sorted(
        claims, key=lambda s: (s.item, s.source, s.value, s.statistic, s.year, s.quotes)
    )
    found = []
    for item, group in groupby(order, key=lambda s: s.item):
        sound = repair_units(list(group), units)
        own = tuple(s for s in sound if not s.quotes)
        if sound:
            found.append(PanelItem(item, tuple(group_quotes(sound, units)), own))
    return found


def collect_labels(evidence: Sequence[PanelItem]) -> list[tuple[str, int]]:
    """Return everything that is said of a quoted number: statistic and year."""
    return sorted({label for e in evidence for n in e.quoted for label in n.labels})


def collect_sources(evidence: Sequence[PanelItem]) -> list[str]:
    """Return the publishers that have figures of their own."""
    return sorted({s.source for e in evidence for s in e.own})


def calibrate_intervals(
    items: Sequence[str], found: Sequence[Posterior]
) -> list[Estimate]:
    """Return medians and intervals; the panel's mean mass within them is 95 %."""
    # A posterior of few grid points holds more than its level says: the level is
    # lowered until the panel's mean is right.
    low, high = 0.5, 0.9999
    for _ in range(HALVINGS):
        level = (low + high) / 2
        mean = np.mean(
            [mass for *_, mass in (central_interval(f, level) for f in found)]
        )
        low, high = (level, high) if mean < LEVEL else (low, level)
    estimates = []
    for item, f in zip(items, found, strict=True):
        bottom, top, mass = central_interval(f, high)
        value, bottom, top = np.exp([f.quantile(0.5), bottom, top]).tolist()
        estimates.append(Estimate(item, value, bottom, top, mass))
    return estimates


def central_interval(found: Posterior, level: float) -> tuple[float, float, float]:
    """Return bounds with equal shares on both sides, and the mass within them.

    A bound is moved out by a hundredth of a percent, as figures are rounded to ten.
    """
    low = found.quantile((1 - level) / 2) - TICK
    high = found.quantile((1 + level) / 2) + TICK
    return low, high, found.mass_between(low, high)
