"""OEWS snapshots for tests: a table of one row, and the bundled flat file changed."""

import csv
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from pipeline.archive.snapshot import Archive
from pipeline.core.model import Snapshot
from pipeline.core.vocabulary import open_vocabulary

ROOT = Path(__file__).resolve().parents[1]
V = open_vocabulary(ROOT / "vocabularies")
ROW = {
    "AREA": "99",
    "AREA_TITLE": "U.S.",
    "AREA_TYPE": "1",
    "NAICS": "000000",
    "NAICS_TITLE": "Cross-industry",
    "I_GROUP": "cross-industry",
    "OWN_CODE": "1235",
    "OCC_CODE": "29-2072",
    "OCC_TITLE": "Records",
    "O_GROUP": "detailed",
    "TOT_EMP": "185690",
    "EMP_PRSE": "1.2",
    "H_MEAN": "25.81",
    "A_MEAN": "53690",
    "MEAN_PRSE": "0.6",
    "H_PCT10": "16.87",
    "H_PCT25": "19.05",
    "H_MEDIAN": "23.45",
    "H_PCT75": "29.79",
    "H_PCT90": "37.41",
    "A_PCT10": "35080",
    "A_PCT25": "39620",
    "A_MEDIAN": "48780",
    "A_PCT75": "61960",
    "A_PCT90": "77810",
    "ANNUAL": "",
    "HOURLY": "",
    "PCT_RPT": "",
}
HEAD = list(ROW)
LINE = b"OEUN000000000000029207213     \t2025\tA01\t       51140\t"
Change = Callable[[bytes], bytes]


def kept(path: Path, edition: str = "2023-05", name: str = "") -> Snapshot:
    """A snapshot of a file as it lies there."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Snapshot(
        *("bls_oews", edition, digest, path, "text/csv", "made", "2026-11-01"),
        name=name or path.name,
    )


def one_row(
    folder: Path,
    changes: Mapping[str, str] | None = None,
    head: Sequence[str] = (),
    edition: str = "2023-05",
    without: Sequence[str] = (),
) -> Snapshot:
    """A national table of one row, the usual one with some cells changed."""
    row = {k: v for k, v in (ROW | dict(changes or {})).items() if k not in without}
    path = folder / "national_dl.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([list(head or row), list(row.values())])
    return kept(path, edition)


def flat_file(
    folder: Path,
    change: Change = bytes,
    parts: Mapping[str, Change] | None = None,
    without: Sequence[str] = (),
) -> Snapshot:
    """The bundled flat snapshot with its body, or its code lists, changed."""
    found = Archive(ROOT / "raw").list_snapshots("bls_oews")
    (bundled,) = [s for s in found if s.name == "oe.data.0.Current"]
    path = folder / "oe.data.0.Current"
    path.write_bytes(change(bundled.read_body()))
    files = {}
    for name, file in bundled.parts.items():
        if name not in without:
            files[name] = folder / name
            files[name].write_bytes((parts or {}).get(name, bytes)(file.read_bytes()))
    return replace(bundled, path=path, parts=files)


def said(claims: pl.DataFrame, **where: str) -> dict[str, object]:
    """The one claim with these values."""
    rows = claims.filter(pl.col(name) == value for name, value in where.items())
    assert rows.height == 1, rows
    return rows.row(0, named=True)
