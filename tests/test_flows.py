"""Flows: Prefect runs the same path, retries what is worth it, and keeps time.

One server of Prefect's own serves all tests that need one; it lives in a temporary
folder and on this machine alone.
"""

import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import tomllib
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from once import claim_once
from pages_home import copy_home, find_bundled

from pipeline.archive import collect_due
from pipeline.archive.card import SEAL, format_card, hash_card
from pipeline.archive.fetch_log import FetchAttempt
from pipeline.archive.snapshot import Archive
from pipeline.core.errors import Busy, GateFailed, LayoutChanged, Unreachable
from pipeline.core.exit_status import COULD_NOT, DONE, NEEDS_LOOK
from pipeline.core.store import Home, hold_lock
from pipeline.query.published import find_latest
from pipeline.release import run, stages
from pipeline.sources import SOURCES

T = TypeVar("T")
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


@pytest.fixture
def home(small_release, tmp_path) -> Home:
    """A home with a few snapshots and nothing made of them, free to change."""
    there = tmp_path / "home"
    return copy_home(small_release, there, without=("curated", ".parsed"))


@pytest.fixture(scope="session")
def server(run_folder, tmp_path_factory):
    """Prefect's server, with its schedules; the address of its API."""
    claim_once(run_folder, "prefect")
    folder = tmp_path_factory.mktemp("prefect")
    port = free_port()
    at = ("--host", "127.0.0.1", "--port", str(port))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in QUIET.items():
            patch.setenv(name, value)
        patch.setenv("PREFECT_HOME", str(folder))
        patch.setenv("PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS", "5")
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
        if path.is_file() and not path.name.endswith(".lock")
    }
    return files | {"latest": (home.curated / "latest").readlink().name.encode()}


@pytest.mark.prefect
def test_both_ways_leave_the_same_bytes(server, home):
    """A flow run and a plain one, each from nothing but raw/ and vocabularies/."""
    from flows.refresh import refresh_with_prefect

    plain = run.refresh(home)
    expected = published(home)
    shutil.rmtree(home.curated)
    shutil.rmtree(home.parse_cache)
    flowed = refresh_with_prefect(home, offline=True, sources=[])
    assert published(home) == expected
    assert flowed == plain
    assert flowed.status == DONE
    assert len(expected) > 10


@pytest.mark.prefect
def test_an_operator_sees_the_sources_and_the_report(server, home, monkeypatch):
    """A table of sources and the report itself are artifacts; a link opens or is none.

    The flow draws the site, as the command does.
    """
    from prefect.artifacts import Artifact

    from flows.refresh import refresh_with_prefect

    monkeypatch.setenv("PAYPROOF_PAGES_URL", "https://pay.example.org/{release}/site/")
    outcome = refresh_with_prefect(home, offline=True, sources=[], site=True)
    assert outcome.release is not None
    assert (outcome.release.folder / "site" / "index.html").is_file()
    table, report = Artifact.get("sources"), Artifact.get("report")
    assert '"source": "bls_oews"' in table.data
    for part in ("effective", "checked", "changed", "https://www.bls.gov/oes/"):
        assert part in table.data
    assert f"(https://pay.example.org/{outcome.release.name}/site/)" in artifact("page")
    assert report.data == (outcome.release.folder / "report.md").read_text("utf-8")
    monkeypatch.setenv("PAYPROOF_PAGES_URL", str(outcome.release.folder.as_uri()))
    linked = Artifact.get("page")
    assert refresh_with_prefect(home, offline=True, sources=[]).unchanged
    assert Artifact.get("page") == linked


def collecting(monkeypatch, *errors: Exception) -> list[str]:
    """Let asking fail so many times; the list of who was asked.

    Nobody is asked under the lock of curated/, which is free for others all the while.
    """
    import flows.tasks

    left, asked = list(errors), list[str]()

    def collect(home, source, _guest, _at, *, always=False):
        with hold_lock(home.curated / ".lock"):
            pass
        with (
            pytest.raises(Busy),
            hold_lock(home.raw / ".hosts" / "bls.gov" / ".lock"),
        ):
            pass
        asked.append(f"{source} again" if not always else source)
        if left:
            raise left.pop(0)
        return collect_due.CollectResult(source, (("unchanged", 1),))

    monkeypatch.setattr(collect_due, "collect_source", collect)
    hasty = flows.tasks.collect_publisher.with_options(retry_delay_seconds=0)
    monkeypatch.setattr(flows.tasks, "collect_publisher", hasty)
    return asked


AWAY = Unreachable("bls_oews", "https://www.bls.gov/", "answers 503")
NEW = LayoutChanged("national.xlsx", ["A_MEDIAN"])


@pytest.mark.prefect
def test_a_publisher_that_comes_back_is_asked_again(server, home, monkeypatch):
    """Two failures of the network, then an answer: three requests, one release."""
    from flows.refresh import refresh_with_prefect

    asked = collecting(monkeypatch, AWAY, AWAY)
    outcome = refresh_with_prefect(home, offline=False, sources=["bls_oews"])
    assert asked == ["bls_oews", "bls_oews again", "bls_oews again"]
    assert outcome.release is not None
    assert "1 unchanged" in artifact("sources")


@pytest.mark.prefect
def test_a_publisher_that_stays_away_costs_no_release(server, home, monkeypatch):
    """After the retries the last good snapshots are used, and the table says so."""
    from flows.refresh import refresh_with_prefect

    asked = collecting(monkeypatch, *[AWAY] * 9)
    outcome = refresh_with_prefect(home, offline=False, sources=["bls_oews"])
    assert len(asked) == 3
    assert outcome.release is not None
    assert (outcome.errors, outcome.status) == ([], NEEDS_LOOK)
    assert "last good snapshot stays current" in artifact("sources")


@pytest.mark.prefect
def test_what_is_not_the_networks_fault_is_not_retried(server, home, monkeypatch):
    """A new layout does not heal by waiting: one try; a mistake of ours neither.

    Both are kept to their source, and the release is made of what is at hand.
    """
    from flows.refresh import refresh_with_prefect

    asked = collecting(monkeypatch, NEW, ZeroDivisionError("A_MEDIAN"))
    outcome = refresh_with_prefect(home, offline=False, sources=["bls_oews", "bls_ooh"])
    assert sorted(asked) == ["bls_oews", "bls_ooh"]
    assert outcome.release is not None
    assert outcome.status == NEEDS_LOOK
    for came in outcome.asked:
        assert "A_MEDIAN" in came.errors[0]


def wait_events(name: str, since: datetime, count: int) -> dict[str, dict[str, Any]]:
    """Events of that name since then, by what they are about, once there are enough."""
    found: dict[str, dict[str, Any]] = {}

    def enough() -> bool | None:
        found.update({
            e["resource"]["prefect.resource.id"]: e for e in events(name, since)
        })  # fmt: skip
        return len(found) >= count or None

    wait_until(enough, 60)
    return found


@pytest.mark.prefect
def test_a_source_that_fails_says_so_by_state_event_and_asset(server, home):
    """Of a new layout: the task, the flow run, an event, and an asset that is not made.

    The rest of the flow goes on, and it ends as the command would, with 1.
    """
    from prefect import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    from flows.refresh import refresh

    rename_column(home)
    start = datetime.now(tz=UTC)
    state = refresh(str(home.root), offline=True, site=False, return_state=True)
    assert (state.type.value, state.name) == ("COMPLETED", "NeedsLook")
    assert "A_MIDDLE" in state.message
    outcome = state.result()
    assert outcome.status == NEEDS_LOOK
    assert outcome.release is not None
    (failed,) = wait_events("payproof.source.failed", start, 1).values()
    assert failed["resource"]["prefect.resource.id"] == "payproof.source.bls_oews"
    assert "A_MIDDLE" in failed["payload"]["errors"][0]
    broken = wait_events("prefect.asset.materialization.failed", start, 1)
    assert set(broken) == {"payproof://raw/bls_oews"}
    made = wait_events("prefect.asset.materialization.succeeded", start, 4)
    others = {"article", "bls_ooh", "payscale", "salary_com"}
    raw = {f"payproof://raw/{source}" for source in others}
    assert set(made) == {*raw, "payproof://curated"}
    upstream = {
        asset: {
            one["prefect.resource.id"]
            for one in event["related"]
            if one["prefect.resource.role"] == "asset"
        }
        for asset, event in {**made, **broken}.items()
    }
    # Older versions of the failed one were read.
    assert upstream.pop("payproof://curated") == {*raw, "payproof://raw/bls_oews"}
    assert not any(upstream.values())  # sources have nothing to do with each other
    assert wait_events("prefect.flow-run.NeedsLook", start, 1)
    ours = FlowRunFilterId(any_=[state.state_details.flow_run_id])
    with get_client(sync_client=True) as client:
        found = client.read_task_runs(flow_run_filter=FlowRunFilter(id=ours))
    tasks = {one.name: one.state for one in found}
    assert tasks["ingest-bls_oews"].type.value == "FAILED"
    assert "A_MIDDLE" in tasks["ingest-bls_oews"].message
    assert tasks["ingest-bls_ooh"].type.value == "COMPLETED"


def rename_column(home: Home) -> None:
    """Keep a later version of a table whose header names a column we do not know."""
    old = next((home.raw / "bls_oews").glob("2023-05-*"))
    card = json.loads((old / "snapshot.json").read_text())
    body = (old / "body.csv").read_bytes().replace(b"A_MEDIAN", b"A_MIDDLE")
    sha256 = hashlib.sha256(body).hexdigest()
    new = old.with_name(f"2023-05-{sha256[:12]}")
    new.mkdir()
    (new / "body.csv").write_bytes(body)
    card |= {"sha256": sha256, "capture": "given", "retrieved": "2026-11-25"}
    sealed = format_card(card | {SEAL: hash_card(card)})
    (new / "snapshot.json").write_bytes(sealed)


@pytest.mark.prefect
def test_a_publisher_that_fails_where_nothing_changed_says_so_too(
    server, home, monkeypatch
):
    """No source is read then, and the asset is failed all the same."""
    from flows.refresh import refresh_with_prefect

    run.refresh(home)
    collecting(monkeypatch, *[AWAY] * 3)
    start = datetime.now(tz=UTC)
    outcome = refresh_with_prefect(home, offline=False, sources=["bls_oews"])
    assert (outcome.unchanged, outcome.status) == (True, NEEDS_LOOK)
    assert set(wait_events("payproof.source.failed", start, 1)) == {
        "payproof.source.bls_oews"
    }
    broken = wait_events("prefect.asset.materialization.failed", start, 1)
    assert set(broken) == {"payproof://raw/bls_oews"}


@pytest.mark.prefect
def test_a_second_run_waits_for_the_first_and_not_for_ever(server, home, monkeypatch):
    """The command is told at once, as without Prefect; a deployment's run waits."""
    import flows.refresh

    ended = threading.Event()

    @contextmanager
    def hold(path: Path, *, wait: bool | float = False) -> Iterator[None]:
        if wait:
            threading.Timer(0.3, ended.set).start()
        with hold_lock(path, wait=wait):
            yield

    def be_first() -> None:
        with hold_lock(home.curated / ".lock"):
            held.set()
            ended.wait(60)

    monkeypatch.setattr(flows.refresh, "hold_lock", hold)
    held, first = threading.Event(), threading.Thread(target=be_first)
    first.start()
    assert held.wait(10)
    with pytest.raises(Busy, match="is at work"):
        flows.refresh.refresh_with_prefect(home, offline=True, sources=[])
    assert not ended.is_set()
    state = flows.refresh.refresh(
        str(home.root), offline=True, site=False, lock_wait_seconds=60,
        return_state=True,
    )  # fmt: skip
    first.join(10)
    assert state.is_completed()
    assert ended.is_set()


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
    monkeypatch.setattr(stages, "publish_release", failing)
    outcome = refresh_with_prefect(home, offline=True, sources=[])
    assert "29-2072 is missing" in outcome.failure
    assert outcome.status == COULD_NOT
    assert outcome.release is not None
    assert first.release is not None
    assert outcome.release.folder == first.release.folder
    state = refresh(str(home.root), offline=True, return_state=True)
    assert state.is_failed()


@pytest.mark.prefect
def test_a_prefect_server_that_is_not_there_is_named(
    server, home, monkeypatch, command_in
):
    """The sentence has the address, and what to do; nothing was changed."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.refresh import refresh_with_prefect

    away = f"http://127.0.0.1:{free_port()}/api"
    with temporary_settings({PREFECT_API_URL: away}):
        with pytest.raises(Unreachable, match="refresh --no-prefect") as caught:
            refresh_with_prefect(home, offline=True, sources=[])
        assert away in str(caught.value)
        assert not home.curated.exists()
        monkeypatch.setenv("PREFECT_API_URL", away)
        status, _, said = command_in(home, "refresh", "--offline")
        assert (status, said) == (COULD_NOT, f"Error: {caught.value}\n")
        # The flag that the sentence names helps.
        plain = ("refresh", "--offline", "--no-prefect", "--no-site")
        assert command_in(home, *plain)[0] == DONE
    assert find_latest(home) is not None


def artifact(key: str) -> str:
    """The newest artifact of that key."""
    from prefect.artifacts import Artifact

    found = Artifact.get(key)
    assert found is not None
    return str(found.data)


def events(name: str, since: datetime) -> list[dict[str, Any]]:
    """Events of that name since then, once the server has them."""
    from prefect import get_client

    named = {"event": {"name": [name]}, "occurred": {"since": since.isoformat()}}
    wanted = {"filter": named}
    end = time.monotonic() + 60
    found: list[dict[str, Any]] = []
    while not found and time.monotonic() < end:
        time.sleep(0.5)
        with get_client(sync_client=True) as client:
            found = client._client.post("/events/filter", json=wanted).json()["events"]
    return found


@pytest.mark.prefect
def test_a_blocked_source_is_an_event_and_raw_and_curated_are_assets(server, home):
    """Automations can listen; the release's name is on the asset."""
    from flows.refresh import refresh_with_prefect

    (newest,) = find_bundled("bls_oews/2025-*")  # without it OEWS is stale too
    shutil.copytree(newest, home.raw / "bls_oews" / newest.name)
    url = "https://www.bls.gov/oes/special-requests/oesm25nat.zip"
    for day in ("2026-11-01", "2026-11-12"):
        check = FetchAttempt(f"{day}T06:00:00Z", "bls_oews", url, "blocked", 403)
        Archive(home.raw).add_attempt(check)
    start = datetime.now(tz=UTC)  # runs of other tests have events of their own
    outcome = refresh_with_prefect(home, offline=True, sources=[])
    assert outcome.release is not None
    (event,) = events("payproof.source.blocked", start)
    assert event["resource"]["prefect.resource.id"] == "payproof.source.bls_oews"
    assert "refuses us since 2026-11-01" in event["payload"]["reasons"]
    stale = {
        e["resource"]["prefect.resource.id"]
        for e in events("payproof.source.stale", start)
    }
    assert "payproof.source.bls_oews" not in stale
    assert set(wait_events("prefect.asset.materialization.failed", start, 1)) == {
        "payproof://raw/bls_oews"
    }
    made = wait_events("prefect.asset.materialization.succeeded", start, 4)
    assert "payproof://raw/bls_ooh" in made
    assert outcome.release.name in str(made["payproof://curated"]["payload"])


@pytest.mark.prefect
def test_two_sources_of_one_host_are_asked_one_after_the_other(
    server, home, monkeypatch
):
    """The limit of the host holds over all tasks and runs of the server."""
    from prefect import get_client

    from flows.refresh import refresh_with_prefect

    here, most = list[str](), list[int]()

    def collect(_home, source, _guest, _at, *, always=False):
        here.append(source)
        most.append(len(here))
        time.sleep(1.5)
        here.remove(source)
        return collect_due.CollectResult(source, (("unchanged", 1),))

    monkeypatch.setattr(collect_due, "collect_source", collect)
    asked = ["bls_oews", "bls_ooh"]
    assert {h for s in asked for h in collect_due.list_hosts(home, s)} == {"bls.gov"}
    refresh_with_prefect(home, offline=False, sources=asked)
    assert most == [1, 1]
    with get_client(sync_client=True) as client:
        found = client.read_global_concurrency_limit_by_name("host-bls.gov")
    assert (found.limit, found.active_slots) == (1, 0)


DEPLOYED = {"weekly": 1, "monthly": 1, "yearly": 2}


@pytest.fixture(scope="module")
def deployed(server):
    """The deployments of prefect.yaml, in a work pool of this machine."""
    for command in (
        ["work-pool", "create", "local", "--type", "process"],
        ["--no-prompt", "deploy", "--all"],
    ):
        done = subprocess.run(
            [BIN / "prefect", *command], cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return server


def wait_until(look: Callable[[], T | None], seconds: float) -> T | None:
    """What `look` sees, once it sees something."""
    end = time.monotonic() + seconds
    while (seen := look()) is None and time.monotonic() < end:
        time.sleep(1)
    return seen


@pytest.mark.prefect
def test_the_schedules_are_accepted_and_fire(deployed):
    """`prefect deploy` takes prefect.yaml, and the scheduler makes runs of it.

    Under some versions of its libraries the server takes a schedule and never makes
    a run, in silence: the pins in pyproject.toml are there for this test.
    """
    from prefect import get_client

    with get_client(sync_client=True) as client:
        for name, count in DEPLOYED.items():
            place = client.read_deployment_by_name(f"refresh/{name}")
            assert len(place.schedules) == count
            assert all(s.schedule.timezone for s in place.schedules)
            assert place.global_concurrency_limit is not None

            def scheduled(place=place) -> set[str] | None:
                runs = client.read_flow_runs()
                ours = [r for r in runs if r.deployment_id == place.id]
                return {r.state_name for r in ours if r.auto_scheduled} or None

            assert wait_until(scheduled, 60) == {"Scheduled"}


def test_every_cadence_has_a_deployment_and_every_deployment_its_sources():
    """A source with a new cadence would otherwise never be asked."""
    import yaml

    found = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
    assert {one["name"] for one in found} == set(DEPLOYED)
    cadences = [word for one in found for word in one["parameters"]["cadences"]]
    assert len(cadences) == len(set(cadences))
    assert {facts.cadence for facts in SOURCES.values()} <= set(cadences)


def test_a_word_moves_a_deployment_into_containers():
    """Both pools stand in the file; the docs say how to go from one to the other."""
    import yaml

    text = (ROOT / "prefect.yaml").read_text()
    process, docker = (
        [one["work_pool"] for one in yaml.safe_load(turned)["deployments"]]
        for turned in (text, text.replace("work_pool: *process", "work_pool: *docker"))
    )
    assert process == [{"name": "local"}] * len(DEPLOYED)
    assert {one["name"] for one in docker} == {"docker"}
    assert docker[0]["job_variables"]["volumes"] == ["{{ $PAYPROOF_HOME }}:/pay"]


def test_what_the_image_is_made_of_is_there_and_reaches_docker():
    """Every file that the example copies exists and is not ignored."""
    folder = ROOT / "docs" / "docker"
    copied = {
        word
        for line in (folder / "Dockerfile").read_text().splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for word in line.split()[1:-1]
    }
    ignored = (folder / "Dockerfile.dockerignore").read_text().splitlines()
    let = {line[1:] for line in ignored if line.startswith("!")}
    assert copied == let
    assert all((ROOT / name).exists() for name in copied)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    assert set(wheel) <= copied


@pytest.mark.prefect
def test_the_example_of_an_alarm_is_an_automation_on_an_event_of_ours():
    """The docs name the events that are emitted, and Prefect takes their example."""
    import yaml
    from prefect.events.schemas.automations import AutomationCore

    text = (ROOT / "docs" / "operate.md").read_text("utf-8")
    (example,) = re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (alarm,) = yaml.safe_load(example)["automations"]
    made = AutomationCore.model_validate(alarm)
    code = (ROOT / "flows" / "monitoring.py").read_text("utf-8")
    assert made.trigger.expect == {"payproof.source.failed"}
    assert '"payproof.source.failed"' in code
    for state in ("failed", "blocked", "stale"):
        assert f"| `payproof.source.{state}` |" in text


@pytest.mark.prefect
def test_a_worker_finishes_a_run_that_the_schedule_made(deployed, home, tmp_path):
    """Server, pool, worker and schedule, for real: a release is there at the end."""
    from prefect import get_client
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.client.schemas.schedules import IntervalSchedule

    soon = datetime.now(tz=UTC) + timedelta(seconds=5)
    every = IntervalSchedule(interval=timedelta(days=1), anchor_date=soon)
    environment = {
        **os.environ, "PAYPROOF_HOME": str(home.root), "PYTHONPATH": str(ROOT),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PAYPROOF_BLS_KEY": "canary-77aa01", "PREFECT_LOGGING_LEVEL": "DEBUG",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
    }  # fmt: skip
    with get_client(sync_client=True) as client:
        place = client.read_deployment_by_name("refresh/weekly")
    command = DeploymentScheduleCreate(
        schedule=every,
        active=True,
        parameters={"offline": True, "site": False},
        slug="soon",
    )
    with get_client(sync_client=True) as client:
        created = client._client.post(
            f"/deployments/{place.id}/schedules",
            json=[command.model_dump(mode="json", exclude_unset=True)],
        )
    assert created.status_code == 201, created.text
    with (tmp_path / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [BIN / "prefect", "worker", "start", "--pool", "local", "--limit", "1"],
            cwd=tmp_path, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    try:

        def finished() -> str | None:
            with get_client(sync_client=True) as client:
                runs = client.read_flow_runs()
            ours = [r for r in runs if r.deployment_id == place.id and r.auto_scheduled]
            done = [r.state_name for r in ours if r.state and r.state.is_final()]
            return done[0] if done else None

        state = wait_until(finished, 300)
    finally:
        worker.terminate()
        worker.wait(30)
    assert state == "Completed", (tmp_path / "worker.log").read_text()
    assert (home.curated / "latest" / "manifest.json").is_file()
    places = (home.root, tmp_path, Path(os.environ["PREFECT_HOME"]))
    for path in (path for place in places for path in place.rglob("*")):
        assert not path.is_file() or b"canary-77aa01" not in path.read_bytes(), path


@pytest.mark.slow
def test_a_fact_check_needs_neither_prefect_nor_the_network(tmp_path):
    """Importing the command and its check brings in no orchestrator, no HTTP."""
    code = (
        "import sys, pipeline.cli, pipeline.cli.check_command, flows\n"
        "import pipeline.query.check\n"
        "print(sorted({'prefect', 'requests', 'fastapi'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.slow
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
