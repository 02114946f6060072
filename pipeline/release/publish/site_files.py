"""Write the analyst's pages of a release as files: `curated/<release>/site/`.

A view of the release and no part of its data: the manifest does not list it, and it
may be drawn again at any time. It is there whole or not at all; its own `SHA256SUMS`
says what it holds.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from pipeline.core.checksums import SUMS, format_sums
from pipeline.core.leftovers import sweep_leftovers
from pipeline.core.store import Home, build_folder, write_atomically, write_files
from pipeline.query.published import Release

SITE = "site"


def write_site_files(
    home: Home, release: Release, pages: Iterable[tuple[str, bytes]]
) -> Path:
    """Write the pages beside the tables of a release; an older site is replaced.

    Args:
        home: Where curated/ is.
        release: A published one.
        pages: Path below the folder, and bytes; drawn one at a time.

    Returns:
        The folder.

    Raises:
        ValueError: A page's path leads out of the folder.
        DiskFull: There is no room; nothing of it is left.
    """
    final = locate_site(release)
    sweep_leftovers(home.curated)
    sums: dict[str, str] = {}
    # Not within the release, of which nothing half made is to be a part.
    with build_folder(final, beside=home.curated) as building:
        root = building.resolve()
        for name, data in pages:
            # Paths are made of cells, and cells hold words of pages.
            if not (building / name).resolve().is_relative_to(root):
                raise ValueError(name)
            write_files(building, {name: data})
            sums[name] = hashlib.sha256(data).hexdigest()
        write_files(building, {SUMS: format_sums(sums)})
    return final


def write_packet_files(
    folder: Path, cell: str, page: bytes, facts: bytes
) -> list[Path]:
    """Write an evidence packet, CELL.html and CELL.json, and return both paths."""
    parts = ((".html", page), (".json", facts))
    return [
        write_atomically(folder / f"{cell}{ending}", data) for ending, data in parts
    ]


def locate_site(release: Release) -> Path:
    """Return where the pages of a release are, or would be."""
    return release.folder / SITE
