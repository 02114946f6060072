"""The two commands of the README: each sets up what it needs, then does its work."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from pages_home import copy_home

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
# All that the scripts use besides the shell and Python.
TOOLS = ("sh", "dirname", "readlink", "env")


def first_block(text: str) -> list[str]:
    """Commands of the first fenced block of a page."""
    found = re.search(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert found, "no block"
    return found[1].splitlines()


def named_by_ci(readme: str, folder: Path) -> str:
    """The test command that .ci/run takes from a README, by its own line of shell."""
    (folder / "README.md").write_text(readme, "utf-8")
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    (line,) = re.findall(r"^tests=\$\(.*\)$", script, re.MULTILINE)
    done = subprocess.run(
        ["bash", "-c", f'{line}\necho "$tests"'],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_the_readme_begins_with_two_commands_that_are_there():
    """The first block holds them and nothing else, and both can be run."""
    assert first_block(README) == ["./payproof", "./test"]
    for command in first_block(README):
        assert os.access(ROOT / command, os.X_OK)
    with pytest.raises(AssertionError, match="no block"):
        first_block("# Payproof\n\n    $ ./payproof\n")


def test_ci_runs_the_second_one_word_for_word(tmp_path):
    """Whatever the README says there is run; and no other way to the tests is."""
    assert named_by_ci(README, tmp_path) == first_block(README)[1]
    other = "# P\n\n```sh\n./payproof\n./test --else\n```\n\n```sh\na\nb\n```\n"
    assert named_by_ci(other, tmp_path) == "./test --else"
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert 'step "${words[@]}"' in script
    assert "pytest" not in script


@pytest.fixture
def checkout(tmp_path) -> Path:
    """The two commands and what an environment is made of, in a path with blanks."""
    folder = tmp_path / "a folder with blanks"
    (folder / "scripts").mkdir(parents=True)
    for name in ("payproof", "test", "scripts/ready.sh", "scripts/environment.py"):
        shutil.copy(ROOT / name, folder / name)
    for name in environment().INPUTS:
        shutil.copy(ROOT / name, folder / name)
    return folder


def environment():
    """scripts/environment.py as a module."""
    place = ROOT / "scripts" / "environment.py"
    spec = importlib.util.spec_from_file_location("environment", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["environment"] = module  # dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_the_first_command_makes_a_release(checkout, demonstration, tmp_path):
    """From another folder, in a path with blanks: exit status 0, and the release."""
    copy_home(demonstration, checkout, without=("curated",))
    command = checkout / first_block(README)[0]
    done = subprocess.run(
        [command], cwd=tmp_path, capture_output=True, text=True, check=False,
        env=os.environ | {"PAYPROOF_VENV": sys.prefix},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (release,) = re.findall(r"^Release (\S+): [\d,]+ claims", done.stdout, re.MULTILINE)
    latest = checkout / "curated" / "latest"
    assert latest.resolve().name == release
    assert "payproof refresh --offline" in done.stderr
    assert (latest / "report.html").is_file()


def test_arguments_go_to_the_command(tmp_path, checkout):
    """Through a link and from another folder, one that has a blank."""
    link = tmp_path / "pay proof"
    link.symlink_to(checkout / "payproof")
    done = subprocess.run(
        [link, "check", "--help"], cwd=tmp_path, capture_output=True, text=True,
        env=os.environ | {"PAYPROOF_VENV": sys.prefix}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Usage: payproof check" in done.stdout


def path_of_tools(folder: Path, python: str) -> Path:
    """A folder for PATH with the system's tools and a `python3` of that text."""
    folder.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    stand_in = folder / "python3"
    stand_in.write_text(python)
    stand_in.chmod(0o755)
    return folder


@pytest.mark.parametrize("command", ["payproof", "test"])
def test_without_a_python_that_starts_one_sentence_says_so(command, checkout, tmp_path):
    """A shim that is there and does not start is no Python."""
    tools = path_of_tools(tmp_path / "bin", "#!/bin/sh\nexit 127\n")
    done = subprocess.run(
        [checkout / command], capture_output=True, text=True, check=False,
        env={"PATH": str(tools), "HOME": ""},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("No Python 3.11 or newer starts here")
    assert done.stderr.count("\n") == 1
    assert not (checkout / ".venv").exists()


def test_with_a_minimal_path_and_no_home_python_is_found(checkout, tmp_path):
    """Nothing on PATH but the system's tools and Python: it comes to the packages."""
    script = f'#!/bin/sh\nexec "{sys.executable}" "$@"\n'
    tools = path_of_tools(tmp_path / "bin", script)
    (checkout / "scripts" / "environment.py").write_text("print('called')\n")
    done = subprocess.run(
        [checkout / "payproof"], capture_output=True, text=True, check=False,
        env={"PATH": str(tools), "HOME": ""},
    )  # fmt: skip
    assert done.stdout == "called\n", done.stderr


class Machine:
    """A machine whose installers are recorded, and do what they are told to do.

    Args:
        checkout: The checkout of which an environment is made.
        fails: Words; a command that holds all words of one of them ends badly.
    """

    def __init__(self, checkout: Path, monkeypatch, *fails: str, uv: bool = False):
        self.module = environment()
        self.place = self.module.Checkout(checkout, "python3.11")
        self.said: list[str] = []
        self.fails = fails
        self.during = lambda: None
        monkeypatch.setattr(self.module, "run_step", self.run)
        monkeypatch.setattr(self.module, "does_start", self.starts)
        which = lambda name: f"/bin/{name}" if uv else None  # noqa: E731
        monkeypatch.setattr(self.module.shutil, "which", which)

    def run(self, command, checkout, lock, *, is_quiet=False) -> bool:
        """Note a command; make what `venv` would make."""
        short = " ".join(map(str, command)).replace(str(checkout.venv), "VENV")
        self.said.append(short)
        self.during()
        bad = any(set(words.split()) <= set(short.split()) for words in self.fails)
        if "venv" in command and not bad:
            self.place.inner.parent.mkdir(parents=True)
            self.place.inner.touch()
        return not bad

    def starts(self, python, *module) -> bool:
        """Whether an interpreter is there and, where asked, has pip."""
        inside = str(python) == str(self.place.inner)
        there = self.place.inner.exists() or not inside
        return there and not (module and self.has_no_pip(inside))

    def has_no_pip(self, inside: bool) -> bool:
        """Whether pip is missing in the environment, or outside of it."""
        return ("no inner pip" if inside else "no outer pip") in self.fails

    def make(self, kind: str) -> list[str]:
        """Make it ready; the commands that this took."""
        self.said.clear()
        self.module.make_ready(self.place, kind)
        return list(self.said)


def test_an_environment_is_made_once_and_again_when_its_list_changed(
    checkout, monkeypatch
):
    """The command alone gets no tools of the tests; those have the command's too."""
    machine = Machine(checkout, monkeypatch)
    made, filled = machine.make("run")
    assert made == "python3.11 -m venv VENV"
    assert filled.endswith("install --quiet -c constraints.txt -e .")
    assert machine.make("run") == []
    (more,) = machine.make("dev")
    assert more.endswith("-e .[dev]")
    for name in machine.module.INPUTS:
        assert machine.make("dev") == machine.make("run") == []
        with (checkout / name).open("a") as file:
            file.write("# changed\n")
        (again,) = machine.make("dev")
        assert again == more
    moved = checkout.rename(checkout.with_name("moved elsewhere"))
    machine.place = machine.module.Checkout(moved, "python3.11")
    assert len(machine.make("run")) == 1


def test_what_was_interrupted_is_made_anew(checkout, monkeypatch):
    """Killed between two steps: the next start trusts nothing that it finds."""
    machine = Machine(checkout, monkeypatch)
    machine.make("run")

    def killed():
        raise KeyboardInterrupt

    machine.during = killed
    with pytest.raises(KeyboardInterrupt):
        machine.make("dev")
    machine.during = lambda: None
    left = machine.place.venv / "left over"
    left.touch()
    assert len(machine.make("run")) == 2
    assert not left.exists()
    assert machine.make("run") == []


def test_the_lock_keeps_what_another_start_wrote(tmp_path, monkeypatch):
    """Made between the look and the opening, it still says `unfinished`."""
    module = environment()
    lock = tmp_path / ".venv.lock"
    with module.hold_lock(lock) as file:
        module.write_state(file, module.UNFINISHED)
    monkeypatch.setattr(Path, "exists", lambda _: False)
    with module.hold_lock(lock):
        assert lock.read_bytes() == module.UNFINISHED


def test_packages_that_do_not_come_are_a_sentence_and_no_stamp(checkout, monkeypatch):
    """Without the index: said, and tried again at the next start."""
    machine = Machine(checkout, monkeypatch, "pip install")
    with pytest.raises(machine.module.NotMade, match="package index"):
        machine.make("run")
    machine.fails = ()
    assert len(machine.make("run")) == 2


@pytest.mark.parametrize(
    ("fails", "uv", "first", "last"),
    [
        ((), True, "/bin/uv venv", "/bin/uv pip install"),
        (("/bin/uv",), True, "/bin/uv venv", "VENV/bin/python -m pip"),
        (("-m venv --without-pip", "no inner pip"), False, "python3.11 -m venv",
         "VENV/bin/python -m pip"),
    ],
)  # fmt: skip
def test_uv_is_taken_where_it_works_and_pip_where_not(
    checkout, monkeypatch, fails, uv, first, last
):
    """An uv that is not allowed to, or does not find the index, stops nobody."""
    machine = Machine(checkout, monkeypatch, *fails, uv=uv)
    said = machine.make("run")
    assert said[0].startswith(first)
    assert said[-1].startswith(last)


def test_a_python_without_ensurepip_uses_the_pip_outside(checkout, monkeypatch):
    """Debian's Python without python3-venv; and one that has no pip at all."""
    machine = Machine(checkout, monkeypatch, "no inner pip", "-m ensurepip")
    plain = machine.run

    def run(command, *rest, is_quiet=False):
        done = plain(command, *rest, is_quiet=is_quiet)
        if command[1:-1] == ["-m", "venv"]:  # half made, as Debian leaves it
            return False
        return done

    monkeypatch.setattr(machine.module, "run_step", run)
    said = machine.make("run")
    assert said[1] == "python3.11 -m venv --without-pip VENV"
    assert said[-1].startswith("python3.11 -m pip --python VENV/bin/python")
    machine.fails = (*machine.fails, "no outer pip")
    shutil.rmtree(machine.place.venv)
    with pytest.raises(machine.module.NotMade, match="python3-venv"):
        machine.make("run")
    assert not machine.place.venv.exists()


def test_two_starts_at_once_make_one_environment(checkout, monkeypatch):
    """The second waits for the first, and finds it made."""
    machine = Machine(checkout, monkeypatch)
    begun, go_on = threading.Event(), threading.Event()

    def slowly():
        begun.set()
        assert go_on.wait(60)

    machine.during = slowly
    place, make = machine.place, machine.module.make_ready
    first = threading.Thread(target=make, args=(place, "run"))
    first.start()
    assert begun.wait(60)
    assert not machine.module.is_standing(place, "run")
    waits = threading.Event()
    monkeypatch.setattr(machine.module, "tell", lambda _: waits.set())
    second = threading.Thread(target=make, args=(place, "run"))
    second.start()
    assert waits.wait(60)
    go_on.set()
    first.join(60)
    second.join(60)
    assert len(machine.said) == 2
    assert machine.module.is_standing(place, "run")
