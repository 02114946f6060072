"""A snapshot with some of its words replaced: what a page looks like that changed."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

from pipeline.archive.card import CARD, SEAL, format_card, hash_card, read_card
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


def rewrite_card(folder: Path, **facts: object) -> dict:
    """The card in a folder with other facts, and the digest that goes with them."""
    card = json.loads((folder / CARD).read_text("utf-8")) | facts
    card |= {SEAL: hash_card(card)}
    (folder / CARD).write_bytes(format_card(card))
    return card


def strip_card(folder: Path, **facts: object) -> None:
    """The card with other facts and no digest: as an earlier version wrote it."""
    card = {name: value for name, value in read_card(folder).items() if name != SEAL}
    (folder / CARD).write_bytes(format_card(card | facts))
