"""Write eci.csv, cpi.csv and crosswalk.csv: small extracts of public-domain figures.

    python vocabularies/make_series.py

Reads `../shared/data` (or `$PAYPROOF_SHARED/data`). The ECI level of quarters that
are published as changes only is chained from the next published level, backwards;
quarters in neither file lie on a curve of constant growth between their neighbours.
"""

import csv
import os
import re
from collections.abc import Iterable
from pathlib import Path

import fastexcel

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("PAYPROOF_SHARED", HERE.parents[1] / "shared"))
DATA = SHARED / "data"
QUARTER = {"01": "Q1", "04": "Q2", "07": "Q3", "10": "Q4"}
QUARTER_END = {"03": "Q1", "06": "Q2", "09": "Q3", "12": "Q4"}
MARK = re.compile(r" \(#{1,2}\)$")
CPI_FROM = 1997
# 12-month change of private wages and salaries, March 2023 (ECI release, table 2).
MARCH_2023 = ("2022-Q1", "2023-Q1", 1.051)


def rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file, by column name."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(name: str, head: tuple[str, ...], body: Iterable[tuple[str, ...]]) -> None:
    """Write a table of this folder, sorted."""
    with (HERE / name).open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(head)
        out.writerows(sorted(body))


def fred(path: Path, series: str) -> list[tuple[str, str]]:
    """Day and level of a file of FRED; its first column is headed either way."""
    return [
        (row.get("observation_date") or row["DATE"], row[series]) for row in rows(path)
    ]


def eci() -> list[tuple[str, str, str, str]]:
    """Levels as published, and levels chained from the published changes."""
    found = [
        ("ECIWAG", f"{day[:4]}-{QUARTER[day[5:7]]}", level, "level")
        for day, level in fred(DATA / "eci" / "ECIWAG_fred_2013_2022.csv", "ECIWAG")
    ]
    changes = rows(DATA / "eci" / "ECI_private_wages_SA_2023Q4_2026Q1.csv")
    level = 0.0
    for row in reversed(changes):
        year, month = row["quarter_end"].split("-")
        quarter = f"{year}-{QUARTER_END[month]}"
        how = "level" if row["level"] else "chained"
        level = float(row["level"]) if row["level"] else level
        found.append(("ECIWAG", quarter, f"{level:.3f}".rstrip("0"), how))
        level /= 1 + float(row["pct_3mo"]) / 100
    found.append(("ECIWAG", "2023-Q4", f"{level:.3f}".rstrip("0"), "chained"))
    return found + between(found)


def between(known: list[tuple[str, str, str, str]]) -> list[tuple[str, str, str, str]]:
    """The quarters from 2022-Q4 to 2023-Q3, which neither file has."""
    level = {quarter: float(value) for _, quarter, value, _ in known}
    base, march, change = MARCH_2023
    level[march] = level[base] * change
    level["2022-Q4"] = (level["2022-Q3"] * level[march]) ** 0.5
    growth = (level["2023-Q4"] / level[march]) ** (1 / 3)
    level["2023-Q2"] = level[march] * growth
    level["2023-Q3"] = level[march] * growth**2
    hows = {march: "chained"}
    return [
        ("ECIWAG", quarter, f"{level[quarter]:.3f}", hows.get(quarter, "interpolated"))
        for quarter in ("2022-Q4", march, "2023-Q2", "2023-Q3")
    ]


def cpi() -> list[tuple[str, str, str]]:
    """U.S. city average, all items, not seasonally adjusted, monthly."""
    return [
        (row["series_id"], f"{row['year']}-{row['period'][1:]}", row["value"])
        for row in rows(DATA / "cpi" / "cpi_u_selected.csv")
        if row["series_id"] == "CUUR0000SA0"
        and int(row["year"]) >= CPI_FROM
        and row["period"] != "M13"
        and row["value"].strip(" -")
    ]


def crosswalk() -> list[tuple[str, ...]]:
    """SOC 2010 code and title to SOC 2018 code and title."""
    path = DATA / "crosswalk" / "soc_2010_to_2018_crosswalk.xlsx"
    sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string")
    found = []
    for row in sheet.to_polars().rows():
        cells = tuple(MARK.sub("", (cell or "").strip()) for cell in row[:4])
        if cells[0][2:3] == "-" and cells[2][2:3] == "-":
            found.append((cells[0], cells[2], cells[3], cells[1]))
    return found


def main() -> None:
    """Write the three files."""
    write("eci.csv", ("series_id", "period", "value", "how"), eci())
    write("cpi.csv", ("series_id", "period", "value"), cpi())
    write("crosswalk.csv", ("soc2010", "soc2018", "title", "title2010"), crosswalk())


if __name__ == "__main__":
    main()
