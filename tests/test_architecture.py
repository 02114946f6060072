"""What is drawn is so: layers, doors, writers, map, names, sizes, docstrings, words.

Each rule of rules.py is tried on the project, and on a small made tree that breaks
it, so that a rule which sees nothing fails too. The made tree is held to the project's
own contracts.
"""

import re
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
    imports_against_the_contracts,
    modules_in_a_circle,
    modules_that_nothing_runs,
    names_that_stand_twice,
    read_contracts,
    read_layers,
    rooms_not_on_the_map,
    too_long,
    unfinished_or_local,
    vague_names,
    without_docstring,
)

ROOT = Path(__file__).resolve().parents[1]
ROOMS = [
    name.removeprefix("pipeline.") for level in read_layers(ROOT) for name in level
]
CHAIN = " >\n    ".join(
    " | ".join(name.removeprefix("pipeline.") for name in level)
    for level in read_layers(ROOT)
)
EXPLAINED = "\n".join(f"    {name:<10}  a room" for name in ROOMS)
MAP = f'"""The map.\n\n{EXPLAINED}\n\nImports point down only:\n\n    {CHAIN}\n"""\n'


def as_path(name: str) -> str:
    """Where a room's own file is."""
    return f"{name.replace('.', '/')}/__init__.py"


def write_doors() -> Iterator[tuple[str, str]]:
    """A module for each door, which imports what is behind it."""
    for number, contract in enumerate(read_contracts(ROOT)["contracts"]):
        if contract["type"] == "protected":
            (door,) = contract["allowed_importers"]
            text = "".join(f"import {n}\n" for n in contract["protected_modules"])
            path = f"{door.replace('.', '/')}/door_{number}.py"
            yield path, f'"""A door."""\n{text}'


DOOR_MODULES = dict(write_doors())
REACHED = [
    *(f"pipeline.{name}" for name in ROOMS if name not in ("cli", "flows", "schemas")),
    *(path.removesuffix(".py").replace("/", ".") for path in DOOR_MODULES),
    *("pipeline.core.store", "pipeline.release.run", "flows", "schemas"),
]
SOUND = {
    "pyproject.toml": (ROOT / "pyproject.toml").read_text("utf-8"),
    **{as_path(n): '"""A room."""\n' for n in ("flows", "schemas")},
    **{
        as_path(f"pipeline.{n}"): '"""A room."""\n'
        for n in (*ROOMS, "archive.fetch")
        if n not in ("flows", "schemas")
    },
    **DOOR_MODULES,
    "pipeline/cli/__init__.py": '"""Cli."""\n'
    + "".join(f"import {name}\n" for name in REACHED),
    "pipeline/__init__.py": MAP,
    "pipeline/core/store.py": '"""S."""\nfrom pathlib import Path\nPath().mkdir()\n',
    "pipeline/release/run.py": '"""Run."""\nfrom pipeline.core import store\n',
    "tests/test_x.py": '"""X."""\n\ndef test_x():\n    """Says."""\n',
    "README.md": "# Sound\n",
}
LONG = "    x = 1\n" * (CODE + 1)
RUN = "pipeline/release/run.py"
BROKEN: dict[str, tuple[Callable[[Path], Iterator[str]], dict[str, str]]] = {
    "a browser's name": (
        another_name,
        {"pipeline/archive/fetch/agent.py": '"""F."""\nAGENT = "Mozilla/5.0 (X11)"\n'},
    ),
    "a second place that names us": (
        another_name,
        {RUN: '"""R."""\nHEADERS = {"User-Agent": "payproof"}\n'},
    ),
    "a layer above": (
        imports_against_the_contracts,
        {"pipeline/read/page.py": '"""P."""\nfrom pipeline import archive\n'},
    ),
    "a neighbouring room": (
        imports_against_the_contracts,
        {"pipeline/archive/x.py": '"""S."""\nfrom pipeline import reconcile\n'},
    ),
    "a relative import upwards": (
        imports_against_the_contracts,
        {"pipeline/core/errors.py": '"""E."""\nfrom .. import read\n'},
    ),
    "a circle inside a room": (
        imports_against_the_contracts,
        {
            "pipeline/read/one.py": '"""O."""\nimport pipeline.read.two\n',
            "pipeline/read/two.py": '"""T."""\nimport pipeline.read.one\n',
        },
    ),
    "a module that asks its own package's face": (
        modules_in_a_circle,
        {
            "pipeline/read/__init__.py": '"""R."""\nfrom pipeline.read.one import x\n',
            "pipeline/read/one.py": '"""O."""\nfrom pipeline.read import y\n',
        },
    ),
    **{
        f"a second door: {name}": (
            imports_against_the_contracts,
            {RUN: f'"""R."""\ndef f():\n    from {name} import get\n'},
        )
        for contract in read_contracts(ROOT)["contracts"]
        if contract["type"] == "protected"
        for name in contract["protected_modules"][:1]
    },
    "a writer by way of the store": (
        files_changed_elsewhere,
        {RUN: '"""R."""\nfrom pipeline.core.store import point_link\n'},
    ),
    "a second writer": (
        files_changed_elsewhere,
        {RUN: '"""R."""\ndef f(path):\n    path.write_text("x")\n'},
    ),
    "a room without a layer": (
        rooms_not_on_the_map,
        {
            "pipeline/odd/__init__.py": '"""O."""',
            "pipeline/__init__.py": MAP.replace(
                "    read  ", "    odd   x\n    read  "
            ),
        },
    ),
    "a module in no room": (rooms_not_on_the_map, {"pipeline/odd.py": '"""O."""'}),
    "a room that is not explained": (
        rooms_not_on_the_map,
        {"pipeline/__init__.py": MAP.replace("    read  ", "    guess ")},
    ),
    "a map that draws other layers": (
        rooms_not_on_the_map,
        {"pipeline/__init__.py": re.sub(r"extract >\s+read", "read > extract", MAP)},
    ),
    "two modules of one name": (
        names_that_stand_twice,
        {"pipeline/read/run.py": '"""R."""\n'},
    ),
    "two classes of one name": (
        names_that_stand_twice,
        {
            "pipeline/read/one.py": '"""O."""\nclass Page:\n    """P."""\n',
            "pipeline/site/two.py": '"""T."""\nclass Page:\n    """P."""\n',
        },
    ),
    "a module for tests alone": (
        modules_that_nothing_runs,
        {"pipeline/archive/lone.py": '"""L."""\nfrom pipeline.core import store\n'},
    ),
    "a name that says nothing": (vague_names, {"pipeline/read/utils.py": '"""U."""'}),
    "a long file": (too_long, {RUN: '"""R."""\n' * (LINES + 1)}),
    "a long function": (too_long, {RUN: f'"""R."""\ndef f():\n    """F."""\n{LONG}'}),
    "a silent function": (
        without_docstring,
        {RUN: '"""R."""\ndef f():\n    pass\n'},
    ),
    "a silent method": (
        without_docstring,
        {RUN: '"""R."""\nclass C:\n    """C."""\n    def f(self): ...\n'},
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
    "somebody's machine in a command": (
        unfinished_or_local,
        {"scripts/ready.sh": f"cd {MACHINE[0]}x\n"},
    ),
    "somebody's machine in a command without an ending": (
        unfinished_or_local,
        {"payproof": f"cd {MACHINE[0]}x\n"},
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
