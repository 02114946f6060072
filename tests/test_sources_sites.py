"""Salary sites: three forms of one page, counts, cards, and what is not known."""

from decimal import Decimal

import polars as pl
import pytest
from changing import changed
from make_recordings import RECORDINGS, TESTS, kept

from pipeline.core.errors import LayoutChanged, UnknownLabel
from pipeline.core.vocabulary import open_vocabulary
from pipeline.sources import import_source

WORDS = open_vocabulary(TESTS.parent / "vocabularies")
PAGES = {
    r.name: kept(r, TESTS / "raw")
    for r in RECORDINGS
    if r.source in ("indeed", "ziprecruiter")
}
SALARIES, CARDS = PAGES["medical-coder-salaries.html"], PAGES["medical-coder-jobs.html"]
ZIP = PAGES["medical-coder-salary.html"]


def parsed(snapshot):
    """Claims, by the source's own module."""
    return import_source(snapshot.source).parse(snapshot, WORDS)


def test_a_count_is_no_pay():
    """`8.1k salaries` in words and `sampleSize` in the state are counts."""
    counts = parsed(SALARIES).filter(pl.col("measure") == "reports")
    assert counts.select("quote", "kind", "value", "currency").rows() == [
        ("8.1k", "other", Decimal("8100.00"), None),
        ("8120", "other", Decimal("8120.00"), None),
    ]


def test_all_three_forms_are_read_with_their_date():
    """Words, JSON-LD and state; what the data says of base pay holds for the words."""
    pay = parsed(SALARIES).filter(
        (pl.col("kind") == "pay_level") & pl.col("structure").is_in(["prose", "list"])
    )
    assert set(pay["pay_basis"]) == {"base"}
    data = parsed(SALARIES).filter(pl.col("structure").str.starts_with("json"))
    assert set(data["structure"]) == {"json_ld", "json_state"}
    assert set(data["reference_period"]) == {"2026-10"}


def test_a_list_of_postings_has_a_range_for_each_card():
    """As Indeed read it; a card without pay gives none, a remote one no area."""
    cards = parsed(CARDS).filter(pl.col("structure") == "json_state")
    assert cards.select("low", "high", "period", "area", "work_mode").rows() == [
        (Decimal("23.50"), Decimal("31.00"), "hour", "Tampa, FL", None),
        (Decimal("52000.00"), Decimal("66500.00"), "year", None, "remote"),
    ]


def test_a_histogram_is_shares_and_no_pay_range():
    """Bars of a chart never count as anyone's pay."""
    bars = parsed(ZIP).filter(pl.col("locator").str.contains("histogram"))
    assert set(bars["kind"]) == {"share"}


def test_a_value_that_no_claim_can_hold_is_told_by_its_column(tmp_path):
    """The page's data is refused in words, and by its module."""
    recording = next(r for r in RECORDINGS if r.source == "payscale")
    old, new = '"currencyCode":"USD"', '"currencyCode":"U$D"'
    page = changed(kept(recording, TESTS / "raw"), tmp_path, (old, new))
    with pytest.raises(LayoutChanged, match=r"value of currency.*payscale\.py"):
        parsed(page)


@pytest.mark.parametrize(
    ("snapshot", "old", "new", "error", "named"),
    [
        (SALARIES, '"HOURLY"', '"SHIFTLY"', UnknownLabel, "'SHIFTLY'.*pay_units.csv"),
        (SALARIES, '"HOUR"', '"Y1M"', UnknownLabel, "'Y1M'.*pay_units.csv"),
        (SALARIES, '"salaryType"', '"kind"', UnknownLabel, "no salaryType"),
        (SALARIES, '"mean"', '"typical"', LayoutChanged, "salaryAggregate/typical"),
        (SALARIES, '"percentile10"', '"percentile05"', LayoutChanged, "percentile05"),
        (SALARIES, '"salaryAggregate"', '"pay"', LayoutChanged, "salaryAggregate"),
        (CARDS, '"extractedSalary"', '"pay"', LayoutChanged, "extractedSalary"),
        (ZIP, '"average"', '"mid"', LayoutChanged, "salary/mid.*ziprecruiter.py"),
        (ZIP, '"ANNUAL"', '"LUNAR"', UnknownLabel, "'LUNAR'"),
        (ZIP, '"pageProps"', '"props2"', LayoutChanged, "pageProps/salary"),
    ],
)
def test_a_site_that_changed_is_loud(snapshot, old, new, error, named, tmp_path):
    """A unit, a key or an object; the file to change is named."""
    with pytest.raises(error, match=named):
        parsed(changed(snapshot, tmp_path, (old, new)))
