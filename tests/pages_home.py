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


OTHERS = ".others"  # in the names of the files of the occupations beside the family


def find_bundled(pattern: str) -> list[Path]:
    """Find folders of bundled snapshots by a pattern below raw/.

    Without those of the occupations beside the family: there are thousands of rows in
    them, and few tests need one.
    """
    found = sorted(p for p in (ROOT / "raw").glob(pattern) if p.is_dir())
    return [p for p in found if OTHERS not in (p / "snapshot.json").read_text("utf-8")]


def leave_others(folder: str, names: list[str]) -> set[str]:
    """Name the folders that `find_bundled` leaves out, for `shutil.copytree`."""
    cards = {name: Path(folder, name, "snapshot.json") for name in names}
    return {
        name
        for name, card in cards.items()
        if card.is_file() and OTHERS in card.read_text("utf-8")
    }


def bring_snapshots(home: Home, *patterns: str) -> None:
    """Copy snapshots of the project into a home, by patterns below raw/."""
    for pattern in patterns:
        for found in find_bundled(pattern):
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
