"""Canonical: two drawings of a page that say the same have one digest."""

from pathlib import Path

import pytest

from pipeline.archive.fingerprint import fingerprint_body
from pipeline.core import media
from pipeline.core.vocabulary import open_vocabulary

ROOT = Path(__file__).resolve().parents[1]
WORDS = open_vocabulary(ROOT / "vocabularies")
PAGE = """<!doctype html><html lang="en"><head><title>Coder pay</title>
<meta name="csrf-token" content="{token}">
<script type="application/json" id="state">{{"requestId": "{token}", "job":
{{"median": {pay}, "updated": "2026-11-01T{clock}Z"}}, "ads": [{{"cpm": {ad}}}],
"serverTime": 17000000{ad}}}</script></head><body>
<nav>Home {ad}</nav><div class="advert">Buy {ad}</div>
<h1>Coder pay</h1><p>Coders earn ${pay} a year. Updated {ad} minutes ago.</p>
<form><input type="hidden" name="nonce" value="{token}"></form>
<footer>© {year} Page generated at {clock} by node {ad}</footer></body></html>"""
FIRST = {
    "token": "deadbeef00112233", "pay": "48780", "clock": "10:02:03", "ad": "11",
    "year": "2025",
}  # fmt: skip


def of(kind: str = media.HTML, text: str = PAGE, **changed: str) -> str:
    """The digest of the page with these words."""
    return fingerprint_body(text.format(**{**FIRST, **changed}).encode(), kind, WORDS)


@pytest.mark.parametrize(
    "change",
    [
        {"token": "0123456789abcdef"},
        {"clock": "23:59:58"},
        {"ad": "42"},
        {"year": "2026"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_clocks_tokens_adverts_and_counters_are_left_out(change):
    """What changes with each visit changes nothing."""
    assert of(**change) == of()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("${pay} a year", "${pay} a month"),
        ('"median": {pay}', '"median": 50250'),
        ("Coders earn", "Billers earn"),
        ("2026-11-01", "2026-12-01"),
        ("<h1>Coder", "<h1>Biller"),
        ("<title>Coder", "<title>Biller"),
        ('lang="en"', 'lang="en-GB"'),
    ],
)
def test_what_figures_are_read_from_stays(old, new):
    """A figure, its unit, its subject, its date: in the words or in the data."""
    assert old in PAGE
    assert of(text=PAGE.replace(old, new)) != of()


def test_a_figure_beside_a_stamp_stays():
    """No stamp is so long that it takes a sum of money with it."""
    text = "<title>x</title><p>Page served by nurses who earn ${pay}."
    assert of(text=text, pay="48,780") != of(text=text, pay="50,250")


def test_other_files_are_what_their_bytes_are():
    """A table, or a page that cannot be read."""
    assert of("text/csv") != of("text/csv", clock="11:11:11")
    binary = bytes(range(256)) * 40
    assert fingerprint_body(binary, media.HTML, WORDS) != fingerprint_body(
        binary[1:], media.HTML, WORDS
    )


ANSWER = (
    '{"status": "REQUEST_SUCCEEDED", "responseTime": 117, "Results": {"series": '
    '[{"seriesID": "OEUN000000000000029207213", "data": [{"value": "51140"}]}]}}'
)


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("117", "2048", True),  # how long it took
        ("51140", "51150", False),
        ("29207213", "29207215", False),  # a series id is no token
        ("SUCCEEDED", "FAILED", False),
    ],
)
def test_an_answer_in_json_is_its_fields_without_those_of_the_moment(old, new, same):
    """The same answer an hour later is no change; another figure or series is one."""
    assert old in ANSWER
    before, after = (
        fingerprint_body(text.encode(), media.JSON, WORDS)
        for text in (ANSWER, ANSWER.replace(old, new))
    )
    assert (before == after) is same


def test_json_that_cannot_be_read_is_what_its_bytes_are():
    """A broken answer is compared as it came."""
    assert fingerprint_body(b"{broken", media.JSON, WORDS) != fingerprint_body(
        b"{br0ken", media.JSON, WORDS
    )


def test_the_day_of_a_visit_is_no_change_of_a_page():
    """The Handbook cites itself with the day on which it was looked at."""
    text = "<p>Pay is $48,780 (visited {day}).</p>"
    pages = [
        fingerprint_body(text.format(day=day).encode(), media.HTML, WORDS)
        for day in ("February 02, 2026", "March 3, 2026", "Tuesday")
    ]
    assert pages[0] == pages[1] != pages[2]
