"""Claims that were parsed before, and what a release is a function of.

A cached file's name holds everything that its content depends on: the snapshot's
digest, the code and the vocabularies. Nothing is ever invalidated; what no longer
fits is simply not asked for, and the folder may be deleted at any time.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from functools import cache as remember
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.core.model import Snapshot
from pipeline.core.running_code import find_code, list_code_files
from pipeline.core.store import Home, write_atomically
from pipeline.core.vocabulary import Vocabulary
from pipeline.release.publish import ReleaseTables
from schemas import VERSION

MADE = "made"
# Tables that decide what is done with claims, and not what a page says.
DECISIONS = (
    *("anchors", "authority", "corrections", "grades", "policies", "policy_terms"),
    *("reasons", "rulings", "settlement"),
)


@remember
def hash_code() -> str:
    """Digest the project's own code and the facts of sources: 64 hex digits."""
    return _digest_code(find_code())


def _digest_code(root: Path) -> str:
    """Digest the packages below a folder, names and bytes."""
    digest = hashlib.sha256()
    for path in list_code_files(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """Name to version of what decides on the bytes of a release, besides our code."""
    return {name: version(name) for name in ("payproof", "pandera", "polars")}


def compute_key(snapshots: Iterable[str], vocabulary: Vocabulary) -> str:
    """Digest of everything that a release is made of.

    Args:
        snapshots: What identifies each snapshot, in the order in which they count,
            and what is wrong with others.
        vocabulary: All words and facts, rulings among them.
    """
    made_with = [f"{name} {number}" for name, number in versions().items()]
    return hash_parts(
        *snapshots,
        vocabulary.compute_sha256(),
        hash_code(),
        f"schema {VERSION}",
        *made_with,
    )


def identify(snapshot: Snapshot) -> str:
    """Digest of all that is known of a snapshot: its place, its card, its body.

    The card names the digests of body and parts, so no body is read.
    """
    return hash_parts(snapshot.source, snapshot.folder, snapshot.sha256, snapshot.card)


def hash_parts(*parts: str) -> str:
    """Digest of several digests: 64 hex digits."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def locate_cached(home: Home, snapshot: Snapshot, vocabulary: Vocabulary) -> Path:
    """Where the claims of a snapshot are, if they were parsed by this code."""
    digest = vocabulary.compute_sha256(without=DECISIONS)
    depends = hash_parts(identify(snapshot), digest, hash_code())[:12]
    return home.parse_cache / snapshot.source / f"{snapshot.id}-{depends}.parquet"


def write_claims(path: Path, claims: pl.DataFrame) -> None:
    """Store claims; a kill leaves no half file."""
    out = io.BytesIO()
    claims.write_parquet(out)
    write_atomically(path, out.getvalue())


def read_claims(path: Path) -> pl.DataFrame:
    """Claims as they were kept."""
    return pl.read_parquet(path)


def count_claims(path: Path) -> int:
    """How many claims a cached file holds; only its footer is read."""
    return int(pl.scan_parquet(path).select(pl.len()).collect().item())


def locate_body(snapshot: Snapshot, home: Home) -> str:
    """Where a snapshot's body is, from the home's root."""
    return snapshot.path.relative_to(home.root).as_posix()


def build_manifest(
    snapshots: Sequence[Snapshot],
    inputs: str,
    home: Home,
    contents: ReleaseTables,
    notes: Sequence[tuple[str, str, str]],
    vocabulary: Vocabulary,
) -> Mapping[str, Any]:
    """What a release says of itself, but for its checksums."""
    return {
        "key": inputs,
        "demonstration": any(s.capture == MADE for s in snapshots),
        "code_sha256": hash_code(),
        "vocabulary_sha256": vocabulary.compute_sha256(),
        "vocabularies": vocabulary.digest_files(),
        "versions": versions(),
        "snapshots": [
            {
                "id": s.id,
                "source": s.source,
                "edition": s.edition,
                "sha256": s.sha256,
                "capture": s.capture,
                "retrieved": s.retrieved,
                "name": s.name,
                "url": s.url,
                "media_type": s.media_type,
                "path": locate_body(s, home),
            }
            for s in snapshots
        ],
        "rows": {
            name: frame.height for name, frame in contents.frames_by_name().items()
        },
        "alignment": dict(contents.alignment),
        "notes": [list(note) for note in notes],
    }
