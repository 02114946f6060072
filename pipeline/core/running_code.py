"""List the files of the code that runs, the same from a checkout and from a wheel.

A release is a function of them, so only what both have is named here: no compiled
files, no data that a wheel carries beside the code.
"""

from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("pipeline", "schemas")
# Python, the facts of sources, what pages are drawn with, what a new source begins as.
ENDINGS = (".py", ".toml", ".j2", ".css", ".js", ".txt")
BUNDLED = "bundled"


def find_code() -> Path:
    """Return the folder that holds the packages: a checkout, or `site-packages`."""
    return Path(__file__).resolve().parents[2]


def list_code_files(root: Path) -> Iterator[Path]:
    """Yield every file of the code below a folder, in the order of their names.

    Args:
        root: Folder that holds the packages.
    """
    for package in PACKAGES:
        folder = root / package
        found = (p for p in folder.rglob("*") if p.suffix in ENDINGS and p.is_file())
        # By POSIX names: a digest over the files must not depend on the system.
        for path in sorted(found, key=lambda p: p.relative_to(root).as_posix()):
            if path.relative_to(folder).parts[0] != BUNDLED:
                yield path


def find_bundle() -> Path | None:
    """Return the folder with the vocabularies and snapshots that came with the code.

    In a wheel they lie inside of the package, in a checkout beside it; None where the
    code came without them.
    """
    inside = find_code() / PACKAGES[0] / BUNDLED
    for folder in (inside, find_code()):
        if (folder / "vocabularies").is_dir():
            return folder
    return None
