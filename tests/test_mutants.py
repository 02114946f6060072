"""The machinery that changes the code to see whether a test would notice."""

import multiprocessing
import sys
from pathlib import Path

import pytest

FAULTS = Path(__file__).parent / "faults"
CODE = '''"""Pay."""


def raise_pay(pay, least):
    """Return the higher one."""
    return pay if pay >= least else least
'''
TEST = """from pay import raise_pay


def test_the_least_is_paid():
    assert raise_pay(1, 2) == 2
    assert raise_pay(3, 2) == 3
"""


@pytest.fixture
def mutate(monkeypatch):
    """The script as a module."""
    monkeypatch.syspath_prepend(str(FAULTS))
    # The tests of the made tree need none of the plugins, which take seconds to load.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    import mutate

    # Without a server: it speaks by a socket, which tests may not open.
    monkeypatch.setattr(mutate, "SERVER", multiprocessing.get_context("spawn"))
    yield mutate
    for name in ("mutate", "mutants"):
        sys.modules.pop(name, None)


@pytest.fixture
def tree(tmp_path):
    """A tree with one function and one test."""
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "pay.py").write_text(CODE, "utf-8")
    (folder / "test_pay.py").write_text(TEST, "utf-8")
    return folder


def test_changes_are_of_many_kinds_and_each_is_another_program(mutate, tree):
    """The comparison, the condition and what is returned; a docstring is no code."""
    text = (tree / "pay.py").read_bytes()
    found = mutate.list_mutants(tree, "pay.py")
    assert [one.apply(text).decode().splitlines()[-1].strip() for one in found] == [
        "return None",
        "return pay if (False) else least",
        "return pay if (True) else least",
        "return pay if (pay > least) else least",
    ]
    assert all(one.lines == (6, 6) for one in found)


def test_a_mutant_dies_where_a_test_notices_and_an_equivalent_one_lives(mutate, tree):
    """By the test that reaches its line; the file is as before afterwards."""
    known = mutate.map_lines(tree, ["pay.py"], ["test_pay.py"])
    by_line = {one.new: one for one in mutate.list_mutants(tree, "pay.py")}
    fates = {
        new: mutate.try_mutant("pay", by_line[new], tree, known).state
        for new in ("(True)", "(pay > least)")
    }
    assert fates == {"(True)": "killed", "(pay > least)": "survived"}
    assert (tree / "pay.py").read_text("utf-8") == CODE
    unreached = {**known, "lines": {}}
    fate = mutate.try_mutant("pay", by_line["(True)"], tree, unreached)
    assert fate.state == "unreached"


def test_a_seed_chooses_the_same_mutants_of_each_room(mutate):
    """And another seed others."""
    rooms = ["gates", "rulings"]
    some = mutate.choose_mutants(mutate.ROOT, rooms, 4, 1)
    assert some == mutate.choose_mutants(mutate.ROOT, rooms, 4, 1)
    assert some != mutate.choose_mutants(mutate.ROOT, rooms, 4, 2)
    assert [room for room, _ in some] == ["gates", "gates", "rulings", "rulings"]


def test_mutants_that_change_nothing_are_named_with_a_reason(mutate):
    """Each is of a file that is there."""
    for (path, change), why in mutate.read_equivalents().items():
        assert (mutate.ROOT / path).is_file(), path
        assert why
        assert change.startswith("-")
