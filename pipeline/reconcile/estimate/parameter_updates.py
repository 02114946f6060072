"""Update what is believed of a panel from the posteriors of all its items.

Expectation and maximisation: `PanelParameters` make witnesses of numbers, their
posteriors come back, and `update_parameters` returns the parameters of the next round.
Prior spreads count as so many figures; offsets and growth are shrunk to their priors by
the priors' standard deviations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.reconcile.estimate.panel_parameters import (
    CENTRE,
    PanelParameters,
    prior_of_statistic,
)
from pipeline.reconcile.estimate.posterior import PanelWitness, Posterior
from pipeline.reconcile.estimate.quoted_numbers import Label, PublishedNumber, Quote
from pipeline.reconcile.estimate.scaled_figures import Floats

LEAST_WEIGHT = 1.0  # figures: of fewer a publisher's error cannot be told
PRIOR_OF_READING = 0.5  # figures that each possible reading of a label starts with
Sums = NDArray[np.float64]


class PanelItemLike(Protocol):
    """What `update_parameters` needs of an item."""

    @property
    def quoted(self) -> tuple[PublishedNumber, ...]:
        """Numbers of the primary's, as quoted."""

    @property
    def own(self) -> tuple[Quote, ...]:
        """Figures of publishers' own."""


def update_parameters(
    beliefs: PanelParameters,
    evidence: Sequence[PanelItemLike],
    witnesses: Sequence[Sequence[PanelWitness]],
    found: Sequence[Posterior],
) -> PanelParameters:
    """Return the parameters after one round of posteriors."""
    counts = {
        label: np.where(share > 0, PRIOR_OF_READING, 0.0)
        for label, share in beliefs.shares.items()
    }
    sums = np.zeros((len(beliefs.keys), 3))
    own = {source: np.zeros(3) for source in beliefs.bias}
    for item, seen, post in zip(evidence, witnesses, found, strict=True):
        moments = zip(post.weight, post.first, post.second, strict=True)
        for place, (w, moment) in enumerate(zip(seen, moments, strict=True)):
            right = w.key >= 0
            rows = np.column_stack(moment)
            if place < len(item.quoted):
                np.add.at(sums, w.key[right], rows[right])
                # A number that several pages quote is one number: its weight is divided
                # between their labels.
                labels = item.quoted[place].labels
                for label in labels:
                    np.add.at(counts[label], w.key, rows[:, 0] / len(labels))
            else:
                source = item.own[place - len(item.quoted)].source
                own[source] += rows[right].sum(0)
    moved = update_publishers(update_offsets(update_shares(beliefs, counts), sums), own)
    spread, ageing = update_spreads(beliefs, sums)
    return replace(moved, spread=spread, ageing=ageing)


def update_shares(
    beliefs: PanelParameters, counts: Mapping[Label, Floats]
) -> PanelParameters:
    """Return the parameters with how often each label is each key."""
    if not counts:
        return beliefs
    total = np.sum(list(counts.values()), axis=0)
    shares = {label: count / count.sum() for label, count in counts.items()}
    return replace(beliefs, shares=shares, usual=total / total.sum())


def update_offsets(beliefs: PanelParameters, sums: Sums) -> PanelParameters:
    """Return the parameters with growth of each year and offset of each statistic."""
    p = beliefs.priors
    growth, offset = dict(beliefs.growth), dict(beliefs.offset)
    for year in growth:
        away = abs(year - beliefs.year)
        if away:
            start = p["growth"] * (year - beliefs.year)
            at = [k for k, key in enumerate(beliefs.keys) if key[1] == year]
            growth[year] += parameter_step(beliefs, sums, at, start - growth[year],
                                 p["growth_sd"] * away)  # fmt: skip
    for statistic in offset:
        if statistic != CENTRE:
            start = prior_of_statistic(p, "offset", statistic)
            at = [k for k, key in enumerate(beliefs.keys) if key[0] == statistic]
            offset[statistic] += parameter_step(
                beliefs, sums, at, start - offset[statistic], p["offset_sd"]
            )
    return replace(beliefs, growth=growth, offset=offset)


def parameter_step(
    beliefs: PanelParameters, sums: Sums, at: Sequence[int], to_prior: float, sd: float
) -> float:
    """Return how far residuals of these keys and its prior move a parameter."""
    weight, pull = sd**-2, to_prior * sd**-2
    for k in at:
        statistic, year = beliefs.keys[k]
        variance = beliefs.spread[statistic] ** 2 + beliefs.ageing[year] ** 2
        if variance > 0:
            weight += sums[k, 0] / variance
            pull += sums[k, 1] / variance
    return float(pull / weight)


def update_spreads(
    beliefs: PanelParameters, sums: Sums
) -> tuple[dict[str, float], dict[int, float]]:
    """Return the spread of each statistic and of each year's ageing."""
    p = beliefs.priors
    spread, ageing = dict(beliefs.spread), dict(beliefs.ageing)
    for statistic in spread:
        at = [k for k, key in enumerate(beliefs.keys) if key[0] == statistic]
        # The median of the asked year is what all is measured against: it has neither
        # offset nor spread.
        if statistic != CENTRE and at:
            spread[statistic] = pool_spread(
                sums[at].sum(0),
                prior_of_statistic(p, "spread", statistic),
                p["prior_count"],
            )
    for year in ageing:
        away = abs(year - beliefs.year)
        if away and (CENTRE, year) in beliefs.keys:
            start = p["age_spread"] * away**0.5
            # Of medians alone, or the spread between statistics would count as that of
            # ageing.
            at = [beliefs.keys.index((CENTRE, year))]
            ageing[year] = pool_spread(sums[at].sum(0), start, p["prior_count"])
    return spread, ageing


def pool_spread(sums: Sums, start: float, count: float) -> float:
    """Return the root mean square of residuals, with so many of the prior's size."""
    weight, _, square = sums
    return float(np.sqrt((square + count * start**2) / (weight + count)))


def update_publishers(
    beliefs: PanelParameters, own: Mapping[str, Sums]
) -> PanelParameters:
    """Return the parameters with each publisher's offset and error."""
    p = beliefs.priors
    bias, error = dict(beliefs.bias), dict(beliefs.error)
    for source, (weight, first, second) in own.items():
        if weight < LEAST_WEIGHT:
            continue
        pull = weight / (weight + (error[source] / p["source_offset_sd"]) ** 2)
        move = first / weight * pull
        # Half of the usual prior: a publisher's error differs more than a year's does.
        count = p["prior_count"] / 2
        square = second - 2 * move * first + move**2 * weight
        bias[source] += float(move)
        error[source] = pool_spread(
            np.array([weight, 0.0, square]), p["source_spread"], count
        )
    return replace(beliefs, bias=bias, error=error)
