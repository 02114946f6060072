"""Hold lists of best or worst paying states against the primary source's ranking.

A list credited to a publisher is held against that publisher's places of that year; one
that names nobody and no date against the newest year that is loaded. What is tested is
which places were left out: a list of five must hold the five.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from pipeline.reconcile.within_page import Contradiction, PageFacts
from pipeline.reconcile.within_page.list_checks import list_heading
from pipeline.reconcile.within_page.placed_fact import PlacedFact

LEAST_LISTED = 3  # places: fewer are no list
LEAST_RANKED = 30  # states that the publisher has: of fewer no list can be judged
CLEARLY_APART = 1.01  # times: nearer than this the order is within the error
STATISTICS = ("mean", "median")
SHOWN = 3  # names in the sentence


def find_omitted_places(
    pages: Iterable[PageFacts], figures: pl.LazyFrame, official: frozenset[str]
) -> Iterator[Contradiction]:
    """Yield lists that leave out places which their source ranks above those listed."""
    for page in pages:
        for facts in page.groups.values():
            rows = [f for f in facts if is_state_figure(f, official)]
            kinds = [
                k
                for k in ("highest", "lowest")
                if rows and page.words.has_phrase(k, list_heading(rows[0], page))
            ]
            # A heading with both words ("highest and lowest paying states") does not
            # say which end the list is of.
            if len(kinds) != 1 or len({f.area_key for f in rows}) < LEAST_LISTED:
                continue
            ranks = rank_states(rows[0].row, figures, official, kinds[0])
            if (found := describe_omitted(rows, ranks)) is not None:
                yield Contradiction("rank_contradiction", tuple(f.row for f in rows),
                                    "left_out", found)  # fmt: skip


def is_state_figure(fact: PlacedFact, official: frozenset[str]) -> bool:
    """Return whether a figure is of a state and one occupation, official or unnamed."""
    row = fact.row
    return (
        "cell" in row
        and row["area_level"] == "state"
        and len(fact.soc_codes) == 1
        and row["cohort"] == "all"
        and row["publisher"] in (*official, "unnamed")
    )


def rank_states(
    row: Mapping[str, Any], figures: pl.LazyFrame, official: frozenset[str], kind: str
) -> list[tuple[str, str, float]]:
    """Return code, name and yearly pay of every state, best first; [] if not known."""
    statistic = row["statistic"] if row["statistic"] in STATISTICS else STATISTICS[0]
    named = row["publisher"] != "unnamed"
    wanted = figures.filter(
        pl.col("primary"),
        pl.col("publisher").is_in(official),
        pl.col("soc") == row["soc_candidates"],
        pl.col("area_level") == "state",
        pl.col("cohort") == "all",
        pl.col("statistic") == statistic,
        pl.col("period") == "year",
        pl.col("annual").is_not_null(),
    )
    found = wanted.select("area_code", "area", "year", "annual").collect()
    # A publisher that dates its own figures has no ranking for a list without a date; a
    # page's own list is taken for one of today.
    year = row["year"] if named else found["year"].max()
    if year is None:
        return []
    # Several official publishers may have a state: BLS, and one that republishes it.
    own = found.filter(pl.col("year") == year).unique("area_code")
    if own.height < LEAST_RANKED:
        return []
    ordered = own.sort("annual", "area_code", descending=[kind == "highest", False])
    return [(c, a or c, float(v)) for c, a, _, v in ordered.iter_rows()]


def describe_omitted(
    rows: Sequence[PlacedFact], ranks: Sequence[tuple[str, str, float]]
) -> str | None:
    """Return what a list leaves out, in words; None where it has the right places."""
    listed = {f.area_key for f in rows}
    known = [(n, pay) for n, (code, _, pay) in enumerate(ranks, 1) if code in listed]
    if len(known) < LEAST_LISTED:
        return None
    # Only places above the last one listed: what a list of five leaves out below it is
    # no omission.
    place, last = known[-1]
    left = [(name, pay) for code, name, pay in ranks[: place - 1] if code not in listed]
    clear = [
        name for name, pay in left if max(pay, last) > CLEARLY_APART * min(pay, last)
    ]
    if not clear:
        return None
    more = f" and {len(clear) - SHOWN} more" if len(clear) > SHOWN else ""
    numbers = ", ".join(str(n) for n, _ in known)
    return f"{numbers}|{', '.join(clear[:SHOWN])}{more}"
