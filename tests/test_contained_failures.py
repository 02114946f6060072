"""Whatever comes out of one file or source is kept to it, with a trace of it."""

import errno
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pages_home import lay_home
from polars.exceptions import PanicException

from pipeline import sources
from pipeline.archive import collect_due, fetch_one, freshness
from pipeline.archive.collect_due import collect_source
from pipeline.archive.snapshot import Archive
from pipeline.core.errors import Damaged, GateFailed, PayproofError, ReadingFailed
from pipeline.core.failure_trace import contain_failures, format_trace, make_printable
from pipeline.core.model import Request
from pipeline.core.store import Home
from pipeline.query.published import open_latest
from pipeline.release import run, stages
from pipeline.release.ingest import IngestResult, ingest
from pipeline.release.inputs import gather_inputs
from pipeline.release.run import refresh
from pipeline.release.verify import verify

DAY = "2026-11-20T06:00:00Z"
FAILURES = {
    "key": KeyError("-b"),
    "recursion": RecursionError("maximum recursion depth exceeded"),
    "memory": MemoryError(),
    "disk": OSError(errno.EIO, "Input/output error"),
    "text": UnicodeError("encoding error"),
    "syntax": SyntaxError("xml"),
    "panic": PanicException("a panic of native code"),
}


@pytest.fixture
def small(tmp_path) -> Home:
    """Two sources, two files of one of them."""
    return lay_home(
        tmp_path / "home", "bls_oews/2022-*", "bls_oews/2023-*", "article/*"
    )


def fail_on(monkeypatch, source: str, edition: str, error: BaseException) -> None:
    """A parser that fails on the file of one edition."""
    module = sources.import_source(source)
    parse = module.parse

    def fails(snapshot, vocabulary):
        if snapshot.edition.startswith(edition):
            # Without the frames of an earlier try.
            raise error.with_traceback(None)
        return parse(snapshot, vocabulary)

    monkeypatch.setattr(module, "parse", fails)


@pytest.mark.parametrize("error", FAILURES.values(), ids=FAILURES)
def test_whatever_a_parser_throws_is_an_error_of_that_file(small, monkeypatch, error):
    """One sentence names it; the other file of the source is parsed."""
    fail_on(monkeypatch, "bls_oews", "2023", error)

    done = ingest(gather_inputs(small), "bls_oews")

    (said,) = done.errors
    assert said.startswith("bls_oews 2023-05")
    assert (done.snapshots, done.parsed, done.claims > 0) == (2, 1, True)


@pytest.mark.parametrize("signal", [KeyboardInterrupt(), SystemExit(3)])
def test_who_ends_the_run_ends_it(small, monkeypatch, signal):
    """An interrupt is no fault of a file."""
    fail_on(monkeypatch, "bls_oews", "2023", signal)
    with pytest.raises(type(signal)):
        ingest(gather_inputs(small), "bls_oews")


def test_a_release_without_a_file_says_where_its_reading_failed(small, monkeypatch):
    """Sentence and frames, in manifest and report; no folder of this machine."""
    error = KeyError(f"{small.root}/x object at 0x7f4a11aa22bb <script>")
    fail_on(monkeypatch, "bls_oews", "2023", error)

    outcome = refresh(small)

    assert outcome.release is not None
    (trace,) = outcome.traces
    folder = outcome.release.folder
    assert json.loads((folder / "manifest.json").read_text())["traces"] == {
        "bls_oews": [trace]
    }
    assert "pipeline/release/ingest.py:" in trace
    page = (folder / "report.html").read_text()
    assert "pipeline/release/ingest.py:" in page
    assert "<script>" not in page
    assert "pipeline/release/ingest.py:" in (folder / "report.md").read_text()
    for text in (trace, page):
        assert str(small.root) not in text
        assert "0x7f" not in text
    # Nothing has changed, and it is said again.
    assert refresh(small).traces == [trace]


def test_a_sound_release_says_nothing_of_failures(small_release):
    """No key for what is not there: bytes of sound releases stay as they were."""
    manifest = json.loads((small_release / "curated/latest/manifest.json").read_text())
    assert "traces" not in manifest


def test_a_folder_that_cannot_be_read_costs_its_source_alone(small, monkeypatch):
    """The log of one source is on a bad sector."""
    read = Archive.read_attempts

    def fails(self, source):
        if source == "article":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return read(self, source)

    monkeypatch.setattr(Archive, "read_attempts", fails)
    inputs = gather_inputs(small)

    assert {file[0].source for file in inputs.files} == {"bls_oews"}
    assert inputs.faults["article"][0].startswith("raw/article: ")
    state = {one.source: one.state for one in freshness.list_statuses(small, DAY[:10])}
    assert (state["article"], state["bls_oews"]) == ("failed", "stale")


@pytest.mark.parametrize(
    "card", [b"{", b"[]", b'{"source": 1}', b"\xff", b"[" * 99_999]
)
def test_a_card_that_is_none_costs_its_folder_alone(small, card):
    """Whatever is in it."""
    (folder,) = (small.raw / "bls_oews").glob("2023-*")
    (folder / "snapshot.json").write_bytes(card)

    inputs = gather_inputs(small)

    assert folder.name in inputs.faults["bls_oews"][0]
    assert [f[0].edition for f in inputs.list_files("bls_oews")] == ["2022-05"]


@pytest.mark.parametrize(
    ("fact", "value"),
    [("retrieved", "2026-13-45"), ("name", "\ud83d.csv"), ("url", "https://a/\udcff")],
)
def test_a_card_whose_text_is_impossible_is_refused(small, fact, value):
    """No such day; half of a pair, which no page or table can be written with."""
    (folder,) = (small.raw / "bls_oews").glob("2023-*")
    card = json.loads((folder / "snapshot.json").read_text())
    (folder / "snapshot.json").write_text(json.dumps(card | {fact: value}))

    assert folder.name in gather_inputs(small).faults["bls_oews"][0]


def test_a_name_that_is_no_text_ends_nothing(small):
    """A folder of raw/ whose bytes are not UTF-8."""
    Path(os.fsdecode(os.fsencode(small.raw) + b"/caf\xe9")).mkdir()
    shutil.rmtree(small.raw / "article")

    outcome = refresh(small)

    assert outcome.release is not None
    assert [e for e in outcome.errors if "udce9" in e]


class Answers:
    """A client that answers every address, and breaks on one."""

    keys: dict[str, str] = {}  # noqa: RUF012

    def get(self, source, url, headers, send=b""):
        """Nothing comes."""
        raise ValueError("Invalid IPv6 URL") if "[" in url else Damaged(url, "empty")


def test_what_fails_in_asking_for_a_file_is_an_attempt_at_it(small, monkeypatch):
    """The log has the frames; the other addresses of the source are asked."""
    facts = replace(sources.SOURCES["bls_oews"], automated=True)
    wanted = [
        Request(at, edition="2024-05") for at in ("https://[::1", "https://a.example/b")
    ]
    monkeypatch.setattr(fetch_one, "find_requests", lambda *_: (facts, wanted))

    done = collect_source(small, "bls_oews", Answers(), DAY, always=True)

    assert done.outcomes == (("failed", 2),)
    first, other = Archive(small.raw).read_attempts("bls_oews")
    assert "ValueError at pipeline/archive/" in first.why
    assert "pipeline/archive/fetch_one.py:" in first.trace
    assert ("empty" in other.why, other.trace) == (True, "")


def test_a_source_whose_module_fails_is_an_error_of_it(small, monkeypatch):
    """All others are asked."""

    def fails(source, *_):
        raise ZeroDivisionError

    monkeypatch.setattr(fetch_one, "find_requests", fails)
    done = collect_source(small, "article", Answers(), DAY)
    assert done.errors[0].startswith("article: it cannot be read, by a fault of")
    assert collect_due.list_hosts(small, "article") == []
    assert collect_due.has_requests(small, "article")  # to say what is wrong


def test_an_address_that_is_none_leaves_the_hosts_of_the_others(small, monkeypatch):
    """Those are asked, and by one run at a time as ever."""
    urls = ("https://[::1", "https://pay.example.com/a", "https://b.example.com/")
    asked = [Request(url=url) for url in urls]
    monkeypatch.setattr(fetch_one, "find_requests", lambda *_: (None, asked))
    assert collect_due.list_hosts(small, "article") == [
        "b.example.com",
        "pay.example.com",
    ]


def test_a_gate_that_fails_keeps_the_traces_of_the_reading(small):
    """No release tells them then."""
    inputs = gather_inputs(small)
    read = IngestResult("article", errors=("broken",), traces=("broken\n  a.py:1",))

    def stop(*_):
        raise GateFailed("keys", "none resolves", "Look")

    outcome = run.run_stages(inputs, (read,), stop)
    failure = json.loads((small.curated / "failure.json").read_text())
    assert (outcome.release, failure["traces"]) == (None, [*read.traces])


def test_verify_says_which_file_a_mistake_of_ours_ends(small, monkeypatch):
    """And looks at all others."""

    def fails(*_):
        raise KeyError("-b")

    refresh(small)
    monkeypatch.setattr("pipeline.sources.article.parse", fails)
    faults = verify(small, open_latest(small)).faults
    assert [f for f in faults if "cannot be parsed again" in f] != []
    assert all("raw/article/" in fault for fault in faults)


def test_the_command_says_a_mistake_of_ours_in_a_sentence(
    command_in, small, tmp_path, monkeypatch
):
    """No traceback; the frames are for whoever keeps the code."""
    from pipeline.query import check

    def fails(*_, **__):
        raise KeyError("-b")

    monkeypatch.setattr(check, "extract", fails)
    page = tmp_path / "page.md"
    page.write_text("Pay is $50,000.")

    with pytest.raises(ReadingFailed, match=r"KeyError at pipeline/query/check\.py"):
        check.open_page(page, gather_inputs(small).vocabulary)

    monkeypatch.setattr(check, "open_page", fails)
    monkeypatch.setattr("pipeline.cli.claims_command.open_page", fails, raising=False)
    status, out, err = command_in(small, "claims", page)
    assert (status, out) == (2, "")
    assert "a mistake of Payproof" in err
    assert "Traceback" not in err


def test_frames_name_our_code_and_no_machine():
    """Causes follow; a recursion without end is cut in its middle."""

    def sink(depth):
        return sink(depth + 1) if depth < 200 else json.loads("{")

    with pytest.raises(PayproofError) as caught, contain_failures("a file"):
        sink(0)
    trace = format_trace(caught.value.__cause__)
    assert trace.startswith("JSONDecodeError: Expecting property name")
    assert len(trace.splitlines()) < 60
    assert str(Path.home()) not in trace
    assert str(Path(__file__).parent) not in trace
    assert make_printable("\ud83d") == "\\ud83d"


def test_a_page_that_cannot_be_read_again_is_given_up(small, monkeypatch):
    """Its claims are cached and its words are needed: the rest goes on without it."""
    assert refresh(small).errors == []
    read = Path.open

    def fails(self, *arguments, **named):
        if self.name.startswith("body") and "article" in self.parts:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(self))
        return read(self, *arguments, **named)

    (small.vocabularies / "grades.csv").open("a").write("\n")
    monkeypatch.setattr(Path, "open", fails)
    outcome = refresh(small, accept_missing=["article"])

    assert outcome.release is not None
    assert [e for e in outcome.errors if "Input/output error" in e]
    assert {s["source"] for s in outcome.release.manifest["snapshots"]} == {"bls_oews"}


def test_rules_of_a_source_that_fail_set_its_rows_aside_and_end_no_run(
    small, monkeypatch
):
    """Nothing is known to keep them; the others are published, and it is said."""
    module = sources.import_source("bls_oews")

    def fails(claims, vocabulary):
        raise KeyError("no rule")

    monkeypatch.setattr(module, "broken", fails)
    outcome = refresh(small)
    assert any("rules of bls_oews" in said for said in outcome.errors)
    release = open_latest(small)
    rejects = release.scan_table("rejects").collect()
    figures = release.scan_table("figures").collect()
    assert set(figures["source"]) == {"article"}
    whole = rejects.filter(rejects["source"] == "bls_oews")
    assert "rules_applied" in set(whole["rule"])


def test_a_page_that_is_lost_after_its_claims_were_read_is_named(small, monkeypatch):
    """The run ends in a sentence, the last release stays, and the next run is whole."""
    first = refresh(small).release

    def lose(body, *rest, **more):
        raise OSError(errno.EIO, "Input/output error")

    (small.vocabularies / "grades.csv").open("a").write("\n")
    with monkeypatch.context() as patch:
        patch.setattr(stages, "read_page", lose)
        with pytest.raises(Damaged, match=r"article .*Input/output error"):
            refresh(small)
    assert open_latest(small).name == first.name
    assert refresh(small).errors == []
