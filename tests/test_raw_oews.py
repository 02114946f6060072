"""raw/bls_oews: what the script in the repository makes of the published files."""

import importlib.util
import json
from pathlib import Path

import pytest

from pipeline.archive.snapshot import Archive

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
RAW = ROOT / "raw"
MOST_BYTES = 6_000_000  # packed, as in the wheel, less than a quarter of that


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the source's folder, by its path there."""
    found = sorted(p for p in (folder / "bls_oews").rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): p.read_bytes() for p in found}


def test_the_bundled_extract_is_what_the_script_makes(shared, tmp_path):
    """The same files in give the same bytes out."""
    path = RAW / "make_oews_extract.py"
    spec = importlib.util.spec_from_file_location("make_oews_extract", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    script.main(shared, tmp_path)

    assert contents(tmp_path) == contents(RAW)


def test_the_bundled_extract_is_small_and_says_what_it_is():
    """Made, in the public domain, with the file that it is from."""
    files = contents(RAW)
    assert sum(map(len, files.values())) < MOST_BYTES
    for name, body in files.items():
        if name.endswith("snapshot.json"):
            card = json.loads(body)
            assert card["capture"] == "made"
            assert card["licence"].startswith("Public domain")
            assert card["note"]
            assert card["derived_from"] or "gathered by hand" in card["note"]


def test_every_bundled_body_is_as_it_was_kept():
    """Re-hashed, with its parts."""
    faults = [fault for fault in Archive(RAW).find_faults() if "bls_oews" in fault]
    assert not faults
