"""Make a home of what came with the code: vocabularies, demonstration snapshots."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import NotFound, PayproofError
from pipeline.core.running_code import find_bundle
from pipeline.core.store import Home, holds_vocabularies

# Nothing else of a bundle is taken: a checkout also has scripts and logs there.
WORDS = ("*.csv", "README.md")
# Files of a snapshot, `<source>/<edition>-<digest>/<file>`; names with a dot in front
# are what was held or left half written.
SNAPSHOTS = "[!.]*/[!.]*/*"
# Beside which an interrupted `init` is known; what lies in it is thrown away.
STAGING = ".payproof-init"
LAST = "vocabularies"  # they make a folder a home, so they come when the rest is there
PARTS = ("raw", "curated", LAST)
EMPTY = "Name a new or an empty folder, e.g. `payproof init pay`."
OUTSIDE = "Name a folder outside of it; one home holds no other."
USE_IT = "Run `payproof refresh --offline` there, or name a new folder."


@dataclass(eq=False)
class NoPlace(PayproofError):
    """A home was to be made where none can be."""

    folder: str
    why: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.folder} {self.why}; nothing was changed. {self.remedy}"


def make_home(folder: Path) -> Home:
    """Make a home with vocabularies, snapshots and an empty curated/.

    All of it is built in a folder of its own, then moved into place with the
    vocabularies last: whenever it is killed, there is a home or there is none, and
    the next call completes it.

    Args:
        folder: Made where it is not there; else it must be empty.

    Raises:
        NoPlace: The folder is not empty, is a home, or lies within one.
        NotFound: The code came without vocabularies.
    """
    bundle = find_bundle()
    if bundle is None:
        raise NotFound("Bundle", "bundled", "Install Payproof from its wheel.")
    place = folder.resolve()
    check_place(place)
    staging = place / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    for path in list_bundled(bundle):
        target = staging / path.relative_to(bundle)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    (staging / "curated").mkdir()
    for part in PARTS:
        if not (place / part).exists():  # an interrupted call had moved it
            (staging / part).rename(place / part)
    shutil.rmtree(staging)
    return Home(place)


def check_place(folder: Path) -> None:
    """Check that a home may be made in a folder; nothing is changed.

    Args:
        folder: Whole path, there or not.

    Raises:
        NoPlace: It is not empty, is a home, or lies within one.
    """
    for above in folder.parents:
        if holds_vocabularies(above):
            raise NoPlace(str(folder), f"lies within the home {above}", OUTSIDE)
    if folder.exists() and not folder.is_dir():
        raise NoPlace(str(folder), "is a file", EMPTY)
    if holds_vocabularies(folder):
        raise NoPlace(str(folder), "is a home already", USE_IT)
    there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if there - ({STAGING, *PARTS} if STAGING in there else set()):
        raise NoPlace(str(folder), "is not empty", EMPTY)


def list_bundled(bundle: Path) -> Iterator[Path]:
    """Yield every file that a new home gets.

    Args:
        bundle: Folder with vocabularies/ and raw/.
    """
    for pattern in WORDS:
        yield from sorted((bundle / "vocabularies").glob(pattern))
    found = (bundle / "raw").glob(SNAPSHOTS)
    yield from sorted(p for p in found if p.is_file() and p.name[0] != ".")
