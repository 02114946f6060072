"""Every recording of a source says what is written beside it, and nothing else."""

import csv
import io
import shutil
from pathlib import Path

import pytest
from changing import changed
from make_recordings import (
    RECORDINGS,
    as_csv,
    expected,
    file_changed,
    file_drafts,
    find_recordings,
    kept,
    said,
)

from pipeline.archive.snapshot import Archive
from pipeline.read import read_quotes
from pipeline.read.sheets.flat_file import read_flat_quotes
from pipeline.read.sheets.workbook import read_workbook_quotes
from pipeline.sources import SOURCES

TESTS = Path(__file__).resolve().parent
RAW = TESTS / "raw"


@pytest.mark.slow
@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda r: f"{r.source} {r.name}")
def test_a_recording_says_what_is_expected(recording):
    """All claims with all their fields, and each place holds its quote."""
    snapshot = kept(recording, RAW)
    claims = said(snapshot)
    path = expected(recording.source, recording.name)
    assert as_csv(claims) == path.read_text(encoding="utf-8")
    fewest, most = SOURCES[recording.source].rows
    assert fewest <= claims.height <= most
    body, locators = snapshot.read_body(), claims["locator"].to_list()
    if claims["locator"].str.contains("^line=.*;col=").all():
        quotes = read_flat_quotes(body, locators)
    elif body.startswith(b"PK"):
        quotes = read_workbook_quotes(body, locators)
    else:
        quotes = read_quotes(body, snapshot.media_type, locators)
    assert list(quotes) == claims["quote"].to_list()


def test_another_figure_is_seen(tmp_path):
    """The comparison above fails on a page with one digit changed."""
    recording = next(r for r in RECORDINGS if r.name == "medical-coder-ii.html")
    page = changed(kept(recording, RAW), tmp_path, ("$71,200", "$72,200"))
    wanted = expected(recording.source, recording.name).read_text(encoding="utf-8")
    assert as_csv(said(page)) != wanted


def test_every_recording_is_filed_and_nothing_else_is():
    """Cards, digests and expectations are whole; each says that it was made."""
    archive = Archive(RAW)
    assert archive.find_faults() == []
    filed = {(s.source, s.name) for s in archive.list_all()}
    assert filed == {(r.source, r.name) for r in RECORDINGS}
    assert {s.capture for s in archive.list_all()} == {"made"}
    written = set((TESTS / "expected").rglob("*.csv"))
    assert written == {expected(r.source, r.name) for r in RECORDINGS}


def test_a_recording_that_was_changed_is_filed_again(tmp_path):
    """Under its new digest, with the facts of its card; the older one goes."""
    shutil.copytree(RAW / "payscale", tmp_path / "payscale")
    (recording,) = find_recordings(tmp_path)
    old = kept(recording, tmp_path)
    old.path.write_text(old.path.read_text("utf-8") + "<!-- another -->\n", "utf-8")
    file_changed("payscale", tmp_path)
    new = kept(recording, tmp_path)
    assert find_recordings(tmp_path) == (recording,)
    assert (new.id != old.id, new.retrieved) == (True, old.retrieved)
    assert Archive(tmp_path).find_faults() == []
    assert not old.path.exists()


def test_a_draft_is_filed_once_it_is_known_where_it_is_from(tmp_path):
    """Its edition is its folder's; one of a name that is there takes its place."""
    shutil.copytree(RAW / "payscale", tmp_path / "payscale")
    (there,) = find_recordings(tmp_path)
    draft = tmp_path / "payscale" / "2026-draft"
    draft.mkdir()
    shutil.copy(kept(there, tmp_path).path, draft / "nurse.html")
    with pytest.raises(SystemExit, match=r"nurse\.html: say where such a page is"):
        file_drafts("payscale", tmp_path, "")
    assert draft.is_dir()
    file_drafts("payscale", tmp_path, "https://payscale.example/nurse")
    assert [r.name for r in find_recordings(tmp_path)] == [there.name, "nurse.html"]
    draft.mkdir()
    (draft / "nurse.html").write_text("<p>A nurse makes $70,000 a year.</p>\n")
    file_drafts("payscale", tmp_path, "")
    nurse = find_recordings(tmp_path)[1]
    assert nurse.url == "https://payscale.example/nurse"
    assert "$70,000" in kept(nurse, tmp_path).path.read_text("utf-8")
    assert not draft.exists()


def test_expectations_are_tables_of_claims():
    """Every expectation has a row at least, and names its quotes."""
    for recording in RECORDINGS:
        text = expected(recording.source, recording.name).read_text(encoding="utf-8")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert rows, recording
        assert all(row["quote"] and row["locator"] for row in rows), recording
