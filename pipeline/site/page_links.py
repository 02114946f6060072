"""How addresses are spelled: as paths of the server, or as files beside each other."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

CHARACTERS_PER_PART, LINES_PER_PART = (
    20_000,
    25,
)  # characters, or lines of a table, on one page of a snapshot
LINE = re.compile(r"(?:^|!)line=([1-9]\d{0,11})[;]")
SHEET = re.compile(r"!([A-Z]{1,3})([1-9]\d{0,6})$")
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
        """The overview."""
        return self._make_path("/") if self.live else f"{self.up}index.html"

    def style(self) -> str:
        """The style sheet."""
        return "/site.css" if self.live else f"{self.up}site.css"

    def search(self, **asked: str) -> str:
        """Cells by occupation, area and publisher; as files only by occupation."""
        if self.live:
            return self._make_path("/search", **asked)
        soc = asked.get("occupation", "")
        if not soc or (self.codes is not None and soc not in self.codes):
            return ""
        return f"{self.up}occupations/{make_slug(soc)}.html"

    def queue(self, **asked: str) -> str:
        """Conflicts by impact; the server's alone."""
        return self._make_path("/conflicts", **asked) if self.live else ""

    def check(self) -> str:
        """The form for a page to be checked; the server's alone."""
        return "/check" if self.live else ""

    def rulings(self) -> str:
        """What persons decided; the server's alone."""
        return "/rulings" if self.live else ""

    def ruling(self, **asked: str) -> str:
        """The form for a ruling; the server's alone."""
        return self._make_path("/ruling", **asked) if self.live else ""

    def cell(self, cell: str) -> str:
        """One question."""
        if self.cells is not None and cell not in self.cells:
            return ""
        if self.live:
            return self._make_path(f"/cell/{quote(cell, safe='/=;,+')}")
        return f"{self.up}cells/{make_slug(cell)}.html"

    def source(self, source: str) -> str:
        """One publication."""
        name = quote(source, safe="")
        return (
            self._make_path(f"/source/{name}")
            if self.live
            else f"{self.up}{name_source_file(name)}"
        )

    def snapshot(self, snapshot: str, part: int = 0) -> str:
        """A part of a stored page."""
        if self.parts is not None and (snapshot, part) not in self.parts:
            return ""
        if self.live:
            more = {"part": str(part)} if part else {}
            return self._make_path(f"/snapshot/{quote(snapshot, safe='')}", **more)
        return f"{self.up}snapshots/{make_slug(snapshot)}-{part}.html"

    def claim(self, row: Mapping[str, Any]) -> str:
        """The highlighted words of a claim, by its snapshot, id, locator and start."""
        page = self.snapshot(row["snapshot"], find_part(row))
        return f"{page}#{make_anchor(row['claim_id'])}" if page else ""

    def _make_path(self, path: str, **asked: str) -> str:
        kept = {name: value for name, value in asked.items() if value}
        if self.release:
            kept["release"] = self.release
        return f"{path}?{urlencode(kept)}" if kept else path


def name_source_file(source: str) -> str:
    """The file of a source's page."""
    return f"sources/{source}.html"


def make_slug(text: str) -> str:
    """A file name that is harmless everywhere, and another one for another text.

    >>> make_slug("29-2072/US/all/base/median/2023")
    '29-2072-US-all-base-median-2023-8af4dc25'
    """
    plain = UNSAFE.sub("-", text).strip("-.")[:80]
    if plain == text:
        return text
    return f"{plain}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def make_anchor(claim_id: str) -> str:
    """The id of a claim's words on the page of its snapshot.

    >>> make_anchor("91f31a033993#char=1036,1043")
    'claim-char-1036-1043-0a2e4b0c'
    """
    place = claim_id.partition("#")[2] or claim_id
    plain = UNSAFE.sub("-", place).strip("-.")[:40]
    return f"claim-{plain}-{hashlib.sha256(claim_id.encode()).hexdigest()[:8]}"


def find_part(row: Mapping[str, Any]) -> int:
    """On which part of its snapshot's page a claim stands, from 0."""
    if row["start"] is not None:
        return int(row["start"]) // CHARACTERS_PER_PART
    if line := parse_line_number(row["locator"]):
        return line // LINES_PER_PART
    return 0


def parse_line_number(locator: str) -> int:
    """The line or row that a locator names, from 1; 0 where it names none."""
    if match := LINE.search(locator):
        return int(match[1])
    match = SHEET.search(locator)
    return int(match[2]) if match else 0
