"""`payproof sources` and `payproof reparse`, as a user meets them."""

import json
import shutil
import socket
from functools import partial
from pathlib import Path

import pytest
from changing import rewrite_card
from pages_home import find_bundled, lay_home
from pytest_socket import SocketBlockedError

from pipeline.archive import collect_due
from pipeline.archive.fetch_log import FetchAttempt
from pipeline.archive.snapshot import Archive
from pipeline.cli import keep_command, sources_command
from pipeline.core.store import Home, sha256_of
from pipeline.release import run

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "raw/salary_com/2024-75e14aac6eed/body.html").read_text()
TODAY = "2026-11-24T09:00:00Z"


@pytest.fixture
def small(tmp_path) -> Home:
    """A home with a table, a page, and no other source."""
    patterns = ("bls_oews/2023-*", "bls_oews/2022-*", "salary_com/*")
    home = lay_home(tmp_path / "home", *patterns)
    watch = home.vocabularies / "watch.csv"  # tables of 2023 are new enough here
    rule = "zip xlsx xls flat,30,03-15..08-31,1,60,2000,0.3,0.1,0.1,0.05,old tables"
    watch.write_text(f"{watch.read_text()}bls_oews,{rule}\n")
    return home


@pytest.fixture
def payproof(small, monkeypatch, command_in):
    """Run a command on a fixed day; its status, output and errors."""
    for module in (sources_command, keep_command, collect_due):
        monkeypatch.setattr(module, "utc_now", lambda: TODAY)
    monkeypatch.setattr("pipeline.cli.sources_doctor.utc_now", lambda: TODAY)
    monkeypatch.setattr("pipeline.cli.reparse_command.utc_now", lambda: TODAY)
    return partial(command_in, small)


def note(home: Home, day: str, outcome: str, status: int = 200, why: str = "") -> None:
    """Put a look at OEWS into the log."""
    url = "https://www.bls.gov/oes/special-requests/oesm25nat.zip"
    check = FetchAttempt(f"{day}T06:00:00Z", "bls_oews", url, outcome, status, why=why)
    Archive(home.raw).add_attempt(check)


def row_of(out: str, source: str) -> list[str]:
    """The cells of a source's line."""
    (line,) = [line for line in out.splitlines() if line.startswith(f"{source} ")]
    return line.split()


def test_the_table_has_three_dates_and_a_state(payproof, small):
    """Effective, checked and changed; a 304 moves the second alone."""
    note(small, "2026-11-20", "unchanged", 304)
    status, out, _ = payproof("sources")
    assert status == 0
    assert out.splitlines()[0].split()[-4:] == [
        *("effective", "checked", "changed", "files"),
    ]
    row = row_of(out, "bls_oews")
    assert row[-4:] == ["2023-05", "2026-11-20", "2026-11-01", "2"]
    assert "stale" in row_of(out, "salary_com")


def test_the_table_is_json_for_programs(payproof):
    """The same rows, with reasons."""
    _, out, _ = payproof("sources", "--format", "json")
    rows = {row["id"]: row for row in json.loads(out)}
    assert rows["salary_com"]["state"] == "stale"
    assert "693 days old" in rows["salary_com"]["reasons"]
    assert rows["aapc_survey"]["state"] == "empty"


def test_staleness_is_an_alarm_although_nothing_ran(payproof, small, monkeypatch):
    """No log, no run: the day alone raises it; and a fresh home is quiet."""
    status, out, _ = payproof("sources", "--stale")
    assert status == 1
    assert "salary_com: newest data are 693 days old" in out
    assert "payproof sources keep salary_com FILE" in out
    monkeypatch.setattr(sources_command, "list_statuses", lambda *_: [])
    status, out, _ = payproof("sources", "--stale")
    assert (status, out) == (0, "")


def test_a_schedule_that_stopped_is_seen(payproof, small):
    """The last answer is older than the source may be left alone."""
    note(small, "2026-08-01", "unchanged", 304)
    _, out, _ = payproof("sources", "--stale")
    assert "bls_oews" not in out
    for folder in small.raw.glob("bls_oews/*-*"):
        rewrite_card(folder, retrieved="2026-08-01")
    _, out, _ = payproof("sources", "--stale")
    assert "bls_oews: not checked for 115 days, more than 60" in out
    assert "payproof refresh --source bls_oews" in out


def test_a_refresh_reports_per_source_and_names_what_is_stale(
    payproof, small, monkeypatch
):
    """Checked, changed, unchanged, blocked, failed; then the stale ones; status 1."""
    counts = (("changed", 1), ("unchanged", 2), ("blocked", 1), ("failed", 1))
    came = collect_due.CollectResult("bls_oews", counts, ("bls_oews: answers 403",))
    monkeypatch.setattr(collect_due, "collect_due_sources", lambda *_, **__: [came])
    status, out, _ = payproof("refresh")
    assert status == 1
    assert (
        "bls_oews: 5 checked: 1 changed, 2 unchanged, 1 blocked, 1 failed\n"
        "bls_oews: answers 403\n"
    ) in out
    assert "Stale: salary_com (payproof sources --stale)" in out
    monkeypatch.setattr(collect_due, "collect_due_sources", lambda *_, **__: [])
    assert payproof("refresh", "--offline")[0] == 0


def test_doctor_says_what_came_of_it_and_what_to_do(payproof, small):
    """Cadence, last three outcomes, drift, counts, oldest data, and a remedy."""
    for day, outcome, status in (
        ("2026-11-01", "unchanged", 304),
        ("2026-11-02", "changed", 200),
        ("2026-11-03", "held", 200),
        ("2026-11-04", "failed", 503),
    ):
        note(small, day, outcome, status, why="answers 503" if status == 503 else "")
    status, out, _ = payproof("sources", "doctor", "bls_oews")
    assert status == 1
    for part in (
        "cadence     yearly; looked at every 30 days, 03-15 to 08-31 every 1",
        "state       failed",
        "effective 2023-05, checked 2026-11-02, changed 2026-11-01",
        "oldest data 2022-05",
        "look        2026-11-04T06:00:00Z failed 503",
        "2026-11-02T06:00:00Z changed 200",
        "135 claims national_M2023_dl.xlsx",
        "2 snapshots, 270 claims",
        "to do: The next refresh asks again",
    ):
        assert part in out, part
    assert "2026-11-01T06:00:00Z" not in out  # the last three only


def test_doctor_of_a_blocked_source_sends_for_a_person(payproof, small):
    """The state, since when, and that it is not got round."""
    for day in ("2026-11-01", "2026-11-12"):
        note(small, day, "blocked", 403)
    status, out, _ = payproof("sources", "doctor", "bls_oews")
    assert status == 1
    assert "state       blocked" in out
    assert "refuses us since 2026-11-01" in out
    assert "sources keep bls_oews FILE`. It is not got round." in out


def test_doctor_shows_drift_between_fetched_files(payproof, small, tmp_path):
    """Sizes and rows, with the share that may change."""
    page = tmp_path / "medical-coder.html"
    page.write_text(PAGE)
    payproof("sources", "keep", "salary_com", page, "--retrieved", "2026-09-01")
    page.write_text(PAGE.replace("</body>", "<p>As of November.</p></body>"))
    payproof("sources", "keep", "salary_com", page, "--retrieved", "2026-11-02")
    _, out, _ = payproof("sources", "doctor", "salary_com")
    assert "drift       medical-coder.html 2026-09 to 2026-11: size" in out
    assert "(at most 70%), rows 8 to 8 (at most 60%)" in out


def test_a_kept_page_has_the_provenance_of_a_fetch(payproof, small, tmp_path):
    """Who, when, from where, and the digest."""
    page = tmp_path / "medical-coder.html"
    page.write_text(PAGE.replace("medical", "medical  ", 1))
    status, out, err = payproof(
        *("sources", "keep", "salary_com", page, "--url"),
        *("https://www.salary.com/coder?token=canary", "--retrieved", "2026-11-20"),
        *("--by", "A. Analyst", "--edition", "2026-11"),
    )
    assert (status, err) == (0, "")
    (folder,) = (small.raw / "salary_com").glob("2026-11-*")
    card = json.loads((folder / "snapshot.json").read_text())
    assert card["capture"] == "given"
    assert card["by"] == "A. Analyst"
    assert (card["retrieved"], card["at"]) == ("2026-11-20", TODAY)
    assert card["url"] == "https://www.salary.com/coder"
    assert card["sha256"] == sha256_of(next(folder.glob("body.*")))
    assert card["sha256"][:12] in out


@pytest.mark.parametrize("day", ["yesterday", "2026-11-25", "2026-02-30"])
def test_a_page_is_not_saved_on_a_day_to_come(payproof, tmp_path, day):
    """Nor on one that is no day; nothing is kept."""
    page = tmp_path / "coder.html"
    page.write_text(PAGE)
    status, _, err = payproof("sources", "keep", "salary_com", page, "--retrieved", day)
    assert status == 2
    assert "--retrieved as YYYY-MM-DD" in err


def test_who_brings_a_page_is_never_nobody(monkeypatch):
    """The contact, else the user of this machine, else a word."""
    assert (
        keep_command.find_contact({"PAYPROOF_CONTACT": " pay@example.org "})
        == "pay@example.org"
    )
    monkeypatch.setattr("getpass.getuser", lambda: "analyst")
    assert keep_command.find_contact({}) == "analyst"

    def nobody():
        raise KeyError("uid")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert keep_command.find_contact({}) == "unknown"


def test_reparse_rebuilds_what_was_known_byte_for_byte(payproof, small):
    """What came later does not count; no cache, no network, the same bytes."""
    with pytest.warns(UserWarning, match="socket"), pytest.raises(SocketBlockedError):
        socket.socket()
    first = run.refresh(small).release
    (folder,) = find_bundled("bls_oews/2021-*")
    later = small.raw / "bls_oews" / folder.name
    shutil.copytree(folder, later)
    rewrite_card(later, retrieved="2026-11-20")
    second = run.refresh(small).release
    assert first is not None
    assert second is not None
    assert first.name != second.name
    assert payproof("reparse", "--as-of", "2026-11-19")[0] == 0
    rebuilt = small.curated / "as-of" / "2026-11-19" / first.name
    for name in first.manifest["files"]:
        assert (rebuilt / name).read_bytes() == (first.folder / name).read_bytes(), name
    _, out, _ = payproof("reparse", "--as-of", "2026-11-20")
    assert "3 snapshots, 3 parsed" in out  # nothing came out of the cache
    assert f"Byte for byte curated/{second.name}" in out
    assert run.refresh(small).unchanged  # the releases are as they were


def test_reparse_knows_no_day_without_snapshots(payproof):
    """Before the first, and in the future."""
    status, _, err = payproof("reparse", "--as-of", "2020-01-01")
    assert status == 2
    assert "Nothing had come into raw/" in err
    assert payproof("reparse", "--as-of", "2030-01-01")[0] == 2


def test_a_reparse_that_differs_says_in_which_files(payproof, small):
    """A release that somebody has changed is not what the archive gives."""
    first = run.refresh(small).release
    assert first is not None
    table = first.folder / "salaries.csv"
    table.write_text(table.read_text().replace("48780", "48790"))
    _, out, _ = payproof("reparse", "--as-of", "2026-11-19")
    assert f"Unlike curated/{first.name}: salaries.csv." in out
