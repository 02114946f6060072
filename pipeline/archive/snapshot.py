"""Keep payloads as snapshots, and find them again: the only writer of raw/.

A snapshot is a folder `raw/<source>/<edition>-<sha12>/` with the body, its parts and
`snapshot.json`, the card. It appears whole and is never changed afterwards.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.archive import fetch_log
from pipeline.archive.card import (
    CARD,
    SEAL,
    SOURCE,
    format_card,
    make_card,
    make_card_error,
    read_card,
)
from pipeline.archive.fetch_log import FetchAttempt
from pipeline.archive.public_url import public_url
from pipeline.archive.snapshot_versions import group_versions
from pipeline.core import media
from pipeline.core.checksums import find_changed
from pipeline.core.disk import sync_folder
from pipeline.core.errors import Damaged, PayproofError
from pipeline.core.failure_trace import contain_failures
from pipeline.core.leftovers import sweep_leftovers
from pipeline.core.model import MADE, Payload, Snapshot
from pipeline.core.store import (
    append_line,
    build_folder,
    hold_lock,
    sha256_of,
    write_files,
)

HELD_FOLDER = ".held"
RESTORE = "Bring it back from a backup; `payproof verify` looks at all of them."


@dataclass(frozen=True)
class Archive:
    """The folder raw/, and all that may be done to it.

    Args:
        raw: The folder.
        as_of: Last ISO day that counts: what came later is as if it were not there.
    """

    raw: Path
    as_of: str = ""

    def keep(
        self,
        payload: Payload,
        *,
        licence: str = "",
        note: str = "",
        derived_from: Sequence[str] = (),
        canonical: str = "",
        same_as: str = "",
        again: bool = False,
    ) -> Snapshot:
        """Store what came in and return its snapshot; known bytes change nothing.

        Bytes that are here under another edition are no new edition, unless the caller
        says so or links them by `same_as`.

        Args:
            payload: Body and parts, with where and when they were obtained.
            licence: Under which the publisher lets it be used.
            note: A remark, e.g. how a made page came to be; nothing reads it.
            derived_from: Publications whose figures it carries.
            canonical: Digest of what it says, by `fingerprint`.
            same_as: Folder of the snapshot that says the same.
            again: These bytes are another edition, though they are here under one.

        Raises:
            Damaged: A body or part is empty or not what its name says; a name is not
                a plain one; or the body is here already with other parts, or under
                another edition.
        """
        more = {"canonical": canonical, "same_as": same_as}
        card = make_card(payload, licence, note, derived_from, **more)
        folder = self.raw / payload.source / f"{payload.edition}-{card['sha256'][:12]}"
        sweep_leftovers(folder.parent)
        if not (again or same_as or folder.exists()) and (twin := self.find_twin(card)):
            why = f"these bytes are here already, as edition {twin.edition}"
            remedy = (
                "Give that edition; where the publisher really repeats itself, say "
                "`--again`."
            )
            raise Damaged(str(twin.path.parent), why, remedy)
        if not folder.exists():
            with hold_lock(self.raw / ".lock", wait=True):
                if not folder.exists():  # nobody wrote it while we waited
                    _write_folder(folder, payload, card)
        else:
            # Whoever wrote it may have been killed before its name was synced.
            sync_folder(folder.parent)
        # The folder's name covers the body alone: a changed code list must not slip in.
        kept = _load_snapshot(folder)
        if _read_part_digests(folder) != {
            n: p["sha256"] for n, p in card["parts"].items()
        }:
            why = "the same body was kept before with other parts"
            raise Damaged(str(folder), why, "Give it an edition of its own.")
        return kept

    def find_twin(self, card: Mapping[str, Any]) -> Snapshot | None:
        """Find a snapshot of the same body and parts under another edition.

        What was made for demonstration is no edition of what was really published.

        Args:
            card: Of what is to be kept, as `make_card` makes it.
        """
        digests = {name: part["sha256"] for name, part in card["parts"].items()}
        for folder in sorted(
            (self.raw / card["source"]).glob(f"[!.]*-{card['sha256'][:12]}")
        ):
            try:
                kept, parts = _load_snapshot(folder), _read_part_digests(folder)
            except Damaged:
                continue  # `survey_source` names it
            same = (kept.sha256, parts) == (card["sha256"], digests)
            alike = (kept.capture == MADE) is (card["capture"] == MADE)
            if same and alike and kept.edition != card["edition"]:
                return kept
        return None

    def sweep(self) -> None:
        """Remove what killed processes left of snapshots that they were writing."""
        below = [p for p in (self.raw, self.raw / HELD_FOLDER) if p.is_dir()]
        sources = [p for folder in below for p in folder.iterdir() if p.is_dir()]
        sweep_leftovers(*below, *sources)

    def add_attempt(self, attempt: FetchAttempt) -> None:
        """Add one attempt to the log of its source."""
        with hold_lock(self.raw / ".lock", wait=True):
            append_line(self.raw / attempt.source / fetch_log.LOG, attempt.to_line())

    def read_attempts(self, source: str) -> list[FetchAttempt]:
        """Return every attempt at a source, the first one first; none for no id."""
        # A name of any length and form, of a request: it is no way to a file.
        if not SOURCE.fullmatch(source):
            return []
        return fetch_log.read_log(self.raw / source, as_of=self.as_of)

    def set_aside(
        self, payload: Payload, why: str, *, most: int, keep: int = 20
    ) -> Path:
        """Put aside what was not accepted, with the reason; return its folder.

        It lies in raw/.held/; the snapshots stay as they are.

        Args:
            payload: What came.
            why: One sentence.
            most: Bytes of the body that are put aside.
            keep: How many bodies of a source are kept; the oldest ones go.
        """
        digest = hashlib.sha256(payload.body).hexdigest()
        folder = self.raw / HELD_FOLDER / payload.source / digest[:12]
        reason = {
            "source": payload.source,
            "url": public_url(payload.url),
            "at": payload.at or payload.retrieved,
            "status": payload.status,
            "sha256": digest,
            "bytes": len(payload.body),
            "why": why,
        }
        text = json.dumps(reason, ensure_ascii=False, indent=2) + "\n"
        files = {"body.held": payload.body[:most], "why.json": text.encode()}
        with build_folder(folder) as building:
            write_files(building, files)
        held = sorted(folder.parent.glob("*/why.json"), key=lambda p: p.stat().st_mtime)
        for old in held[:-keep]:
            shutil.rmtree(old.parent, ignore_errors=True)
        return folder

    def list_sources(self) -> list[str]:
        """Return ids of the sources that have a folder in raw/, sorted."""
        return sorted(p.name for p in self.raw.glob("[!.]*") if p.is_dir())

    def list_snapshots(self, source: str) -> list[Snapshot]:
        """Return every snapshot of a source, by edition and digest.

        Raises:
            Damaged: A card cannot be read or does not fit its folder.
        """
        if not SOURCE.fullmatch(source):
            return []
        found, faults = self.survey_source(source)
        if faults:
            raise faults[0]
        return found

    def survey_source(self, source: str) -> tuple[list[Snapshot], list[PayproofError]]:
        """Return the snapshots of a source, and what is wrong with its other folders.

        One damaged folder costs itself alone.
        """
        found: list[Snapshot] = []
        faults: list[PayproofError] = []
        seen = fetch_log.find_last_seen(self.read_attempts(source))
        for folder in sorted((self.raw / source).glob("[!.]*")):
            try:
                with contain_failures(str(folder)):
                    found += [_load_snapshot(folder)] if folder.is_dir() else []
            except PayproofError as fault:
                faults.append(fault)
        if self.as_of:
            found = [s for s in found if (s.kept or s.retrieved)[:10] <= self.as_of]
        found = [replace(s, seen=seen.get(s.folder, s.retrieved)) for s in found]
        return sorted(found, key=lambda s: (s.edition, s.sha256)), faults

    def list_all(self) -> list[Snapshot]:
        """Return every snapshot, by source, edition and digest."""
        return [
            snapshot
            for source in self.list_sources()
            for snapshot in self.list_snapshots(source)
        ]

    def list_versions(self, source: str) -> list[tuple[Snapshot, ...]]:
        """Return all versions of each file (edition and name), the newest first.

        A folder whose card cannot be read is left out; `survey_source` names it.

        What was really published goes before what was made for demonstration; then
        the day counts on which it was last seen. Files come by edition and name; a
        page that says the same as another is left out.
        """
        found, _ = self.survey_source(source) if SOURCE.fullmatch(source) else ([], [])
        return group_versions(found)

    def list_latest(self, source: str) -> list[Snapshot]:
        """Return the newest version of each file, by edition and name."""
        return [newest for newest, *_ in self.list_versions(source)]

    def find_faults(self) -> list[str]:
        """Re-hash every body and part; return a sentence for each that has changed."""
        return [
            fault
            for source in self.list_sources()
            for folder in sorted((self.raw / source).glob("[!.]*"))
            if folder.is_dir()
            for fault in _find_faults(folder)
        ]


def _load_snapshot(folder: Path) -> Snapshot:
    """Load the snapshot in a folder; its body is not read.

    Raises:
        Damaged: The card is not sound, or there is not just one body.
    """
    card = read_card(folder)
    bodies = sorted([*folder.glob("body"), *folder.glob("body.*")])
    if len(bodies) != 1:
        raise make_card_error(folder, f"{len(bodies)} body files instead of one")
    url = card.get("url")
    return Snapshot(
        source=card["source"],
        edition=card["edition"],
        sha256=card["sha256"],
        path=bodies[0],
        media_type=card["media_type"],
        capture=card["capture"],
        retrieved=card["retrieved"],
        url=url if isinstance(url, str) else "",
        parts={n: folder / p["file"] for n, p in sorted(card["parts"].items())}
        if card.get("parts")
        else {},
        name=card["name"],
        asked=card.get("asked", ""),
        kept=card.get("at", "") or card["retrieved"],
        same_as=card.get("same_as", ""),
        card=sha256_of(folder / CARD),
        seal=card.get(SEAL, ""),
    )


def _read_part_digests(folder: Path) -> dict[str, str]:
    """Return part name to digest, as the card has them."""
    parts = read_card(folder).get("parts", {})
    return {name: part["sha256"] for name, part in parts.items()}


def _find_faults(folder: Path) -> Iterator[str]:
    """Yield what is not as it was kept in one snapshot's folder, a sentence each."""
    try:
        snapshot = _load_snapshot(folder)
    except Damaged as error:
        yield str(error)
        return
    for path, why in find_changed_files(snapshot):
        yield f"{path}: {why}."
    known = {folder / CARD, snapshot.path, *snapshot.parts.values()}
    for path in sorted(set(folder.iterdir()) - known):
        yield f"{path}: the card does not know this file."


def find_changed_files(snapshot: Snapshot) -> Iterator[tuple[Path, str]]:
    """Yield the body and parts that are not what the card says, each with why.

    Every one of them is read.
    """
    digests = _read_part_digests(snapshot.path.parent)
    expected = {snapshot.path: snapshot.sha256}
    expected |= {path: digests[name] for name, path in snapshot.parts.items()}
    yield from find_changed(expected, "kept")


def check_bytes(snapshot: Snapshot) -> None:
    """Check that body and parts are still what the card says; all of them are read.

    Raises:
        Damaged: One is gone or has changed; the file is named.
    """
    for path, why in find_changed_files(snapshot):
        raise Damaged(str(path), why, RESTORE)


def _write_folder(folder: Path, payload: Payload, card: Mapping[str, Any]) -> None:
    """Write a snapshot's folder under another name, then rename it (under the lock).

    A kill at any file leaves the whole snapshot or none.
    """
    ending = media.choose_ending(payload.media_type, payload.name)
    parts = {f"part.{name}": part for name, part in payload.parts.items()}
    with build_folder(folder) as building:
        write_files(
            building, {f"body{ending}": payload.body, **parts, CARD: format_card(card)}
        )
