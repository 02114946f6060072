"""Write occupations.csv from the OEWS files: codes and titles, by release.

    python vocabularies/make_occupations.py

Reads `../shared/data/oews` (or `$PAYPROOF_SHARED/data/oews`). Rows whose family is
filled in by hand, and their notes, are kept from the file that is there, and so are
predecessors of codes that the crosswalk does not name. `employment`
is that of the nation in `EMPLOYED`, empty where that file has none.
"""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import fastexcel
import polars as pl

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("PAYPROOF_SHARED", HERE.parents[1] / "shared"))
OEWS = SHARED / "data" / "oews"
COLUMNS = (
    "soc",
    "title",
    "family",
    "scheme",
    "valid_from",
    "valid_to",
    "predecessors",
    "note",
    "employment",
)
# The release of each national file; 1997 is by OES code, before the SOC.
NATIONAL = {
    "1997": "national_1997_dl.xls",
    "2005": "national_may2005_dl.xls",
    "2014": "national_M2014_dl.xlsx",
    "2015": "national_M2015.csv",
    "2016": "national_M2016.csv",
    "2017": "national_M2017.csv",
    "2018": "national_M2018.csv",
    "2019": "national_M2019_dl.xlsx",
    "2020": "national_M2020_dl.xlsx",
    "2021": "national_M2021_dl.xlsx",
    "2023": "national_M2023_dl.xlsx",
}
EMPLOYED = "national_M2024_dl.xlsx"
DETAILED = {"", "detailed", "detail"}
ALL = "00-0000"
LATEST = "2025"
FIRST = {"occ_code", "area"}  # what the head row starts with


def rows_of(path: Path) -> list[tuple[str, ...]]:
    """Every row of the first sheet, or of the CSV, as stripped text."""
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8-sig") as file:
            return [tuple(map(str.strip, row)) for row in csv.reader(file)]
    sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string")
    return [
        tuple((cell or "").strip() for cell in row) for row in sheet.to_polars().rows()
    ]


def titles_in(path: Path) -> Iterator[tuple[str, str, bool]]:
    """Code, title and whether it is a detailed occupation, row by row."""
    rows = rows_of(path)
    top = next(
        i for i, row in enumerate(rows) if row[0].lower() in ("occ_code", "area")
    )
    head = [cell.lower() for cell in rows[top]]
    code, title = head.index("occ_code"), head.index("occ_title")
    group = next(head.index(g) for g in ("o_group", "occ_group", "group") if g in head)
    for row in rows[top + 1 :]:
        if row[code]:
            yield row[code], row[title], row[group].lower() in DETAILED


def employment() -> dict[str, str]:
    """Code to the people employed in it, of every level of detail."""
    head, *rows = rows_of(OEWS / EMPLOYED)
    code, count = head.index("OCC_CODE"), head.index("TOT_EMP")
    return {row[code]: row[count] for row in rows if row[count].isdigit()}


def latest() -> Iterator[tuple[str, str, int]]:
    """Code, title and level (3: detailed) of the newest release's own list."""
    path = OEWS / "may2025" / "occupation.tsv"
    table = pl.read_csv(path, separator="\t", infer_schema_length=0)
    for code, title, level in table.iter_rows():
        yield f"{code[:2]}-{code[2:]}", title, int(level)


def history() -> dict[str, list[tuple[str, str]]]:
    """Detailed code to (release, title), oldest first, the newest release last."""
    found: dict[str, list[tuple[str, str]]] = {}
    for year, name in NATIONAL.items():
        for code, title, detailed in titles_in(OEWS / name):
            if detailed and code != ALL:  # which early files do not tell from these
                found.setdefault(code, []).append((year, title))
    for code, title, level in latest():
        if level == 3:
            found.setdefault(code, []).append((LATEST, title))
    return found


def predecessors() -> dict[str, list[str]]:
    """SOC 2018 code to the SOC 2010 codes that it was made from."""
    found: dict[str, list[str]] = {}
    with (HERE / "crosswalk.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["soc2010"] != row["soc2018"]:
                found.setdefault(row["soc2018"], []).append(row["soc2010"])
    return found


def hand_written() -> dict[str, list[str]]:
    """Predecessors in the present file: some the crosswalk says nothing of."""
    path = HERE / "occupations.csv"
    if not path.is_file():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        return {row["soc"]: row["predecessors"].split() for row in csv.DictReader(file)}


def scheme(code: str, last: str) -> str:
    """The classification that a code belongs to, by the last release that has it."""
    if "-" not in code:
        return "OES"
    if last > "2020":
        return "SOC2018"
    if last in ("2019", "2020"):
        return "HYBRID2019"
    return "SOC2010" if last >= "2010" else "SOC2000"


def kept() -> dict[str, dict[str, str]]:
    """Rows of the present file that a person put into a family."""
    path = HERE / "occupations.csv"
    if not path.is_file():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        return {row["soc"]: row for row in csv.DictReader(file) if row["family"]}


def occupations() -> list[dict[str, str]]:
    """One row per code, sorted by code."""
    before = hand_written() | predecessors()
    rows = kept()
    for code, releases in history().items():
        first, last = releases[0][0], releases[-1][0]
        fresh = {
            "soc": code,
            "title": releases[-1][1],
            "family": "",
            "scheme": scheme(code, last),
            "valid_from": first,
            "valid_to": "" if last == LATEST else last,
            "predecessors": " ".join(sorted(before.get(code, []))),
            "note": "",
        }
        rows.setdefault(code, fresh)
    groups = {c: t for c, t, level in latest() if level < 3}
    for code, title in groups.items():
        group = dict.fromkeys(COLUMNS, "") | {"soc": code, "title": title}
        group["predecessors"] = " ".join(sorted(before.get(code, [])))
        rows.setdefault(code, group | {"scheme": "SOC2018", "note": "group"})
    people = employment()
    return [rows[c] | {"employment": people.get(c, "")} for c in sorted(rows)]


def main() -> None:
    """Write the file, once its hand-written rows are read."""
    rows = occupations()
    with (HERE / "occupations.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


if __name__ == "__main__":
    main()
