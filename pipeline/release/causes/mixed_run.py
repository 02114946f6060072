"""A run of kept inputs, each of the old release or of the new one."""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.core.errors import NotFound, RunFailed
from pipeline.core.store import Home
from pipeline.query.published import Release, find_release
from pipeline.release.publish.kept_inputs import locate_kept_input

SECONDS = 3600
COMMAND = "from pipeline.cli import main; main()"


@dataclass(frozen=True)
class InputMixture:
    """Inputs of a run, each of the old release or of the new one.

    Args:
        old: The one.
        new: The other.
        exchanged: Kinds that are already the new one's.
    """

    old: Release
    new: Release
    exchanged: tuple[str, ...]

    def release_for(self, kind: str) -> Release:
        """The release that an input of this kind is taken from."""
        return self.new if kind in self.exchanged else self.old


def index_snapshots(
    manifest: Mapping[str, Any],
) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Snapshots by the file that each is a version of."""
    return {(s["source"], s["edition"], s["name"]): s for s in manifest["snapshots"]}


def mix_snapshots(mixture: InputMixture) -> Iterator[Mapping[str, Any]]:
    """The snapshots of a mixture: revisions and new files come apart."""
    before, after = (
        index_snapshots(mixture.old.manifest),
        index_snapshots(mixture.new.manifest),
    )
    present = index_snapshots(mixture.release_for("new_data").manifest)
    for file in sorted(present):
        is_new = mixture.release_for("source_revision") is mixture.new
        sides = (after, before) if is_new else (before, after)
        yield sides[0].get(file) or sides[1][file]


def rerun_salaries(
    home: Home, mixture: InputMixture, kinds: Mapping[str, str]
) -> pl.DataFrame:
    """The salaries of a mixture, by a run of its own in a folder of its own.

    Raises:
        RunFailed: The mixture does not run.
        NotFound: A kept input is gone.
    """
    with tempfile.TemporaryDirectory(prefix="payproof-") as folder:
        there = Home(Path(folder))  # a checkout: code, words and bodies side by side
        for snapshot in mix_snapshots(mixture):
            place = Path(snapshot["path"]).parent
            link_folder(home.root / place, there.root / place)
        mix_vocabularies(home, mixture, kinds, there.vocabularies)
        unpack_kept_input(home, "code", mixture.release_for("code"), there.root)
        run_refresh(there)
        latest = find_release(there, (there.curated / "latest").resolve().name)
        return latest.scan_table("salaries").collect()


def link_folder(source: Path, target: Path) -> None:
    """A folder of raw/ with the same files; linked where the file system can."""
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.iterdir()):
        try:
            (target / path.name).hardlink_to(path)
        except OSError:
            shutil.copyfile(path, target / path.name)


def mix_vocabularies(
    home: Home, mixture: InputMixture, kinds: Mapping[str, str], target: Path
) -> None:
    """The vocabularies, each from the release that its kind is taken from."""
    target.mkdir(parents=True)
    for kind in ("vocabulary", "policy", "ruling"):
        with zipfile.ZipFile(
            find_kept_input(home, "vocabularies", mixture.release_for(kind))
        ) as archive:
            for name in archive.namelist():
                if kinds.get(name, "vocabulary") == kind:
                    (target / Path(name).name).write_bytes(archive.read(name))


def unpack_kept_input(home: Home, what: str, release: Release, target: Path) -> None:
    """A kept input, unpacked."""
    with zipfile.ZipFile(find_kept_input(home, what, release)) as archive:
        archive.extractall(target)


def find_kept_input(home: Home, what: str, release: Release) -> Path:
    """The file of a kept input.

    Raises:
        NotFound: It is gone.
    """
    field = {"code": "code_sha256", "vocabularies": "vocabulary_sha256"}[what]
    path = locate_kept_input(home, what, release.manifest[field])
    if not path.is_file():
        why = f"Causes of changes since {release.name} cannot be told without it."
        raise NotFound("Kept input", str(path), why)
    return path


def run_refresh(home: Home) -> None:
    """Refresh offline with the code that lies in the home, in a process of its own.

    Raises:
        RunFailed: It left no release.
    """
    kept_out = ("PREFECT", "PAYPROOF")
    environ = {k: v for k, v in os.environ.items() if not k.startswith(kept_out)}
    environ |= {"PYTHONPATH": str(home.root), "PAYPROOF_HOME": str(home.root)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", COMMAND, "refresh", "--offline"],
        cwd=home.root, env=environ, capture_output=True, text=True,
        timeout=SECONDS, check=False,
    )  # fmt: skip
    if not (home.curated / "latest").exists():
        raise RunFailed(str(home.root), done.stderr[-2000:].strip())
