"""Remove from a home what killed processes left in it."""

import tempfile
from pathlib import Path

from pipeline.archive.new_home import STAGING
from pipeline.archive.snapshot import Archive
from pipeline.core.disk import remove
from pipeline.core.leftovers import FOLDERS, sweep_leftovers
from pipeline.core.store import Home, holds_vocabularies


def sweep_home(home: Home) -> None:
    """Remove leftovers from every folder that is written to, the system's own too.

    What a living process may be writing stays.
    """
    days = list_folders(home.curated / "as-of")
    folders = [home.vocabularies]
    for curated in (home.curated, *days):
        folders += [curated, curated / "changes", curated / "inputs"]
        folders += list_folders(curated / ".parsed")
    sweep_leftovers(*folders, *list_folders(home.parse_cache))
    Archive(home.raw).sweep()
    sweep_leftovers(Path(tempfile.gettempdir()), names=(FOLDERS,))
    # `init` moves the vocabularies last, then removes this; where it is still there,
    # nothing of it is of use.
    if holds_vocabularies(home.root):
        remove(home.root / STAGING)


def list_folders(folder: Path) -> list[Path]:
    """List the folders in a folder; none where it is absent."""
    return [p for p in folder.iterdir() if p.is_dir()] if folder.is_dir() else []
