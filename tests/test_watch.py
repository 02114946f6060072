"""Watch: every source is expected at a time, in a form and within bounds."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipeline.archive.schedule import (
    RefreshPolicy,
    find_period_end,
    read_refresh_policy,
)
from pipeline.core.errors import Damaged, UnknownLabel
from pipeline.core.source_fields import CADENCES
from pipeline.core.vocabulary import open_vocabulary
from pipeline.sources import IDS, SOURCES

ROOT = Path(__file__).resolve().parents[1]
WORDS = open_vocabulary(ROOT / "vocabularies")
HEAD = (ROOT / "vocabularies/watch.csv").read_text().splitlines()[0]
SPRING = RefreshPolicy(
    "x", frozenset({"zip"}), 30, ("03-15", "08-31"), 1, 60, 700, {"size": 0.3}
)


def test_the_file_has_the_row_for_strangers_alone():
    """How a source is watched stands with its facts; a row here would overrule it."""
    rows = (ROOT / "vocabularies/watch.csv").read_text().splitlines()
    assert [row.partition(",")[0] for row in rows] == ["source", "*"]


@pytest.mark.parametrize("source_id", IDS)
def test_every_source_is_watched_as_its_facts_say(source_id):
    """Form, calendar and bounds are data; the row for strangers is not for ours."""
    rows = WORDS.read_table("watch").filter(pl.col("source") == source_id)
    assert rows.height == 1
    found = read_refresh_policy(WORDS, source_id)
    assert found.formats
    assert 0 < found.season_look_days <= found.look_days < found.check_days
    assert all(0 < share <= 1 for share in found.limits.values())


@pytest.mark.parametrize("source_id", IDS)
def test_no_fact_of_the_manifest_is_missing(source_id):
    """Licence, cadence, addresses and bounds: without one a source is not ready."""
    source = SOURCES[source_id]
    assert lacking(source) == []


def lacking(source) -> list[str]:
    """Facts of the manifest that a source does not state."""
    texts = ("title", "publisher", "measures", "population", "licence", "cadence")
    bare = [name for name in texts if not getattr(source, name).strip()]
    bare += ["cadence"] if source.cadence not in CADENCES else []
    bare += [] if 0 <= source.rows[0] < source.rows[1] else ["rows"]
    return sorted(set(bare))


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        ({"licence": " "}, "licence"),
        ({"cadence": ""}, "cadence"),
        ({"cadence": "now and then"}, "cadence"),
        ({"rows": (0, 0)}, "rows"),
    ],
)
def test_a_missing_fact_is_found(change, fact):
    """The check above can fail."""
    from dataclasses import replace

    assert lacking(replace(SOURCES["article"], **change)) == [fact]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("x,html,7,,,35,730,0.5,0.5,0.5,,no values", "values"),
        ("x,html,7,spring,,35,730,0.5,0.5,0.5,0.5,no days", "spring"),
        ("x,html,,,,35,730,0.5,0.5,0.5,0.5,no look", "invalid literal"),
    ],
    ids=["no bound", "no season", "no cadence"],
)
def test_a_row_that_says_too_little_is_an_error(tmp_path, row, why):
    """It names the file to change."""
    (tmp_path / "watch.csv").write_text(f"{HEAD}\n{row}\n")
    with pytest.raises(UnknownLabel, match=r"watch\.csv") as caught:
        read_refresh_policy(open_vocabulary(tmp_path), "x")
    assert caught.value.where.startswith("watch")
    assert why in str(caught.value) or why == "values"


def test_a_source_has_one_row(tmp_path):
    """Two would be two calendars: the second is named by its line."""
    row = "x,html,7,,,35,730,1,1,1,1,why"
    (tmp_path / "watch.csv").write_text(f"{HEAD}\n{row}\n{row}\n")
    with pytest.raises(
        Damaged, match=r"watch\.csv line 3, column source: 'x' stands in line 2"
    ):
        read_refresh_policy(open_vocabulary(tmp_path), "x")


def test_a_home_s_own_row_overrules_what_a_source_says(tmp_path):
    """Whoever wants to look more often says so in watch.csv, and edits no code."""
    own = "article,html,3,,,400,730,0.5,0.5,0.5,0.5,we are curious"
    (tmp_path / "watch.csv").write_text(f"{HEAD}\n{own}\n")
    assert read_refresh_policy(open_vocabulary(tmp_path), "article").look_days == 3
    assert read_refresh_policy(WORDS, "article").look_days == 7


def test_a_source_without_a_row_is_watched_as_any_other():
    """The row `*`."""
    assert read_refresh_policy(WORDS, "toy").look_days == 7


@pytest.mark.parametrize(
    ("day", "inside"),
    [("2026-03-14", False), ("2026-03-15", True), ("2026-08-31", True)],
)
def test_a_season_has_its_first_and_last_day(day, inside):
    """Both belong to it."""
    assert SPRING.is_in_season(day) is inside


def test_a_season_may_span_new_year():
    """From December into January."""
    winter = RefreshPolicy("x", frozenset(), 30, ("12-15", "01-15"), 1, 60, 700, {})
    assert winter.is_in_season("2026-12-31")
    assert winter.is_in_season("2027-01-01")
    assert not winter.is_in_season("2026-06-01")


@pytest.mark.parametrize(
    ("last", "look"),
    [
        ("2026-11-01", "2026-12-01"),
        ("2026-04-01", "2026-04-02"),
        ("2026-03-01", "2026-03-15"),
        ("2026-08-31", "2026-09-30"),
    ],
    ids=["out of season", "in season", "the season comes sooner", "it is over"],
)
def test_looks_are_daily_in_season_and_monthly_out_of_it(last, look):
    """A look is not put off beyond the first day of the season."""
    assert SPRING.find_next_fetch_day(last) == look


def test_every_day_of_a_year_has_a_next_look():
    """Never on the same day, never later than usual."""
    day = date(2027, 1, 1)
    for n in range(365):
        here = day + timedelta(days=n)
        after = date.fromisoformat(SPRING.find_next_fetch_day(here.isoformat()))
        assert timedelta(days=1) <= after - here <= timedelta(days=30)


@pytest.mark.parametrize(
    ("edition", "end"),
    [
        ("2025-05", "2025-05-31"),
        ("2024", "2024-12-31"),
        ("2024-12", "2024-12-31"),
        ("2026-11-05", "2026-11-05"),
        ("2024-2034", "2024-12-31"),
        ("latest", ""),
        ("2024-13", ""),
    ],
)
def test_an_edition_ends_with_its_period(edition, end):
    """A name that is no period has no end."""
    assert find_period_end(edition) == end
