"""All that a release is a function of: cards, vocabularies and code, but no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline import cache
from pipeline.errors import NotFound, PayproofError
from pipeline.model import Snapshot
from pipeline.snapshot import Archive
from pipeline.sources import SOURCES
from pipeline.store import Home
from pipeline.vocabulary import Vocabulary, load


@dataclass(frozen=True)
class Inputs:
    """All that a release is a function of.

    Args:
        home: Where the files are.
        vocabulary: Opened, not read.
        snapshots: The newest of each file, by source, edition and digest.
        key: 64 hex digits over snapshots, vocabularies and code.
        faults: Sources whose cards cannot be read: id to what is wrong.
    """

    home: Home
    vocabulary: Vocabulary
    snapshots: tuple[Snapshot, ...]
    key: str
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def release(self) -> str:
        """Id of the release: the day of the newest snapshot, and the key."""
        day = max((s.retrieved for s in self.snapshots), default="empty")
        return f"{day[:10]}-{self.key[:8]}"

    def of(self, source: str) -> list[Snapshot]:
        """The snapshots of one source."""
        return [s for s in self.snapshots if s.source == source]


def begin(home: Home) -> Inputs:
    """Look at what there is: cards, vocabularies and code, but no body."""
    archive, vocabulary = Archive(home.raw), load(home.vocabularies)
    snapshots: list[Snapshot] = []
    faults: dict[str, str] = {}
    for source in archive.sources():
        try:
            known = source in SOURCES
            if not known:
                faults[source] = str(unknown(source))
            snapshots += archive.latest(source) if known else []
        except PayproofError as error:
            faults[source] = str(error)
    key = cache.key([s.sha256 for s in snapshots], vocabulary)
    return Inputs(home, vocabulary, tuple(snapshots), key, faults)


def unknown(source: str) -> NotFound:
    """A folder or a name that no source module answers to."""
    return NotFound(
        "Source", source, f"Known: {', '.join(sorted(SOURCES))}. See pipeline/sources/."
    )
