"""Define the tasks of a refresh: asking a publisher, reading a source, one stage.

A task whose source has something that a person must look at is Failed, with the
sentences as its message and the result as its data: the flow goes on with the result.
Nothing is cached or persisted by Prefect: which claims are parsed already is known by
name in `pipeline.release.cache`, and both ways leave the same bytes.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from prefect import Task, task
from prefect.assets import add_asset_metadata, materialize
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.runtime import task_run
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.utilities.annotations import quote

from flows.monitoring import CURATED_ASSET, hold_host_limits, make_raw_asset
from pipeline.archive import collect_due
from pipeline.archive.collect_due import CollectResult, PartlyUnreachable
from pipeline.core.errors import PayproofError, Unreachable
from pipeline.core.store import Home
from pipeline.release import run, stages
from pipeline.release.inputs import Inputs
from pipeline.sources import SOURCES

T = TypeVar("T")
PLAIN: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False}
# Publishers at a time. Those that wait, for a host or to try again, cost a thread; how
# often a host is asked is held by its own limit.
ASKED_AT_ONCE = 8
# A state of this name is no materialization of an asset (3.8.8).
CACHED = "Cached"
SHOWN = 5  # sentences in the message of a state


def is_worth_retrying(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Tell whether a network or a server failed; a refusal or a new layout stays."""
    return isinstance(state.result(raise_on_failure=False), Unreachable)


def make_message(sentences: Sequence[str]) -> str:
    """Make the message of a state from what a person must look at."""
    more = len(sentences) - SHOWN
    return " ".join([*sentences[:SHOWN], *([f"And {more} more."] if more > 0 else [])])


# Two retries, after one and after ten minutes; the schedule tries again later.
@task(
    name="collect",
    task_run_name="collect-{source}",
    retries=2,
    retry_delay_seconds=[60, 600],
    retry_condition_fn=is_worth_retrying,
    **PLAIN,
)
def collect_publisher(root: str, source: str, always: bool = False) -> Any:
    """Ask one publisher for what is due.

    Args:
        root: Folder of the home, as text for Prefect.
        source: Id of the source.
        always: Ask for what is not due as well.

    Returns:
        A `CollectResult`, or a failed state with one.

    Raises:
        Unreachable: The network or the publisher's server failed.
    """
    home = Home(Path(root))
    # A retry asks only for what failed: the rest has come and is not due any more.
    first = (task_run.run_count or 1) <= 1
    with hold_host_limits(home, source), collect_due.hold_hosts(home, source):
        client, at = collect_due.make_client(home), collect_due.utc_now()
        came = collect_due.collect_source(
            home, source, client, at, always=always and first
        )
    if came.errors:
        return Failed(message=make_message(came.errors), data=came)
    return came


def collect_all(
    home: Home, sources: Sequence[str], *, always: bool
) -> tuple[CollectResult, ...]:
    """Ask publishers, one task run each; what fails of one stops no other.

    No lock is held while they are asked and while a retry is waited for.
    """
    with ThreadPoolTaskRunner[Any](max_workers=ASKED_AT_ONCE) as runner:
        runs = {
            source: runner.submit(
                collect_publisher,
                {"root": str(home.root), "source": source, "always": always},
            )
            for source in sources
            if collect_due.has_requests(home, source)
        }
        return tuple(read_collected(s, submitted) for s, submitted in runs.items())


def read_collected(source: str, submitted: Any) -> CollectResult:
    """Wait for a task that asks; return what it brought or why it brought nothing."""
    submitted.wait()
    came = submitted.state.result(raise_on_failure=False)
    if isinstance(came, CollectResult):
        return came
    if isinstance(came, PartlyUnreachable):
        return came.collected
    if isinstance(came, PayproofError):
        return CollectResult(source, errors=(str(came),))
    # A mistake of ours in one source: its traceback is in the log of its task.
    why = f"{source}: {type(came).__name__}: {came}. Nothing of it is newer than before"
    return CollectResult(source, errors=(f"{why}; look at the log of its task.",))


def make_ingest_task(source: str) -> Task[..., Any]:
    """Make the task that reads one source, whose part of raw/ is its asset."""
    named: dict[str, Any] = {"name": "ingest", "task_run_name": f"ingest-{source}"}
    # A stray folder in raw/ has no facts to make an asset of.
    if source not in SOURCES:
        return task(**named, **PLAIN)(ingest_source)
    made: Task[..., Any] = materialize(make_raw_asset(source), **named, **PLAIN)(
        ingest_source
    )
    return made


def ingest_source(inputs: Inputs, source: str, wrong: Sequence[str]) -> Any:
    """Parse what raw/ has of one source and the cache has not.

    Args:
        inputs: Of the run.
        source: Id of the source.
        wrong: What a person must look at already, from asking its publisher.

    Returns:
        A state with an `IngestResult`: Failed, which is no materialization; Cached
        where nothing is new, which is none either; or Completed.
    """
    done = run.ingest(inputs, source)
    if sentences := [*wrong, *done.errors]:
        return Failed(message=make_message(sentences), data=done)
    return Completed(name=None if done.parsed else CACHED, data=done)


def ingest_all(
    inputs: Inputs, asked: Iterable[CollectResult]
) -> tuple[run.IngestResult, ...]:
    """Read every source, one task run each, two at a time by the flow's task runner."""
    wrong = {one.source: one.errors for one in asked}
    # Without `quote` Prefect takes equal values of two sources, an empty tuple say, for
    # the result of one of them, and draws its asset upstream of the other's.
    runs = [
        make_ingest_task(source).submit(
            *map(quote, (inputs, source, wrong.get(source, ())))
        )
        for source in run.list_sources(inputs)
    ]
    return tuple(read_ingested(submitted) for submitted in runs)


def read_ingested(submitted: Any) -> run.IngestResult:
    """Wait for a task that reads; return its result, or raise what stopped it."""
    submitted.wait()
    done = submitted.state.result(raise_on_failure=False)
    if isinstance(done, BaseException):
        raise done
    result: run.IngestResult = done
    return result


def publish_with_asset(*args: Any) -> Any:
    """Publish as the stage does, and leave the release's name on the asset."""
    release = stages.publish_release(*args)
    add_asset_metadata(
        CURATED_ASSET, {"release": release.name, **release.manifest["rows"]}
    )
    return release


def run_stage(work: Callable[..., T], *args: Any) -> T:
    """Run one stage as a task; its tables are handed over as they are."""
    stage: Task[..., T]
    if work is stages.publish_release:
        read = {one.source for one in args[0].list_readable()}
        stage = materialize(
            CURATED_ASSET,
            name=work.__name__,
            asset_deps=[make_raw_asset(s) for s in sorted(read & set(SOURCES))],
            **PLAIN,
        )(publish_with_asset)
    else:
        stage = task(name=work.__name__, **PLAIN)(work)
    # Without `quote` Prefect visits every element of its arguments to look for futures,
    # rows of tables included.
    done: T = stage(*map(quote, args))
    return done
