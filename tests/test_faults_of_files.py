"""Short runs of the machinery that damages files; docs/faults.md says what it does."""

import shutil

import pytest
from faults import damage_vocabularies, flip_bits
from once import make_once
from pages_home import copy_home

from pipeline.release import cache


def test_damaged_vocabularies_are_named_by_line_and_column(tmp_path):
    """Each kind once, in files by chance."""
    folder = shutil.copytree(damage_vocabularies.FOLDER, tmp_path / "vocabularies")
    found = damage_vocabularies.run(len(damage_vocabularies.KINDS), 3, folder)
    assert [row for row in found if row[2]] == []
    assert len({kind for _, kind, _ in found}) >= 15


def test_a_damage_that_is_not_named_is_seen(tmp_path, monkeypatch):
    """The machinery fails where the check of vocabularies does."""
    folder = shutil.copytree(damage_vocabularies.FOLDER, tmp_path / "vocabularies")
    monkeypatch.setattr(damage_vocabularies, "check_vocabularies", lambda words: None)
    found = damage_vocabularies.run(2, 3, folder)
    assert [said for *_, said in found] == ["was not found"] * 2


@pytest.fixture(scope="module")
def trial(run_folder, tmp_path_factory) -> flip_bits.Trial:
    """A home with every kind of file, made once a run."""
    made = make_once(run_folder, "flips", flip_bits.make_home)
    home = copy_home(made, tmp_path_factory.mktemp("flips"))
    return flip_bits.open_trial(home)


@pytest.mark.slow
def test_a_bit_that_flips_is_found_in_every_kind_of_file(trial):
    """By the next command that uses the file, or by `verify --all`."""
    kinds = flip_bits.list_kinds(trial.home)
    assert all(kinds.values()), kinds
    found = flip_bits.run_trials(trial, len(kinds), 5)
    wrong = [said for _, said in found if said not in ("used", "verify")]
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_a_flip_that_nobody_finds_is_seen(trial, monkeypatch):
    """The machinery fails where nothing is looked at, or other claims are read."""
    monkeypatch.setattr(flip_bits, "find_stored_faults", lambda home: [])
    (found,) = flip_bits.run_trials(trial, 1, 5, ("changes",))
    assert found[1].endswith("not found")
    monkeypatch.setattr(cache, "drop_damaged", lambda path: False)
    trial.claims.update({name: frame.head(0) for name, frame in trial.claims.items()})
    (found,) = flip_bits.run_trials(trial, 1, 5, ("fetch log",))
    assert "other claims were read" in found[1]
