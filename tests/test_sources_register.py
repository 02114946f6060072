"""The register of sources, their facts, and the pages that were made for them."""

import hashlib
import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

from pipeline.archive.snapshot import Archive
from pipeline.core.errors import NotFound
from pipeline.core.source_fields import EVIDENCE, KINDS, UNFILLED
from pipeline.sources import IDS, SOURCES, import_source
from schemas.claims import PAY_BASES

ROOT = Path(__file__).resolve().parents[1]
PUBLISHERS = ("aapc_survey", "glassdoor", "payscale", "salary_com")
BY_HAND = (*PUBLISHERS, "ahima", "indeed", "job_postings", "ziprecruiter")


def test_the_register_knows_its_sources_and_no_other():
    """An unknown id is told which there are."""
    assert list(SOURCES) == sorted(IDS)
    assert "nowhere" not in SOURCES
    with pytest.raises(NotFound, match=r"ahima, article, bls_api, bls_oews"):
        import_source("nowhere")


@pytest.mark.parametrize("source_id", IDS)
def test_every_source_states_its_facts(source_id: str):
    """No fact is missing; a page that comes by hand names no address to ask."""
    source = SOURCES[source_id]
    assert source.id == source_id
    assert source.kind in KINDS
    assert source.evidence in EVIDENCE
    assert source.pay_basis in PAY_BASES
    for fact in ("title", "publisher", "measures", "population", "licence", "cadence"):
        assert getattr(source, fact), fact
    assert source.rows[0] < source.rows[1]
    assert source.automated or not source.urls


def gaps(root: Path) -> list[str]:
    """Files of sources with a gap that `payproof sources new` left to fill."""
    patterns = ("pipeline/sources/**/*", "tests/test_sources_*.py", "tests/raw/**/*")
    found = (p for each in (*patterns, "tests/expected/**/*") for p in root.glob(each))
    texts = (p for p in found if p.is_file() and p.suffix != ".pyc")
    return [p.name for p in texts if UNFILLED.encode() in p.read_bytes()]


def test_no_source_is_left_with_a_gap(tmp_path):
    """A skeleton is finished or taken away; one that is begun is seen."""
    assert gaps(ROOT) == []
    (tmp_path / "tests" / "expected" / "new").mkdir(parents=True)
    (tmp_path / "tests" / "expected" / "new" / "x.csv").write_text(UNFILLED)
    (tmp_path / "pipeline" / "sources").mkdir(parents=True)
    (tmp_path / "pipeline" / "sources" / "new.py").write_text(f'A = ("{UNFILLED}",)')
    assert gaps(tmp_path) == ["new.py", "x.csv"]


@pytest.mark.parametrize("source_id", BY_HAND)
def test_publishers_that_forbid_automated_reading_are_never_asked(source_id: str):
    """Their terms say so; pages are saved by hand."""
    assert not SOURCES[source_id].automated
    assert SOURCES[source_id].urls == ()


@pytest.mark.parametrize("source_id", [*PUBLISHERS, "article", "bls_ooh"])
def test_bundled_pages_say_that_they_are_made(source_id: str):
    """A release of these is a demonstration."""
    snapshots = Archive(ROOT / "raw").list_snapshots(source_id)
    assert snapshots
    for snapshot in snapshots:
        assert snapshot.capture == "made"
        assert snapshot.sha256 == hashlib.sha256(snapshot.read_body()).hexdigest()
        assert "written for this project" in snapshot.read_body().decode()


def test_made_pages_are_filed_by_a_script_that_changes_nothing(tmp_path, monkeypatch):
    """Running raw/make_pages.py again leaves raw/ as it is."""
    spec = importlib.util.spec_from_file_location("make", ROOT / "raw/make_pages.py")
    make = importlib.util.module_from_spec(spec)
    # The class of its rows looks its own module up.
    monkeypatch.setitem(sys.modules, "make", make)
    spec.loader.exec_module(make)
    names = {page.source for page in make.PAGES}
    for name in names:
        shutil.copytree(ROOT / "raw" / name, tmp_path / name)
    monkeypatch.setattr(make, "RAW", tmp_path)
    make.main()

    def files(raw: Path) -> dict[str, bytes]:
        found = (p for n in names for p in (raw / n).rglob("*") if p.is_file())
        return {str(p.relative_to(raw)): p.read_bytes() for p in found}

    assert files(tmp_path) == files(ROOT / "raw")
