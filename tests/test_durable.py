"""What was said to be done stays done: pointers, leftovers, full disks."""

import errno
import json
import os
import shutil
import sqlite3
import time
from pathlib import Path

import pytest
from pages_home import bring_snapshots, copy_home

from pipeline.archive.new_home import STAGING
from pipeline.core import disk, store
from pipeline.core.checksums import SUMS, format_sums
from pipeline.core.errors import Damaged, DiskFull
from pipeline.core.leftovers import (
    FOLDERS,
    make_folder_prefix,
    may_be_writing,
    sweep_leftovers,
)
from pipeline.core.store import append_line, build_folder, point_link, write_files
from pipeline.query import release_pointers
from pipeline.query.published import find_last_successful, find_latest, open_latest
from pipeline.release import run
from pipeline.release.draw_site import draw_site
from pipeline.release.publish import compute_checksums, sqlite_file

DEAD = 2**22 + 1  # more than any process's id


@pytest.fixture
def small(small_release, tmp_path):
    """A home with a release B, and an older one A of other inputs."""
    home = copy_home(small_release, tmp_path / "home")
    new = open_latest(home)
    shutil.copytree(new.folder, home.curated / "A", symlinks=True)
    manifest = dict(new.manifest) | {"key": "0" * 64, "release": "A"}
    (home.curated / "A" / "manifest.json").write_text(json.dumps(manifest))
    (home.curated / "A" / SUMS).unlink()  # it lists the manifest, and not itself
    digests = {n: f["sha256"] for n, f in compute_checksums(home.curated / "A").items()}
    (home.curated / "A" / SUMS).write_bytes(format_sums(digests))
    return home


def lead(home, latest: str, last_successful: str) -> None:
    """Point both pointers."""
    for name, to in (("latest", latest), ("last_successful", last_successful)):
        point_link(home.curated / name, home.curated / to)


def decide(home, *moves: tuple[str, str]) -> None:
    """Write a log of decisions: from, to."""
    rows = [
        {"when": "", "who": "Ada", "came_from": old, "to": to, "reason": "so"}
        for old, to in moves
    ]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (home.curated / release_pointers.DECISIONS).write_text(text)


@pytest.mark.parametrize("behind", ["latest", "last_successful"])
def test_a_kill_between_the_pointers_is_no_rollback(small, behind):
    """Without a decision the next run brings the pointers together."""
    made = open_latest(small).name
    lead(small, *(("A", made) if behind == "latest" else (made, "A")))
    outcome = run.refresh(small)
    assert outcome.unchanged
    assert outcome.notes == ()
    assert outcome.release.name == made
    assert find_latest(small).name == find_last_successful(small).name == made
    assert release_pointers.read_decisions(small) == []


def test_a_decision_keeps_the_pointers_apart(small):
    """What a person rolled back stays so, and the run says it."""
    made = open_latest(small).name
    lead(small, "A", made)
    decide(small, (made, "A"))
    outcome = run.refresh(small)
    assert find_latest(small).name == "A"
    assert "was rolled back to A" in outcome.notes[0]


MOVES = {
    "in two steps": ([("C", "B"), ("B", "A")], True),
    "a record whose move never came": ([("C", "A"), ("A", "B")], True),
    "such a record before the move": ([("C", "B"), ("C", "A")], True),
    "there, back and there again": ([("C", "A"), ("A", "C"), ("C", "A")], True),
    "of an earlier release": ([("B", "A")], False),
    "elsewhere": ([("C", "B")], False),
    "none": ([], False),
}


@pytest.mark.parametrize("case", MOVES)
def test_the_log_of_decisions_says_what_was_rolled_back(case, tmp_path):
    """Readers are at A, and C passed last: by a person's decision, or by a kill."""
    home = store.Home(tmp_path)
    home.curated.mkdir()
    moves, wanted = MOVES[case]
    decide(home, *moves)
    assert release_pointers.is_rolled_back(home, "C", "A") is wanted


def test_a_decision_too_many_moves_nothing(small):
    """Killed after the record and before the move: readers stay, and so does a run."""
    made = open_latest(small).name
    decide(small, (made, "A"))
    outcome = run.refresh(small)
    assert outcome.unchanged
    assert (find_latest(small).name, outcome.notes) == (made, ())


@pytest.mark.parametrize("line", ["", "{", "[]", '{"to": "A"}', "\udcff"])
def test_a_line_that_is_no_decision_is_named(small, line):
    """The log decides what is a rollback: it is not guessed at."""
    decide(small, ("B", "A"))
    path = small.curated / release_pointers.DECISIONS
    path.write_bytes(path.read_bytes() + f"{line}\n".encode("utf-8", "surrogateescape"))
    with pytest.raises(Damaged, match="line 2 is no decision"):
        release_pointers.read_decisions(small)


def test_a_run_that_changes_nothing_forgets_the_failure_before_it(small):
    """A kill after the pointers moved leaves no failure that is none any more."""
    (small.curated / "failure.json").write_text("{}")
    run.refresh(small)
    assert not (small.curated / "failure.json").exists()


def test_a_damaged_release_is_mended_where_it_stands(small_release, tmp_path):
    """File by file: `latest` leads to a release at every moment."""
    home = copy_home(small_release, tmp_path / "home")
    release = open_latest(home)
    before = {p.name: p.read_bytes() for p in release.folder.iterdir() if p.is_file()}
    whole = release.folder / "claims.parquet"
    inode = (release.folder / "report.md").stat().st_ino
    whole.write_bytes(whole.read_bytes()[:100])
    (release.folder / "stray").mkdir()
    assert run.refresh(home).release.name == release.name
    after = {p.name: p.read_bytes() for p in release.folder.iterdir()}
    assert after == before
    assert (release.folder / "report.md").stat().st_ino == inode


def lay(path: Path, *, is_folder: bool = False) -> Path:
    """Make a file, or a folder with one, with whatever is above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if is_folder:
        path.mkdir()
        (path / "x").touch()
    else:
        path.touch()
    return path


def test_the_next_run_sweeps_every_folder_that_is_written_to(small):
    """Whatever a killed process was writing, wherever that was."""
    end = f".{DEAD}-1.tmp"
    left = [
        lay(small.curated / f".2026-11-01-0a{end}", is_folder=True),
        lay(small.curated / f".latest{end}"),
        lay(small.curated / "changes" / f".A..B{end}", is_folder=True),
        lay(small.curated / "inputs" / f".code-0.zip{end}"),
        lay(small.curated / "as-of" / "2026-01-01" / f".latest{end}"),
        lay(small.vocabularies / f".rulings.csv{end}"),
        lay(small.parse_cache / "payscale" / f".x.parquet{end}"),
        lay(small.raw / "payscale" / f".2024-0{end}", is_folder=True),
        lay(small.raw / ".held" / "payscale" / f".0{end}", is_folder=True),
        lay(small.root / STAGING, is_folder=True),
    ]
    mine = f".{os.getpid()}-1.tmp"
    kept = [
        lay(small.curated / f".2026-11-01-0b{mine}", is_folder=True),
        lay(small.raw / "payscale" / f".2024-1{mine}", is_folder=True),
        lay(small.curated / "tmp"),
    ]
    run.refresh(small)
    assert [path for path in left if path.exists()] == []
    assert all(path.exists() for path in kept)


def test_age_tells_where_a_name_does_not(tmp_path):
    """A name of former versions, or the number of another process: by their age."""
    names = (".building-r1", ".old-r1", ".site-r1", ".2024-0.part")
    made = [lay(tmp_path / name, is_folder=True) for name in names]
    mine = lay(tmp_path / f".x.{os.getpid()}-1.tmp")
    assert sweep_leftovers(tmp_path, tmp_path / "absent") == []
    day = time.time() - 25 * 3600
    for path in (*made, mine):
        os.utime(path, (day, day))
    (tmp_path / "report.part").touch()
    assert sweep_leftovers(tmp_path) == sorted([*made, mine])
    assert [path.name for path in tmp_path.iterdir()] == ["report.part"]


def test_in_a_folder_of_others_only_what_bears_our_name_is_swept(tmp_path):
    """The system's own temporary folder: other programs' unfinished files stay."""
    foreign = [
        lay(tmp_path / name) for name in (".film.part", ".old-mail", ".x.1-1.tmp")
    ]
    mine = lay(tmp_path / f"payproof-{DEAD}-x1y2", is_folder=True)
    living = lay(tmp_path / f"{make_folder_prefix()}x1y2", is_folder=True)
    day = time.time() - 25 * 3600
    for path in foreign:
        os.utime(path, (day, day))
    assert sweep_leftovers(tmp_path, names=(FOLDERS,)) == [mine]
    assert all(path.exists() for path in (*foreign, living))


def test_a_process_wrote_nothing_before_it_was_started():
    """In a container every run has the same number, the killed one had it too."""
    now = time.time()
    assert may_be_writing(os.getpid(), now)
    assert may_be_writing(1, now)
    assert not may_be_writing(DEAD, now)
    if Path("/proc/self/stat").exists():
        assert not may_be_writing(os.getpid(), now - 30 * 24 * 3600)


def test_a_link_in_the_place_of_a_leftover_leads_nobody_astray(tmp_path):
    """What a link leads to is not swept."""
    kept = lay(tmp_path / "mine", is_folder=True)
    (tmp_path / f".x.{DEAD}-1.tmp").symlink_to(kept)
    sweep_leftovers(tmp_path)
    assert [p.name for p in tmp_path.rglob("*")] == ["mine", "x"]


def test_each_folder_is_synced_after_its_files_and_before_its_name(
    tmp_path, monkeypatch
):
    """Files, then folders from within, then the rename, then the folder above."""
    order: list[str] = []
    sync, rename = os.fsync, Path.rename

    def note_sync(descriptor):
        order.append(Path(f"/proc/self/fd/{descriptor}").readlink().name[-4:])
        sync(descriptor)

    def note_rename(path, target):
        order.append(f"-> {target.name}")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "rename", note_rename)
    with build_folder(tmp_path / "at" / "last") as building:
        write_files(building, {"a.md": b"1", "in/b.md": b"2"})
    above = [path.name[-4:] for path in (tmp_path.parent, tmp_path)]
    assert order == [*above, "a.md", "b.md", "in", ".tmp", "-> last",
                     "at", "at"]  # fmt: skip


def test_what_ends_badly_is_gone(tmp_path):
    """A folder that could not be filled leaves nothing."""

    def fail():
        with build_folder(tmp_path / "one") as building:
            write_files(building, {"a": b"1"})
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert list(tmp_path.iterdir()) == []


def fill_disk(monkeypatch, after: int = 0) -> None:
    """Let the disk be full from the given write of a file on."""
    left, write, sync = [after], Path.write_bytes, os.fsync

    def is_full() -> bool:
        left[0] -= 1
        return left[0] < 0

    def write_bytes(path, data):
        if is_full():
            write(path, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, data)

    def fsync(descriptor):
        if is_full():
            raise OSError(errno.EDQUOT, "Disk quota exceeded")
        sync(descriptor)

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    monkeypatch.setattr(os, "fsync", fsync)


def list_files(root: Path) -> dict[str, bytes]:
    """Every file below a folder but the locks'."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.name.endswith(".lock")
    }


@pytest.mark.slow
@pytest.mark.parametrize("after", [3, 40])
def test_a_full_disk_is_one_sentence_and_loses_nothing(
    after, small_release, tmp_path, monkeypatch, command_in
):
    """The path, the bytes needed and those that are free; exit 2; nothing is left."""
    home = copy_home(small_release, tmp_path / "home")
    table = home.vocabularies / "likeness.csv"  # another release, nothing to parse
    table.write_text(table.read_text().replace("0.02,", "0.03,"))
    before, latest = list_files(home.root), open_latest(home).name
    with monkeypatch.context() as patched:
        fill_disk(patched, after)
        status, _, said = command_in(home, "refresh", "--offline", "--no-site")
    assert status == 2
    assert said.startswith(f"Error: {home.root}")
    assert "the disk is full" in said
    assert "are free. Make room" in said
    assert said.count("\n") == 1
    after_it = list_files(home.root)
    new = {name for name in after_it.keys() - before.keys() if ".parsed" not in name}
    assert [name for name in new if ".tmp" in name] == []
    assert before.items() <= after_it.items()
    assert open_latest(home).name == latest
    status, _, _ = command_in(home, "refresh", "--offline", "--no-site")
    assert status == 0
    assert open_latest(home).name != latest


def test_a_file_that_finds_no_room_is_no_fault_of_the_source(
    small_release, tmp_path, monkeypatch
):
    """A full disk ends the run; a smaller release is never made of it."""
    home = copy_home(small_release, tmp_path / "home", without=(".parsed",))
    bring_snapshots(home, "glassdoor/*")
    with monkeypatch.context() as patched:
        fill_disk(patched)
        with pytest.raises(DiskFull):
            run.refresh(home)


def test_a_site_that_finds_no_room_leaves_nothing(small_release, tmp_path, monkeypatch):
    """The release is read all the same, and the next run draws the site."""
    home = copy_home(small_release, tmp_path / "home")
    release = open_latest(home)
    before = list_files(home.curated)
    with monkeypatch.context() as patched:
        fill_disk(patched, 5)
        with pytest.raises(DiskFull):
            draw_site(home, release)
    assert list_files(home.curated) == before


def test_a_line_that_found_no_room_is_not_in_the_log(tmp_path, monkeypatch):
    """Half a line is taken back."""
    path = tmp_path / "raw" / "checks.jsonl"
    append_line(path, b"one\n")
    with monkeypatch.context() as patched:
        fill_disk(patched)
        with pytest.raises(DiskFull):
            append_line(path, b"two\n")
    assert path.read_bytes() == b"one\n"


def test_a_database_that_finds_no_room_says_so(small_release, tmp_path, monkeypatch):
    """SQLite has a word of its own for a full disk."""
    connect = sqlite3.connect

    def connect_to_a_small_disk(*args, **more):
        made = connect(*args, **more)
        made.execute("PRAGMA max_page_count=8")
        return made

    frames = open_latest(store.Home(small_release)).read_frames()
    monkeypatch.setattr(sqlite3, "connect", connect_to_a_small_disk)
    with pytest.raises(DiskFull, match=r"x\.sqlite: the disk is full: [\d,]{7,} bytes"):
        sqlite_file.write_sqlite(tmp_path / "x.sqlite", frames, {})


def test_other_errors_of_the_system_stay_what_they_are(tmp_path):
    """A folder that may not be written to is no full disk."""
    with (
        pytest.raises(PermissionError),
        disk.explain_full_disk(tmp_path, 1),
    ):
        raise PermissionError(errno.EACCES, "no")
