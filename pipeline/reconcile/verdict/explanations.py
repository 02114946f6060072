"""List what can explain a figure that is not its own cell's, cheapest first.

Only what the page itself names is tried: other years and statistics of the row, other
places, people and occupations that stand on the page, the whole country, and slips of
the hand: a pay period, a year of 2,000 hours, swapped or wrong digits. Another cell
explains a figure only to the last digit of a finely quoted one: at $1,000 some cell
matches by chance 39 times in 100.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.reconcile.evidence.matching import (
    MatchTolerances,
    find_unit_factor,
    is_digit_slip,
)
from pipeline.reconcile.evidence.references import INDUSTRY, Reference
from pipeline.reconcile.verdict.asked_question import POINTS, AskedQuestion
from pipeline.reconcile.verdict.cell_match import is_exact, is_fine
from pipeline.reconcile.verdict.quoted_ranges import (
    convert_to_period,
    distance_sort_key,
)

Row = Mapping[str, Any]
# Kind of explanation to the field of the page that it says is wrong.
DECIDING = {
    "stale_vintage": "reference_period",
    "wrong_statistic": "statistic",
    "geography_mismatch": "area",
    "population_mismatch": "industry",
    "occupation_mismatch": "occupation",
    "pay_concept_mismatch": "pay_basis",
    "unit_slip": "period",
    "digit_slip": "value",
    "misquote": "value",
}


@dataclass(frozen=True)
class Explanation:
    """What may have happened between a cell and the page.

    Args:
        kind: A type of `schemas.discrepancies`.
        reference: The cell that it is of.
        cost: The cheapest wins.
    """

    kind: str
    reference: Reference
    cost: float


def list_explanations(
    asked: AskedQuestion,
    named: Sequence[Reference],
    others: Iterable[Reference],
    measures: MatchTolerances,
) -> list[Explanation]:
    """Return what explains a figure, cheapest first; last that nothing does.

    Args:
        asked: The figure's question.
        named: Its own cells of the year that counts.
        others: Cells of the other occupations that the page names.
        measures: Grains, factors, costs.
    """
    year = named[0].year if named else asked.year
    found = [
        *_find_in_row(asked, year, measures),
        *_find_elsewhere(asked, year, others, measures),
        *_find_slips(asked, named, measures),
    ]
    return sorted(found, key=lambda e: (e.cost, e.kind, e.reference.claim_id))


def _find_in_row(
    asked: AskedQuestion, year: int | None, measures: MatchTolerances
) -> Iterator[Explanation]:
    """Yield the newest other vintage, and another statistic of the year."""
    row, costs = asked.row, measures.costs
    if not is_fine(row, measures):
        return
    old = [r for r in asked.own if r.year != year and is_exact(row, r)]
    other = [
        r
        for r in asked.of_year(asked.here, year)
        if r.statistic in POINTS
        and r.statistic not in asked.statistics
        and is_exact(row, r)
    ]
    old.sort(key=lambda r: (r.year, r.claim_id), reverse=True)
    for kind, cells in (("stale_vintage", old), ("wrong_statistic", other)):
        for reference in cells[:1]:
            yield Explanation(kind, reference, costs[kind])


def _find_elsewhere(
    asked: AskedQuestion,
    year: int | None,
    others: Iterable[Reference],
    measures: MatchTolerances,
) -> Iterator[Explanation]:
    """Yield the cell of one other place, people or occupation that the page names."""
    row, costs = asked.row, measures.costs
    if not is_fine(row, measures):
        return
    # One difference alone: a cell of another place and other people at once is one of
    # so many that one of them matches by chance.
    alike = [r for r in asked.of_year(asked.cells, year)
             if r.statistic in asked.statistics and is_exact(row, r)]  # fmt: skip
    for r in alike:
        here, same = r.area_code == row["area_code"], asked.is_same_people(r)
        if same and not here:
            yield Explanation("geography_mismatch", r, costs["named_place"])
        # Another industry is not what the page names: `of_industries` asked for those.
        elif here and not same and not r.cohort.startswith(INDUSTRY):
            yield Explanation("population_mismatch", r, costs["population_mismatch"])
    for r in list_exact_here(asked, year, asked.of_other_basis):
        if asked.is_same_people(r):
            yield Explanation("pay_concept_mismatch", r, costs["population_mismatch"])
    for r in list_exact_here(asked, year, others):
        if r.cohort == row["cohort"]:
            yield Explanation("occupation_mismatch", r, costs["occupation_mismatch"])


def list_exact_here(
    asked: AskedQuestion, year: int | None, cells: Iterable[Reference]
) -> list[Reference]:
    """Return the cells of a year that a figure is, of its own place and statistic."""
    return [
        r
        for r in cells
        if r.year == year
        and r.area_code == asked.row["area_code"]
        and r.statistic in asked.statistics
        and is_exact(asked.row, r)
    ]


def _find_slips(
    asked: AskedQuestion, named: Sequence[Reference], measures: MatchTolerances
) -> Iterator[Explanation]:
    """Yield slips of the hand from the asked cell itself; each is one more number."""
    row, costs = asked.row, measures.costs
    known = sorted(
        (r for r in named if r.annual), key=lambda r: distance_sort_key(row, r)
    )
    for reference in known:
        annual, amount = Decimal(row["annual"]), reference.annual or Decimal(0)
        if find_unit_factor(annual, amount, measures) or _is_short_year(
            row, reference, measures
        ):
            yield Explanation("unit_slip", reference, costs["unit_slip"])
            break
    for reference in known[:1]:
        published = convert_to_period(row, reference) or Decimal(0)
        slip = is_digit_slip(Decimal(row["as_published"]), published)
        own = row["period"] == reference.period
        kind = "digit_slip" if slip and own else "misquote"
        yield Explanation(kind, reference, costs["misquote"])


def _is_short_year(row: Row, reference: Reference, measures: MatchTolerances) -> bool:
    """Whether a year was made of a published hour by 2,000 hours, or the reverse."""
    if {row["period"], reference.period} != {"year", "hour"} or not reference.amount:
        return False
    quoted = Decimal(row["as_published"])
    hour, year = sorted((quoted, reference.amount))
    return abs(hour * measures.short_year - year) <= measures.finest / 2
