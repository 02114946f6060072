"""Spells addresses of pages: as paths of the server, or as files of a static site."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

# On one page of a snapshot: characters of a text, or lines of a table. Of stored tables
# a static site has only the 25 lines around each figure (docs/releases.md).
CHARACTERS_PER_PART, LINES_PER_PART = 20_000, 25
# The line of a delimited text, also of a member of a zip: `line=60;col=2`,
# `oews.csv!line=60;col=2`. Digits are bounded: int() refuses more than 4,300 of them.
LINE = re.compile(r"(?:^|!)line=([1-9]\d{0,11})[;]")
# The row of a cell of a sheet: `a.xls!Table 1!AB51` is row 51.
SHEET = re.compile(r"!([A-Z]{1,3})([1-9]\d{0,6})$")
# What some file system refuses or reads as a path: `?|x/../y`, `a:b*c`.
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Links:
    """Addresses of pages; "" for a page that is not there.

    Args:
        live: Paths of the server; else names of files.
        up: From a page to the top folder, for files: "" or "../".
        cells: Cells that have a page; None: every one.
        parts: Snapshot and part that have a page; None: every one.
        codes: SOC codes that have a page; None: every one.
        release: Name of the release, where it is not the latest; "" for that one.
    """

    live: bool = True
    up: str = ""
    cells: frozenset[str] | None = None
    parts: frozenset[tuple[str, int]] | None = None
    codes: frozenset[str] | None = None
    release: str = ""

    def home(self) -> str:
        """Return the address of the overview."""
        return self._make_path("/") if self.live else f"{self.up}index.html"

    def style(self) -> str:
        """Return the address of the style sheet."""
        return "/site.css" if self.live else f"{self.up}site.css"

    def glossary(self) -> str:
        """Return the address of what the words mean."""
        return self._make_path("/glossary") if self.live else f"{self.up}glossary.html"

    def search(self, **asked: str) -> str:
        """Return the address of a search; as files there are only occupations."""
        if self.live:
            return self._make_path("/search", **asked)
        soc = asked.get("occupation", "")
        if not soc or (self.codes is not None and soc not in self.codes):
            return ""
        return f"{self.up}occupations/{make_slug(soc)}.html"

    def queue(self, **asked: str) -> str:
        """Return the address of the conflicts by impact; only the server has it."""
        return self._make_path("/conflicts", **asked) if self.live else ""

    def check(self) -> str:
        """Return the address of the form that checks a page; only the server has it."""
        return "/check" if self.live else ""

    def rulings(self) -> str:
        """Return the address of the rulings; only the server has it."""
        return "/rulings" if self.live else ""

    def ruling(self, **asked: str) -> str:
        """Return the address of the form for a ruling; only the server has it."""
        return self._make_path("/ruling", **asked) if self.live else ""

    def cell(self, cell: str) -> str:
        """Return the address of a cell's page."""
        if self.cells is not None and cell not in self.cells:
            return ""
        if self.live:
            return self._make_path(f"/cell/{quote(cell, safe='/=;,+')}")
        return f"{self.up}cells/{make_slug(cell)}.html"

    def source(self, source: str) -> str:
        """Return the address of a source's page."""
        name = quote(source, safe="")
        return (
            self._make_path(f"/source/{name}")
            if self.live
            else f"{self.up}{name_source_file(name)}"
        )

    def snapshot(self, snapshot: str, part: int = 0) -> str:
        """Return the address of a part of a stored page, from 0."""
        if self.parts is not None and (snapshot, part) not in self.parts:
            return ""
        if self.live:
            more = {"part": str(part)} if part else {}
            return self._make_path(f"/snapshot/{quote(snapshot, safe='')}", **more)
        return f"{self.up}snapshots/{make_slug(snapshot)}-{part}.html"

    def claim(self, row: Mapping[str, Any]) -> str:
        """Return the address of a claim's highlighted words.

        Args:
            row: With `snapshot`, `claim_id`, `locator` and `start`.
        """
        page = self.snapshot(row["snapshot"], find_part(row))
        return f"{page}#{make_anchor(row['claim_id'])}" if page else ""

    def _make_path(self, path: str, **asked: str) -> str:
        kept = {name: value for name, value in asked.items() if value}
        if self.release:
            kept["release"] = self.release
        return f"{path}?{urlencode(kept)}" if kept else path


def name_source_file(source: str) -> str:
    """Return the path of the file of a source's page."""
    return f"sources/{source}.html"


def make_slug(text: str) -> str:
    """Make a file name that every file system takes, another one for another text.

    >>> make_slug("29-2072/US/all/base/median/2023")
    '29-2072-US-all-base-median-2023-a69f4c67'
    """
    # 80 characters and a digest of 8: far below the 255 bytes of a file name. A leading
    # dot would hide the file. The digest keeps `x/../y` and `x/..-y` apart.
    plain = UNSAFE.sub("-", text).strip("-.")[:80]
    if plain == text:
        return text
    return f"{plain}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def make_anchor(claim_id: str) -> str:
    """Make the HTML id of a claim's words on the page of its snapshot.

    >>> make_anchor("91f31a033993#char=1036,1043")
    'claim-char-1036-1043-87483016'
    """
    # Before `#` is the snapshot, which is the same for all claims of a page.
    place = claim_id.partition("#")[2] or claim_id
    plain = UNSAFE.sub("-", place).strip("-.")[:40]
    return f"claim-{plain}-{hashlib.sha256(claim_id.encode()).hexdigest()[:8]}"


def find_part(row: Mapping[str, Any]) -> int:
    """Return the part of its snapshot's page that a claim is on, from 0.

    Args:
        row: With `start` (offset in the text, or None) and `locator`.
    """
    if row["start"] is not None:
        return int(row["start"]) // CHARACTERS_PER_PART
    if line := parse_line_number(row["locator"]):
        return line // LINES_PER_PART
    # Neither offset nor line: a value of embedded JSON, `/Results/series/0`.
    return 0


def parse_line_number(locator: str) -> int:
    """Return the line or row that a locator names, from 1; 0 where it names none."""
    if match := LINE.search(locator):
        return int(match[1])
    match = SHEET.search(locator)
    return int(match[2]) if match else 0
