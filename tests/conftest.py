"""What all tests share: no network, a home of their own, the real files at hand."""

import os
import shutil
import sys
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings
from once import make_once, shared_folder
from pages_home import leave_others, make_small

from pipeline import cli
from pipeline.core.store import Home
from pipeline.release import run

# The same examples every time: a red run is red again.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

ROOT = Path(__file__).resolve().parents[1]


def is_slow(item) -> bool:
    """Whether a test waits for a server of Prefect's or for a browser, or says so."""
    waits = item.get_closest_marker("prefect") or "chromium" in item.fixturenames
    return bool(waits or item.get_closest_marker("slow"))


def pytest_collection_modifyitems(items):
    """Block the network; tests with a server of their own may reach that one only.

    Files with the longest waits come first, so that no worker ends with them: the file
    that holds Prefect's server, then those with slow tests. A file stays together.
    """
    weights: dict[Path, int] = {}
    for item in items:
        if is_slow(item):
            item.add_marker(pytest.mark.slow)
        weight = 2 if item.get_closest_marker("prefect") else int(is_slow(item))
        weights[item.path] = max(weight, weights.get(item.path, 0))
    items.sort(key=lambda item: -weights[item.path])
    for item in items:
        if item.get_closest_marker("prefect") or item.get_closest_marker("local"):
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"]))
        else:
            item.add_marker(pytest.mark.disable_socket)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch, request):
    """Keep a developer's own settings, and other tests' servers, out of the tests."""
    if not request.node.get_closest_marker("prefect"):
        monkeypatch.delenv("PREFECT_API_URL", raising=False)
    for name in ("PAYPROOF_HOME", "PAYPROOF_CONTACT", "PAYPROOF_BLS_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real files and the two guides; skip where it is absent."""
    named = os.environ.get("PAYPROOF_SHARED")
    folder = Path(named) if named else ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip(f"needs the real files in {folder} (or PAYPROOF_SHARED)")
    return folder


@pytest.fixture
def home(tmp_path) -> Home:
    """A home with the project's own snapshots and vocabularies, free to change.

    Without those that are larger than all others together: May 2025, and of the other
    years the occupations beside the family.
    """
    shutil.copytree(ROOT / "vocabularies", tmp_path / "home" / "vocabularies")
    shutil.copytree(ROOT / "raw", tmp_path / "home" / "raw", ignore=leave_large)
    return Home(tmp_path / "home")


def leave_large(folder: str, names: list[str]) -> set[str]:
    """Name the bundled snapshots that most tests do not need."""
    return leave_others(folder, names) | {n for n in names if n[:7] == "2025-05"}


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory) -> Path:
    """The folder that all workers of this run share."""
    return shared_folder(tmp_path_factory)


@pytest.fixture(scope="session")
def demonstration(run_folder) -> Path:
    """The project's own snapshots and their release; whoever changes it copies it."""

    def make(folder: Path) -> None:
        for name in ("raw", "vocabularies"):
            shutil.copytree(ROOT / name, folder / name)
        assert run.refresh(Home(folder)).release is not None

    return make_once(run_folder, "demonstration", make)


@pytest.fixture(scope="session")
def small_release(run_folder) -> Path:
    """A few of the snapshots and their release; whoever changes it copies it."""
    return make_once(run_folder, "small", make_small)


def run_command(monkeypatch, capsys, *arguments: object) -> tuple[int, str, str]:
    """Run a command in this process: exit status, standard output and error."""
    monkeypatch.setattr(sys, "argv", ["payproof", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    out, err = capsys.readouterr()
    return int(stopped.value.code or 0), out, err


@pytest.fixture
def payproof(monkeypatch, capsys):
    """Run a command; its exit status, standard output and standard error."""
    return partial(run_command, monkeypatch, capsys)


@pytest.fixture
def command_in(monkeypatch, capsys):
    """Run a command in a home; as `payproof`."""

    def call(home: Home, *arguments: object) -> tuple[int, str, str]:
        monkeypatch.setenv("PAYPROOF_HOME", str(home.root))
        return run_command(monkeypatch, capsys, *arguments)

    return call


def pytest_recording_configure(config, vcr):
    """Recordings tell conditional requests apart: by default they look the same."""

    def same_conditions(one, other):
        for name in ("If-None-Match", "If-Modified-Since"):
            assert one.headers.get(name) == other.headers.get(name), name

    vcr.register_matcher("conditions", same_conditions)
