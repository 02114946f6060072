"""Write areas.csv: the nation, states, metros and nonmetropolitan areas, by code.

    python vocabularies/make_areas.py

Reads `../shared/data` (or `$PAYPROOF_SHARED/data`): the areas of OEWS May 2025, an
older list of OEWS areas (a code's older title becomes an alias; a code that is gone
keeps a row of its own vintage). Aliases of rows that are there already are kept, and
so are rows of level `foreign`: both are written by hand.

The principal cities of a metro are aliases of it, each with the state it lies in:
"Dayton, OH". A city that two metros name belongs to the one that it comes first in.
"""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("PAYPROOF_SHARED", HERE.parents[1] / "shared"))
DATA = SHARED / "data"
COLUMNS = ("code", "name", "level", "state", "postal", "aliases", "vintage")
NEWEST, OLDER = "2025-05", "2015-05"
# Cities with a dash of their own.
WHOLE = ("Wilkes-Barre", "Winston-Salem")
# Cities that do not lie in the first state of their metro's title.
ACROSS = {
    "Alexandria": "VA",
    "Arlington": "VA",
    "Ashland": "KY",
    "Camden": "NJ",
    "Durham": "NH",
    "Jersey City": "NJ",
    "Martinsburg": "WV",
    "Moline": "IL",
    "Nashua": "NH",
    "Newark": "NJ",
    "Rock Island": "IL",
    "Steubenville": "OH",
    "Vancouver": "WA",
    "Westerly": "RI",
    "Wilmington": "DE",
}
ORDER = ("national", "state", "metro", "nonmetro", "foreign")
Row = dict[str, str]


def areas_of(path: Path, delimiter: str) -> list[tuple[str, str]]:
    """Area code of seven digits and name, of one OEWS list."""
    with path.open(newline="", encoding="utf-8") as file:
        lines = (line.rstrip("\r\n") for line in file)
        rows = csv.DictReader((line for line in lines if line), delimiter=delimiter)
        return [(row["area_code"], row["area_name"]) for row in rows]


def postals() -> dict[str, str]:
    """State FIPS code to postal code."""
    path = DATA / "geo" / "addfips_0.4.2" / "states.csv"
    with path.open(newline="", encoding="utf-8") as file:
        return {row["fips"]: row["postal"] for row in csv.DictReader(file)}


def row_of(code: str, name: str, postal: dict[str, str], vintage: str) -> Row:
    """One area under the code that its own scheme gives it, without padding."""
    row = dict.fromkeys(COLUMNS, "") | {"name": name, "vintage": vintage}
    if code == "0000000":
        return row | {"code": "US", "name": "United States", "level": "national"}
    if code.endswith("00000"):
        fips = code[:2]
        return row | {
            "code": fips,
            "level": "state",
            "state": fips,
            "postal": postal[fips],
        }
    if code.startswith("00"):
        states = {v: k for k, v in postal.items()}
        first = name.rpartition(", ")[2].split("-")[0]
        return row | {"code": code[2:], "level": "metro", "state": states[first]}
    return row | {"code": code, "level": "nonmetro", "state": code[:2]}


def cities(name: str) -> Iterator[str]:
    """The principal cities of a metro's title, each with the state it lies in."""
    names, _, states = name.rpartition(", ")
    first, *others = states.split("-")
    for whole in WHOLE:
        names = names.replace(whole, whole.replace("-", "="))
    for part in names.replace("--", "-").split("-"):
        city = part.replace("=", "-")
        across = ACROSS.get(city, "")
        yield f"{city}, {across if across in others else first}"


def official() -> list[Row]:
    """The newest list, older titles as aliases, codes that are gone as rows."""
    postal = postals()
    newest = areas_of(DATA / "oews" / "may2025" / "area.tsv", "\t")
    older = dict(areas_of(DATA / "geo" / "oes_areas.csv", ","))
    rows = [row_of(code, name, postal, NEWEST) for code, name in newest]
    for row, (code, name) in zip(rows, newest, strict=True):
        # Nonmetropolitan codes were given to other counties under other names.
        if row["level"] == "metro" and older.get(code, name) != name:
            row["aliases"] = older[code]
    gone = sorted(set(older) - {code for code, _ in newest})
    rows += [row_of(code, older[code], postal, OLDER) for code in gone]
    fips = {row["code"] for row in rows}
    names = {"60": "American Samoa", "69": "Northern Mariana Islands"}
    rows += [
        row_of(f"{code}00000", name, postal, NEWEST)
        for code, name in names.items()
        if code not in fips
    ]
    return with_cities(rows)


def with_cities(rows: list[Row]) -> list[Row]:
    """Add each metro's cities to its aliases, newest areas and first cities first."""
    taken = {row["name"].lower() for row in rows if row["vintage"] == NEWEST}
    metros = [row for row in rows if row["level"] == "metro"]
    metros.sort(key=lambda row: row["vintage"], reverse=True)
    for place in range(8):
        for row in metros:
            found = list(cities(row["name"]))[place : place + 1]
            for city in found:
                if city.lower() not in taken:
                    taken.add(city.lower())
                    row["aliases"] = joined(row["aliases"], city)
    return rows


def joined(*lists: str) -> str:
    """Lists of aliases as one, without repeats, in order."""
    names = [name for text in lists for name in text.split("|") if name]
    return "|".join(dict.fromkeys(names))


def kept() -> dict[str, Row]:
    """Rows of the present file."""
    path = HERE / "areas.csv"
    if not path.is_file():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def areas() -> list[Row]:
    """Official rows with the aliases at hand, and the foreign rows; sorted.

    A title with doubled dashes (`Scranton--Wilkes-Barre, PA`) is written with single
    ones by most pages: that is an alias too.
    """
    held = kept()
    rows = official()
    for row in rows:
        row["aliases"] = joined(row["aliases"], held.get(row["code"], row)["aliases"])
        named = [row["name"], *row["aliases"].split("|")]
        single = [name.replace("--", "-") for name in named if "--" in name]
        row["aliases"] = joined(row["aliases"], *single)
    codes = {row["code"] for row in rows}
    rows += [row for row in held.values() if row["code"] not in codes]
    return sorted(
        rows,
        key=lambda row: (
            ORDER.index(row["level"]),
            row["vintage"] == OLDER,
            row["code"],
        ),
    )


def main() -> None:
    """Write the file, once its hand-written rows are read."""
    rows = areas()
    with (HERE / "areas.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


if __name__ == "__main__":
    main()
