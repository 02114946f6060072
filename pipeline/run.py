"""The order of the stages: up to raw/, from raw/ to curated/, and for one page.

Left of raw/ are the network and the clock; right of it everything is a function of
files: the same snapshots, vocabularies and code give the same release, name included.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline import cache
from pipeline.errors import GateFailed, NotFound, PayproofError
from pipeline.model import Snapshot
from pipeline.normalise import normalise
from pipeline.publish import Contents, Release, current, fail, publish
from pipeline.reconcile import PAGES, Curation, reconcile
from pipeline.report import render
from pipeline.snapshot import Archive
from pipeline.sources import SOURCES, module
from pipeline.store import Home, lock
from pipeline.tables import checked, shaped
from pipeline.validate import nothing_broken, validate
from pipeline.vocabulary import Vocabulary, load
from schemas import Claims, Figures, Rejects

T = TypeVar("T")


@dataclass(frozen=True)
class Inputs:
    """All that a release is a function of.

    Args:
        home: Where the files are.
        vocabulary: Opened, not read.
        snapshots: The newest of each file, by source, edition and digest.
        key: 64 hex digits over snapshots, vocabularies and code.
        faults: Sources whose cards cannot be read: id to what is wrong.
    """

    home: Home
    vocabulary: Vocabulary
    snapshots: tuple[Snapshot, ...]
    key: str
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def release(self) -> str:
        """Id of the release: the day of the newest snapshot, and the key."""
        day = max((s.retrieved for s in self.snapshots), default="empty")
        return f"{day[:10]}-{self.key[:8]}"

    def of(self, source: str) -> list[Snapshot]:
        """The snapshots of one source."""
        return [s for s in self.snapshots if s.source == source]


@dataclass(frozen=True)
class Ingested:
    """What came of one source: claims in the cache, and what went wrong."""

    source: str
    snapshots: int = 0
    parsed: int = 0
    claims: int = 0
    notes: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


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


def begin(home: Home) -> Inputs:
    """Look at what there is: cards, vocabularies and code, but no body."""
    archive, vocabulary = Archive(home.raw), load(home.vocabularies)
    snapshots: list[Snapshot] = []
    faults: dict[str, str] = {}
    for source in archive.sources():
        try:
            known = source in SOURCES
            if not known:
                faults[source] = str(unknown(source))
            snapshots += archive.latest(source) if known else []
        except PayproofError as error:
            faults[source] = str(error)
    key = cache.key([s.sha256 for s in snapshots], vocabulary)
    return Inputs(home, vocabulary, tuple(snapshots), key, faults)


def unknown(source: str) -> NotFound:
    """A folder or a name that no source module answers to."""
    return NotFound(
        "Source", source, f"Known: {', '.join(sorted(SOURCES))}. See pipeline/sources/."
    )


def ingest(inputs: Inputs, source: str) -> Ingested:
    """Parse the snapshots of one source that the cache does not hold.

    A snapshot that cannot be read is set aside with its error; the others go on.
    """
    snapshots = inputs.of(source)
    parsed = claims = 0
    notes: list[str] = []
    errors = [inputs.faults[source]] if source in inputs.faults else []
    for snapshot in snapshots:
        try:
            fresh, rows = parse(inputs, snapshot)
        except PayproofError as error:
            errors.append(str(error))
            continue
        parsed += fresh
        claims += rows
        fewest, most = SOURCES[source].rows
        if not fewest <= rows <= most:
            notes.append(
                f"{source} {snapshot.edition}: {rows} claims, not {fewest} to {most}"
            )
    return Ingested(source, len(snapshots), parsed, claims, tuple(notes), tuple(errors))


def parse(inputs: Inputs, snapshot: Snapshot) -> tuple[bool, int]:
    """Put a snapshot's claims into the cache; whether it was parsed, and how many."""
    path = cache.path_of(inputs.home, snapshot, inputs.vocabulary)
    if path.is_file():
        return False, cache.height(path)
    source = module(snapshot.source)
    claims = source.parse(snapshot, inputs.vocabulary)
    cache.keep(path, claims)
    return True, claims.height


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
    notes = [note for one in ingested for note in (*one.notes, *one.errors)]
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
        inputs = begin(home)
        latest = current(home)
        if is_current(inputs, latest):
            return Outcome(latest, unchanged=True, ingested=reused(inputs))
        ingested = tuple(ingest(inputs, source) for source in every_source(inputs))
        return finish(inputs, ingested)


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


def is_current(inputs: Inputs, latest: Release | None) -> bool:
    """The latest release was made of exactly these inputs, and is whole."""
    return (
        latest is not None
        and latest.manifest.get("key") == inputs.key
        and all((latest.folder / f).is_file() for f in latest.manifest["files"])
    )


def every_source(inputs: Inputs) -> list[str]:
    """Sources that have snapshots or faults, sorted."""
    return sorted({s.source for s in inputs.snapshots} | set(inputs.faults))


def reused(inputs: Inputs) -> tuple[Ingested, ...]:
    """What a refresh says of sources when nothing was parsed."""
    return tuple(
        Ingested(source, len(inputs.of(source)), 0, 0, (), faults_of(inputs, source))
        for source in every_source(inputs)
    )


def faults_of(inputs: Inputs, source: str) -> tuple[str, ...]:
    """What is wrong with a source's cards, if anything."""
    fault = inputs.faults.get(source)
    return (fault,) if fault else ()


def home_of(path: Path) -> Home:
    """A home at a given folder, for tests and flows."""
    return Home(path)
