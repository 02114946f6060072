"""The order of the stages: from raw/ to curated/latest.

Left of raw/ are the network and the clock; right of it everything is a function of
files: the same snapshots, vocabularies and code give the same release, name included.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pipeline.core.errors import GateFailed
from pipeline.core.store import Home, hold_lock
from pipeline.query.published import Release, find_last_successful, find_latest
from pipeline.release import stages
from pipeline.release.ingest import IngestResult, ingest
from pipeline.release.inputs import Inputs, gather_inputs
from pipeline.release.publish import record_failure

__all__ = [
    "IngestResult",
    "Inputs",
    "RefreshOutcome",
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
    """

    release: Release | None
    unchanged: bool
    ingested: tuple[IngestResult, ...]
    failure: str = ""
    notes: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def errors(self) -> list[str]:
        """Everything that a person must look at."""
        said = [error for one in self.ingested for error in one.errors]
        return [*said, *self.notices, *([self.failure] if self.failure else [])]


def refresh(home: Home, *, as_of: str = "") -> RefreshOutcome:
    """Everything from raw/ to curated/latest, when something has changed.

    Args:
        home: Where raw/ and curated/ are.
        as_of: Last ISO day that counts of raw/; "" for all.
    """
    with hold_lock(home.curated / ".lock"):
        return refresh_locked(home, as_of=as_of)


def call_directly(work: Callable[..., T], *args: Any) -> T:
    """Do the work here and now; an orchestrator has its own way."""
    return work(*args)


def refresh_locked(
    home: Home, call: Any = call_directly, *, as_of: str = ""
) -> RefreshOutcome:
    """The same for a caller that holds the lock of curated/.

    Args:
        home: Where raw/ and curated/ are.
        call: How each stage is called: `call(work, *args)`.
        as_of: As `refresh`.
    """
    inputs = gather_inputs(home, as_of=as_of)
    latest = find_latest(home)
    if latest is not None and is_current(inputs, latest):
        return RefreshOutcome(
            latest,
            unchanged=True,
            ingested=repeat_ingest_results(inputs, latest),
            notices=list_notices(latest),
        )
    made = find_last_successful(home)
    if latest is not None and made is not None and is_current(inputs, made):
        why = f"{made.name} was rolled back to {latest.name}; {STAYS}"
        return RefreshOutcome(
            latest, True, repeat_ingest_results(inputs, latest), notes=(why,)
        )
    ingested = tuple(ingest(inputs, source) for source in list_sources(inputs))
    return run_stages(inputs, ingested, call)


def run_stages(
    inputs: Inputs, ingested: tuple[IngestResult, ...], call: Any
) -> RefreshOutcome:
    """From the cache to a release; a failure leaves the last good one in place."""
    stage = "normalise"
    try:
        check_none_lost(inputs, find_latest(inputs.home))
        drafted = call(stages.normalise_claims, inputs)
        stage = "validate"
        valid = call(stages.validate_draft, inputs, drafted)
        stage = "reconcile"
        contents = call(stages.reconcile_figures, inputs, drafted, valid)
        stage = "report"
        said = call(stages.make_report_pages, inputs, contents, ingested)
        stage = "publish"
        release = call(stages.publish_release, inputs, contents, said)
    except GateFailed as error:
        record_failure(inputs.home, stage, error)
        return RefreshOutcome(find_latest(inputs.home), False, ingested, str(error))
    except Exception as error:
        record_failure(inputs.home, stage, error)
        raise
    return RefreshOutcome(release, False, ingested, notices=list_notices(release))


def list_notices(release: Release) -> tuple[str, ...]:
    """What a person must look at among rulings and corrections."""
    notes = release.manifest["notes"]
    return tuple(t for of, kind, t in notes if (of, kind) == (stages.RULINGS, "error"))


def is_current(inputs: Inputs, latest: Release) -> bool:
    """The release was made of exactly these inputs, and is whole."""
    return latest.manifest.get("key") == inputs.key and all(
        path.is_file() and path.stat().st_size == facts["bytes"]
        for name, facts in latest.manifest["files"].items()
        for path in [latest.folder / name]
    )


def check_none_lost(inputs: Inputs, latest: Release | None) -> None:
    """A source of the last release that cannot be read at all any more.

    Raises:
        GateFailed: It would vanish from the data without a word.
    """
    before = {s["source"] for s in latest.manifest["snapshots"]} if latest else set()
    lost = sorted(before - {s.source for s in inputs.list_readable()})
    if lost:
        why = f"nothing of {', '.join(lost)} can be read any more"
        raise GateFailed("none_lost", why, f"raw/{lost[0]}/")


def list_sources(inputs: Inputs) -> list[str]:
    """Sources that have snapshots or faults, sorted."""
    return sorted({file[0].source for file in inputs.files} | set(inputs.faults))


def repeat_ingest_results(inputs: Inputs, latest: Release) -> tuple[IngestResult, ...]:
    """What a refresh says of sources when nothing was parsed.

    What a person had to look at when the release was made is still so.
    """
    said = latest.manifest["notes"]

    def about(source: str, kind: str) -> tuple[str, ...]:
        return tuple(text for of, what, text in said if (of, what) == (source, kind))

    return tuple(
        IngestResult(
            source,
            len(inputs.list_files(source)),
            notes=about(source, "note"),
            errors=about(source, "error"),
        )
        for source in list_sources(inputs)
    )
