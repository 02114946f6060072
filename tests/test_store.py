"""The store: files change whole or not at all, and one process at a time."""

import hashlib
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline.core.errors import Busy, NotFound
from pipeline.core.store import (
    find_home,
    hold_lock,
    point_link,
    resolve_link,
    sha256_of,
    write_atomically,
)

ROOT = Path(__file__).resolve().parents[1]


def made_home(root: Path) -> Path:
    """A folder that can be a home."""
    (root / "vocabularies").mkdir(parents=True)
    return root


def test_the_home_named_in_the_environment_goes_first(tmp_path):
    """PAYPROOF_HOME beats the current folder."""
    named, here = made_home(tmp_path / "named"), made_home(tmp_path / "here")
    assert find_home({"PAYPROOF_HOME": str(named)}, here=here).root == named
    assert find_home({}, here=here).root == here


def test_the_checkout_is_the_home_of_last_resort(tmp_path):
    """A folder without vocabularies is no home; the package's own checkout is."""
    home = find_home({}, here=tmp_path)
    assert home.root == ROOT
    assert [p.name for p in (home.raw, home.curated, home.parse_cache)] == [
        "raw",
        "curated",
        ".parsed",
    ]


def test_a_named_home_without_vocabularies_is_an_error_that_says_so(tmp_path):
    """A wrong PAYPROOF_HOME never falls back in silence."""
    with pytest.raises(NotFound, match="PAYPROOF_HOME"):
        find_home({"PAYPROOF_HOME": str(tmp_path / "nowhere")}, here=ROOT)


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path):
    """New bytes take the place of old ones; folders are made."""
    path = tmp_path / "deep" / "file.txt"
    write_atomically(path, b"old")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_bytes(tmp_path, monkeypatch):
    """The disk filling up in the middle costs the new bytes, not the old."""
    path = write_atomically(tmp_path / "file.txt", b"old")

    def full(_descriptor):
        raise OSError("no space left")

    monkeypatch.setattr("pipeline.core.store.os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("symlinks", [True, False], ids=["symlink", "pointer file"])
def test_a_pointer_moves_in_one_step(tmp_path, monkeypatch, symlinks):
    """The link leads to the old release or the new one, with symlinks or without."""
    if not symlinks:

        def refused(*_):
            raise OSError("symlinks are not possible here")

        monkeypatch.setattr(Path, "symlink_to", refused)
    link = tmp_path / "latest"
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        point_link(link, tmp_path / name)
        assert resolve_link(link) == tmp_path / name
    assert link.is_symlink() is symlinks
    assert sorted(p.name for p in tmp_path.iterdir()) == ["latest", "one", "two"]


def test_a_pointer_to_nothing_is_refused_and_the_old_one_stays(tmp_path):
    """`latest` never leads to a release that is not there."""
    (tmp_path / "one").mkdir()
    point_link(tmp_path / "latest", tmp_path / "one")
    with pytest.raises(NotFound, match="two"):
        point_link(tmp_path / "latest", tmp_path / "two")
    assert resolve_link(tmp_path / "latest") == tmp_path / "one"


@pytest.mark.parametrize("content", [b"", b"gone", b"../..", b"\xff\xfe", b"."])
def test_a_broken_pointer_leads_nowhere(tmp_path, content):
    """An empty, dangling, wandering or binary pointer file is None, not an error."""
    link = tmp_path / "curated" / "latest"
    write_atomically(link, content)
    assert resolve_link(link) is None
    assert resolve_link(tmp_path / "absent") is None


def test_the_lock_is_held_by_one(tmp_path):
    """A second holder is told who has it; afterwards the lock is free."""
    path = tmp_path / ".lock"
    with (
        hold_lock(path),
        pytest.raises(Busy, match=r"process \d+ is at work"),
        hold_lock(path),
    ):
        pass
    with hold_lock(path):
        pass


def test_of_two_threads_one_waits_or_is_told(tmp_path):
    """Threads of one process are kept apart as processes are."""
    path, free, order = tmp_path / ".lock", threading.Event(), []

    def other():
        with pytest.raises(Busy), hold_lock(path):
            order.append("never")
        free.set()
        with hold_lock(path, wait=True):
            order.append("second")

    thread = threading.Thread(target=other)
    with hold_lock(path):
        thread.start()
        assert free.wait(10)
        time.sleep(0.1)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


def test_a_wait_may_have_an_end(tmp_path):
    """Whoever waits for some seconds is told then; freed in time, it gets the lock."""
    path, free = tmp_path / ".lock", threading.Event()

    def be_first():
        with hold_lock(path):
            held.set()
            free.wait(10)

    held, first = threading.Event(), threading.Thread(target=be_first)
    first.start()
    assert held.wait(10)
    with pytest.raises(Busy), hold_lock(path, wait=0.1):
        pass
    threading.Timer(0.1, free.set).start()
    with hold_lock(path, wait=10):
        assert free.is_set()
    first.join(10)


def test_an_error_inside_frees_the_lock(tmp_path):
    """What fails lets go, and is told as it is."""
    path = tmp_path / ".lock"
    with pytest.raises(ZeroDivisionError), hold_lock(path):
        _ = 1 / 0
    with hold_lock(path):
        pass


def test_the_lock_of_a_killed_process_is_taken_over(tmp_path):
    """A process that was killed while it held the lock does not hold it."""
    path = tmp_path / ".lock"
    code = (
        "import sys, time; from pathlib import Path; "
        "from pipeline.core.store import hold_lock\n"
        "with hold_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(Busy, match=str(holder.pid)), hold_lock(path):
        pass
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    started = time.monotonic()
    with hold_lock(path, wait=True):
        assert time.monotonic() - started < 5
    assert path.exists()


def test_a_file_is_hashed_in_pieces(tmp_path, monkeypatch):
    """The digest is that of all bytes, however they are cut."""
    monkeypatch.setattr("pipeline.core.store.CHUNK", 7)
    path = write_atomically(tmp_path / "file", bytes(range(100)))
    assert sha256_of(path) == hashlib.sha256(bytes(range(100))).hexdigest()
