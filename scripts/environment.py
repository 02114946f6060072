"""Make `.venv` good for a kind of work, if it is not: `environment.py run|dev`.

Needs nothing but the standard library of Python 3.11. Uses uv where it is there, else
pip. A stamp in the environment holds a digest of what it was made of, so that a start
costs a moment while nothing changed. The lock's file says `unfinished` as long as an
environment is being made: what was interrupted is made anew, from nothing.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

INPUTS = ("pyproject.toml", "constraints.txt")
KINDS = {"run": ".", "dev": ".[dev]"}
UNFINISHED = b"unfinished\n"
NO_VENV = (
    "{python} cannot make an environment: it has no working `venv` with pip. "
    "Install it (Debian: python3-venv), or pip, or uv, and start again."
)
NO_PACKAGES = (
    "The packages could not be installed; the lines above say why. "
    "Is the package index within reach? Start again when it is."
)


class NotMade(Exception):
    """The environment could not be made; the sentence says what to do."""


@dataclass(frozen=True)
class Checkout:
    """A checkout of the project and the environment inside it.

    Args:
        root: The checkout.
        python: Interpreter that environments are made with.
    """

    root: Path
    python: str = sys.executable

    @property
    def venv(self) -> Path:
        """The environment."""
        return self.root / ".venv"

    @property
    def inner(self) -> Path:
        """The environment's own interpreter."""
        return self.venv / "bin" / "python"

    @property
    def lock(self) -> Path:
        """Held while an environment is made; it lies beside what may be deleted."""
        return self.root / ".venv.lock"

    def stamp(self, kind: str) -> Path:
        """Where it is written what the environment was made of."""
        return self.venv / f".made-for-{kind}"

    def digest(self) -> str:
        """Digest of what it is made of and where: scripts inside name their place."""
        parts = [
            os.fsencode(self.root),
            *(self.root.joinpath(i).read_bytes() for i in INPUTS),
        ]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_standing(checkout: Checkout, kind: str) -> bool:
    """Tell whether the environment is whole, starts, and fits the kind of work."""
    if read_bytes(checkout.lock) == UNFINISHED:
        return False
    # What is good for the tests is good for the command.
    kinds = ("run", "dev") if kind == "run" else ("dev",)
    wanted = checkout.digest().encode()
    fits = any(read_bytes(checkout.stamp(one)) == wanted for one in kinds)
    return fits and does_start(checkout.inner)


def read_bytes(path: Path) -> bytes:
    """Read a file; nothing where there is none."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def does_start(python: Path | str, *module: str) -> bool:
    """Tell whether an interpreter runs, is new enough, and has the modules."""
    names = "".join(f", {name}" for name in module)
    code = f"import sys{names}; sys.exit(sys.version_info < (3, 11))"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


@contextmanager
def hold_lock(path: Path) -> Iterator[BinaryIO]:
    """Hold the lock while the block runs; wait for whoever holds it.

    The operating system holds it: a start that was killed lets go. Its installer
    inherits the file, so that it is not disturbed while it still writes.
    """
    # Never truncated: what another start wrote in the meantime stays.
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("Another start is setting up the environment; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def tell(sentence: str) -> None:
    """Say it on standard error: standard output is the command's own."""
    print(sentence, file=sys.stderr, flush=True)


def make_ready(checkout: Checkout, kind: str) -> None:
    """Make the environment good for the kind of work, unless it is.

    Raises:
        NotMade: There is no way to make it, or the packages did not come.
    """
    if is_standing(checkout, kind):
        return
    with hold_lock(checkout.lock) as lock:
        if is_standing(checkout, kind):  # made while this start was waiting
            return
        tell(f"Setting up {checkout.venv} (once; a minute or two) ...")
        started = read_bytes(checkout.lock) == UNFINISHED
        write_state(lock, UNFINISHED)
        if started or not does_start(checkout.inner):
            make_venv(checkout, lock)
        install(checkout, kind, lock)
        checkout.stamp(kind).write_text(checkout.digest())
        write_state(lock, b"")


def write_state(lock: BinaryIO, state: bytes) -> None:
    """Write into the lock's file whether an environment is being made."""
    lock.seek(0)
    lock.truncate()
    lock.write(state)
    lock.flush()
    os.fsync(lock.fileno())


def make_venv(checkout: Checkout, lock: BinaryIO) -> None:
    """Make an empty environment, by the first way that this machine has.

    Raises:
        NotMade: It has none.
    """
    python = checkout.python
    ways = [["-m", "venv"]]
    if does_start(python, "pip"):
        ways.append(["-m", "venv", "--without-pip"])  # filled by the pip outside
    commands = [[python, *way] for way in ways]
    if uv := shutil.which("uv"):
        commands.insert(0, [uv, "venv", "--quiet", "--python", python])
    for command in commands:
        remove(checkout.venv)
        if run_step([*command, str(checkout.venv)], checkout, lock, is_quiet=True):
            return
    remove(checkout.venv)
    raise NotMade(NO_VENV.format(python=python))


def remove(venv: Path) -> None:
    """Remove an environment; of a link, the link alone."""
    if venv.is_symlink():
        venv.unlink()
    elif venv.exists():
        shutil.rmtree(venv)


def install(checkout: Checkout, kind: str, lock: BinaryIO) -> None:
    """Install the project and what it needs, at the versions in constraints.txt.

    Raises:
        NotMade: Neither uv nor pip brought the packages.
    """
    inner = str(checkout.inner)
    wanted = ["--quiet", "-c", "constraints.txt", "-e", KINDS[kind]]
    uv = shutil.which("uv")
    if uv and run_step(
        [uv, "pip", "install", "--python", inner, *wanted], checkout, lock
    ):
        return
    pip = [inner, "-m", "pip"]
    if not does_start(inner, "pip") and not run_step(
        [inner, "-m", "ensurepip"], checkout, lock, is_quiet=True
    ):
        pip = [checkout.python, "-m", "pip", "--python", inner]
    if not run_step(
        [*pip, "--disable-pip-version-check", "install", *wanted], checkout, lock
    ):
        raise NotMade(NO_PACKAGES)


def run_step(
    command: list[str], checkout: Checkout, lock: BinaryIO, *, is_quiet: bool = False
) -> bool:
    """Run a command in the checkout; tell whether it ended well."""
    said = subprocess.DEVNULL if is_quiet else sys.stderr
    done = subprocess.run(
        command,
        cwd=checkout.root,
        env={**os.environ, "UV_PYTHON_DOWNLOADS": "never"},
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=said,
        pass_fds=(lock.fileno(),),
        check=False,
    )
    return done.returncode == 0


def main(kind: str) -> int:
    """Make the checkout's environment ready; 0, or 2 with a sentence."""
    try:
        make_ready(Checkout(Path(__file__).resolve().parents[1]), kind)
    except (NotMade, OSError) as error:
        tell(str(error))
        return 2
    except KeyboardInterrupt:
        tell("Interrupted: the next start makes the environment anew.")
        return 130
    return 0


if __name__ == "__main__":
    if sys.argv[1:] not in ([kind] for kind in KINDS):
        sys.exit(f"usage: environment.py {'|'.join(KINDS)}")
    sys.exit(main(sys.argv[1]))
