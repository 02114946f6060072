"""Hold the parameters of a panel: how often quotations are what, and how far off."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.estimate.posterior import PanelWitness
from pipeline.reconcile.estimate.quoted_numbers import Label, PublishedNumber, Quote
from pipeline.reconcile.estimate.scaled_figures import Floats

WRONG = -1  # the last place of `shares`, and the key of a wrong number
SMALLEST_SPREAD = 2e-5  # on logs: a dollar of 50,000
CENTRE = "median"
Row = tuple[float, float, float, int]


@dataclass(frozen=True)
class PanelPriors:
    """Rows of vocabularies/consensus.csv, by key."""

    rows: dict[str, float]

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> "PanelPriors":
        """Read vocabularies/consensus.csv."""
        table = vocabulary.read_table("consensus", "key", "value").select(
            "key", "value"
        )
        return cls({key: float(value) for key, value in table.rows()})

    def __getitem__(self, key: str) -> float:
        return self.rows[key]


@dataclass(frozen=True)
class PanelParameters:
    """Parameters of the panel; keys are what a quoted number may be.

    `shares[label][k]` is how often what is so labelled is key k, `usual[k]` how often
    anything is; the last place of both is for wrong ones. `offset` and `spread` are by
    statistic and by year, on logs against the asked year's median; `bias` and `error`
    by publisher.
    """

    priors: PanelPriors
    year: int
    keys: tuple[Label, ...]
    shares: dict[Label, Floats]
    usual: Floats
    offset: dict[str, float]
    spread: dict[str, float]
    growth: dict[int, float]
    ageing: dict[int, float]
    bias: dict[str, float]
    error: dict[str, float]

    @classmethod
    def from_priors(
        cls,
        labels: Sequence[Label],
        sources: Sequence[str],
        year: int,
        priors: PanelPriors,
    ) -> "PanelParameters":
        """Return the parameters of a panel of which nothing was read yet."""
        years = sorted({y for _, y in labels if y} | {year})
        keys = tuple(
            sorted({k for label in labels for k in possible_readings(label, years)})
        )
        statistics = sorted({s for s, _ in keys} | {CENTRE, "mean"})
        shares = {}
        for label in labels:
            may = np.array(
                [k in possible_readings(label, years) for k in keys], np.float64
            )
            right = (1 - priors["wrong"]) * may / may.sum()
            shares[label] = np.append(right, priors["wrong"])
        even = np.full(len(keys), 1 / max(len(keys), 1))
        return cls(
            priors=priors,
            year=year,
            keys=keys,
            shares=shares,
            usual=np.append(even, priors["wrong"]),
            offset={s: prior_of_statistic(priors, "offset", s) for s in statistics},
            spread={s: prior_of_statistic(priors, "spread", s) for s in statistics},
            growth={y: priors["growth"] * (y - year) for y in years},
            ageing={y: priors["age_spread"] * abs(y - year) ** 0.5 for y in years},
            bias=dict.fromkeys(sources, 0.0),
            error=dict.fromkeys(sources, priors["source_spread"]),
        )

    def quoted_witness(self, number: PublishedNumber) -> PanelWitness:
        """Return the readings of a quoted number: each key of its labels, or wrong."""
        share = self.usual.copy()
        for label in number.labels:
            # Bayes' rule over the labels: each is evidence for a key only by how much
            # more often it is given to it than any label is.
            share = share * self.shares[label] / np.maximum(self.usual, 1e-12)
        share[WRONG] *= number.chance
        allowed = np.flatnonzero(share[:-1] > 0)
        # A number rounded to a grain is off by grain / sqrt(12): the standard deviation
        # of an even spread.
        rounding_error = max(
            number.grain / math.sqrt(12) / number.value, SMALLEST_SPREAD
        )
        rounding_error = SMALLEST_SPREAD if number.grain <= 1 else rounding_error
        rows: list[Row] = []
        for k in allowed.tolist():
            statistic, year = self.keys[k]
            offset = self.offset[statistic] + self.growth[year]
            key_spread = math.hypot(self.spread[statistic], self.ageing[year])
            # The asked number itself has no residual, and so no tails.
            for part, times in self.residual_tails() if key_spread else [(1.0, 1.0)]:
                chance = float(share[k]) * part
                rows.append(
                    (chance, offset, math.hypot(key_spread * times, rounding_error), k)
                )
        rows += self.mistake_readings(float(share[WRONG]))
        return make_witness(math.log(number.value), rows)

    def own_witness(self, figure: Quote) -> PanelWitness:
        """Return the readings of a publisher's own figure: its offset, or far off."""
        p, error = self.priors, self.error[figure.source]
        offset = self.bias[figure.source] + self.offset[figure.statistic]
        offset += self.growth.get(figure.year, 0.0)
        rows = [((1 - p["own_wrong"]) * part, offset, error * times, 0)
                for part, times in self.residual_tails()]  # fmt: skip
        rows.append((p["own_wrong"], 0.0, p["wrong_far"], WRONG))
        return make_witness(math.log(figure.value), rows)

    def residual_tails(self) -> list[tuple[float, float]]:
        """Return the shares of usual and of wide residuals, and how wide each is."""
        tail = self.priors["tail_share"]
        return [(1 - tail, 1.0), (tail, self.priors["tail_times"])]

    def mistake_readings(self, share: float) -> list[Row]:
        """Return the readings of a wrong number: another area's, or mistyped."""
        p = self.priors
        # Neither mistake is known to be the commoner one.
        return [(share / 2, 0.0, p["wrong_near"], WRONG),
                (share / 2, 0.0, p["wrong_far"], WRONG)]  # fmt: skip


def possible_readings(label: Label, years: Sequence[int]) -> list[Label]:
    """Return what a quotation may be, as statistics with years.

    Where no year is said it may be any; an undated median may be a mean.
    """
    statistic, year = label
    kinds = [statistic] if year or statistic != CENTRE else [CENTRE, "mean"]
    return [(s, y) for s in kinds for y in ([year] if year else years)]


def prior_of_statistic(priors: PanelPriors, what: str, statistic: str) -> float:
    """Return a prior of a statistic; 0 for the median, which all are against."""
    return 0.0 if statistic == CENTRE else priors[f"{what}_{statistic}"]


def make_witness(x: float, rows: Sequence[Row]) -> PanelWitness:
    """Return a witness whose readings' shares sum to one."""
    share, offset, spread, key = (
        np.array(c, np.float64) for c in zip(*rows, strict=True)
    )
    return PanelWitness(x, share / share.sum(), offset, spread, key.astype(np.int64))
