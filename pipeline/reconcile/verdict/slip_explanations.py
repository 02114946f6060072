"""Explain which slips turn a published figure into the quoted one, cheapest first.

Pure functions of numbers: a quoted figure, the cell that it is said to be, and what
the publisher published of the occupation. An explanation is a cell and what happened
to its number:

    cell     the asked one, or one of another vintage, statistic or area
    number   as it is, rounded or cut, in another pay unit, mistyped

and costs the sum of both (`cost_*` in vocabularies/likeness.csv). Three slips at once
are found, rounding aside. A coarse figure has `is_discriminating = False`: at $1,000
some cell of a publisher matches by chance 39 times in 100.

No command calls it: `explanations.py`, which tries only what a page names, gives the
causes of today's verdicts. tests/test_slips.py and benchmarks/fusion_panel.py hold this
one to its figures.

    >>> from pathlib import Path
    >>> from pipeline.core.vocabulary import open_vocabulary
    >>> vocabulary = open_vocabulary(Path("vocabularies"))
    >>> measures = MatchTolerances.from_vocabulary(vocabulary)
    >>> bls = PublishedCells.from_cells([PublishedCell("median", 2024, "US", 50250.0),
    ...                     PublishedCell("median", 2025, "US", 51140.0),
    ...                     PublishedCell("mean", 2025, "US", 56790.0)])
    >>> asked = AskedCell("median", 2025, "US")
    >>> explain_slips(50250.0, asked, bls, measures)[0].kinds
    ('stale_vintage',)
    >>> explain_slips(24.59, asked, bls, measures)[0].detail
    'hour'
    >>> explain_slips(51410.0, asked, bls, measures)[0].detail
    'transposed'
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.reconcile.evidence.matching import MatchTolerances
from pipeline.reconcile.verdict.digit_errors import has_swapped_digits, is_one_digit_off

HALF_CENT = 0.005  # amounts nearer than this are equal: they are floats
MOST_SLIPS = 3  # in one explanation, rounding not counted


@dataclass(frozen=True)
class AskedCell:
    """What a quoted figure is said to be; year 0 where the page does not say."""

    statistic: str
    year: int
    area: str


@dataclass(frozen=True)
class PublishedCell:
    """One published figure, in currency a year."""

    statistic: str
    year: int
    area: str
    annual: float


@dataclass(frozen=True)
class PublishedCells:
    """What a publisher published of one occupation, as one array to compare with."""

    cells: tuple[PublishedCell, ...]
    annual: NDArray[np.float64]

    @classmethod
    def from_cells(cls, cells: Iterable[PublishedCell]) -> "PublishedCells":
        """Sort cells into one order, whatever the order they come in."""
        known = sorted(
            (c for c in cells if math.isfinite(c.annual) and c.annual > 0),
            key=lambda c: (-c.year, c.area, c.statistic, c.annual),
        )
        return cls(tuple(known), np.array([c.annual for c in known], np.float64))


@dataclass(frozen=True)
class SlipExplanation:
    """A cell, and what happened on the way from it to the page.

    `kinds` are types of schemas/discrepancies.py, in alphabetical order; none where the
    figure is the asked one. `detail` is the pay unit (`hour`, `month`, `thousand` …),
    `transposed` or `typo`. `is_discriminating`: quoted finely enough that chance is
    small.
    """

    cost: float
    kinds: tuple[str, ...]
    cell: PublishedCell
    detail: str | None
    is_discriminating: bool


@dataclass(frozen=True)
class CellComparison:
    """A comparison of the quoted number with every cell at once: which cells match."""

    kinds: tuple[str, ...]
    cost: float
    detail: str | None
    hits: NDArray[np.bool_]


def explain_slips(
    quoted: float,
    asked: AskedCell,
    published: PublishedCells,
    measures: MatchTolerances,
) -> tuple[SlipExplanation, ...]:
    """Return every explanation of at most three slips, cheapest first.

    Args:
        quoted: As the page has it, in the pay unit that it says (or a year).
        asked: Which cell the page says it is.
        published: The publisher's cells of the occupation.
        measures: Grains, factors and costs.
    """
    if not published.cells or not math.isfinite(quoted) or quoted <= 0:
        return ()
    found = [
        SlipExplanation(
            cost=round(way.cost + away, 6),
            kinds=tuple(sorted({*way.kinds, *elsewhere})),
            cell=published.cells[i],
            detail=way.detail,
            is_discriminating=is_finely_quoted(quoted, way, measures),
        )
        for way in compare_with_cells(quoted, published.annual, measures)
        for i in np.flatnonzero(way.hits)
        for away, elsewhere in [
            mismatch_cost(asked, published.cells[i], published, measures)
        ]
        if count_slips(way.kinds, elsewhere) <= MOST_SLIPS
    ]
    found.sort(
        key=lambda e: (e.cost, -e.cell.year, e.kinds, e.cell.area, e.detail or "")
    )
    return tuple(found)


def count_slips(way: Sequence[str], elsewhere: Sequence[str]) -> int:
    """Count the slips that an explanation needs; rounding is none."""
    return len([k for k in (*way, *elsewhere) if k != "rounding"])


def mismatch_cost(
    asked: AskedCell,
    cell: PublishedCell,
    published: PublishedCells,
    measures: MatchTolerances,
) -> tuple[float, tuple[str, ...]]:
    """Return what it costs that a cell is not the asked one, and in what it differs."""
    year = asked.year or published.cells[0].year
    differ = (
        # A newer release than the asked one is a wrong vintage as well.
        ("stale_vintage", cell.year != year),
        ("wrong_statistic", cell.statistic != asked.statistic),
        ("geography_mismatch", cell.area != asked.area),
    )
    kinds = tuple(kind for kind, holds in differ if holds)
    return sum(measures.costs[kind] for kind in kinds), kinds


def compare_with_cells(
    quoted: float, annual: NDArray[np.float64], measures: MatchTolerances
) -> Iterator[CellComparison]:
    """Yield the comparisons, each with every cell: own, rounded, unit, mistyped."""
    costs = measures.costs
    yield CellComparison(
        (), costs["own_cell"], None, np.abs(annual - quoted) < HALF_CENT
    )
    grain = grain_of_quoted(quoted, measures)
    like = is_rounded_cell(quoted, annual, grain, measures)
    yield CellComparison(("rounding",), costs["rounded"], None, like)
    for name, factor in measures.units.items():
        for amount, half in ((quoted * factor, factor), (quoted / factor, 1 / factor)):
            # How far the quoted number's own rounding goes once it is converted: half a
            # cent an hour is 10.40 a year.
            step = half * unit_of_last_digit(quoted) / 2
            apart = step + float(measures.finest) / 2
            # The publisher rounds hourly pay to the cent and yearly pay to ten.
            cents = half * HALF_CENT + float(measures.finest) / 2
            slack = np.maximum(annual * float(measures.factor_slack), cents)
            near = np.abs(annual - amount) <= np.minimum(apart, slack)
            yield CellComparison(("unit_slip",), costs["unit_slip"], name, near)
            whole = round(amount)
            if abs(amount - whole) <= max(step, HALF_CENT):
                coarse = grain_of_quoted(whole, measures)
                like = is_rounded_cell(whole, annual, coarse, measures) & ~near
                cost = costs["unit_slip"]
                both = cost + costs["rounded"]
                yield CellComparison(("rounding", "unit_slip"), both, name, like)
                # A mistyped number is looked for only where the conversion leaves every
                # digit known: multiplied by 2,080, the last ones are not.
                for way in (
                    compare_mistyped(whole, annual, measures) if step < 1 else ()
                ):
                    kinds = (*way.kinds, "unit_slip")
                    yield CellComparison(kinds, cost + way.cost, name, way.hits & ~near)
    yield from compare_mistyped(quoted, annual, measures)


def compare_mistyped(
    quoted: float, annual: NDArray[np.float64], measures: MatchTolerances
) -> Iterator[CellComparison]:
    """Yield comparisons with one digit wrong or two neighbours swapped."""
    costs = measures.costs
    steps = [
        1.0,
        *(float(g) for g in measures.grains if g >= measures.discriminating_grain),
    ]
    for step in steps:
        # Half is rounded up; numpy's own rounding goes to even.
        base = np.floor(annual / step + 0.5) * step
        off = is_one_digit_off(quoted, base)
        swap = has_swapped_digits(quoted, base)
        rounded = (base != annual) if step > 1 else np.zeros(annual.shape, np.bool_)
        for detail, hits in (("transposed", swap), ("typo", off)):
            cost = costs["digit_slip" if detail == "typo" else "transposition"]
            if step == 1:
                yield CellComparison(("digit_slip",), cost, detail, hits)
            else:
                # A wrong digit seldom spares the zeros that rounding left.
                spared = abs(quoted % step) < HALF_CENT
                cost += costs["rounded"] * (1 + spared)
                yield CellComparison(
                    ("digit_slip", "rounding"), cost, detail, hits & rounded
                )


def is_rounded_cell(
    quoted: float, annual: NDArray[np.float64], grain: float, measures: MatchTolerances
) -> NDArray[np.bool_]:
    """Return for each cell whether the quoted number is it, rounded or cut."""
    # Every OEWS annual figure is a multiple of ten: at that grain nothing was rounded.
    if grain <= float(measures.finest):
        return np.zeros(annual.shape, np.bool_)
    near = np.abs(np.floor(annual / grain + 0.5) * grain - quoted) < HALF_CENT
    if grain <= float(measures.coarsest_cut):
        near |= np.abs(np.floor(annual / grain) * grain - quoted) < HALF_CENT
    close = np.abs(annual - quoted) <= float(measures.rounded_within) * annual
    return near & close & (np.abs(annual - quoted) >= HALF_CENT)


def grain_of_quoted(quoted: float, measures: MatchTolerances) -> float:
    """Return the largest round number that divides the quoted one."""
    cents = round(quoted * 100)
    for grain in measures.grains:
        if cents % round(grain * 100) == 0:
            return float(grain)
    return float(measures.grains[-1])


def unit_of_last_digit(quoted: float) -> float:
    """Return the unit of the last digit that is written: 0.01 for 24.59."""
    text = f"{quoted:.6f}".rstrip("0")
    return 10.0 ** -len(text.partition(".")[2])


def is_finely_quoted(
    quoted: float, way: CellComparison, measures: MatchTolerances
) -> bool:
    """Return whether a match with another cell would hardly be by chance."""
    if "unit_slip" in way.kinds:
        return True
    return grain_of_quoted(quoted, measures) <= float(measures.discriminating_grain)
