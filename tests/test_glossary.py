"""The words: one file, told on the pages, in the report and in the docs."""

import re
from collections.abc import Iterable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from pipeline.core.tables import column_types
from pipeline.core.vocabulary import open_vocabulary
from pipeline.site.glossary import GlossaryWord, read_glossary
from pipeline.site.page_links import Links
from pipeline.site.pages.glossary_page import draw_glossary_page
from pipeline.site.pages.release_view import ReleaseView
from pipeline.site.report import render_report
from pipeline.site.report.check_report import draw_check_report
from schemas import Claims, Discrepancies, Figures, Rejects, Salaries
from schemas.salaries import STATUSES

ROOT = Path(__file__).resolve().parents[1]
WORDS = open_vocabulary(ROOT / "vocabularies")
ALL = [word for group in read_glossary() for word in group.words]
TOLD = (ROOT / "docs" / "json.md").read_text("utf-8")
VERDICTS = re.findall(r"\w+", re.search(r"`verdict` \(([^)]*)\)", TOLD)[1])
STATED = re.compile(r"[.!?](?:\s|$)")
OTHERS = (
    *("claim", "figure", "cell", "quotation", "witness", "vintage", "grade"),
    *("disputed", "snapshot", "edition", "capture", "demonstration", "reject"),
    *("discrepancy", "severity", "verdict", "attribution", "inherited", "freshness"),
    *("cohort", "pay basis", "SOC", "OEWS", "CBSA", "FIPS", "NAICS", "top-coded"),
    *("suppressed", "relative standard error", "ageing", "lineage", "copy"),
    *("independent", "ruling", "correction", "release", "latest", "gate"),
)
MANIFEST = {
    "demonstration": False,
    "rows": {"claims": 0, "figures": 0, "salaries": 0, "rejects": 0},
    "snapshots": [],
    "notes": [],
}


class Anchors(HTMLParser):
    """The ids of a page, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        """Note an id or a link."""
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag == "a" else []


def find_faults(words: Iterable[GlossaryWord], wanted: Iterable[str]) -> list[str]:
    """Words that are not told, told twice, or told at length."""
    words = list(words)
    anchors = [word.anchor for word in words]
    faults = [name for name in wanted if GlossaryWord(name, "").anchor not in anchors]
    faults += [one.word for one in words if anchors.count(one.anchor) > 1]
    for one in words:
        if not 1 <= len(STATED.findall(one.meaning)) <= 2 or one.meaning[-1] != ".":
            faults.append(one.word)
    return faults


def view(**links) -> ReleaseView:
    """A release of nothing, as pages see one."""
    return ReleaseView(
        "2026-11-01-00000000", MANIFEST, None, WORDS, bytes, list, list,
        links=Links(**links),
    )  # fmt: skip


def test_every_word_is_told_once_in_two_sentences_at_most():
    """Words of the field, every verdict and every status of a cell."""
    statuses = [status.replace("_", " ") for status in STATUSES]
    assert find_faults(ALL, [*OTHERS, *VERDICTS, *statuses]) == []


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ([word for word in ALL if word.word != "stale"], "stale"),
        ([*ALL, replace(ALL[0])], ALL[0].word),
        ([*ALL, GlossaryWord("long", "One. Two. Three.")], "long"),
        ([*ALL, GlossaryWord("bare", "no sentence")], "bare"),
    ],
)
def test_a_word_that_is_missing_or_told_twice_or_at_length_is_seen(words, fault):
    """The check above names it."""
    assert fault in find_faults(words, [*OTHERS, *VERDICTS])


@pytest.mark.parametrize(
    ("links", "address"),
    [({}, "/glossary"), ({"live": False, "up": ""}, "glossary.html")],
)
def test_the_page_has_every_word_and_every_page_leads_to_it(links, address):
    """Live and as a file, which leads nowhere but to its neighbours."""
    page = Anchors(draw_glossary_page(view(**links)).decode())
    assert {word.anchor for word in ALL} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert address in page.links
    missing = view(**links).draw_page("missing", why="x").decode()
    assert address in Anchors(missing).links
    if links:
        assert not [link for link in page.links if link.startswith(("/", "http"))]


def test_files_below_the_top_lead_up_to_it():
    """A cell's page lies in a folder of its own."""
    page = Anchors(view(live=False, up="../").draw_page("missing", why="x").decode())
    assert "../glossary.html" in page.links


def test_the_report_tells_the_words_itself():
    """It is one page that may be sent: its links lead to its own end."""
    models = {
        "claims": Claims, "figures": Figures, "salaries": Salaries,
        "discrepancies": Discrepancies, "rejects": Rejects,
    }  # fmt: skip
    frames = {name: pl.DataFrame(schema=column_types(m)) for name, m in models.items()}
    pages = render_report("2026-11-01-00000000", MANIFEST, frames, WORDS)
    html = Anchors(pages["report.html"].decode())
    assert {word.anchor for word in ALL} <= set(html.ids)
    assert {link.removeprefix("#") for link in html.links} <= set(html.ids)
    assert "#words" in html.links
    markdown = pages["report.md"].decode()
    assert "(#what-the-words-mean)" in markdown
    assert "\n## What the words mean\n" in markdown
    for word in ALL:
        plain = word.word.replace("_", r"\_")
        assert f"\n- **{plain}**: {word.meaning[:20]}" in markdown, word


def test_a_checked_page_tells_the_verdicts():
    """Whoever gets it need not have the release."""
    checked = {
        "document": {"path": "page.md", "title": ""}, "claims": [], "verdicts": [],
        "release": {"name": "2026-11-01-00000000", "demonstration": False},
        "discrepancies": [], "nothing_because": "no figure", "reading_faults": [],
        "findings": [], "summary": "0 figures: none wrong.",
    }  # fmt: skip
    page = Anchors(draw_check_report(checked))
    assert set(VERDICTS) <= set(page.ids)
    assert "#words" in page.links


def test_the_docs_have_every_word_under_its_own_heading():
    """A heading is an anchor; README and the docs lead there."""
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    for word in ALL:
        assert f"\n### {word.word}\n\n{word.meaning}\n" in text, word
    assert "](docs/glossary.md)" in (ROOT / "README.md").read_text("utf-8")
