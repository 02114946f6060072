"""Bodies that came and are not what was asked for: each is named, none accepted."""

import json
import struct
from dataclasses import replace
from pathlib import Path

import pytest
from record_cassettes import ASK_API, CSV, HTML, KEY, SETTING, XLSX
from stand_in import CASSETTE_PATCHES
from test_fetch import SOURCE, Clock, public

from pipeline.archive.fetch import (
    BodyRules,
    HttpClient,
    RequestLimits,
    UnfitPayload,
    _check_payload,
    fetch,
)
from pipeline.archive.fetch.body_checks import check_body
from pipeline.core import media
from pipeline.core.errors import Damaged, Refused, TooLarge, Unreachable
from pipeline.core.model import Payload, Request
from pipeline.core.vocabulary import open_vocabulary

ROOT = Path(__file__).resolve().parents[1]
WORDS = open_vocabulary(ROOT / "vocabularies")
ANY = replace(
    BodyRules.from_vocabulary(WORDS, "article"), types=frozenset(), unpacked=1_000_000
)
ZIP = "https://stats.example/oesm.zip"


@pytest.fixture(scope="module")
def vcr_config():
    """Replay only."""
    return {
        "custom_patches": CASSETTE_PATCHES,
        "record_mode": "none",
        "match_on": ["method", "scheme", "host", "port", "path", "query", "conditions"],
    }


@pytest.fixture(scope="module")
def vcr_cassette_dir():
    """The recordings of fetch."""
    return str(Path(__file__).parent / "cassettes" / "test_fetch")


def visitor(**more) -> HttpClient:
    """A visitor who never really waits."""
    clock = Clock()
    manners = RequestLimits(contact="pay@example.org")
    return HttpClient(
        manners, sleep=clock.sleep, clock=clock.read, look_up=public, **more
    )


def ask(url: str, rules: BodyRules = ANY) -> Payload | None:
    """Fetch what is at an address."""
    return fetch(
        SOURCE, visitor(), Request(url), edition="2024-05", at="2026-11-21", rules=rules
    )


UNFIT = {
    "empty": (CSV, Damaged, "empty"),
    "html_for_a_workbook": (XLSX, Damaged, "HTML page"),
    "login_wall": (HTML, Damaged, "login wall"),
    "moved_to_login": (HTML, Damaged, "login wall"),
    "error_page": (HTML, Damaged, "error page"),
    "zip_cut": (ZIP, Damaged, "cut short"),
    "zip_bomb": (XLSX, TooLarge, "limits"),
    "entities": (XLSX, Damaged, "declares entities"),
    "pdf_for_a_page": (HTML, Damaged, "PDF"),
    "page_for_a_table": (CSV, Damaged, "no table"),
}


@pytest.mark.parametrize(
    ("url", "kind", "why"),
    [
        pytest.param(*case, id=name, marks=pytest.mark.default_cassette(f"{name}.yaml"))
        for name, case in UNFIT.items()
    ],
)
@pytest.mark.vcr
def test_what_is_not_what_was_asked_for_is_unfit(url, kind, why):
    """Served with status 200, and still not accepted; the body is at hand."""
    with pytest.raises(UnfitPayload) as caught:
        ask(url)
    assert isinstance(caught.value.error, kind)
    assert why in str(caught.value.error)
    assert caught.value.payload.url.startswith("https://stats.example/")


@pytest.mark.vcr
@pytest.mark.default_cassette("bot_check.yaml")
def test_a_test_for_persons_is_a_refusal(tmp_path):
    """It is not got round, and not asked for again at once."""
    with pytest.raises(Refused, match="just a moment"):
        ask(HTML)


@pytest.mark.vcr
@pytest.mark.default_cassette("ok.yaml")
def test_a_form_that_the_source_does_not_publish_is_unfit():
    """A table where workbooks are published: by watch.csv."""
    with pytest.raises(UnfitPayload) as caught:
        ask(CSV, BodyRules(types=frozenset({media.XLSX})))
    assert "it is text/csv, and example publishes" in str(caught.value.error)


@pytest.mark.vcr
@pytest.mark.default_cassette("key.yaml")
def test_a_key_goes_out_and_does_not_come_back():
    """It is posted in its field; nothing that is kept or said has it."""
    guest = visitor(keys={SETTING: f" {KEY} "})
    got = fetch(SOURCE, guest, ASK_API, edition="2025-05", at="2026-11-21")
    assert got is not None
    assert (got.name, got.media_type) == ("batch-1.json", media.JSON)
    assert KEY not in repr(got)
    assert KEY not in repr(guest)


def test_an_answer_that_repeats_the_key_is_not_kept():
    """Not even put aside: the body that comes with the error is empty."""
    payload = Payload(
        source="example", edition="x", name="a.json", body=KEY.encode(),
        media_type=media.JSON, capture="fetched", retrieved="2026-11-21",
        url="https://stats.example/a.json",
    )  # fmt: skip
    with pytest.raises(UnfitPayload) as caught:
        _check_payload(payload, ASK_API, BodyRules(), KEY)
    assert caught.value.payload.body == b""
    assert KEY not in str(caught.value.error)


@pytest.mark.vcr
@pytest.mark.default_cassette("quota.yaml")
def test_a_quota_that_is_used_up_is_not_an_answer():
    """Status 200, and no figures: tomorrow is another day."""
    with pytest.raises(Refused, match="quota is used up") as caught:
        fetch(SOURCE, visitor(), ASK_API, edition="x", at="2026-11-21", rules=ANY)
    assert caught.value.status == 429


@pytest.mark.vcr
@pytest.mark.default_cassette("key_moved.yaml")
def test_a_post_is_not_sent_elsewhere():
    """It may hold a key, which is for the address that was asked alone."""
    with pytest.raises(Refused, match="it has moved"):
        fetch(SOURCE, visitor(), ASK_API, edition="x", at="2026-11-21", rules=ANY)


def body_of(kind: str, body: bytes, name: str = "file") -> Payload:
    """A payload of that type."""
    return Payload(
        source="example", edition="x", name=name, body=body, media_type=kind,
        capture="fetched", retrieved="2026-11-21", url=f"https://stats.example/{name}",
    )  # fmt: skip


def old_workbook(sectors: int, fat: int) -> bytes:
    """The frame of an .xls whose allocation table is said to be in sector `fat`."""
    head = bytearray(512)
    head[:8] = media.MAGIC[media.XLS]
    struct.pack_into("<H", head, 30, 9)
    struct.pack_into("<I", head, 44, 1)
    struct.pack_into("<I", head, 76, fat)
    return bytes(head) + b"x" * 512 * sectors


WRONG = {
    "a workbook cut short": (media.XLS, old_workbook(3, 90), "cut short"),
    "a workbook without its head": (media.XLS, old_workbook(0, 0)[:40], "cut short"),
    "no JSON": (media.JSON, b"{'a': 1}", "no JSON"),
    "JSON too deep": (media.JSON, b"[" * 200_000, "no JSON"),
    "a bare word": (media.JSON, b'"sorry"', "neither an object"),
    "entities": ("text/xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "document type"),
    "binary as a table": ("text/csv", b"a,b\n1,\x00\x01", "no table"),
    "a workbook as a flat file": (media.FLAT, b"PK\x03\x04" + b"a" * 99, "zip"),
    "an image as a page": (media.HTML, b"\x89PNG\r\n\x1a\n" + b"a" * 99, "image"),
}


@pytest.mark.parametrize(("kind", "body", "why"), WRONG.values(), ids=WRONG)
def test_content_that_is_not_its_media_type_is_damaged(kind, body, why):
    """Form and wholeness, before anything is kept."""
    with pytest.raises(Damaged) as caught:
        check_body(body_of(kind, body), CSV, ANY)
    assert why in str(caught.value).lower() or why in str(caught.value)


RIGHT = {
    "a whole workbook": (media.XLS, old_workbook(3, 1)),
    "an answer": (media.JSON, json.dumps({"status": "REQUEST_SUCCEEDED"}).encode()),
    "a table": ("text/csv", b"occ_code,a_median\n29-2072,48780\n"),
    "a page with a door in its frame": (
        media.HTML,
        b"<title>Coder pay</title><nav>Sign in</nav><p>Coders earn $48,780.",
    ),
    "a page about doors": (
        media.HTML,
        b"<title>Sign in sheets</title>" + b"<p>Clerks earn $40,000 a year. " * 200,
    ),
    "a title that begins as a refusal does": (
        media.HTML,
        b"<title>Forbiddenness in pay</title><p>Coders earn $48,780.",
    ),
}


@pytest.mark.parametrize(("kind", "body"), RIGHT.values(), ids=RIGHT)
def test_what_is_right_passes(kind, body):
    """The checks above do not see what is not there."""
    check_body(body_of(kind, body), "https://stats.example/file", ANY)


def test_a_guest_does_not_turn_verification_off():
    """Nobody is asked by a session that verifies no certificate."""
    guest = visitor()
    guest.session.verify = False
    with pytest.raises(Refused, match="not verified"):
        guest.get("example", CSV, {})


def test_no_credentials_of_this_machine_go_out(tmp_path, monkeypatch):
    """What a ~/.netrc holds is for other programs, and cookies are not kept."""
    (tmp_path / "netrc").write_text("machine stats.example login me password canary\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    import requests

    sent = {}

    class Wire(requests.adapters.HTTPAdapter):
        def send(self, request, **_):
            sent.update(request.headers)
            raise requests.ConnectionError("enough")

    guest = visitor()
    guest.session.mount("https://", Wire())
    with pytest.raises(Unreachable):
        guest.get("example", CSV, {})
    assert sent["User-Agent"].startswith("payproof/")
    assert "Authorization" not in sent
