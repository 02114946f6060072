"""Live: what may be fetched lands in raw/, and a failure leaves raw/ as it was."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
from test_fetch import SOURCE, TODAY, Clock, Unplugged, Untouched

from pipeline import live
from pipeline.errors import NotFound, Unreachable
from pipeline.fetch import Manners, Visitor
from pipeline.model import Payload
from pipeline.snapshot import Archive
from pipeline.store import Home

ROOT = Path(__file__).resolve().parents[1]
CASSETTES = Path(__file__).parent / "cassettes" / "test_fetch"
KEPT = Payload(
    source="example",
    edition="2024-05",
    name="pay.csv",
    body=b"occ_code,a_median",
    media_type="text/csv",
    capture="fetched",
    retrieved="2024-06-01",
    url="https://stats.example/pay.csv",
    etag='"v1"',
    last_modified="Sat, 01 Jun 2024 00:00:00 GMT",
)


@pytest.fixture(scope="module")
def vcr_config():
    """Replay only."""
    return {
        "record_mode": "none",
        "match_on": ["method", "scheme", "host", "port", "path", "query", "conditions"],
    }


@pytest.fixture(scope="module")
def vcr_cassette_dir():
    """The recordings of fetch."""
    return str(CASSETTES)


def try_it(root, monkeypatch, session=None, **facts):
    """Collect the example source into a folder."""
    source = SimpleNamespace(
        SOURCE=replace(SOURCE, **facts), edition=lambda url: "2024-05"
    )
    monkeypatch.setattr(live, "module", lambda _id: source)
    clock = Clock()
    guest = Visitor(
        Manners(tries=1), session or requests.Session(), clock.sleep, clock.read
    )
    return live.collect(Home(root), "example", guest, TODAY)


@pytest.mark.vcr
@pytest.mark.default_cassette("ok.yaml")
def test_what_is_fetched_is_kept_with_its_licence(tmp_path, monkeypatch):
    """A new file is a new snapshot, under the edition its module names."""
    assert try_it(tmp_path, monkeypatch) == live.Collected("example", new=1)
    (snapshot,) = Archive(tmp_path / "raw").of("example")
    assert (snapshot.edition, snapshot.capture) == ("2024-05", "fetched")
    card = snapshot.path.with_name("snapshot.json").read_text()
    assert '"licence": "Public domain"' in card


@pytest.mark.vcr
@pytest.mark.default_cassette("not_modified.yaml")
def test_what_is_not_modified_is_checked_and_unchanged(tmp_path, monkeypatch):
    """The tags of the last fetch are sent; nothing is written."""
    Archive(tmp_path / "raw").keep(KEPT)
    found = try_it(tmp_path, monkeypatch)
    assert found == live.Collected("example", unchanged=1)


@pytest.mark.vcr
@pytest.mark.default_cassette("ok.yaml")
def test_the_same_bytes_in_another_month_are_no_new_edition(tmp_path, monkeypatch):
    """A server that ignores our tags does not make copies of an edition."""
    archive = Archive(tmp_path / "raw")
    archive.keep(replace(KEPT, edition="2023-05", etag="", last_modified=""))
    found = try_it(tmp_path, monkeypatch)
    assert found == live.Collected("example", unchanged=1)
    assert len(archive.of("example")) == 1


@pytest.mark.vcr
@pytest.mark.default_cassette("gone.yaml")
def test_a_refusal_is_reported_and_the_last_good_stays(tmp_path, monkeypatch):
    """The error is the source's; raw/ is as it was."""
    archive = Archive(tmp_path / "raw")
    kept = archive.keep(replace(KEPT, etag="", last_modified=""))
    found = try_it(tmp_path, monkeypatch)
    assert len(found.errors) == 1
    assert "answers 410" in found.errors[0]
    assert archive.latest("example") == [kept]


def test_a_missing_network_is_for_the_caller_to_retry(tmp_path, monkeypatch):
    """Unreachable is raised, so that an orchestrator can tell it from a refusal."""
    session = requests.Session()
    session.mount("https://", Unplugged())
    with pytest.raises(Unreachable):
        try_it(tmp_path, monkeypatch, session)
    assert Archive(tmp_path / "raw").all() == []


def test_a_source_that_comes_by_hand_is_left_alone(tmp_path, monkeypatch):
    """No request, no error: its pages wait for a person."""
    session = requests.Session()
    session.mount("https://", Untouched())
    found = try_it(tmp_path, monkeypatch, session, automated=False)
    assert found == live.Collected("example")


def test_an_edition_without_a_rule_is_the_month(monkeypatch):
    """A page that names no period is of the month it was read in."""
    source = SimpleNamespace(SOURCE=SOURCE)
    monkeypatch.setattr(live, "module", lambda _id: source)
    assert live.edition_of(SOURCE, "https://stats.example/", TODAY) == "2026-11"


def test_a_run_offline_asks_nobody(tmp_path):
    """Not even for vocabularies or a contact address."""
    assert live.bring_in(Home(tmp_path), offline=True) == []


def test_a_run_without_a_contact_address_asks_no_host_that_wants_one(home):
    """On a fresh clone nothing goes out, and the reason is said once."""
    said = live.bring_in(home, offline=False, only=["bls_oews"])
    assert len(said) == 1
    assert "PAYPROOF_CONTACT" in said[0]


def test_an_unknown_source_is_an_error(home):
    """The ids that there are get listed."""
    with pytest.raises(NotFound, match="bls_oews"):
        live.bring_in(home, offline=False, only=["nobody"])


def test_what_came_of_a_source_is_one_line_and_its_errors():
    """Nobody is told of a source that nobody asked."""
    assert live.Collected("x").lines() == []
    told = live.Collected("x", new=1, unchanged=2, errors=("bad",)).lines()
    assert told == ["x: 1 new, 2 unchanged", "bad"]
