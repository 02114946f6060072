"""A small home with a release of its own: two articles, and what they quote."""

import shutil
from pathlib import Path

from pipeline.core.store import Home
from pipeline.release.run import refresh

ROOT = Path(__file__).resolve().parents[1]
KEPT = (
    "article/*",
    "bls_oews/2023-05-*",
    "bls_oews/2024-05-*",
    "bls_ooh/*",
    "salary_com/*",
    "payscale/*",
)
DISPUTED = "29-2072/US/all/base/p90/2023"
ARTICLE = "91f31a033993"


def small_home(folder: Path) -> Home:
    """Refresh a home with a few of the project's own snapshots."""
    home = Home(folder)
    home.vocabularies.symlink_to(ROOT / "vocabularies")
    for pattern in KEPT:
        for found in sorted((ROOT / "raw").glob(pattern)):
            if found.is_dir():
                shutil.copytree(found, folder / found.relative_to(ROOT))
    outcome = refresh(home)
    assert outcome.release is not None
    return home
