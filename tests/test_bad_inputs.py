"""Every fault and attack that is recorded ends in its state, the archive intact."""

from dataclasses import replace

import pytest
from record_cassettes import API, ASK_API, CSV, HTML, SCENES, XLSX
from stand_in import Answer
from test_live import Toy

from pipeline.archive import collect_due
from pipeline.archive.fetch import BodyRules
from pipeline.core.model import Payload, Request

pytestmark = pytest.mark.slow

GOOD = b"occ_code,a_median\n29-2072,48780\n"
LATER = "2026-12-24T06:00:00Z"
ZIP = "https://stats.example/oesm.zip"
FLAT = "https://stats.example/oe.data.0.Current"
PARTS = Request(FLAT, parts=("https://stats.example/oe.area",))
# Scene: what is asked for, the state it ends in, and words of the reason.
ENDS = {
    "ok": (CSV, "changed", ""),
    "moved": (CSV, "changed", ""),
    "throttled": (CSV, "changed", ""),
    "robots_slow": (CSV, "changed", ""),
    "parts": (PARTS, "changed", ""),
    "key": (ASK_API, "changed", ""),
    "not_modified": (CSV, "unchanged", ""),
    "forbidden": (CSV, "blocked", "answers 403"),
    "robots_disallow": (CSV, "blocked", "robots.txt forbids"),
    "bot_check": (HTML, "blocked", "just a moment"),
    "gone": (CSV, "failed", "answers 410"),
    "not_found": (CSV, "failed", "answers 404"),
    "down": (CSV, "failed", "answers 503"),
    "throttled_for_long": (CSV, "failed", "86,400 s of patience"),
    "robots_down": (CSV, "failed", "robots.txt cannot be reached"),
    "truncated": (CSV, "failed", "cut short"),
    "moved_in_circles": (CSV, "failed", "circles"),
    "moved_inside": (CSV, "failed", "leads to http://127.0.0.1"),
    "moved_inside_by_name": (CSV, "failed", "leads to https://intranet"),
    "moved_inside_by_number": (CSV, "failed", "leads to https://2130706433"),
    "moved_to_a_file": (CSV, "failed", "leads to file:"),
    "moved_to_disallowed": (CSV, "blocked", "robots.txt forbids"),
    "quota": (ASK_API, "failed", "quota is used up"),
    "key_moved": (ASK_API, "failed", "it has moved"),
    "moved_to_login": (HTML, "held", "login wall"),
    "login_wall": (HTML, "held", "login wall"),
    "error_page": (HTML, "held", "error page"),
    "html_for_a_workbook": (XLSX, "held", "HTML page"),
    "parts_html": (PARTS, "held", "HTML page"),
    "empty": (CSV, "held", "empty"),
    "zip_cut": (ZIP, "held", "cut short"),
    "zip_bomb": (XLSX, "held", "more than the 1,000,000 that are read"),
    "entities": (XLSX, "held", "declares entities"),
    "pdf_for_a_page": (HTML, "held", "PDF"),
    "page_for_a_table": (CSV, "held", "no table"),
}


def test_every_recorded_scene_has_an_end():
    """A new recording says here what it comes to."""
    assert set(ENDS) == set(SCENES)


def name_of(request: Request) -> str:
    """The file's name as the publisher has it."""
    return request.name or request.url.rpartition("/")[2]


def known(request: Request, tag: str) -> Payload:
    """The last good file of the same address."""
    return Payload(
        source="example", edition="2024-05", name=name_of(request), body=GOOD,
        media_type="text/csv", capture="fetched", retrieved="2026-10-01",
        url=request.url, etag=tag,
    )  # fmt: skip


@pytest.mark.parametrize("scene", ENDS)
def test_a_scene_ends_in_its_state_and_the_archive_is_intact(
    tmp_path, monkeypatch, scene
):
    """What was there is there, byte for byte, and current unless something came."""
    asked, outcome, why = ENDS[scene]
    request = Request(asked) if isinstance(asked, str) else asked
    toy = Toy(tmp_path, monkeypatch)
    toy.source.wanted = lambda _words, _keys: [request]
    toy.tries = 2
    limits = toy.home.vocabularies / "limits.csv"
    text = limits.read_text()
    limits.write_text(text.replace("_bytes,2000000000", "_bytes,1000000"))
    tag = '"v1"' if scene == "not_modified" else '"v0"'
    kept = toy.archive.keep(known(request, tag))
    before = {p: p.read_bytes() for p in kept.path.parent.iterdir()}
    # Sizes are what test_drift and test_live look at.
    monkeypatch.setattr("pipeline.archive.fetch_one.drift.check_size", lambda *_: None)
    playing = dict(SCENES[scene])
    if scene == "truncated":
        playing[CSV] = [replace(playing[CSV][0], short=9)]
    try:
        found = toy.collect(playing, LATER)
    except collect_due.PartlyUnreachable as away:
        found = away.collected
    assert found.outcomes == ((outcome, 1),)
    assert why in "".join(found.errors)
    assert {p: p.read_bytes() for p in kept.path.parent.iterdir()} == before
    assert toy.archive.find_faults() == []
    news = [s for s in toy.archive.list_snapshots("example") if s.folder != kept.folder]
    assert len(news) == (outcome == "changed")
    held = [p.read_text() for p in (toy.home.raw / ".held").rglob("why.json")]
    assert len(held) == (outcome == "held" and scene != "empty")
    for path in toy.home.raw.rglob("*"):
        assert path.is_dir() or b"canary" not in path.read_bytes()


def test_what_is_put_aside_does_not_grow_without_end(tmp_path, monkeypatch):
    """Twenty bodies of a source, and of each no more than the bound."""
    toy = Toy(tmp_path, monkeypatch)
    limits = toy.home.vocabularies / "limits.csv"
    text = limits.read_text().replace("held_bytes,50000000", "held_bytes,10")
    limits.write_text(text.replace("held_most,20", "held_most,3"))
    for number in range(6):
        page = f"<!doctype html><p>Sorry, number {number}".encode()
        toy.collect({CSV: [Answer(body=page)]}, always=True)
    held = list((toy.home.raw / ".held" / "example").iterdir())
    assert len(held) == 3
    assert all((one / "body.held").stat().st_size == 10 for one in held)


def test_the_scenes_are_told_apart_by_their_rules():
    """Without rules an error page would be a page: the table above can fail."""
    assert BodyRules().refusals == ()
    assert API in SCENES["quota"]
