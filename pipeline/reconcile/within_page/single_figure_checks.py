"""Figures that are wrong by themselves: ranges that run backwards, starvation pay."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pipeline.reconcile.evidence.matching import MatchTolerances

Row = Mapping[str, Any]
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
WHOLE = Decimal(100)


def is_inverted_range(row: Row) -> bool:
    """The range runs from high to low, and no word says that it is meant to.

    A reader puts the ends in order, so the quote is what tells.
    """
    low, high = row["annual_low"], row["annual_high"]
    if low is None or high is None:
        return False
    ends = [Decimal(n.replace(",", "")) for n in NUMBER.findall(row["quote"])]
    backwards = len(ends) == 2 and ends[0] > ends[1] >= WHOLE
    return low > high or (backwards and "down" not in row["quote"])


def is_below_minimum(row: Row, measures: MatchTolerances) -> bool:
    """Less than the legal minimum of a full-time year: a digit or a unit is off."""
    amount = row["annual"]
    return (
        amount is not None
        and row["currency"] == "USD"
        and row["area_level"] != "foreign"
        and row["occupation"] is not None
        and row["period"] not in ("hour", "day")
        and 0 < amount < measures.least_year
    )
