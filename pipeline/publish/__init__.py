"""Curation to curated/: the only writer there.

A release is built in a folder of its own beside the others, checked by every gate,
renamed, and only then does `curated/latest` move: whatever is killed, and whenever,
`latest` opens. The same inputs make the same release, name included.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.errors import Damaged, NotFound
from pipeline.publish.files import csv_bytes, parquet_bytes
from pipeline.publish.gates import Contents, check_all
from pipeline.publish.package import datapackage
from pipeline.store import Home, point, pointed, sha256_of, write_atomically
from pipeline.vocabulary import Vocabulary

__all__ = ["Contents", "Release", "current", "fail", "open_release", "publish"]

BOTH = ("salaries", "provenance", "discrepancies", "rejects", "rulings")
PARQUET_ONLY = ("claims", "figures")
FAILURE = "failure.json"


@dataclass(frozen=True)
class Release:
    """A published release, open for reading."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Its id."""
        return self.folder.name

    def table(self, name: str) -> pl.LazyFrame:
        """A table of the release, read when collected."""
        return pl.scan_parquet(self.folder / f"{name}.parquet")

    def files(self) -> dict[str, str]:
        """Snapshot id to where its body is, under raw/."""
        return {s["id"]: s["path"] for s in self.manifest["snapshots"]}


def publish(
    home: Home,
    name: str,
    contents: Contents,
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
    check_all(contents, vocabulary)
    building = home.curated / f".building-{name}"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    described = datapackage(name, demonstration=bool(manifest["demonstration"]))
    files = {**tables(contents, name), **pages, "datapackage.json": described}
    for path, data in sorted(files.items()):
        write_atomically(building / path, data)
    whole = {**manifest, "release": name, "files": checksums(building)}
    text = json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_atomically(building / "manifest.json", text.encode())
    final = home.curated / name
    if final.exists():
        shutil.rmtree(home.curated / f".old-{name}", ignore_errors=True)
        final.rename(home.curated / f".old-{name}")
    building.rename(final)
    point(home.curated / "latest", final)
    (home.curated / FAILURE).unlink(missing_ok=True)
    for rest in [*home.curated.glob(".old-*"), *home.curated.glob(".building-*")]:
        shutil.rmtree(rest, ignore_errors=True)
    return Release(final, whole)


def tables(contents: Contents, name: str) -> dict[str, bytes]:
    """Every table as Parquet, and those for people as CSV too."""
    frames = contents.frames()
    files = {f"{t}.parquet": parquet_bytes(frames[t], name) for t in frames}
    return files | {f"{t}.csv": csv_bytes(frames[t]) for t in BOTH}


def checksums(folder: Path) -> dict[str, dict[str, Any]]:
    """Size and digest of every file."""
    return {
        path.name: {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
        for path in sorted(folder.iterdir())
    }


def fail(home: Home, stage: str, error: Exception) -> None:
    """Leave word of a run that did not publish; the last good release stays."""
    said = {"stage": stage, "error": str(error), "kind": type(error).__name__}
    text = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
    write_atomically(home.curated / FAILURE, text.encode())


def current(home: Home) -> Release | None:
    """The latest good release, or None before the first."""
    folder = pointed(home.curated / "latest")
    if folder is None:
        return None
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        whole = {"snapshots", "files", "rows", "notes"} <= manifest.keys()
    except (OSError, ValueError, AttributeError):
        return None
    return Release(folder, manifest) if whole else None


def open_release(home: Home) -> Release:
    """The latest good release.

    Raises:
        NotFound: There is none yet.
    """
    found = current(home)
    if found is None:
        raise NotFound(
            "Release", str(home.curated / "latest"), "Run `payproof refresh` first."
        )
    for name, facts in found.manifest["files"].items():
        path = found.folder / name
        if not path.is_file() or path.stat().st_size != facts["bytes"]:
            remedy = "Run `payproof refresh` to make the release good."
            raise Damaged(str(path), "it is not as it was published", remedy)
    return found
