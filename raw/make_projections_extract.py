"""Make raw/bls_projections from the workbook of the Employment Projections.

    python raw/make_projections_extract.py SHARED

SHARED/data/projections/occupation.xlsx is the workbook as published. Tables 1.2 and
1.10 keep their title, header, notes and columns, and of their rows one file has those
of the medical-records family, the other every other occupation; cells are unchanged.
The same input gives the same bytes. All figures are public domain (BLS).
"""

import hashlib
import io
import re
import shutil
import sys
from collections.abc import Callable, Iterator
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
TYPE, LINE_ITEM = 2, "Line item"  # of one occupation; else a sum of several
Row = tuple[str | None, ...]
NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,20})?")


def main(shared: Path, raw: Path = RAW) -> None:
    """Write the snapshot anew."""
    path = shared / "data" / "projections" / "occupation.xlsx"
    body = path.read_bytes()
    shutil.rmtree(raw / "bls_projections", ignore_errors=True)
    family = (
        "Rows of the medical-records family, and two that show how pay is withheld, "
        "from tables 1.2 and 1.10; cells unchanged."
    )
    others = "Rows of the other occupations from tables 1.2 and 1.10; cells unchanged."
    origin = [f"{path.name} sha256:{hashlib.sha256(body).hexdigest()}"]
    for name, keeps, note in (
        (path.name, is_of_family, family),
        (f"{path.stem}.others{path.suffix}", is_other, others),
    ):
        payload = Payload(
            *("bls_projections", EDITION, name, extract(body, path.name, keeps)),
            *(media.XLSX, "made", RETRIEVED, URL),
        )
        Archive(raw).keep(payload, licence=LICENCE, note=note, derived_from=origin)


def is_of_family(row: Row) -> bool:
    """Whether a row is of the medical-records family."""
    return (row[CODE] or "").strip() in FAMILY


def is_other(row: Row) -> bool:
    """Whether a row is of another occupation; sums of several are left out."""
    return row[TYPE] == LINE_ITEM and not is_of_family(row)


def extract(body: bytes, where: str, keeps: Callable[[Row], bool]) -> bytes:
    """The two sheets, cut to some of their rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2026, 10, 1)})
        for grid in read_grids(body, where, None):
            if grid.name in SHEETS:
                sheet = book.add_worksheet(grid.name)
                for number, row in enumerate(kept(list(grid.cells.iter_rows()), keeps)):
                    for column, text in enumerate(row):
                        if text and NUMBER.fullmatch(text):
                            sheet.write_number(number, column, float(text))
                        elif text:
                            sheet.write_string(number, column, text)
    return out.getvalue()


def kept(rows: list[Row], keeps: Callable[[Row], bool]) -> Iterator[Row]:
    """Title, header, the rows that are wanted, and the notes below."""
    for number, row in enumerate(rows):
        if number < FIRST or not row[CODE] or keeps(row):
            yield row


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
