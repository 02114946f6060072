"""What outsiders write is only text, whatever it is written out as: a test a format.

One release holds a hostile title, quote, address, cell and mark; one page holds them
on a page that is checked.
"""

import csv
import io
import json
import re
import sqlite3
from html.parser import HTMLParser
from urllib.parse import quote

import polars as pl
import pytest
from fastapi.testclient import TestClient
from made import VOCABULARY, claim
from test_publish import MANIFEST, cards, contents
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.core.errors import TooLarge
from pipeline.core.store import Home
from pipeline.query.published import open_latest
from pipeline.release.publish import publish
from pipeline.serve import create_app
from pipeline.site.evidence_packet import make_packet
from pipeline.site.report import render_report

pytestmark = [
    pytest.mark.slow,
    pytest.mark.local,
    pytest.mark.filterwarnings("ignore:Using `httpx` with"),
]
HERE = "http://127.0.0.1"
OWN = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}
SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"
FORMULA = '=HYPERLINK("http://x.example","y")'
TURNED = "\u202e000,08$\u2066\u200f"
ESCAPE = "\x1b]0;owned\x07\x9b2J\x00"
ADDRESS = f"javascript:alert(3)//{SCRIPT}"
BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
CELL = "29-2072/US/all/base/p10/2023"
LINE = "$48,780 " * 1_300_000  # 10.4 MB without a line end
PAGE = f"""<!doctype html><title>{SCRIPT}{TURNED}</title>
<h1>{FORMULA}</h1>
<p>&lt;script&gt;alert(1)&lt;/script&gt; says BLS: in May 2023 the 10th
percentile of medical records specialists was $35,010 {TURNED} a year.
<a href="{ADDRESS}">{ADDRESS}</a></p>
<table><tr><th>{FORMULA}</th><th>Median salary</th></tr>
<tr><td>{FORMULA} medical coder</td><td>$50,000 &#x202e;</td></tr>
<tr><td>&lt;img src=x onerror=alert(2)&gt; nurse</td><td>$51,000</td></tr></table>
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    """A home whose release is hostile wherever outsiders have a say."""
    home = Home(tmp_path_factory.mktemp("hostile"))
    home.vocabularies.symlink_to(VOCABULARY.folder)
    said = {"reference_period": "2023-05", "attributed_to": "BLS", "statistic": "p10"}
    tables = contents(
        claim(35010, quote=SCRIPT, occupation="medical records specialist", **said),
        claim(35011, quote=FORMULA, section=SCRIPT + TURNED, **said),
        claim(35012, quote=TURNED + ESCAPE, area=SCRIPT, **said),
        claim(1, quote="@SUM(A1)", occupation=FORMULA + SCRIPT + TURNED + ESCAPE),
        claim(2, quote="-cmd|' /C calc'!A0", occupation="\t=1+1|\n# x"),
    )
    found = [{**card, "url": ADDRESS, "name": SCRIPT} for card in cards(tables)]
    manifest = MANIFEST | {"snapshots": found, "notes": []}
    pages = render_report("r1", manifest, tables.frames_by_name(), VOCABULARY)
    publish(home, "r1", tables, manifest, pages, VOCABULARY)
    return home


@pytest.fixture(scope="module")
def client(home) -> TestClient:
    """The server, with a door to rulings."""
    app = create_app(home, per_second=0, token="t" * 20)
    return TestClient(app, HERE, False, headers=OWN)


@pytest.fixture
def run(home, monkeypatch, tmp_path):
    """A command on that home, in a folder of its own."""
    monkeypatch.setenv("PAYPROOF_HOME", str(home.root))
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, list(words))


class Parts(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        """Note an element and its attributes."""
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data):
        """Note what is to be read."""
        self.text += data


def harmless(page: str, *, style: bool = False) -> Parts:
    """A page that runs nothing, asks nobody, and turns no text around."""
    parts = Parts(page.replace('<script src="/desk.js" defer></script>', ""))
    foreign = {"script", "img", "iframe", "object", "embed", "base", "svg:script"}
    assert not foreign & set(parts.tags)
    assert ("style" in parts.tags) == style
    for name, value in parts.attributes:
        assert not name.startswith("on"), (name, value)
        if name in ("href", "src", "action", "xlink:href"):
            assert re.match(r"(/|#|\.|\?|https?://|[\w-]+\.html|data:,$)", value), value
    assert not BIDI.search(page)
    assert len(page) < 1_000_000
    return parts


def cell_is_harmless(text: str) -> bool:
    """A spreadsheet shows it and runs nothing."""
    figure = re.fullmatch(r"[+-]?[\d.,]*%?", text)
    return bool(figure) or not text.startswith(("=", "@", "+", "-", "\t", "\r"))


def page_file(folder, text=PAGE):
    """A page on disk."""
    path = folder / "page.html"
    path.write_text(text)
    return path


def test_text_in_a_terminal_drives_nothing(run, tmp_path):
    """check, conflicts, explain: no escape sequence, no mark that turns text."""
    path = str(page_file(tmp_path))
    said = ""
    for words in (["check", path], ["conflicts"], ["explain", CELL, "--all"]):
        answer = run(*words)
        assert answer.exit_code in (0, 1), answer.output
        said += answer.output
        assert not CONTROL.search(answer.output.replace("\n", ""))
        assert not BIDI.search(answer.output)
    assert "<script>" in said
    assert "\\x202e" in said


def test_json_on_a_terminal_drives_nothing_and_says_the_same(run, tmp_path):
    """Marks and controls are escaped; whoever parses it has the text as it was."""
    path = str(page_file(tmp_path))
    texts = []
    for words in (["check", path], ["conflicts"], ["explain", CELL, "--all"]):
        answer = run(*words, "--format", "json")
        assert not CONTROL.search(answer.output.replace("\n", ""))
        assert not BIDI.search(answer.output)
        texts.append(json.dumps(json.loads(answer.output), ensure_ascii=False))
    assert SCRIPT in json.loads(texts[0])["document"]["title"]
    assert TURNED in texts[2]


def test_the_html_of_a_check_runs_nothing(run, tmp_path):
    """As text: the script, the address, the formula; and no mark that turns it."""
    page = run("check", str(page_file(tmp_path)), "--format", "html").output
    assert "<script>alert(1)</script>" in harmless(page, style=True).text


def test_the_html_report_runs_nothing(home):
    """The report of the release."""
    page = (open_latest(home).folder / "report.html").read_text()
    assert "<script>alert(1)</script>" in harmless(page, style=True).text


def test_the_markdown_report_is_text_and_tables(home):
    """No element, no link, no row and no heading of an outsider's."""
    text = (open_latest(home).folder / "report.md").read_text()
    assert not re.search(r"<(script|img)", text)
    assert not re.search(r"(?<!\\)\]\(javascript", text)
    assert "\n# x" not in text
    assert not BIDI.search(text)
    assert not CONTROL.search(text.replace("\n", ""))
    assert "&lt;script&gt;" in text


def test_csv_runs_no_formula_and_keeps_its_columns(home):
    """Every cell of every table of the release."""
    folder, hit = open_latest(home).folder, 0
    for path in sorted(folder.glob("*.csv")):
        rows = list(csv.reader(io.StringIO(path.read_text(), newline="")))
        assert {len(row) for row in rows} == {len(rows[0])}
        for row in rows:
            assert all(map(cell_is_harmless, row)), row
            hit += sum(cell.startswith("'=HYPERLINK") for cell in row)
    assert hit


def test_parquet_keeps_every_text_as_it_was(home):
    """Data for programs: neither lost nor changed, in a column of texts."""
    quotes = open_latest(home).scan_table("claims").collect()["quote"]
    assert quotes.dtype == pl.String
    assert {SCRIPT, FORMULA, TURNED + ESCAPE} <= set(quotes)


def test_sqlite_keeps_every_text_as_it_was(home):
    """Bound, not written into a statement; all tables are there and sound."""
    path = open_latest(home).folder / "payproof.sqlite"
    database = sqlite3.connect(path)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    quotes = {row[0] for row in database.execute("SELECT quote FROM claims")}
    assert {SCRIPT, FORMULA, TURNED + ESCAPE} <= quotes


def test_json_of_the_api_is_never_taken_for_a_page(client):
    """Its media type, not to be guessed at; and the text as it was."""
    answer = client.get("/api/v1/claims", params={"limit": 100})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert SCRIPT in {row["quote"] for row in answer.json()["data"]}


def test_csv_of_the_api_runs_no_formula(client):
    """The same care as in the files of the release."""
    answer = client.get("/api/v1/claims", params={"limit": 100, "format": "csv"})
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert all(cell_is_harmless(cell) for row in rows for cell in row)
    assert any(cell.startswith("'=HYPERLINK") for row in rows for cell in row)
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_problem_of_the_api_says_hostile_words_back_as_json(client):
    """In the path, in a filter, in the name of a release."""
    for address in (
        f"/api/v1/explain?cell={quote(SCRIPT + TURNED)}",
        f"/api/v1/salaries?{quote(SCRIPT)}=1",
        f"/api/v1/salaries?release={quote(SCRIPT)}",
        f"/api/v1/{quote(SCRIPT, safe='')}",
    ):
        answer = client.get(address)
        assert 400 <= answer.status_code < 500
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert len(answer.content) < 3000


def pages(client) -> list[str]:
    """Addresses of the analyst's pages, with hostile words in what is asked."""
    bad = quote(SCRIPT + TURNED)
    client.post("/enter", data={"token": "t" * 20})
    cells = client.get("/api/v1/salaries?limit=50").json()["data"]
    return [
        *(f"/cell/{quote(row['cell'])}" for row in cells),
        "/", "/conflicts", "/conflicts?state=any", "/rulings", "/check", "/enter",
        f"/search?occupation={bad}", "/search?area=US", f"/conflicts?source={bad}",
        f"/rulings?recorded={bad}", f"/ruling?action={bad}&target={bad}&value={bad}",
        f"/ruling?action=exclude&target={quote(CELL)}", "/source/article",
        "/snapshot/" + "a" * 12, "/snapshot/" + "c" * 12,
    ]  # fmt: skip


def test_the_analysts_pages_run_nothing(client):
    """Every page of the release and every form: text, and a policy besides."""
    said = ""
    for address in pages(client):
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.text[:300])
        said += harmless(answer.text).text
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
    assert "<script>alert(1)</script>" in said
    assert "javascript:alert(3)" in said


def test_a_page_that_is_sent_to_be_checked_runs_nothing(client):
    """Pasted and as a file, the name of which is hostile too."""
    for files in (
        {"pasted": (None, PAGE)},
        {"file": (f"{FORMULA}{SCRIPT}.html", PAGE, "text/html")},
    ):
        answer = client.post("/check", files=files)
        assert answer.status_code == 200
        assert "<script>alert(1)</script>" in harmless(answer.text).text


def test_an_evidence_packet_runs_nothing(home):
    """A file that is mailed: its own style, its own policy, and no script."""
    page, facts = make_packet(home, open_latest(home), CELL)
    text = page.decode() if isinstance(page, bytes) else page
    assert "<script>alert(1)</script>" in harmless(text, style=True).text
    assert "default-src 'none'" in text
    assert facts


def test_ten_megabytes_in_a_line_are_refused_in_a_sentence(client, run, tmp_path):
    """By the command, the form and the API: short, and the server answers on."""
    path = page_file(tmp_path, LINE)
    for form in ("text", "json", "html"):
        answer = run("check", str(path), "--format", form)
        assert isinstance(answer.exception, TooLarge)
        assert len(f"{answer.output}{answer.exception}") < 500
    sent = client.post("/check", files={"file": ("a.html", LINE)})
    assert sent.status_code == 413
    assert len(sent.content) < 10_000
    kind = {"Content-Type": "text/html"}
    assert client.post("/api/v1/check", content=LINE, headers=kind).status_code == 413
    assert client.get("/ready").status_code == 200
