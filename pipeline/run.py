"""The order of the stages: up to raw/, from raw/ to curated/, and for one page.

Left of raw/ are the network and the clock; right of it everything is a function of
files: the same snapshots, vocabularies and code give the same release, name included.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline import cache
from pipeline.errors import GateFailed
from pipeline.ingest import Ingested, ingest
from pipeline.inputs import Inputs, begin
from pipeline.normalise import normalise
from pipeline.publish import Contents, Release, current, fail, publish
from pipeline.reconcile import PAGES, Curation, reconcile
from pipeline.report import render
from pipeline.sources import SOURCES, module
from pipeline.store import Home, lock
from pipeline.tables import checked, shaped
from pipeline.validate import nothing_broken, validate
from pipeline.vocabulary import Vocabulary
from schemas import Claims, Figures, Rejects

__all__ = [
    "Drafted",
    "Ingested",
    "Inputs",
    "Outcome",
    "begin",
    "curate",
    "drafted",
    "every_source",
    "finish",
    "ingest",
    "is_current",
    "published",
    "reconciled",
    "refresh",
    "reused",
]

T = TypeVar("T")


@dataclass(frozen=True)
class Drafted:
    """Claims and what `normalise` and `validate` made of them."""

    claims: DataFrame[Claims]
    draft: pl.DataFrame
    figures: DataFrame[Figures]
    rejects: DataFrame[Rejects]


@dataclass(frozen=True)
class Outcome:
    """What a refresh came to.

    Args:
        release: The latest release; None where there is none yet.
        unchanged: Nothing had changed, so nothing was parsed.
        ingested: One for each source, in order.
        failure: Why no new release was published; "" where one was.
    """

    release: Release | None
    unchanged: bool
    ingested: tuple[Ingested, ...]
    failure: str = ""

    @property
    def errors(self) -> list[str]:
        """Everything that a person must look at."""
        said = [error for one in self.ingested for error in one.errors]
        return [*said, *([self.failure] if self.failure else [])]


def drafted(inputs: Inputs) -> Drafted:
    """Claims of every snapshot in the cache, normalised and validated."""
    claims = gather(inputs)
    editions = {s.id: s.edition for s in inputs.snapshots}
    draft = normalise(claims, inputs.vocabulary, editions)
    figures, rejects = validate(
        draft, broken(claims, inputs.vocabulary), inputs.vocabulary
    )
    return Drafted(claims, draft, figures, rejects)


def gather(inputs: Inputs) -> DataFrame[Claims]:
    """The cached claims of the inputs, in a total order."""
    paths = [cache.path_of(inputs.home, s, inputs.vocabulary) for s in inputs.snapshots]
    frames = [cache.read(path) for path in paths if path.is_file()]
    if not frames:
        return checked(Claims, shaped(Claims, []))
    return checked(Claims, pl.concat(frames).sort("source", "snapshot", "claim_id"))


def broken(claims: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Rows that break a rule of their own source, where its module states any."""
    found = [nothing_broken()]
    for source in sorted(claims["source"].unique()):
        rules = getattr(module(source), "broken", None) if source in SOURCES else None
        if rules is not None:
            own = claims.filter(pl.col("source") == source)
            found.append(rules(own, vocabulary).select(found[0].columns))
    return pl.concat(found)


def reconciled(inputs: Inputs, drafts: Drafted) -> Curation:
    """Settle what the figures say; the pages' own figures are held to account."""
    pages = drafts.claims.filter(pl.col("structure").is_in(PAGES))
    return reconcile(
        drafts.figures,
        drafts.draft.join(pages.select("claim_id"), on="claim_id", how="semi"),
        inputs.vocabulary,
        retrieved={s.id: s.retrieved for s in inputs.snapshots},
        files={s.id: s.name or s.path.name for s in inputs.snapshots},
    )


def published(
    inputs: Inputs,
    drafts: Drafted,
    curation: Curation,
    ingested: tuple[Ingested, ...],
) -> Release:
    """Render the report, write the release, pass the gates, move `latest`."""
    contents = Contents(
        claims=drafts.claims,
        figures=curation.figures,
        rejects=drafts.rejects,
        salaries=curation.salaries,
        provenance=curation.provenance,
        discrepancies=curation.discrepancies,
    )
    notes = [
        (one.source, kind, text)
        for one in ingested
        for kind, texts in (("note", one.notes), ("error", one.errors))
        for text in texts
    ]
    manifest = cache.manifest(
        inputs.snapshots, inputs.key, inputs.home, contents, notes
    )
    pages = render(inputs.release, manifest, contents.frames(), inputs.vocabulary)
    return publish(
        inputs.home, inputs.release, contents, manifest, pages, inputs.vocabulary
    )


def refresh(home: Home) -> Outcome:
    """Everything from raw/ to curated/latest, when something has changed."""
    with lock(home.curated / ".lock"):
        return curate(home)


def curate(home: Home, call: Any = None) -> Outcome:
    """The same for a caller that holds the lock of curated/.

    Args:
        home: Where raw/ and curated/ are.
        call: How each stage is called: `call(work, *args)`.
    """
    inputs = begin(home)
    latest = current(home)
    if latest is not None and is_current(inputs, latest):
        return Outcome(latest, unchanged=True, ingested=reused(inputs, latest))
    ingested = tuple(ingest(inputs, source) for source in every_source(inputs))
    return finish(inputs, ingested, call or directly)


def directly(work: Callable[..., T], *args: Any) -> T:
    """Do the work here and now; an orchestrator has its own way."""
    return work(*args)


def finish(
    inputs: Inputs, ingested: tuple[Ingested, ...], call: Any = directly
) -> Outcome:
    """From the cache to a release; a failure leaves the last good one in place.

    Args:
        inputs: What the release is a function of.
        ingested: One for each source.
        call: How each stage is called: `call(work, *args)`.
    """
    stage = "validate"
    try:
        drafts = call(drafted, inputs)
        stage = "reconcile"
        curation = call(reconciled, inputs, drafts)
        stage = "publish"
        release = call(published, inputs, drafts, curation, ingested)
    except GateFailed as error:
        fail(inputs.home, stage, error)
        return Outcome(current(inputs.home), False, ingested, str(error))
    except Exception as error:
        fail(inputs.home, stage, error)
        raise
    return Outcome(release, unchanged=False, ingested=ingested)


def is_current(inputs: Inputs, latest: Release) -> bool:
    """The release was made of exactly these inputs, and is whole."""
    return latest.manifest.get("key") == inputs.key and all(
        (latest.folder / name).is_file() for name in latest.manifest["files"]
    )


def every_source(inputs: Inputs) -> list[str]:
    """Sources that have snapshots or faults, sorted."""
    return sorted({s.source for s in inputs.snapshots} | set(inputs.faults))


def reused(inputs: Inputs, latest: Release) -> tuple[Ingested, ...]:
    """What a refresh says of sources when nothing was parsed.

    What a person had to look at when the release was made is still so.
    """
    standing = [tuple(note) for note in latest.manifest["notes"]]
    return tuple(
        Ingested(
            source,
            len(inputs.of(source)),
            notes=tuple(text for of, kind, text in standing
                        if of == source and kind == "note"),
            errors=tuple(text for of, kind, text in standing
                         if of == source and kind == "error"),
        )
        for source in every_source(inputs)
    )  # fmt: skip
