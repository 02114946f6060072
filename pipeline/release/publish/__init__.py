"""Publish the tables of a release: the only writer of curated/.

A release is checked by every gate, built in a folder of its own beside the others,
synced, renamed, and only then does `curated/latest` move: a process may be killed and
the power may go at any moment, and `latest` still opens. The same inputs make the same
release, name included.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.core.checksums import SUMS, format_sums
from pipeline.core.errors import DiskFull, PayproofError
from pipeline.core.failure_trace import format_trace, make_printable
from pipeline.core.store import (
    Home,
    build_folder,
    sha256_of,
    write_atomically,
    write_files,
)
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
from pipeline.query.release_db import FILE
from pipeline.query.release_digests import MANIFEST
from pipeline.release.publish import changes, kept_inputs, move_pointers, sqlite_file
from pipeline.release.publish.codebook import render_codebook
from pipeline.release.publish.datapackage import CSV_TABLES, describe_datapackage
from pipeline.release.publish.gates import ReleaseTables, check_keys_resolve, run_gates
from pipeline.release.publish.prov_json import make_prov_document
from pipeline.release.publish.table_files import csv_bytes, parquet_bytes
from schemas import VERSION, DataFrame, Snapshots

__all__ = [
    "Release",
    "ReleaseTables",
    "clear_failure",
    "find_last_successful",
    "find_latest",
    "find_release",
    "locate_changes",
    "open_latest",
    "publish",
    "record_failure",
]

FAILURE = "failure.json"
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
    final = home.curated / name
    # There already where it was damaged, or where the inputs are again those of an
    # older release: then only its files that differ are replaced.
    with build_folder(final) as building:
        write_files(building, make_release_files(name, frames, manifest) | dict(pages))
        sqlite_file.write_sqlite(
            building / FILE, frames, list_release_facts(name, manifest)
        )
        files = compute_checksums(building)
        whole = {**manifest, "release": name, "files": files}
        body = encode_json(whole)
        # The manifest cannot list itself: so the list covers it, and it does not the
        # list.
        sums = {path: facts["sha256"] for path, facts in files.items()}
        sums |= {MANIFEST: hashlib.sha256(body).hexdigest()}
        write_files(building, {MANIFEST: body, SUMS: format_sums(sums)})
    # Before the pointer moves: of every release that was ever read the inputs are kept,
    # and what came before it is known.
    kept_inputs.keep_inputs(
        home, vocabulary, manifest["vocabulary_sha256"], manifest["code_sha256"]
    )
    write_changes(home, find_latest(home), name, frames, manifest)
    move_pointers.record_success(home, name)
    clear_failure(home)
    return Release(final, whole)


def make_release_files(
    name: str, frames: Mapping[str, pl.DataFrame], manifest: Mapping[str, Any]
) -> dict[str, bytes]:
    """Make every file of a release but its pages, its database and its manifest.

    Returns:
        File name to bytes.
    """
    facts = list_release_facts(name, manifest)
    models = {table: RELATIONS[table].model for table in RELATIONS}
    intro = f"# Codebook of release {name}\n\nSchema version {VERSION}.\n"
    return {
        **{f"{t}.parquet": parquet_bytes(frames[t], name) for t in frames},
        **{f"{t}.csv": csv_bytes(frames[t]) for t in CSV_TABLES},
        "codebook.md": f"{intro}\n{render_codebook(models)}".encode(),
        "datapackage.json": describe_datapackage(
            name,
            warning=facts["warning"],
            schema_version=VERSION,
            sources=[snapshot["source"] for snapshot in manifest["snapshots"]],
        ),
        "datasette.json": sqlite_file.describe_for_datasette(name, facts["warning"]),
        "prov.json": make_prov_document(name, manifest, frames),
    }


def make_snapshots_table(manifest: Mapping[str, Any]) -> DataFrame[Snapshots]:
    """Make the table of stored bodies behind a release, sorted by `snapshot`."""
    rows = [{**s, "snapshot": s["id"]} for s in manifest["snapshots"]]
    columns = list(Snapshots.to_schema().columns)
    rows = [{c: row[c] for c in columns} for row in rows]
    return check_frame(Snapshots, make_frame(Snapshots, rows).sort("snapshot"))


def list_release_facts(name: str, manifest: Mapping[str, Any]) -> dict[str, str]:
    """List the facts of the whole release that the database has, by name."""
    facts = {"release": name, "schema_version": VERSION, "key": manifest["key"]}
    return facts | {"warning": WARNING if manifest["demonstration"] else ""}


def write_changes(
    home: Home,
    old: Release | None,
    name: str,
    frames: Mapping[str, pl.DataFrame],
    manifest: Mapping[str, Any],
) -> None:
    """Write what changed since the old release, into curated/changes/.

    Nothing where there is no old release, where it is made again, or where its files
    are damaged.
    """
    # Beside the releases and not in one: the bytes of a release depend on its inputs
    # alone, not on which release happened to be read before.
    # Nor against values that nobody published.
    if old is None or old.name == name or old.find_damage():
        return
    found = changes.find_changes(old.read_frames(), frames)
    facts = {
        "old": old.name,
        "new": name,
        "factors": find_changed_inputs(old.manifest, manifest),
    }
    files = changes.make_change_files(found, facts)
    sums = {path: sha256(data).hexdigest() for path, data in files.items()}
    with build_folder(locate_changes(home, old.name, name)) as building:
        write_files(building, files | {SUMS: format_sums(sums)})


def find_changed_inputs(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Name the inputs that differ: of `code`, `vocabularies` and `snapshots`."""
    names = {"code": "code_sha256", "vocabularies": "vocabulary_sha256"}
    found = [n for n, field in names.items() if old.get(field) != new.get(field)]
    before, after = ({s["sha256"] for s in one["snapshots"]} for one in (old, new))
    return found + (["snapshots"] if before != after else [])


def locate_changes(home: Home, old: str, new: str) -> Path:
    """Return where the changes from one release to another are kept."""
    return home.curated / "changes" / f"{old}..{new}"


def encode_json(content: Mapping[str, Any]) -> bytes:
    """Encode JSON that people can read, keys in order."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return text.encode()


def compute_checksums(folder: Path) -> dict[str, dict[str, Any]]:
    """Compute size in bytes and digest of every file, by name."""
    return {
        path.name: {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
        for path in sorted(folder.iterdir())
    }


def record_failure(
    home: Home, stage: str, error: Exception, traces: Sequence[str] = ()
) -> None:
    """Record why a run did not publish; the last good release stays.

    Args:
        home: Where curated/ is.
        stage: What was being done.
        error: What ended the run; its frames are recorded where it is no gate's.
        traces: Of files whose reading failed before.
    """
    own = [] if isinstance(error, PayproofError) else [format_trace(error)]
    said = make_printable(str(error))
    failure: dict[str, Any] = {
        "stage": stage,
        "error": said,
        "kind": type(error).__name__,
    }
    failure |= {"traces": found} if (found := [*traces, *own]) else {}
    text = json.dumps(failure, ensure_ascii=False, indent=1) + "\n"
    # On a full disk the failure itself is what is told, not that of its record.
    with suppress(DiskFull):
        write_atomically(home.curated / FAILURE, text.encode())


def clear_failure(home: Home) -> None:
    """Remove what `record_failure` wrote, after a run that did well."""
    (home.curated / FAILURE).unlink(missing_ok=True)
