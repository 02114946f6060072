"""Make a home of what came with the code, and bring an older one up to the code."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.archive.card import CARD, seal_card
from pipeline.core.disk import explain_full_disk, make_folder, sync_folder, sync_tree
from pipeline.core.errors import Damaged, DiskFull, NoPlace, NotFound
from pipeline.core.leftovers import sweep_leftovers
from pipeline.core.running_code import find_bundle
from pipeline.core.store import Home, holds_vocabularies, write_atomically

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
BESIDE = "Name a place below a folder, e.g. `payproof init pay`."
OUTSIDE = "Name a folder outside of it; one home holds no other."
# What people write in a home is theirs: an update leaves it as it is.
THEIRS = frozenset(
    f"{name}.csv" for name in ("accepted", "corrections", "rulings", "watch", "watched")
)
REPLACED = "replaced"  # below vocabularies/: what an update put others in the place of
NONE_THERE = "Name a home, or make one with `payproof init FOLDER`."
USE_IT = "Run `payproof refresh --offline` there, or name a new folder."


def make_home(folder: Path, *, empty: bool = False) -> Home:
    """Make a home with vocabularies, snapshots and an empty curated/.

    All of it is built in a folder of its own, then moved into place with the
    vocabularies last: whenever it is killed, there is a home or there is none, and
    the next call completes it.

    Args:
        folder: Made where it is not there; else it must be empty.
        empty: Leave the demonstration's snapshots out.

    Raises:
        NoPlace: The folder is not empty, is a home, or lies within one or below a file.
        NotFound: The code came without vocabularies.
        DiskFull: There is no room for all of it; none of it is left.
    """
    bundle = find_bundle()
    if bundle is None:
        raise NotFound("Bundle", "bundled", "Install Payproof from its wheel.")
    place = folder.resolve()
    check_place(place)
    staging = place / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    make_folder(staging)
    try:
        copy_bundled(bundle, staging, empty=empty)
    except (OSError, DiskFull):
        shutil.rmtree(staging, ignore_errors=True)
        raise
    for part in PARTS:
        if not (place / part).exists():  # an interrupted call had moved it
            (staging / part).rename(place / part)
            # One after the other after a loss of power too: it is `vocabularies` that
            # makes a home, and raw/ that must be there by then.
            sync_folder(place)
    shutil.rmtree(staging)
    return Home(place)


def copy_bundled(bundle: Path, staging: Path, *, empty: bool = False) -> None:
    """Copy what a home is made of into a folder, and sync all of it.

    Args:
        bundle: Folder with vocabularies/ and raw/.
        staging: It is there.
        empty: Copy no snapshot.

    Raises:
        DiskFull: There is no room for all of it.
    """
    raw = bundle / "raw"
    bundled = [p for p in list_bundled(bundle) if not (empty and raw in p.parents)]
    with explain_full_disk(staging, sum(path.stat().st_size for path in bundled)):
        for path in bundled:
            target = staging / path.relative_to(bundle)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        (staging / "raw").mkdir(exist_ok=True)
        (staging / "curated").mkdir()
        sync_tree(staging)


def check_place(folder: Path) -> None:
    """Check that a home may be made in a folder; nothing is changed.

    Args:
        folder: Whole path, there or not.

    Raises:
        NoPlace: It is not empty, is a home, or lies within one or below a file.
    """
    for above in folder.parents:
        if holds_vocabularies(above):
            raise NoPlace(str(folder), f"lies within the home {above}", OUTSIDE)
    nearest = next(above for above in folder.parents if above.exists())
    if not nearest.is_dir():
        raise NoPlace(str(folder), f"lies below {nearest}, which is a file", BESIDE)
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


@dataclass(frozen=True)
class UpdatedHome:
    """What an update of a home's vocabularies did.

    Args:
        home: The home.
        added: Files that it lacked, sorted.
        replaced: Files that differed, or that the code reads no more, sorted; they
            are kept below vocabularies/replaced/.
        kept: Files that people write, left as they are, sorted.
        sealed: Folders of snapshots, below raw/, whose card was given its digest.
    """

    home: Home
    added: tuple[str, ...]
    replaced: tuple[str, ...]
    kept: tuple[str, ...]
    sealed: tuple[str, ...]


def update_home(folder: Path) -> UpdatedHome:
    """Give a home the vocabularies of the code that runs.

    Other code reads other columns. What people write (rulings, corrections, accepted
    and watched pages) stays; every other file that differs is set aside before the
    code's own takes its place, one file at a time, so that a killed update loses
    nothing and the next call completes it. Cards of earlier versions get the digest
    that they lack; nothing else in raw/ is touched, nor is curated/.

    Args:
        folder: A home.

    Raises:
        NoPlace: The folder is no home, or is where the code's own files are.
        NotFound: The code came without vocabularies.
    """
    bundle = find_bundle()
    if bundle is None:
        raise NotFound("Bundle", "bundled", "Install Payproof from its wheel.")
    place = folder.resolve()
    if not holds_vocabularies(place):
        raise NoPlace(str(place), "is no home", NONE_THERE)
    if place == bundle.resolve():
        raise NoPlace(str(place), "is where the code's own files are", USE_IT)
    own = {
        path.name: path
        for pattern in WORDS
        for path in sorted((bundle / LAST).glob(pattern))
    }
    words = place / LAST
    sweep_leftovers(words)
    there = {p.name for p in words.iterdir() if p.is_file() and p.suffix == ".csv"}
    added, replaced = [], []
    for name in sorted({*own, *there} - (THEIRS & there)):
        old = words / name
        body = own[name].read_bytes() if name in own else None
        if old.is_file() and old.read_bytes() == body:
            continue
        if old.is_file():
            keep_replaced(old, words / REPLACED)
            replaced.append(name)
        else:
            added.append(name)
        if body is not None:
            write_atomically(old, body)
    kept = tuple(sorted(THEIRS & there))
    sealed = tuple(seal_cards(place / "raw"))
    return UpdatedHome(Home(place), tuple(added), tuple(replaced), kept, sealed)


def seal_cards(raw: Path) -> Iterator[str]:
    """Give each card that lacks it the digest of its fields; yield where it was given.

    A card that cannot be read is left to `refresh`, which names it.
    """
    for card in sorted(raw.glob(f"[!.]*/[!.]*/{CARD}")):
        with suppress(Damaged):
            if body := seal_card(card.parent):
                write_atomically(card, body)
                yield card.parent.relative_to(raw).as_posix()


def keep_replaced(old: Path, folder: Path) -> None:
    """Move a file below a folder, under a number where its name is taken."""
    make_folder(folder)
    target, number = folder / old.name, 1
    while target.exists():
        number += 1
        target = folder / f"{old.stem}.{number}{old.suffix}"
    old.rename(target)
    sync_folder(folder)
