"""docs/add-a-source.md, followed to the letter in a folder of its own.

Every block of it is a file to write, lines to add, or commands to run: the line above
it says which. `…` in what a command prints stands for anything.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WALK = (ROOT / "docs" / "add-a-source.md").read_text("utf-8")
FILE = re.compile(r"`([\w./-]+\.\w+)`")
COPIED = ("docs", "flows", "pipeline", "schemas", "tests", "vocabularies")
PAYPROOF = "#!{}\nfrom pipeline.cli import main\nmain()\n"


def steps() -> Iterator[tuple[str, str, str]]:
    """Each block of the walk: what stands above it, its kind, its text."""
    parts = re.split(r"^```", WALK, flags=re.MULTILINE)
    for above, block in zip(parts[::2], parts[1::2], strict=False):
        kind, _, text = block.partition("\n")
        yield above.strip().rpartition("\n\n")[2], kind, text


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A copy of the project with an environment that runs it."""
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    for pattern in ("salary_com/*", "bls_oews/2023-*"):
        for folder in (ROOT / "raw").glob(pattern):
            there = tmp_path / "raw" / folder.parent.name / folder.name
            shutil.copytree(folder, there)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    binaries = tmp_path / ".venv" / "bin"
    binaries.mkdir(parents=True)
    for name in ("python", "pytest"):
        script = binaries / name
        flag = "-m pytest " if name == "pytest" else ""
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {flag}"$@"\n')
        script.chmod(0o755)
    (binaries / "payproof").write_text(PAYPROOF.format(sys.executable))
    (binaries / "payproof").chmod(0o755)
    return tmp_path


def write(checkout: Path, above: str, text: str) -> None:
    """Write a file, or add lines to a table or a tuple, as the line above says."""
    named = FILE.findall(above)
    path = checkout / named[0]
    holder = re.search(r"to `([A-Z]+)`:$", above)
    if holder:
        start = f"{holder[1]} = (\n"
        code = path.read_text()
        assert code.count(start) == 1, named
        head, _, rest = code.partition(start)
        body, closing, tail = rest.partition("\n)\n")
        lines = [*body.split("\n"), text.rstrip("\n")]
        if holder[1] == "IDS":  # ids stand in order
            lines.sort()
        lines = "\n".join(lines)
        path.write_text(head + start + lines + closing + tail)
    elif above.startswith("To `"):
        path.write_text(path.read_text() + text)
    else:
        assert not path.exists(), path
        path.write_text(text)


def run(checkout: Path, text: str) -> None:
    """Run each command of a console block and compare what it prints."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        environment = {
            **os.environ,
            "PYTHONPATH": str(checkout),
            "PATH": f"{checkout / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        }
        environment.pop("PAYPROOF_HOME", None)
        done = subprocess.run(
            ["bash", "-c", command], cwd=checkout, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert done.returncode == 0, (command, done.stdout)
        pattern = ".*".join(map(re.escape, shown.strip().split("…")))
        found = re.fullmatch(pattern, done.stdout.strip(), re.DOTALL)
        assert found, (command, shown, done.stdout)


def test_the_walk_adds_a_source(checkout):
    """Module, register, vocabularies, page, recording, test, run: in this order."""
    done = []
    for above, kind, text in steps():
        if kind == "console":
            run(checkout, text)
        else:
            write(checkout, above, text)
        done.append(kind)
    assert done.count("console") == 4
    assert len(done) == 11
    assert "## payboard" in (checkout / "docs" / "sources.md").read_text()


def test_a_walk_that_leads_nowhere_is_seen(checkout):
    """A command that prints something else, or fails, fails the test above."""
    with pytest.raises(AssertionError, match="echo"):
        run(checkout, "$ echo one\ntwo\n")
    with pytest.raises(AssertionError, match="false"):
        run(checkout, "$ false\n")
