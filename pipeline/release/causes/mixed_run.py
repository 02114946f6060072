"""Run a refresh on kept inputs, each of the old release or of the new one."""

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
from pipeline.core.leftovers import FOLDERS, make_folder_prefix, sweep_leftovers
from pipeline.core.store import Home
from pipeline.query.published import Release, find_release
from pipeline.release.publish.kept_inputs import locate_kept_input

TIMEOUT_SECONDS = 3600
COMMAND = "from pipeline.cli import main; main()"


@dataclass(frozen=True)
class InputMixture:
    """Inputs of a run, each of the old release or of the new one.

    Args:
        old: The release before.
        new: The release after.
        exchanged: Kinds of inputs that are taken from `new`; all others from `old`.
    """

    old: Release
    new: Release
    exchanged: tuple[str, ...]

    def release_for(self, kind: str) -> Release:
        """Return the release that an input of this kind is taken from."""
        return self.new if kind in self.exchanged else self.old


def index_snapshots(
    manifest: Mapping[str, Any],
) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Index a manifest's snapshots by source, edition and name of the file."""
    return {(s["source"], s["edition"], s["name"]): s for s in manifest["snapshots"]}


def mix_snapshots(mixture: InputMixture) -> Iterator[Mapping[str, Any]]:
    """Yield the snapshots of a mixture, as the manifests have them.

    Which files there are is decided by the kind `new_data`, which version of a file
    by the kind `source_revision`.
    """
    before, after = (
        index_snapshots(mixture.old.manifest),
        index_snapshots(mixture.new.manifest),
    )
    present = index_snapshots(mixture.release_for("new_data").manifest)
    for file in sorted(present):
        is_new = mixture.release_for("source_revision") is mixture.new
        sides = (after, before) if is_new else (before, after)
        # A file that only one release has exists in one version, whichever is wanted.
        yield sides[0].get(file) or sides[1][file]


def rerun_salaries(
    home: Home, mixture: InputMixture, kinds: Mapping[str, str]
) -> pl.DataFrame:
    """Make the salaries of a mixture: a refresh in a process and folder of its own.

    Returns:
        The columns of `schemas.Salaries`.

    Raises:
        RunFailed: The mixture does not run.
        NotFound: A kept input is gone.
    """
    sweep_leftovers(Path(tempfile.gettempdir()), names=(FOLDERS,))
    with tempfile.TemporaryDirectory(prefix=make_folder_prefix()) as folder:
        # Laid out as a checkout is: code, vocabularies and bodies in one folder, where
        # the code of any release finds them.
        there = Home(Path(folder))
        for snapshot in mix_snapshots(mixture):
            place = Path(snapshot["path"]).parent
            link_folder(home.root / place, there.root / place)
        mix_vocabularies(home, mixture, kinds, there.vocabularies)
        unpack_kept_input(home, "code", mixture.release_for("code"), there.root)
        run_refresh(there)
        latest = find_release(there, (there.curated / "latest").resolve().name)
        return latest.scan_table("salaries").collect()


def link_folder(source: Path, target: Path) -> None:
    """Give a folder of raw/ a second place with the same files."""
    target.mkdir(parents=True, exist_ok=True)
    # Linked where the file system can: one OEWS file has 332 MB, and each step of a
    # comparison would copy it. Nothing writes into a stored body.
    for path in sorted(source.iterdir()):
        try:
            (target / path.name).hardlink_to(path)
        except OSError:
            shutil.copyfile(path, target / path.name)


def mix_vocabularies(
    home: Home, mixture: InputMixture, kinds: Mapping[str, str], target: Path
) -> None:
    """Write the vocabularies, each from the release that its kind is taken from.

    Raises:
        NotFound: The kept vocabularies of a release are gone.
    """
    target.mkdir(parents=True)
    for kind in ("vocabulary", "policy", "ruling"):
        with zipfile.ZipFile(
            find_kept_input(home, "vocabularies", mixture.release_for(kind))
        ) as archive:
            for name in archive.namelist():
                if kinds.get(name, "vocabulary") == kind:
                    (target / Path(name).name).write_bytes(archive.read(name))


def unpack_kept_input(home: Home, what: str, release: Release, target: Path) -> None:
    """Unpack a kept input into a folder.

    Raises:
        NotFound: It is gone.
    """
    with zipfile.ZipFile(find_kept_input(home, what, release)) as archive:
        archive.extractall(target)


def find_kept_input(home: Home, what: str, release: Release) -> Path:
    """Find the file of a kept input.

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
    # PREFECT_API_URL would send the run to a server as a flow, and PAYPROOF_HOME leads
    # to the home whose releases are compared.
    kept_out = ("PREFECT", "PAYPROOF")
    environ = {k: v for k, v in os.environ.items() if not k.startswith(kept_out)}
    environ |= {"PYTHONPATH": str(home.root), "PAYPROOF_HOME": str(home.root)}
    # -P: no folder goes on the path by itself; code comes from PYTHONPATH alone.
    done = subprocess.run(
        [sys.executable, "-P", "-c", COMMAND, "refresh", "--offline"],
        cwd=home.root, env=environ, capture_output=True, text=True,
        timeout=TIMEOUT_SECONDS, check=False,
    )  # fmt: skip
    # Not the exit status: 1 is a release with something to look at (a stale ruling,
    # say), which has salaries all the same.
    if not (home.curated / "latest").exists():
        # A traceback may be long, and what was wrong stands at its end.
        raise RunFailed(str(home.root), done.stderr[-2000:].strip())
