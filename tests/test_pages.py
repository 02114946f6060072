"""The analyst's pages: what they say, where they lead, what they never do."""

import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl
import pytest
from fastapi.testclient import TestClient
from pages_home import ARTICLE, DISPUTED, copy_home
from test_publish import contents, released

from pipeline.archive.fetch_log import FetchAttempt
from pipeline.archive.snapshot import Archive
from pipeline.core.store import Home
from pipeline.query.published import open_latest
from pipeline.read.sheets.cell_grid import Grid
from pipeline.release.draw_site import draw_site
from pipeline.serve import create_app
from pipeline.site.charts import choose_ticks
from pipeline.site.page_links import Links, find_part, make_anchor, make_slug
from pipeline.site.pages.stored_table import find_head_row

LOCAL = "http://127.0.0.1"
pytestmark = [
    pytest.mark.local,
    pytest.mark.filterwarnings("ignore:Using `httpx` with"),
]
ROOT = Path(__file__).resolve().parents[1]
LIGHT = 200_000
KEYS = ("script", {"src": "/desk.js", "defer": ""})


@pytest.fixture(scope="module")
def home(small_release, tmp_path_factory):
    """A home with one release of real snapshots."""
    return copy_home(small_release, tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def client(home) -> TestClient:
    """The application, without a limit."""
    return TestClient(create_app(home, per_second=0), LOCAL, False)


class Elements(HTMLParser):
    """Elements of a page with their attributes; ids, and where links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        """Note an element."""
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    @property
    def ids(self) -> list[str]:
        """Every id, in order."""
        return [a["id"] for _, a in self.found if "id" in a]

    @property
    def links(self) -> list[str]:
        """Where each link leads."""
        return [a["href"] for tag, a in self.found if tag == "a"]


def page(client, address: str) -> Elements:
    """A page that is there."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.text[:500])
    assert answer.headers["content-type"].startswith("text/html")
    return Elements(answer.text)


def walked(client) -> dict[str, Elements]:
    """Every page that links lead to from the overview, by address."""
    found: dict[str, Elements] = {}
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        if address in found or address.startswith("/api"):
            continue
        found[address] = page(client, address)
        if len(found) > 120:
            break
        for link in found[address].links:
            waiting += [link.partition("#")[0]] if link.startswith("/") else []
    return found


def test_from_the_overview_to_the_words_that_say_otherwise_in_two_clicks(client):
    """Overview, cell, highlighted words: each link is there and leads to its place."""
    (cell,) = {link for link in page(client, "/").links if DISPUTED in link}
    (words, *_) = [x for x in page(client, cell).links if f"/snapshot/{ARTICLE}" in x]
    address, _, fragment = words.partition("#")
    text = client.get(address).text
    assert fragment in Elements(text).ids
    marked = re.search(rf'<mark[^>]*><span [^>]*id="{fragment}".*?</mark>', text)
    assert marked
    assert "$80,090" in marked[0]
    assert "disputed" in marked[0]


@pytest.mark.slow
def test_every_link_leads_to_a_page_and_every_fragment_to_a_place(client):
    """No page of the site sends its reader nowhere."""
    pages = walked(client)
    assert len(pages) > 40
    for address, elements in pages.items():
        assert len(elements.ids) == len(set(elements.ids)), address
        for link in elements.links:
            where, _, fragment = link.partition("#")
            if fragment and (where or address) in pages:
                assert fragment in pages[where or address].ids, (address, link)


@pytest.mark.slow
def test_pages_hold_no_script_no_style_and_nothing_from_elsewhere(client):
    """The strictest policy has nothing to refuse; the queue has its keys, a file."""
    for address, elements in walked(client).items():
        for tag, attributes in elements.found:
            if (tag, attributes) == KEYS and address.startswith("/conflicts"):
                continue
            assert tag not in ("script", "style", "iframe", "object", "base"), address
            assert not {n for n in attributes if n.startswith("on") or n == "style"}
            for name in ("href", "src", "action"):
                where = urlsplit(attributes.get(name, ""))
                assert where.scheme in ("", "data"), (address, attributes)
                assert not where.netloc, (address, attributes)


@pytest.mark.slow
def test_pages_are_light_named_and_in_landmarks(client):
    """A title, a language, one main, one first heading, a way past the top."""
    for address, elements in walked(client).items():
        tags = [tag for tag, _ in elements.found]
        assert (
            tags.count("main")
            == tags.count("h1")
            == tags.count("title") - tags.count("svg")
        ), address
        assert ("html", {"lang": "en"}) in elements.found
        assert "#main" in elements.links
        if "/snapshot/" not in address:
            assert len(client.get(address).content) < LIGHT, address


def test_a_cell_says_why_each_figure_won_or_lost(client):
    """Every role with a sentence, the chart with its words, the table beside it."""
    text = client.get(f"/cell/{DISPUTED}").text
    assert "77,810" in text
    assert "80,090" in text
    assert "Names the publisher but differs from what it published." in text
    assert '<svg class="chart forest" role="img"' in text
    assert "<desc id=" in text


def test_an_unknown_page_is_not_found(client):
    """404 as a page that says what is missing, never a traceback, kept by nobody."""
    for address in ("/cell/29-2072/US", "/source/nobody", "/snapshot/000000000000",
                    f"/snapshot/{ARTICLE}?part=9"):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert "There is no such page" in answer.text
        assert answer.headers["cache-control"] == "no-store"
    hostile = client.get("/cell/<script>alert(1)</script>")
    assert "<script" not in hostile.text
    assert client.get("/source/..%2F..%2Fetc").status_code == 404


def test_a_contested_cell_names_who_says_what(client):
    """The range, each side with its words, and what would settle it."""
    text = client.get("/cell/29-2072/US/all/base/range/2024").text
    assert "Contested, 37,000–72,000" in text
    assert "Why it is contested" in text
    assert "What would settle it:" in text
    assert "Publishers of equal authority disagree beyond tolerance" in text


def test_the_page_of_a_source_shows_its_scorecard_and_its_looks(home, client):
    """Facts, measures with intervals, snapshots, and what came of every look."""
    archive = Archive(home.raw)
    before = client.get("/source/article")
    archive.add_attempt(FetchAttempt("2026-11-02T06:00:00Z", "article", "https://a.example/x",
                       "failed", 503, why="<b>no answer</b>"))  # fmt: skip
    after = client.get(
        "/source/article", headers={"If-None-Match": before.headers["etag"]}
    )
    assert after.status_code == 200
    assert "&lt;b&gt;no answer" in after.text
    assert "Scorecard" in after.text
    assert "misquotes" in after.text
    (home.raw / "article" / "checks.jsonl").unlink()


@pytest.mark.slow
def test_a_cell_shows_what_changed_from_release_to_release(tmp_path):
    """The old and the new value, from the changes that are kept beside the releases."""
    home = Home(tmp_path)
    home.vocabularies.symlink_to(ROOT / "vocabularies")
    released(home, "2026-10-01-aaaaaaaa")
    tables = contents()
    regraded = tables.salaries.with_columns(grade=pl.lit("C"))
    released(home, "2026-11-01-bbbbbbbb", replace(tables, salaries=regraded))
    client = TestClient(create_app(home, per_second=0), LOCAL)
    text = client.get("/cell/29-2072/US/all/base/median/2023").text
    assert "What changed from release to release" in text
    assert re.search(r"2026-10-01-aaaaaaaa.*>grade<.*>A<.*>C<", text)


def test_a_search_finds_by_words_area_and_publisher(client):
    """As a form without script: titles, names, codes; nothing fits is said."""
    asked = {"occupation": "records medical", "area": "united", "publisher": "bls"}
    text = client.get("/search", params=asked).text
    assert "29-2072" in text
    assert "11-9111" not in text
    other = client.get("/search", params={"occupation": "medical coder"}).text
    assert "29-2072" in other
    assert "29-1141" not in other
    for none in ({"occupation": "astronaut' OR 1=1 --"}, {"area": "Narnia"}):
        assert "Nothing fits" in client.get("/search", params=none).text


def test_a_long_search_goes_on_where_it_stopped(client):
    """Page by page, every cell once, in order."""
    seen, address = [], "/search"
    while address:
        found = page(client, address)
        seen += [link for link in found.links if link.startswith("/cell/")]
        onwards = [a["href"] for t, a in found.found if a.get("rel") == "next"]
        address = onwards[0] if onwards and len(seen) < 300 else ""
    assert len(seen) > 100
    assert len(seen) == len(set(seen))


def test_a_page_that_the_client_has_is_not_sent_again(client):
    """ETag by release and code; 304."""
    first = client.get(f"/cell/{DISPUTED}")
    again = {"If-None-Match": first.headers["etag"]}
    assert client.get(f"/cell/{DISPUTED}", headers=again).status_code == 304
    assert "max-age=60" in first.headers["cache-control"]


@pytest.mark.slow
def test_the_static_site_is_whole_the_same_each_time_and_leads_nowhere_else(home):
    """Every relative link has its file and its place; the sums hold; same bytes."""
    release = open_latest(home)
    folder = draw_site(home, release).parent
    pages = {p: Elements(p.read_text("utf-8")) for p in folder.rglob("*.html")}
    assert len(pages) > 40
    for path, elements in pages.items():
        for link in elements.links:
            where, _, fragment = link.partition("#")
            target = (path.parent / where).resolve() if where else path
            assert target in pages, (path, link)
            assert not fragment or fragment in pages[target].ids, (path, link)
    sums = (folder / "SHA256SUMS").read_text("utf-8")
    assert len(sums.splitlines()) == len(pages) + 1
    shutil.rmtree(folder)
    draw_site(home, release)
    assert (folder / "SHA256SUMS").read_text("utf-8") == sums
    assert open_latest(home).name == release.name


def test_a_site_has_the_same_pages_as_the_server(home, client):
    """One function draws both: only the addresses differ."""
    folder = draw_site(home, open_latest(home)).parent
    file = (folder / "cells" / f"{make_slug(DISPUTED)}.html").read_text("utf-8")
    live = client.get(f"/cell/{DISPUTED}").text
    words = re.compile(r"<main.*</main>", re.DOTALL)
    address = re.compile(r'href="[^"]*"')
    assert address.sub("", words.search(file)[0]) == address.sub(
        "", words.search(live)[0]
    )


def test_addresses_of_files_are_plain_and_never_clash():
    """Cells with marks that a file system refuses get names of their own."""
    odd = ["?|x/../y", "?|x/..-y", "a:b*c", "../../etc/passwd", "x" * 300, "x" * 301]
    names = [make_slug(text) for text in odd]
    assert len(set(names)) == len(odd)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]{1,90}", name) for name in names)
    assert not any(name.startswith(".") for name in names)
    links = Links(live=False, up="../", cells=frozenset({"a"}))
    assert (links.cell("a"), links.cell("b")) == ("../cells/a.html", "")
    assert len({make_anchor("s#char=1,2"), make_anchor("s#char=1,2~2")}) == 2


def test_a_claim_is_on_the_part_that_its_place_says():
    """By offset in a text, by line in a table; the first part where neither is."""
    row = {"start": None, "locator": "line=60;col=2"}
    assert find_part(row) == 2
    assert find_part({**row, "locator": "a.xls!Table 1!AB51"}) == 2
    assert find_part({**row, "locator": "/Results/series/0"}) == 0
    assert find_part({"start": 45_000, "locator": "char=45000,45007"}) == 2


@pytest.mark.parametrize(
    "ends", [[48780, 48776], [0, 1], [1, 10**9], [35_000.5, 35_000.5]]
)
def test_a_scale_has_round_ends_around_all_it_shows(ends):
    """Few ticks, in order, that no figure falls outside of."""
    ticks = choose_ticks(ends)
    assert ticks == sorted(set(ticks))
    assert ticks[0] <= min(ends) <= max(ends) <= ticks[-1]
    assert 2 <= len(ticks) <= 9


def test_a_sheet_is_shown_under_the_row_that_names_its_columns():
    """Not under the title above it."""
    cells = pl.DataFrame(
        [("Table 1.2", None), ("Title", "Wage"), ("Coders", "48780")],
        schema={"1": pl.String, "2": pl.String},
        orient="row",
    )
    grid = Grid("a.xlsx", "S", "S!", "sheet", cells)
    assert find_head_row(grid, 3) == ["Title", "Wage"]
    assert find_head_row(grid, 1) == []
