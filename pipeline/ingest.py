"""Snapshots to cached claims: a snapshot is parsed once, by one version of the code."""

from dataclasses import dataclass

from pipeline import cache
from pipeline.errors import PayproofError
from pipeline.inputs import Inputs
from pipeline.model import Snapshot
from pipeline.sources import SOURCES, module


@dataclass(frozen=True)
class Ingested:
    """What came of one source: claims in the cache, and what went wrong."""

    source: str
    snapshots: int = 0
    parsed: int = 0
    claims: int = 0
    notes: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


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
