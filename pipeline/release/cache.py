"""Keep parsed claims, and compute the digests that a release is named by.

A cached file's name holds everything that its content depends on: the snapshot's
digest, the code and the vocabularies. So nothing is ever invalidated: a file that no
longer fits is not looked up, and the folder may be deleted at any time. Beside each
lies the digest of its bytes: one that was cut or changed is never read.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from functools import cache as remember
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.core.checksums import fits_digest, write_with_digest
from pipeline.core.errors import Damaged
from pipeline.core.model import Snapshot
from pipeline.core.running_code import find_code, list_code_files
from pipeline.core.store import Home, sha256_of
from pipeline.core.vocabulary import Vocabulary
from pipeline.release.publish import ReleaseTables
from schemas import VERSION

# The capture of a page that was written for the project: its figures are invented, so
# a release that holds one says that it is a demonstration.
MADE = "made"
# Vocabularies that decide what is done with claims, and not how a page is read: with
# another ruling or tolerance the claims are the same, and nothing is parsed again.
DECISIONS = (
    *("anchors", "authority", "corrections", "grades", "policies", "policy_terms"),
    *("reasons", "rulings", "settlement"),
)


@remember
def hash_code() -> str:
    """Compute the digest of the project's code and its facts of sources: 64 hex."""
    return _digest_code(find_code())


def _digest_code(root: Path) -> str:
    """Compute the digest of the packages below a folder, names and bytes."""
    digest = hashlib.sha256()
    for path in list_code_files(root):
        # No file name holds a zero byte: it ends the name, so that two trees whose
        # names and bytes are only divided differently have two digests.
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """Return the version of each library that decides on the bytes of a release."""
    # Parquet files name the build of polars, and pandera decides on types: another
    # version of either gives other bytes from the same inputs (pyproject.toml).
    return {name: version(name) for name in ("payproof", "pandera", "polars")}


def compute_key(snapshots: Iterable[str], vocabulary: Vocabulary) -> str:
    """Compute the digest of everything that a release is made of: 64 hex digits.

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
    """Compute the digest of a snapshot's source, folder, body and card: 64 hex digits.

    The card names the digests of body and parts, so no body is read.
    """
    return hash_parts(snapshot.source, snapshot.folder, snapshot.sha256, snapshot.card)


def hash_parts(*parts: str) -> str:
    """Compute the digest of several texts in their order: 64 hex digits."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def locate_cached(home: Home, snapshot: Snapshot, vocabulary: Vocabulary) -> Path:
    """Return where the claims of a snapshot are, if this code has parsed them."""
    digest = vocabulary.compute_sha256(without=DECISIONS)
    depends = hash_parts(identify(snapshot), digest, hash_code())[:12]
    return home.parse_cache / snapshot.source / f"{snapshot.id}-{depends}.parquet"


def write_claims(path: Path, claims: pl.DataFrame) -> None:
    """Write claims to a Parquet file, and their digest beside it."""
    out = io.BytesIO()
    claims.write_parquet(out)
    write_with_digest(path, out.getvalue())


def read_claims(path: Path) -> pl.DataFrame:
    """Read claims as they were kept: the columns of `schemas.Claims`.

    Raises:
        Damaged: They are not those that were kept.
    """
    body = path.read_bytes()
    _check_digest(path, hashlib.sha256(body).hexdigest())
    return pl.read_parquet(io.BytesIO(body))


def _check_digest(path: Path, found: str) -> None:
    """Compare a cached file's digest with the one beside it.

    Raises:
        Damaged: It is another one, or there is none.
    """
    if not fits_digest(path, found):
        why = "the cached claims are not those that were kept"
        raise Damaged(str(path), why, "Run `payproof refresh`: it parses them anew.")


def find_faults(home: Home) -> list[str]:
    """Find the cached files that are not as they were kept; those without a digest not.

    Such a one is of an earlier version, or of a run that was killed: nobody reads it.
    """
    said = []
    for path in sorted(home.parse_cache.glob("*/*.parquet.sha256")):
        claims = path.with_suffix("")
        if claims.is_file():
            try:
                _check_digest(claims, sha256_of(claims))
            except Damaged as error:
                said.append(str(error))
    return said


def drop_damaged(path: Path) -> bool:
    """Throw cached claims away that are not those that were kept; all bytes are read.

    Returns:
        Whether there were any to throw away.
    """
    if not path.is_file():
        return False
    try:
        _check_digest(path, sha256_of(path))
    except Damaged:
        drop_claims(path)
        return True
    return False


def drop_claims(path: Path) -> None:
    """Throw cached claims away; the next run parses them anew."""
    path.unlink(missing_ok=True)


def count_claims(path: Path) -> int:
    """Count the claims of a cached file; only its footer is read."""
    return int(pl.scan_parquet(path).select(pl.len()).collect().item())


def locate_body(snapshot: Snapshot, home: Home) -> str:
    """Return where a snapshot's body is, as a path from the home's root."""
    # Never the whole path: a home may be moved, and its place is no part of a release.
    return snapshot.path.relative_to(home.root).as_posix()


def build_manifest(
    snapshots: Sequence[Snapshot],
    inputs: str,
    home: Home,
    contents: ReleaseTables,
    notes: Sequence[tuple[str, str, str]],
    vocabulary: Vocabulary,
) -> Mapping[str, Any]:
    """Build the manifest of a release, without its checksums.

    Args:
        snapshots: Those that the release was read from.
        inputs: Their digest, from `compute_key`.
        home: Where the bodies are.
        contents: All tables, to count their rows.
        notes: (source, `note` or `error`, sentence).
        vocabulary: All words and facts.
    """
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
                "card_sha256": s.seal,
            }
            for s in snapshots
        ],
        "rows": {
            name: frame.height for name, frame in contents.frames_by_name().items()
        },
        "alignment": dict(contents.alignment),
        "notes": [list(note) for note in notes],
    }
