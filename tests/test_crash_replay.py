"""Commands that are crashed at their operations on files lose nothing; and if they did.

The whole replay is `python tests/faults/crash_replay.py`; here a sample of it.
"""

import os
from pathlib import Path

import pytest
from faults import crash_replay
from faults.file_operations import (
    Crashes,
    Link,
    lay_tree,
    read_tree,
    record,
)
from once import make_once

from pipeline.core import disk, store


@pytest.fixture(scope="session")
def work(run_folder, tmp_path_factory):
    """A folder with the home from which every command starts."""
    with pytest.MonkeyPatch.context() as patch:
        # Another file's server, where this process has one, is not to run it.
        patch.delenv("PREFECT_API_URL", raising=False)
        base = make_once(run_folder, "crash-base", crash_replay.make_base)
    folder = tmp_path_factory.mktemp("crashes")
    (folder / "base").symlink_to(base)
    yield folder
    crash_replay.forget_words()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "sample"),
    [("refresh", 1), ("keep", 0), ("rule", 0), ("rollback", 0), ("site", 2)],
)  # fmt: skip
def test_a_sample_of_crashes_loses_nothing(work, name, sample):
    """Readers are let in, the next run is whole, nothing is left over; 0: every one."""
    (report,) = crash_replay.replay([name], work, sample=sample).values()
    assert report.failures == []
    assert report.states.total() > 1
    assert report.reruns


def do_nothing(*_args):
    """Stand in for what is left out."""


MISSING = {
    # How many states show it: those after the last operation are always among them.
    "a folder's sync": (store, "sync_folder", "rule", 1, "is gone"),
    "a file's sync": (store, "sync_file", "rule", 1, "rulings.csv"),
    "a pointer's sync": (store, "sync_folder", "rollback", 1, "undone"),
    "the sweep": (crash_replay, "DEAD", "rule", 8, "left over"),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", MISSING)
def test_what_is_left_out_is_reported(work, what, monkeypatch):
    """Without a sync, or with leftovers that are not swept, the replay has failures."""
    where, name, command, sample, said = MISSING[what]
    # Leftovers of this very process are not swept.
    instead = os.getpid() if name == "DEAD" else do_nothing
    monkeypatch.setattr(where, name, instead)
    (report,) = crash_replay.replay([command], work, sample=sample).values()
    assert any(said in failure for failure in report.failures), report.failures


def test_every_operation_is_seen(tmp_path):
    """Files, folders, links, and what a library wrote before a folder was renamed."""
    (tmp_path / "old.txt").write_text("old")
    with record(tmp_path, 1) as seen:
        with (tmp_path / "log").open("ab") as file:
            file.write(b"one\n")
            disk.sync_file(file)
            file.write(b"two\n")
        building = tmp_path / "building"
        building.mkdir()
        (building / "page").write_bytes(b"page")
        os.system(f"echo unseen > {building}/by-a-library")
        building.rename(tmp_path / "final")
        (tmp_path / "old.txt").replace(tmp_path / "new.txt")
        (tmp_path / "link").symlink_to("final")
        (tmp_path / "final" / "page").unlink()
        store.sync_folder(tmp_path)
    assert seen.find_missed() == []
    assert ("sync", "log", None) in seen.operations
    assert ("write", "building/by-a-library", b"unseen\n") in seen.operations
    assert seen.operations[-1] == ("sync", ".", None)
    (tmp_path / "elsewhere").mkdir()
    assert seen.find_missed() == ["elsewhere"]


BEFORE = {"a": b"old", "log": b"1\n"}
DONE = [
    ("write", ".a.tmp", b""),
    ("write", ".a.tmp", b"newest"),
    ("sync", ".a.tmp", None),
    ("rename", ".a.tmp", "a"),
    ("sync", ".", None),
    ("write", "log", b"1\n2222\n"),
    ("mkdir", "folder", None),
    ("write", "folder/b", b"b"),
    ("symlink", "latest", "folder"),
]
STATES = {
    (2, "kill"): {**BEFORE, ".a.tmp": b"newest"},
    (2, "empty"): {**BEFORE, ".a.tmp": b""},
    (2, "torn"): {**BEFORE, ".a.tmp": b"new"},
    (2, "nameless"): BEFORE,
    (3, "nameless"): BEFORE,
    (4, "nameless"): BEFORE,
    (4, "empty"): {"a": b"newest", "log": b"1\n"},
    (5, "nameless"): {"a": b"newest", "log": b"1\n"},
    (6, "torn"): {"a": b"newest", "log": b"1\n22"},
    (6, "empty"): {"a": b"newest", "log": b"1\n"},
    (9, "nameless"): {"a": b"newest", "log": b"1\n"},
    (9, "empty"): {
        "a": b"newest",
        "log": b"1\n",
        "folder": None,
        "folder/b": b"",
        "latest": Link("folder"),
    },
}


@pytest.mark.parametrize(("end", "variant"), STATES)
def test_a_crash_leaves_what_was_synced(end, variant):
    """And of the rest what the variant says."""
    assert Crashes(BEFORE, DONE).lay_out(end, variant) == STATES[end, variant]


def test_mixtures_are_parts_of_what_was_done():
    """Any of what was not synced, the same for the same seed."""
    crashes = Crashes(BEFORE, DONE)
    found = [crashes.lay_out(9, "mixed", str(seed)) for seed in range(40)]
    assert found == [crashes.lay_out(9, "mixed", str(seed)) for seed in range(40)]
    assert all(tree["a"] == b"newest" for tree in found)
    assert {"latest" in tree for tree in found} == {True, False}
    assert {tree.get("folder/b") for tree in found} == {None, b"", b"b"}


def test_a_tree_is_laid_as_it_was_read(tmp_path):
    """Files, folders and links, with and without a store of bytes."""
    tree = STATES[9, "empty"] | {"empty": None, ".lock": b"4711"}
    for number, kept in enumerate((None, tmp_path / "bodies")):
        lay_tree(tree, tmp_path / str(number), kept)
        assert read_tree(tmp_path / str(number)) == tree
    assert Path(tmp_path / "1" / ".lock").stat().st_nlink == 1
