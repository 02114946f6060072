"""A snapshot with some of its words replaced: what a page looks like that changed."""

import hashlib
from dataclasses import replace
from pathlib import Path

from pipeline.core.model import Snapshot


def changed(
    snapshot: Snapshot, folder: Path, *replacements: tuple[str, str]
) -> Snapshot:
    """The snapshot's text with each old text replaced; an old text must be there."""
    text = snapshot.path.read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / snapshot.path.name
    path.write_text(text, encoding="utf-8")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return replace(snapshot, sha256=sha256, path=path)
