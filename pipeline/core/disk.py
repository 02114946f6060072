"""Make what was written last: sync files and folders, and say when a disk is full.

A program's bytes and names are in memory until they are synced. A name that outlives
its bytes after a loss of power is worse than neither, so files are synced before the
folder that holds them, and both before anything leads there.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import IOBase
from pathlib import Path

from pipeline.core.errors import DiskFull

FULL = (errno.ENOSPC, errno.EDQUOT)
BLOCK = 4096  # bytes that a new folder takes
# Network file systems that know no syncing of folders keep names by themselves; and a
# folder may be one that can be written to and not read.
NOT_POSSIBLE = (errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES)


def sync_file(file: IOBase) -> None:
    """Sync the bytes of an open file: they are kept from now on, its name is not."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Sync a folder: what was made, renamed or removed in it stays so from now on.

    Raises:
        DiskFull: Some file systems say so no sooner.
    """
    if os.name == "nt":  # opens no folders, and keeps their order itself
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            with explain_full_disk(folder, BLOCK):
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in NOT_POSSIBLE:
            raise


def sync_tree(folder: Path) -> None:
    """Sync every file below a folder once, then the folders, innermost first."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            sync_tree(path)
        elif path.is_file():
            # Whoever wrote it may be a library, or have closed it: any descriptor of a
            # file syncs all of it. Windows wants one that may write.
            size = path.stat().st_size
            with explain_full_disk(path, size), path.open("r+b") as file:
                sync_file(file)
    sync_folder(folder)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, with names that stay."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    # One at a time, and the last that is there with them: a run that was killed may
    # have made it and not have come to sync its name.
    sync_folder((missing[-1].parent if missing else folder).parent)
    for path in reversed(missing):
        with explain_full_disk(path, BLOCK):
            path.mkdir(exist_ok=True)
        sync_folder(path.parent)


def remove(path: Path) -> None:
    """Remove a file, a link or a whole folder; nothing is said where it cannot be."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return


@contextmanager
def explain_full_disk(path: Path, needed: int) -> Iterator[None]:
    """Raise one sentence for a disk that is full, or a quota that is used up.

    Args:
        path: What is written.
        needed: Bytes that it will have.

    Raises:
        DiskFull: With the bytes that are free.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise make_full_disk_error(path, needed) from error


def make_full_disk_error(path: Path, needed: int) -> DiskFull:
    """Make the error for a path whose disk is full; `needed` is in bytes."""
    there = next(p for p in (path, *path.parents) if p.exists())
    return DiskFull(str(path), needed, shutil.disk_usage(there).free)
