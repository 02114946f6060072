"""Find a home's files, and change them whole or not at all.

`raw/`, `curated/` and the cache are reached through `Home`, so that another kind of
storage has one file to replace.
"""

import hashlib
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import Busy, NotFound
from pipeline.core.running_code import find_code

CHUNK = 1 << 20  # bytes read at a time


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


def write_atomically(path: Path, data: bytes) -> Path:
    """Write a whole file; a reader sees the old bytes or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = _make_temporary_path(path)
    try:
        # Synced before the rename: after a loss of power the name may be kept and the
        # bytes not.
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def append_line(path: Path, line: bytes) -> None:
    """Add a line to a log; one that a kill cut short before it stays a line by itself.

    Args:
        path: The log; its folder is made.
        line: With its line feed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(size - 1)
            line = line if file.read(1) == b"\n" else b"\n" + line
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


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
    beside = _make_temporary_path(link)
    try:
        beside.symlink_to(target.name)
        beside.replace(link)
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
def hold_lock(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold a lock while the block runs: one process, one thread at a time.

    The operating system holds it, not the file: a process that dies, however it
    dies, lets go. The file stays and names the last holder.

    Args:
        path: The lock's file; its folder is made.
        wait: Wait for the holder instead of raising.

    Raises:
        Busy: Somebody else holds it.
    """
    from filelock import FileLock, Timeout  # only what changes files pays for it

    path.parent.mkdir(parents=True, exist_ok=True)
    # Without the fallback a file system that has no locks is an error, not a lock
    # that outlives a killed process.
    held = FileLock(
        path,
        preserve_lock_file=True,
        fallback_to_soft=False,
        on_acquired=_write_holder,
    )
    try:
        held.acquire(blocking=wait)
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


def _make_temporary_path(path: Path) -> Path:
    """Return a path in the same folder that no other process or thread uses."""
    return path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")


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
        return file.read(20).decode("ascii", "replace")
