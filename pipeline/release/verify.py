"""Verify pointers and values against the stored bytes, and every file by its digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.archive.card import CARD, SEAL, read_card
from pipeline.archive.snapshot import Archive
from pipeline.core.errors import Damaged, PayproofError
from pipeline.core.store import Home
from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.query.published import Release
from pipeline.read import read_quotes
from pipeline.read.read_limits import reading_with
from pipeline.read.sheets.flat_file import read_flat_quotes
from pipeline.read.sheets.parquet_table import PARQUET, read_parquet_quotes
from pipeline.read.sheets.workbook import read_workbook_quotes
from pipeline.release.stored_files import find_stored_faults, find_unsealed
from pipeline.release.value_checks import explain_incomparable, find_changed_values

SHOWN = 20  # failed pointers that the command prints as text; JSON has them all


@dataclass(frozen=True)
class VerifyResult:
    """What was looked at and what was found wrong.

    Args:
        pointers: Claims whose quote was looked for at its place.
        failed: A sentence for each that is not there.
        snapshots: Bodies behind the release; files: that its manifest lists.
        faults: A sentence for each file or value that is not as it was written.
        values: Claims that were read anew and compared, every column of them.
        notes: What could not be looked at, and why.
    """

    pointers: int
    failed: tuple[str, ...]
    snapshots: int
    files: int
    faults: tuple[str, ...]
    values: int = 0
    notes: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Nothing is wrong."""
        return not (self.failed or self.faults)


def verify(home: Home, release: Release, *, everything: bool = False) -> VerifyResult:
    """Extract the quote of every claim anew, read it anew, and hash all files.

    Args:
        home: Where raw/ is.
        release: The one whose claims are looked at.
        everything: Look at all other files of the home as well.
    """
    faults = [*Archive(home.raw).find_faults()]
    if not everything:  # else `find_stored_faults` looks at it as at every release
        faults += release.find_damage()
    faults += find_other_cards(home, release)
    known = {s["id"]: s for s in release.manifest["snapshots"]}
    claims = release.scan_table("claims").select(
        "snapshot", "claim_id", "locator", "quote", "structure"
    ).sort("snapshot", "claim_id").collect()  # fmt: skip
    failed: list[str] = []
    words = open_vocabulary(home.vocabularies)
    for (snapshot,), rows in claims.group_by("snapshot", maintain_order=True):
        card = known.get(str(snapshot))
        if card is None:
            failed.append(f"{snapshot}: the manifest does not know this snapshot.")
            continue
        with reading_with(words):
            failed += find_wrong_quotes(
                home.root / card["path"], card["media_type"], rows
            )
    values, said, notes = verify_values(home, release, words)
    faults += said
    if everything:
        faults += find_stored_faults(home)
        notes += find_unsealed(home)
    files = len(release.manifest["files"])
    return VerifyResult(
        claims.height, tuple(failed), len(known), files, tuple(faults), values,
        tuple(notes),
    )  # fmt: skip


def verify_values(
    home: Home, release: Release, words: Vocabulary
) -> tuple[int, list[str], list[str]]:
    """Read the claims of a release anew.

    Returns:
        How many were compared, a sentence for each that differs, and why none was
        compared where that is so.
    """
    try:
        if why := explain_incomparable(release, words):
            return 0, [], [f"Values were not compared: {why}"]
        found = list(find_changed_values(home, release, words))
    except PayproofError as error:
        return 0, [str(error)], []
    return sum(n for n, _ in found), [text for _, said in found for text in said], []


def find_other_cards(home: Home, release: Release) -> list[str]:
    """Find the cards that are not those that a release was made with."""
    said = []
    for row in release.manifest["snapshots"]:
        folder = (home.root / row["path"]).parent
        try:
            seal = read_card(folder).get(SEAL, "")
        except Damaged:
            continue  # `Archive.find_faults` names it
        if row.get("card_sha256", seal) not in ("", seal):
            said.append(
                f"{folder / CARD}: another card than {release.name} was made of."
            )
    return said


def find_wrong_quotes(path: Path, media_type: str, rows: pl.DataFrame) -> list[str]:
    """Return one sentence for each claim whose place does not hold its quote."""
    try:
        body = path.read_bytes()
        found = read_claim_quotes(body, media_type, rows)
    except (OSError, PayproofError) as error:
        return [f"{path}: {rows.height} pointers cannot be followed ({error})."]
    pairs = zip(rows.iter_rows(named=True), found, strict=True)
    return [
        f"{row['claim_id']}: the bytes say {there!r}, the claim {row['quote']!r}."
        for row, there in pairs
        if there != row["quote"]
    ]


def read_claim_quotes(
    body: bytes, media_type: str, rows: pl.DataFrame
) -> Sequence[str]:
    """Read what is at each locator, in their order, by the kind of file."""
    locators = rows["locator"].to_list()
    # The bytes decide, not the name: disclosure files came as text, workbooks and
    # Parquet over the years, and `flat_file` is the structure of them all. A workbook
    # is a zip, which begins with PK.
    structure, packed = rows["structure"][0], body.startswith(b"PK")
    if body.startswith(PARQUET):
        return read_parquet_quotes(body, locators)
    if structure == "flat_file" and not packed:
        return read_flat_quotes(body, locators)
    if structure in ("flat_file", "sheet"):
        return read_workbook_quotes(body, locators)
    return read_quotes(body, media_type, locators)
