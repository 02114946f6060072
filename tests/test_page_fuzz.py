"""A short run of the fuzzer of pages, always the same (docs/faults.md has more)."""

import argparse
import os
from pathlib import Path
from typing import ClassVar

import pytest
from faults import fuzz_pages
from faults.fuzz_pages import Notebook, PageFuzzer, PageTrial, list_findings

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
    assert key.startswith("caught IndexError")
    assert fuzzer.findings[key] > 1
    (small,) = (p for p in (tmp_path / "findings").iterdir() if p.suffix != ".why")
    assert len(small.read_bytes()) < 20
    assert "document_figures" in small.with_suffix(f"{small.suffix}.why").read_text()


class DyingProcess:
    """Stands for a worker's process: what it does is a script of the test's."""

    script: ClassVar[list] = []

    def __init__(self, target, args):
        self.args = args
        self.exitcode = None

    def start(self):
        """Do what the script says next."""
        given, seed, first, skipped = self.args
        self.exitcode = self.script.pop(0)(given, seed, first, list(skipped))

    def join(self):
        """It is over already."""


@pytest.fixture
def dying(monkeypatch):
    """Workers that do what a test says, one after the other."""
    monkeypatch.setattr(
        fuzz_pages.multiprocessing, "get_context",
        lambda _: argparse.Namespace(Process=DyingProcess),
    )  # fmt: skip

    def play(folder, *script):
        DyingProcess.script = list(script)
        given = argparse.Namespace(corpus=folder, first=5, inputs=20, seconds=0.0)
        (folder / "findings").mkdir(exist_ok=True)
        return fuzz_pages.run_worker(given, 3)

    return play


def die_at(label: str, body: bytes = b"$1"):
    """A process that ends with an input at hand."""

    def run(given, seed, first, skipped):
        note = Notebook(given.corpus / f"at-work-{seed}")
        note.write("1", "page.md", b"a longer one, before it")
        note.write(label, "page.md", body)
        os.close(note.file)
        return -9

    return run


def test_a_worker_goes_on_behind_the_input_that_ended_it(tmp_path, dying):
    """At the next number, with the input kept; no number is left out or tried twice."""
    seen = []

    def end(given, seed, first, skipped):
        seen.append((first, skipped))
        (given.corpus / f"progress-{seed}.json").write_text('{"tried": 17}')
        return 0

    done = dying(tmp_path, die_at("7", b"$7"), end)
    ((path, key),) = list_findings(tmp_path).items()
    assert (path.read_bytes(), key) == (b"$7", "the process ended (-9)")
    assert seen == [(8, [path.name])]
    assert (done.tried, done.findings) == (20, {key: 1})


def test_a_kept_finding_that_ends_the_process_is_passed_over(tmp_path, dying):
    """It is counted, and all other inputs are tried."""
    seen = []

    def end(given, seed, first, skipped):
        seen.append((first, skipped))
        return 0

    done = dying(tmp_path, die_at("died-abc.md"), end)
    assert seen == [(5, ["died-abc.md"])]
    assert done.findings == {"the process ended (-9)": 1}


def test_a_worker_that_ends_before_its_first_input_is_not_started_for_ever(
    tmp_path, dying
):
    """Nothing was at hand, so that there is nothing to go on behind."""
    with pytest.raises(RuntimeError, match="before its start"):
        dying(tmp_path, lambda *_: 1)


@pytest.mark.slow
@pytest.mark.parametrize("fails", [True, False])
def test_a_finding_that_is_kept_is_tried_again(tmp_path, monkeypatch, fails):
    """While it shows it counts, as the same fault; once it is mended it does not."""
    if fails:
        monkeypatch.setattr(document_figures, "draft_line", lambda *_: 1 / 0)
    fuzzer = PageFuzzer(PageTrial(WORDS), tmp_path, seed=7)
    fuzzer.open_corpus()
    (tmp_path / "findings" / "a.md").write_bytes(b"Coders earn $50,000 a year.")
    fuzzer.try_kept(tmp_path / "findings" / "a.md")
    assert [key.split(" at ")[0] for key in fuzzer.findings] == (
        ["caught ZeroDivisionError"] if fails else []
    )
