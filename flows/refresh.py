"""Refresh as a Prefect flow: one task for each source, one for each stage after that.

The work is that of `pipeline.archive.collect_due` and `pipeline.release.run`; here are
its tasks, its retries and what an operator sees. Both ways leave the same bytes in
curated/.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from prefect import Task, flow, task
from prefect.assets import add_asset_metadata, materialize
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.exceptions import FailedRun
from prefect.runtime import task_run
from prefect.settings import PREFECT_API_URL
from prefect.states import Failed
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.utilities.annotations import quote

from flows.monitoring import (
    CURATED_ASSET,
    create_host_limits,
    hold_host_limits,
    make_raw_asset,
    publish_artifacts,
)
from pipeline.archive import collect_due
from pipeline.core.errors import Unreachable
from pipeline.core.store import Home, find_home, hold_lock
from pipeline.query.published import find_latest
from pipeline.release import run, stages
from pipeline.sources import SOURCES, import_source

T = TypeVar("T")
# Name of the final state of a run that lost a source. Prefect hands the state over and
# not the outcome, and the command ends with 1 for it, not with 2.
HELD_BACK = "HeldBack"


def is_worth_retrying(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Tell whether a network or a server failed; a refusal or a new layout stays."""
    return isinstance(state.result(raise_on_failure=False), Unreachable)


# Two retries, after one and after ten minutes; the schedule tries again later. Nothing
# is cached or persisted by Prefect: which claims are parsed already is known by name in
# pipeline.release.cache, and both ways leave the same bytes.
@task(
    name="ingest",
    task_run_name="ingest-{source}",
    retries=2,
    retry_delay_seconds=[60, 600],
    retry_condition_fn=is_worth_retrying,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def ingest_source(
    root: str, source: str, ask: bool, always: bool = False
) -> tuple[list[str], run.IngestResult]:
    """Ask one publisher, then parse what raw/ has of it and the cache has not.

    Args:
        root: Folder of the home, as text for Prefect.
        source: Id of the source.
        ask: Ask its publisher; else parse only.
        always: Ask for what is not due as well.

    Returns:
        What asking brought, in sentences, and what came of parsing.

    Raises:
        Unreachable: The network or the publisher's server failed.
    """
    home = Home(Path(root))
    brought: list[str] = []
    if ask:
        # A retry asks only for what failed: the rest has come and is not due any more.
        first = (task_run.run_count or 1) <= 1
        with hold_host_limits(home, source):
            guest, at = collect_due.make_client(home), collect_due.utc_now()
            brought = collect_due.collect_source(
                home, source, guest, at, always=always and first
            ).to_lines()
    return brought, run.ingest(run.gather_inputs(home), source)


def make_ingest_task(source: str) -> Task[..., tuple[list[str], run.IngestResult]]:
    """Make the task for one source, which leaves its part of raw/ as an asset."""
    # A stray folder in raw/ has no facts to make an asset of.
    if source not in SOURCES:
        return ingest_source
    made: Task[..., tuple[list[str], run.IngestResult]] = materialize(
        make_raw_asset(source),
        name=ingest_source.name,
        task_run_name=ingest_source.task_run_name,
        retries=ingest_source.retries,
        retry_delay_seconds=ingest_source.retry_delay_seconds,
        retry_condition_fn=is_worth_retrying,
        cache_policy=NO_CACHE,
        persist_result=False,
    )(ingest_source.fn)
    return made


def ingest_all(
    home: Home, asked: Sequence[str], *, always: bool
) -> tuple[dict[str, list[str]], dict[str, run.IngestResult]]:
    """Ask and parse every source at once, one task run each.

    Of a publisher that cannot be reached the last good snapshots are parsed.

    Returns:
        By source: what asking brought, in sentences, and what came of parsing.
    """
    inputs = run.gather_inputs(home)
    run.check_vocabularies(inputs.vocabulary)
    root, sources = str(home.root), {*run.list_sources(inputs), *asked}
    runs = {
        s: make_ingest_task(s).submit(root, s, s in asked, always)
        for s in sorted(sources)
    }
    brought: dict[str, list[str]] = {}
    done: dict[str, run.IngestResult] = {}
    for source, submitted in runs.items():
        try:
            brought[source], done[source] = submitted.result()
        except Unreachable as error:
            _, done[source] = ingest_source(root, source, ask=False)
            brought[source] = [str(error)]
    return brought, done


def publish_with_asset(*args: Any) -> Any:
    """Publish as the stage does, and leave the release's name on the asset."""
    release = stages.publish_release(*args)
    add_asset_metadata(
        CURATED_ASSET, {"release": release.name, **release.manifest["rows"]}
    )
    return release


def run_stage(work: Callable[..., T], *args: Any) -> T:
    """Run one stage as a task; its tables are handed over as they are."""
    settings: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False}
    settings["name"] = work.__name__
    stage: Task[..., T]
    if work is stages.publish_release:
        stage = materialize(CURATED_ASSET, **settings)(publish_with_asset)
    else:
        stage = task(**settings)(work)
    # Without `quote` Prefect visits every element of its arguments to look for futures,
    # rows of tables included.
    done: T = stage(*map(quote, args))
    return done


@flow(
    name="refresh",
    persist_result=False,
    task_runner=ThreadPoolTaskRunner(max_workers=2),  # type: ignore[arg-type]
)
def refresh(
    home: str = "",
    offline: bool = False,
    sources: list[str] | None = None,
    cadences: list[str] | None = None,
    accept_missing: list[str] | None = None,
) -> Any:
    """Ask publishers and publish a release in curated/; offline, from raw/ alone.

    Args:
        home: Folder with raw/ and vocabularies/; found as the command finds it.
        offline: Ask nobody.
        sources: Ids to ask, due or not; those that are due where none is named.
        cadences: Ask only sources that are published so (`yearly`, `monthly`, …).
        accept_missing: Ids of sources of the last release that may be lost.

    Returns:
        The outcome, or a failed state that ends the flow run.
    """
    place = Home(Path(home).resolve()) if home else find_home()
    for source in sources or ():
        # An unknown id stops here, before anybody is asked.
        import_source(source)
    every = [s for s in SOURCES if not cadences or SOURCES[s].cadence in cadences]
    asked = [] if offline else sorted(sources or every)
    create_host_limits(place, asked)
    with hold_lock(place.curated / ".lock"):
        brought, done = ingest_all(place, asked, always=bool(sources))
        outcome = run.refresh_locked(
            place, run_stage, accept_missing=accept_missing or ()
        )
    # refresh_locked found every snapshot parsed, by the tasks above: what was parsed in
    # this run is in their results.
    if not outcome.unchanged:
        parsed = tuple(done[one.source] for one in outcome.ingested)
        outcome = replace(outcome, ingested=parsed)
    publish_artifacts(place, outcome, brought)
    if outcome.held_back:
        return Failed(message=outcome.failure, name=HELD_BACK)
    return Failed(message=outcome.failure) if outcome.failure else outcome


def refresh_with_prefect(
    home: Home,
    *,
    offline: bool,
    sources: Sequence[str],
    accept_missing: Sequence[str] = (),
) -> run.RefreshOutcome:
    """Run the flow in this process; return the outcome as `run.refresh` does.

    Raises:
        Unreachable: The configured Prefect server does not answer.
    """
    parameters: dict[str, Any] = {"home": str(home.root), "offline": offline}
    parameters |= {"sources": [*sources] or None, "accept_missing": [*accept_missing]}
    try:
        state: Any = refresh(**parameters, return_state=True)
        outcome: run.RefreshOutcome = state.result()
    except FailedRun as failed:
        held = state.name == HELD_BACK
        return run.RefreshOutcome(
            find_latest(home), False, (), str(failed), held_back=held
        )
    # Prefect has no error of its own for a server that does not answer: the words are
    # those of 3.8.8, the version that is pinned.
    except RuntimeError as error:
        if not str(error).startswith("Failed to reach API"):
            raise
        why = "no Prefect server answers; start it, or unset PREFECT_API_URL"
        raise Unreachable("prefect", PREFECT_API_URL.value() or "", why) from error
    return outcome
