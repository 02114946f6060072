"""Write titles.csv and short_titles.csv: what occupations are called, and how often.

    python vocabularies/make_titles.py

Reads `../shared/data` (or `$PAYPROOF_SHARED/data`): OEWS titles of every release at
hand and the titles of O*NET (CC BY 4.0, see README.md). Rows of origin `ooh`,
`house` and `abroad` are kept from the file that is there: they are written by hand.

"Medical Records Technician (Medical Records Tech)" also stands without its brackets,
but only where no code has the bare title as published; where it has the bare title,
the one with brackets is left out.

`reports` counts what speaks for a title of O*NET being that occupation's: the sources
that O*NET names for it, one more where workers reported it, and another where it is
among those that O*NET shows to people who look for a job. It is empty where it is one.

Short forms ("EHR Specialist", "RN") are kept apart: they are looked up where a source
names an occupation, and never looked for in a page's words. Those that are credentials
(credentials.csv) are left out.
"""

import csv
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from make_occupations import LATEST, history, latest

from pipeline.sources import onet_titles

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("PAYPROOF_SHARED", HERE.parents[1] / "shared"))
ONET = SHARED / "data" / "onet"
BRACKETS = re.compile(r"\s*\([^()]*\)")
BY_HAND = ("ooh", "house", "abroad")
# Where a title and code come from twice, the first of these is kept.
ORIGINS = ("soc", "ooh", "oews_old", "house", "abroad", "onet_reported",
           "onet_alternate")  # fmt: skip
REPORTED, ALTERNATES = "Sample of Reported Titles.txt", "Alternate Titles.txt"
Row = tuple[str, str, str]


def normal(title: str) -> str:
    """Lower-cased, single spaces."""
    return " ".join(title.lower().split())


def official() -> Iterator[Row]:
    """Titles of the newest release; where groups repeat a title, the finest one."""
    level_of: dict[str, int] = {}
    found = [(normal(title), code, level) for code, title, level in latest()]
    for title, _, level in found:
        level_of[title] = max(level, level_of.get(title, 0))
    return ((t, code, "soc") for t, code, level in found if level == level_of[t])


def old(current: set[str]) -> Iterator[Row]:
    """Titles of earlier releases that no code of the newest one has."""
    for code, releases in history().items():
        for year, title in releases:
            if year != LATEST and "-" in code and normal(title) not in current:
                yield normal(title), code, "oews_old"


def onet() -> list[Row]:
    """Titles of the O*NET files, by SOC code without O*NET's own decimals."""
    files = {name: (ONET / name).read_bytes() for name in onet_titles.COLUMNS}
    found = onet_titles.read_titles(files).select("title", "soc", "origin")
    return [(normal(title), soc, origin) for title, soc, origin in found.iter_rows()]


def reports() -> dict[tuple[str, str], int]:
    """Title and code to what speaks for the title being that occupation's."""
    found: dict[tuple[str, str], int] = {}
    for name, column in (
        (ALTERNATES, "Alternate Title"),
        (REPORTED, "Reported Job Title"),
    ):
        with (ONET / name).open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                code = row["O*NET-SOC Code"][:7]
                said = (row.get("Source(s)") or "x").count(",") + 1
                said += row.get("Shown in My Next Move") == "Y"
                whole = normal(row[column])
                for title in {whole, normal(BRACKETS.sub("", whole))}:
                    found[title, code] = found.get((title, code), 0) + said
    return found


def without_brackets(rows: list[Row]) -> Iterator[Row]:
    """The same titles; what has brackets stands without them where that is new."""
    known = {title for title, _, _ in rows}
    for title, code, origin in rows:
        bare = normal(BRACKETS.sub("", title))
        if bare and bare not in known:
            yield bare, code, origin
        if bare == title or not bare:
            yield title, code, origin


def by_hand() -> list[Row]:
    """Rows of the present file that a person wrote."""
    path = HERE / "titles.csv"
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        rows = [(r["title"], r["soc"], r["origin"]) for r in csv.DictReader(file)]
    return [row for row in rows if row[2] in BY_HAND]


def titles() -> list[Row]:
    """Every title and code once, with the most official origin; sorted."""
    rows = list(official())
    rows += old({title for title, _, _ in rows})
    rows += [row for row in onet() if row[2] != onet_titles.SHORT]
    return distinct([*without_brackets(rows), *by_hand()])


def distinct(rows: Iterable[Row]) -> list[Row]:
    """One row per title and code."""
    best: dict[tuple[str, str], str] = {}
    for title, code, origin in rows:
        held = best.get((title, code), origin)
        best[title, code] = min(origin, held, key=ORIGINS.index)
    return sorted((title, code, origin) for (title, code), origin in best.items())


def short(known: set[str]) -> list[Row]:
    """Short forms that are no title already, and no credential."""
    with (HERE / "credentials.csv").open(newline="", encoding="utf-8") as file:
        taken = {normal(row["acronym"]) for row in csv.DictReader(file)}
    found = {row for row in onet() if row[2] == onet_titles.SHORT}
    return sorted(row for row in found if row[0] not in known | taken)


def main() -> None:
    """Write the files, once the hand-written rows are read."""
    rows = titles()
    count = reports()
    write("titles.csv", [(*row, known(count, row)) for row in rows], "reports")
    write("short_titles.csv", short({title for title, _, _ in rows}))


def known(count: dict[tuple[str, str], int], row: Row) -> str:
    """How often a title is reported for its code, empty where once."""
    times = count.get(row[:2], 1) if row[2].startswith("onet") else 1
    return str(times) if times > 1 else ""


def write(name: str, rows: Iterable[tuple[str, ...]], *more: str) -> None:
    """One file."""
    with (HERE / name).open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("title", "soc", "origin", *more))
        out.writerows(rows)


if __name__ == "__main__":
    main()
