"""Find a home's files, and change them whole or not at all.

`raw/`, `curated/` and the cache are reached through `Home`, so that another kind of
storage has one file to replace.
"""

import filecmp
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.disk import (
    BLOCK,
    explain_full_disk,
    make_folder,
    remove,
    sync_file,
    sync_folder,
    sync_tree,
)
from pipeline.core.errors import Busy, NotFound
from pipeline.core.leftovers import make_temporary_path
from pipeline.core.running_code import find_code

CHUNK = 1 << 20  # bytes read at a time
HOLDER_BYTES = 20  # of a lock's file; a process's id has fewer digits


@dataclass(frozen=True)
class Home:
    """The folder that holds the data of one Payproof.

    Args:
        root: The folder.
        out: Where releases and the cache go instead; None: into the folder itself.
    """

    root: Path
    out: Path | None = None

    @property
    def raw(self) -> Path:
        """Stored pages and files; written by `pipeline.archive.snapshot` alone."""
        return self.root / "raw"

    @property
    def curated(self) -> Path:
        """Releases; written by `pipeline.release.publish` alone."""
        return self.out or self.root / "curated"

    @property
    def vocabularies(self) -> Path:
        """The CSV files of words and facts."""
        return self.root / "vocabularies"

    @property
    def parse_cache(self) -> Path:
        """Cache of parsed claims; may be deleted at any time."""
        return (self.out or self.root) / ".parsed"


def find_home(
    environ: Mapping[str, str] = os.environ, *, here: Path | None = None
) -> Home:
    """Find PAYPROOF_HOME, else this folder if it is a home, else the code's checkout.

    A folder that was a home and lost its vocabularies is not passed over: what it
    holds would be taken from elsewhere without a word.

    Args:
        environ: Where PAYPROOF_HOME may be set.
        here: The folder that is looked at first; the current one by default.

    Raises:
        NotFound: None of them holds vocabularies.
    """
    named = environ.get("PAYPROOF_HOME", "").strip()
    first = Path(named) if named else here or Path.cwd()
    lost = all((first / name).is_dir() for name in ("raw", "curated"))
    for root in [first] if named or lost else [first, find_code()]:
        if holds_vocabularies(root):
            return Home(root.resolve())
    raise NotFound(
        "A home with vocabularies/ in",
        str(first),
        "Make one with `payproof init FOLDER`, and run the command there or set "
        "PAYPROOF_HOME to it.",
    )


def holds_vocabularies(root: Path) -> bool:
    """Return whether a folder is a home; `refresh` checks whether it is whole."""
    return (root / "vocabularies").is_dir()


def write_atomically(path: Path, data: bytes, *, is_lasting: bool = True) -> Path:
    """Write a whole file; a reader sees the old bytes or the new, never a part.

    Once this returns, a loss of power keeps the file, its name and its folders.

    Args:
        path: Its folder is made.
        data: All of it.
        is_lasting: False for what may be lost and is known by its digest alone: it is
            not synced, and a loss of power may leave it cut, empty or away.

    Raises:
        DiskFull: There is no room; the old bytes stay.
    """
    make_folder(path.parent)
    beside = make_temporary_path(path)
    try:
        # Synced before the rename: after a loss of power the name may be kept and the
        # bytes not.
        with explain_full_disk(path, len(data)), beside.open("wb") as file:
            file.write(data)
            if is_lasting:
                sync_file(file)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    if is_lasting:
        sync_folder(path.parent)
    return path


def append_line(path: Path, line: bytes) -> None:
    """Add a line to a log; one that a kill cut short before it stays a line by itself.

    Args:
        path: The log; its folder is made.
        line: With its line feed.

    Raises:
        DiskFull: There is no room; the log is as it was.
    """
    make_folder(path.parent)
    is_new = not path.exists()
    # Without a buffer, which would be written once more when the file is closed.
    with explain_full_disk(path, len(line)), path.open("a+b", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(size - 1)
            line = line if file.read(1) == b"\n" else b"\n" + line
        try:
            while line:
                line = line[file.write(line) :]
            sync_file(file)
        except OSError:
            # What could be written of it is no line.
            os.ftruncate(file.fileno(), size)
            raise
    if is_new:
        sync_folder(path.parent)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder that nobody reads yet (see `build_folder`).

    Nothing is synced here: moving the folder into place syncs all of it once.

    Args:
        folder: It is there.
        files: Path below the folder, to bytes.

    Raises:
        DiskFull: There is no room for all of them.
    """
    with explain_full_disk(folder, sum(map(len, files.values()))):
        for name, data in sorted(files.items()):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


@contextmanager
def build_folder(final: Path, *, beside: Path | None = None) -> Iterator[Path]:
    """Yield an empty folder, which is `final` once the block has ended well.

    Nobody reads it before; after an error it is gone. Where `final` is there already,
    its files are replaced one at a time (see `move_into_place`).

    Args:
        final: What it becomes.
        beside: Folder in which it is built; that of `final` by default. On the same
            file system.
    """
    make_folder(final.parent)
    building = make_temporary_path((beside or final.parent) / final.name)
    try:
        with explain_full_disk(building, BLOCK):
            building.mkdir()
        yield building
        move_into_place(building, final)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def move_into_place(building: Path, final: Path) -> None:
    """Give a folder that is built its name; it is whole after a loss of power.

    A folder that is there already keeps its name all the while: of its files those
    that differ are replaced, each in one step, and those that `building` has not are
    removed. So its readers find one whole file or the other.
    """
    # All that it holds first: the name must never outlive what it leads to.
    sync_tree(building)
    if final.is_dir():
        _replace_files(building, final)
    else:
        building.rename(final)
        sync_folder(building.parent)
    sync_folder(final.parent)


def _replace_files(building: Path, final: Path) -> None:
    """Make the files below `final` those of `building`, which are synced already."""
    ours = {path.name for path in building.iterdir()}
    # First, so that a kill leaves nothing beside the new files that was made of the
    # old ones; the next call goes on where it stopped.
    for path in sorted(final.iterdir()):
        if path.name not in ours or path.is_dir() != (building / path.name).is_dir():
            remove(path)
    for path in sorted(building.iterdir()):
        other = final / path.name
        if path.is_dir() and other.is_dir():
            _replace_files(path, other)
        elif not other.exists() or not filecmp.cmp(path, other, shallow=False):
            path.replace(other)
    sync_folder(final)


def point_link(link: Path, target: Path) -> None:
    """Point `link` to `target`, a neighbour of it, in one step.

    A symbolic link where the file system has them, else a file that holds the name;
    `resolve_link` reads both.

    Raises:
        NotFound: There is no such target beside the link.
    """
    neighbour = link.parent / target.name
    if not neighbour.exists():
        raise NotFound("Target", str(neighbour), f"{link} was left as it was.")
    beside = make_temporary_path(link)
    try:
        beside.symlink_to(target.name)
        beside.replace(link)
        sync_folder(link.parent)
    except (OSError, NotImplementedError):
        beside.unlink(missing_ok=True)
        write_atomically(link, target.name.encode())


def resolve_link(link: Path) -> Path | None:
    """Return what `link` leads to; None where it leads nowhere."""
    try:
        name = link.readlink().name if link.is_symlink() else link.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    # The last part alone: a link that was changed by hand may not leave its folder.
    target = link.parent / Path(name.strip()).name
    inside = target.name != ".." and target != link.parent
    return target if inside and target.exists() else None


@contextmanager
def hold_lock(path: Path, *, wait: bool | float = False) -> Iterator[None]:
    """Hold a lock while the block runs: one process, one thread at a time.

    The operating system holds it, not the file: a process that dies, however it
    dies, lets go. The file stays and names the last holder.

    Args:
        path: The lock's file; its folder is made.
        wait: Wait for the holder instead of raising; a number is seconds at most.

    Raises:
        Busy: Somebody else holds it.
    """
    from filelock import FileLock, Timeout  # only what changes files pays for it

    make_folder(path.parent)
    # Without the fallback a file system that has no locks is an error, not a lock
    # that outlives a killed process.
    held = FileLock(
        path,
        preserve_lock_file=True,
        fallback_to_soft=False,
        on_acquired=_write_holder,
    )
    try:
        most = -1.0 if wait is True else float(wait)
        with explain_full_disk(path, HOLDER_BYTES):
            held.acquire(timeout=most, blocking=bool(wait))
    except Timeout:
        raise Busy(str(path), _read_holder(path)) from None
    try:
        yield
    finally:
        held.release()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, read in pieces, as 64 hex digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def _write_holder(descriptor: int) -> None:
    """Write this process's id to a lock's file that it holds."""
    # Behind a blank: the first byte is what Windows locks.
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f" {os.getpid()}".encode())


def _read_holder(path: Path) -> str:
    """Read the id of the process that holds a lock; "" where it is not written yet.

    The first byte is left alone: on Windows it is the locked one, which nobody else
    may read.
    """
    with path.open("rb", buffering=0) as file:
        file.seek(1)
        return file.read(HOLDER_BYTES).decode("ascii", "replace")
