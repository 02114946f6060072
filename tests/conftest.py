"""What all tests share: no network, a home of their own, the real files at hand."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from pipeline.core.store import Home

# The same examples every time: a red run is red again.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

ROOT = Path(__file__).resolve().parents[1]


def pytest_collection_modifyitems(items):
    """Block the network; tests with a server of their own may reach that one only."""
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
    """A home with the project's own snapshots and vocabularies, free to change."""
    for name in ("raw", "vocabularies"):
        shutil.copytree(ROOT / name, tmp_path / "home" / name)
    return Home(tmp_path / "home")


def pytest_recording_configure(config, vcr):
    """Recordings tell conditional requests apart: by default they look the same."""

    def same_conditions(one, other):
        for name in ("If-None-Match", "If-Modified-Since"):
            assert one.headers.get(name) == other.headers.get(name), name

    vcr.register_matcher("conditions", same_conditions)
