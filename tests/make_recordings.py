"""File the recordings of sources by digest, and write what they say.

    python tests/make_recordings.py [SOURCE] [--url ADDRESS]

A recording is a card and a body below `tests/raw/<source>/`. To change one, change its
body and run this: it is filed again under its new digest, with the facts of its card.
A new one is put down as `tests/raw/<source>/<edition>-draft/<name>`, and `--url` says
where the publisher has such a page; one of a name that is there takes its place. What
the source's module reads from each is written to `tests/expected/<source>/<name>.csv`:
look at the difference before you commit it, since that is what the tests then hold the
module to. Running it again changes nothing.

The words and the figures of recordings are made up, or facts that others quote; only
their layouts are those of the publishers. They stay out of `raw/`, so that no release
holds a made-up figure.
"""

import argparse
import csv
import hashlib
import io
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.archive.snapshot import Archive
from pipeline.core import media
from pipeline.core.errors import PayproofError
from pipeline.core.model import Payload, Snapshot
from pipeline.core.source_fields import UNFILLED
from pipeline.core.vocabulary import open_vocabulary
from pipeline.sources import import_source

TESTS = Path(__file__).parent
RETRIEVED = "2026-11-01"
LICENCE = "Written for this project"
NOTE = "A recording: the layout is the publisher's, words and figures are made up."
SHOWN = (
    *("locator", "quote", "kind", "measure", "value", "low", "high", "availability"),
    *("currency", "period", "pay_basis", "statistic", "occupation", "soc", "area"),
    *("area_code", "area_level", "credential", "credential_count", "experience_min"),
    *("experience_max", "experience_label", "specialty", "employer_type", "work_mode"),
    *("education", "industry", "attributed_to", "reference_period"),
)


@dataclass(frozen=True)
class Recording:
    """What a recording stands for; `name` is unique within its source."""

    source: str
    edition: str
    name: str
    url: str = ""
    parts: tuple[str, ...] = ()


def find_recordings(raw: Path) -> tuple[Recording, ...]:
    """Read which recordings there are from their cards, in order."""
    archive = Archive(raw)
    filed = (
        s for source in archive.list_sources() for s in archive.survey_source(source)[0]
    )
    found = [Recording(s.source, s.edition, s.name, s.url, (*s.parts,)) for s in filed]
    return tuple(sorted(found, key=lambda r: (r.source, r.edition, r.name)))


RECORDINGS = find_recordings(TESTS / "raw")


def kept(recording: Recording, raw: Path) -> Snapshot:
    """Find a recording where it is filed."""
    snapshots, _ = Archive(raw).survey_source(recording.source)
    return next(s for s in snapshots if s.name == recording.name)


def file_drafts(source: str, raw: Path, url: str) -> None:
    """File each draft of a source; what was there by its name goes."""
    for folder in sorted((raw / source).glob("*-draft*")):
        edition = folder.name.partition("-draft")[0]
        for path in sorted(folder.iterdir()):
            named = [r for r in find_recordings(raw) if r.source == source]
            there = [r for r in named if r.name == path.name]
            address = url or (there[0].url if there else "")
            if not address:
                raise SystemExit(f"{path}: say where such a page is with --url.")
            old = kept(there[0], raw) if there else None
            file_body(path, Recording(source, edition, path.name, address), raw, old)
        shutil.rmtree(folder)


def file_changed(source: str, raw: Path) -> None:
    """File each recording anew whose body is not the one on its card."""
    for snapshot in Archive(raw).survey_source(source)[0]:
        if hashlib.sha256(snapshot.read_body()).hexdigest() != snapshot.sha256:
            named = (r for r in find_recordings(raw) if r.source == source)
            recording = next(r for r in named if r.name == snapshot.name)
            file_body(snapshot.path, recording, raw, snapshot)


def file_body(
    path: Path, recording: Recording, raw: Path, old: Snapshot | None
) -> None:
    """File a body under its digest; the older recording of its name goes."""
    payload = Payload(
        source=recording.source,
        edition=recording.edition,
        name=recording.name,
        body=path.read_bytes(),
        media_type=media.guess_media_type(recording.name),
        capture="made",
        retrieved=old.retrieved if old else RETRIEVED,
        url=recording.url,
        parts={name: part.read_bytes() for name, part in old.parts.items()}
        if old
        else {},
    )
    snapshot = Archive(raw).keep(payload, licence=LICENCE, note=NOTE, again=True)
    if old and old.path.parent != snapshot.path.parent:
        shutil.rmtree(old.path.parent)


def said(snapshot: Snapshot) -> pl.DataFrame:
    """What a source's module reads from a recording, as texts, in a total order."""
    words = open_vocabulary(TESTS.parent / "vocabularies")
    claims = import_source(snapshot.source).parse(snapshot, words)
    texts = claims.select("claim_id", pl.col(SHOWN).cast(pl.String))
    return texts.sort("claim_id").drop("claim_id")


def expected(source: str, name: str) -> Path:
    """Where it is written what a recording says."""
    return TESTS / "expected" / source / f"{name}.csv"


def as_csv(frame: pl.DataFrame) -> str:
    """Rows as CSV, without the columns that are empty throughout."""
    told = [c for c in frame.columns if frame[c].null_count() < frame.height]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(told)
    writer.writerows(frame.select(told).iter_rows())
    return out.getvalue()


def write_expected(recording: Recording, raw: Path) -> Path:
    """Write what a recording says to its expectation."""
    snapshot = kept(recording, raw)
    if UNFILLED.encode() in snapshot.read_body():
        raise SystemExit(f"{snapshot.path}: still to be filled in.")
    path = expected(recording.source, recording.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_csv(said(snapshot)), encoding="utf-8")
    return path


def main(arguments: list[str] | None = None, raw: Path = TESTS / "raw") -> None:
    """File recordings, and write what they say."""
    parser = argparse.ArgumentParser(description="File recordings of sources.")
    parser.add_argument("source", nargs="?", help="all of them if not said")
    parser.add_argument("--url", default="", help="where new drafts are from")
    wanted = parser.parse_args(arguments)
    for source in [wanted.source] if wanted.source else Archive(raw).list_sources():
        file_drafts(source, raw, wanted.url)
        file_changed(source, raw)
    for recording in find_recordings(raw):
        if wanted.source in (None, recording.source):
            path = write_expected(recording, raw)
            print(path.relative_to(TESTS), file=sys.stderr)


if __name__ == "__main__":
    try:
        main()
    except PayproofError as error:
        raise SystemExit(str(error)) from error
