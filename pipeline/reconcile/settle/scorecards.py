"""Measure what each source's figures have been worth, with 95 % intervals.

Bias and spread are on logs against an official publisher's own figure of the same
cell (grade A), with Student's and chi-squared intervals; shares have Wilson's, medians
those of the sign test.
"""

from collections.abc import Iterable, Iterator, Mapping
from math import sqrt
from typing import Any

import numpy as np
import polars as pl

from pipeline.core.tables import make_frame
from pipeline.reconcile.settle.policy_methods import median_bound_steps
from schemas import Scorecards

Row = dict[str, Any]
LEVEL = 0.95
Z95 = 1.959964
DIGITS = 6
# Verdicts that could be checked; a quote that nothing can be held against is neither
# good nor bad.
GOOD = ("supported", "rounded")
BAD = ("stale", "misquoted", "wrong_statistic", "unit_slip", "wrong_scope")
UNKNOWN = "?"
SAME_PAGE = 0.5  # share of its cells that a page has in common with itself, at least


def make_scorecards(
    figures: pl.DataFrame,
    salaries: pl.DataFrame,
    verdicts: Iterable[tuple[str, str]],
    retrieved: Mapping[str, str],
) -> pl.DataFrame:
    """Return `schemas.Scorecards`, unchecked, by source and measure.

    Args:
        figures: `schemas.Figures`.
        salaries: `schemas.Salaries`, for the official figures and the questions.
        verdicts: Source of a quoted figure and its verdict.
        retrieved: Snapshot id to the ISO date it was obtained.
    """
    # What is joined and filtered below copies every column that a row has.
    figures = figures.select(
        *("claim_id", "source", "snapshot", "cell", "annual", "primary"),
        *("period", "reference_period"),
    )
    salaries = salaries.select("cell", "chosen", "grade", "annual")
    rows = [
        *measure_bias(figures, salaries),
        *measure_coverage(figures, salaries),
        *measure_lag(figures, retrieved),
        *measure_revisions(figures),
        *measure_misquotes(verdicts),
    ]
    return make_frame(Scorecards, rows).sort("source", "measure")


def make_card(source: str, measure: str, value: float, low: float | None,
         high: float | None, n: int) -> Row:  # fmt: skip
    """Make one row, rounded so that the order of summing cannot show."""
    ends = [None if e is None else round(e, DIGITS) for e in (low, high)]
    return {"source": source, "measure": measure, "value": round(value, DIGITS),
            "low": ends[0], "high": ends[1], "n": n}  # fmt: skip


def values_by_source(
    frame: pl.DataFrame, column: str
) -> Iterator[tuple[str, list[float]]]:
    """Yield each source with its values in ascending order."""
    lists = frame.drop_nulls(column).group_by("source").agg(pl.col(column).sort())
    yield from lists.sort("source").iter_rows()


def measure_bias(figures: pl.DataFrame, salaries: pl.DataFrame) -> Iterator[Row]:
    """Yield bias and spread against official figures that another source gives."""
    official = salaries.filter(pl.col("grade") == "A", pl.col("annual") > 0)
    sources = figures.select(chosen="claim_id", official_source="source")
    truth = official.join(sources, on="chosen").select(
        "cell", "official_source", truth=pl.col("annual").cast(pl.Float64)
    )
    both = figures.filter(pl.col("annual") > 0).join(truth, on="cell")
    # An official source is not measured against itself.
    gaps = both.filter(pl.col("source") != pl.col("official_source")).with_columns(
        gap=(pl.col("annual").cast(pl.Float64) / pl.col("truth")).log()
    )
    for source, found in values_by_source(gaps, "gap"):
        n, mean = len(found), float(np.mean(found))
        # One gap has no spread, and so no interval.
        if n == 1:
            yield make_card(source, "bias", mean, None, None, n)
            continue
        # Imported here: a command that makes no scorecards need not load scipy.
        from scipy.special import chdtri, stdtrit

        sd = float(np.std(found, ddof=1))
        half = float(stdtrit(n - 1, 0.5 + LEVEL / 2)) * sd / sqrt(n)
        yield make_card(source, "bias", mean, mean - half, mean + half, n)
        tails = [float(chdtri(n - 1, p)) for p in ((1 - LEVEL) / 2, (1 + LEVEL) / 2)]
        low, high = (sd * sqrt((n - 1) / t) for t in tails)
        yield make_card(source, "spread", sd, low, high, n)


def measure_coverage(figures: pl.DataFrame, salaries: pl.DataFrame) -> Iterator[Row]:
    """Yield the share of the release's complete questions that a source answers."""
    # A question with an unknown part is none that a source could be asked.
    whole = salaries.filter(~pl.col("cell").str.contains(UNKNOWN, literal=True))
    answered = figures.join(whole.select("cell"), on="cell", how="semi")
    counts = answered.group_by("source").agg(pl.col("cell").n_unique()).sort("source")
    for source, count in counts.iter_rows():
        yield share_with_interval(source, "coverage", count, whole.height)


def measure_lag(figures: pl.DataFrame, retrieved: Mapping[str, str]) -> Iterator[Row]:
    """Yield the months from a source's newest period to the day it was read.

    Only of what was the newest of its source when it was read: an edition of long ago
    that somebody put into the archive says how old the archive is, and not how slow
    the publisher.
    """
    read_on = pl.col("snapshot").replace_strict(
        dict(retrieved) or {"": ""}, default=None, return_dtype=pl.String
    )
    period = pl.col("reference_period")
    month = (
        pl.when(period.str.contains(r"^\d{4}-\d{2}$")).then(period.str.slice(5, 2))
        .when(period.str.contains(r"^\d{4}-Q\d$")).then(period.str.slice(6, 1))
    )  # fmt: skip
    months_per_unit = pl.when(period.str.contains("Q")).then(3).otherwise(1)
    # Q1 ends in month 3; a year without a month counts as its middle, June.
    months = (month.cast(pl.Int64) * months_per_unit).fill_null(6)
    each = figures.select("source", "snapshot", "reference_period").drop_nulls()
    newest = each.group_by("source", "snapshot").agg(
        ends=(period.str.slice(0, 4).cast(pl.Int64) * 12 + months).max()
    )
    days = newest.with_columns(day=read_on).drop_nulls().sort("source", "day", "ends")
    # Of one day the newest alone: the others were older when they were read.
    latest = days.unique(["source", "day"], keep="last", maintain_order=True)
    lags = latest.filter(
        pl.col("ends") == pl.col("ends").cum_max().over("source")
    ).with_columns(
        lag=pl.col("day").str.slice(0, 4).cast(pl.Int64) * 12
        + pl.col("day").str.slice(5, 2).cast(pl.Int64)
        - pl.col("ends")
    )
    for source, found in values_by_source(lags, "lag"):
        yield median_with_interval(source, "lag_months", found)


def measure_revisions(figures: pl.DataFrame) -> Iterator[Row]:
    """Yield how often two snapshots of one page differ on a cell, and by how much."""
    own = figures.filter(
        "primary", pl.col("annual") > 0, pl.col("period") == "year"
    ).with_columns(pl.col("annual").cast(pl.Float64))
    each = own.group_by("source", "cell", "snapshot").agg(pl.col("annual").min())
    high = pl.max_horizontal("annual", "other")
    ratio = high / pl.min_horizontal("annual", "other")
    same = select_same_pages(each).group_by("source", "cell")
    twice = same.agg(size=ratio.max().log())
    for source, sizes in values_by_source(twice, "size"):
        other = [size for size in sizes if size > 0]
        yield share_with_interval(source, "revised", len(other), len(sizes))
        if other:
            yield median_with_interval(source, "revision_size", other)


def select_same_pages(each: pl.DataFrame) -> pl.DataFrame:
    """Select the cells that two snapshots of one page give: `annual` and `other`.

    Two are of one page where they share half of the cells of the smaller. Two pages of
    a publisher that both speak of a cell are no revision of each other.

    Args:
        each: `source`, `cell`, `snapshot`, `annual`.
    """
    sizes = each.group_by("source", "snapshot").agg(cells=pl.len())
    shared = each.filter(pl.len().over("source", "cell") > 1)
    pairs = shared.join(
        shared.select("source", "cell", second="snapshot", other="annual"),
        on=["source", "cell"],
    ).filter(pl.col("snapshot") < pl.col("second"))
    pairs = pairs.join(sizes, on=["source", "snapshot"]).join(
        sizes.select("source", second="snapshot", cells_of_second="cells"),
        on=["source", "second"],
    )
    smaller = pl.min_horizontal("cells", "cells_of_second")
    return pairs.filter(
        pl.len().over("source", "snapshot", "second") >= smaller * SAME_PAGE
    )


def measure_misquotes(verdicts: Iterable[tuple[str, str]]) -> Iterator[Row]:
    """Yield the share of a source's checked quotes that are wrong."""
    counts: dict[str, list[int]] = {}
    for source, verdict in verdicts:
        if verdict in (*GOOD, *BAD):
            counted = counts.setdefault(source, [0, 0])
            counted[0] += verdict in BAD
            counted[1] += 1
    for source, (bad, n) in sorted(counts.items()):
        yield share_with_interval(source, "misquotes", bad, n)


def share_with_interval(source: str, measure: str, count: int, n: int) -> Row:
    """Make the row of a share with Wilson's interval."""
    p, square = count / n, Z95**2 / n
    centre = (p + square / 2) / (1 + square)
    half = Z95 * sqrt(p * (1 - p) / n + square / (4 * n)) / (1 + square)
    low, high = max(centre - half, 0.0), min(centre + half, 1.0)
    return make_card(source, measure, p, low, high, n)


def median_with_interval(source: str, measure: str, found: list[float]) -> Row:
    """Make the row of a median of sorted values with its sign-test interval."""
    n, place = len(found), median_bound_steps(len(found))
    low, high = (found[place], found[n - 1 - place]) if n > 1 else (None, None)
    return make_card(source, measure, float(np.median(found)), low, high, n)
