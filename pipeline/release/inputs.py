"""Gather all that a release depends on: cards, vocabularies and code, but no clock."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

from pipeline.archive.card import CARD, SEAL, make_card_error
from pipeline.archive.fetch_log import find_blocked_since, find_log_faults
from pipeline.archive.snapshot import Archive
from pipeline.archive.snapshot_versions import find_set_aside, group_versions
from pipeline.core.errors import Damaged, NotFound, PayproofError
from pipeline.core.failure_trace import contain_failures, make_printable
from pipeline.core.model import MADE, Snapshot
from pipeline.core.running_code import find_bundle
from pipeline.core.store import Home
from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.query.published import list_standing
from pipeline.release import cache
from pipeline.sources import SOURCES

UNSEALED = (
    "{} {} no digest of its own: one of an earlier version. `payproof init --update` "
    "adds it."
)
SET_ASIDE = (
    "raw/{}/{}: made for the demonstration; it steps aside for the real files of {}, "
    "such as {}. What it had beyond them comes back with the publisher's other files."
)


@dataclass(frozen=True)
class Inputs:
    """All that a release is a function of.

    Args:
        home: Where the files are.
        vocabulary: The words, facts and rulings of the home.
        files: The versions of each file, newest first; by source, edition and name.
        key: 64 hex digits over snapshots, vocabularies and code.
        faults: What is wrong with cards or folders: id of the source to sentences.
        blocked: Id of a source that refuses us, to the ISO day since when.
        said: Notes and errors of reading them; empty before they were read.
        notes: What needs no action about cards: id of the source to sentences.
    """

    home: Home
    vocabulary: Vocabulary
    files: tuple[tuple[Snapshot, ...], ...]
    key: str
    faults: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    blocked: Mapping[str, str] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def release(self) -> str:
        """Id of the release: the day of the newest snapshot, and 8 hex digits.

        The digest covers the key, which snapshots could be read, and the notes and
        errors of reading them: a run that could read less never takes the name of one
        that read more.
        """
        day = max((newest.retrieved for newest, *_ in self.files), default="empty")
        read = [f"{s.source}/{s.folder}" for s in self.list_readable()]
        return f"{day[:10]}-{cache.hash_parts(self.key, *read, *self.said)[:8]}"

    def list_files(self, source: str) -> list[tuple[Snapshot, ...]]:
        """List the files of one source, each as its versions, newest first."""
        return [file for file in self.files if file[0].source == source]

    def locate_claims(self, snapshot: Snapshot) -> Path:
        """Return where the claims of a snapshot are, if this code has parsed it."""
        return cache.locate_cached(self.home, snapshot, self.vocabulary)

    def unread(self) -> list[Snapshot]:
        """List the snapshots that are newer than the newest readable one of their file.

        Newest first within a file. An older version is used in their place, or none.
        """
        return [
            snapshot
            for file in self.files
            for snapshot in takewhile(
                lambda s: not self.locate_claims(s).is_file(), file
            )
        ]

    def stand_ins(self) -> list[Snapshot]:
        """List the snapshots that are used because a newer one could not be read."""
        newest = {file[0].path for file in self.files}
        return [s for s in self.list_readable() if s.path not in newest]

    def list_readable(self) -> list[Snapshot]:
        """List of each file the newest version that could be parsed.

        Tables made for demonstration are left out where real ones of their edition
        could be.
        """
        newest = (
            next((s for s in file if self.locate_claims(s).is_file()), None)
            for file in self.files
        )
        found = [snapshot for snapshot in newest if snapshot is not None]
        aside = find_set_aside(found)
        return [snapshot for snapshot in found if snapshot.id not in aside]


def gather_inputs(home: Home, *, as_of: str = "") -> Inputs:
    """Gather the inputs of a release: cards, vocabularies and code, but no body.

    Args:
        home: Where the files are.
        as_of: Last ISO day of raw/ and of persons' decisions that counts; "" for all.
    """
    vocabulary = open_vocabulary(home.vocabularies, as_of)
    archive, blocked = Archive(home.raw, as_of), dict[str, str]()
    days = int(vocabulary.read_number("limits", "blocked_days"))
    files: list[tuple[Snapshot, ...]] = []
    faults: dict[str, tuple[str, ...]] = {}
    notes: dict[str, tuple[str, ...]] = {}
    sealed = list_sealed_cards(home)
    for source in archive.list_sources():
        # A stray folder in raw/ is an error of that folder alone; the others go on.
        if source not in SOURCES:
            faults[make_printable(source)] = (str(make_unknown_source(source)),)
            continue
        try:
            with contain_failures(f"raw/{source}"):
                found, broken = archive.survey_source(source)
                versions, lost = refuse_unsealed(group_versions(found), sealed)
                log = find_log_faults(home.raw / source, cut=False)
                damaged = [*lost, *broken, *log]
                since = find_blocked_since(archive.read_attempts(source), days)
        except PayproofError as error:
            faults[source] = (make_printable(local(home, str(error))),)
            continue
        files += versions
        if old := sum(not s.seal for file in versions for s in file):
            have = "card has" if old == 1 else "cards have"
            notes[source] = (UNSEALED.format(old, have),)
        if since:
            blocked[source] = since
        if damaged:
            faults[source] = tuple(local(home, str(fault)) for fault in damaged)
    files, twins = leave_out_twins(files)
    for source, texts in (*twins.items(), *tell_set_aside(files).items()):
        notes[source] = (*notes.get(source, ()), *texts)
    # Part of the key: a release that was made while a folder was damaged, or while a
    # source refused us, says so, and is another one once that is over.
    sentences = [
        text for texts in (*faults.values(), *twins.values()) for text in texts
    ]
    sentences += [f"{source} blocked {since}" for source, since in blocked.items()]
    identities = [cache.identify(s) for file in files for s in file]
    key = cache.compute_key(identities + sentences, vocabulary)
    return Inputs(home, vocabulary, tuple(files), key, faults, blocked, notes=notes)


def leave_out_twins(
    files: Sequence[tuple[Snapshot, ...]],
) -> tuple[list[tuple[Snapshot, ...]], dict[str, list[str]]]:
    """Leave out snapshots whose body is that of another one, of whatever source.

    A claim is named by its body and place, so that the same bytes count once: what was
    really published before what was made for demonstration; of several sources that
    of the first; of its editions the one that was kept last, by a person who said that
    it is another.

    Args:
        files: The versions of each file.

    Returns:
        The versions that are left; by source, a sentence for each that is not.
    """
    alike: dict[str, list[Snapshot]] = {}
    for snapshot in (snapshot for file in files for snapshot in file):
        alike.setdefault(snapshot.id, []).append(snapshot)
    counted = {name: choose_twin(found) for name, found in alike.items()}
    said: dict[str, list[str]] = {}
    for snapshot in (snapshot for file in files for snapshot in file):
        one = counted[snapshot.id]
        if one is not snapshot:
            said.setdefault(snapshot.source, []).append(
                f"raw/{snapshot.source}/{snapshot.folder}: the same bytes as raw/"
                f"{one.source}/{one.folder}, which alone counts."
            )
    left = (tuple(s for s in file if counted[s.id] is s) for file in files)
    return [file for file in left if file], said


def tell_set_aside(files: Iterable[tuple[Snapshot, ...]]) -> dict[str, list[str]]:
    """Say of each table made for demonstration that a real one takes its place.

    Returns:
        Sentences by source.
    """
    current = [file[0] for file in files]
    aside = find_set_aside(current)
    said: dict[str, list[str]] = {}
    for made in (s for s in current if s.id in aside):
        said.setdefault(made.source, []).append(
            SET_ASIDE.format(
                made.source, made.folder, made.edition, aside[made.id].name
            )
        )
    return said


def choose_twin(found: Sequence[Snapshot]) -> Snapshot:
    """Return which of several snapshots of the same bytes counts."""
    real = [s for s in found if s.capture != MADE] or found
    first = min(real, key=lambda s: (s.kept, s.source, s.folder))
    own = (s for s in real if s.source == first.source)
    return max(own, key=lambda s: (s.kept, s.folder))


def list_sealed_cards(home: Home) -> frozenset[tuple[str, str]]:
    """List source and folder of the cards that had a digest of their own.

    As the latest release says, and the last one that passed every gate.
    """
    return frozenset(
        (row["source"], Path(row["path"]).parent.name)
        for release in list_standing(home)
        for row in release.manifest["snapshots"]
        if row.get("card_sha256")
    )


def refuse_unsealed(
    files: Iterable[tuple[Snapshot, ...]], sealed: Collection[tuple[str, str]]
) -> tuple[list[tuple[Snapshot, ...]], list[Damaged]]:
    """Leave out the snapshots whose card has lost the digest that it had.

    Without it any field of the card could be another one. A card of an earlier version
    never had one, and stays.

    Args:
        files: The versions of each file.
        sealed: Source and folder of cards that had one.

    Returns:
        The versions that are left, and an error for each that is not.
    """
    kept: list[tuple[Snapshot, ...]] = []
    lost: list[Damaged] = []
    for file in files:
        bad = [s for s in file if not s.seal and (s.source, s.folder) in sealed]
        lost += [
            make_card_error(s.path.with_name(CARD), f"the card has lost its {SEAL}")
            for s in bad
        ]
        if left := tuple(s for s in file if s not in bad):
            kept.append(left)
    return kept, lost


def check_vocabularies(vocabulary: Vocabulary) -> None:
    """Check every vocabulary of a home before anything is made with it.

    Whoever finds a release of the same inputs need not: its key covers the bytes, and
    they were checked when it was made.

    Raises:
        NotFound: A file that the code came with is not there.
        LayoutChanged: A file lacks a column that it came with.
        Damaged: A row is broken.
    """
    bundle = find_bundle()
    # A missing vocabulary would only stop the sources that need it, and the release
    # would be smaller without a word: the bundled set says which files and columns
    # there must be.
    needed = (bundle / "vocabularies").glob("*.csv") if bundle else ()
    vocabulary.check({path.name: read_head(path) for path in needed})


def read_head(path: Path) -> list[str]:
    """Read the names of a vocabulary's columns; none of them holds a comma."""
    with path.open(encoding="utf-8-sig") as file:
        return file.readline().rstrip("\r\n").split(",")


def local(home: Home, text: str) -> str:
    """Write paths as from the home, so that a sentence is the same in any folder."""
    return text.replace(f"{home.root}{os.sep}", "")


def make_unknown_source(source: str) -> NotFound:
    """Make the error for a folder or name that no source module has."""
    return NotFound(
        "Source",
        make_printable(source),
        f"Known: {', '.join(sorted(SOURCES))}. See pipeline/sources/.",
    )
