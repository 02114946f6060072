"""Two files of one official edition that differ: both are named, and neither wins."""

import csv
import io
import shutil
from pathlib import Path

import pytest
from oews import ROOT, ROW
from pages_home import bring_snapshots

from pipeline.archive.snapshot import Archive
from pipeline.core.model import Payload
from pipeline.core.store import Home
from pipeline.release import run

MEDIAN = {"A_MEDIAN": "46660", "H_MEDIAN": "22.43"}  # as it was published
CELL = "29-2072/US/all/base/median/2021"


def keep(home: Home, name: str, **changed: str) -> str:
    """Keep a national table of May 2021, and return its snapshot's id."""
    text = io.StringIO()
    row = ROW | MEDIAN | changed
    csv.writer(text).writerows([list(row), list(row.values())])
    payload = Payload(
        *("bls_oews", "2021-05", name, text.getvalue().encode(), "text/csv"),
        *("given", "2026-03-01"),
    )
    return Archive(home.raw).keep(payload).id


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with vocabularies alone."""
    shutil.copytree(ROOT / "vocabularies", tmp_path / "vocabularies")
    return Home(tmp_path)


def settled(home: Home) -> tuple[list[dict], dict]:
    """The conflicts of a release, and the row of the median."""
    release = run.refresh(home).release
    frames = release.read_frames()
    (cell,) = frames["salaries"].filter(cell=CELL).to_dicts()
    return frames["discrepancies"].to_dicts(), cell


def test_neither_file_wins_where_they_differ(home):
    """One conflict names both files; the value is open, whatever the digests are."""
    ids = [
        keep(home, "one.csv"),
        keep(home, "other.csv", A_MEDIAN="49780", H_MEDIAN="23.93"),
    ]
    (conflict,), cell = settled(home)
    assert (conflict["type"], conflict["severity"]) == ("value_conflict", 3)
    assert CELL in conflict["cells"]
    assert all(f"2021-05-{name}" in conflict["sentence"] for name in ids)
    assert (cell["status"], cell["annual"]) == ("disputed", None)
    assert cell["grade"] == "E"


def test_files_that_agree_are_one_voice(home):
    """More columns or rows in one of them are no conflict."""
    keep(home, "one.csv")
    keep(home, "other.csv", H_PCT10="")
    conflicts, cell = settled(home)
    assert (conflicts, cell["status"], cell["annual"]) == ([], "single_source", 46660)


def test_the_demonstration_steps_aside_for_real_files(home):
    """Of its edition alone, and the run says so; nothing counts as lost."""
    bring_snapshots(home, "bls_oews/2022-*", "bls_oews/2021-*")
    first = run.refresh(home).release
    keep(home, "national_M2021_dl.xlsx.csv", A_MEAN="53700")
    outcome = run.refresh(home)
    assert (outcome.failure, outcome.errors) == ("", [])
    cards = {
        (s["edition"], s["capture"]) for s in outcome.release.manifest["snapshots"]
    }
    assert cards == {("2022-05", "made"), ("2021-05", "given")}
    (said,) = [text for one in outcome.ingested for text in one.notes]
    assert "steps aside for the real files of 2021-05" in said
    frames = outcome.release.read_frames()
    (cell,) = frames["salaries"].filter(cell=CELL).to_dicts()
    assert (cell["status"], cell["annual"]) == ("single_source", 46660)
    assert first.manifest["demonstration"]
