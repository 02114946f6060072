"""Fetch: polite, bounded, and honest about what went wrong; replayed, never live."""

import socket
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest
import requests
from pytest_socket import SocketBlockedError
from stand_in import CASSETTE_PATCHES

from pipeline.archive.fetch import (
    TOOL,
    HttpClient,
    RequestLimits,
    UnfitPayload,
    fetch,
    name_from_url,
    read_saved_file,
)
from pipeline.archive.fetch.politeness import (
    HostLimits,
    make_user_agent,
    parse_retry_after,
)
from pipeline.archive.snapshot import Archive
from pipeline.core import media
from pipeline.core.errors import Damaged, NotFound, Refused, TooLarge, Unreachable
from pipeline.core.model import Payload, Request, Source
from pipeline.core.vocabulary import open_vocabulary

ROOT = Path(__file__).resolve().parents[1]
TODAY = "2026-11-21"
SOURCE = Source(
    id="example",
    title="Example statistics",
    publisher="Example",
    homepage="https://stats.example/",
    kind="bulk",
    official=True,
    measures="wages",
    population="employees",
    pay_basis="base",
    evidence="measured",
    licence="Public domain",
    cadence="yearly",
    automated=True,
    rows=(1, 10),
    urls=("https://stats.example/pay.csv",),
)


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self):
        self.now = 0.0
        self.slept = []

    def sleep(self, seconds):
        """Let time pass, and remember how much."""
        self.slept.append(seconds)
        self.now += seconds

    def read(self):
        """Seconds since the start."""
        return self.now


@pytest.fixture(scope="module")
def vcr_config():
    """Replay only; what is not on the cassette is an error."""
    return {
        "custom_patches": CASSETTE_PATCHES,
        "record_mode": "none",
        "match_on": ["method", "scheme", "host", "port", "path", "query", "conditions"],
    }


@pytest.fixture
def clock():
    """A clock of the test's own."""
    return Clock()


@pytest.fixture
def visitor(clock):
    """A visitor with a contact address who never really waits."""
    manners = RequestLimits(contact="pay@example.org", pause=1)
    return HttpClient(manners, sleep=clock.sleep, clock=clock.read, look_up=public)


def public(host):
    """Every host is public, but for one whose name leads inside."""
    inside = {"intranet.example": ["10.0.0.7"], "2130706433": ["127.0.0.1"]}
    return inside.get(host, ["93.184.215.14"])


def ask(visitor, source=SOURCE, *, url=None, parts=(), **more):
    """Fetch one edition of the example; what is unfit raises what is wrong with it."""
    request = Request(url or source.urls[0], parts=tuple(parts))
    try:
        return fetch(source, visitor, request, edition="2024-05", at=TODAY, **more)
    except UnfitPayload as unfit:
        raise unfit.error from unfit


@pytest.mark.vcr
@pytest.mark.default_cassette("ok.yaml")
def test_a_publication_comes_in_with_where_and_when(visitor):
    """Bytes, name, type, tags and dates; robots.txt was asked first."""
    assert ask(visitor) == Payload(
        source="example",
        edition="2024-05",
        name="pay.csv",
        body=b"occ_code,a_median",
        media_type="text/csv",
        capture="fetched",
        retrieved=TODAY,
        url="https://stats.example/pay.csv",
        etag='"v1"',
        last_modified="Sat, 01 Jun 2024 00:00:00 GMT",
        asked="https://stats.example/pay.csv",
        tool=TOOL,
        headers={"content_type": "text/csv; charset=utf-8", "content_length": "17"},
    )


@pytest.mark.vcr
@pytest.mark.default_cassette("ok.yaml")
def test_two_requests_to_a_host_are_a_pause_apart(visitor, clock):
    """After robots.txt we wait before asking for the file."""
    ask(visitor)
    assert clock.slept == [1]


@pytest.mark.vcr
@pytest.mark.default_cassette("robots_slow.yaml")
def test_a_crawl_delay_is_kept(visitor, clock):
    """The host's own wish beats our pause."""
    ask(visitor)
    assert clock.slept == [9]


@pytest.mark.vcr
@pytest.mark.default_cassette("robots_slow.yaml")
def test_a_crawl_delay_beyond_reason_is_a_refusal(visitor):
    """A host that asks for hours does not want us."""
    visitor.limits = replace(visitor.limits, longest_pause=5)
    with pytest.raises(Refused, match="9 s between requests"):
        ask(visitor)


@pytest.mark.vcr
@pytest.mark.default_cassette("moved.yaml")
def test_a_moved_publication_is_followed_and_its_new_address_kept(visitor):
    """The new host's robots.txt is asked too."""
    payload = ask(visitor)
    assert payload is not None
    assert payload.url == "https://new.example/2024/pay.csv"
    assert payload.body == b"occ_code,a_median"


@pytest.mark.vcr
@pytest.mark.default_cassette("moved_to_disallowed.yaml")
def test_a_redirect_does_not_lead_around_robots_txt(visitor):
    """What the new host forbids stays forbidden."""
    with pytest.raises(Refused, match=r"new\.example/pay\.csv refused \(robots"):
        ask(visitor)


INSIDE = {
    "moved_inside.yaml": r"leads to http://127\.0\.0\.1",
    "moved_inside_by_name.yaml": "leads to https://intranet",
    "moved_inside_by_number.yaml": "leads to https://2130706433",
    "moved_to_a_file.yaml": "leads to file:",
}


@pytest.mark.parametrize(
    ("cassette", "why"),
    [
        pytest.param(name, why, id=name, marks=pytest.mark.default_cassette(name))
        for name, why in INSIDE.items()
    ],
)
@pytest.mark.vcr
def test_a_redirect_never_leads_into_our_own_network(visitor, cassette, why):
    """By its number, by a name that leads there, by an odd spelling; nor to a file."""
    with pytest.raises(Refused, match=why):
        ask(visitor)


@pytest.mark.vcr
@pytest.mark.default_cassette("moved_in_circles.yaml")
def test_a_redirect_in_circles_ends(visitor):
    """After a few hops we stop."""
    visitor.limits = replace(visitor.limits, hops=2)
    with pytest.raises(Refused, match="circles"):
        ask(visitor)


@pytest.mark.vcr
@pytest.mark.default_cassette("not_modified.yaml")
def test_an_unchanged_publication_is_none(visitor, tmp_path):
    """The tags of the snapshot at hand are sent, and a 304 brings nothing."""
    known = Archive(tmp_path).keep(
        Payload(
            source="example",
            edition="2024-05",
            name="pay.csv",
            body=b"occ_code,a_median",
            media_type="text/csv",
            capture="fetched",
            retrieved="2024-06-01",
            etag='"v1"',
            last_modified="Sat, 01 Jun 2024 00:00:00 GMT",
        )
    )
    assert ask(visitor, known=known) is None


@pytest.mark.vcr
@pytest.mark.default_cassette("ok.yaml")
def test_a_made_snapshot_never_excuses_a_fetch(visitor, tmp_path):
    """Only what was fetched can be unchanged: no condition is sent for the rest."""
    payload = ask(visitor)
    assert payload is not None
    known = Archive(tmp_path).keep(replace(payload, capture="made"))
    from pipeline.archive.fetch import _make_conditions

    assert _make_conditions(known) == {}
    assert _make_conditions(replace(known, capture="fetched")) != {}


@pytest.mark.vcr
@pytest.mark.default_cassette("gone.yaml")
def test_a_withdrawn_publication_is_refused_and_says_where_to_look(visitor):
    """A 4xx is not retried, and the message names the file to change."""
    with pytest.raises(Refused) as caught:
        ask(visitor)
    assert caught.value.status == 410
    assert "pipeline/sources/example.toml" in str(caught.value)


@pytest.mark.vcr
@pytest.mark.default_cassette("forbidden.yaml")
def test_a_refusal_is_neither_retried_nor_got_round(visitor, clock):
    """A 403 is asked for once, under our own name."""
    with pytest.raises(Refused, match="answers 403"):
        ask(visitor)
    assert clock.slept == [1]


@pytest.mark.vcr
@pytest.mark.default_cassette("not_found.yaml")
def test_a_file_that_is_not_there_is_refused(visitor):
    """A 404 is final; the message says what to correct."""
    with pytest.raises(Refused, match="answers 404"):
        ask(visitor)


@pytest.mark.vcr
@pytest.mark.default_cassette("truncated.yaml")
def test_a_body_that_was_cut_short_is_asked_for_again(visitor):
    """Fewer bytes than announced: three tries, then it is for the schedule."""
    with pytest.raises(Unreachable, match="cut short"):
        ask(visitor)


@pytest.mark.vcr
@pytest.mark.default_cassette("down.yaml")
def test_a_server_that_is_down_is_unreachable_after_three_tries(visitor, clock):
    """The waits grow; then the schedule has to try again."""
    with pytest.raises(Unreachable, match="answers 503"):
        ask(visitor)
    assert clock.slept == [1, 1, 2]


@pytest.mark.vcr
@pytest.mark.default_cassette("throttled.yaml")
def test_a_server_that_asks_for_patience_gets_it(visitor, clock):
    """`Retry-After` is waited for, then the request is repeated."""
    payload = ask(visitor)
    assert payload is not None
    assert clock.slept == [1, 7]


@pytest.mark.vcr
@pytest.mark.default_cassette("throttled_for_long.yaml")
def test_too_much_patience_is_left_to_the_schedule(visitor, clock):
    """A day's wait is not slept through."""
    with pytest.raises(Unreachable, match="86,400 s"):
        ask(visitor)
    assert clock.slept == [1]


@pytest.mark.vcr
@pytest.mark.default_cassette("html_for_a_workbook.yaml")
def test_an_error_page_in_place_of_a_workbook_is_damaged(visitor):
    """Served with 200, it is still no workbook."""
    source = replace(SOURCE, urls=("https://stats.example/pay.xlsx",))
    with pytest.raises(Damaged, match="HTML page"):
        ask(visitor, source)


@pytest.mark.vcr
@pytest.mark.default_cassette("robots_disallow.yaml")
def test_robots_txt_is_obeyed(visitor):
    """A forbidden page is never asked for: the cassette has no such request."""
    with pytest.raises(Refused, match=r"robots\.txt forbids"):
        ask(visitor)


@pytest.mark.vcr
@pytest.mark.default_cassette("robots_down.yaml")
def test_a_host_whose_robots_txt_fails_is_not_visited(visitor):
    """No answer about the rules means not now."""
    with pytest.raises(Unreachable, match=r"robots\.txt"):
        ask(visitor)
    with pytest.raises(Unreachable, match=r"robots\.txt"):  # and is not asked again
        ask(visitor)


@pytest.mark.vcr
@pytest.mark.default_cassette("parts.yaml")
def test_code_lists_come_in_as_parts(visitor, tmp_path):
    """Code lists belong to their data file, by their own names."""
    payload = ask(visitor, url=FLAT[0], parts=FLAT[1:])
    assert payload is not None
    assert payload.media_type == media.FLAT
    assert dict(payload.parts) == {"oe.area": b"area_code\n"}
    kept = Archive(tmp_path).keep(payload)
    assert kept.parts["oe.area"].read_bytes() == b"area_code\n"


FLAT = ("https://stats.example/oe.data.0.Current", "https://stats.example/oe.area")


@pytest.mark.vcr
@pytest.mark.default_cassette("parts_html.yaml")
def test_an_error_page_in_place_of_a_code_list_is_damaged(visitor):
    """Parts are looked at as bodies are."""
    with pytest.raises(Damaged, match=r"oe\.area"):
        ask(visitor, url=FLAT[0], parts=FLAT[1:])


@pytest.mark.vcr
@pytest.mark.default_cassette("ok.yaml")
def test_a_body_beyond_the_bound_is_too_large(visitor):
    """Reading stops at the bound of limits.csv."""
    visitor.limits = replace(visitor.limits, size=10)
    with pytest.raises(TooLarge, match=r"limits\.csv"):
        ask(visitor)


@pytest.mark.vcr
@pytest.mark.default_cassette("ok.yaml")
def test_a_body_that_never_ends_is_given_up(visitor, clock):
    """A server that drips is unreachable, however patient each read is."""
    visitor.limits = replace(visitor.limits, duration=-1, tries=1)
    with pytest.raises(Unreachable, match="one body"):
        ask(visitor)


class Unplugged(requests.adapters.HTTPAdapter):
    """A network that is not there."""

    def send(self, request, **_):
        """Fail as requests does without a network."""
        raise requests.ConnectionError("no route to host")


def test_a_missing_network_is_unreachable(visitor):
    """A fault of the network is worth a retry, and the old snapshot stays."""
    visitor.session.mount("https://", Unplugged())
    with pytest.raises(Unreachable, match="last good snapshot stays"):
        ask(visitor)


class Untouched(requests.adapters.HTTPAdapter):
    """A network that must not be used."""

    def send(self, request, **_):
        """Fail the test."""
        raise AssertionError(f"asked for {request.url}")


NEVER = {
    "not automated": ({"automated": False}, "does not allow automated"),
    "no web address": ({"urls": ("file:///etc/passwd",)}, "no web address"),
}


@pytest.mark.parametrize(("change", "why"), NEVER.values(), ids=NEVER)
def test_a_refusal_of_ours_comes_before_the_first_request(visitor, change, why):
    """What the manifest forbids is not even asked for."""
    visitor.session.mount("https://", Untouched())
    with pytest.raises(Refused, match=why):
        ask(visitor, replace(SOURCE, **change))


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (X11; Linux x86_64) Chrome/140 Safari/537.36",
        "python-requests/2.34",
        "payproof/0.1.0 (+pay@example.org) Mozilla/5.0",
        "",
    ],
)
def test_another_name_than_our_own_is_refused(visitor, agent):
    """A browser's name, a library's, or ours with a browser's behind it."""
    visitor.session.headers["User-Agent"] = agent
    visitor.session.mount("https://", Untouched())
    with pytest.raises(Refused, match="not an honest one"):
        ask(visitor)


def test_a_host_that_wants_a_contact_is_not_asked_without(clock):
    """BLS turns away clients without an address: we say so before asking."""
    manners = RequestLimits(hosts={"bls.gov": HostLimits(contact=True, pause=2)})
    session = requests.Session()
    session.mount("https://", Untouched())
    visitor = HttpClient(manners, session, clock.sleep, clock.read)
    source = replace(SOURCE, urls=("https://download.bls.gov/pub/oe.data.0.Current",))
    with pytest.raises(Refused, match="PAYPROOF_CONTACT"):
        ask(visitor, source)


@pytest.mark.parametrize("contact", ["me", "a@b", "pay@example.org\r\nX: y", "a b@c.d"])
def test_a_contact_that_nobody_can_answer_is_refused(contact):
    """Neither an e-mail nor an https address, or a header smuggled in."""
    with pytest.raises(Refused, match="no contact address"):
        make_user_agent(contact)


def test_the_manners_come_from_vocabularies_and_configuration():
    """Bounds are rows of limits.csv, hosts are rows of hosts.csv."""
    environ = {"PAYPROOF_CONTACT": " pay@example.org "}
    manners = RequestLimits.from_vocabulary(
        open_vocabulary(ROOT / "vocabularies"), environ
    )
    assert manners.contact == "pay@example.org"
    assert manners.find_host("download.bls.gov") == HostLimits(contact=True, pause=2)
    assert manners.find_host("notbls.gov") == HostLimits(
        contact=False, pause=manners.pause
    )
    assert manners.size > 400_000_000
    headers = HttpClient(manners).session.headers
    assert headers["User-Agent"] == "payproof/0.1.0 (+pay@example.org)"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (format_datetime(datetime(2026, 11, 21, 0, 0, 30, tzinfo=UTC)), 30.0),
        (format_datetime(datetime(2020, 1, 1, tzinfo=UTC)), 0.0),
        ("", None),
        ("soon", None),
        ("9" * 400, None),
    ],
    ids=["seconds", "date", "past", "absent", "words", "endless"],
)
def test_retry_after_is_seconds_or_a_date(header, seconds):
    """Anything else is as if the server had said nothing."""
    now = datetime(2026, 11, 21, tzinfo=UTC).timestamp()
    assert parse_retry_after(header, now) == seconds


def test_a_saved_page_is_given_with_the_same_care(tmp_path):
    """A page from a browser, without an ending, is still seen to be HTML."""
    page = tmp_path / "Salaries of coders"
    page.write_bytes(b"<!DOCTYPE html><p>$52,000")
    payload = read_saved_file(
        page, SOURCE, edition="2026", today=TODAY, url="https://x.example"
    )
    assert payload.media_type == "text/html"
    assert payload.capture == "given"
    assert payload.retrieved == TODAY
    card = Archive(tmp_path / "raw").keep(payload).path.with_name("snapshot.json")
    assert '"capture": "given"' in card.read_text()


def test_a_saved_file_that_is_no_file_says_so(tmp_path):
    """Absent, empty, too large, or HTML under a workbook's name."""
    with pytest.raises(NotFound, match="nowhere"):
        read_saved_file(tmp_path / "nowhere", SOURCE, edition="2026", today=TODAY)
    (tmp_path / "empty.html").touch()
    with pytest.raises(Damaged, match="empty"):
        read_saved_file(tmp_path / "empty.html", SOURCE, edition="2026", today=TODAY)
    (tmp_path / "page.xlsx").write_bytes(b"<html>")
    with pytest.raises(Damaged, match="HTML"):
        read_saved_file(tmp_path / "page.xlsx", SOURCE, edition="2026", today=TODAY)
    with pytest.raises(TooLarge):
        read_saved_file(
            tmp_path / "page.xlsx", SOURCE, edition="2026", today=TODAY, size=3
        )


def test_names_from_addresses_are_made_harmless():
    """What a server puts at the end of an address cannot lead anywhere."""
    assert (
        name_from_url("https://x.example/a/../%2e%2e%2f%2e%2e%2fetc%2fpasswd")
        == "passwd"
    )
    assert name_from_url("https://x.example/") == "index.html"
    assert (
        name_from_url("https://x.example/pay%0a%1b[31m.html?x=/y") == "pay___31m.html"
    )


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_tests_cannot_reach_the_network():
    """A recording that lacks a request fails; it never asks for it."""
    with pytest.raises(SocketBlockedError):
        socket.socket()
