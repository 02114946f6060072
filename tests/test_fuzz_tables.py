"""The machinery that tries changed tables finds what is wrong, and says which input."""

import argparse
import random

import pytest
from faults import fuzz_tables
from faults.fuzz_tables import TableFuzzer, try_seed
from faults.table_changes import CHANGES, change_seed
from faults.table_seeds import TableSeed, list_seeds

from pipeline.sources import import_source

SEEDS = list_seeds()
TABLES = [s for s in SEEDS if s.form not in ("page", "json")]


def test_every_form_has_a_seed_and_a_way_to_change_it():
    """A form without one would be tried by nobody."""
    assert {seed.form for seed in SEEDS} == set(CHANGES)


@pytest.mark.parametrize("form", sorted(CHANGES))
def test_a_seed_of_each_form_is_read_and_led_back(form, tmp_path):
    """What is not changed gives claims."""
    seed = next(s for s in SEEDS if s.form == form)
    assert try_seed(seed, tmp_path) == "claims"


def test_an_input_is_made_again_from_its_numbers(tmp_path):
    """A finding is found again."""
    for number in range(200):
        fuzzers = [TableFuzzer(SEEDS, 3, tmp_path) for _ in range(2)]
        one, other = (fuzzer.make_input(number) for fuzzer in fuzzers)
        assert one == other


def test_a_short_run_over_tables_finds_nothing(tmp_path):
    """Forty inputs of every run of the tests; `docs/faults.md` has the long one."""
    fuzzer = TableFuzzer(TABLES, 11, tmp_path)
    for number in range(40):
        seed = fuzzer.make_input(number)
        fuzzer.try_input(str(number), seed, tmp_path, whole=number % 4 == 0)
    assert fuzzer.found == []


def test_a_finding_is_kept_with_its_traceback_and_tried_again(tmp_path, monkeypatch):
    """An exception of a parser that is no PayproofError; one of each place."""
    seed = next(s for s in TABLES if s.source == "onet_titles")

    def fails(*_):
        raise KeyError("-b")

    monkeypatch.setattr(import_source("onet_titles"), "parse", fails)
    fuzzer = TableFuzzer([seed], 1, tmp_path / "corpus")
    for label in ("1-0", "1-1"):
        fuzzer.try_input(label, seed, tmp_path)

    assert len(fuzzer.found) == 1
    assert "KeyError" in (tmp_path / "corpus/1-0/why.txt").read_text()
    assert fuzz_tables.read_corpus(tmp_path / "corpus") == [("1-0", seed)]


def test_a_claim_that_does_not_lead_back_is_a_finding(tmp_path, monkeypatch):
    """Its place holds another text."""
    monkeypatch.setattr(fuzz_tables, "find_wrong_quotes", lambda *_: ["c1: the bytes"])
    fuzzer = TableFuzzer(TABLES, 1, tmp_path / "corpus")
    fuzzer.try_input("1-0", TABLES[0], tmp_path)
    assert fuzzer.found == ["bls_oews Finding: # pointers: #: the bytes"]


def test_changes_are_of_every_kind():
    """Damage, other members, other cells: most inputs differ from their seed."""
    rng = random.Random(1)
    seed = next(s for s in SEEDS if s.form == "zip")
    changed = [change_seed(rng, seed, b"other").body for _ in range(60)]
    assert sum(body != seed.body for body in changed) > 50
    assert len(set(changed)) > 50


def test_a_folder_of_real_files_may_be_added(tmp_path):
    """They are read as tables of the survey."""
    (tmp_path / "a.xls").write_bytes(b"x")
    assert list_seeds(tmp_path)[-1] == TableSeed("bls_oews", "2023-05", "a.xls", b"x")


@pytest.fixture
def watch(tmp_path, monkeypatch):
    """Run the fuzzer over processes that end as a script of (note, status) says."""
    given = argparse.Namespace(
        corpus=tmp_path, seed=1, first=0, inputs=9, seconds=60, seeds=[], only="text"
    )
    calls = []

    def play(*script):
        ends = list(script)

        def run(command, **_):
            calls.append(command[command.index("--here") + 1 : -2])
            note, status = ends.pop(0)
            if note:
                (tmp_path / "at").write_text(note)
            return argparse.Namespace(returncode=status)

        monkeypatch.setattr(fuzz_tables.subprocess, "run", run)
        return fuzz_tables.run_watched(given, []), calls

    return play


def test_a_run_goes_on_behind_the_input_that_ends_its_process(watch, tmp_path):
    """It is kept, and nothing before it is tried a second time."""
    status, calls = watch(("number 4", -9), ("", 0))
    assert (status, calls) == (1, [["--first", "0"], ["--goes-on", "--first", "5"]])
    assert "ended with -9" in (tmp_path / "1-4" / "why.txt").read_text()


def test_a_kept_input_that_ends_the_process_stops_no_later_run(watch, capsys):
    """It is said, passed over, and counts."""
    status, calls = watch(("again 1-4", -9), ("", 0))
    assert (status, calls[1]) == (1, ["--first", "0", "--skip", "1-4"])
    assert "again 1-4" in capsys.readouterr().out


@pytest.mark.parametrize("note", ["", "seed 3"])
def test_a_process_that_cannot_start_is_no_run_without_findings(watch, note, capsys):
    """Nor is one that a sound file ends; neither is started again for ever."""
    status, calls = watch((note, -9))
    assert (status, len(calls)) == (2, 1)
    assert "ended with -9" in capsys.readouterr().err


def test_kept_inputs_are_tried_first_whatever_number_comes_next(tmp_path, monkeypatch):
    """But for those that ended the process."""
    tried = []
    monkeypatch.setattr(
        TableFuzzer, "try_input", lambda _, label, *rest, **more: tried.append(label)
    )
    monkeypatch.setattr(fuzz_tables, "choose_seeds", lambda _: TABLES[:1])
    monkeypatch.setattr(fuzz_tables.resource, "setrlimit", lambda *_: None)
    for label in ("1-4", "1-7"):
        fuzz_tables.save_input(tmp_path, label, TABLES[0], "why")
    given = argparse.Namespace(
        corpus=tmp_path, seed=1, first=20, inputs=22, seconds=60, skip=["1-4"],
        goes_on=False,
    )  # fmt: skip
    assert fuzz_tables.run_here(given) == 0
    assert tried == ["1-7", "seed-0", "1-20", "1-21"]
    assert not (tmp_path / "at").exists()
