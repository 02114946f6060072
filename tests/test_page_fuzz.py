"""A short run of the fuzzer of pages, always the same (docs/faults.md has more)."""

from pathlib import Path

import pytest
from faults.fuzz_pages import PageFuzzer, PageTrial

from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import document_figures

WORDS = open_vocabulary(Path(__file__).resolve().parents[1] / "vocabularies")


def run_fuzzer(folder: Path, inputs: int) -> PageFuzzer:
    """Try some inputs of a fixed seed."""
    fuzzer = PageFuzzer(PageTrial(WORDS), folder, seed=7)
    fuzzer.open_corpus()
    for number in range(inputs):
        fuzzer.try_number(number)
    fuzzer.check_claims()
    return fuzzer


@pytest.mark.slow
def test_pages_that_nobody_wrote_end_in_claims_or_one_clear_error(tmp_path):
    """No traceback, no figure lost, no claim that breaks its schema, none too slow."""
    fuzzer = run_fuzzer(tmp_path, 200)
    assert fuzzer.findings == {}
    assert fuzzer.watch.total > 2000
    assert len(list((tmp_path / "inputs").iterdir())) == len(fuzzer.kept) > 9


@pytest.mark.slow
def test_a_fault_is_found_made_small_and_kept(tmp_path, monkeypatch):
    """The fuzzer can fail: a rule that some numbers break."""
    real = document_figures.draft_line

    def fail(page, line, *rest):
        if any(figure.unit == "percent" for figure in line.figures):
            raise IndexError
        return real(page, line, *rest)

    monkeypatch.setattr(document_figures, "draft_line", fail)
    fuzzer = run_fuzzer(tmp_path, 60)
    (key,) = fuzzer.findings
    assert "IndexError" in key
    assert fuzzer.findings[key] > 1
    (small,) = (p for p in (tmp_path / "findings").iterdir() if p.suffix != ".why")
    assert len(small.read_bytes()) < 20
    assert "document_figures" in small.with_suffix(f"{small.suffix}.why").read_text()
