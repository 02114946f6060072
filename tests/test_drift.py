"""Drift: what may change on a Tuesday, what in its season, and who said so."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from made import claim, made_claims
from pages_home import find_bundled

from pipeline.archive import drift
from pipeline.archive.fetch_log import FetchAttempt
from pipeline.archive.schedule import RefreshPolicy
from pipeline.archive.snapshot import Archive
from pipeline.core.errors import Drifted, UnknownLabel
from pipeline.core.model import Payload, Snapshot
from pipeline.core.store import Home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.release import run
from pipeline.release.ingest import ingest
from pipeline.release.inputs import gather_inputs

ROOT = Path(__file__).resolve().parents[1]
LIMITS = {"size": 0.5, "rows": 0.1, "areas": 0.1, "values": 0.05}
WATCH = RefreshPolicy(
    "bls_oews", frozenset(), 30, ("03-15", "08-31"), 1, 60, 700, LIMITS
)
STATES = [f"State {n}" for n in range(50)]
SHA = "a" * 64


def table(areas: list[str], pay=lambda n: 50_000 + n) -> pl.DataFrame:
    """One median for each area."""
    return made_claims(
        *(
            claim(pay(n), area=area, reference_period="2025-05")
            for n, area in enumerate(areas)
        )
    )


OLD = table(STATES)
DRIFTS = {
    "rows": (table(STATES + ["State 0"] * 9), "rows went from 50 to 59"),
    "fewer rows": (table(STATES[:30]), "rows went from 50 to 30"),
    "areas": (table([*STATES[:40], *STATES[:10]]), "areas went from 50 to 40"),
    "values": (
        table(STATES, lambda n: 50_000 + n + (n < 5)),
        "values went from 50 shared values to 5 others",
    ),
}


@pytest.mark.parametrize(("new", "why"), DRIFTS.values(), ids=DRIFTS)
def test_each_measure_has_its_limit(new, why):
    """Both figures and the share are named, and where to say that it is right."""
    with pytest.raises(Drifted) as caught:
        drift.check_claims(WATCH, "oews.zip", SHA, new, OLD)
    for part in (why, "oews.zip", "a" * 12, "accepted.csv", "stays current"):
        assert part in str(caught.value)


def test_what_stays_within_its_limits_passes():
    """Two figures of fifty, two places more; and small files altogether."""
    some = table([*STATES, "Guam", "Samoa"], lambda n: 50_000 + n + (n < 2))
    drift.check_claims(WATCH, "oews.zip", SHA, some, OLD)
    drift.check_claims(WATCH, "oews.zip", SHA, table(STATES[:3]), table(STATES[:9]))


def test_a_sum_that_moved_by_a_cent_is_another_value():
    """Values are compared exactly; what only one file asks is not compared."""
    new = table([*STATES[:25], *(f"Other {n}" for n in range(25))])
    assert drift.count_changed_values(new, OLD) == (25, 0)


def test_only_a_new_edition_in_its_season_may_replace_everything():
    """A new May release in April; not a Tuesday in November, not the same edition."""
    old = Snapshot("x", "2025-05", SHA, Path(), "", "fetched", "2026-05-01")
    assert drift.is_change_expected(WATCH, old, "2026-05", "2027-04-06")
    assert not drift.is_change_expected(WATCH, old, "2026-05", "2027-11-09")
    assert not drift.is_change_expected(WATCH, old, "2025-05", "2027-04-06")


def test_an_acceptance_needs_author_date_and_reason(tmp_path):
    """It is tied to the digest; a row without its author is an error."""
    head = ",".join(drift.ACCEPTED)
    row = "aaaaaaaaaaaa,bls_oews,A. Analyst,2026-11-09,industries dropped"
    (tmp_path / "accepted.csv").write_text(f"{head}\n{row}\n")
    words = open_vocabulary(tmp_path)
    assert drift.is_accepted(words, "bls_oews", SHA)
    assert not drift.is_accepted(words, "bls_oews", "b" * 64)
    assert not drift.is_accepted(words, "article", SHA)
    (tmp_path / "accepted.csv").write_text(f"{head}\n{row.replace('A. Analyst', '')}\n")
    with pytest.raises(UnknownLabel, match=r"accepted\.csv"):
        drift.is_accepted(open_vocabulary(tmp_path), "bls_oews", SHA)


@pytest.fixture
def oews(tmp_path) -> Home:
    """A home with a national table that was fetched."""
    (folder,) = find_bundled("bls_oews/2023-*")
    shutil.copytree(ROOT / "vocabularies", tmp_path / "vocabularies")
    home = Home(tmp_path)
    (body,) = folder.glob("body.*")
    keep(home, body.read_bytes(), "2026-10-01")
    return home


def keep(home: Home, body: bytes, day: str, capture: str = "fetched") -> Snapshot:
    """Keep a national table as of a day."""
    return Archive(home.raw).keep(
        Payload(
            source="bls_oews", edition="2023-05", name="national_M2023.csv", body=body,
            media_type="text/csv", capture=capture, retrieved=day,
        )
    )  # fmt: skip


def changed(home: Home) -> bytes:
    """The table with other figures: every 5 is a 6."""
    (snapshot,) = Archive(home.raw).list_snapshots("bls_oews")
    head, _, rows = snapshot.read_body().partition(b"\n")
    return head + b"\n" + rows.replace(b",5", b",6")


@pytest.mark.slow
def test_a_file_that_drifted_leaves_the_last_good_one_current(oews):
    """Its claims are not used; a cold cache comes to the same."""
    first = Archive(oews.raw).list_latest("bls_oews")
    keep(oews, changed(oews), "2026-11-10")
    for _ in range(2):
        inputs = gather_inputs(oews)
        found = ingest(inputs, "bls_oews")
        assert len(found.errors) == 1
        assert "values went from" in found.errors[0]
        assert f"2023-05-{first[0].id} stays current" in found.errors[0]
        assert inputs.list_readable() == first
        shutil.rmtree(oews.parse_cache)
    assert Archive(oews.raw).find_faults() == []


def test_a_drifted_file_is_no_measure_for_the_next_one(oews):
    """The one after it is held against the last good one, not against the drift."""
    keep(oews, changed(oews), "2026-11-10")
    (first, *_) = sorted(
        Archive(oews.raw).list_snapshots("bls_oews"), key=drift.order_by_day
    )
    again = first.read_body().partition(b"\n")
    keep(oews, again[0] + b"\n" + again[2].replace(b",5", b",7"), "2026-11-17")
    inputs = gather_inputs(oews)
    assert "values went from" in ingest(inputs, "bls_oews").errors[0]
    assert inputs.list_readable() == [first]


def test_what_a_person_brought_or_accepted_a_person_has_looked_at(oews):
    """By hand, or with a row that names its digest."""
    body = changed(oews)
    new = keep(oews, body, "2026-11-10")
    accepted = oews.vocabularies / "accepted.csv"
    row = f"{new.id},bls_oews,A. Analyst,2026-11-11,a corrected release\n"
    accepted.write_text(accepted.read_text() + row)
    inputs = gather_inputs(oews)
    assert ingest(inputs, "bls_oews").errors == ()
    assert inputs.list_readable() == [new]


def refused(home: Home, *days: str) -> None:
    """Let OEWS answer 403 on these days."""
    for day in days:
        Archive(home.raw).add_attempt(
            FetchAttempt(
                f"{day}T06:00:00Z", "bls_oews", "https://x.example/", "blocked", 403
            )
        )


@pytest.mark.slow
def test_a_blocked_source_labels_what_is_published(home):
    """Report, manifest and run say since when; an answer takes the label away."""
    first = run.refresh(home)
    refused(home, "2026-11-01", "2026-11-04")
    assert run.refresh(home).unchanged
    refused(home, "2026-11-09")
    outcome = run.refresh(home)
    assert outcome.release is not None
    assert outcome.release.name != first.release.name
    (said,) = [e for e in outcome.errors if e.startswith("bls_oews")]
    assert "blocked since 2026-11-01; its figures are as of 2026-11-01" in said
    manifest = json.loads((outcome.release.folder / "manifest.json").read_text())
    assert ["bls_oews", "error", said] in manifest["notes"]
    assert (
        "blocked since 2026-11-01" in (outcome.release.folder / "report.md").read_text()
    )
    assert run.refresh(home).errors == outcome.errors
    Archive(home.raw).add_attempt(
        FetchAttempt(
            "2026-11-10T06:00:00Z", "bls_oews", "https://x.example/", "unchanged"
        )
    )
    assert run.refresh(home).release.name == first.release.name


def test_orders_of_snapshots_are_total():
    """So that a chain of comparisons ends."""
    one = Snapshot("x", "2025", SHA, Path(), "", "fetched", "2026-05-01")
    assert drift.order_by_day(one) < drift.order_by_day(replace(one, sha256="b" * 64))
