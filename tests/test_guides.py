"""The whole path on the two real guides: what an analyst must see."""

import shutil
from pathlib import Path

import pytest
from pages_home import leave_others

from pipeline.archive.fetch import read_saved_file
from pipeline.archive.snapshot import Archive
from pipeline.core.store import Home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query.check import check, open_page
from pipeline.query.explain import explain
from pipeline.query.published import find_latest
from pipeline.release import run
from pipeline.release.verify import verify
from pipeline.sources import SOURCES

pytestmark = pytest.mark.slow
CELL = "29-2072/US/all/base/median/2023"


@pytest.fixture(scope="module")
def guided(shared, tmp_path_factory) -> Home:
    """A home with the OEWS extract and the two guides, kept by hand and refreshed."""
    root = tmp_path_factory.mktemp("guided")
    here = Path(__file__).resolve().parents[1]
    shutil.copytree(here / "vocabularies", root / "vocabularies")
    oews = here / "raw" / "bls_oews"
    shutil.copytree(oews, root / "raw" / "bls_oews", ignore=leave_others)
    home = Home(root)
    for path in sorted((shared / "seeds").glob("*.txt")):
        payload = read_saved_file(
            path, SOURCES["article"], edition="2024", today="2026-11-01"
        )
        Archive(home.raw).keep(payload)
    assert not run.refresh(home).errors
    return home


@pytest.fixture(scope="module")
def verdicts(guided, shared):
    """Guide number to the verdicts on it, by quote."""
    release, vocabulary = find_latest(guided), open_vocabulary(guided.vocabularies)
    found = {}
    for path in sorted((shared / "seeds").glob("*.txt")):
        page = open_page(path, vocabulary)
        checked = check(page, release, vocabulary)
        found[path.name[:3]] = checked.verdicts
    return found


def of(verdicts, quote):
    """The first verdict on a quote."""
    return next(v for v in verdicts if v["quote"] == quote)


def test_the_median_is_supported_by_the_may_2023_table(verdicts):
    """29-2072, United States, May 2023."""
    found = of(verdicts["000"], "$48,780")
    assert (found["verdict"], found["reference_cell"]) == ("supported", CELL)
    assert (found["reference_source"], found["reference_release"]) == (
        "bls_oews", "2023-05",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("quote", "statistic", "reference", "difference"),
    [("$35,010", "p10", 35080, -70), ("$80,090", "p90", 77810, 2280)],
)
def test_both_tails_are_misquoted(verdicts, quote, statistic, reference, difference):
    """Each with cell, reference figure, difference and file."""
    found = of(verdicts["000"], quote)
    assert found["verdict"] == "misquoted"
    assert found["reference_cell"] == CELL.replace("median", statistic)
    assert (found["reference"], found["difference"]) == (reference, difference)
    assert found["reference_snapshot"]
    assert found["reference_locator"].startswith("line=")


@pytest.mark.parametrize(
    "quote",
    ["$73,350", "$71,110", "$64,280", "$63,680", "$62,940",
     "$85,550", "$78,510", "$75,120", "$71,850", "$68,960"],
)  # fmt: skip
def test_state_and_metro_means_of_may_2023_are_not_in_the_release(verdicts, quote):
    """That release is not loaded; a May 2025 figure never supports them."""
    found = of(verdicts["000"], quote)
    assert (found["verdict"], found["reference"]) == ("not_in_release", None)
    assert found["cell"].endswith("/mean/2023")


def test_seniority_bands_credited_to_bls_are_flagged(verdicts):
    """BLS publishes none."""
    for quote in ("$35,000 - $45,000", "$45,000 - $60,000", "$60,000 - $80,000+"):
        found = of(verdicts["001"], quote)
        assert found["verdict"] == "wrong_scope", quote
        assert "BLS" in found["sentence"]


def test_explain_lists_the_bls_figure_as_chosen_and_every_guide_figure(guided):
    """Role, reason and quote for each."""
    release = find_latest(guided)
    found = explain(release, CELL, open_vocabulary(guided.vocabularies))
    assert found.inside[0]["role"] == "chosen"
    assert found.inside[0]["publisher"] == "bls"
    listed = {row["claim_id"] for row in (*found.inside, *found.outside)}
    figures = release.scan_table("figures").collect()
    guides = figures.filter(figures["source"] == "article")
    assert set(guides["claim_id"]) <= listed
    for row in (*found.inside, *found.outside):
        assert row["quote"]
        assert row["sentence"], row["reason"]


def test_every_pointer_into_the_guides_re_extracts(guided):
    """Offsets are into the stored bytes."""
    assert verify(guided, find_latest(guided)).is_sound
