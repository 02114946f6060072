"""Contradictions inside one page: what it says twice, and what cannot be true.

Two figures of a page contradict each other only when the page asks one question
twice: same occupation, area, people, pay basis, publisher and date.
"""

import re
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
    "area_key",
    "cohort",
    "pay_basis",
    "year",
    "currency",
)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
WHOLE = Decimal(100)
NEAR = 160  # characters: about a sentence
PLACE = re.compile(r"(?:xpath=(?P<path>[^;]+);)?char=(?P<start>\d+)")
LIST = re.compile(r"(.*/(?:table|ul|ol|dl)\[\d+\]).*", re.DOTALL)


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
        ),
        area_key=pl.when(pl.col("area_code").is_null()).then(
            pl.col("area").str.to_lowercase()
        ),
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
    """The range runs from high to low, and no word says that it is meant to.

    A reader puts the ends in order, so the quote is what tells.
    """
    low, high = row["annual_low"], row["annual_high"]
    if low is None or high is None:
        return False
    ends = [Decimal(n.replace(",", "")) for n in NUMBER.findall(row["quote"])]
    backwards = len(ends) == 2 and ends[0] > ends[1] >= WHOLE
    return low > high or (backwards and "down" not in row["quote"])


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
    """A higher percentile below a lower one; the widest crossing of each pair."""
    best: dict[str, tuple[Row, Row]] = {}
    for row in points(question):
        least, most = best.get(row["statistic"], (row, row))
        best[row["statistic"]] = (
            min(least, row, key=amount),
            max(most, row, key=amount),
        )
    ladder = [best[p] for p in PERCENTILES if p in best]
    for (_, a), (b, _) in combinations(ladder, 2):
        if a["annual"] > b["annual"]:
            yield Contradiction("percentile_order", (a, b), "percentiles_cross")


def amount(row: Row) -> tuple[Decimal, str]:
    """Sorts by yearly pay, then by place."""
    return row["annual"], row["claim_id"]


def said_twice(
    question: list[Row], measures: Measures, agreement: Decimal
) -> Iterator[Contradiction]:
    """One statistic with another value than where the page first gives it."""
    first: dict[str, Row] = {}
    seen: set[tuple[str, Decimal, str]] = set()
    for row in sorted(points(question), key=lambda r: r["claim_id"]):
        value = (row["statistic"], row["as_published"], row["period"])
        if value in seen:
            continue
        seen.add(value)
        before = first.setdefault(row["statistic"], row)
        if before is row or beside(before, row):
            continue
        if differ(before, row, measures, agreement):
            forms = {r["locator"].startswith("script") for r in (before, row)}
            kind = "json_vs_text" if len(forms) == 2 else "internal_contradiction"
            yield Contradiction(kind, (before, row), "said_twice")


def beside(a: Row, b: Row) -> bool:
    """Two figures in one breath: a list, a table or a sentence sets them side by side.

    What a page says of one thing twice stands in two places; two figures side by side
    are two things, even where the words that tell them apart were not understood.
    """
    if a["period"] != b["period"]:
        return False
    places = [PLACE.match(row["locator"]) for row in (a, b)]
    if places[0] is None or places[1] is None:
        return False
    first, second = places[0], places[1]
    if first["path"] is not None or second["path"] is not None:
        lists = [
            LIST.sub(r"\1", place["path"] or "", count=1) for place in (first, second)
        ]
        return lists[0] == lists[1]
    return abs(int(first["start"]) - int(second["start"])) < NEAR


def differ(a: Row, b: Row, measures: Measures, agreement: Decimal) -> bool:
    """Two figures that cannot both be right, rounding allowed for."""
    gap = abs(a["annual"] - b["annual"])
    if a["period"] != b["period"]:
        return bool(gap > agreement * max(a["annual"], b["annual"]))
    step = max(grain(Decimal(r["as_published"]), measures) for r in (a, b))
    near = abs(a["as_published"] - b["as_published"]) < step
    loose = a["approximate"] or b["approximate"] or step > measures.finest
    return bool(gap > 0 and not (near and loose))


def outside(question: list[Row]) -> Iterator[Contradiction]:
    """A mean or median outside the range given for the same people."""
    bands = [r for r in question
              if r["annual_low"] is not None and r["annual_high"] is not None
              and r["annual_low"] <= r["annual_high"]]  # fmt: skip
    if not bands:
        return
    widest = (
        min(bands, key=lambda r: (r["annual_low"], r["claim_id"])),
        max(bands, key=lambda r: (r["annual_high"], r["claim_id"])),
    )
    for centre in points(question):
        low, high = widest[0]["annual_low"], widest[1]["annual_high"]
        if centre["statistic"] in ("mean", "median"):
            if centre["annual"] < low:
                yield Contradiction("average_outside_range", (centre, widest[0]), "out")
            elif centre["annual"] > high:
                yield Contradiction("average_outside_range", (centre, widest[1]), "out")
