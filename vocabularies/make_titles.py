"""Write titles.csv: what occupations are called, and which codes a title may mean.

    python vocabularies/make_titles.py

Reads `../shared/data` (or `$PAYPROOF_SHARED/data`): OEWS titles of every release at
hand and the titles of O*NET (CC BY 4.0, see README.md). Rows of origin `ooh` and
`house` are kept from the file that is there: they are written by hand.

"Medical Records Technician (Medical Records Tech)" also stands without its brackets,
but only where no code has the bare title as published; where it has the bare title,
the one with brackets is left out.
"""

import csv
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from make_occupations import LATEST, history, latest

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("PAYPROOF_SHARED", HERE.parents[1] / "shared"))
ONET = SHARED / "data" / "onet"
BRACKETS = re.compile(r"\s*\([^()]*\)")
BY_HAND = ("ooh", "house")
# Where a title and code come from twice, the first of these is kept.
ORIGINS = ("soc", "ooh", "oews_old", "onet_alternate", "onet_reported", "house")
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


def onet(name: str, column: str, origin: str) -> Iterator[Row]:
    """Titles of one O*NET file, by SOC code without O*NET's own decimals."""
    with (ONET / name).open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield normal(row[column]), row["O*NET-SOC Code"][:7], origin


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
    rows += onet("Occupation Data.txt", "Title", "onet_alternate")
    rows += onet("Alternate Titles.txt", "Alternate Title", "onet_alternate")
    rows += onet("Sample of Reported Titles.txt", "Reported Job Title", "onet_reported")
    return distinct([*without_brackets(rows), *by_hand()])


def distinct(rows: Iterable[Row]) -> list[Row]:
    """One row per title and code."""
    best: dict[tuple[str, str], str] = {}
    for title, code, origin in rows:
        held = best.get((title, code), origin)
        best[title, code] = min(origin, held, key=ORIGINS.index)
    return sorted((title, code, origin) for (title, code), origin in best.items())


def main() -> None:
    """Write the file, once its hand-written rows are read."""
    rows = titles()
    with (HERE / "titles.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("title", "soc", "origin"))
        out.writerows(rows)


if __name__ == "__main__":
    main()
