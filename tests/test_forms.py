"""A page's words, JSON-LD and state against each other, each with its sound twin."""

import pytest
from changing import changed
from make_recordings import RECORDINGS, TESTS, kept

from pipeline.core.model import Snapshot
from pipeline.core.vocabulary import open_vocabulary
from pipeline.normalise import normalise
from pipeline.normalise.validate import make_empty_broken_rows, validate
from pipeline.read import read
from pipeline.reconcile import PageInputs, assess
from pipeline.sources import import_source

WORDS = open_vocabulary(TESTS.parent / "vocabularies")
PAGES = {
    (r.source, r.edition): kept(r, TESTS / "raw")
    for r in RECORDINGS
    if r.name.endswith(".html") and "survey" not in r.name
}
CLERK = next(kept(r, TESTS / "raw") for r in RECORDINGS if "clerk" in r.name)


def conflicts(snapshot: Snapshot) -> dict[str, list[str]]:
    """Type of each discrepancy of a page to its sentences."""
    claims = import_source(snapshot.source).parse(snapshot, WORDS)
    draft = normalise(claims, WORDS, {snapshot.id: snapshot.edition})
    figures, _ = validate(draft.head(0), make_empty_broken_rows(), WORDS)
    document = read(snapshot.read_body(), snapshot.media_type, where="page")
    context = PageInputs(claims.iter_rows(named=True), {snapshot.id: document})
    table = assess(draft, figures.lazy(), WORDS, {}, context).discrepancies
    found: dict[str, list[str]] = {}
    for kind, sentence in table.select("type", "sentence").rows():
        found.setdefault(kind, []).append(sentence)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    "page", PAGES.values(), ids=lambda s: f"{s.source} {s.edition}"
)
def test_only_the_pages_that_disagree_are_named(page):
    """Three recordings disagree with themselves on purpose, the others do not."""
    wrong = {("salary_com", "2025"), ("glassdoor", "2025"), ("job_postings", "2026-03")}
    expected = {"json_vs_text"} if (page.source, page.edition) in wrong else set()
    assert set(conflicts(page)) == expected


@pytest.mark.slow
def test_a_range_in_the_words_is_the_percentiles_of_the_data(tmp_path):
    """Salary.com's usual range is the middle half, and the table repeats it."""
    page = PAGES["salary_com", "2025"]
    said = conflicts(page)["json_vs_text"]
    assert any(
        "50,980.00 to 64,870.00, another 50,980.00 to 66,340.00" in s for s in said
    )
    assert any("75th percentile" in s for s in said)
    assert conflicts(changed(page, tmp_path, ('"64870"', '"66340"'))) == {}


@pytest.mark.slow
def test_two_kinds_of_data_are_held_against_each_other(tmp_path):
    """JSON-LD and state; the words agree with the state."""
    page = PAGES["glassdoor", "2025"]
    assert len(conflicts(page)["json_vs_text"]) == 2
    assert conflicts(changed(page, tmp_path, ('"58900"', '"57400"'))) == {}


def test_a_posting_whose_range_is_another_in_its_data_is_named(tmp_path):
    """The ends of both stand in the sentence."""
    (said,) = conflicts(CLERK)["json_vs_text"]
    assert "17.25 to 21.00, another 18.75 to 23.50" in said
    sound = changed(CLERK, tmp_path, ("$18.75 - $23.50", "$17.25 - $21.00"))
    assert conflicts(sound) == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "edition", "old", "new"),
    [
        ("payscale", "2025", "from $39,000 to $75,000", "from $39,000 to $86,000"),
        ("payscale", "2025", '"average":53840', '"average":53480'),
        ("indeed", "2026-10", '"median":24.15', '"median":25.14'),
        ("indeed", "2026-10", "is $24.62 per hour", "is $26.42 per hour"),
        ("indeed", "2026-09", '"min":23.5', '"min":25.5'),
        ("ziprecruiter", "2026-10", '75": "66500"', '75": "65600"'),
        ("ziprecruiter", "2026-10", '"average":57350', '"average":53750'),
    ],
)  # fmt: skip
def test_a_figure_that_one_form_has_otherwise_is_seen(
    source, edition, old, new, tmp_path
):
    """A digit changed in the words, the JSON-LD or the state."""
    page = changed(PAGES[source, edition], tmp_path, (old, new))
    assert "json_vs_text" in conflicts(page), old


def test_rounded_words_are_no_contradiction(tmp_path):
    """`$57k` in words for 57,350 in the data says the same."""
    page = changed(
        PAGES["ziprecruiter", "2026-10"],
        tmp_path,
        ("is $57,350 a year", "is $57k a year"),
    )
    assert conflicts(page) == {}
