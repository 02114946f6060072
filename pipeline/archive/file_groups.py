"""Find the files to keep among paths, folders and patterns, each with its parts."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from pipeline.core.errors import NotFound
from pipeline.core.vocabulary import Vocabulary

PATTERN = "*?["
# Names of parts are names of files below raw/: no blanks, nothing hidden.
NOT_IN_NAMES = re.compile(r"[^\w.-]", re.ASCII)


@dataclass(frozen=True)
class FileGroup:
    """A file that becomes a snapshot, and the files that go with it, by their names."""

    body: Path
    parts: tuple[tuple[str, Path], ...] = ()


def find_paths(given: Sequence[Path]) -> list[Path]:
    """Return the files that are meant, each once: of a folder all that it has.

    A pattern that no shell has spelled out (`*.xlsx`) is spelled out here.

    Raises:
        NotFound: A path is not there, or a folder or pattern has no file.
    """
    found: dict[Path, None] = {}
    for path in given:
        some = list(_list_files(path))
        if not some:
            remedy = "Give the path of a saved file, or of a folder that has some."
            raise NotFound("File", str(path), remedy)
        found |= dict.fromkeys(some)
    return list(found)


def _list_files(path: Path) -> Iterator[Path]:
    """Yield the files behind one path, sorted, hidden ones left out."""
    if path.is_file():
        yield path
    elif path.is_dir():
        inside = (p for p in path.iterdir() if p.name[0] != "." and p.is_file())
        yield from sorted(inside)
    elif any(mark in path.name for mark in PATTERN) and path.parent.is_dir():
        yield from sorted(p for p in path.parent.glob(path.name) if p.is_file())


def group_files(
    source: str, paths: Sequence[Path], parts: Iterable[Path], vocabulary: Vocabulary
) -> list[FileGroup]:
    """Return the files to keep, each with the parts that its source needs.

    Parts are those that are given, and for a body of kept_parts.csv those that lie
    beside it under the names that the row has.

    Args:
        source: Id.
        paths: Files; parts among them are no bodies.
        parts: Given for all of them.
        vocabulary: With kept_parts.csv.
    """
    rows = vocabulary.read_table("kept_parts", "source", "body", "parts")
    own = [
        (body, names.split("|"))
        for of, body, names in rows.select("source", "body", "parts").iter_rows()
        if of == source
    ]
    needed = [pattern for _, names in own for pattern in names]
    bodies = [p for p in paths if not _fits_any(p, needed)] or list(paths)
    given = {clean_part_name(p.name): p for p in parts}
    return [
        FileGroup(body, tuple(sorted((_find_parts(body, own) | given).items())))
        for body in bodies
    ]


def _find_parts(
    body: Path, rows: Sequence[tuple[str, Sequence[str]]]
) -> dict[str, Path]:
    """Return the parts that lie beside a body, by the names that they will have."""
    patterns = [p for row, names in rows if _fits_any(body, [row]) for p in names]
    if not patterns:
        return {}
    beside = (p for p in sorted(body.parent.iterdir()) if p.is_file() and p != body)
    return {clean_part_name(p.name): p for p in beside if _fits_any(p, patterns)}


def _fits_any(path: Path, patterns: Iterable[str]) -> bool:
    """Return whether a file's name fits one pattern; a blank may be an underscore."""
    name = path.name.lower().replace("_", " ")
    return any(fnmatchcase(name, p.replace("_", " ")) for p in patterns)


def clean_part_name(name: str) -> str:
    """Return a part's name as a file below raw/ may have it.

    >>> clean_part_name("Alternate Titles.txt")
    'Alternate_Titles.txt'
    """
    return NOT_IN_NAMES.sub("_", name).lstrip("._-")[:100]
