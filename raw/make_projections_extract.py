"""Make raw/bls_projections from the workbook of the Employment Projections.

    python raw/make_projections_extract.py SHARED

SHARED/data/projections/occupation.xlsx is the workbook as published. Tables 1.2 and
1.10 keep their title, header, notes and columns, and of their rows those of the
medical-records family; cells are unchanged. The same input gives the same bytes. All
figures are public domain (BLS).
"""

import hashlib
import io
import re
import shutil
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import xlsxwriter

from pipeline.archive.snapshot import Archive
from pipeline.core import media
from pipeline.core.model import Payload
from pipeline.read.sheets.workbook import read_grids

RAW = Path(__file__).resolve().parent
LICENCE = "Public domain (U.S. government work)"
URL = "https://www.bls.gov/emp/ind-occ-matrix/occupation.xlsx"
EDITION, RETRIEVED = "2024-2034", "2026-11-01"
SHEETS = ("Table 1.2", "Table 1.10")
FAMILY = (
    *("00-0000", "11-9111", "29-0000", "29-1141", "29-1215", "29-2070", "29-2072"),
    *("29-9021", "31-9094", "43-3000", "43-3021", "43-6013", "27-2011", "29-1242"),
)
CODE, FIRST = 1, 2  # column of the codes; rows above the first occupation
NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,20})?")


def main(shared: Path, raw: Path = RAW) -> None:
    """Write the snapshot anew."""
    path = shared / "data" / "projections" / "occupation.xlsx"
    body = path.read_bytes()
    shutil.rmtree(raw / "bls_projections", ignore_errors=True)
    payload = Payload(
        *("bls_projections", EDITION, path.name, extract(body, path.name)),
        *(media.XLSX, "made", RETRIEVED, URL),
    )
    note = (
        "Rows of the medical-records family, and two that show how pay is withheld, "
        "from tables 1.2 and 1.10; cells unchanged."
    )
    origin = [f"{path.name} sha256:{hashlib.sha256(body).hexdigest()}"]
    Archive(raw).keep(payload, licence=LICENCE, note=note, derived_from=origin)


def extract(body: bytes, where: str) -> bytes:
    """The two sheets, cut to the family's rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2026, 10, 1)})
        for grid in read_grids(body, where, None):
            if grid.name in SHEETS:
                sheet = book.add_worksheet(grid.name)
                for number, row in enumerate(kept(list(grid.cells.iter_rows()))):
                    for column, text in enumerate(row):
                        if text and NUMBER.fullmatch(text):
                            sheet.write_number(number, column, float(text))
                        elif text:
                            sheet.write_string(number, column, text)
    return out.getvalue()


def kept(rows: list[tuple[str | None, ...]]) -> Iterator[tuple[str | None, ...]]:
    """Title, header, the family's rows, and the notes below."""
    for number, row in enumerate(rows):
        if number < FIRST or not row[CODE] or row[CODE].strip() in FAMILY:
            yield row


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
