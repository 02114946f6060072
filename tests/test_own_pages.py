"""A publisher's own page is judged as a release judges it: its figures are its own."""

import json
import shutil

import pytest
from made import VOCABULARY
from pages_home import ARTICLE, ROOT

from pipeline.core.store import Home
from pipeline.query.check import check, extract_page, open_page
from pipeline.query.own_pages import find_official_source, read_stored_claims
from pipeline.query.published import open_latest

HANDBOOK = "https://www.bls.gov/ooh/production/welders.htm"
# Two medians of one occupation: of a page that nobody owns a contradiction.
PAGE = """<html><head><title>Welders</title>{}</head><body><h1>Welders</h1>
<p>The median annual wage for welders in the United States was $51,000 in May 2024.</p>
<h2>Pay</h2>
<p>The median annual wage for welders in the United States was $58,340 in May 2024.</p>
</body></html>"""


@pytest.fixture
def release(small_release):
    """The release of a small home."""
    return open_latest(Home(small_release))


def read_kept(release, source):
    """The first page of a source that the release holds: its id, as it is opened."""
    found = next(s for s in release.manifest["snapshots"] if s["source"] == source)
    path = release.folder.parent.parent / found["path"]
    return found["id"], open_page(path, VOCABULARY)


def check_page(release, head=""):
    """The verdicts on two medians, and how many conflicts there are."""
    body = PAGE.format(head).encode()
    page = extract_page(body, ROOT / "welders.html", VOCABULARY)
    found = check(page, release, VOCABULARY)
    return {v["reason"] for v in found.verdicts}, found.discrepancies.height, found


@pytest.mark.parametrize("source", ["bls_ooh", "payscale", "salary_com"])
def test_a_page_that_the_release_holds_has_the_figures_of_the_release(release, source):
    """In the order of the page, each its publisher's own; none is accused."""
    snapshot, page = read_kept(release, source)
    found = check(page, release, VOCABULARY)
    held = read_stored_claims(snapshot, release)
    assert held.height >= 6
    assert found.page.claims["claim_id"].to_list() == held["claim_id"].to_list()
    assert found.page.claims["start"].drop_nulls().is_sorted()
    own = [v for v in found.verdicts if v["reason"] == "own_publication"]
    assert len(own) > 3
    assert {v["verdict"] for v in own} == {"not_comparable"}


def test_an_article_that_the_release_holds_is_read_as_any_other(release):
    """Its figures are quotations, with the same ids and verdicts as in the release."""
    path = next(s["path"] for s in release.manifest["snapshots"] if s["id"] == ARTICLE)
    page = open_page(release.folder.parent.parent / path, VOCABULARY)
    found = check(page, release, VOCABULARY)
    assert set(found.page.claims["source"]) == {"page"}
    assert "own_publication" not in {v["reason"] for v in found.verdicts}


def test_a_page_at_an_address_of_official_figures_is_not_accused(release):
    """Though the release does not hold it; elsewhere the same words contradict."""
    reasons, conflicts, _ = check_page(release)
    assert (reasons, conflicts) == ({"unattributed"}, 1)
    link = '<link rel="canonical" href="{}">'
    reasons, conflicts, found = check_page(release, link.format(HANDBOOK))
    assert (reasons, conflicts, found.wrong) == ({"own_publication"}, 0, 0)
    assert set(found.page.claims["source"]) == {"bls_ooh"}
    elsewhere = link.format("https://example.org/?of=https://www.bls.gov/ooh/")
    assert check_page(release, elsewhere)[:2] == ({"unattributed"}, 1)


@pytest.mark.parametrize(
    ("url", "source"),
    [
        (HANDBOOK, "bls_ooh"),
        ("https://www.bls.gov/oes/2023/may/oes514121.htm", "bls_oews"),
        ("https://www.bls.gov/", None),
        ("https://www.payscale.com/research/US/Job=Welder", None),
        ("", None),
    ],
)
def test_official_figures_are_known_by_their_address(url, source):
    """Of an aggregator the address says nothing: anybody may publish pay there."""
    assert find_official_source(url) == source


def test_a_release_of_a_source_that_is_gone_is_read_as_a_page(release, tmp_path):
    """Whatever the manifest calls it, the general reader reads it."""
    snapshot, page = read_kept(release, "payscale")
    folder = shutil.copytree(release.folder, tmp_path / release.name)
    held = [s | {"source": "gone"} for s in release.manifest["snapshots"]]
    known = json.loads((folder / "manifest.json").read_text()) | {"snapshots": held}
    other = type(release)(folder, known)
    assert set(check(page, other, VOCABULARY).page.claims["source"]) == {"page"}
    assert snapshot in {s["id"] for s in held}
