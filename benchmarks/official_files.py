"""Read real official tables and compare every claim with an independent reader.

    python benchmarks/official_files.py [FILE…]

Without files: the wage tables and projections of `../shared/data` (or
`$PAYPROOF_SHARED/data`). Workbooks are read a second time with openpyxl (.xls with
xlrd, where it is installed), text with Python's csv. Printed is a line a file: edition,
claims, cells compared, cells wrong, and how many places the reader itself says that it
did not read. Status 1 where a cell is wrong or a file is refused.
"""

import csv
import hashlib
import os
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.core.errors import PayproofError  # noqa: E402  (run as a file)
from pipeline.core.media import detect_table_type  # noqa: E402
from pipeline.core.model import Snapshot  # noqa: E402
from pipeline.core.unread_places import collect_unread  # noqa: E402
from pipeline.core.vocabulary import open_vocabulary  # noqa: E402
from pipeline.read.sheets.cell_grid import column_letters  # noqa: E402
from pipeline.sources import import_source  # noqa: E402

SHARED = Path(os.environ.get("PAYPROOF_SHARED", ROOT.parent / "shared"))
YEAR = re.compile(r"(?:19|20)\d\d")
SPAN = re.compile(r"(\d{4})(?:[–-]| and projected )(\d{4}|\d{2})\b")
Cells = Mapping[str, Any]  # locator to what an independent reader finds there


def main() -> int:
    """Compare the files of the command line, or those beside the project."""
    warnings.simplefilter("ignore")
    paths = [Path(text) for text in sys.argv[1:]] or list_shared_files()
    print(f"{'file':34}{'edition':>11}{'claims':>8}{'cells':>8}{'wrong':>6}  not read")
    faults = sum([compare_file(path) for path in paths])
    return 1 if faults else 0


def list_shared_files() -> list[Path]:
    """List the tables that lie beside the project."""
    data = SHARED / "data"
    found = [*data.glob("oews/national*"), *data.glob("projections/*.xlsx")]
    return sorted(found, key=lambda path: (path.parent.name, find_edition(path, {})))


def compare_file(path: Path) -> int:
    """Print the line of one file; return how many of its cells are wrong."""
    cells = dict(read_cells(path))
    edition = find_edition(path, cells)
    source = "bls_projections" if re.fullmatch(r"\d{4}-\d{4}", edition) else "bls_oews"
    body = path.read_bytes()
    snapshot = Snapshot(
        *(source, edition, hashlib.sha256(body).hexdigest(), path),
        *(detect_table_type(path.name, body), "given", "2026-11-01"),
        name=path.name,
    )
    try:
        with collect_unread() as unread:
            words = open_vocabulary(ROOT / "vocabularies")
            claims = import_source(source).parse(snapshot, words)
    except PayproofError as error:
        print(f"{path.name:34}{edition:>11}  refused: {error}")
        return 1
    rows = claims.select("locator", "quote").rows()
    compared = [(cells[place], quote) for place, quote in rows if place in cells]
    wrong = sum(not is_same(cell, quote) for cell, quote in compared)
    print(
        f"{path.name:34}{edition:>11}{claims.height:8,}{len(compared):8,}{wrong:6}  "
        f"{len(unread)}"
    )
    return wrong


def find_edition(path: Path, cells: Cells) -> str:
    """Find an edition by the title within the file, else by its name."""
    texts = [str(c) for c in cells.values() if isinstance(c, str) and "projected" in c]
    for text in texts:
        if span := SPAN.search(text):
            return f"{span[1]}-{span[1][: 4 - len(span[2])]}{span[2]}"
    year = YEAR.search(path.name)
    if year is None:
        return ""
    return year[0] if year[0] < "1999" else f"{year[0]}-05"


def read_cells(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield locator and content of each cell, by a reader that is not the project's."""
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
            for number, row in enumerate(csv.reader(file), start=1):
                for column, cell in enumerate(row, start=1):
                    yield f"line={number};col={column}", cell
        return
    for name, rows in read_sheets(path):
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row, start=1):
                yield f"{name}!{column_letters(column)}{number}", cell


def read_sheets(path: Path) -> Iterator[tuple[str, Iterator[tuple[Any, ...]]]]:
    """Yield name and rows of each sheet."""
    if path.suffix == ".xls":
        try:
            import xlrd  # type: ignore[import-not-found]
        except ImportError:
            return
        for sheet in xlrd.open_workbook(path).sheets():
            yield sheet.name, (tuple(sheet.row_values(n)) for n in range(sheet.nrows))
        return
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    for sheet in book.worksheets:
        yield sheet.title, sheet.iter_rows(values_only=True)


def is_same(cell: object, quote: str) -> bool:
    """Return whether a cell says what a claim quotes; numbers by their value."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        try:
            return abs(Decimal(repr(cell)) - Decimal(quote)) < Decimal("1e-6")
        except InvalidOperation:
            return False
    return str(cell).strip() == quote


if __name__ == "__main__":
    sys.exit(main())
