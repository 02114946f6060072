"""What is drawn is so: layers, doors, writers, the map, sizes, docstrings, words.

Each rule of rules.py is tried on the project, and on a small made tree that breaks
it, so that a rule which sees nothing fails too.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rules import (
    CODE,
    LINES,
    MACHINE,
    UNFINISHED,
    another_name,
    files_changed_elsewhere,
    imports_that_point_up,
    libraries_through_the_wall,
    places_not_on_the_map,
    too_long,
    unfinished_or_local,
    vague_names,
    without_docstring,
)

ROOT = Path(__file__).resolve().parents[1]
MAP = '''"""The map.

    fetch   Source -> Payload
    read    Snapshot -> Document

Imports point down only:

    flows | cli > run > snapshot | fetch | guess > read > store > errors > schemas
"""
'''
SOUND = {
    "pipeline/__init__.py": MAP,
    "pipeline/fetch.py": '"""Fetch."""\nimport requests\nfrom pipeline import errors\n',
    "pipeline/read/__init__.py": '"""Read."""\n',
    "pipeline/read/html.py": '"""Html."""\nimport bs4\nfrom pipeline.read import x\n',
    "pipeline/store.py": '"""Store."""\nfrom pathlib import Path\nPath().mkdir()\n',
    "pipeline/errors.py": '"""Errors."""\n',
    "schemas/__init__.py": '"""Schemas."""\n',
    "tests/test_x.py": '"""X."""\n\ndef test_x():\n    """Says."""\n',
    "README.md": "# Sound\n",
}
LONG = "    x = 1\n" * (CODE + 1)
BROKEN: dict[str, tuple[Callable[[Path], Iterator[str]], dict[str, str]]] = {
    "a browser's name": (
        another_name,
        {"pipeline/fetch.py": '"""F."""\nAGENT = "Mozilla/5.0 (X11; Linux)"\n'},
    ),
    "a second place that names us": (
        another_name,
        {"pipeline/run.py": '"""R."""\nHEADERS = {"User-Agent": "payproof"}\n'},
    ),
    "a layer above": (
        imports_that_point_up,
        {"pipeline/read/html.py": '"""H."""\nfrom pipeline import fetch\n'},
    ),
    "a neighbouring stage": (
        imports_that_point_up,
        {"pipeline/snapshot.py": '"""S."""\ndef f():\n    import pipeline.fetch\n'},
    ),
    "a relative import upwards": (
        imports_that_point_up,
        {"pipeline/errors.py": '"""E."""\nfrom . import store\n'},
    ),
    "a second door": (
        libraries_through_the_wall,
        {"pipeline/run.py": '"""R."""\ndef f():\n    from requests import get\n'},
    ),
    "a writer by way of the store": (
        files_changed_elsewhere,
        {"pipeline/run.py": '"""R."""\nfrom pipeline.store import point\n'},
    ),
    "a second writer": (
        files_changed_elsewhere,
        {"pipeline/run.py": '"""R."""\ndef f(path):\n    path.write_text("x")\n'},
    ),
    "a module not on the map": (places_not_on_the_map, {"pipeline/odd.py": '"""O."""'}),
    "a stage that is not there": (
        places_not_on_the_map,
        {"pipeline/__init__.py": MAP.replace("    read  ", "    guess ")},
    ),
    "a name that says nothing": (vague_names, {"pipeline/read/utils.py": '"""U."""'}),
    "a long file": (too_long, {"pipeline/run.py": '"""R."""\n' * (LINES + 1)}),
    "a long function": (
        too_long,
        {"pipeline/run.py": f'"""R."""\ndef f():\n    """F."""\n{LONG}'},
    ),
    "a silent function": (
        without_docstring,
        {"pipeline/run.py": '"""R."""\ndef f():\n    pass\n'},
    ),
    "a silent method": (
        without_docstring,
        {"pipeline/run.py": '"""R."""\nclass C:\n    """C."""\n    def f(self): ...\n'},
    ),
    "a silent test": (
        without_docstring,
        {"tests/test_x.py": '"""X."""\ndef test_x():\n    pass\n'},
    ),
    "a note to self": (unfinished_or_local, {"README.md": f"{UNFINISHED[0]}: more\n"}),
    "somebody's machine": (
        unfinished_or_local,
        {"docs/operate.md": f"cd {MACHINE[0]}x\n"},
    ),
}
RULES = sorted({rule for rule, _ in BROKEN.values()}, key=lambda rule: rule.__name__)


def plant(root: Path, files: dict[str, str]) -> Path:
    """Write a made tree."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_project_keeps_the_rule(rule):
    """Every offender is named, one a line."""
    offenders = list(rule(ROOT))
    assert not offenders, "\n".join(["", rule.__doc__ or "", *offenders])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_sound_tree_has_no_offenders(tmp_path, rule):
    """The rules let pass what is right, doors and writers included."""
    assert list(rule(plant(tmp_path, SOUND))) == []


@pytest.mark.parametrize(("rule", "change"), BROKEN.values(), ids=BROKEN)
def test_a_broken_tree_has_one_offender(tmp_path, rule, change):
    """Each rule sees what it is for: a check that cannot fail proves nothing."""
    assert len(list(rule(plant(tmp_path, {**SOUND, **change})))) == 1
