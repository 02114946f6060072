"""The rules of the house: each takes a tree of files and names its offenders."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("schemas", "pipeline", "flows")
DOORS = {
    "bs4": "pipeline.read",
    "fastapi": "pipeline.serve",
    "fastexcel": "pipeline.read",
    "jinja2": "pipeline.site.report",
    "leather": "pipeline.site.report",
    "lxml": "pipeline.read",
    "prefect": "flows",
    "protego": "pipeline.archive.fetch",
    "requests": "pipeline.archive.fetch",
    "starlette": "pipeline.serve",
    "typer": "pipeline.cli",
    "uvicorn": "pipeline.serve",
}
WRITES = {
    *("mkdir", "makedirs", "rmtree", "symlink_to", "touch", "unlink", "write_bytes"),
    *("write_text", "sink_csv", "sink_parquet"),
}
STORE_WRITES = {
    f"pipeline.core.store.{name}" for name in ("add_line", "point", "write_atomically")
}
WRITERS = (
    "pipeline.core.store",
    "pipeline.archive.snapshot",
    "pipeline.release.publish",
    "pipeline.release.cache",
    "pipeline.release.causes",  # runs again in a temporary home of its own
    "pipeline.rulings.rulings_file",  # adds rows to vocabularies/rulings.csv, no more
    "pipeline.sources.shared.parquet_parts",  # beyond memory: goes to its caller's folder
)
VAGUE = {"utils", "util", "helpers", "common", "base", "manager", "misc"}
LINES, CODE = 250, 40
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
            yield name, ast.parse(text), text


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


def drawn(root: Path) -> tuple[list[list[str]], list[str]]:
    """The map in pipeline/__init__.py: layers from the top, and the stages."""
    text = ast.get_docstring(ast.parse((root / "pipeline/__init__.py").read_text()))
    path, _, chain = (text or "").partition("Imports point down only:")
    layers = [[m.strip() for m in level.split("|")] for level in chain.split(">")]
    return layers, re.findall(r"^    (\w+) .*->", path, re.MULTILINE)


def layer(name: str, layers: list[list[str]]) -> tuple[int, str] | None:
    """Height from the bottom, and the member of the map that a module belongs to."""
    parts = name.split(".")
    key = parts[1] if parts[0] == "pipeline" and len(parts) > 1 else parts[0]
    for height, members in enumerate(reversed(layers)):
        if key in members:
            return height, key
    return None


def imports_that_point_up(root: Path) -> Iterator[str]:
    """Imports of a higher layer, or of a neighbour in the same one."""
    layers, _ = drawn(root)
    for module, tree, _ in modules(root, *PACKAGES):
        here = layer(module, layers)
        for name in imports(module, tree):
            there = layer(name, layers) if name.split(".")[0] in PACKAGES else None
            if here and there and there != here and there[0] >= here[0]:
                yield f"{module} imports {name}"


def libraries_through_the_wall(root: Path) -> Iterator[str]:
    """Imports of a library elsewhere than at its one door."""
    for module, tree, _ in modules(root, *PACKAGES):
        for name in imports(module, tree):
            door = DOORS.get(name.split(".")[0])
            if door and module != door and not module.startswith(f"{door}."):
                yield f"{module} imports {name}; its door is {door}"


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


def places_not_on_the_map(root: Path) -> Iterator[str]:
    """Modules that the map does not name, and stages that are not there."""
    layers, stages = drawn(root)
    found = {name for name, *_ in modules(root, *PACKAGES)}
    for name in sorted(found - {"pipeline"}):
        if layer(name, layers) is None:
            yield f"{name} has no layer in pipeline/__init__.py"
    for stage in stages:
        if f"pipeline.{stage}" not in found:
            yield f"pipeline.{stage} is on the map and does not exist"
        if layer(f"pipeline.{stage}", layers) is None:
            yield f"pipeline.{stage} is a stage without a layer"


def vague_names(root: Path) -> Iterator[str]:
    """Modules whose name says nothing."""
    for module, *_ in modules(root, *PACKAGES):
        if VAGUE & set(module.split(".")):
            yield f"{module}: a name that says nothing"


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its decorators and docstring."""
    doc = node.body[0] if ast.get_docstring(node) else None
    inner = (doc.end_lineno or 0) - doc.lineno + 1 if doc else 0
    return (node.end_lineno or 0) - node.lineno + 1 - inner


def too_long(root: Path) -> Iterator[str]:
    """Files and functions that are two ideas."""
    for module, tree, text in modules(root, *PACKAGES):
        if (lines := len(text.splitlines())) > LINES:
            yield f"{module}: {lines} lines, more than {LINES}"
        for node in ast.walk(tree):
            if isinstance(node, FUNCTION) and (lines := length(node)) > CODE:
                yield f"{module}.{node.name}: {lines} lines, more than {CODE}"


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
    kinds = ("*.py", "*.md", "*.toml", "*.yaml", "*.j2", ".ci/run")
    own = ("schemas", "pipeline", "flows", "tests", "docs", "benchmarks", ".ci")
    for kind in kinds:
        for path in sorted(root.rglob(kind)):
            parts = path.relative_to(root).parts
            if len(parts) > 1 and parts[0] not in own:
                continue
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                if found := WORDS.search(line):
                    yield f"{'/'.join(parts)}:{number}: {found.group()!r}"
