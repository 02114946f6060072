"""Refresh as a Prefect flow: the same path, its parts as tasks.

The work is that of `pipeline.archive.collect_due` and `pipeline.release.run`; here are
its order, its waiting and how a run ends. Both ways leave the same bytes in curated/.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner

from flows.monitoring import (
    create_host_limits,
    emit_failed_assets,
    group_errors,
    publish_artifacts,
)
from flows.prefect_server import check_server, naming_server
from flows.tasks import collect_all, ingest_all, make_message, run_stage
from pipeline.core.errors import PayproofError
from pipeline.core.exit_status import COULD_NOT, NEEDS_LOOK
from pipeline.core.store import Home, find_home, hold_lock
from pipeline.release import run
from pipeline.release.draw_site import draw_site
from pipeline.sources import SOURCES, import_source

# Name of the state of a flow run that ends as the command does with status 1: done,
# with something that a person must look at. Its event is `prefect.flow-run.NeedsLook`.
STATE_NEEDS_LOOK = "NeedsLook"
LOCK_WAIT = 3600  # seconds


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
    site: bool = True,
    lock_wait_seconds: float = LOCK_WAIT,
) -> Any:
    """Ask publishers and publish a release in curated/; offline, from raw/ alone.

    Args:
        home: Folder with raw/ and vocabularies/; found as the command finds it.
        offline: Ask nobody.
        sources: Ids to ask, due or not; those that are due where none is named.
        cadences: Ask only sources that are published so (`yearly`, `monthly`, …).
        accept_missing: Ids of sources of the last release that may be lost.
        site: Draw the release's static site.
        lock_wait_seconds: How long another run may be at work before this one ends.

    Returns:
        The outcome, or the state in which the flow run ends: Failed where the command
        ends with 2, Completed and named NeedsLook where it ends with 1.
    """
    try:
        place = Home(Path(home).resolve()) if home else find_home()
        for source in sources or ():
            # An unknown id stops here, before anybody is asked.
            import_source(source)
        every = [s for s in SOURCES if not cadences or SOURCES[s].cadence in cadences]
        asked = [] if offline else sorted(sources or every)
        outcome = refresh_home(
            place, asked, bool(sources), accept_missing or (), lock_wait_seconds
        )
        if site and outcome.release is not None and not outcome.failure:
            run_stage(draw_site, place, outcome.release)
        publish_artifacts(place, outcome)
    # A sentence for a person and no traceback; the command prints it likewise.
    except PayproofError as error:
        return Failed(message=str(error), data=error)
    return end_run(outcome)


def refresh_home(
    home: Home,
    asked: Sequence[str],
    always: bool,
    accept_missing: Sequence[str],
    wait: float,
) -> run.RefreshOutcome:
    """Ask publishers, then make a release of what is in raw/.

    Args:
        home: Where raw/ and curated/ are.
        asked: Ids of the sources whose publishers are asked.
        always: Ask for what is not due as well.
        accept_missing: Ids of sources of the last release that may be lost.
        wait: Seconds that the lock of curated/ is waited for at most.

    Raises:
        Busy: Another run was at work for longer.
    """
    create_host_limits(home, asked)
    # Before the lock: a publisher that is away for minutes holds nobody else up.
    came = collect_all(home, asked, always=always)
    told = set[str]()

    def read_as_tasks(inputs: run.Inputs) -> tuple[run.IngestResult, ...]:
        told.update(run.list_sources(inputs))
        return ingest_all(inputs, came)

    with hold_lock(home.curated / ".lock", wait=wait):
        outcome = run.refresh_locked(
            home, run_stage, read_as_tasks, accept_missing=accept_missing
        )
    outcome = replace(outcome, asked=came)
    emit_failed_assets(set(group_errors(outcome)) - told)
    return outcome


def end_run(outcome: run.RefreshOutcome) -> Any:
    """Return what ends the flow run as the command would end."""
    if outcome.status == COULD_NOT:
        return Failed(message=outcome.failure, data=outcome)
    if outcome.status == NEEDS_LOOK:
        wrong = [text for one in outcome.asked for text in one.errors]
        message = make_message([*wrong, *outcome.errors])
        return Completed(name=STATE_NEEDS_LOOK, message=message, data=outcome)
    return outcome


def refresh_with_prefect(
    home: Home,
    *,
    offline: bool,
    sources: Sequence[str],
    accept_missing: Sequence[str] = (),
    site: bool = False,
) -> run.RefreshOutcome:
    """Run the flow in this process; return the outcome as `run.refresh` does.

    Another run that is at work is an error at once, as it is without Prefect.

    Raises:
        Unreachable: The configured Prefect server does not answer.
        Busy: Another run is at work.
    """
    parameters: dict[str, Any] = {"home": str(home.root), "offline": offline}
    parameters |= {"sources": [*sources] or None, "accept_missing": [*accept_missing]}
    parameters |= {"site": site, "lock_wait_seconds": 0}
    check_server()
    with naming_server():
        state: Any = refresh(**parameters, return_state=True)
        done = state.result(raise_on_failure=False)
    if isinstance(done, BaseException):
        raise done
    outcome: run.RefreshOutcome = done
    return outcome
