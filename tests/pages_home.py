"""A small home with a release: two articles, and what they quote; made once a run."""

import shutil
from pathlib import Path

from pipeline.core.store import Home
from pipeline.release.run import refresh

ROOT = Path(__file__).resolve().parents[1]
KEPT = (
    "article/*",
    "bls_oews/2023-05-*",
    "bls_oews/2024-05-*",
    "bls_ooh/*",
    "salary_com/*",
    "payscale/*",
)
DISPUTED = "29-2072/US/all/base/p90/2023"
ARTICLE = "91f31a033993"


def bring_snapshots(home: Home, *patterns: str) -> None:
    """Copy snapshots of the project into a home, by patterns below raw/."""
    for pattern in patterns:
        for found in sorted((ROOT / "raw").glob(pattern)):
            if found.is_dir():
                target = home.root / found.relative_to(ROOT)
                shutil.copytree(found, target, dirs_exist_ok=True)


def lay_home(folder: Path, *patterns: str) -> Home:
    """Fill a folder with the vocabularies and a few snapshots of the project."""
    home = Home(folder)
    shutil.copytree(ROOT / "vocabularies", home.vocabularies)
    bring_snapshots(home, *patterns)
    return home


def make_small(folder: Path) -> None:
    """Fill a folder with a few of the project's own snapshots and their release."""
    outcome = refresh(lay_home(folder, *KEPT))
    assert outcome.release is not None


def copy_home(made: Path, folder: Path, *, without: tuple[str, ...] = ()) -> Home:
    """Copy a home that was made once into a folder of one's own, free to change.

    Args:
        made: The home.
        folder: Where to; it may be there, and empty.
        without: Names at its top that are left out: `curated`, `.parsed`.
    """
    leave = {made / name for name in without}

    def left_out(place: str, names: list[str]) -> set[str]:
        return {name for name in names if Path(place, name) in leave}

    shutil.copytree(made, folder, symlinks=True, dirs_exist_ok=True, ignore=left_out)
    return Home(folder)
