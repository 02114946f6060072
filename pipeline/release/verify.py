"""Verify every pointer against the stored bytes, every snapshot by its digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.archive.snapshot import Archive
from pipeline.core.errors import PayproofError
from pipeline.core.store import Home, sha256_of
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query.published import Release
from pipeline.read import read_quotes
from pipeline.read.read_limits import reading_with
from pipeline.read.sheets.flat_file import read_flat_quotes
from pipeline.read.sheets.parquet_table import PARQUET, read_parquet_quotes
from pipeline.read.sheets.workbook import read_workbook_quotes

SHOWN = 20  # failed pointers that the command prints as text; JSON has them all


@dataclass(frozen=True)
class VerifyResult:
    """What was looked at and what was found wrong."""

    pointers: int
    failed: tuple[str, ...]
    snapshots: int
    files: int
    faults: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Nothing is wrong."""
        return not (self.failed or self.faults)


def verify(home: Home, release: Release) -> VerifyResult:
    """Extract the quote of every claim anew, and hash snapshots and release files."""
    faults = Archive(home.raw).find_faults() + find_release_faults(release)
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
    files = len(release.manifest["files"])
    return VerifyResult(claims.height, tuple(failed), len(known), files, tuple(faults))


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


def find_release_faults(release: Release) -> list[str]:
    """Find files of the release that are gone or not as they were written."""
    faults = []
    for name, facts in sorted(release.manifest["files"].items()):
        path = release.folder / name
        if not path.is_file():
            faults.append(f"{path}: the file is gone.")
        elif sha256_of(path) != facts["sha256"]:
            faults.append(f"{path}: the bytes are not those that were published.")
    return faults
