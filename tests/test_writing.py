"""Rulings in the browser: who may, what is seen first, and the row that it leaves."""

import re
import shutil

import pytest
from fastapi.testclient import TestClient
from test_deciding import CELL, TODAY, proposal, released
from test_pages import Elements

from pipeline.core.store import Home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.review.propose import record_ruling
from pipeline.rulings import load_rulings
from pipeline.serve import create_app

pytestmark = [
    pytest.mark.slow,
    pytest.mark.local,
    pytest.mark.filterwarnings("ignore:Using `httpx` with"),
]
TOKEN = "a token of thirty characters.."
HERE = "http://127.0.0.1:8000"
OWN = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}
WISH = {
    "action": "override", "target": CELL, "value": "50000", "expect": "",
    "reason": "The survey's definition fits.", "author": "a. person",
    "expires": "2099-06-30",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Home:
    """A home whose release has a contested cell."""
    from made import VOCABULARY

    root = tmp_path_factory.mktemp("made")
    folder = shutil.copytree(VOCABULARY.folder, root / "vocabularies")
    anchors = folder / "anchors.csv"
    anchors.write_text(anchors.read_text().splitlines()[0] + "\n")
    released(Home(root), "r1")
    return Home(root)


@pytest.fixture
def home(made, tmp_path) -> Home:
    """The same, free to change."""
    shutil.copytree(made.root, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")


def browser(home, **said) -> TestClient:
    """A browser of its own, before the token."""
    app = create_app(home, per_second=0, **{"token": TOKEN, **said})
    return TestClient(app, HERE, False, headers=OWN, follow_redirects=False)


@pytest.fixture
def client(home) -> TestClient:
    """A browser with a session."""
    found = browser(home)
    assert found.post("/enter", data={"token": TOKEN}).status_code == 303
    return found


def rows(home) -> bytes:
    """The file of rulings."""
    return (home.vocabularies / "rulings.csv").read_bytes()


def hidden(text: str) -> dict[str, str]:
    """Hidden fields of the form of a ruling."""
    fields = [a for tag, a in Elements(text).found if tag == "input" and "name" in a]
    kept = ("form", "seen")
    return {a["name"]: a["value"] for a in fields[:2] if a["name"] in kept}


def shown(client, **said):
    """The form, filled in and looked at."""
    form = hidden(client.get("/ruling").text)
    return client.post("/ruling", data={**form, **WISH, "step": "preview", **said})


def test_what_is_recorded_in_the_browser_is_the_row_that_the_command_writes(
    client, home, made, tmp_path
):
    """Seen first, then recorded: byte for byte what `payproof rule` leaves."""
    before = rows(home)
    seen = shown(client)
    assert seen.status_code == 200
    assert "settled" in re.sub("<[^>]*>", " ", seen.text)
    assert rows(home) == before
    sent = {**WISH, **hidden(seen.text), "step": "record"}
    answer = client.post("/ruling", data=sent)
    assert answer.status_code == 303, answer.text
    other = Home(shutil.copytree(made.root, tmp_path / "other", symlinks=True))
    (row,) = load_rulings(open_vocabulary(home.vocabularies))
    wish = proposal("override", CELL, "50000", expires="2099-06-30")
    record_ruling(other, wish, row.date)
    assert rows(home) == rows(other) != before
    told = client.get(answer.headers["location"]).text
    assert f"{row.id}</strong> is recorded" in told
    assert f"action=undo&amp;target={row.id}" in told


def test_nothing_is_recorded_that_was_not_shown_as_it_is(client, home):
    """A field that changed after the preview is shown again, not recorded."""
    before = rows(home)
    seen = shown(client)
    sent = {**WISH, **hidden(seen.text), "step": "record"}
    answer = client.post("/ruling", data={**sent, "value": "60000"})
    assert answer.status_code == 200
    assert "What would change" in answer.text
    unseen = {**WISH, "form": sent["form"], "seen": "", "step": "record"}
    assert client.post("/ruling", data=unseen).status_code == 200
    assert rows(home) == before


def test_what_cannot_be_recorded_is_said_on_the_form(client, home):
    """What was filled in stays; the sentence says what is lacking."""
    before = rows(home)
    for change, words in (
        ({"reason": ""}, "no reason"),
        ({"expires": ""}, "without expiry"),
        ({"value": "1"}, "picks a published figure"),
        ({"action": "invent"}, "Known: override"),
        ({"expect": "status=settled"}, "guard fails already"),
    ):
        answer = shown(client, **change)
        assert answer.status_code in (404, 422), change
        (alert,) = re.findall(r'role="alert">(.*?)</p>', answer.text, re.DOTALL)
        assert words in alert
        assert "a. person" in answer.text
    assert rows(home) == before


def test_reading_is_all_that_can_be_done_without_the_option(home):
    """No door, no form, no link to one; the rulings themselves can be read."""
    client = browser(home, token="")
    for address in ("/enter", "/ruling", "/leave"):
        assert client.get(address).status_code == 404
        assert client.post(address, data=WISH).status_code == 404
    assert client.get("/rulings").status_code == 200
    for address in ("/rulings", "/conflicts"):
        assert "/ruling?" not in client.get(address).text


def test_only_who_has_the_token_gets_a_session(home):
    """A wrong one opens nothing; guessing is stopped; the cookie is the browser's."""
    client = browser(home)
    assert client.get("/ruling").headers["location"] == "/enter"
    assert client.post("/ruling", data=WISH).status_code == 401
    for wrong in ("", TOKEN[:-1], f"{TOKEN}x", "\u00e9"):
        answer = client.post("/enter", data={"token": wrong})
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    for _ in range(10):
        last = client.post("/enter", data={"token": "guess"})
    assert last.status_code == 429
    assert client.post("/enter", data={"token": TOKEN}).status_code == 429
    cookie = browser(home).post("/enter", data={"token": TOKEN}).headers["set-cookie"]
    assert re.search(r"HttpOnly; Path=/; SameSite=strict$", cookie)
    assert TOKEN not in cookie


def test_a_form_is_of_its_own_session_and_page(client, home):
    """A token of nobody, of another session or of another form: refused."""
    before = rows(home)
    mine = hidden(client.get("/ruling").text)
    app = client.app
    other = TestClient(app, HERE, False, headers=OWN, follow_redirects=False)
    other.post("/enter", data={"token": TOKEN})
    theirs = hidden(other.get("/ruling").text)
    for form in ("", "0" * 64, theirs["form"]):
        answer = client.post("/ruling", data={**WISH, "form": form, "step": "preview"})
        assert answer.status_code == 403
    assert client.post("/leave", data=mine).status_code == 403
    leaving = re.findall(r'name="form" value="(\w+)"', client.get("/ruling").text)[1]
    assert client.post("/leave", data={"form": leaving}).status_code == 303
    assert client.post("/ruling", data={**WISH, **mine}).status_code == 401
    assert rows(home) == before


def test_forms_are_sent_by_a_person_not_by_a_machine(client, home):
    """Beyond the forms that a minute allows, the session is asked to wait."""
    most = int(
        open_vocabulary(home.vocabularies).read_number("limits", "session_writes")
    )
    form = hidden(client.get("/ruling").text)
    sent = [client.post("/ruling", data=form).status_code for _ in range(most + 1)]
    assert set(sent[:-1]) == {404}
    assert sent[-1] == 429


FOREIGN = {
    "a form of another site": {"Origin": "http://evil.example"},
    "a sandboxed frame": {"Origin": "null"},
    "another port of this machine": {"Origin": "http://127.0.0.1:9999"},
    "the browser says so": {"Sec-Fetch-Site": "cross-site"},
    "a neighbour's site": {"Sec-Fetch-Site": "same-site"},
}


@pytest.mark.parametrize("address", ["/ruling", "/enter", "/check", "/api/v1/check"])
@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
def test_nothing_that_another_site_sends_is_taken(headers, address, client, home):
    """Every address that is sent to, with a session and the right form in hand."""
    before = rows(home)
    form = {**WISH, **hidden(client.get("/ruling").text), "token": TOKEN}
    answer = client.post(address, data=form, headers={**OWN, **headers})
    assert answer.status_code == 403
    assert rows(home) == before


def test_a_form_says_where_it_comes_from(client):
    """Without Origin and Sec-Fetch-Site only the API answers: it has no session."""
    app = client.app
    bare = TestClient(app, HERE, False)
    assert bare.post("/ruling", data=WISH).status_code == 403
    assert bare.post("/check", data=WISH).status_code == 403
    kind = {"Content-Type": "text/plain"}
    assert bare.post("/api/v1/check", content="$1", headers=kind).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200), ("localhost", 200), ("[::1]:8000", 200),
        ("pay.example", 200), ("PAY.EXAMPLE:80", 200),
        ("evil.example", 400), ("127.0.0.1.evil.example", 400), ("localhost.evil", 400),
        ("", 400), ("[", 400), ("evil.example@127.0.0.1:x", 400),
    ],
)  # fmt: skip
def test_a_name_that_was_pointed_here_reads_nothing(host, status, home):
    """DNS rebinding: only addresses, localhost and the names that were given."""
    client = browser(home, names=["pay.example"])
    for address in ("/api/v1/salaries", "/enter", "/rulings"):
        assert client.get(address, headers={"Host": host}).status_code == status


def test_a_ruling_can_be_taken_back_in_the_browser(client, home):
    """By the link in the list: the row that `payproof rule undo` writes."""
    made = record_ruling(
        home, proposal("override", CELL, "50000", expires="2099-06-30"), TODAY
    )
    seen = shown(client, action="undo", target=made.id, value="", expires="")
    sent = {**WISH, "action": "undo", "target": made.id, "value": "", "expires": "",
            **hidden(seen.text), "step": "record"}  # fmt: skip
    assert client.post("/ruling", data=sent).status_code == 303
    last = load_rulings(open_vocabulary(home.vocabularies))[-1]
    assert (last.action, last.target, last.expires) == ("undo", made.id, "")
