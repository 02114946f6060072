"""Look at every file that a home keeps: is it what it was when it was written?

More than the latest release is made of: older releases, sites, lists of changes, kept
inputs, logs, pointers, the cache, and the vocabularies.
"""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from pipeline.archive.fetch_log import find_log_faults
from pipeline.archive.snapshot import Archive
from pipeline.core.checksums import SUMS, find_listed_faults
from pipeline.core.errors import PayproofError
from pipeline.core.sealed_lines import find_damaged_lines
from pipeline.core.store import Home, resolve_link
from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.query.published import Release, find_latest, open_folder
from pipeline.query.release_digests import MANIFEST, UNLIKE
from pipeline.query.release_pointers import (
    DECISIONS,
    LAST_SUCCESSFUL,
    LATEST,
    RollbackDecision,
)
from pipeline.release import cache
from pipeline.release.changed_inputs import list_other_words
from pipeline.release.inputs import check_vocabularies
from pipeline.release.publish.kept_inputs import find_kept_faults, locate_kept_input
from pipeline.release.publish.site_files import SITE
from pipeline.rulings import load_rulings

# Folders of curated/ that are no releases.
BESIDE = ("as-of", "changes", "inputs", LATEST, LAST_SUCCESSFUL)


def find_stored_faults(home: Home) -> list[str]:
    """Find every file of a home that is not as it was written, a sentence each.

    Snapshots are left to `Archive.find_faults`, the claims of the latest release to
    `verify`.
    """
    return [
        *_find_pointer_faults(home),
        *(
            fault
            for folder in list_folders(home)
            for fault in find_folder_faults(folder)
        ),
        *_find_change_faults(home),
        *find_kept_faults(home),
        *_find_line_faults(home),
        *cache.find_faults(home),
        *_find_word_faults(home),
    ]


def find_unsealed(home: Home) -> list[str]:
    """Find what earlier versions wrote without a digest, so that nobody can tell."""
    archive = Archive(home.raw)
    cards = [
        f"raw/{source}/{snapshot.folder}"
        for source in archive.list_sources()
        for snapshot in archive.survey_source(source)[0]
        if not snapshot.seal
    ]
    changes = [p for p in _list_changes(home) if not (p / SUMS).is_file()]
    said = [
        f"{card}: its card has no digest (`payproof init --update`)." for card in cards
    ]
    return [*said, *(f"{path}: no {SUMS}; it was not looked at." for path in changes)]


def list_folders(home: Home) -> list[Path]:
    """List the folders of all releases, those of earlier days made again among them."""
    found = [*home.curated.glob("[!.]*"), *home.curated.glob("as-of/*/[!.]*")]
    return sorted(
        p for p in found if p.is_dir() and not p.is_symlink() and p.name not in BESIDE
    )


def find_folder_faults(folder: Path) -> list[str]:
    """Find what is wrong in a release's folder: files, lists, and its site."""
    release = open_folder(folder)
    if release is None:
        return [f"{folder / MANIFEST}: {UNLIKE}."]
    known = {MANIFEST, SUMS, *release.manifest["files"]}
    strange = sorted(p.name for p in folder.iterdir() if p.name not in {SITE, *known})
    unknown = [f"{folder / name}: no list knows this file." for name in strange]
    site = folder / SITE
    drawn = find_listed_faults(site) if site.is_dir() else []
    return [*release.find_damage(), *unknown, *drawn]


def _find_pointer_faults(home: Home) -> Iterator[str]:
    """Yield the pointers that are there and lead to no release."""
    for name in (LATEST, LAST_SUCCESSFUL):
        pointer = home.curated / name
        there = pointer.is_symlink() or pointer.exists()
        target = resolve_link(pointer)
        if there and (target is None or not (target / MANIFEST).is_file()):
            yield f"{pointer}: it leads to no release."


def _list_changes(home: Home) -> list[Path]:
    """List the folders of changes from one release to another."""
    return sorted(p for p in home.curated.glob("changes/[!.]*") if p.is_dir())


def _find_change_faults(home: Home) -> Iterator[str]:
    """Yield what is wrong in lists of changes that have digests."""
    for folder in _list_changes(home):
        if (folder / SUMS).is_file():
            yield from find_listed_faults(folder)


def _find_line_faults(home: Home) -> Iterator[str]:
    """Yield the lines of logs that are not as they were written."""
    path = home.curated / DECISIONS
    known = [f.name for f in fields(RollbackDecision)]
    for number, _ in find_damaged_lines(path, known):
        yield f"{path} line {number}: it is not as it was written."
    for source in Archive(home.raw).list_sources():
        yield from map(str, find_log_faults(home.raw / source, cut=True))


def _find_word_faults(home: Home) -> Iterator[str]:
    """Yield what is wrong with vocabularies, and which are not those of the release."""
    words = open_vocabulary(home.vocabularies)
    try:
        check_vocabularies(words)
        load_rulings(words)
    except PayproofError as error:
        yield str(error)
    latest = find_latest(home)
    if latest is not None:
        yield from _tell_other_words(home, latest, words)


def _tell_other_words(home: Home, latest: Release, words: Vocabulary) -> Iterator[str]:
    """Yield the vocabularies that are not those of a release, a sentence each."""
    kept = locate_kept_input(
        home, "vocabularies", latest.manifest.get("vocabulary_sha256", "")
    )
    for name in list_other_words(latest, words):
        yield (
            f"{home.vocabularies / name}: not as in {latest.name}. Where nobody "
            f"changed it, bring it back from {kept}; else `payproof refresh` makes a "
            "release with it."
        )
