"""`payproof sources`."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.cli import DONE, LOOK, printable
from pipeline.cli.words import columns
from pipeline.errors import NotFound
from pipeline.model import Payload, Snapshot, Source
from pipeline.snapshot import Archive
from pipeline.sources import SOURCES
from pipeline.store import Home, find_home


@dataclass(frozen=True)
class Kept:
    """A file to keep, as the command line gives it."""

    file: Path | None
    parts: list[Path]
    edition: str | None
    url: str


def run(action: str, source: str | None, kept: Kept) -> int:
    """List, diagnose or keep."""
    if action == "list" and source is None:
        return listed()
    if action == "doctor":
        return doctor(known(source))
    if action == "keep":
        return keep(known(source), kept)
    raise NotFound("Action", action, "Known: list, doctor ID, keep ID FILE.")


def known(source: str | None) -> Source:
    """The source of that id.

    Raises:
        NotFound: There is none; the ids are listed.
    """
    if source is None or source not in SOURCES:
        ids = ", ".join(sorted(SOURCES))
        raise NotFound("Source", source or "", f"Known: {ids}.")
    return SOURCES[source]


def listed() -> int:
    """One line per source."""
    archive = Archive(find_home().raw)
    rows = [
        (s.id, s.publisher, s.kind, s.pay_basis, s.cadence,
         "yes" if s.automated else "by hand", len(archive.of(s.id)))
        for _, s in sorted(SOURCES.items())
    ]  # fmt: skip
    heads = (
        "id",
        "publisher",
        "kind",
        "pay basis",
        "cadence",
        "automated",
        "snapshots",
    )
    for line in columns(rows, heads):
        print(line)
    return DONE


def doctor(source: Source) -> int:
    """What a source is, what is stored of it, and whether it can be read."""
    from pipeline.run import begin, ingest

    inputs = begin(find_home())
    found = ingest(inputs, source.id)
    print(printable(f"{source.title} ({source.publisher})"))
    print(printable(f"  measures    {source.measures}"))
    print(printable(f"  population  {source.population}"))
    print(printable(f"  licence     {source.licence}"))
    for s in (version for file in inputs.of(source.id) for version in file):
        print(printable(f"  {s.edition:8} {s.id} {s.capture:8} {s.retrieved} {s.name}"))
    for line in (*found.notes, *found.errors):
        print(printable(f"  ! {line}"))
    print(f"  {found.snapshots} snapshots, {found.claims:,} claims")
    return LOOK if found.errors or found.notes else DONE


def readable(home: Home, payload: Payload, wanted: Kept) -> None:
    """Parse the file before it is kept: what cannot be read leaves raw/ as it is.

    Raises:
        PayproofError: As the source's `parse`.
    """
    from pipeline.sources import module
    from pipeline.store import sha256_of
    from pipeline.vocabulary import load

    assert wanted.file is not None
    snapshot = Snapshot(
        payload.source,
        payload.edition,
        sha256_of(wanted.file),
        wanted.file,
        payload.media_type,
        payload.capture,
        payload.retrieved,
        parts={path.name: path for path in wanted.parts},
        name=payload.name,
    )
    module(payload.source).parse(snapshot, load(home.vocabularies))


def keep(source: Source, wanted: Kept) -> int:
    """Store a page that a person saved, with the same provenance as a fetch."""
    from pipeline.fetch import given

    if wanted.file is None:
        raise NotFound("File", "", "Give it: payproof sources keep ID FILE.")
    today = datetime.now(tz=UTC).date().isoformat()
    payload = given(
        wanted.file,
        source,
        edition=wanted.edition or today[:7],
        today=today,
        url=wanted.url,
        parts={path.name: path for path in wanted.parts},
    )
    home = find_home()
    readable(home, payload, wanted)
    kept = Archive(home.raw).keep(payload, licence=source.licence)
    print(printable(f"{kept.name} kept as {kept.source}/{kept.edition}-{kept.id}."))
    return DONE
