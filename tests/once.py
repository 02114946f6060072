"""Folders that cost seconds to make, made once a run, whatever worker asks first."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """Find the folder that all workers of this run have in common."""
    own = factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


def make_once(there: Path, name: str, make: Callable[[Path], object]) -> Path:
    """Make a folder, unless another worker of this run has; wait while one does.

    What was made belongs to all tests: whoever changes a thing takes a copy.

    Args:
        there: The run's shared folder.
        name: Of the folder in it.
        make: Fills the path that it is given; a half-filled one is never seen.
    """
    made, building = there / name, there / f"{name}.building"
    with (there / f"{name}.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(building, ignore_errors=True)
            building.mkdir()
            make(building)
            building.rename(made)
    return made


def claim_once(there: Path, name: str) -> None:
    """Claim what may happen once a run.

    Raises:
        AssertionError: It has happened, in this worker or in another.
    """
    try:
        (there / f"{name}.claimed").open("xb").close()
    except FileExistsError:
        raise AssertionError(f"{name}: a second time in one run") from None
