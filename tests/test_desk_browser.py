"""The desk in Chromium: by keyboard, for a screen reader, to a recorded row."""

import socket
import threading
import time

import pytest
import uvicorn
from pages_home import ARTICLE, DISPUTED, copy_home
from test_pages_browser import chromium, picture, screen

from pipeline.core.vocabulary import open_vocabulary
from pipeline.rulings import load_rulings
from pipeline.serve import create_app

__all__ = ["chromium"]
pytestmark = [pytest.mark.local, pytest.mark.slow]
TOKEN = "a token of thirty characters.."
SERIOUS = ("serious", "critical")
READ = (
    "/", "/search?occupation=medical", f"/cell/{DISPUTED}", f"/snapshot/{ARTICLE}",
    "/source/bls_oews", "/conflicts", "/rulings", "/check", "/enter",
)  # fmt: skip


@pytest.fixture(scope="module")
def home(small_release, tmp_path_factory):
    """A home with one release, and rulings of its own."""
    return copy_home(small_release, tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def address(home):
    """A server that may write, on this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = create_app(home, per_second=0, token=TOKEN)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def serious(page) -> list[str]:
    """What axe finds that keeps people out: rule and first element."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in SERIOUS
    ]


def entered(chromium, address, size="desktop", scheme="light", *, script=True):
    """A browser with a session, at the queue."""
    page = screen(chromium, size, scheme, script=script)
    page.goto(f"{address}/enter")
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_role("button", name="Enter").click()
    page.get_by_role("heading", name="Conflicts, by what they would change").wait_for()
    return page


def fill(page):
    """The form of a ruling on the disputed question, and what it would change."""
    card = page.locator("li.conflict", has_text="80,090")
    card.get_by_role("link", name="Rule on the question").click()
    page.get_by_label("Which figure").select_option(index=1)
    page.get_by_label("Why, in a sentence").fill("The office's own table.")
    page.get_by_label("Who decides").fill("a. person")
    page.get_by_label("Last day on which it holds").fill("2099-06-30")
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="What would change").wait_for()


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_axe_finds_nothing_serious(size, scheme, chromium, address, home):
    """Every kind of page, forms and their answers, on a desk and on a phone."""
    page = entered(chromium, address, size, scheme)
    found = {"/conflicts of a session": serious(page)}
    fill(page)
    found["/ruling"] = serious(page)
    picture(page, f"desk-{size}-{scheme}-ruling")
    for path in READ:
        page.goto(address + path)
        found[path] = serious(page)
    page.goto(f"{address}/check")
    (body,) = (home.raw / "article").glob(f"*{ARTICLE}/body.*")
    page.get_by_label("Or a file").set_input_files(body)
    page.get_by_role("button", name="Check it").click()
    page.get_by_role("heading", name="Verdicts").wait_for()
    found["/check of a page"] = serious(page)
    picture(page, f"desk-{size}-{scheme}-checked")
    assert {path: said for path, said in found.items() if said} == {}
    wide, shown = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= shown


def test_axe_finds_what_is_wrong(chromium, address):
    """A check that cannot fail proves nothing: a field without a name is found."""
    page = screen(chromium, "desktop", "light", script=True)
    page.goto(f"{address}/check")
    page.evaluate("document.querySelector('label[for=pasted]').remove()")
    assert [one for one in serious(page) if one.startswith("label")]


def test_j_and_k_move_through_the_queue_and_enter_follows(chromium, address):
    """From conflict to conflict; letters that are typed into a field stay letters."""
    page = screen(chromium, "desktop", "light", script=True)
    page.goto(f"{address}/conflicts")
    where = "[...document.querySelectorAll('.queue > li')].findIndex(i => i.contains("
    where += "document.activeElement))"
    seen = []
    for key in ("j", "j", "k", "k"):
        page.keyboard.press(key)
        seen.append(page.evaluate(where))
    assert seen == [0, 1, 0, 0]
    page.get_by_label("SOC code begins with").focus()
    page.keyboard.press("j")
    assert page.get_by_label("SOC code begins with").input_value() == "j"
    page.keyboard.press("Tab")
    page.goto(f"{address}/conflicts")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cell/**")
    assert page.said == []


def test_a_ruling_is_recorded_without_any_script(chromium, address, home):
    """Token, queue, form, preview, row; then it stands in the list."""
    page = entered(chromium, address, script=False)
    fill(page)
    assert load_rulings(open_vocabulary(home.vocabularies)) == ()
    page.get_by_role("button", name="Record it").click()
    page.get_by_role("heading", name="Rulings", exact=True).wait_for()
    (row,) = load_rulings(open_vocabulary(home.vocabularies))
    assert (row.action, row.target, row.author) == ("override", DISPUTED, "a. person")
    assert page.get_by_role("status").inner_text().startswith(row.id)
    picture(page, "desk-rulings")
