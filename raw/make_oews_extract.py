"""Make raw/bls_oews from OEWS files: the rows of the medical-records family.

    python raw/make_oews_extract.py SHARED

SHARED/data/oews holds the national tables as published and the May 2025 release.
Columns, their order and every cell stay as the publisher has them; workbooks become
CSV. Years of which only single figures are at hand come from raw/oews_gathered.csv.
The same input gives the same bytes. All figures are public domain (BLS).
"""

import csv
import gzip
import hashlib
import io
import json
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.archive.snapshot import Archive
from pipeline.core.model import Payload
from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.read.sheets.cell_grid import find_header
from pipeline.read.sheets.workbook import read_grids

RAW = Path(__file__).resolve().parent
LICENCE = "Public domain (U.S. government work)"
PAGE = "https://www.bls.gov/oes/tables.htm"
RETRIEVED = "2026-11-01"
EDITIONS = {
    "national_1997_dl.xls": "1997",
    "national_2009_dl.xls": "2009-05",
    "national_may2005_dl.xls": "2005-05",
}
LATER = ("2012-05",)  # not at hand when the demonstration was made
FAMILY = (
    *("00-0000", "11-9111", "29-1111", "29-1141", "29-2070", "29-2071", "29-2072"),
    *("29-2098", "29-9021", "29-9098", "31-9094", "43-3021", "43-6013"),
    *("15008", "32502", "32911", "55105", "55344"),  # OES codes of 1997
)
EVERYWHERE = ("292072", "299021", "433021", "119111")
INDUSTRIES = "292072"
# Of the years whose rows were gathered: that of the nearest file then at hand.
LAYOUTS = {
    "2009-05": "national_may2005_dl.xls",
    "2011-05": "national_may2005_dl.xls",
    "2022-05": "national_M2023_dl.xlsx",
    "2024-05": "national_M2023_dl.xlsx",
}


def main(shared: Path, raw: Path = RAW) -> None:
    """Write every snapshot anew."""
    folder = shared / "data" / "oews"
    archive = Archive(raw)
    vocabulary = open_vocabulary(RAW.parent / "vocabularies")
    shutil.rmtree(raw / "bls_oews", ignore_errors=True)
    heads = {}
    for path in sorted(folder.glob("national_*")):
        edition = EDITIONS.get(path.name) or f"{path.name[10:14]}-05"
        # A year whose rows were gathered before its file was at hand stays as it is:
        # releases, rulings and documents cite that snapshot.
        if edition in LAYOUTS or edition in LATER:
            continue
        heads[path.name], body = extract(path, vocabulary)
        note = f"Rows of the medical-records family from {path.name}, cells unchanged."
        keep(archive, edition, path.name, body, note, [source_of(path)])
    for edition, rows in sorted(gathered().items()):
        body = laid_out(rows, heads[LAYOUTS[edition]])
        note = (
            "Single published figures, gathered by hand and laid out in the columns of "
            "the national tables; a blank cell is one that is not at hand."
        )
        keep(archive, edition, rows[0]["name"], body, note, [])
    keep_flat(archive, folder / "may2025")


def keep(
    archive: Archive,
    edition: str,
    name: str,
    body: bytes,
    note: str,
    derived_from: Sequence[str],
) -> None:
    """Store one national table."""
    payload = Payload(
        "bls_oews", edition, name, body, "text/csv", "made", RETRIEVED, PAGE
    )
    archive.keep(payload, licence=LICENCE, note=note, derived_from=derived_from)


def source_of(path: Path) -> str:
    """Name and digest of the file that an extract is from."""
    return f"{path.name} sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def extract(path: Path, vocabulary: Vocabulary) -> tuple[list[str], bytes]:
    """Column names, and the family's rows below them as CSV."""
    aliases = dict(
        vocabulary.read_table("oews_columns").select("header", "column").iter_rows()
    )
    for grid in read_grids(path.read_bytes(), path.name, vocabulary):
        header = find_header(grid, aliases, 60)
        if header is None or "occ_code" not in header.columns:
            continue
        rows = list(grid.cells.iter_rows())
        code = header.columns["occ_code"] - 1
        head = [cell or "" for cell in rows[header.row - 1]]
        kept = [r for r in rows[header.row :] if (r[code] or "").strip() in FAMILY]
        return head, as_csv([head, *kept])
    raise SystemExit(f"{path}: no OEWS table")


def as_csv(rows: Iterable[Sequence[str | None]]) -> bytes:
    """Rows as CSV text, cells as they are."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def gathered() -> dict[str, list[dict[str, str]]]:
    """Hand-gathered rows by edition."""
    editions: dict[str, list[dict[str, str]]] = {}
    with (RAW / "oews_gathered.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            editions.setdefault(row["edition"], []).append(row)
    return editions


def laid_out(rows: Iterable[Mapping[str, str]], head: Sequence[str]) -> bytes:
    """Hand-gathered rows in the columns of a national table."""
    nation = {"area": "99", "area_title": "U.S.", "area_type": "1", "prim_state": "US"}
    nation |= {"naics": "000000", "naics_title": "Cross-industry", "own_code": "1235"}
    nation |= {"i_group": "cross-industry"}
    lines = []
    for row in rows:
        known = nation | {"group": row["o_group"]} | dict(row)
        lines.append([known.get(name.lower(), "") for name in head])
    return as_csv([head, *lines])


def keep_flat(archive: Archive, folder: Path) -> None:
    """Store the May 2025 release: the family's lines of oe.data.0.Current."""
    manifest = json.loads((folder / "manifest.json").read_text())["sources"]
    data = manifest["oe.data.0.Current"]
    lines = list(flat_lines(folder / "oews-2025.sqlite.gz"))
    series = [line[:25] for line in lines]
    used = {
        "area": {s[4:11] for s in series},
        "industry": {s[11:17] for s in series},
        "occupation": {s[17:23] for s in series},
        "datatype": {s[23:25] for s in series},
    }
    parts = {}
    for name in ("area", "datatype", "footnote", "industry", "occupation"):
        head, *rows = (folder / f"{name}.tsv").read_text().splitlines()
        kept = [r for r in rows if name not in used or r.split("\t")[0] in used[name]]
        parts[f"oe.{name}"] = "".join(f"{r}\r\n" for r in [head, *kept]).encode()
    head = f"{'series_id':<30}\tyear\tperiod\t{'value':>12}\tfootnote_codes"
    body = "".join(f"{line}\r\n" for line in [head, *lines]).encode()
    payload = Payload(
        *("bls_oews", "2025-05", "oe.data.0.Current", body),
        *("text/tab-separated-values", "made", "2026-09-26", data["url"]),
        parts=parts,
    )
    note = (
        "Lines of the medical-records family: the nation and the states; metropolitan "
        "and nonmetropolitan areas for 29-2072, 29-9021, 43-3021 and 11-9111; "
        "industries for 29-2072. Lines unchanged; code lists cut to what they use."
    )
    origin = [f"oe.data.0.Current sha256:{data['sha256']}"]
    archive.keep(payload, licence=LICENCE, note=note, derived_from=origin)


def flat_lines(database: Path) -> Iterator[str]:
    """The family's lines, as they stand in oe.data.0.Current, without line ends."""
    columns = [f"{kind}{n:02}" for kind in "vf" for n in range(1, 18)]
    family = {code.replace("-", "") for code in FAMILY}
    with tempfile.NamedTemporaryFile(suffix=".sqlite") as copy:
        with gzip.open(database) as packed:
            shutil.copyfileobj(packed, copy)
        copy.flush()
        connection = sqlite3.connect(copy.name)
        query = f"select key, {', '.join(columns)} from cell order by key"
        for key, *cells in connection.execute(query):
            if not is_kept(key, family):
                continue
            for n in range(17):
                value, note = cells[n], cells[17 + n] or ""
                if value is not None or note:
                    shown = "-" if value is None else value
                    series = f"{key}{n + 1:02}"
                    yield f"{series:<30}\t2025\tA01\t{shown:>12}\t{note}"
        connection.close()


def is_kept(key: str, family: set[str]) -> bool:
    """Whether the extract has a cell: `OEU`, area type, area, industry, occupation."""
    kind, industry, occupation = key[3], key[11:17], key[17:23]
    if industry != "000000":
        return kind == "N" and occupation == INDUSTRIES
    if kind == "M":
        return occupation in EVERYWHERE
    return occupation in family


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
