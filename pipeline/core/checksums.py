"""Write and compare lists of digests, `SHA256SUMS`: `sha256sum -c` reads them too."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.core.errors import Damaged
from pipeline.core.store import sha256_of

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
    path = folder / SUMS
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


def find_unlike(folder: Path, digests: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each file that is gone or has other bytes.

    Args:
        folder: Where the files are.
        digests: What they must be, by path below the folder.
    """
    for name in sorted(digests):
        path = folder / name
        if not path.is_file():
            yield f"{path}: the file is gone."
        elif sha256_of(path) != digests[name]:
            yield f"{path}: the bytes are not those that were published."


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
    return [*find_unlike(folder, digests), *unknown]
