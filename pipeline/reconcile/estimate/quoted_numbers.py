"""Group claims of one item into published numbers: which quotations are of one number.

Who quotes the same published number is one witness to it, however many they are; that
two did so makes a mistake less likely. Quotations are of one number where the coarser
is the finer one rounded or cut, and where they do not state different labels for it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median_high

from pipeline.core.vocabulary import Vocabulary

GRAINS = (1000.0, 100.0, 10.0)
EQUAL_WITHIN = 0.02  # currency: a change of unit leaves fractions of a cent
ROUNDED_WITHIN = 0.02  # ratio: a rounded figure further off is another figure
LEAST_CHANCE = 5e-4  # floor of the chance that a wrong figure meets a number
Label = tuple[str, int]


@dataclass(frozen=True)
class Quote:
    """One claim: a figure a year of `item`, as `source` gives it.

    `year` is 0 where none is stated; `quotes`: it names the primary publisher, and so
    has a number of that publisher's, right or wrong; `sure`: it was read from that
    publisher itself.
    """

    item: str
    source: str
    value: float
    statistic: str
    year: int
    quotes: bool
    sure: bool = False


@dataclass(frozen=True)
class PublishedNumber:
    """A published number, as finely as anyone quotes it, and what is said of it.

    `chance`: how likely it is that wrong figures would agree by accident as these do; 0
    where the number was read from the primary itself.
    """

    value: float
    grain: float
    labels: tuple[Label, ...]
    chance: float


@dataclass(frozen=True)
class PayUnits:
    """How far off is another pay unit: vocabularies/consensus.csv and likeness.csv."""

    factors: tuple[float, ...]
    implausible: float
    plausible: float
    chance: float

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> "PayUnits":
        """Read the factors and ratios."""
        rows = vocabulary.read_table("likeness", "key", "value").select("key", "value")
        factors = tuple(float(v) for k, v in rows.rows() if k.startswith("factor_"))
        wide, near, chance = (
            float(vocabulary.read_number("consensus", key))
            for key in ("implausible", "plausible", "chance")
        )
        return cls(factors, wide, near, chance)


def repair_units(claims: Sequence[Quote], units: PayUnits) -> list[Quote]:
    """Return claims of one item in one pay unit: repaired by a factor, or left out.

    A claim far off the median of all (of two, the higher: pay by the hour is printed as
    a year's more often than the reverse) is held against pay by the hour, week and
    month; the factor that brings it nearest counts.
    """
    usable = [s for s in claims if math.isfinite(s.value) and s.value > 0]
    if not usable:
        return []
    centre = median_high(math.log(s.value) for s in usable)
    kept = []
    for s in usable:
        value = s.value
        if abs(math.log(value) - centre) > math.log(units.implausible):
            others = [value * f for f in units.factors]
            others += [value / f for f in units.factors]
            value = min(others, key=lambda v: abs(math.log(v) - centre))
            # No unit explains it: such a figure is no yearly pay of the item at all.
            if abs(math.log(value) - centre) > math.log(units.plausible):
                continue
        kept.append(replace(s, value=value))
    return kept


def group_quotes(claims: Sequence[Quote], units: PayUnits) -> list[PublishedNumber]:
    """Group quotations of one item by the number that they quote, finest first."""
    found: list[PublishedNumber] = []
    quotes = (s for s in claims if s.quotes)
    # Finest first: a coarse quote then finds the number that it rounds.
    order = sorted(quotes, key=lambda s: (grain_of_quote(s.value), s.value, s.source))
    for s in order:
        label, step = (s.statistic, s.year), grain_of_quote(s.value)
        for i, number in enumerate(found):
            if not contradicts_labels(label, number.labels) and is_same_number(
                s.value, step, number
            ):
                # How likely a wrong figure of this grain meets the number: one of as
                # many as there are in the range of wrong ones, `chance` times the
                # number.
                chance = max(step / (units.chance * number.value), LEAST_CHANCE)
                chance = 0.0 if s.sure else chance
                found[i] = replace(
                    number,
                    labels=(*number.labels, label),
                    chance=number.chance * chance,
                )
                break
        else:
            found.append(
                PublishedNumber(s.value, step, (label,), 0.0 if s.sure else 1.0)
            )
    return found


def grain_of_quote(value: float) -> float:
    """Return the largest of 1000, 100, 10 and 1 that divides a figure."""
    return next(
        (g for g in GRAINS if abs(value - round(value / g) * g) < EQUAL_WITHIN), 1.0
    )


def contradicts_labels(label: Label, labels: Sequence[Label]) -> bool:
    """Return whether two that name a year name another year or statistic."""
    return any(label[1] and other[1] and label != other for other in labels)


def is_same_number(value: float, step: float, number: PublishedNumber) -> bool:
    """Return whether the coarser figure is the number rounded or cut."""
    near = round(number.value / step) * step
    cut = math.floor(number.value / step) * step
    same = min(abs(near - value), abs(cut - value)) < EQUAL_WITHIN
    return same and abs(number.value / value - 1) < ROUNDED_WITHIN
