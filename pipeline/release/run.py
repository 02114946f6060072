"""Run the stages in their order: from raw/ to curated/latest.

Left of raw/ are the network and the clock; right of it everything is a function of
files: the same snapshots, vocabularies and code give the same release, name included.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pipeline.archive.collect_due import CollectResult
from pipeline.core.disk import sync_folder
from pipeline.core.errors import GateFailed
from pipeline.core.exit_status import COULD_NOT, DONE, NEEDS_LOOK
from pipeline.core.store import Home, hold_lock
from pipeline.query.published import Release, find_last_successful, find_latest
from pipeline.query.release_pointers import is_rolled_back
from pipeline.release import cache, stages
from pipeline.release.changed_inputs import describe_changed_inputs
from pipeline.release.ingest import IngestResult, ingest
from pipeline.release.inputs import Inputs, check_vocabularies, gather_inputs
from pipeline.release.losses import check_accepted, check_nothing_lost
from pipeline.release.publish import clear_failure, record_failure
from pipeline.release.publish.move_pointers import record_success
from pipeline.release.sweep_home import sweep_home

__all__ = [
    "IngestResult",
    "Inputs",
    "RefreshOutcome",
    "check_vocabularies",
    "gather_inputs",
    "ingest",
    "list_sources",
    "refresh",
    "refresh_locked",
]

T = TypeVar("T")
STAYS = "it stays so until the inputs change, or `payproof rollback` is used again."


@dataclass(frozen=True)
class RefreshOutcome:
    """What a refresh came to.

    Args:
        release: The latest release; None where there is none yet.
        unchanged: Nothing had changed, so nothing was parsed.
        ingested: One for each source, in order.
        failure: Why no new release was published; "" where one was.
        notes: What else a person may want to know.
        notices: Rulings and corrections that a person must look at.
        held_back: No release was made because part of the last one is lost.
        asked: What asking the publishers brought, where the caller asked any.
    """

    release: Release | None
    unchanged: bool
    ingested: tuple[IngestResult, ...]
    failure: str = ""
    notes: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    held_back: bool = False
    asked: tuple[CollectResult, ...] = ()

    @property
    def errors(self) -> list[str]:
        """Everything that a person must look at, one sentence each."""
        errors = [error for one in self.ingested for error in one.errors]
        return [*errors, *self.notices, *([self.failure] if self.failure else [])]

    @property
    def status(self) -> int:
        """How the run ends, the command and the flow alike.

        Where a publisher did not answer, the release is whole, made of the last good
        snapshots; a person must hear of it all the same.
        """
        if self.failure or self.release is None:
            return NEEDS_LOOK if self.held_back else COULD_NOT
        wrong = self.errors or any(one.errors for one in self.asked)
        return NEEDS_LOOK if wrong else DONE

    @property
    def traces(self) -> list[str]:
        """Of those errors that are mistakes of our own code: sentence and frames."""
        return list_traces(self.ingested)


def refresh(
    home: Home, *, as_of: str = "", accept_missing: Sequence[str] = ()
) -> RefreshOutcome:
    """Make a release of raw/ and publish it, when something has changed.

    Args:
        home: Where raw/ and curated/ are.
        as_of: Last ISO day that counts of raw/; "" for all.
        accept_missing: Ids of sources that the new release may lack, in whole or in
            part, though the last one has them.

    Raises:
        NotFound: A source that may be missing is neither known nor in the last release.
    """
    with hold_lock(home.curated / ".lock"):
        return refresh_locked(home, as_of=as_of, accept_missing=accept_missing)


def call_directly(work: Callable[..., T], *args: Any) -> T:
    """Call a stage in this process; the Prefect flow passes its own way of calling."""
    return work(*args)


def read_sources(inputs: Inputs) -> tuple[IngestResult, ...]:
    """Read every source in this process; the Prefect flow passes its own way."""
    return tuple(ingest(inputs, source) for source in list_sources(inputs))


def refresh_locked(
    home: Home,
    call: Any = call_directly,
    read: Callable[[Inputs], tuple[IngestResult, ...]] | None = None,
    *,
    as_of: str = "",
    accept_missing: Sequence[str] = (),
) -> RefreshOutcome:
    """Make a release as `refresh` does, for a caller that holds the lock of curated/.

    What could not be read before is tried again at each run: a cause outside of the
    inputs may be gone.

    Args:
        home: Where raw/ and curated/ are.
        call: How each stage is called: `call(work, *args)`.
        read: How the sources are read, where something has changed; None: here.
        as_of: As `refresh`.
        accept_missing: As `refresh`.
    """
    sweep_home(home)
    inputs = gather_inputs(home, as_of=as_of)
    check_accepted(home, accept_missing)
    if (existing := standing_release(inputs)) is not None:
        # The cache is not synced: after a loss of power it may be cut, and nobody
        # else looks at it until something changes.
        cache.drop_all_damaged(home)
        return existing
    check_vocabularies(inputs.vocabulary)
    ingested = (read or read_sources)(inputs)
    sentences = tuple(text for one in ingested for text in (*one.notes, *one.errors))
    inputs = replace(inputs, said=sentences)
    if (existing := standing_release(inputs, ingested)) is not None:
        return existing
    try:
        # What had not come by that day is not lost.
        if not as_of:
            check_nothing_lost(inputs, accept_missing)
    except GateFailed as error:
        record_failure(home, "ingest", error, list_traces(ingested))
        return RefreshOutcome(
            find_latest(home), False, ingested, str(error), held_back=True
        )
    notes = describe_changed_inputs(inputs, find_latest(home))
    return replace(run_stages(inputs, ingested, call), notes=notes)


def standing_release(
    inputs: Inputs, ingested: tuple[IngestResult, ...] | None = None
) -> RefreshOutcome | None:
    """Return the outcome of a run whose release is there already, else None.

    Pointers that a killed run left apart are brought together.

    Args:
        inputs: Of the run.
        ingested: Results of reading the inputs; None before they were read.
    """
    home, read = inputs.home, ingested is not None
    latest, made = find_latest(home), find_last_successful(home)
    decided = (
        latest is not None
        and made is not None
        and is_rolled_back(home, made.name, latest.name)
    )
    # The release of these inputs was made and a person rolled it back: making it again
    # would undo that decision without asking.
    if latest and made and decided and is_current(inputs, made, read=read):
        why = f"{made.name} was rolled back to {latest.name}; {STAYS}"
        results = ingested or repeat_ingest_results(inputs, latest)
        return RefreshOutcome(latest, True, results, notes=(why,))
    for release in {one.name: one for one in (latest, made) if one}.values():
        if not is_current(inputs, release, read=read):
            continue
        if not decided:
            record_success(home, release.name)
        clear_failure(home)
        # A killed run may have made all of it, and synced none of the names.
        sync_folder(home.curated)
        results = ingested or repeat_ingest_results(inputs, release)
        return RefreshOutcome(release, True, results, notices=list_notices(release))
    return None


def run_stages(
    inputs: Inputs, ingested: tuple[IngestResult, ...], call: Any
) -> RefreshOutcome:
    """Make a release of cached claims; a failure leaves the last good one in place.

    Args:
        inputs: Of the run, read.
        ingested: Results of reading them.
        call: How each stage is called: `call(work, *args)`.
    """
    stage = "normalise"
    try:
        drafted = call(stages.normalise_claims, inputs)
        stage = "validate"
        valid = call(stages.validate_draft, inputs, drafted)
        stage = "reconcile"
        contents = call(stages.reconcile_figures, inputs, drafted, valid)
        stage = "report"
        report = call(stages.make_report_pages, inputs, contents, ingested)
        stage = "publish"
        release = call(stages.publish_release, inputs, contents, report)
    except GateFailed as error:
        record_failure(inputs.home, stage, error, list_traces(ingested))
        return RefreshOutcome(find_latest(inputs.home), False, ingested, str(error))
    # A mistake of our code and no gate: whoever corrects it needs the traceback.
    except Exception as error:
        record_failure(inputs.home, stage, error, list_traces(ingested))
        raise
    return RefreshOutcome(release, False, ingested, notices=list_notices(release))


def list_traces(ingested: Sequence[IngestResult]) -> list[str]:
    """List the traces of errors that are mistakes of our own code."""
    return [trace for one in ingested for trace in one.traces]


def list_notices(release: Release) -> tuple[str, ...]:
    """List what a person must look at among rulings and corrections."""
    notes = release.manifest["notes"]
    return tuple(t for of, kind, t in notes if (of, kind) == (stages.RULINGS, "error"))


def is_current(inputs: Inputs, latest: Release, *, read: bool) -> bool:
    """Tell whether the release was made of exactly these inputs, and is whole.

    Args:
        inputs: Of the run.
        latest: The release.
        read: The inputs were read. Before that, a release that could not read all of
            them is never current: this run may be able to.
    """
    if latest.manifest.get("key") != inputs.key:
        return False
    same = latest.name == inputs.release if read else not latest.manifest.get("unread")
    # Every file is read: a release that lies here damaged is made again.
    return same and not latest.find_damage()


def list_sources(inputs: Inputs) -> list[str]:
    """List the ids of sources that have snapshots or faults, sorted."""
    return sorted({file[0].source for file in inputs.files} | set(inputs.faults))


def repeat_ingest_results(inputs: Inputs, latest: Release) -> tuple[IngestResult, ...]:
    """Return the ingest results of a release that is current, when nothing was parsed.

    Its notes and errors come from the manifest: what a person had to look at when the
    release was made is still there to look at.
    """
    notes = latest.manifest["notes"]

    def list_texts(source: str, kind: str) -> tuple[str, ...]:
        return tuple(text for of, what, text in notes if (of, what) == (source, kind))

    return tuple(
        IngestResult(
            source,
            len(inputs.list_files(source)),
            notes=list_texts(source, "note"),
            errors=list_texts(source, "error"),
            traces=tuple(latest.manifest.get("traces", {}).get(source, ())),
        )
        for source in list_sources(inputs)
    )
