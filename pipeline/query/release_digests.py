"""Hold a release's files against the digests that were published with them.

`manifest.json` lists the files, and `SHA256SUMS` lists them and the manifest: an edit
of either shows in the other. A release of an earlier version has its `SHA256SUMS` in
the manifest, and no digest of the manifest itself.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.core.checksums import SUMS, find_changed, read_sums
from pipeline.core.errors import Damaged

MANIFEST = "manifest.json"
UNLIKE = f"it is not as it was published, or {SUMS} beside it is not"  # of a manifest


def lists_agree(folder: Path, manifest: Mapping[str, Any], body: bytes) -> bool:
    """Return whether a release's two lists say the same; no other file is read.

    Args:
        folder: Of the release.
        manifest: Its content.
        body: Its bytes.
    """
    stated = {name: facts["sha256"] for name, facts in manifest["files"].items()}
    if SUMS in stated:
        return True
    try:
        listed = read_sums(folder)
    except Damaged:
        return False
    return listed == stated | {MANIFEST: sha256(body).hexdigest()}


def find_damaged_files(
    folder: Path, manifest: Mapping[str, Any]
) -> Iterator[tuple[Path, str]]:
    """Hash the files that a release lists; yield each that is not so, with why."""
    files = manifest["files"].items()
    return find_changed({folder / name: facts["sha256"] for name, facts in files})
