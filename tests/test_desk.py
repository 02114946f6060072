"""The analyst's desk: what to look at first, and a page checked in the browser."""

import re

import pytest
from fastapi.testclient import TestClient
from pages_home import ARTICLE, copy_home
from test_pages import Elements

from pipeline.serve import create_app
from pipeline.serve.review_routes import MULTIPART_BYTES

pytestmark = [
    pytest.mark.local,
    pytest.mark.filterwarnings("ignore:Using `httpx` with"),
]
PAGE = """# What it pays

In May 2023 the median annual wage of medical records specialists was $48,780, says
the BLS. The 10th percentile was $53,010 according to BLS.
"""


@pytest.fixture(scope="module")
def home(small_release, tmp_path_factory):
    """A home with one release of real snapshots."""
    return copy_home(small_release, tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def client(home) -> TestClient:
    """The application, without a limit."""
    app = create_app(home, per_second=0)
    headers = {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"}
    return TestClient(app, "http://127.0.0.1", False, headers=headers)


def impacts(text: str) -> list[float]:
    """The impacts of a page of the queue, in its order."""
    found = re.findall(r'class="impact">impact ([\d,]+)', text)
    return [float(one.replace(",", "")) for one in found]


def test_the_queue_shows_what_would_change_most_first(client):
    """Gap times employment, falling; each item leads to its cell and its words."""
    answer = client.get("/conflicts")
    found = impacts(answer.text)
    assert len(found) > 1
    assert found == sorted(found, reverse=True)
    links = Elements(answer.text).links
    assert any(link.startswith("/cell/") for link in links)
    assert any(link.startswith(f"/snapshot/{ARTICLE}") for link in links)
    assert not any(link.startswith("/ruling?") for link in links)


def kinds(text: str) -> set[str]:
    """Types of the conflicts on a page of the queue."""
    return set(re.findall(r"</span> <strong>([\w ]+)</strong>", text))


def test_filters_leave_what_fits_them(client):
    """Type, severity, source, occupation, state; together, and each by itself."""
    every = client.get("/conflicts").text
    one, *_ = sorted(kinds(every))
    some = client.get("/conflicts", params={"type": one.replace(" ", "_")}).text
    assert kinds(some) == {one} != kinds(every)
    severe = client.get("/conflicts?severity=3").text
    assert set(re.findall(r'<li class="conflict s(\d)"', severe)) == {"3"}
    for nothing in ("state=accepted", "source=nobody", "occupation=99-"):
        assert "Nothing fits." in client.get(f"/conflicts?{nothing}").text
    assert client.get("/conflicts?severity=9").status_code == 400


def test_a_pasted_page_is_shown_with_its_figures_highlighted_by_verdict(client):
    """What is right and what is wrong, each with its reason, and back to its words."""
    text = client.post("/check", files={"pasted": (None, PAGE)}).text
    mark = r'<mark class="(\w+)">(?:<span [^>]*></span>)+<a [^>]*>([^<]*)</a>'
    marks = dict(re.findall(mark, text))
    assert {"disputed": "$53,010", "chosen": "$48,780"}.items() <= marks.items()
    page = Elements(text)
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids, link
    assert "Nothing of the page was kept" in text


@pytest.mark.slow
def test_an_uploaded_file_is_checked_as_the_command_does(client, home):
    """A stored article, sent as a file: the verdicts of `POST /api/v1/check`."""
    (body,) = (home.raw / "article").glob(f"*{ARTICLE}/body.*")
    kind = {".md": "text/markdown", ".html": "text/html"}[body.suffix]
    sent = client.post("/check", files={"file": (body.name, body.read_bytes(), kind)})
    said = client.post(
        "/api/v1/check", content=body.read_bytes(), headers={"Content-Type": kind}
    ).json()
    tiles = {
        name: int(n) for n, name in re.findall(r"<li><b>(\d+)</b> ([\w ]+)", sent.text)
    }
    told: dict[str, int] = {}
    for verdict in said["verdicts"]:
        name = verdict["verdict"].replace("_", " ")
        told[name] = told.get(name, 0) + 1
    assert tiles == told
    assert sum(told.values()) > 20


@pytest.mark.parametrize(
    ("files", "status", "words"),
    [
        ({"pasted": (None, " ")}, 400, "Paste a page"),
        ({"file": ("a.pdf", b"%PDF-1.7")}, 415, "one of these kinds"),
        ({"file": ("a.html", b"%PDF-1.7\0\0")}, 422, "a.html|page.html"),
        ({"pasted": (None, "x" * (4_000_000 + MULTIPART_BYTES))}, 413, "More than"),
        ({"file": ("a.txt", b"1 " * 2_100_000)}, 413, "More than"),
        ({f"f{n}": (None, "x") for n in range(9)}, 400, "fields"),
    ],
)
def test_what_cannot_be_checked_is_said_on_the_form(files, status, words, client):
    """Empty, too large, of another kind: the form comes again, with the reason."""
    answer = client.post("/check", files=files)
    assert answer.status_code == status, answer.text[-500:]
    assert answer.headers["content-type"].startswith("text/html")
    (alert,) = re.findall(r'role="alert">(.*?)</p>', answer.text, re.DOTALL)
    assert re.search(words, alert), alert
