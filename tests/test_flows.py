"""Flows: Prefect runs the same path, retries what is worth it, and keeps time.

One server of Prefect's own serves all tests that need one; it lives in a temporary
folder and on this machine alone.
"""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from pipeline import live, run, stages
from pipeline.errors import GateFailed, LayoutChanged, PayproofError, Unreachable
from pipeline.store import Home

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "0",
    "PREFECT_LOGGING_LEVEL": "ERROR",
}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float) -> None:
    """Wait until the server answers; its end is an error."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError(f"{url} did not answer (exit status {process.poll()})")


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Prefect's server, with its schedules; the address of its API."""
    folder = tmp_path_factory.mktemp("prefect")
    port = free_port()
    at = ("--host", "127.0.0.1", "--port", str(port))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in QUIET.items():
            patch.setenv(name, value)
        patch.setenv("PREFECT_HOME", str(folder))
        patch.delenv("PREFECT_API_URL", raising=False)
        with (folder / "server.log").open("wb") as log:
            process = subprocess.Popen(
                [BIN / "prefect", "server", "start", "--no-ui", *at],
                stdout=log,
                stderr=log,
            )
        url = f"http://127.0.0.1:{port}/api"
        try:
            wait_for(f"{url}/health", process, 120)
            patch.setenv("PREFECT_API_URL", url)
            from prefect.settings import PREFECT_API_URL, PREFECT_HOME
            from prefect.settings import temporary_settings as settings

            with settings({PREFECT_API_URL: url, PREFECT_HOME: folder}):
                yield url
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def published(home: Home) -> dict[str, bytes]:
    """Every file of every release, and where `latest` leads."""
    files = {
        str(path.relative_to(home.curated)): path.read_bytes()
        for path in sorted(home.curated.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }
    return files | {"latest": (home.curated / "latest").readlink().name.encode()}


@pytest.mark.prefect
def test_both_ways_leave_the_same_bytes(server, home):
    """A flow run and a plain one, each from nothing but raw/ and vocabularies/."""
    from flows.refresh import refresh_with_prefect

    plain = run.refresh(home)
    expected = published(home)
    shutil.rmtree(home.curated)
    shutil.rmtree(home.parsed)
    flowed = refresh_with_prefect(home, offline=True, sources=[])
    assert published(home) == expected
    assert flowed == plain
    assert len(expected) > 10


@pytest.mark.prefect
def test_an_operator_sees_the_sources_and_the_report(server, home):
    """A table of sources and the report itself are artifacts of the run."""
    from prefect.artifacts import Artifact

    from flows.refresh import refresh_with_prefect

    outcome = refresh_with_prefect(home, offline=True, sources=[])
    assert outcome.release is not None
    table, report = Artifact.get("sources"), Artifact.get("report")
    assert '"source": "bls_oews"' in table.data
    assert report.data == (outcome.release.folder / "report.md").read_text("utf-8")
    assert refresh_with_prefect(home, offline=True, sources=[]).unchanged


def collecting(monkeypatch, *errors: PayproofError) -> list[str]:
    """Let asking fail so many times; the list of who was asked."""
    import flows.refresh

    left, asked = list(errors), list[str]()

    def collect(_home, source, _guest, _day):
        asked.append(source)
        if left:
            raise left.pop(0)
        return live.Collected(source, unchanged=1)

    monkeypatch.setattr(live, "collect", collect)
    hasty = flows.refresh.ingest.with_options(retry_delay_seconds=0)
    monkeypatch.setattr(flows.refresh, "ingest", hasty)
    return asked


AWAY = Unreachable("bls_oews", "https://www.bls.gov/", "answers 503")
NEW = LayoutChanged("national.xlsx", ["A_MEDIAN"])


@pytest.mark.prefect
def test_a_publisher_that_comes_back_is_asked_again(server, home, monkeypatch):
    """Two failures of the network, then an answer: three requests, one release."""
    from flows.refresh import refresh_with_prefect

    asked = collecting(monkeypatch, AWAY, AWAY)
    outcome = refresh_with_prefect(home, offline=False, sources=["bls_oews"])
    assert asked == ["bls_oews"] * 3
    assert outcome.release is not None
    assert "1 unchanged" in artifact("sources")


@pytest.mark.prefect
def test_a_publisher_that_stays_away_costs_no_release(server, home, monkeypatch):
    """After the retries the last good snapshots are used, and the table says so."""
    from flows.refresh import refresh_with_prefect

    asked = collecting(monkeypatch, *[AWAY] * 9)
    outcome = refresh_with_prefect(home, offline=False, sources=["bls_oews"])
    assert asked == ["bls_oews"] * 3
    assert outcome.release is not None
    assert "last good snapshot stays current" in artifact("sources")


@pytest.mark.prefect
def test_what_is_not_the_networks_fault_is_not_retried(server, home, monkeypatch):
    """A new layout does not heal by waiting: one try, and its own error."""
    from flows.refresh import refresh_with_prefect

    asked = collecting(monkeypatch, NEW)
    with pytest.raises(LayoutChanged, match="A_MEDIAN"):
        refresh_with_prefect(home, offline=False, sources=["bls_oews"])
    assert asked == ["bls_oews"]


@pytest.mark.prefect
def test_a_gate_that_fails_fails_the_run_and_keeps_the_release(
    server, home, monkeypatch
):
    """The flow run is Failed with the gate's sentence; `latest` stays."""
    from flows.refresh import refresh, refresh_with_prefect

    def failing(*_):
        raise GateFailed("anchors", "29-2072 is missing", "vocabularies/anchors.csv")

    first = refresh_with_prefect(home, offline=True, sources=[])
    (home.vocabularies / "hosts.csv").write_text("host,contact,pause_seconds,why\n")
    monkeypatch.setattr(stages, "published", failing)
    outcome = refresh_with_prefect(home, offline=True, sources=[])
    assert "29-2072 is missing" in outcome.failure
    assert outcome.release is not None
    assert first.release is not None
    assert outcome.release.folder == first.release.folder
    state = refresh(str(home.root), offline=True, return_state=True)
    assert state.is_failed()


@pytest.mark.prefect
def test_a_prefect_server_that_is_not_there_is_named(server, home):
    """The sentence has the address, and what to do; nothing was changed."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.refresh import refresh_with_prefect

    away = f"http://127.0.0.1:{free_port()}/api"
    with (
        temporary_settings({PREFECT_API_URL: away}),
        pytest.raises(Unreachable, match="unset PREFECT_API_URL") as caught,
    ):
        refresh_with_prefect(home, offline=True, sources=[])
    assert away in str(caught.value)
    assert not home.curated.exists()


def artifact(key: str) -> str:
    """The newest artifact of that key."""
    from prefect.artifacts import Artifact

    found = Artifact.get(key)
    assert found is not None
    return str(found.data)


@pytest.mark.prefect
def test_the_schedule_is_accepted_and_fires(server):
    """`prefect deploy` takes prefect.yaml, and the scheduler makes runs of it.

    Under some versions of its libraries the server takes a schedule and never makes
    a run, in silence: the pins in pyproject.toml are there for this test.
    """
    from prefect import get_client

    for command in (
        ["work-pool", "create", "local", "--type", "process"],
        ["--no-prompt", "deploy", "--all"],
    ):
        done = subprocess.run(
            [BIN / "prefect", *command], cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr

    async def scheduled() -> list[str]:
        async with get_client() as client:
            place = await client.read_deployment_by_name("refresh/weekly")
            assert [s.schedule.timezone for s in place.schedules]
            runs = await client.read_flow_runs()
            ours = [r for r in runs if r.deployment_id == place.id]
            return [r.state_name for r in ours if r.auto_scheduled]

    end = time.monotonic() + 60
    while not (found := asyncio.run(scheduled())) and time.monotonic() < end:
        time.sleep(1)
    assert set(found) == {"Scheduled"}


def test_a_fact_check_needs_neither_prefect_nor_the_network(tmp_path):
    """Importing the command and its check brings in no orchestrator, no HTTP."""
    code = (
        "import sys, pipeline.cli, pipeline.cli.checking, pipeline.check, flows\n"
        "print(sorted({'prefect', 'requests', 'fastapi'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_nothing_is_sent_home():
    """Importing flows turns both of Prefect's channels off before it is imported."""
    bare = {k: v for k, v in os.environ.items() if k not in QUIET}
    code = (
        "import os, flows; print(*(os.environ[k] for k in " + repr([*QUIET][:2]) + "))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, env=bare
    )
    assert done.stdout.split() == ["1", "0"], done.stderr
