"""Scorecards: what each source has been worth, by hand and with intervals."""

from math import log

import polars as pl
import pytest
from made import NEWER, SURVEY, VOCABULARY, claim, made_figures, oews

from pipeline.core.tables import check_frame
from pipeline.reconcile.settle.scorecards import (
    make_scorecards,
    measure_lag,
    measure_revisions,
    share_with_interval,
)
from pipeline.reconcile.settle.settlement import settle_cells
from schemas import Scorecards

DATES = {SURVEY: "2025-02-10", NEWER: "2026-11-01", "c" * 12: "2024-05-03"}
YEARS = (2021, 2022, 2023)
BLS = (46660, 47180, 48780)
PAYSCALE = (50000, 47180, 46000)


def figures():
    """Three medians of BLS, one of them twice, and a survey's of the same years."""
    own = {"source": "payscale", "snapshot": SURVEY, "pay_basis": "base"}
    return made_figures(
        *(oews(v, reference_period=f"{y}-05")
          for v, y in zip(BLS, YEARS, strict=True)),
        oews(46000, reference_period="2021-05", snapshot=NEWER),
        *(claim(v, reference_period=f"{y}", **own)
          for v, y in zip(PAYSCALE, YEARS, strict=True)),
    )  # fmt: skip


def cards(verdicts=()):
    """Source and measure to the row."""
    rows = figures()
    salaries, _ = settle_cells(rows, {}, VOCABULARY, DATES)
    table = check_frame(Scorecards, make_scorecards(rows, salaries, verdicts, DATES))
    return {(r["source"], r["measure"]): r for r in table.rows(named=True)}


def test_bias_and_spread_are_against_the_official_figure_of_the_same_cell():
    """The newer of two BLS figures of 2021 is the reference; intervals are stated."""
    found = cards()
    gaps = [log(50000 / 46000), 0.0, log(46000 / 48780)]
    mean = sum(gaps) / 3
    sd = (sum((g - mean) ** 2 for g in gaps) / 2) ** 0.5
    bias, spread = (found["payscale", m] for m in ("bias", "spread"))
    assert (bias["value"], spread["value"]) == pytest.approx((mean, sd), abs=1e-6)
    half = 4.302653 * sd / 3**0.5
    ends = (mean - half, mean + half)
    assert (bias["low"], bias["high"]) == pytest.approx(ends, abs=1e-5)
    assert spread["low"] < sd < spread["high"]
    assert ("bls_oews", "bias") not in found


def test_coverage_lag_and_revisions_are_counted():
    """BLS revised one of the cells that it gives twice: the only one."""
    found = cards()
    assert found["payscale", "coverage"]["value"] == 1.0
    assert found["payscale", "lag_months"]["value"] == 20
    revised, size = (found["bls_oews", m] for m in ("revised", "revision_size"))
    assert (revised["value"], revised["n"]) == (1.0, 1)
    assert size["value"] == pytest.approx(log(46660 / 46000), abs=1e-6)
    assert ("payscale", "revised") not in found


def test_old_editions_in_the_archive_make_no_publisher_slow():
    """Put in on one day, only the newest says how long its publisher took."""
    rows = made_figures(
        oews(40000, reference_period="2010-05", snapshot="a" * 12),
        oews(40000, reference_period="2023-05", snapshot="b" * 12),
        oews(40000, reference_period="2022-05", snapshot="c" * 12),
    )
    days = {"a" * 12: "2024-05-03", "b" * 12: "2024-05-03", "c" * 12: "2023-05-01"}
    (card,) = measure_lag(rows, days)
    assert (card["value"], card["n"]) == (12, 2)
    (card,) = measure_lag(rows, {**days, "c" * 12: "2025-05-01"})
    assert (card["value"], card["n"]) == (12, 1)


def test_two_pages_that_speak_of_one_cell_are_no_revision():
    """Each of a profile, with a figure of the other's beside its own."""

    def page(name, first, last):
        years = range(first, last)
        return [oews(40000 + y, reference_period=f"{y}-05", snapshot=name * 12)
                for y in years]  # fmt: skip

    one, two = page("a", 2014, 2019), page("b", 2019, 2023)
    beside = oews(90000, reference_period="2018-05", snapshot="b" * 12)
    assert list(measure_revisions(made_figures(*one, *two, beside))) == []
    again = page("c", 2014, 2018)
    (share,) = measure_revisions(made_figures(*one, *two, beside, *again))
    assert (share["measure"], share["value"], share["n"]) == ("revised", 0, 4)


def test_the_share_of_misquotes_counts_what_could_be_checked():
    """A quote that nothing can be held against is no misquote."""
    said = [("article", v) for v in ("supported", "misquoted", "stale", "unsupported")]
    row = cards(said)["article", "misquotes"]
    assert (row["value"], row["n"]) == (pytest.approx(2 / 3, abs=1e-6), 3)


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(0, 10, 0.0, 0.277533), (5, 10, 0.236593, 0.763407), (1, 1, 0.206549, 1.0)],
)
def test_shares_have_wilsons_interval(count, n, low, high):
    """Published values; an interval never leaves 0 to 1."""
    row = share_with_interval("x", "coverage", count, n)
    assert (row["low"], row["high"]) == pytest.approx((low, high), abs=2e-6)


def test_no_figures_make_no_cards():
    """An empty release has no scorecards, and no error."""
    rows = figures().clear()
    none = settle_cells(rows, {}, VOCABULARY, {})[0] if rows.height else None
    table = pl.DataFrame(schema=cards_schema()) if none is None else none
    assert make_scorecards(rows, table, (), {}).height == 0


def cards_schema():
    """The columns of the salaries."""
    return settle_cells(figures(), {}, VOCABULARY, DATES)[0].schema
