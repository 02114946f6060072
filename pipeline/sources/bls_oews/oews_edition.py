"""Tell the edition of an OEWS file, from its address, its name, and what it is kept as.

A table that is kept under another edition would be published as that year: where a
file's name or address says otherwise, or the survey has no such month, it is refused.
"""

import re

from pipeline.core.errors import Damaged, LayoutChanged
from pipeline.core.model import Snapshot

MODULE_FILE = "pipeline/sources/bls_oews/oews_edition.py"
EDITION = re.compile(r"(\d{4})(?:-(\d{2}))?")
# `oesm25nat.zip`: month of the reference (m May, n November, none: a year), year, kind.
ADDRESS = re.compile(r"oes(?P<month>[mn]?)(?P<year>\d\d)(?:nat|st|ma|in4|all)\b")
MONTHS = {"m": "-05", "n": "-11", "": ""}
CENTURY = 90  # two-digit years above it are of the 1990s: the files begin with 1997
# A year by itself: `National_M2023_dl`, but not four digits of a longer number.
YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
# The survey was of November too before it was of May alone.
LAST_NOVEMBER = 2004


def parse_address(url: str) -> str:
    """Return the reference month behind an address: `oesm25nat.zip` is of May 2025.

    `oesn03st.zip` is of November 2003; before 2003 a release was of a year:
    `oes97nat.zip`.

    Raises:
        LayoutChanged: The address is not of the known form.
    """
    found = ADDRESS.search(url)
    if found is None:
        raise LayoutChanged(url, ["oesmYY"], [], MODULE_FILE)
    century = "19" if int(found["year"]) > CENTURY else "20"
    return f"{century}{found['year']}{MONTHS[found['month']]}"


def find_survey_year(snapshot: Snapshot) -> int:
    """Return the survey year, from the snapshot's edition (`2023-05`, `1997`).

    Raises:
        Damaged: The edition is no year, or no year and month of the survey; or the
            file's name or address is of another.
    """
    where = snapshot.name or snapshot.source
    match = EDITION.fullmatch(snapshot.edition)
    if match is None or not is_month_of_survey(int(match[1]), match[2]):
        why = f"edition {snapshot.edition!r} is no year, nor a month of the survey"
        remedy = "Keep it under its edition, e.g. 2023-05: it is of May of its year."
        raise Damaged(where, why, remedy)
    for what, text in (("name", snapshot.name), ("address", snapshot.url)):
        told = find_told_editions(text)
        if told and not any(agree(one, snapshot.edition) for one in told):
            shown = " and ".join(sorted(told))
            why = f"its {what} says {shown}, the snapshot's edition {snapshot.edition}"
            raise Damaged(where, why, "Keep it under the edition that it is of.")
    return int(match[1])


def is_month_of_survey(year: int, month: str | None) -> bool:
    """Tell whether the survey has such a month; a year alone is one of its editions."""
    return month in (None, "05") or (month == "11" and year <= LAST_NOVEMBER)


def find_told_editions(text: str) -> set[str]:
    """Return the editions, or years, that a file's name or address tells.

    >>> sorted(find_told_editions("national_M2023_dl.xlsx"))
    ['2023']
    >>> sorted(find_told_editions("https://www.bls.gov/oes/special-requests/oesm25st.zip"))
    ['2025-05']
    """
    if ADDRESS.search(text):
        return {parse_address(text)}
    return set(YEAR.findall(text))


def agree(told: str, edition: str) -> bool:
    """Tell whether two editions may be one: a year is any month of it."""
    return told[: len(edition)] == edition[: len(told)]
