"""Snapshots to cached claims: a snapshot is parsed once, by one version of the code."""

from dataclasses import dataclass

from pandera.errors import SchemaErrors
from polars.exceptions import PolarsError

from pipeline import cache
from pipeline.errors import Damaged, PayproofError
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

    Bytes that cannot be read are an error of that file alone; its last good version
    stays current, and the other files go on.
    """
    files = inputs.of(source)
    parsed = claims = 0
    notes: list[str] = []
    errors = list(inputs.faults.get(source, ()))
    for file in files:
        for snapshot in file:
            try:
                fresh, rows = parse(inputs, snapshot)
            except PayproofError as error:
                errors.append(str(error))
                continue
            if snapshot is not file[0]:
                errors[-1] += f" {snapshot.edition}-{snapshot.id} stays current."
            parsed, claims = parsed + fresh, claims + rows
            notes += out_of_bounds(snapshot, rows)
            break
    return Ingested(source, len(files), parsed, claims, tuple(notes), tuple(errors))


def parse(inputs: Inputs, snapshot: Snapshot) -> tuple[bool, int]:
    """Put a snapshot's claims into the cache; whether it was parsed, and how many."""
    path = inputs.claims_of(snapshot)
    if path.is_file():
        return False, cache.height(path)
    try:
        claims = module(snapshot.source).parse(snapshot, inputs.vocabulary)
    except (PolarsError, SchemaErrors) as error:
        # A fault of ours in one file must not take the other sources with it.
        why = f"its claims break their own schema ({str(error)[:200]})"
        raise Damaged(f"{snapshot.source} {snapshot.edition}", why) from error
    cache.keep(path, claims)
    return True, claims.height


def out_of_bounds(snapshot: Snapshot, rows: int) -> list[str]:
    """A note where a snapshot has fewer or more claims than a healthy one."""
    fewest, most = SOURCES[snapshot.source].rows
    if fewest <= rows <= most:
        return []
    return [f"{snapshot.edition}: {rows} claims, not {fewest} to {most}"]
