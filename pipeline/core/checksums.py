"""Write and compare lists of digests, `SHA256SUMS`: `sha256sum -c` reads them too."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.core.errors import Damaged
from pipeline.core.store import sha256_of, write_atomically

SUMS = "SHA256SUMS"
LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
REMEDY = "Bring the folder back from a backup, or have it made again."


def format_sums(digests: Mapping[str, str]) -> bytes:
    """Write digests by file name, a line each, sorted by name."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()


def read_sums(folder: Path) -> dict[str, str]:
    """Read the digests that a folder's list states, by file name.

    Raises:
        Damaged: There is no list, or a line of it is none.
    """
    return read_list(folder / SUMS)


def read_list(path: Path) -> dict[str, str]:
    """Read the digests that a list states, by file name.

    Raises:
        Damaged: There is no list, or a line of it is none.
    """
    try:
        lines = path.read_bytes().decode().split("\n")
    except (OSError, UnicodeDecodeError) as error:
        why = f"no list of digests to read ({type(error).__name__})"
        raise Damaged(str(path), why, REMEDY) from error
    found: dict[str, str] = {}
    for number, line in enumerate(lines[:-1], 1):
        parts = LINE.fullmatch(line)
        if parts is None or parts[2] in found:
            why = f"line {number} is no digest and name, or a name stands twice"
            raise Damaged(str(path), why, REMEDY)
        found[parts[2]] = parts[1]
    if lines[-1] or not found:
        raise Damaged(str(path), "the list is cut short", REMEDY)
    return found


def find_changed(
    digests: Mapping[Path, str], when: str = "published"
) -> Iterator[tuple[Path, str]]:
    """Yield each file that is gone or has other bytes, with why; each is read.

    Args:
        digests: What they must be, by path.
        when: What was done with the bytes that are wanted, for the message.
    """
    for path, digest in digests.items():
        if not path.is_file():
            yield path, "the file is gone"
        elif sha256_of(path) != digest:
            yield path, f"the bytes are not those that were {when}"


def find_listed_faults(folder: Path) -> list[str]:
    """Compare a folder with its own list: a sentence for each file that is not so.

    A file that the list does not know is one too, at any depth.
    """
    try:
        digests = read_sums(folder)
    except Damaged as error:
        return [str(error)]
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    strange = sorted(there - {SUMS, *digests})
    unknown = [f"{folder / name}: {SUMS} does not know this file." for name in strange]
    listed = {folder / name: digests[name] for name in sorted(digests)}
    return [*(f"{path}: {why}." for path, why in find_changed(listed)), *unknown]


def write_with_digest(path: Path, body: bytes) -> None:
    """Write a file, and its digest beside it in the form of `sha256sum`."""
    # The digest first: where a kill comes between, there is no file yet.
    digests = {path.name: hashlib.sha256(body).hexdigest()}
    write_atomically(locate_digest(path), format_sums(digests))
    write_atomically(path, body)


def locate_digest(path: Path) -> Path:
    """Return where the digest of a file is that was written so."""
    return path.with_name(f"{path.name}.sha256")
