"""The order of the stages: from raw/ to curated/latest.

Left of raw/ are the network and the clock; right of it everything is a function of
files: the same snapshots, vocabularies and code give the same release, name included.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pipeline import stages
from pipeline.core.errors import GateFailed
from pipeline.core.store import Home, hold_lock
from pipeline.ingest import Ingested, ingest
from pipeline.inputs import Inputs, begin
from pipeline.publish import fail
from pipeline.query.published import Release, find_last_successful, find_latest

__all__ = [
    "Ingested",
    "Inputs",
    "Outcome",
    "begin",
    "curate",
    "every_source",
    "ingest",
    "refresh",
]

T = TypeVar("T")
STAYS = "it stays so until the inputs change, or `payproof rollback` is used again."


@dataclass(frozen=True)
class Outcome:
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
    ingested: tuple[Ingested, ...]
    failure: str = ""
    notes: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def errors(self) -> list[str]:
        """Everything that a person must look at."""
        said = [error for one in self.ingested for error in one.errors]
        return [*said, *self.notices, *([self.failure] if self.failure else [])]


def refresh(home: Home, *, as_of: str = "") -> Outcome:
    """Everything from raw/ to curated/latest, when something has changed.

    Args:
        home: Where raw/ and curated/ are.
        as_of: Last ISO day that counts of raw/; "" for all.
    """
    with hold_lock(home.curated / ".lock"):
        return curate(home, as_of=as_of)


def directly(work: Callable[..., T], *args: Any) -> T:
    """Do the work here and now; an orchestrator has its own way."""
    return work(*args)


def curate(home: Home, call: Any = directly, *, as_of: str = "") -> Outcome:
    """The same for a caller that holds the lock of curated/.

    Args:
        home: Where raw/ and curated/ are.
        call: How each stage is called: `call(work, *args)`.
        as_of: As `refresh`.
    """
    inputs = begin(home, as_of=as_of)
    latest = find_latest(home)
    if latest is not None and is_current(inputs, latest):
        return Outcome(latest, unchanged=True, ingested=reused(inputs, latest),
                       notices=noticed(latest))  # fmt: skip
    made = find_last_successful(home)
    if latest is not None and made is not None and is_current(inputs, made):
        why = f"{made.name} was rolled back to {latest.name}; {STAYS}"
        return Outcome(latest, True, reused(inputs, latest), notes=(why,))
    ingested = tuple(ingest(inputs, source) for source in every_source(inputs))
    return finish(inputs, ingested, call)


def finish(inputs: Inputs, ingested: tuple[Ingested, ...], call: Any) -> Outcome:
    """From the cache to a release; a failure leaves the last good one in place."""
    stage = "normalise"
    try:
        none_lost(inputs, find_latest(inputs.home))
        drafted = call(stages.normalised, inputs)
        stage = "validate"
        valid = call(stages.validated, inputs, drafted)
        stage = "reconcile"
        contents = call(stages.reconciled, inputs, drafted, valid)
        stage = "report"
        said = call(stages.reported, inputs, contents, ingested)
        stage = "publish"
        release = call(stages.published, inputs, contents, said)
    except GateFailed as error:
        fail(inputs.home, stage, error)
        return Outcome(find_latest(inputs.home), False, ingested, str(error))
    except Exception as error:
        fail(inputs.home, stage, error)
        raise
    return Outcome(release, False, ingested, notices=noticed(release))


def noticed(release: Release) -> tuple[str, ...]:
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


def none_lost(inputs: Inputs, latest: Release | None) -> None:
    """A source of the last release that cannot be read at all any more.

    Raises:
        GateFailed: It would vanish from the data without a word.
    """
    before = {s["source"] for s in latest.manifest["snapshots"]} if latest else set()
    lost = sorted(before - {s.source for s in inputs.readable()})
    if lost:
        why = f"nothing of {', '.join(lost)} can be read any more"
        raise GateFailed("none_lost", why, f"raw/{lost[0]}/")


def every_source(inputs: Inputs) -> list[str]:
    """Sources that have snapshots or faults, sorted."""
    return sorted({file[0].source for file in inputs.files} | set(inputs.faults))


def reused(inputs: Inputs, latest: Release) -> tuple[Ingested, ...]:
    """What a refresh says of sources when nothing was parsed.

    What a person had to look at when the release was made is still so.
    """
    said = latest.manifest["notes"]

    def about(source: str, kind: str) -> tuple[str, ...]:
        return tuple(text for of, what, text in said if (of, what) == (source, kind))

    return tuple(
        Ingested(
            source,
            len(inputs.of(source)),
            notes=about(source, "note"),
            errors=about(source, "error"),
        )
        for source in every_source(inputs)
    )
