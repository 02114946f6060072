"""Read single lines of a delimited file, however large, without reading the rest."""

import mmap
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.read.sheets.flat_file import READ, find_separator, split_line

PIECE_BYTES = 1 << 24  # looked through at a time for line ends
HEAD_BYTES = 65_536  # within which the first line ends


@dataclass(frozen=True)
class FlatLines:
    """Where the lines of a file begin; eight bytes a line.

    Args:
        path: The file.
        separator: What is between its cells.
        starts: Offset of each line, and one beyond the end of the last.
    """

    path: Path
    separator: str
    starts: np.ndarray[tuple[int], np.dtype[np.int64]]

    def read_cells(self, number: int) -> list[str] | None:
        """Read the cells of a line, from 1; None where there is no such line.

        Raises:
            OSError: The file is gone.
        """
        if not 1 <= number < len(self.starts):
            return None
        start, stop = (int(at) for at in self.starts[number - 1 : number + 1])
        with self.path.open("rb") as file:
            file.seek(start)
            return split_line(file.read(stop - start), self.separator)


def find_flat_lines(path: Path) -> FlatLines:
    """Find where the lines of a delimited file begin; it is looked through once.

    Raises:
        OSError: The file is gone.
    """
    size = path.stat().st_size
    if not size:
        return FlatLines(path, ",", np.zeros(1, dtype=np.int64))
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=READ) as data:
        # Numbers of lines must be those of `read_flat_quotes`.
        found = [np.zeros(1, dtype=np.int64)]
        for at in range(0, size, PIECE_BYTES):
            piece = np.frombuffer(data[at : at + PIECE_BYTES + 1], dtype=np.uint8)
            ends = piece == ord("\n")
            returns = piece == ord("\r")
            # A return ends a line where no line feed, which would end it, follows.
            ends[:-1] |= returns[:-1] & ~ends[1:]
            if at + PIECE_BYTES >= size:
                ends[-1] |= returns[-1]
            found.append(np.flatnonzero(ends[:PIECE_BYTES]) + at + 1)
        separator = find_separator(data[:HEAD_BYTES].replace(b"\r", b"\n"))
    return FlatLines(path, separator, np.concatenate([*found, [size + 1]]))
