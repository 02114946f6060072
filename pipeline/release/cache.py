"""Keep parsed claims, and compute the digests that a release is named by.

A cached file's name holds everything that its content depends on: the snapshot's
digest, the code and the vocabularies. So nothing is ever invalidated: a file that no
longer fits is not looked up, and the folder may be deleted at any time. Beside each
lie the faults that its reading met, where there were any, and the digests of both: what
was cut or changed is never read. So nothing here is synced.
"""

import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache as remember
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.core.checksums import find_changed, format_sums, locate_digest, read_list
from pipeline.core.errors import Damaged
from pipeline.core.model import MADE, Snapshot
from pipeline.core.reading_faults import ReadingFault
from pipeline.core.running_code import find_code, list_code_files
from pipeline.core.store import Home, write_atomically
from pipeline.core.unread_places import UnreadPlace
from pipeline.core.vocabulary import Vocabulary
from pipeline.release.publish import ReleaseTables
from schemas import VERSION

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


def write_claims(
    path: Path,
    claims: pl.DataFrame,
    faults: Sequence[ReadingFault] = (),
    unread: Sequence[UnreadPlace] = (),
) -> None:
    """Write claims to a Parquet file, what their reading met beside it.

    Args:
        path: Of the claims.
        claims: The columns of `schemas.Claims`.
        faults: Told by every run that uses the claims, and not by the first alone.
        unread: Places that were not read; told likewise.
    """
    out = io.BytesIO()
    claims.write_parquet(out)
    files: dict[Path, bytes] = {}
    for place, met in ((locate_faults(path), faults), (locate_unread(path), unread)):
        if met:
            files[place] = json.dumps([asdict(one) for one in met]).encode()
    files[path] = out.getvalue()
    digests = {p.name: hashlib.sha256(body).hexdigest() for p, body in files.items()}
    # Their list first and the claims last: where a kill comes between, there are none.
    for place, body in {locate_digest(path): format_sums(digests), **files}.items():
        write_atomically(place, body, is_lasting=False)


def locate_faults(path: Path) -> Path:
    """Return where the faults lie that the reading of cached claims met."""
    return path.with_suffix(".faults.json")


def locate_unread(path: Path) -> Path:
    """Return where the places lie that the reading of cached claims left out."""
    return path.with_suffix(".unread.json")


def read_claims(path: Path) -> pl.DataFrame:
    """Read claims as they were kept: the columns of `schemas.Claims`.

    Raises:
        Damaged: They are not those that were kept.
    """
    body = path.read_bytes()
    if _read_digests(path).get(path.name) != hashlib.sha256(body).hexdigest():
        raise describe_damage(path)
    return pl.read_parquet(io.BytesIO(body))


def read_faults(path: Path) -> list[ReadingFault]:
    """Read the faults that the reading of cached claims met; none where it met none.

    Raises:
        Damaged: They are not those that were kept.
    """
    return [ReadingFault(**one) for one in _read_rows(path, locate_faults(path))]


def read_unread(path: Path) -> list[UnreadPlace]:
    """Read the places that the reading of cached claims left out; none where none.

    Raises:
        Damaged: They are not those that were kept.
    """
    return [UnreadPlace(**one) for one in _read_rows(path, locate_unread(path))]


def _read_rows(path: Path, place: Path) -> list[dict[str, Any]]:
    """Read a list that lies beside cached claims; none where it does not.

    Raises:
        Damaged: It is not the one that was kept.
    """
    stated = _read_digests(path).get(place.name)
    if stated is None:
        return []
    body = place.read_bytes() if place.is_file() else b""
    if hashlib.sha256(body).hexdigest() != stated:
        raise describe_damage(path)
    rows: list[dict[str, Any]] = json.loads(body)
    return rows


def _read_digests(path: Path) -> dict[str, str]:
    """Read the digests beside cached claims; none where their list is damaged."""
    try:
        return read_list(locate_digest(path))
    except Damaged:
        return {}


def describe_damage(path: Path) -> Damaged:
    """Return the error that cached claims are not those that were kept."""
    why = "the cached claims are not those that were kept"
    return Damaged(str(path), why, "Run `payproof refresh`: it parses them anew.")


def is_damaged(path: Path) -> bool:
    """Tell whether cached claims, or their faults, are not as kept; all are read."""
    digests = _read_digests(path)
    listed = {path.with_name(name): digest for name, digest in digests.items()}
    return path not in listed or any(find_changed(listed))


def find_faults(home: Home) -> list[str]:
    """Find the cached files that are not as they were kept; those without a digest not.

    Such a one is of an earlier version, or of a run that was killed: nobody reads it.
    """
    paths = [
        digest.with_suffix("")
        for digest in sorted(home.parse_cache.glob("*/*.parquet.sha256"))
    ]
    return [str(describe_damage(p)) for p in paths if p.is_file() and is_damaged(p)]


def drop_all_damaged(home: Home) -> None:
    """Throw away all cached claims that are not those that were kept."""
    for path in sorted(home.parse_cache.glob("*/*.parquet")):
        drop_damaged(path)


def drop_damaged(path: Path) -> bool:
    """Throw cached claims away that are not those that were kept; all bytes are read.

    Returns:
        Whether there were any to throw away.
    """
    if not path.is_file() or not is_damaged(path):
        return False
    drop_claims(path)
    return True


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
