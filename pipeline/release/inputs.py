"""All that a release is a function of: cards, vocabularies and code, but no clock."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

from pipeline.archive.fetch_log import find_blocked_since
from pipeline.archive.snapshot import Archive
from pipeline.core.errors import NotFound
from pipeline.core.model import Snapshot
from pipeline.core.running_code import find_bundle
from pipeline.core.store import Home
from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.release import cache
from pipeline.sources import SOURCES


@dataclass(frozen=True)
class Inputs:
    """All that a release is a function of.

    Args:
        home: Where the files are.
        vocabulary: Opened, not read.
        files: The versions of each file, newest first; by source, edition and name.
        key: 64 hex digits over snapshots, vocabularies and code.
        faults: What is wrong with cards or folders: id of the source to sentences.
        blocked: Id of a source that refuses us, to the ISO day since when.
        said: What came of reading them, once they were read: notes and errors.
    """

    home: Home
    vocabulary: Vocabulary
    files: tuple[tuple[Snapshot, ...], ...]
    key: str
    faults: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    blocked: Mapping[str, str] = field(default_factory=dict)
    said: tuple[str, ...] = ()

    @property
    def release(self) -> str:
        """Id of the release: the day of the newest snapshot, and a digest.

        The digest covers the key, which snapshots could be read, and what was said of
        them: a run that could read less never takes the name of one that read more.
        """
        day = max((newest.retrieved for newest, *_ in self.files), default="empty")
        read = [f"{s.source}/{s.folder}" for s in self.list_readable()]
        return f"{day[:10]}-{cache.hash_parts(self.key, *read, *self.said)[:8]}"

    def list_files(self, source: str) -> list[tuple[Snapshot, ...]]:
        """The files of one source."""
        return [file for file in self.files if file[0].source == source]

    def locate_claims(self, snapshot: Snapshot) -> Path:
        """Where the claims of a snapshot are, if this code has parsed it."""
        return cache.locate_cached(self.home, snapshot, self.vocabulary)

    def unread(self) -> list[Snapshot]:
        """Snapshots that would be current and could not be read, newest first a file.

        An older version of the file stands in for each, or nothing does.
        """
        return [
            snapshot
            for file in self.files
            for snapshot in takewhile(
                lambda s: not self.locate_claims(s).is_file(), file
            )
        ]

    def stand_ins(self) -> list[Snapshot]:
        """Snapshots that are used because a newer version could not be read."""
        newest = {file[0].path for file in self.files}
        return [s for s in self.list_readable() if s.path not in newest]

    def list_readable(self) -> list[Snapshot]:
        """Of each file the newest version that could be parsed."""
        found = (
            next((s for s in file if self.locate_claims(s).is_file()), None)
            for file in self.files
        )
        return [snapshot for snapshot in found if snapshot is not None]


def gather_inputs(home: Home, *, as_of: str = "") -> Inputs:
    """Look at what there is: cards, vocabularies and code, but no body.

    Args:
        home: Where the files are.
        as_of: Last ISO day that counts of raw/; "" for all.
    """
    archive, vocabulary = Archive(home.raw, as_of), open_vocabulary(home.vocabularies)
    bundle = find_bundle()
    needed = (bundle / "vocabularies").glob("*.csv") if bundle else ()
    vocabulary.check(*(path.name for path in needed))
    blocked: dict[str, str] = {}
    days = int(vocabulary.read_number("limits", "blocked_days"))
    files: list[tuple[Snapshot, ...]] = []
    faults: dict[str, tuple[str, ...]] = {}
    for source in archive.list_sources():
        if source not in SOURCES:
            faults[source] = (str(make_unknown_source(source)),)
            continue
        files += archive.list_versions(source)
        _, damaged = archive.survey_source(source)
        if since := find_blocked_since(archive.read_attempts(source), days):
            blocked[source] = since
        if damaged:
            faults[source] = tuple(local(home, str(fault)) for fault in damaged)
    said = [text for texts in faults.values() for text in texts]
    said += [f"{source} blocked {since}" for source, since in blocked.items()]
    made_of = [cache.identify(s) for file in files for s in file]
    key = cache.compute_key(made_of + said, vocabulary)
    return Inputs(home, vocabulary, tuple(files), key, faults, blocked)


def local(home: Home, text: str) -> str:
    """Write the places of files as from the home: the same sentence in any folder."""
    return text.replace(f"{home.root}{os.sep}", "")


def make_unknown_source(source: str) -> NotFound:
    """A folder or a name that no source module answers to."""
    return NotFound(
        "Source", source, f"Known: {', '.join(sorted(SOURCES))}. See pipeline/sources/."
    )
