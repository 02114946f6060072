"""What slip turns a published figure into the quoted one: cheapest explanation first.

Pure functions of numbers: a quoted figure, the question it is meant to answer, and what
the publisher published of the occupation. An explanation is a cell and a way from it:

    the asked one, of another vintage, statistic or area     which cell
    as it is, rounded or cut, in another pay unit, mistyped  which way

and costs the sum of both (`cost_*` in vocabularies/likeness.csv). Three slips at once
are found, rounding aside. What only a coarse figure matches is `telling = False`: at
$1,000 some cell of a publisher matches by chance 39 times in 100.

    >>> from pathlib import Path
    >>> from pipeline.core.vocabulary import load
    >>> measures = Measures.of(load(Path("vocabularies")))
    >>> bls = Published.of([Cell("median", 2024, "US", 50250.0),
    ...                     Cell("median", 2025, "US", 51140.0),
    ...                     Cell("mean", 2025, "US", 56790.0)])
    >>> asked = Question("median", 2025, "US")
    >>> explanations(50250.0, asked, bls, measures)[0].kinds
    ('stale_vintage',)
    >>> explanations(24.59, asked, bls, measures)[0].detail
    'hour'
    >>> explanations(51410.0, asked, bls, measures)[0].detail
    'transposed'
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.reconcile.likeness import Measures
from pipeline.reconcile.mistyped import one_digit_off, swapped

CENT = 0.005
MOST = 3


@dataclass(frozen=True)
class Question:
    """What a quoted figure is said to be; year 0 where the page does not say."""

    statistic: str
    year: int
    area: str


@dataclass(frozen=True)
class Cell:
    """One published figure, in currency a year."""

    statistic: str
    year: int
    area: str
    annual: float


@dataclass(frozen=True)
class Published:
    """What a publisher published of one occupation, as one array to compare with."""

    cells: tuple[Cell, ...]
    annual: NDArray[np.float64]

    @classmethod
    def of(cls, cells: Iterable[Cell]) -> "Published":
        """Cells in one order, whatever the order they come in."""
        known = sorted(
            (c for c in cells if math.isfinite(c.annual) and c.annual > 0),
            key=lambda c: (-c.year, c.area, c.statistic, c.annual),
        )
        return cls(tuple(known), np.array([c.annual for c in known], np.float64))


@dataclass(frozen=True)
class Explanation:
    """A cell, and what happened on the way from it to the page.

    `kinds` are types of schemas/discrepancies.py, in alphabetical order; none where the
    figure is the asked one. `detail` is the pay unit (`hour`, `month`, `thousand` …),
    `transposed` or `typo`. `telling`: quoted finely enough that chance is small.
    """

    cost: float
    kinds: tuple[str, ...]
    cell: Cell
    detail: str | None
    telling: bool


@dataclass(frozen=True)
class Way:
    """A comparison with every cell at once: which of them it leads to."""

    kinds: tuple[str, ...]
    cost: float
    detail: str | None
    hits: NDArray[np.bool_]


def explanations(
    quoted: float, asked: Question, published: Published, measures: Measures
) -> tuple[Explanation, ...]:
    """Every explanation of at most three slips, cheapest first; none for no cell.

    Args:
        quoted: As the page has it, in the pay unit that it says (or a year).
        asked: Which cell the page says it is.
        published: The publisher's cells of the occupation.
        measures: Grains, factors and costs.
    """
    if not published.cells or not math.isfinite(quoted) or quoted <= 0:
        return ()
    found = [
        Explanation(
            cost=round(way.cost + away, 6),
            kinds=tuple(sorted({*way.kinds, *elsewhere})),
            cell=published.cells[i],
            detail=way.detail,
            telling=fine(quoted, way, measures),
        )
        for way in ways(quoted, published.annual, measures)
        for i in np.flatnonzero(way.hits)
        for away, elsewhere in [
            mismatch(asked, published.cells[i], published, measures)
        ]
        if slips(way.kinds, elsewhere) <= MOST
    ]
    found.sort(
        key=lambda e: (e.cost, -e.cell.year, e.kinds, e.cell.area, e.detail or "")
    )
    return tuple(found)


def slips(way: Sequence[str], elsewhere: Sequence[str]) -> int:
    """How many slips an explanation needs; rounding is none."""
    return len([k for k in (*way, *elsewhere) if k != "rounding"])


def mismatch(
    asked: Question, cell: Cell, published: Published, measures: Measures
) -> tuple[float, tuple[str, ...]]:
    """In what a cell is not the asked one, and what that costs."""
    year = asked.year or published.cells[0].year
    differ = (
        ("stale_vintage", cell.year != year),
        ("wrong_statistic", cell.statistic != asked.statistic),
        ("geography_mismatch", cell.area != asked.area),
    )
    kinds = tuple(kind for kind, holds in differ if holds)
    return sum(measures.costs[kind] for kind in kinds), kinds


def ways(
    quoted: float, annual: NDArray[np.float64], measures: Measures
) -> Iterator[Way]:
    """The comparisons, each with every cell."""
    costs = measures.costs
    yield Way((), costs["own_cell"], None, np.abs(annual - quoted) < CENT)
    grain = grain_of(quoted, measures)
    like = rounds_to(quoted, annual, grain, measures)
    yield Way(("rounding",), costs["rounded"], None, like)
    for name, factor in measures.units.items():
        for amount, half in ((quoted * factor, factor), (quoted / factor, 1 / factor)):
            step = half * last_place(quoted) / 2
            apart = step + float(measures.finest) / 2
            cents = half * CENT + float(measures.finest) / 2
            slack = np.maximum(annual * float(measures.factor_slack), cents)
            near = np.abs(annual - amount) <= np.minimum(apart, slack)
            yield Way(("unit_slip",), costs["unit_slip"], name, near)
            whole = round(amount)
            if abs(amount - whole) <= max(step, CENT):
                coarse = grain_of(whole, measures)
                like = rounds_to(whole, annual, coarse, measures) & ~near
                cost = costs["unit_slip"]
                both = cost + costs["rounded"]
                yield Way(("rounding", "unit_slip"), both, name, like)
                for way in mistyped(whole, annual, measures) if step < 1 else ():
                    kinds = (*way.kinds, "unit_slip")
                    yield Way(kinds, cost + way.cost, name, way.hits & ~near)
    yield from mistyped(quoted, annual, measures)


def mistyped(
    quoted: float, annual: NDArray[np.float64], measures: Measures
) -> Iterator[Way]:
    """One digit wrong or two neighbours swapped, of a cell or of a rounded one."""
    costs = measures.costs
    steps = [1.0, *(float(g) for g in measures.grains if g >= measures.telling)]
    for step in steps:
        base = np.floor(annual / step + 0.5) * step
        off = one_digit_off(quoted, base)
        swap = swapped(quoted, base)
        rounded = (base != annual) if step > 1 else np.zeros(annual.shape, np.bool_)
        for detail, hits in (("transposed", swap), ("typo", off)):
            cost = costs["digit_slip" if detail == "typo" else "transposition"]
            if step == 1:
                yield Way(("digit_slip",), cost, detail, hits)
            else:
                # A wrong digit seldom spares the zeros that rounding left.
                spared = abs(quoted % step) < CENT
                cost += costs["rounded"] * (1 + spared)
                yield Way(("digit_slip", "rounding"), cost, detail, hits & rounded)


def rounds_to(
    quoted: float, annual: NDArray[np.float64], grain: float, measures: Measures
) -> NDArray[np.bool_]:
    """Whether the quoted number is a cell rounded to its grain, or cut to it."""
    if grain <= float(measures.finest):
        return np.zeros(annual.shape, np.bool_)
    near = np.abs(np.floor(annual / grain + 0.5) * grain - quoted) < CENT
    if grain <= float(measures.coarsest_cut):
        near |= np.abs(np.floor(annual / grain) * grain - quoted) < CENT
    close = np.abs(annual - quoted) <= float(measures.within) * annual
    return near & close & (np.abs(annual - quoted) >= CENT)


def grain_of(quoted: float, measures: Measures) -> float:
    """Largest round number that divides the quoted one."""
    cents = round(quoted * 100)
    for grain in measures.grains:
        if cents % round(grain * 100) == 0:
            return float(grain)
    return float(measures.grains[-1])


def last_place(quoted: float) -> float:
    """Unit of the last digit that is written: 0.01 for 24.59."""
    text = f"{quoted:.6f}".rstrip("0")
    return 10.0 ** -len(text.partition(".")[2])


def fine(quoted: float, way: Way, measures: Measures) -> bool:
    """Quoted finely enough that a match with another cell is not by chance."""
    if "unit_slip" in way.kinds:
        return True
    return grain_of(quoted, measures) <= float(measures.telling)
