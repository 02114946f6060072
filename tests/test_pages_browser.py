"""The pages in Chromium: two clicks from the overview to the words that say otherwise.

Screenshots are kept in `.screenshots/` (or PAYPROOF_SCREENSHOTS).
"""

import os
import shutil
import socket
import threading
import time
from pathlib import Path

import pytest
import uvicorn
from pages_home import ARTICLE, DISPUTED, copy_home

from pipeline.query.published import open_latest
from pipeline.release.draw_site import draw_site
from pipeline.serve import create_app

pytestmark = [pytest.mark.local, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[1]
KEPT = Path(os.environ.get("PAYPROOF_SCREENSHOTS", ROOT / ".screenshots"))
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SCREENS = {"desktop": (1280, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def chromium():
    """Debian's Chromium, headless; skip where there is none."""
    named = os.environ.get("PAYPROOF_CHROMIUM")
    path = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        if os.environ.get("PAYPROOF_BROWSER") == "required":
            pytest.fail("no Chromium, and PAYPROOF_BROWSER says that it is required")
        pytest.skip("no Chromium (apt-get install chromium, or PAYPROOF_CHROMIUM)")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def home(small_release, tmp_path_factory):
    """A home with one release."""
    return copy_home(small_release, tmp_path_factory.mktemp("browsed"))


@pytest.fixture(scope="module")
def address(home):
    """A server of its own on this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(create_app(home, per_second=0), port=port, log_level="error")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def screen(chromium, size: str, scheme: str, *, script: bool = False):
    """A page of a browser of that size; refusals of the page's policy are errors."""
    width, height = SCREENS[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        java_script_enabled=script,
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    return page


def walk(page, start: str, name: str) -> None:
    """Overview, cell, words; a picture of each."""
    page.goto(start)
    picture(page, f"{name}-1-overview")
    card = page.locator("li.conflict", has_text="80,090")
    card.get_by_role("link", name="Why it is contested").click()
    page.get_by_role("heading", name="Why it is contested").wait_for()
    picture(page, f"{name}-2-cell")
    page.locator("section[aria-labelledby=why]").get_by_role("link").first.click()
    words = page.locator("mark:has(:target)")
    words.wait_for()
    assert words.inner_text() == "$80,090"
    assert words.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    top = words.bounding_box()["y"]
    assert 0 <= top <= page.viewport_size["height"]
    picture(page, f"{name}-3-words", whole=False)
    assert page.said == []


def picture(page, name: str, *, whole: bool = True) -> None:
    """Keep what is to be seen."""
    KEPT.mkdir(exist_ok=True)
    page.screenshot(path=KEPT / f"{name}.png", full_page=whole)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SCREENS)
def test_two_clicks_lead_to_the_words_that_say_otherwise(
    size, scheme, chromium, address
):
    """Overview, why it is contested, the words; without JavaScript, on every screen."""
    walk(screen(chromium, size, scheme), address, f"{size}-{scheme}")


def test_the_static_site_leads_there_as_well(chromium, home):
    """The same two clicks through the files of the release."""
    first = draw_site(home, open_latest(home))
    walk(screen(chromium, "desktop", "light"), first.as_uri(), "static")


@pytest.mark.parametrize(
    "path",
    ["/", "/search?occupation=medical", f"/cell/{DISPUTED}", f"/snapshot/{ARTICLE}",
     "/source/bls_oews"],
)  # fmt: skip
def test_a_page_fits_a_phone(path, chromium, address):
    """Wide tables scroll in their own frames; the page itself does not."""
    page = screen(chromium, "phone", "light", script=True)
    page.goto(address + path)
    wide, shown = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= shown
    picture(page, f"phone-{path.strip('/').partition('?')[0].replace('/', '_')}")
    assert page.said == []
