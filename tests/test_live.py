"""Live: what is due is asked for, what is new is kept, what fails costs nothing."""

import pickle
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
from stand_in import Answer, played
from test_fetch import SOURCE, Clock, public

from pipeline.archive import collect_due, fetch_log, fetch_one
from pipeline.archive.fetch import HttpClient, RequestLimits
from pipeline.archive.schedule import RefreshPolicy
from pipeline.archive.snapshot import Archive
from pipeline.core.errors import Busy, NotFound, Unreachable
from pipeline.core.model import Payload
from pipeline.core.store import Home, hold_lock

ROOT = Path(__file__).resolve().parents[1]
AT = "2026-11-24T06:00:00Z"
URL = "https://stats.example/pay.csv"
MORE = tuple(f"https://stats.example/pay{n}.csv" for n in range(3))
WORDS = ("watch", "refusals", "limits", "volatile", "accepted", "watched", "hosts",
         "furniture", "editions")  # fmt: skip


def table(text: str, tag: str = "") -> Answer:
    """A table as served."""
    headers = {"Content-Type": "text/csv", **({"ETag": tag} if tag else {})}
    return Answer(body=text.encode(), headers=headers)


def page(text: str) -> Answer:
    """A page as served."""
    return Answer(body=text.encode(), headers={"Content-Type": "text/html"})


class Toy:
    """A home with one source, whose publisher plays a scene."""

    tries = 1

    def __init__(self, root, monkeypatch, **facts):
        self.home = Home(root)
        (root / "vocabularies").mkdir(parents=True)
        for name in WORDS:
            text = (ROOT / "vocabularies" / f"{name}.csv").read_text()
            (root / "vocabularies" / f"{name}.csv").write_text(text)
        self.archive = Archive(self.home.raw)
        self.source = SimpleNamespace(SOURCE=replace(SOURCE, **facts))
        monkeypatch.setattr(fetch_one, "import_source", lambda _id: self.source)

    def collect(self, scene, at=AT, **more):
        """Ask once; what came of it. Who was asked is in `asked`."""
        session, self.wire = played(scene)
        clock = Clock()
        guest = HttpClient(
            RequestLimits(tries=self.tries),
            session,
            clock.sleep,
            clock.read,
            look_up=public,
        )
        return collect_due.collect_source(self.home, "example", guest, at, **more)

    @property
    def asked(self):
        """Addresses that were asked, robots.txt apart."""
        return [url for url in self.wire.asked if not url.endswith("robots.txt")]

    def looks(self):
        """The outcomes in the log."""
        return [check.outcome for check in self.archive.read_attempts("example")]

    def current(self):
        """The bodies that are current."""
        return [s.read_body().decode() for s in self.archive.list_latest("example")]


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """One source of tables."""
    return Toy(tmp_path, monkeypatch)


@pytest.fixture
def pages(tmp_path, monkeypatch):
    """One source of one page."""
    url = "https://stats.example/coder.html"
    return Toy(tmp_path, monkeypatch, urls=(url,), kind="survey")


def test_what_is_fetched_is_kept_with_its_licence_and_noted(toy):
    """A new file is a new snapshot, and one look in the log."""
    found = toy.collect({URL: [table("a")]})
    assert found == collect_due.CollectResult("example", (("changed", 1),))
    (snapshot,) = toy.archive.list_snapshots("example")
    assert (snapshot.capture, snapshot.retrieved) == ("fetched", AT[:10])
    card = snapshot.path.with_name("snapshot.json").read_text()
    for part in ("Public domain", f'"at": "{AT}"', "payproof 0.1.0", "canonical"):
        assert part in card
    (check,) = toy.archive.read_attempts("example")
    assert (check.at, check.request, check.status) == (AT, URL, 200)
    assert (check.snapshot, check.sha256) == (snapshot.folder, snapshot.sha256)


def test_what_is_not_modified_is_checked_and_unchanged(toy):
    """The tag goes out, the 304 is a line of the log, and no byte is stored."""
    toy.collect({URL: [table("a", '"v1"')]})
    before = sorted(toy.home.raw.rglob("snapshot.json"))
    found = toy.collect({URL: [table("a", '"v1"')]}, "2026-12-01T06:00:00Z")
    assert found.to_lines() == ["example: 1 checked: 1 unchanged"]
    assert sorted(toy.home.raw.rglob("snapshot.json")) == before
    last = toy.archive.read_attempts("example")[-1]
    assert (last.status, last.at[:10], last.sha256) == (304, "2026-12-01", "")
    (snapshot,) = toy.archive.list_snapshots("example")
    assert snapshot.seen[:10] == "2026-12-01"
    assert snapshot.retrieved == "2026-11-24"


def test_the_same_bytes_in_another_month_are_no_new_edition(toy):
    """A server that ignores our tags does not make copies of an edition."""
    toy.collect({URL: [table("a")]})
    found = toy.collect({URL: [table("a")]}, "2026-12-05T06:00:00Z")
    assert found.outcomes == (("unchanged", 1),)
    assert len(toy.archive.list_snapshots("example")) == 1


def test_a_file_that_went_back_is_as_it_was_before(toy):
    """A, B, A: the first bytes are current again, and are not stored twice."""
    for day, text in (("01", "a"), ("08", "b"), ("15", "a")):
        toy.source.edition = lambda _: "2026"
        found = toy.collect({URL: [table(text)]}, f"2026-11-{day}T06:00:00Z")
        assert found.outcomes == (("changed", 1),)
    assert toy.current() == ["a"]
    assert len(toy.archive.list_snapshots("example")) == 2
    assert (
        Archive(toy.home.raw, "2026-11-10").list_latest("example")[0].read_body()
        == b"b"
    )


def test_a_page_drawn_again_is_kept_and_is_no_change(pages):
    """Another clock, token and advert: other bytes, the same canonical form."""
    text = "<title>Pay</title><p>Coders earn $48,780. Drawn at {}.<aside>Ad {}</aside>"
    (url,) = pages.source.SOURCE.urls
    pages.collect({url: [page(text.format("10:02:03", 1))]})
    later = "2026-12-05T06:00:00Z"
    found = pages.collect({url: [page(text.format("11:59", 2))]}, later)
    assert found.outcomes == (("unchanged", 1),)
    first, again = sorted(
        pages.archive.list_snapshots("example"), key=lambda s: s.retrieved
    )
    assert again.same_as == first.folder
    assert (again.edition, again.sha256) != ("", first.sha256)
    assert pages.archive.list_versions("example") == [(first,)]
    assert pages.archive.list_versions("example")[0][0].seen[:10] == "2026-12-05"
    assert pages.archive.find_faults() == []


def test_a_page_with_another_figure_is_a_change(pages):
    """The canonical form keeps what figures are read from."""
    text = "<title>Pay</title><p>Coders earn ${}. Drawn at 10:00."
    (url,) = pages.source.SOURCE.urls
    pages.source.edition = lambda _: "2026"
    pages.collect({url: [page(text.format("48,780"))]})
    later = "2026-12-05T06:00:00Z"
    found = pages.collect({url: [page(text.format("50,250"))]}, later)
    assert found.outcomes == (("changed", 1),)
    assert "50,250" in pages.current()[0]


REFUSALS = {
    "forbidden": (Answer(403), "blocked", 403),
    "robots": (None, "blocked", 200),
    "gone": (Answer(410), "failed", 410),
    "not found": (Answer(404), "failed", 404),
    "down": (Answer(503), "failed", 0),
    "no route": (requests.ConnectionError("no route"), "failed", 0),
    "an error page": (page("<title>404</title>"), "held", 200),
    "empty": (Answer(headers={"Content-Type": "text/csv"}), "held", 200),
    "html": (page("<!doctype html><p>Sorry"), "held", 200),
}


@pytest.mark.parametrize(
    ("answer", "outcome", "status"), REFUSALS.values(), ids=REFUSALS
)
def test_a_fault_ends_in_its_state_and_the_archive_is_intact(
    toy, answer, outcome, status
):
    """The last good snapshot stays current, byte for byte; the log says what was."""
    toy.collect({URL: [table("a")]})
    before = {p: p.read_bytes() for p in toy.home.raw.glob("example/*/*")}
    scene = {URL: [answer]}
    if answer is None:
        robots = Answer(body=b"User-agent: *\nDisallow: /")
        scene = {"https://stats.example/robots.txt": [robots]}
    try:
        found = toy.collect(scene, "2026-12-24T06:00:00Z")
    except collect_due.PartlyUnreachable as away:
        found = away.collected
    assert found.outcomes == ((outcome, 1),)
    assert len(found.errors) == 1
    assert toy.looks() == ["changed", outcome]
    assert toy.archive.read_attempts("example")[-1].status == status
    assert toy.current() == ["a"]
    assert {p: p.read_bytes() for p in toy.home.raw.glob("example/*/*")} == before
    assert toy.archive.find_faults() == []
    held = list((toy.home.raw / ".held").rglob("why.json"))
    kept = outcome == "held" and answer.body != b""
    assert len(held) == kept


def test_a_file_of_another_size_is_held_and_both_sizes_named(toy):
    """Half of a table on a Tuesday is an accident, until a person says otherwise."""
    toy.source.edition = lambda _: "2026"
    toy.collect({URL: [table("a" * 1000)]})
    later = "2026-12-08T06:00:00Z"
    found = toy.collect({URL: [table("b" * 300)]}, later)
    assert found.outcomes == (("held", 1),)
    assert "pay.csv: size went from 1,000 bytes to 300 bytes" in found.errors[0]
    assert toy.current() == ["a" * 1000]
    (why,) = (toy.home.raw / ".held").rglob("why.json")
    digest = why.parent.name
    assert why.with_name("body.held").read_bytes() == b"b" * 300

    accepted = toy.home.vocabularies / "accepted.csv"
    row = f"{digest},example,A. Analyst,2026-12-09,the table lost its industries\n"
    accepted.write_text(accepted.read_text() + row)
    found = toy.collect({URL: [table("b" * 300)]}, "2026-12-09T06:00:00Z")
    assert found.outcomes == (("changed", 1),)
    assert toy.current() == ["b" * 300]


def test_a_new_release_in_its_season_may_replace_everything(toy):
    """In April, under a new edition; not in November, nor under the old edition."""
    watch = toy.home.vocabularies / "watch.csv"
    row = "example,csv,30,03-15..08-31,1,60,700,0.3,0.1,0.1,0.05,a toy\n"
    watch.write_text(watch.read_text() + row)
    editions = iter(["2025-05", "2025-05", "2026-05", "2026-05"])
    toy.source.edition = lambda _: next(editions)
    toy.collect({URL: [table("a" * 1000)]}, "2026-01-05T06:00:00Z")
    for day, outcome in (
        ("2027-04-06", "held"),  # the season, but the edition of before
        ("2027-11-09", "held"),  # a new edition, but a Tuesday
        ("2027-04-06", "changed"),
    ):
        found = toy.collect({URL: [table("c" * 5000)]}, f"{day}T06:00:00Z", always=True)
        assert found.outcomes == ((outcome, 1),), day


def test_nothing_is_asked_before_it_is_due(toy):
    """Seven days by the row for any source; a named source is asked at once."""
    scene = {URL: [table("a")]}
    toy.collect(scene)
    assert toy.collect(scene, "2026-11-30T06:00:00Z") == collect_due.CollectResult(
        "example"
    )
    assert toy.wire.asked == []
    assert toy.collect(scene, "2026-11-30T06:00:00Z", always=True).checked == 1
    assert toy.collect(scene, "2026-12-07T06:00:00Z").checked == 1


def test_of_two_runs_at_once_one_asks(toy):
    """The other waits for the hosts, and then finds in the log that nothing is due."""
    came, held = [], threading.Event()

    def be_second():
        assert held.wait(10)
        with collect_due.hold_hosts(toy.home, "example"):
            came.append(toy.collect({URL: [table("a")]}).checked)

    second = threading.Thread(target=be_second)
    second.start()
    with collect_due.hold_hosts(toy.home, "example"):
        held.set()
        second.join(0.3)
        came.append(toy.collect({URL: [table("a")]}).checked)
    second.join(10)
    assert came == [1, 0]
    assert toy.looks() == ["changed"]


def test_a_second_run_asks_only_for_what_failed(tmp_path, monkeypatch):
    """Three files, one of them away: the next run asks for that one."""
    toy = Toy(tmp_path, monkeypatch, urls=MORE)
    good = {url: [table(f"table {url}")] for url in MORE}
    away = {**good, MORE[1]: [Answer(503)]}
    with pytest.raises(collect_due.PartlyUnreachable) as caught:
        toy.collect(away)
    assert caught.value.collected.outcomes == (("changed", 2), ("failed", 1))
    assert toy.asked == list(MORE)
    found = toy.collect(good, "2026-11-24T07:00:00Z")
    assert found.outcomes == (("changed", 1),)
    assert toy.asked == [MORE[1]]
    assert toy.collect(good, "2026-11-24T08:00:00Z").checked == 0


def test_a_refusal_is_not_hammered(toy):
    """A blocked file waits for the source's next look, as an answer does."""
    toy.collect({URL: [Answer(403)]})
    assert toy.collect({URL: [Answer(403)]}, "2026-11-25T06:00:00Z").checked == 0
    assert toy.collect({URL: [Answer(403)]}, "2026-12-01T06:00:00Z").checked == 1


def test_a_source_that_comes_by_hand_is_left_alone(tmp_path, monkeypatch):
    """No request, no error: its pages wait for a person."""
    toy = Toy(tmp_path, monkeypatch, automated=False)
    assert toy.collect({URL: [table("a")]}) == collect_due.CollectResult("example")
    assert toy.wire.asked == []


def test_pages_of_authors_are_asked_for_one_by_one(tmp_path, monkeypatch):
    """Those that a person has put on the list; of kind `prose`, and of no other."""
    url = "https://blog.example/coder-pay.html"
    for kind, asked in (("prose", 1), ("aggregator", 0)):
        toy = Toy(tmp_path / kind, monkeypatch, automated=False, urls=(), kind=kind)
        watched = toy.home.vocabularies / "watched.csv"
        watched.write_text(
            watched.read_text() + f"example,{url},A. Analyst,2026-11-01,terms read\n"
        )
        scene = {url: [page("<title>Pay</title><p>Coders earn $48,780 a year.")]}
        assert toy.collect(scene).checked == asked


def test_a_module_may_list_its_own_requests(tmp_path, monkeypatch):
    """For posts, keys, editions and code lists."""
    toy = Toy(tmp_path, monkeypatch)
    asked = fetch_one.Request(URL, edition="2025-05")
    toy.source.wanted = lambda _words, _keys: [asked]
    toy.collect({URL: [table("a")]})
    assert toy.archive.list_latest("example")[0].edition == "2025-05"


def test_an_edition_without_a_rule_is_the_month(toy):
    """A page that names no period is of the month it was read in."""
    toy.collect({URL: [table("a")]})
    assert toy.archive.list_latest("example")[0].edition == "2026-11"


def test_what_was_brought_by_hand_is_no_copy_when_it_is_fetched(toy):
    """The same bytes from the same address: unchanged."""
    given = Payload(
        source="example", edition="2026-10", name="pay.csv", body=b"a",
        media_type="text/csv", capture="given", retrieved="2026-10-01", url=URL,
    )  # fmt: skip
    toy.archive.keep(given)
    assert toy.collect({URL: [table("a")]}).outcomes == (("unchanged", 1),)


def test_what_could_not_be_had_survives_pickling():
    """An orchestrator may hand it from one process to another."""
    cause = Unreachable("x", "https://x.example/", "answers 503")
    error = collect_due.PartlyUnreachable(
        cause, collect_due.CollectResult("x", (("failed", 1),), ("bad",))
    )
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error) == str(cause)
    assert again.collected == error.collected


def test_a_run_offline_asks_nobody(tmp_path):
    """Not even for vocabularies or a contact address."""
    assert collect_due.collect_due_sources(Home(tmp_path), offline=True) == []


def test_a_run_without_a_contact_address_asks_no_host_that_wants_one(home):
    """On a fresh clone nothing goes out, and the reason is said once."""
    (found,) = collect_due.collect_due_sources(home, offline=False, only=["bls_oews"])
    said = found.to_lines()
    assert len(said) == 2
    assert "failed" in said[0]  # by a setting of ours: the publisher has not said no
    assert "PAYPROOF_CONTACT" in said[1]


def test_the_hosts_of_a_source_are_held_while_it_is_asked(home, monkeypatch):
    """By the domain, so that sources of one publisher take turns too."""

    def collect(home, source, _client, _at, *, always):
        lock = home.raw / ".hosts" / "bls.gov" / ".lock"
        with pytest.raises(Busy), hold_lock(lock):
            pass
        return collect_due.CollectResult(source)

    monkeypatch.setattr(collect_due, "collect_source", collect)
    found = collect_due.collect_due_sources(home, offline=False, only=["bls_oews"])
    assert found == [collect_due.CollectResult("bls_oews")]


def test_an_unknown_source_is_an_error(home):
    """The ids that there are get listed."""
    with pytest.raises(NotFound, match="bls_oews"):
        collect_due.collect_due_sources(home, offline=False, only=["nobody"])


def test_what_came_of_a_source_is_one_line_and_its_errors():
    """Nobody is told of a source that nobody asked."""
    assert collect_due.CollectResult("x").to_lines() == []
    counts = (("changed", 1), ("blocked", 2))
    told = collect_due.CollectResult("x", counts, ("bad",)).to_lines()
    assert told == ["x: 3 checked: 1 changed, 2 blocked", "bad"]


def blocked(*days: str, outcome: str = "blocked") -> list[fetch_log.FetchAttempt]:
    """Looks at one file that ended so."""
    return [
        fetch_log.FetchAttempt(f"{day}T06:00:00Z", "x", URL, outcome) for day in days
    ]


def test_a_source_is_blocked_after_days_of_nothing_but_refusals():
    """Seven days from the first refusal to the last; an answer ends it."""
    week = blocked("2026-11-01", "2026-11-04", "2026-11-08")
    assert fetch_log.find_blocked_since(week, 7) == "2026-11-01"
    assert fetch_log.find_blocked_since(week[:2], 7) == ""
    assert fetch_log.find_blocked_since(blocked("2026-11-08"), 7) == ""
    answered = [*week, *blocked("2026-11-15", outcome="unchanged")]
    assert fetch_log.find_blocked_since(answered, 7) == ""
    storm = [week[0], *blocked("2026-11-04", outcome="failed"), week[2]]
    assert fetch_log.find_blocked_since(storm, 7) == "2026-11-01"


def test_a_log_that_a_kill_cut_short_is_read_and_continued(toy):
    """The half line is passed over; the next one stands on its own."""
    toy.collect({URL: [table("a")]})
    log = toy.home.raw / "example" / fetch_log.LOG
    log.write_bytes(log.read_bytes() + b'{"at": "2026-11-2')
    toy.collect({URL: [table("a")]}, "2026-12-24T06:00:00Z")
    assert toy.looks() == ["changed", "unchanged"]


@pytest.mark.parametrize(
    "line",
    [b"[]", b"null", b"{}", b'{"at": "soon", "source": "x"}', b"[" * 9999,
     b'{"at": "2026-11-24", "source": "x", "request": 7, "outcome": "changed"}',
     b'{"at": "2026-11-24", "source": "x", "request": "u", "outcome": "stolen"}'],
)  # fmt: skip
def test_a_line_that_is_no_look_is_passed_over(tmp_path, line):
    """The log is a file that anybody may have touched."""
    (tmp_path / fetch_log.LOG).write_bytes(line + b"\n")
    assert fetch_log.read_log(tmp_path) == []


WATCH = RefreshPolicy("x", frozenset(), 7, None, 7, 35, 400, {})


@pytest.mark.parametrize(
    ("editions", "seen", "why"),
    [
        (["2026"], "2026-11-20", []),
        (["2026"], "2026-10-01", ["not checked for 54 days, more than 35"]),
        (
            ["2024", "2025-05"],
            "2026-11-20",
            ["newest data are 542 days old (2025-05-31), more than 400"],
        ),
        (["latest"], "2026-11-20", []),
        ([], "", ["nothing of it is at hand"]),
    ],
    ids=["fresh", "not checked", "old data", "no period", "nothing"],
)
def test_staleness_needs_no_run(editions, seen, why):
    """It follows from what there is and what day it is."""
    assert fetch_log.find_staleness(WATCH, editions, seen, "2026-11-24") == why


def test_a_source_that_would_ask_too_much_is_told_so_and_not_asked(home, monkeypatch):
    """More queries than a day has: an error of that source, before the first query."""
    path = home.vocabularies / "limits.csv"
    text = path.read_text("utf-8")
    assert "\napi_queries,25," in text
    path.write_text(text.replace("\napi_queries,25,", "\napi_queries,2,"), "utf-8")
    (found,) = collect_due.collect_due_sources(home, offline=False, only=["bls_api"])
    said = found.to_lines()
    assert len(said) == 1
    assert "PAYPROOF_BLS_KEY" in said[0]
