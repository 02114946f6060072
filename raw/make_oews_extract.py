"""Make raw/bls_oews from OEWS files: two files a year, with every occupation.

    python raw/make_oews_extract.py SHARED

SHARED/data/oews holds the national tables as published and the May 2025 release. One
file of a year has the rows of the medical-records family with every cell, of May 2025
the states and areas too. The other has the nation's other occupations, so compact that
a demonstration is made in seconds: without relative standard errors, without hourly
percentiles that the annual ones tell as well, and without a broad occupation whose row
its only detailed one repeats. Columns, their order and every cell that is there stay
as the publisher has them; workbooks become CSV. The year of which only single figures
are at hand comes from raw/oews_gathered.csv. The same input gives the same bytes. All
figures are public domain (BLS).
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
FAMILY = (
    *("00-0000", "11-9111", "29-1111", "29-1141", "29-2070", "29-2071", "29-2072"),
    *("29-2098", "29-9021", "29-9098", "31-9094", "43-3021", "43-6013"),
    *("15008", "32502", "32911", "55105", "55344"),  # OES codes of 1997
)
EVERYWHERE = ("292072", "299021", "433021", "119111")
INDUSTRIES = "292072"
# Of the year whose rows were gathered: that of the nearest file then at hand.
LAYOUTS = {"2011-05": "national_may2005_dl.xls"}
OTHERS = ".others"  # in the name of the file of the other occupations
# Of the other occupations these cells are left out where their twin is a number.
ERRORS = ("emp_prse", "mean_prse")
TWINS = {f"h_pct{n}": f"a_pct{n}" for n in (10, 25, 75, 90)}
HOURS = 2080
APART = 11  # a year's pay is printed to the next ten: its twin is as far off at most
# Data types of the flat file: standard errors, jobs in a thousand, location quotient;
# hourly percentiles (10, 25, 75, 90) and their twins.
FLAT_ERRORS = ("02", "05", "16", "17")
FLAT_TWINS = {"06": "11", "07": "12", "09": "14", "10": "15"}
Row = tuple[str | None, ...]
# By data type: what is printed, None for a dash, and the code of its footnote.
FlatRow = Mapping[str, tuple[str | None, str | None]]
FlatCell = tuple[str, FlatRow]


def main(shared: Path, raw: Path = RAW) -> None:
    """Write every snapshot anew."""
    folder = shared / "data" / "oews"
    archive = Archive(raw)
    vocabulary = open_vocabulary(RAW.parent / "vocabularies")
    shutil.rmtree(raw / "bls_oews", ignore_errors=True)
    heads = {}
    for path in sorted(folder.glob("national_*")):
        edition = EDITIONS.get(path.name) or f"{path.name[10:14]}-05"
        head, rows, columns = read_table(path, vocabulary)
        heads[path.name] = head
        code = columns["occ_code"]
        family = [r for r in rows if (r[code] or "").strip() in FAMILY]
        note = f"Rows of the medical-records family from {path.name}, cells unchanged."
        origin = [source_of(path)]
        keep(archive, edition, path.name, as_csv([head, *family]), note, origin)
        others = [r for r in rows if r[code] and r not in family]
        body = as_csv([head, *make_compact(others, columns)])
        name = f"{path.stem}{OTHERS}.csv"
        keep(archive, edition, name, body, describe_others(path.name), origin)
    for edition, gathered_rows in sorted(gathered().items()):
        body = laid_out(gathered_rows, heads[LAYOUTS[edition]])
        note = (
            "Single published figures, gathered by hand and laid out in the columns of "
            "the national tables; a blank cell is one that is not at hand."
        )
        keep(archive, edition, gathered_rows[0]["name"], body, note, [])
    keep_flat(archive, folder / "may2025")


def describe_others(name: str) -> str:
    """What a file of the other occupations says of itself."""
    return (
        f"Rows of the nation's other occupations from {name}. Left out: relative "
        "standard errors, hourly percentiles that are the annual ones by the hour, and "
        "broad occupations whose only detailed one has the same figures; all else is "
        "unchanged."
    )


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


def read_table(
    path: Path, vocabulary: Vocabulary
) -> tuple[list[str], list[Row], dict[str, int]]:
    """Column names, the rows below them, and the places of the columns that we know."""
    aliases = dict(
        vocabulary.read_table("oews_columns").select("header", "column").iter_rows()
    )
    for grid in read_grids(path.read_bytes(), path.name, vocabulary):
        header = find_header(grid, aliases, 60)
        if header is None or "occ_code" not in header.columns:
            continue
        rows = list(grid.cells.iter_rows())
        head = [cell or "" for cell in rows[header.row - 1]]
        places = {name: number - 1 for name, number in header.columns.items()}
        return head, rows[header.row :], places
    raise SystemExit(f"{path}: no OEWS table")


def make_compact(rows: Sequence[Row], columns: Mapping[str, int]) -> list[Row]:
    """Rows without cells and broad occupations that say nothing of their own."""
    code = columns["occ_code"]
    said = [n for name, n in columns.items() if name[:2] in ("h_", "a_")]
    said += [columns["occ_title"], columns["tot_emp"]]

    def describe(row: Row) -> tuple[str, Row]:
        return (row[code] or "")[:6], tuple(row[n] for n in said)

    detailed = {describe(row) for row in rows if not is_broad(row[code])}
    compact = []
    for row in rows:
        if is_broad(row[code]) and describe(row) in detailed:
            continue
        cells = list(row)
        for name in ERRORS:
            cells[columns[name]] = None
        for hour, year in TWINS.items():
            if are_twins(row[columns[hour]], row[columns[year]]):
                cells[columns[hour]] = None
        compact.append(tuple(cells))
    return compact


def is_broad(code: str | None) -> bool:
    """Whether a code is no detailed occupation's; those of 1997 have no hyphen."""
    return "-" in (code or "") and (code or "").endswith("0")


def are_twins(hour: str | None, year: str | None) -> bool:
    """Whether an hourly cell says no more than the annual one beside it."""
    yearly = find_number(year)
    hourly = find_number(hour)
    if yearly is None or hourly is None:
        return yearly is not None
    return abs(hourly * HOURS - yearly) <= APART


def find_number(cell: str | None) -> float | None:
    """The number in a cell; None where it has a mark or nothing."""
    try:
        return float((cell or "").replace(",", ""))
    except ValueError:
        return None


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
    """Store the May 2025 release, as lines of oe.data.0.Current."""
    cells = list(read_cells(folder / "oews-2025.sqlite.gz"))
    family = {code.replace("-", "") for code in FAMILY}
    note = (
        "Lines of the medical-records family: the nation and the states; metropolitan "
        "and nonmetropolitan areas for 29-2072, 29-9021, 43-3021 and 11-9111; "
        "industries for 29-2072. Lines unchanged; code lists cut to what they use."
    )
    kept = [cell for cell in cells if is_kept(cell[0], family)]
    keep_lines(archive, folder, "oe.data.0.Current", kept, note)
    titles = dict(read_list(folder / "occupation.tsv"))
    others = {
        key: row for key, row in cells if is_national(key) and key[17:] not in family
    }
    name = f"oe.data.0.Current{OTHERS}"
    body = list(make_flat_compact(others, titles).items())
    keep_lines(archive, folder, name, body, describe_others("oe.data.0.Current"))


def keep_lines(
    archive: Archive, folder: Path, name: str, cells: Sequence[FlatCell], note: str
) -> None:
    """Store lines of the May 2025 release, with the code lists cut to what they use."""
    manifest = json.loads((folder / "manifest.json").read_text())["sources"]
    data = manifest["oe.data.0.Current"]
    lines = list(write_lines(cells))
    series = [line[:25] for line in lines]
    used = {
        "area": {s[4:11] for s in series},
        "industry": {s[11:17] for s in series},
        "occupation": {s[17:23] for s in series},
        "datatype": {s[23:25] for s in series},
    }
    parts = {}
    for part in ("area", "datatype", "footnote", "industry", "occupation"):
        head, *rows = (folder / f"{part}.tsv").read_text().splitlines()
        kept = [r for r in rows if part not in used or r.split("\t")[0] in used[part]]
        parts[f"oe.{part}"] = "".join(f"{r}\r\n" for r in [head, *kept]).encode()
    head = f"{'series_id':<30}\tyear\tperiod\t{'value':>12}\tfootnote_codes"
    body = "".join(f"{line}\r\n" for line in [head, *lines]).encode()
    payload = Payload(
        *("bls_oews", "2025-05", name, body),
        *("text/tab-separated-values", "made", "2026-09-26", data["url"]),
        parts=parts,
    )
    origin = [f"oe.data.0.Current sha256:{data['sha256']}"]
    archive.keep(payload, licence=LICENCE, note=note, derived_from=origin)


def read_list(path: Path) -> Iterator[tuple[str, str]]:
    """Codes and their names."""
    for row in path.read_text().splitlines()[1:]:
        code, name, *_ = row.split("\t")
        yield code, name


def make_flat_compact(
    cells: Mapping[str, FlatRow], titles: Mapping[str, str]
) -> dict[str, FlatRow]:
    """The nation's cells without what says nothing of its own."""

    def describe(key: str) -> tuple[object, ...]:
        pay = tuple(cells[key][kind] for kind in cells[key] if kind not in FLAT_ERRORS)
        return key[:22], titles[key[17:]], pay

    detailed = {describe(key) for key in cells if key[-1] != "0"}
    compact = {}
    for key, row in cells.items():
        if key[-1] == "0" and describe(key) in detailed:
            continue
        left_out = {*FLAT_ERRORS}
        left_out |= {
            hour
            for hour, year in FLAT_TWINS.items()
            if are_twins(row[hour][0], row[year][0])
        }
        compact[key] = {k: cell for k, cell in row.items() if k not in left_out}
    return compact


def read_cells(database: Path) -> Iterator[FlatCell]:
    """Every cell of the release: its series without data type, and its values."""
    kinds = [f"{n:02}" for n in range(1, 18)]
    columns = [f"{kind}{n}" for kind in "vf" for n in kinds]
    with tempfile.NamedTemporaryFile(suffix=".sqlite") as copy:
        with gzip.open(database) as packed:
            shutil.copyfileobj(packed, copy)
        copy.flush()
        connection = sqlite3.connect(copy.name)
        query = (
            f"select key, {', '.join(columns)} from cell where key like 'OEUN%' or "
            "key like 'OEU_%000000______' order by key"
        )
        for key, *row in connection.execute(query):
            yield (
                key,
                dict(zip(kinds, zip(row[:17], row[17:], strict=True), strict=True)),
            )
        connection.close()


def write_lines(cells: Iterable[FlatCell]) -> Iterator[str]:
    """Cells as they stand in oe.data.0.Current, without line ends."""
    for key, row in cells:
        for kind, (value, note) in row.items():
            if value is not None or note:
                shown = "-" if value is None else value
                yield f"{key + kind:<30}\t2025\tA01\t{shown:>12}\t{note or ''}"


def is_kept(key: str, family: set[str]) -> bool:
    """Whether the extract has a cell: `OEU`, area type, area, industry, occupation."""
    kind, industry, occupation = key[3], key[11:17], key[17:23]
    if industry != "000000":
        return kind == "N" and occupation == INDUSTRIES
    if kind == "M":
        return occupation in EVERYWHERE
    return occupation in family


def is_national(key: str) -> bool:
    """Whether a cell is of the whole nation, and of all industries."""
    return key[3] == "N" and key[11:17] == "000000"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
