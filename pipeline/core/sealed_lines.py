"""Give each line of a log a digest of its own: one that was changed later shows.

A log is one JSON object a line and is only added to. Lines of an earlier version have
no digest; once a line has one, those behind it have one too.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

LINE_SUM = "sum"
DIGITS = 16  # of the digest, in hexadecimal: it is held against slips, not forgers


def seal_line(row: Mapping[str, Any]) -> bytes:
    """Write a row as a line of a log, its digest last, with a line feed."""
    sealed = {**row, LINE_SUM: _sum_up(row)}
    return json.dumps(sealed, ensure_ascii=False).encode() + b"\n"


def _sum_up(row: Mapping[str, Any]) -> str:
    """Compute the digest of a row's fields, its own left out."""
    fields = {name: value for name, value in row.items() if name != LINE_SUM}
    text = json.dumps(fields, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def open_line(line: bytes) -> dict[str, Any]:
    """Read a line of a log.

    Raises:
        ValueError: It is no JSON object, or not as it was written.
    """
    try:
        row = json.loads(line)
    except RecursionError as error:  # deep JSON recurses
        raise ValueError("too deep") from error
    if not isinstance(row, dict):
        raise ValueError("no object")
    if LINE_SUM in row and row[LINE_SUM] != _sum_up(row):
        raise ValueError("changed after it was written")
    return row


def is_cut(line: bytes) -> bool:
    """Tell whether a line may be what a kill left of one: it has no end."""
    return not line.rstrip().endswith(b"}")


def find_damaged_lines(path: Path, known: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield the number of each line that is not as it was written, and the line's kind.

    Args:
        path: Of the log; where there is none, nothing is wrong with it.
        known: The fields that a row may have.

    Yields:
        The number, from 1; and `cut`, what a kill may have left, or `changed`.
    """
    sealed = False
    lines = path.read_bytes().split(b"\n") if path.is_file() else []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = open_line(line)
        except ValueError:
            yield number, "cut" if is_cut(line) else "changed"
            continue
        if not row.keys() <= {LINE_SUM, *known} or (sealed and LINE_SUM not in row):
            yield number, "changed"
        sealed = sealed or LINE_SUM in row
