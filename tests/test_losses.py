"""What a release is called, and what happens when part of the last one is lost."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from changing import rewrite_card
from pages_home import lay_home

from pipeline import sources
from pipeline.archive.collect_due import CollectResult
from pipeline.cli import COULD_NOT, DONE, NEEDS_LOOK, refresh_command
from pipeline.core.errors import Damaged, NotFound
from pipeline.core.store import Home, sha256_of
from pipeline.query.published import (
    Release,
    find_last_successful,
    find_latest,
    open_latest,
)
from pipeline.query.release_pointers import list_releases
from pipeline.release import run

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
KEPT = ("bls_oews/2022-*", "bls_oews/2023-*", "article/*", "salary_com/*")


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Path:
    """Four of the project's snapshots and a release of them, made once."""
    home = lay_home(tmp_path_factory.mktemp("template"), *KEPT)
    run.refresh(home)
    return home.root


@pytest.fixture
def small(template, tmp_path) -> Home:
    """A home of one's own with those snapshots and that release."""
    shutil.copytree(template, tmp_path / "small", symlinks=True)
    return Home(tmp_path / "small")


def broken_version(folder: Path, **facts: str) -> Path:
    """The same file with bytes that cannot be read, as a snapshot of its own."""
    body = (folder / "body.csv").read_text().replace("A_MEDIAN", "A_MIDDLE")
    made = folder.with_name(".new")
    shutil.copytree(folder, made)
    (made / "body.csv").write_text(body)
    card = rewrite_card(made, sha256=sha256_of(made / "body.csv"), **facts)
    return made.rename(folder.with_name(f"2023-05-{card['sha256'][:12]}"))


def failing(monkeypatch, source: str) -> None:
    """A parser that fails for a reason outside of the inputs."""

    def parse(*_):
        raise Damaged(source, "the disk had a bad day")

    monkeypatch.setattr(sources.import_source(source), "parse", parse)


def test_a_smaller_release_has_another_name_and_gives_way(small, monkeypatch):
    """The same inputs, less of them readable: never the name of the whole one."""
    whole = open_latest(small)
    shutil.rmtree(small.curated)
    shutil.rmtree(small.parse_cache)
    with monkeypatch.context() as patched:
        failing(patched, "article")
        less = run.refresh(small)
        assert less.release is not None
        assert less.release.manifest["key"] == whole.manifest["key"]
        assert less.release.name != whole.name
        assert len(less.release.manifest["unread"]) == 2
        again = run.refresh(small)
        assert (again.unchanged, again.errors) == (True, less.errors)
    after = run.refresh(small)
    assert (after.unchanged, after.errors) == (False, [])
    assert find_latest(small).name == whole.name
    assert find_latest(small).manifest == whole.manifest


def test_a_card_is_part_of_the_name(small):
    """Another edition of the same bytes: other claims, another release."""
    before = run.gather_inputs(small)
    (folder,) = small.raw.glob("salary_com/*")
    card = rewrite_card(folder, edition="2025")
    folder.rename(folder.with_name(f"2025-{card['sha256'][:12]}"))
    after = run.gather_inputs(small)
    assert after.key != before.key
    (old,) = before.list_files("salary_com")[0]
    (new,) = after.list_files("salary_com")[0]
    assert old.sha256 == new.sha256
    assert before.release != after.release
    assert run.refresh(small).release.name != before.release


def test_the_place_of_a_home_is_no_part_of_the_name(small, tmp_path):
    """Not even where something is wrong, and a sentence names a file."""
    (small.raw / "bls_oews" / "stray").mkdir()
    first = run.refresh(small)
    assert first.release is not None
    shutil.copytree(small.root, tmp_path / "elsewhere", symlinks=True)
    again = run.refresh(Home(tmp_path / "elsewhere"))
    assert again.unchanged is True
    assert "raw/bls_oews/stray" in again.errors[0]
    assert str(tmp_path) not in json.dumps(dict(first.release.manifest))


def test_a_source_that_is_gone_makes_no_new_latest(small, capsys):
    """Status 1, which source, what to do; accepted by name it is left out for good."""
    good = open_latest(small)
    shutil.rmtree(small.raw / "article")
    outcome = run.refresh(small)
    assert (find_latest(small), find_last_successful(small)) == (good, good)
    assert list_releases(small) == [good.name]
    assert refresh_command.print_outcome(outcome) == NEEDS_LOOK
    said = capsys.readouterr().err
    for part in ("article", good.name, "--accept-missing article", "raw/article/"):
        assert part in said
    failure = json.loads((small.curated / "failure.json").read_text())
    assert "article" in failure["error"]
    assert run.refresh(small).held_back is True  # it stays so
    accepted = run.refresh(small, accept_missing=["article"])
    assert accepted.release is not None
    assert accepted.errors == []
    assert find_latest(small).name == accepted.release.name != good.name
    assert not (small.curated / "failure.json").exists()
    (card,) = small.raw.glob("salary_com/*/snapshot.json")
    card.write_text(card.read_text() + "\n")
    after = run.refresh(small)  # what was accepted once needs no word again
    assert (after.failure, after.unchanged) == ("", False)


def test_another_source_may_not_be_missing_by_the_same_word(small):
    """What is accepted is accepted by name."""
    shutil.rmtree(small.raw / "article")
    shutil.rmtree(small.raw / "salary_com")
    outcome = run.refresh(small, accept_missing=["article"])
    assert outcome.held_back is True
    assert "salary_com" in outcome.failure
    assert "article" not in outcome.failure


def test_an_unknown_source_cannot_be_accepted(small):
    """A slip of the pen is an error before anything is done."""
    with pytest.raises(NotFound, match="bls_oews"):
        run.refresh(small, accept_missing=["artcle"])


def test_a_source_that_fails_without_a_stand_in_makes_no_new_latest(small, monkeypatch):
    """Nothing of it can be read: the last release stays, and its figures with it."""
    good = open_latest(small)
    (card,) = small.raw.glob("salary_com/*/snapshot.json")
    card.write_text(card.read_text() + "\n")  # other inputs
    failing(monkeypatch, "salary_com")
    outcome = run.refresh(small)
    assert outcome.held_back is True
    assert any("bad day" in error for error in outcome.errors)
    assert find_latest(small) == good


def test_a_file_of_the_last_release_that_fails_makes_no_new_latest(small):
    """Though other editions of its source can be read: its year would vanish."""
    good = open_latest(small)
    (folder,) = small.raw.glob("bls_oews/2023-*")
    broken_version(folder)
    (folder / "snapshot.json").write_text("{")
    outcome = run.refresh(small)
    assert outcome.held_back is True
    assert folder.name in outcome.failure
    assert find_latest(small) == good


def test_a_file_that_was_moved_out_of_raw_is_a_decision(small):
    """As long as something of its source is left, nobody has to say more."""
    good = open_latest(small)
    (folder,) = small.raw.glob("bls_oews/2022-*")
    shutil.rmtree(folder)
    outcome = run.refresh(small)
    assert (outcome.failure, outcome.errors) == ("", [])
    assert find_latest(small).name != good.name


def test_a_stand_in_makes_a_release_that_is_marked_stale(small, capsys):
    """The older version of the file is used; manifest and report say so; status 1."""
    (folder,) = small.raw.glob("bls_oews/2023-*")
    newer = broken_version(folder, retrieved="2026-11-20")
    outcome = run.refresh(small)
    release = outcome.release
    assert release is not None
    assert find_latest(small).name == release.name
    assert release.manifest["stale"] == [folder.name.removeprefix("2023-05-")]
    assert release.manifest["unread"] == [f"bls_oews/{newer.name}"]
    assert (
        "| bls_oews | 2023-05 (stale) |" in (release.folder / "report.md").read_text()
    )
    assert "2022-05 (stale)" not in (release.folder / "report.md").read_text()
    assert refresh_command.print_outcome(outcome) == NEEDS_LOOK
    assert "marked stale" in capsys.readouterr().err


def test_a_gate_that_fails_is_still_status_2(small, capsys):
    """Nothing was lost, and nothing could be done."""
    anchors = small.vocabularies / "anchors.csv"
    anchors.write_text(anchors.read_text().replace(",48780,", ",48790,"))
    outcome = run.refresh(small)
    assert outcome.held_back is False
    assert refresh_command.print_outcome(outcome) == COULD_NOT
    capsys.readouterr()


def test_what_had_not_come_by_a_day_is_not_lost(small, tmp_path):
    """A release of what was known then may lack what came later."""
    folder = tmp_path / "as-of"
    there = Home(small.root, folder)
    assert run.refresh(there).release is not None
    outcome = run.refresh(there, as_of="2020-01-01")
    assert outcome.held_back is False


RELEASE = Release(Path("2026-11-01-0a0a0a0a"), {})
SOUND = run.RefreshOutcome(RELEASE, False, (run.IngestResult("payscale"),))
AWAY = (CollectResult("payscale", errors=("payscale cannot be reached.",)),)
BROKEN = (run.IngestResult("payscale", errors=("page.html: cut short.",)),)


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (SOUND, DONE),
        (replace(SOUND, unchanged=True), DONE),
        (replace(SOUND, ingested=BROKEN), NEEDS_LOOK),
        (replace(SOUND, notices=("A ruling is stale.",)), NEEDS_LOOK),
        (replace(SOUND, asked=AWAY), NEEDS_LOOK),
        (replace(SOUND, asked=AWAY, failure="A gate failed."), COULD_NOT),
        (replace(SOUND, failure="Part is lost.", held_back=True), NEEDS_LOOK),
        (replace(SOUND, failure="A gate failed."), COULD_NOT),
        (replace(SOUND, release=None), COULD_NOT),
    ],
)
def test_a_run_ends_alike_for_the_command_and_the_flow(outcome, status):
    """One function says it: 0, 1 with something to look at, 2 where it could not."""
    assert outcome.status == status
