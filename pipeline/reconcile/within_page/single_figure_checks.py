"""Find figures that are wrong by themselves: inverted ranges, pay below the minimum."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pipeline.reconcile.evidence.matching import MatchTolerances
from pipeline.reconcile.within_page.comparison_words import ComparisonPhrases
from pipeline.reconcile.within_page.placed_fact import PlacedFact

Row = Mapping[str, Any]
# Matches `48,780` and `24.59`.
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
LIKE_SIZE = Decimal("2.5")  # times: figures this near are of one size
LEAST_YEAR = Decimal(1000)  # currency a year: less is by the hour, or in thousands
LEAST_PAY = Decimal(100)  # smaller ends may be in K or by the hour


def is_inverted_range(row: Row) -> bool:
    """Return whether a range runs from high to low, and no word says it should.

    Extraction puts the ends in order, so the quote is looked at.
    """
    low, high = row["annual_low"], row["annual_high"]
    if low is None or high is None:
        return False
    ends = [Decimal(n.replace(",", "")) for n in NUMBER.findall(row["quote"])]
    backwards = len(ends) == 2 and ends[0] > ends[1] >= LEAST_PAY
    # "$70,000 down to $50,000" is meant to run backwards.
    return low > high or (backwards and "down" not in row["quote"])


def is_below_minimum(
    fact: PlacedFact, words: ComparisonPhrases, measures: MatchTolerances
) -> bool:
    """Return whether pay is below the legal minimum of a full-time year.

    Not of words without a digit ("a few thousand dollars"), of people of whom something
    was not understood, or of part of a year; nor where it would be too little by the
    hour as well: that is a step, and no level.
    """
    row, amount = fact.row, fact.row["annual"]
    return (
        amount is not None
        and row["currency"] == "USD"
        and row["area_level"] != "foreign"
        and row["occupation"] is not None
        and any(c.isdigit() for c in row["quote"])
        and not row.get("unread")
        and row["period"] not in ("hour", "day")
        and 0 < amount < measures.least_year
        and row["as_published"] * Decimal(measures.units["hour"]) >= measures.least_year
        and not words.has_phrase("part_of_year", fact.sentence)
    )


def is_above_maximum(row: Row, measures: MatchTolerances) -> bool:
    """Return whether pay by the hour would make a year that no occupation has.

    "$1,750 an hour" stands for $17.50.
    """
    ends = [row["annual"], row["annual_low"]]
    return (
        row["currency"] == "USD"
        and row["occupation"] is not None
        and row["period"] == "hour"
        and any(amount is not None and amount > measures.most_year for amount in ends)
    )


def list_neighbours(fact: PlacedFact, levels: Sequence[PlacedFact]) -> list[PlacedFact]:
    """Return other pay of the pay period and currency that is of like size.

    Rates of $500 to $900 an hour beside each other are what lawyers bill, and $4,900 a
    year beside $8,100 and $10,700 what mayors of villages get. A rate by the hour that
    is called a year's has no such excuse.
    """
    own = find_least(fact)
    if fact.row["period"] == "year" and own < LEAST_YEAR:
        return []
    return [
        other
        for other in levels
        if other is not fact
        and other.row["period"] == fact.row["period"]
        and other.row["currency"] == fact.row["currency"]
        and own / LIKE_SIZE <= find_least(other) <= own * LIKE_SIZE
        and other.row["quote"] != fact.row["quote"]
    ]


def find_least(fact: PlacedFact) -> Decimal:
    """Return the one amount of a figure, or its lower end; 0 where it has none."""
    return Decimal(fact.amount or fact.row.get("low") or 0)
