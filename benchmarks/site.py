"""How long the static site takes: the latest release, and 10,000 cell pages.

    python benchmarks/site.py [--cells 10000]

Draws and writes as `payproof refresh` does, into a folder that is removed again. The
limits are ten seconds for the demonstration release and sixty for 10,000 cells.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from pipeline.core.store import Home, find_home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query.published import Release, open_latest
from pipeline.release.publish.site_files import write_site_files
from pipeline.site.open_view import open_release_view
from pipeline.site.pages import choose_static_cells, draw_static_pages

DEMONSTRATION, MANY = 10.0, 60.0


def timed(
    home: Home, release: Release, cells: Sequence[str]
) -> tuple[float, float, int, int]:
    """Seconds, those of the processor, files and bytes of a site with these cells."""
    with tempfile.TemporaryDirectory() as folder:
        beside = Home(home.root, Path(folder))
        copied = Path(folder) / release.name
        copied.mkdir()
        start, busy = time.perf_counter(), time.process_time()
        view = open_release_view(home, release, open_vocabulary(home.vocabularies))
        site = write_site_files(
            beside, Release(copied, release.manifest), draw_static_pages(view, cells)
        )
        took, busy = time.perf_counter() - start, time.process_time() - busy
        files = [path for path in site.rglob("*") if path.is_file()]
        total = sum(path.stat().st_size for path in files)
        shutil.rmtree(site)
    return took, busy, len(files), total


def main() -> int:
    """Print both figures; 1 where one is beyond its limit."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--cells", type=int, default=10_000)
    wanted = asked.parse_args().cells
    home = find_home()
    release = open_latest(home)
    view = open_release_view(home, release, open_vocabulary(home.vocabularies))
    every = [
        row["cell"]
        for row in view.query_rows("SELECT cell FROM salaries ORDER BY cell")
    ]
    runs = (
        ("the release as published", choose_static_cells(view), DEMONSTRATION),
        (f"{wanted:,} cells", every[:wanted], MANY * wanted / 10_000),
    )
    slow = False
    for name, cells, limit in runs:
        took, busy, files, size = timed(home, release, cells)
        slow |= took > limit
        print(
            f"{name}: {len(cells):,} cell pages, {files:,} files, {size / 1e6:.1f} MB: "
            f"{took:.1f} s (limit {limit:.0f} s), {busy:.1f} s of a processor"
        )
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
