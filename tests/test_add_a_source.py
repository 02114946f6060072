"""docs/add-a-source.md, followed to the letter in a folder of its own.

Every block of it is a file to write, lines to change in one, or commands to run: the
paragraph above names the file. `…` in what a command prints stands for anything.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.core.source_fields import UNFILLED

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[1]
WALK = (ROOT / "docs" / "add-a-source.md").read_text("utf-8")
FILE = re.compile(r"`([\w./-]+\.\w+)`")
COPIED = ("docs", "flows", "pipeline", "schemas", "tests", "vocabularies")
# No interpreter line: a checkout may lie below a path with blanks.
PAYPROOF = """#!/bin/sh
exec "{}" -c "from pipeline.cli import main; main()" "$@"
"""


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


def write(checkout: Path, above: str, kind: str, text: str) -> None:
    """Write a file, or change lines of one: `-` the words before, `+` those after."""
    path = checkout / FILE.findall(above)[0]
    if kind != "diff":
        path.write_text(text)
        return
    lines = text.splitlines()
    for old, new in zip(lines[::2], lines[1::2], strict=True):
        assert (old[0], new[0]) == ("-", "+"), (old, new)
        before = path.read_text()
        assert before.count(old[1:]) == 1, old
        path.write_text(before.replace(old[1:], new[1:]))


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


def filled(checkout: Path) -> Iterator[Path]:
    """The files of the new source."""
    for pattern in (
        "pipeline/sources/payboard*",
        "tests/*/payboard/**/*",
        "tests/*payb*",
    ):
        yield from (path for path in checkout.glob(pattern) if path.is_file())


def test_the_walk_adds_a_source(checkout):
    """A page, the command, three files to fill, the tests, a run: in this order."""
    done = []
    for above, kind, text in steps():
        if kind == "console":
            run(checkout, text)
        else:
            write(checkout, above, kind, text)
        done.append(kind)
    assert done == ["html", "console", "toml", "diff", "diff", "console", "console"]
    left = [p for p in filled(checkout) if UNFILLED in p.read_text("utf-8")]
    assert left == []
    assert "## payboard" in (checkout / "docs" / "sources.md").read_text()


def test_a_gap_that_is_left_is_an_error(checkout):
    """After the command alone nothing runs, and one sentence says what is missing."""
    for above, kind, text in list(steps())[:2]:
        run(checkout, text) if kind == "console" else write(checkout, above, kind, text)
    for command in ("payproof sources", ".venv/bin/python tests/make_recordings.py"):
        with pytest.raises(
            AssertionError, match=r"payboard\.toml: still to be filled in"
        ):
            run(checkout, f"$ {command}\n…\n")


def test_a_walk_that_leads_nowhere_is_seen(checkout):
    """A command that prints something else, or fails, fails the test above."""
    with pytest.raises(AssertionError, match="echo"):
        run(checkout, "$ echo one\ntwo\n")
    with pytest.raises(AssertionError, match="false"):
        run(checkout, "$ false\n")
