"""Find a published release by a pointer or a name, and open it for reading."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.core.errors import Damaged, NotFound
from pipeline.core.store import Home, resolve_link
from pipeline.query import release_pointers
from pipeline.query.former_tables import update_columns
from pipeline.query.relations import RELATIONS
from pipeline.query.release_digests import (
    MANIFEST,
    UNLIKE,
    find_damaged_files,
    lists_agree,
)

REMAKE = "Run `payproof refresh` to make the release good."


@dataclass(frozen=True)
class Release:
    """A published release, open for reading."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Its id."""
        return self.folder.name

    def scan_table(self, name: str) -> pl.LazyFrame:
        """Scan a table of the release under today's names; read when collected."""
        return update_columns(name, pl.scan_parquet(self.folder / f"{name}.parquet"))

    def read_frames(self) -> dict[str, pl.DataFrame]:
        """Read every table that the release holds, whole, by name."""
        # A release of an earlier version may lack a table of today.
        names = [n for n in RELATIONS if (self.folder / f"{n}.parquet").is_file()]
        return {name: self.scan_table(name).collect() for name in names}

    def find_damage(self) -> list[str]:
        """Hash every file of the release; a sentence for each that has changed."""
        found = find_damaged_files(self.folder, self.manifest)
        return [f"{path}: {why}." for path, why in found]

    def check_digests(self) -> None:
        """Hash every file of the release, before it is served.

        Raises:
            Damaged: One is gone or not as it was published; the file is named.
        """
        for path, why in find_damaged_files(self.folder, self.manifest):
            raise Damaged(str(path), why, REMAKE)

    def list_body_paths(self) -> dict[str, str]:
        """List where bodies are, from the home's root, by snapshot id."""
        return {s["id"]: s["path"] for s in self.manifest["snapshots"]}


def find_latest(home: Home) -> Release | None:
    """Find the release that is read, or None before the first."""
    return open_folder(resolve_link(home.curated / release_pointers.LATEST))


def find_last_successful(home: Home) -> Release | None:
    """Find the newest release that passed every gate; a rollback does not move it."""
    return open_folder(resolve_link(home.curated / release_pointers.LAST_SUCCESSFUL))


def list_standing(home: Home) -> list[Release]:
    """List the release that is read and the newest that passed, each once."""
    pointers = (release_pointers.LATEST, release_pointers.LAST_SUCCESSFUL)
    folders = dict.fromkeys(resolve_link(home.curated / name) for name in pointers)
    return [found for f in folders if (found := open_folder(f)) is not None]


def find_release(home: Home, name: str) -> Release:
    """Find a release by its name.

    Raises:
        NotFound: There is none; those that are there are named.
        Damaged: Its manifest has changed.
    """
    names = release_pointers.list_releases(home)
    if name not in names:
        known = ", ".join(names) or "none"
        raise NotFound("Release", name, f"Releases in {home.curated}: {known}.")
    found = open_folder(home.curated / name)
    if found is None:
        raise Damaged(str(home.curated / name / MANIFEST), UNLIKE, REMAKE)
    return found


def open_folder(folder: Path | None) -> Release | None:
    """Open a release's folder; None where its manifest is missing or not whole.

    Nor where the manifest is another one than was published.
    """
    if folder is None:
        return None
    try:
        body = (folder / MANIFEST).read_bytes()
        manifest = json.loads(body)
        whole = {"snapshots", "files", "rows", "notes"} <= manifest.keys()
        sound = whole and lists_agree(folder, manifest, body)
    except (OSError, ValueError, AttributeError, TypeError, KeyError):
        return None
    return Release(folder, manifest) if sound else None


def open_latest(home: Home) -> Release:
    """Open the release that is read, once its files are as they were published.

    Raises:
        NotFound: There is none yet.
        Damaged: A file is gone or has another size, or the manifest has changed.
    """
    pointer = home.curated / release_pointers.LATEST
    folder = resolve_link(pointer)
    if folder is None:
        raise NotFound("Release", str(pointer), "Run `payproof refresh` first.")
    found = open_folder(folder)
    if found is None:
        raise Damaged(str(folder / MANIFEST), UNLIKE, REMAKE)
    # Sizes alone, since every command begins here; `payproof verify` compares digests.
    for name, facts in found.manifest["files"].items():
        path = found.folder / name
        if not path.is_file() or path.stat().st_size != facts["bytes"]:
            raise Damaged(str(path), "it is not as it was published", REMAKE)
    return found
