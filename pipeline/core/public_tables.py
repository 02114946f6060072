"""Find where the public reads a figure: the publisher's own table, by name and address.

A home keeps files; whoever is told that a page is wrong wants the table on the
publisher's site. Which tables there are is a fact of a source (`tables` of its file).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.core.model import Source

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
PLACE = re.compile(r"\{(\w+)\}")
EDITION = re.compile(r"(\d{4})(?:-(\d{2}))?")
# What goes into an address is a name or a code: whatever else a value holds, no table
# has it.
PLAIN = re.compile(r"[A-Za-z0-9_.-]+")


@dataclass(frozen=True)
class PublicTable:
    """A publisher's table: its name, and its address ("" where it has none)."""

    name: str
    address: str


def find_public_table(
    source: Source, holds: str, edition: str, values: Mapping[str, str]
) -> PublicTable:
    """Find the table of a source that holds a figure.

    Args:
        source: With its `tables`.
        holds: What the figure is of: `national`, `state`, `metro`, `industry`, …
        edition: Reference period, such as `2023-05`.
        values: For the places in names and addresses: `area`, `area_code`, `postal`.

    Returns:
        The first that fits; else the publication itself and its homepage.
    """
    found = EDITION.match(edition)
    year, month = (found[1], found[2]) if found else ("", "")
    named = {
        **values,
        "year": year,
        "month": MONTHS[int(month) - 1] if month and 1 <= int(month) <= 12 else "",
    }
    for table in source.tables:
        if table.get("holds", holds) != holds or year < table.get("since", ""):
            continue
        address = _fill_address(table["address"], named)
        if address:
            name = PLACE.sub(lambda place: named.get(place[1], ""), table["name"])
            return PublicTable(_tidy(name), address)
    return PublicTable(_tidy(f"{source.title}, {edition}"), source.homepage)


def write_edition(edition: str | None) -> str:
    """Write a reference period as people do.

    >>> write_edition("2023-05")
    'May 2023'
    >>> write_edition("2024")
    '2024'
    """
    found = re.fullmatch(EDITION, edition or "")
    if not found or not found[2] or not 1 <= int(found[2]) <= 12:
        return edition or ""
    return f"{MONTHS[int(found[2]) - 1]} {found[1]}"


def _fill_address(address: str, values: Mapping[str, str]) -> str:
    """Fill the places of an address; "" where a value is none of plain letters."""
    wanted = [values.get(name, "") for name in PLACE.findall(address)]
    if not all(PLAIN.fullmatch(value) for value in wanted):
        return ""
    return PLACE.sub(lambda place: values[place[1]], address)


def _tidy(name: str) -> str:
    """Return a name without the gaps that empty values leave."""
    return " ".join(name.split()).removesuffix(":").removesuffix(",")
