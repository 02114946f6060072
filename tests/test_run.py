"""From raw/ to curated/: same bytes twice, nothing parsed twice, killed anywhere."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from changing import rewrite_card
from pages_home import copy_home, find_bundled, lay_home

from pipeline.core.errors import PayproofError
from pipeline.core.store import Home, sha256_of
from pipeline.query.published import find_latest, open_latest
from pipeline.release import cache, ingest, publish, run, stages
from pipeline.release.verify import verify

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[1]
KEPT = ("bls_oews/2022-*", "bls_oews/2023-*", "article/*", "salary_com/*")


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Path:
    """Four of the project's snapshots, parsed once for all tests."""
    home = lay_home(tmp_path_factory.mktemp("template"), *KEPT)
    inputs = run.gather_inputs(home)
    for source in run.list_sources(inputs):
        run.ingest(inputs, source)
    return home.root


@pytest.fixture
def small(template, tmp_path) -> Home:
    """A home of one's own with those snapshots."""
    return copy_home(template, tmp_path / "small")


@pytest.fixture(scope="module")
def released_template(template, tmp_path_factory) -> Path:
    """The same with its release, made once: a refresh without a change is that."""
    home = copy_home(template, tmp_path_factory.mktemp("released") / "home")
    run.refresh(home)
    return home.root


@pytest.fixture
def released(released_template, tmp_path) -> Home:
    """A home of one's own with those snapshots and their release."""
    return copy_home(released_template, tmp_path / "released")


def digests(home: Home) -> dict[str, str]:
    """Digest of every file of the latest release."""
    folder = open_latest(home).folder
    return {path.name: sha256_of(path) for path in sorted(folder.iterdir())}


def test_two_runs_from_the_same_snapshots_are_byte_identical(small, tmp_path):
    """Another place, an empty cache: the same release, name and bytes."""
    first = run.refresh(small)
    other = Home(tmp_path / "other")
    for name in ("raw", "vocabularies"):
        shutil.copytree(small.root / name, other.root / name)
    second = run.refresh(other)
    assert first.release is not None
    assert second.release is not None
    assert first.release.name == second.release.name
    assert digests(small) == digests(other)


def test_a_second_refresh_parses_nothing_and_says_so(small, monkeypatch):
    """Nothing changed: no source module is even asked, no vocabulary read whole."""
    first = run.refresh(small)
    monkeypatch.setattr(run, "check_vocabularies", None)
    monkeypatch.setattr(ingest, "ensure_parsed", None)
    monkeypatch.setattr(run, "run_stages", None)
    again = run.refresh(small)
    assert (first.unchanged, again.unchanged) == (False, True)
    assert again.release == first.release


def test_only_what_is_new_is_parsed(released):
    """A new snapshot costs its own parsing and no other."""
    run.refresh(released)
    (folder,) = find_bundled("bls_oews/2021-*")
    shutil.copytree(folder, released.raw / "bls_oews" / folder.name)
    outcome = run.refresh(released)
    parsed = {one.source: one.parsed for one in outcome.ingested}
    assert parsed == {"article": 0, "bls_oews": 1, "salary_com": 0}


def test_a_changed_vocabulary_makes_a_new_release(released):
    """A release is a function of its vocabularies too."""
    first = run.refresh(released)
    table = released.vocabularies / "settlement.csv"
    table.write_text(table.read_text().replace("0.02,", "0.03,"))
    again = run.refresh(released)
    assert again.unchanged is False
    assert again.release.name != first.release.name


def test_every_pointer_re_extracts_its_quote(released):
    """All of them; and a byte changed in a body is found."""
    outcome = run.refresh(released)
    found = verify(released, outcome.release)
    assert found.is_sound
    assert found.pointers == outcome.release.manifest["rows"]["claims"]
    (body,) = released.raw.glob("bls_oews/2023-*/body.*")
    body.write_text(body.read_text().replace("48780", "48790"))
    found = verify(released, outcome.release)
    assert not found.is_sound
    assert len(found.failed) == 2  # the broad occupation repeats the detailed one
    assert "48790" in found.failed[0]
    assert str(body) in found.faults[0]


def test_a_release_file_that_changed_is_found(released):
    """The manifest's checksums hold the release to account."""
    release = run.refresh(released).release
    (release.folder / "salaries.csv").write_text("cell\n")
    assert "salaries.csv" in verify(released, release).faults[0]


def test_a_source_that_cannot_be_read_stops_alone(small):
    """The others go on; the run says what, where and which file to change."""
    (body,) = small.raw.glob("bls_oews/2022-*/body.*")
    body.write_text(body.read_text().replace("a_median", "a_middle", 1).replace(
        "A_MEDIAN", "A_MIDDLE", 1))  # fmt: skip
    card = rewrite_card(body.parent, sha256=sha256_of(body))
    folder = body.parent.with_name(f"2022-05-{card['sha256'][:12]}")
    body.parent.rename(folder)
    outcome = run.refresh(small)
    assert outcome.release is not None
    (error,) = outcome.errors
    assert "MIDDLE" in error.upper()
    assert "vocabularies/oews_columns.csv" in error
    cells = outcome.release.scan_table("salaries").select("cell").collect()["cell"]
    assert "29-2072/US/all/base/median/2023" in cells
    again = run.refresh(small)
    assert (again.unchanged, again.errors) == (True, [error])


def test_a_row_that_breaks_an_exact_rule_of_its_source_is_set_aside(small):
    """A percentile below a lower one: both rows are rejects, with the reason."""
    (folder,) = small.raw.glob("bls_oews/2023-*")
    rows = (folder / "body.csv").read_text().replace("35080", "47080")
    (folder / "body.csv").write_text(rows)
    card = rewrite_card(folder, sha256=sha256_of(folder / "body.csv"))
    folder.rename(folder.with_name(f"2023-05-{card['sha256'][:12]}"))
    anchors = small.vocabularies / "anchors.csv"
    lines = [a for a in anchors.read_text().splitlines() if "2023" not in a]
    anchors.write_text("\n".join(lines) + "\n")
    release = run.refresh(small).release
    rejects = release.scan_table("rejects").collect()
    assert {"percentile_order", "annual_is_2080_hours"} <= set(rejects["rule"])
    assert "47080" in set(rejects["quote"])


def test_the_last_good_version_of_a_file_stays_current(small):
    """Newer bytes of the same file that cannot be read do not take its place."""
    (folder,) = small.raw.glob("bls_oews/2023-*")
    bad = (folder / "body.csv").read_text().replace("A_MEDIAN", "A_MIDDLE")
    digest = hashlib.sha256(bad.encode()).hexdigest()
    newer = folder.with_name(f"2023-05-{digest[:12]}")
    newer.mkdir()
    (newer / "body.csv").write_text(bad)
    shutil.copy(folder / "snapshot.json", newer)
    rewrite_card(newer, sha256=digest, retrieved="2026-11-20")
    outcome = run.refresh(small)
    (error,) = outcome.errors
    assert "A_MIDDLE" in error
    assert f"{folder.name} stays current" in error
    cells = outcome.release.scan_table("salaries").select("cell").collect()["cell"]
    assert "29-2072/US/all/base/median/2023" in cells


def test_a_damaged_folder_costs_itself_alone(small):
    """A stray folder is named; the other files of its source stay."""
    (small.raw / "bls_oews" / "stray").mkdir()
    outcome = run.refresh(small)
    (error,) = outcome.errors
    assert "stray" in error
    cells = outcome.release.scan_table("salaries").select("cell").collect()["cell"]
    assert "29-2072/US/all/base/median/2023" in cells


def test_a_source_that_is_lost_stops_the_release(released):
    """Nothing vanishes from the data without a word."""
    good = run.refresh(released).release
    for card in released.raw.glob("bls_oews/*/snapshot.json"):
        card.write_text("{")
    outcome = run.refresh(released)
    assert outcome.release == good
    assert "bls_oews" in outcome.failure
    assert any("snapshot.json" in error for error in outcome.errors)


@pytest.mark.parametrize("name", ["salaries.parquet", "manifest.json"])
def test_a_release_that_was_damaged_is_made_good(released, name):
    """Until then a reader is told what to run."""
    release = run.refresh(released).release
    (release.folder / name).write_bytes(b"{")
    with pytest.raises(PayproofError, match="payproof refresh"):
        open_latest(released)
    again = run.refresh(released)
    assert again.unchanged is False
    assert verify(released, again.release).is_sound


def test_an_unknown_source_folder_is_named(small):
    """A folder in raw/ that no module answers to is an error of that folder alone."""
    (small.raw / "mystery").mkdir()
    outcome = run.refresh(small)
    assert outcome.release is not None
    assert any("mystery" in error for error in outcome.errors)


class Killed(BaseException):
    """Stands for a kill: no handler of the project catches it."""


def killing(*_args, **_kwargs):
    """Die at this point."""
    raise Killed


POINTS = {
    "ingest": (run, "ingest"),
    "cache": (cache, "write_claims"),
    "normalise": (stages, "normalise"),
    "validate": (stages, "validate"),
    "reconcile": (stages, "reconcile"),
    "report": (stages, "render_report"),
    "tables": (publish, "make_release_files"),
    "database": (publish.sqlite_file, "write_sqlite"),
    "checksums": (publish, "compute_checksums"),
    "changes": (publish.changes, "make_change_files"),
    "pointer": (publish.move_pointers, "point_link"),
}


@pytest.mark.parametrize("stage", POINTS)
def test_killed_at_any_stage_latest_opens_and_the_next_run_completes(
    stage, released, monkeypatch
):
    """The last good release stays until a new one is whole."""
    good = run.refresh(released).release
    # With another likeness all is parsed anew, with another settlement nothing.
    name = "likeness.csv" if stage in ("ingest", "cache") else "settlement.csv"
    table = released.vocabularies / name
    table.write_text(table.read_text().replace("0.02,", "0.03,"))
    with monkeypatch.context() as patched:
        patched.setattr(*POINTS[stage], killing)
        with pytest.raises(Killed):
            run.refresh(released)
    assert find_latest(released) == good
    assert open_latest(released).scan_table("salaries").collect().height > 0
    after = run.refresh(released)
    assert after.release is not None
    assert after.release.name != good.name
    assert verify(released, after.release).is_sound


def test_a_process_that_dies_leaves_no_lock_and_no_half_release(small):
    """A real kill while files are written; the next run takes over."""
    script = (
        "import os, sys; from pathlib import Path\n"
        "from pipeline.core.store import Home\n"
        "from pipeline.release import publish, run\n"
        "publish.compute_checksums = lambda folder: os._exit(9)\n"
        "run.refresh(Home(Path(sys.argv[1])))\n"
    )
    died = subprocess.run(
        [sys.executable, "-c", script, str(small.root)], check=False, cwd=ROOT
    )
    assert died.returncode == 9
    assert find_latest(small) is None
    assert list(small.curated.rglob("*.tmp")), "nothing was at work"
    assert run.refresh(small).release is not None
    assert list(small.root.rglob("*.tmp")) == []


def test_a_gate_that_fails_keeps_the_last_good_release(released, monkeypatch):
    """The run says which gate; the failure is beside the releases."""
    good = run.refresh(released).release
    anchors = released.vocabularies / "anchors.csv"
    anchors.write_text(anchors.read_text().replace(",48780,", ",48790,"))
    outcome = run.refresh(released)
    assert outcome.release == good
    assert "48780" in outcome.failure
    assert (released.curated / "failure.json").is_file()


def test_made_pages_mark_the_release_as_a_demonstration(released):
    """Nothing made up passes for published."""
    release = run.refresh(released).release
    assert release.manifest["demonstration"] is True
    assert "Demonstration" in (release.folder / "report.md").read_text()


def test_counts_add_up(released):
    """Every pay level is a figure or a reject; every figure has a role."""
    release = run.refresh(released).release
    frames = {
        t: release.scan_table(t).collect() for t in ("claims", "figures", "rejects")
    }
    levels = frames["claims"].filter(
        (pl.col("kind") == "pay_level") & ~pl.col("hypothetical")
    )
    rejected = frames["rejects"]["claim_id"].n_unique()
    assert levels.height == frames["figures"].height + rejected
    roles = release.scan_table("provenance").collect()
    assert roles.height == frames["figures"].height
