"""What the docs name is there: paths, modules, functions, rooms, and who calls whom."""

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rules import read_layers

ROOT = Path(__file__).resolve().parents[1]
FOLDER, SOURCES = ROOT / "vocabularies", ROOT / "pipeline" / "sources"
VOCABULARIES = (FOLDER / "README.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
PAGES = [
    *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG")),
    *(ROOT / f"{name}.md" for name in ("SECURITY", "vocabularies/README")),
    *sorted((ROOT / "docs").glob("*.md")),
]
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
MARKED = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"\.?[\w<>*.-]+(?:/[\w<>*.-]+)*/?")
FOLDERS = {
    *("benchmarks", "docs", "flows", "pipeline", "raw", "schemas", "scripts"),
    *("tests", "vocabularies"),
}
MADE = ("raw/.", "raw/<source>/checks.jsonl")  # by a run, in a home
EVENT = ("payproof.", "prefect.asset.")  # what Prefect is told
WALKED = "payboard"  # the source that docs/add-a-source.md makes and a test follows
FILES = ("csv", "css", "html", "j2", "js", "json", "jsonl", "md", "parquet", "py")
FILES = (*FILES, "sqlite", "toml", "txt", "xlsx", "yaml")
DOTTED = re.compile(r"[a-z]\w*(?:\.[A-Za-z_]\w*)+")
STEP = re.compile(r"^( *)- `([\w.]+)`")
# A file of curated/changes/, and no vocabulary.
RELEASED = {"values.csv"}


def marked(text: str) -> list[str]:
    """What stands in backticks, blocks of code apart."""
    return MARKED.findall(FENCE.sub("", text))


def missing_paths(text: str, root: Path = ROOT) -> Iterator[str]:
    """Paths of the repository, and vocabularies, that do not exist."""
    for name in marked(text):
        if not PATH.fullmatch(name) or WALKED in name or name.startswith(MADE):
            continue
        pattern = re.sub(r"<[^>]*>", "*", name)
        top = name.partition("/")[0]
        if "/" in name and top in FOLDERS:
            found = (root / name).exists() or any(root.glob(pattern.rstrip("/")))
        elif name.endswith(".csv") and "/" not in name and "<" not in name:
            found = name in RELEASED or (root / "vocabularies" / name).is_file()
        else:
            continue
        if not found:
            yield name


@cache
def find_modules() -> dict[str, list[str]]:
    """Last part of a module's name to its whole names."""
    found: dict[str, list[str]] = {}
    for package in ("pipeline", "benchmarks/fusing"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found.setdefault(path.stem, []).append(name.removesuffix(".__init__"))
    return found


def find_named(name: str) -> Any:
    """The module, class or function that a dotted name of the docs means.

    Raises:
        LookupError: There is none.
    """
    first, _, rest = name.partition(".")
    wholes = [name if first in ("pipeline", "schemas", "flows") else f"pipeline.{name}"]
    wholes += [f"{module}.{rest}" for module in find_modules().get(first, ())]
    for whole in wholes:
        parts = whole.split(".")
        for end in range(len(parts), 0, -1):
            try:
                thing = importlib.import_module(".".join(parts[:end]))
            except ModuleNotFoundError:
                continue
            try:
                for part in parts[end:]:
                    thing = getattr(thing, part)
            except AttributeError:
                break
            return thing
    raise LookupError(name)


def missing_names(text: str) -> Iterator[str]:
    """Modules, classes and functions that do not exist."""
    for name in marked(text):
        if not DOTTED.fullmatch(name) or name.rpartition(".")[2] in FILES:
            continue
        if name.startswith(EVENT):
            continue
        try:
            find_named(name)
        except LookupError:
            yield name


def read_walks(text: str) -> Iterator[tuple[str, list[str]]]:
    """A function of a walk, and those that the walk says it calls, in their order."""
    open_: list[tuple[int, str, list[str]]] = []
    for line in text.splitlines():
        step = STEP.match(line)
        if not step:
            yield from ((name, calls) for _, name, calls in open_)
            open_ = []
            continue
        depth, name = len(step[1]), step[2]
        while open_ and open_[-1][0] >= depth:
            yield open_.pop()[1:]
        if open_:
            open_[-1][2].append(name)
        open_.append((depth, name, []))
    yield from ((name, calls) for _, name, calls in open_)


def find_uses(function: Any) -> dict[str, tuple[int, int]]:
    """Name to where a function first uses it; a call counts where it ends.

    So what makes an argument comes before the call that takes it.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    called = {id(n.func): n for n in ast.walk(tree) if isinstance(n, ast.Call)}
    found: dict[str, tuple[int, int]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            whole = called.get(id(node), node)
            place = (whole.end_lineno or 0, whole.end_col_offset or 0)
            found[name] = min(found.get(name, place), place)
    return found


def wrong_steps(text: str) -> Iterator[str]:
    """Calls that a walk names and the code does not make, or makes in another order."""
    for name, calls in read_walks(text):
        if not calls:
            continue
        uses = find_uses(find_named(name))
        short = [call.rpartition(".")[2] for call in calls]
        yield from (f"{name} calls no {call}" for call in short if call not in uses)
        places = [uses[call] for call in short if call in uses]
        if places != sorted(places):
            yield f"{name} calls in another order than {short}"


def rooms_told(text: str) -> list[str]:
    """The rooms that the page has a paragraph for."""
    rooms = text.partition("\n## The rooms\n")[2].partition("\n## ")[0]
    return list(re.findall(r"^### (.+)$", rooms, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_and_name_in_the_docs_exists(page):
    """A file that moved takes its name in the docs along."""
    text = page.read_text("utf-8")
    assert list(missing_paths(text)) == []
    assert list(missing_names(text)) == []


@pytest.mark.parametrize(
    "name",
    [
        *("pipeline/deciding.py", "vocabularies/titel.csv", "lineages.csv"),
        *("pipeline/sources/<id>.yml", "docs/plan.md", "tests/raw/nobody/"),
    ],
)
def test_a_path_that_is_not_there_is_seen(name):
    """The check above fails for it."""
    assert list(missing_paths(f"See `{name}`.")) == [name]


@pytest.mark.parametrize(
    "name",
    [
        *("deciding.proposed", "release.run.refreshed", "pipeline.shelf.Shelf"),
        *("archive.fetch.fetch_all", "averages.birge"),
    ],
)
def test_a_name_that_is_not_there_is_seen(name):
    """A module or function of before is named."""
    assert list(missing_names(f"See `{name}` and `release.run.refresh`.")) == [name]


def test_the_walks_name_calls_that_are_made_in_their_order():
    """Four walks, each step a call in the function above it."""
    assert ARCHITECTURE.count("\n## The walk of a ") == 4
    assert len([calls for _, calls in read_walks(ARCHITECTURE) if calls]) > 40
    assert list(wrong_steps(ARCHITECTURE)) == []


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        (["release.run.refresh_locked", "release.publish.publish"], "calls no publish"),
        (
            ["release.run.run_stages", "release.stages.validate_draft",
             "release.stages.normalise_claims"],
            "another order",
        ),
    ],
)  # fmt: skip
def test_a_step_that_is_not_made_or_not_in_its_order_is_seen(steps, fault):
    """The check above names the function."""
    first, *calls = steps
    text = "\n".join([f"- `{first}`", *(f"  - `{call}`: …" for call in calls)])
    (found,) = wrong_steps(text)
    assert found.startswith(first)
    assert fault in found


def test_every_room_has_its_paragraph():
    """The rooms of the contract in pyproject.toml, and what stands beside them."""
    rooms = {name.removeprefix("pipeline.") for le in read_layers(ROOT) for name in le}
    told = rooms_told(ARCHITECTURE)
    assert sorted(told) == sorted(rooms - {"flows", "schemas"} | {"Beside them"})
    assert rooms_told(ARCHITECTURE.replace("\n### query\n", "\n")) != told


def wrong_readers(text: str) -> Iterator[str]:
    """Readers of a vocabulary, as its README has them, that do not name it."""
    rooms = {path.parent.name for path in (ROOT / "pipeline").glob("*/__init__.py")}
    for line in text.partition("\n## Words of the grammar\n")[0].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        file = re.fullmatch(r"`(\w+)\.csv`", cells[0])
        if not file or len(cells) != 4:
            continue
        for reader in cells[3].split(", "):
            script = re.fullmatch(r"`(make_\w+\.py)`", reader)
            if reader == "nothing":
                continue
            if script:
                found = [FOLDER / script[1]]
            elif reader.startswith("`"):
                own = reader.strip("`")
                found = [*SOURCES.glob(f"{own}.py"), *SOURCES.glob(f"{own}/*.py")]
                found += SOURCES.glob("shared/*.py") if found else []
            else:
                found = [*(ROOT / "pipeline" / reader).rglob("*.py")]
                found = found if reader in rooms else []
            quoted = re.compile(rf"[\"/]{file[1]}(?:\.csv)?\"")
            if not any(quoted.search(path.read_text("utf-8")) for path in found):
                yield f"{file[1]}: {reader}"


def test_the_readers_of_a_vocabulary_are_rooms_that_name_it():
    """The last column of vocabularies/README.md."""
    assert list(wrong_readers(VOCABULARIES)) == []


@pytest.mark.parametrize(
    ("now", "then", "fault"),
    [
        ("| archive |", "| live |", "live"),
        ("| `bls_oews` |", "| `bls_ooh_old` |", "bls_ooh_old"),
        ("| normalise |", "| serve |", "serve"),
    ],
)
def test_a_reader_that_does_not_read_is_seen(now, then, fault):
    """A room of before, a source that is none, a room that reads another file."""
    found = list(wrong_readers(VOCABULARIES.replace(now, then, 1)))
    assert len(found) == 1
    assert fault in found[0]


def test_the_docs_count_what_a_new_home_gets():
    """`payproof init` prints how many files it took; docs/operate.md shows it."""
    snapshots = [*(ROOT / "raw").glob("[!.]*/[!.]*/snapshot.json")]
    words = [*FOLDER.glob("*.csv")]
    text = (ROOT / "docs" / "operate.md").read_text("utf-8")
    assert f": {len(words)} vocabularies, {len(snapshots)} snapshots.\n" in text
