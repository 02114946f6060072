"""Curation to curated/: the only writer there.

A release is built in a folder of its own beside the others, checked by every gate,
renamed, and only then does `curated/latest` move: whatever is killed, and whenever,
`latest` opens. The same inputs make the same release, name included.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.core.store import Home, sha256_of, write_atomically
from pipeline.core.tables import check_frame, make_frame
from pipeline.core.vocabulary import Vocabulary
from pipeline.query.published import (
    Release,
    find_last_successful,
    find_latest,
    find_release,
    open_latest,
)
from pipeline.query.relations import RELATIONS
from pipeline.release.publish import changes, kept_inputs, move_pointers, sqlite_file
from pipeline.release.publish.codebook import render_codebook
from pipeline.release.publish.datapackage import CSV_TABLES, describe_datapackage
from pipeline.release.publish.gates import ReleaseTables, check_keys_resolve, run_gates
from pipeline.release.publish.prov_json import make_prov_document
from pipeline.release.publish.table_files import csv_bytes, parquet_bytes
from schemas import VERSION, Snapshots

__all__ = [
    "Release",
    "ReleaseTables",
    "find_last_successful",
    "find_latest",
    "find_release",
    "locate_changes",
    "open_latest",
    "publish",
    "record_failure",
]

FAILURE, SUMS = "failure.json", "SHA256SUMS"
WARNING = "Some pages behind this release were written for the project."


def publish(
    home: Home,
    name: str,
    contents: ReleaseTables,
    manifest: Mapping[str, Any],
    pages: Mapping[str, bytes],
    vocabulary: Vocabulary,
) -> Release:
    """Write a release and, when every gate holds, make it the latest.

    Args:
        home: Where curated/ is.
        name: Release id, a function of the inputs.
        contents: All tables.
        manifest: Inputs, versions and counts; checksums are added here.
        pages: File name to bytes of the report.
        vocabulary: Anchors that must be present.

    Raises:
        GateFailed: A gate does not hold; nothing moved.
    """
    run_gates(contents, vocabulary)
    frames = contents.frames_by_name() | {"snapshots": make_snapshots_table(manifest)}
    check_keys_resolve(frames)
    building = home.curated / f".building-{name}"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    for path, data in sorted(
        (make_release_files(name, frames, manifest) | dict(pages)).items()
    ):
        write_atomically(building / path, data)
    sqlite_file.write_sqlite(
        building / sqlite_file.FILE, frames, list_release_facts(name, manifest)
    )
    sums = compute_checksums(building)
    lines = [f"{said['sha256']}  {path}\n" for path, said in sums.items()]
    write_atomically(building / SUMS, "".join(lines).encode())
    whole = {**manifest, "release": name, "files": compute_checksums(building)}
    write_json(building / "manifest.json", whole)
    kept_inputs.keep_inputs(
        home, manifest["vocabulary_sha256"], manifest["code_sha256"]
    )
    write_changes(home, find_latest(home), name, frames, manifest)
    final = home.curated / name
    if final.exists():
        shutil.rmtree(home.curated / f".old-{name}", ignore_errors=True)
        final.rename(home.curated / f".old-{name}")
    building.rename(final)
    move_pointers.record_success(home, name)
    (home.curated / FAILURE).unlink(missing_ok=True)
    for rest in [*home.curated.glob(".old-*"), *home.curated.glob(".building-*")]:
        shutil.rmtree(rest, ignore_errors=True)
    return Release(final, whole)


def make_release_files(
    name: str, frames: Mapping[str, pl.DataFrame], manifest: Mapping[str, Any]
) -> dict[str, bytes]:
    """Every file of a release but its pages, its database and its manifest."""
    demonstration = bool(manifest["demonstration"])
    models = {table: RELATIONS[table].model for table in RELATIONS}
    intro = f"# Codebook of release {name}\n\nSchema version {VERSION}.\n"
    return {
        **{f"{t}.parquet": parquet_bytes(frames[t], name) for t in frames},
        **{f"{t}.csv": csv_bytes(frames[t]) for t in CSV_TABLES},
        "codebook.md": f"{intro}\n{render_codebook(models)}".encode(),
        "datapackage.json": describe_datapackage(
            name,
            demonstration=demonstration,
            schema_version=VERSION,
            sources=[snapshot["source"] for snapshot in manifest["snapshots"]],
        ),
        "datasette.json": sqlite_file.describe_for_datasette(
            name, WARNING if demonstration else ""
        ),
        "prov.json": make_prov_document(name, manifest, frames),
    }


def make_snapshots_table(manifest: Mapping[str, Any]) -> DataFrame[Snapshots]:
    """The stored bodies behind a release, as a table."""
    rows = [{**s, "snapshot": s["id"]} for s in manifest["snapshots"]]
    columns = list(Snapshots.to_schema().columns)
    rows = [{c: row[c] for c in columns} for row in rows]
    return check_frame(Snapshots, make_frame(Snapshots, rows).sort("snapshot"))


def list_release_facts(name: str, manifest: Mapping[str, Any]) -> dict[str, str]:
    """What the database says of the release as a whole."""
    said = {"release": name, "schema_version": VERSION, "key": manifest["key"]}
    return said | {"warning": WARNING if manifest["demonstration"] else ""}


def write_changes(
    home: Home,
    old: Release | None,
    name: str,
    frames: Mapping[str, pl.DataFrame],
    manifest: Mapping[str, Any],
) -> None:
    """Beside the releases, not in one: a release does not depend on what was before."""
    if old is None or old.name == name:
        return
    found = changes.find_changes(old.read_frames(), frames)
    said = {
        "old": old.name,
        "new": name,
        "factors": find_changed_inputs(old.manifest, manifest),
    }
    folder = locate_changes(home, old.name, name)
    for path, data in changes.make_change_files(found, said).items():
        write_atomically(folder / path, data)


def find_changed_inputs(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What of the inputs differs: `code`, `vocabularies`, `snapshots`."""
    names = {"code": "code_sha256", "vocabularies": "vocabulary_sha256"}
    found = [n for n, field in names.items() if old.get(field) != new.get(field)]
    before, after = ({s["sha256"] for s in one["snapshots"]} for one in (old, new))
    return found + (["snapshots"] if before != after else [])


def locate_changes(home: Home, old: str, new: str) -> Path:
    """Where the changes from one release to another are kept."""
    return home.curated / "changes" / f"{old}..{new}"


def write_json(path: Path, said: Mapping[str, Any]) -> None:
    """JSON as people read it, keys in order."""
    text = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_atomically(path, text.encode())


def compute_checksums(folder: Path) -> dict[str, dict[str, Any]]:
    """Size and digest of every file."""
    return {
        path.name: {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
        for path in sorted(folder.iterdir())
    }


def record_failure(home: Home, stage: str, error: Exception) -> None:
    """Leave word of a run that did not publish; the last good release stays."""
    said = {"stage": stage, "error": str(error), "kind": type(error).__name__}
    text = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
    write_atomically(home.curated / FAILURE, text.encode())
