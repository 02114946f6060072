"""The rules of the house: each takes a tree of files and names its offenders."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

PACKAGES = ("schemas", "pipeline", "flows")
WRITES = {
    *("mkdir", "makedirs", "rmtree", "symlink_to", "touch", "unlink", "write_bytes"),
    *("write_text", "sink_csv", "sink_parquet"),
}
STORE_WRITES = {
    f"pipeline.core.store.{name}"
    for name in (
        "append_line",
        "build_folder",
        "point_link",
        "write_atomically",
        "write_files",
    )
} | {"pipeline.core.checksums.write_with_digest"}
WRITERS = (
    "pipeline.core.store",
    "pipeline.core.disk",  # syncs and removes, for the store
    "pipeline.core.checksums",  # a file, and its digest beside it
    "pipeline.core.leftovers",
    "pipeline.archive.snapshot",
    "pipeline.archive.new_home",  # makes a home where there was none
    "pipeline.release.publish",
    "pipeline.release.cache",
    "pipeline.release.causes",  # runs again in a temporary home of its own
    "pipeline.cli.source_skeleton",  # a new source, into the checkout it runs from
    "pipeline.rulings.rulings_file",  # adds rows to vocabularies/rulings.csv, no more
    "pipeline.sources.shared.parquet_parts",  # to its caller's folder
    "pipeline.read.sheets.workbook_process",  # to temporary folders of its own
)
LINTER = "from importlinter.cli import lint_imports_command as run; run()"
# A newcomer's way in: what none of these reaches serves nobody but tests.
ENTRIES = ("pipeline.__main__", "pipeline.cli", "pipeline.sources", "flows")
AWAITED = (
    "pipeline.reconcile.verdict.slip_explanations",
    "pipeline.reconcile.verdict.digit_errors",
)  # by the judge
VAGUE = {"utils", "util", "helpers", "common", "base", "manager", "misc"}
LINES, CODE = 400, 40
# Plain names broke the lines of functions that the rebuilt reading does without.
CODE_OF = {"pipeline.extract": 52}
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
UNFINISHED = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
MACHINE = tuple(f"/{name}/" for name in ("work", "root", "home/user"))
BROWSER = re.compile(r"Mozilla/|AppleWebKit|Chrome/\d|Safari/\d|Gecko/|curl/\d")
WORDS = re.compile("|".join([*(rf"\b{w}\b" for w in UNFINISHED), *MACHINE]))


def modules(root: Path, *packages: str) -> Iterator[tuple[str, ast.Module, str]]:
    """Name, syntax tree and text of every module below the packages."""
    for package in packages:
        for path in sorted((root / package).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            name = ".".join(p for p in parts if p != "__init__")
            text = path.read_text("utf-8")
            yield name, tree_of(text), text


@cache
def tree_of(text: str) -> ast.Module:
    """Syntax tree of a text; every rule reads the same files, and changes nothing."""
    return ast.parse(text)


def imports(module: str, tree: ast.Module) -> Iterator[str]:
    """Every module that a module imports, at its top or inside a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*module.split(".")[: -node.level], base]).strip(".")
            yield from (f"{base}.{name.name}" for name in node.names)


def read_contracts(root: Path) -> dict[str, Any]:
    """The layers and doors of `pyproject.toml`: what import-linter holds imports to."""
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    return dict(settings["tool"]["importlinter"])


def read_layers(root: Path) -> list[list[str]]:
    """The layers of the contract, from the top; each a list of rooms."""
    contracts = read_contracts(root)["contracts"]
    (layers,) = (c["layers"] for c in contracts if c["type"] == "layers")
    return [[name.strip() for name in level.split("|")] for level in layers]


def read_map(root: Path) -> tuple[list[list[str]], list[str]]:
    """The map in pipeline/__init__.py: layers from the top, and rooms explained."""
    text = ast.get_docstring(ast.parse((root / "pipeline/__init__.py").read_text()))
    path, _, chain = (text or "").partition("Imports point down only:")
    chain = chain.partition("\n\n    ")[2].partition("\n\n")[0]
    layers = [[m.strip() for m in level.split("|")] for level in chain.split(">")]
    return layers, re.findall(r"^    (\w+)  +\S", path, re.MULTILINE)


def imports_against_the_contracts(root: Path) -> Iterator[str]:
    """Imports that point up, circles, and libraries not at their one door."""
    found = subprocess.run(
        [sys.executable, "-c", LINTER, "--no-cache"],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        said = f"{found.stdout}\n{found.stderr}"
        broken = re.findall(r"^(.*) BROKEN", said, re.MULTILINE)
        for name in broken or ["import-linter could not run"]:
            yield f"{name}: {said}"


def modules_in_a_circle(root: Path) -> Iterator[str]:
    """Modules that import each other, a package's own face included."""
    trees = {name: tree for name, tree, _ in modules(root, *PACKAGES)}
    graph: dict[str, set[str]] = {}
    for name, tree in trees.items():
        for wanted in imports(name, tree):
            while wanted and wanted not in trees:
                wanted = wanted.rpartition(".")[0]
            if wanted not in ("", name):
                graph.setdefault(name, set()).add(wanted)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield " > ".join(error.args[1])


def rooms_not_on_the_map(root: Path) -> Iterator[str]:
    """Rooms that the map, the contract or the folder lacks, and modules beside them."""
    ordered = [name for level in read_layers(root) for name in level]
    contract = [name.removeprefix("pipeline.") for name in ordered]
    layers, explained = read_map(root)
    drawn = [name for level in layers for name in level]
    if drawn != contract:
        yield f"the map draws {drawn}, the contract of pyproject.toml {contract}"
    inside = {p.parent.name for p in (root / "pipeline").glob("*/__init__.py")}
    for name in sorted(inside - set(contract)):
        yield f"pipeline.{name} has no layer"
    for name in sorted(set(contract) - inside - {"flows", "schemas"}):
        yield f"pipeline.{name} has a layer and does not exist"
    for name in sorted(inside - set(explained)):
        yield f"pipeline.{name} is not explained in pipeline/__init__.py"
    for path in sorted((root / "pipeline").glob("*.py")):
        if path.name not in ("__init__.py", "__main__.py"):
            yield f"{path.name} stands in no room"


def names_that_stand_twice(root: Path) -> Iterator[str]:
    """Modules, and classes, of the package that share a name."""
    modules_of: dict[str, list[str]] = {}
    classes: dict[str, list[str]] = {}
    for module, tree, _ in modules(root, "pipeline"):
        named = not (root / module.replace(".", "/")).is_dir()
        if named and not module.endswith(".__main__"):
            modules_of.setdefault(module.rpartition(".")[2], []).append(module)
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                classes.setdefault(node.name, []).append(module)
    for kind, found in (("module", modules_of), ("class", classes)):
        for name, places in sorted(found.items()):
            if len(places) > 1:
                yield f"{kind} {name}: {', '.join(places)}"


def files_changed_elsewhere(root: Path) -> Iterator[str]:
    """Calls that change files outside the modules that may."""
    for module, tree, _ in modules(root, *PACKAGES):
        if module.startswith(WRITERS):
            continue
        for name in STORE_WRITES & set(imports(module, tree)):
            yield f"{module} imports {name}: only {', '.join(WRITERS)} write"
        for node in ast.walk(tree):
            if getattr(node, "attr", "") in WRITES:
                yield f"{module}:{node.lineno} {node.attr}: not a writer of files"


def modules_that_nothing_runs(root: Path) -> Iterator[str]:
    """Modules that no command, flow, source or page of the docs leads to."""
    found = {
        name: set(imports(name, tree)) for name, tree, _ in modules(root, *PACKAGES)
    }
    asked = [name for name in found if name.startswith((*ENTRIES, *AWAITED))]
    asked += [
        name for doc, tree, _ in modules(root, "docs") for name in imports(doc, tree)
    ]
    reached: set[str] = set()
    while asked:
        name = asked.pop()
        # `from a.b import c` runs a, a.b and, where it is a module, a.b.c.
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            part = ".".join(parts[:end])
            if part in found and part not in reached:
                reached.add(part)
                asked += found[part]
    for name in sorted(found.keys() - reached):
        yield f"{name}: nothing that runs leads to it; benchmarks/ or away"


def vague_names(root: Path) -> Iterator[str]:
    """Modules whose name says nothing."""
    for module, *_ in modules(root, *PACKAGES):
        if VAGUE & set(module.split(".")):
            yield f"{module}: a name that says nothing"


def length(node: ast.FunctionDef | ast.AsyncFunctionDef, rows: list[str]) -> int:
    """Count a function's lines: no decorator, docstring, comment or blank."""
    doc = node.body[0] if ast.get_docstring(node) else None
    told = range(doc.lineno, (doc.end_lineno or 0) + 1) if doc else range(0)
    lines = range(node.lineno, (node.end_lineno or 0) + 1)
    code = (rows[n - 1].strip() for n in lines if n not in told)
    return sum(bool(row) and row[0] != "#" for row in code)


def too_long(root: Path) -> Iterator[str]:
    """Files and functions that are two ideas."""
    for module, tree, text in modules(root, *PACKAGES):
        rows = text.splitlines()
        if len(rows) > LINES:
            yield f"{module}: {len(rows)} lines, more than {LINES}"
        limit = CODE_OF.get(module.rpartition(".")[0], CODE)
        for node in ast.walk(tree):
            if isinstance(node, FUNCTION) and (found := length(node, rows)) > limit:
                yield f"{module}.{node.name}: {found} lines, more than {limit}"


def without_docstring(root: Path) -> Iterator[str]:
    """Public modules, classes, functions and tests that do not say what they do."""
    for module, tree, _ in modules(root, *PACKAGES, "tests"):
        test = module.startswith("tests")
        owners = [tree, *(n for n in tree.body if isinstance(n, ast.ClassDef))]
        for node in [tree, *(member for owner in owners for member in owner.body)]:
            name = getattr(node, "name", "")
            if not isinstance(node, ast.Module | ast.ClassDef | FUNCTION):
                continue
            expected = name.startswith("test_") or not name or not test
            if expected and name[:1] != "_" and not ast.get_docstring(node):
                yield f"{module}.{name}: no docstring"


def another_name(root: Path) -> Iterator[str]:
    """Code that calls itself a browser, or sets a User-Agent outside of the door."""
    for module, tree, _ in modules(root, *PACKAGES):
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) else None
            if not isinstance(text, str):
                continue
            agent = text.lower() == "user-agent" and not module.startswith(
                "pipeline.archive.fetch"
            )
            if agent or BROWSER.search(text):
                line = getattr(node, "lineno", 0)
                yield f"{module}:{line} {text[:40]!r}: not our name, or not at its door"


def unfinished_or_local(root: Path) -> Iterator[str]:
    """Notes to self, and paths of somebody's machine, in what the project says."""
    kinds = ("*.py", "*.md", "*.toml", "*.yaml", "*.j2", "*.sh", "*.cff")
    kinds += (".ci/run", "payproof", "test")
    own = ("schemas", "pipeline", "flows", "tests", "docs", "benchmarks", ".ci")
    own += ("scripts",)
    for kind in kinds:
        for path in sorted(root.rglob(kind)):
            parts = path.relative_to(root).parts
            if (len(parts) > 1 and parts[0] not in own) or not path.is_file():
                continue
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                if found := WORDS.search(line):
                    yield f"{'/'.join(parts)}:{number}: {found.group()!r}"
