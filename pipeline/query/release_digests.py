"""Hold a release's files against the digests that were published with them.

`manifest.json` lists the files, and `SHA256SUMS` lists them and the manifest: an edit
of either shows in the other. A release of an earlier version has its `SHA256SUMS` in
the manifest, and no digest of the manifest itself.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.core.checksums import SUMS, find_unlike, read_sums
from pipeline.core.errors import Damaged

MANIFEST = "manifest.json"


def find_list_fault(folder: Path, manifest: Mapping[str, Any], body: bytes) -> str:
    """Compare a release's two lists: a sentence where they differ, else "".

    No other file is read.

    Args:
        folder: Of the release.
        manifest: Its content.
        body: Its bytes.
    """
    stated = {name: facts["sha256"] for name, facts in manifest["files"].items()}
    if SUMS in stated:
        return ""
    try:
        listed = read_sums(folder)
    except Damaged as error:
        return str(error)
    if listed.pop(MANIFEST, "") != sha256(body).hexdigest():
        return f"{folder / MANIFEST}: it is not as it was published ({SUMS} says so)."
    if listed != stated:
        return f"{folder / SUMS}: it does not list what {MANIFEST} lists."
    return ""


def find_damaged_files(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Hash every file that a release lists; a sentence for each that is not so."""
    files = manifest["files"].items()
    return [*find_unlike(folder, {name: facts["sha256"] for name, facts in files})]
