"""Match a quoted figure with a published cell: to the dollar, rounded, or converted."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from pipeline.reconcile.evidence.matching import (
    MatchTolerances,
    grain_of_amount,
    match_amounts,
)
from pipeline.reconcile.evidence.references import Reference
from pipeline.reconcile.verdict.quoted_ranges import convert_to_period

Row = Mapping[str, Any]
CENTS = re.compile(r"\d[.,]\d\d(?!\d)")
PUBLISHED_PERIODS = ("year", "hour")


def is_fine(row: Row, measures: MatchTolerances) -> bool:
    """Return whether a match with another cell would hardly be by chance."""
    if row["as_published"] is None:
        return False
    # `$45.00` is written to the cent, as rates are published.
    if CENTS.search(row["quote"]):
        return True
    hourly = row["period"] == "hour"
    bound = measures.discriminating_hourly if hourly else measures.discriminating_grain
    grain = grain_of_amount(Decimal(row["as_published"]), measures)
    # "Around $48,780" is written to the last digit, whatever the page says of it.
    return grain <= (measures.finest if row["approximate"] else bound)


def is_exact(row: Row, reference: Reference) -> bool:
    """Return whether a figure is a cell's own number, in the cell's own period."""
    same = row["period"] == reference.period
    return bool(same and row["as_published"] == reference.amount)


def match_cell(
    row: Row, reference: Reference, measures: MatchTolerances, *, alone: bool
) -> str | None:
    """Return `exact`, `rounded` or None: how a figure is a cell's.

    Args:
        row: A draft figure with one amount.
        reference: A cell of the question.
        measures: Grains and bounds.
        alone: The publisher's cell of the figure's own pay period is not at hand.
    """
    published = convert_to_period(row, reference)
    if published is None:
        return None
    quoted = Decimal(row["as_published"])
    converted = row["period"] != reference.period
    if converted and row["period"] in PUBLISHED_PERIODS:
        return _match_twin(row, quoted, published, measures, alone=alone)
    return match_amounts(
        quoted,
        published,
        measures,
        approximate=row["approximate"],
        converted=converted,
        hourly=row["period"] == "hour",
    )


def _match_twin(
    row: Row,
    quoted: Decimal,
    published: Decimal,
    measures: MatchTolerances,
    *,
    alone: bool,
) -> str | None:
    """Match a year with an hour's pay, or the reverse, as far as rounding goes."""
    # A publisher gives both: with its own at hand, only a figure that the page made
    # itself, which no multiple of ten dollars is, may be off by what rounding leaves.
    made = row["period"] == "year" and quoted % measures.finest != 0
    near = abs(quoted - published) <= measures.twin_slack[row["period"]]
    if near and (alone or made):
        return "exact" if alone else "rounded"
    if quoted == published:
        return "exact"
    how = match_amounts(
        quoted,
        published,
        measures,
        approximate=row["approximate"],
        hourly=row["period"] == "hour",
    )
    return how if alone or row["approximate"] or not is_fine(row, measures) else None


def find_match(
    row: Row, cells: Iterable[Reference], measures: MatchTolerances
) -> tuple[Reference, str] | None:
    """Return the first cell that a figure matches, exactly before rounded, or None.

    Args:
        row: A draft figure with one amount.
        cells: Of one question and year, the likeliest first.
        measures: Grains and bounds.
    """
    known = list(cells)
    alone = not any(r.period == row["period"] and r.amount is not None for r in known)
    found = [
        (how, row["period"] != r.period, place, r)
        for place, r in enumerate(known)
        if (how := match_cell(row, r, measures, alone=alone)) is not None
    ]
    best = min(found, key=lambda f: f[:3], default=None)
    return (best[3], best[0]) if best else None
