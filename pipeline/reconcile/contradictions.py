"""Contradictions inside one page: what it says twice, and what cannot be true.

Two figures of a page contradict each other only when the page asks one question
twice: same occupation, area, people, pay basis, publisher and date.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, groupby
from typing import Any

import polars as pl

from pipeline.reconcile.likeness import Measures, grain

Row = Mapping[str, Any]
PERCENTILES = ("p10", "p25", "median", "p75", "p90")
CENTRES = ("mean", "median", "p10", "p25", "p75", "p90")
QUESTION = (
    "snapshot",
    "publisher",
    "soc_candidates",
    "occupation_key",
    "area_code",
    "cohort",
    "pay_basis",
    "year",
)


@dataclass(frozen=True)
class Contradiction:
    """Two or more figures of one page that cannot all be right."""

    type: str
    rows: tuple[Row, ...]
    why: str


def contradictions(
    draft: pl.DataFrame, measures: Measures, agreement: Decimal
) -> list[Contradiction]:
    """All contradictions inside the pages of a draft, in the order of the claims.

    Args:
        draft: Draft figures of pages (not of tables whose rules `validate` checks).
        measures: Rows of vocabularies/likeness.csv.
        agreement: Largest ratio between two figures that say the same.
    """
    keyed = draft.with_columns(
        occupation_key=pl.when(pl.col("soc_candidates").is_null()).then(
            pl.col("occupation").str.to_lowercase()
        )
    )
    rows = list(keyed.iter_rows(named=True))
    found = [Contradiction("range_inversion", (r,), "low_above_high")
             for r in rows if inverted(r)]  # fmt: skip
    found += [Contradiction("unit_slip", (r,), "below_minimum")
              for r in rows if too_little(r, measures)]  # fmt: skip
    for question in questions(rows):
        found += out_of_order(question)
        found += said_twice(question, measures, agreement)
        found += outside(question)
    return found


def inverted(row: Row) -> bool:
    """The range runs from high to low."""
    low, high = row["annual_low"], row["annual_high"]
    return low is not None and high is not None and low > high


def too_little(row: Row, measures: Measures) -> bool:
    """Less than the legal minimum of a full-time year: a digit or a unit is off."""
    amount = row["annual"]
    return (
        amount is not None
        and row["currency"] == "USD"
        and row["area_level"] != "foreign"
        and row["period"] not in ("hour", "day")
        and 0 < amount < measures.least_year
    )


def questions(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows that ask the same of the same page; two or more each."""

    def key(row: Row) -> tuple[str, ...]:
        return tuple(row[name] or "" for name in QUESTION)

    for _, group in groupby(sorted(rows, key=key), key=key):
        same = list(group)
        if len(same) > 1 and (same[0]["soc_candidates"] or same[0]["occupation_key"]):
            yield same


def points(rows: Iterable[Row]) -> list[Row]:
    """Rows with one amount of a defined statistic."""
    return [r for r in rows if r["annual"] is not None and r["statistic"] in CENTRES]


def out_of_order(question: list[Row]) -> Iterator[Contradiction]:
    """A higher percentile below a lower one."""
    ladder = [r for r in points(question) if r["statistic"] in PERCENTILES]
    ladder.sort(key=lambda r: PERCENTILES.index(r["statistic"]))
    for a, b in combinations(ladder, 2):
        if a["statistic"] != b["statistic"] and a["annual"] > b["annual"]:
            yield Contradiction("percentile_order", (a, b), "percentiles_cross")


def said_twice(
    question: list[Row], measures: Measures, agreement: Decimal
) -> Iterator[Contradiction]:
    """One statistic with two values, beyond the rounding of either."""
    for a, b in combinations(points(question), 2):
        if a["statistic"] != b["statistic"]:
            continue
        gap = abs(a["annual"] - b["annual"])
        if a["period"] == b["period"]:
            step = max(grain(Decimal(r["as_published"]), measures) for r in (a, b))
            same = abs(a["as_published"] - b["as_published"]) < step or gap == 0
            loose = a["approximate"] or b["approximate"] or step > measures.finest
            differ = not (same and loose) and gap > 0
        else:
            differ = gap > agreement * max(a["annual"], b["annual"])
        if differ:
            forms = {r["locator"].startswith("script") for r in (a, b)}
            kind = "json_vs_text" if len(forms) == 2 else "internal_contradiction"
            yield Contradiction(kind, (a, b), "said_twice")


def outside(question: list[Row]) -> Iterator[Contradiction]:
    """A mean or median outside the range given for the same people."""
    ranges = [r for r in question
              if r["annual_low"] is not None and r["annual_high"] is not None
              and r["annual_low"] <= r["annual_high"]]  # fmt: skip
    for centre in points(question):
        if centre["statistic"] not in ("mean", "median"):
            continue
        for band in ranges:
            if not band["annual_low"] <= centre["annual"] <= band["annual_high"]:
                yield Contradiction("average_outside_range", (centre, band), "outside")
