"""Whatever stands in an address or a form, the answer is a page or a problem."""

import random
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from pages_home import copy_home

from pipeline.serve import create_app

pytestmark = [
    pytest.mark.local,
    pytest.mark.filterwarnings("ignore:Using `httpx` with"),
]
LOCAL = "http://127.0.0.1"
TOKEN = "a-token-of-this-test-alone"
# As a client percent-encodes them: bytes that are no UTF-8, halves of characters, NUL.
ODD = (
    *("%00", "a%00b", "%0a", "%0d%0aX:y", "%1b[2J", "%7f", "%ff", "%fe%ff", "%c0%80"),
    *("%ed%a0%80", "%ed%b0%80", "%f4%90%80%80", "%ef%bf%bd", "%e2%80%ae", "%", "%zz"),
    *("..", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e%2f", "%5c..%5c", "."),
    *("/", "//", "%2f", "~", "con", "a" * 256, "a" * 999, "a" * 5000, "-1", "1e9"),
    *("9" * 40, "0x10", "1_0", "+1", "1.0", "nan", "inf", "true", "null", "[]", "{}"),
    *(quote("２０２３"), quote("٣"), quote("Ⅻ"), quote("①"), quote("½"), quote("²")),
    *(quote("'; DROP TABLE salaries; --"), quote("<script>"), quote("{{7*7}}"), ""),
    *("29-2072/US/all/base/median/2023", "bls_oews", "article", "2026-11-01"),
)
PLACES = (
    *("/", "/glossary", "/search", "/conflicts", "/check", "/rulings", "/enter"),
    *("/ruling", "/health", "/ready", "/site.css", "/api/v1/releases"),
    *("/api/v1/sources", "/api/v1/diff", "/api/v1/explain", "/api/v1/salaries"),
    *("/api/v1/claims", "/api/v1/figures", "/api/v1/discrepancies", "/nowhere"),
)
PATHS = ("/cell/{}", "/source/{}", "/snapshot/{}", "/api/v1/{}", "/{}", "/api/{}")
NAMES = (
    *("release", "as_of", "limit", "cursor", "fields", "format", "cell", "year"),
    *("occupation", "area", "publisher", "statistic", "first", "part", "type"),
    *("severity", "source", "state", "after", "recorded", "action", "target", "value"),
    *("old", "new", "soc", "is_year_known", "%00", "%ff", "a" * 300),
)
FORM_NAMES = ("action", "target", "value", "reason", "author", "expires", "expect",
              "form", "seen", "step", "token", "pasted", "file")  # fmt: skip
HEADERS = ("accept", "if-none-match", "cookie", "origin", "sec-fetch-site", "range",
           "content-type", "if-modified-since", "x-forwarded-for", "host")  # fmt: skip

KINDS = ("application/x-www-form-urlencoded", "text/html", "application/json",
         "multipart/form-data; boundary=x")  # fmt: skip


@pytest.fixture(scope="module")
def client(small_release, tmp_path_factory) -> TestClient:
    """The application over a small release, where rulings may be recorded."""
    home = copy_home(small_release, tmp_path_factory.mktemp("odd") / "home")
    app = create_app(home, per_second=0, token=TOKEN)
    return TestClient(app, LOCAL, raise_server_exceptions=False, follow_redirects=False)


def check_answer(answer, where: str) -> None:
    """An answer is good, leads on, or says what is wrong in one of two forms."""
    assert answer.status_code < 500 or answer.status_code == 503, where
    if answer.status_code >= 400 and answer.content:
        kind = answer.headers["content-type"]
        assert kind.startswith(("application/problem+json", "text/html")), where
        assert "Traceback" not in answer.text, where


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("odd", ODD, ids=lambda text: text[:24] or "empty")
def test_an_odd_path_is_no_error_of_ours(client, path, odd):
    """NUL, other scripts' digits, halves of characters, long names, ways upwards."""
    where = path.format(odd)
    check_answer(client.get(where), where)


@pytest.mark.parametrize("path", ["/source/%00", "/snapshot/a%00b", "/cell/%00"])
def test_a_control_character_in_a_path_is_a_bad_request(client, path):
    """400, as a problem."""
    answer = client.get(path)
    assert answer.status_code == 400
    assert "control character" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/source/" + "a" * 300, 404), ("/source/" + "a" * 2000, 414),
     ("/snapshot/" + "a" * 300, 404), ("/cell/" + "a" * 300, 404)],
)  # fmt: skip
def test_a_path_too_long_for_a_name_is_none_of_ours(client, path, status):
    """Longer than a file's name: not there; longer than any: refused."""
    assert client.get(path).status_code == status


@pytest.mark.parametrize(
    "asked",
    ["/search?first=٣", "/conflicts?severity=１", "/conflicts?after=٣",
     "/api/v1/diff?old=x&limit=٣", "/api/v1/salaries?year=２０２３",
     "/api/v1/salaries?limit=٣", "/search?first=1_0", "/search?first=1.0"],
)  # fmt: skip
def test_digits_of_other_scripts_are_no_numbers(client, asked):
    """Nor what only a program would take for a number."""
    assert client.get(asked).status_code == 400


@pytest.mark.slow
def test_five_hundred_made_up_requests_end_in_answers(client):
    """By a seed: any method, place, parameters and headers, of odd values."""
    draw = random.Random(8)
    client.cookies.clear()
    client.post("/enter", data={"token": TOKEN}, headers={"origin": LOCAL})
    for _ in range(500):
        place = draw.choice([*PLACES, draw.choice(PATHS).format(draw.choice(ODD))])
        query = "&".join(
            f"{draw.choice(NAMES)}={draw.choice(ODD)}"
            for _ in range(draw.randint(0, 3))
        )
        method = draw.choices(("GET", "POST", "HEAD", "PUT"), (6, 3, 1, 1))[0]
        headers = {
            draw.choice(HEADERS): draw.choice(ODD)[:300].encode()
            for _ in range(draw.choice((0, 0, 0, 1, 2)))
        }
        headers = {"sec-fetch-site": b"same-origin"} | headers
        body = b""
        if method == "POST":
            fields = (f"{draw.choice(FORM_NAMES)}={draw.choice(ODD)}" for _ in range(4))
            body = "&".join(fields).encode()
            kind = draw.choice(KINDS)
            headers = {"content-type": kind.encode()} | headers
        where = f"{method} {place}?{query} {headers} {body[:200]!r}"
        asked = f"{place}{'&' if '?' in place else '?'}{query}"
        check_answer(
            client.request(method, asked, headers=headers, content=body), where
        )


@pytest.mark.parametrize(
    ("kind", "body"),
    [("application/json", b'{"pay": "\\ud800 earns $48,780 a year"}'),
     ("application/json", b'{"\\udfff": [1e999, -0, "\\u0000"]}'),
     ("text/html", b"<p>Coders &#xD800; earn &#0;$48,780&#xDFFF; a year.</p>"),
     ("text/plain", "In May 2023 coders \ufffe\uffff earn $48,780.".encode()),
     ("text/html; charset=utf-7", b"<p>+ADw-script+AD4- $48,780 a year</p>"),
     ("text/html", b"<p>\xed\xa0\x80 Coders earn $48,780 a year.</p>")],
)  # fmt: skip
@pytest.mark.slow
def test_halves_of_characters_in_a_page_are_no_error_of_ours(client, kind, body):
    """Neither in what is read nor in what is answered."""
    answer = client.post("/api/v1/check", content=body, headers={"content-type": kind})
    assert answer.status_code in (200, 422), answer.text
    answer.json()
