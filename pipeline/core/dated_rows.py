"""Cut a file of dated decisions to those of a day and before, byte for byte."""

import csv
from collections.abc import Iterable, Iterator

# Files in which persons decide, each row with its `date`.
DECIDED_BY_PERSONS = ("rulings", "corrections", "accepted")
DATE = "date"


def cut_after_day(body: bytes, day: str) -> bytes:
    """Return a CSV file without the rows that are dated after a day.

    Of a file that is only added to the bytes are those that it had on that day.

    Args:
        body: With a column `date` of ISO days; without one nothing is cut.
        day: ISO day, the last that counts.
    """
    taken: list[bytes] = []
    place: int | None = None
    kept: list[bytes] = []
    for row in csv.reader(_read_lines(body.splitlines(keepends=True), taken)):
        record = b"".join(taken)
        taken.clear()
        if not kept:
            place = row.index(DATE) if DATE in row else None
        elif place is not None and place < len(row) and row[place] > day:
            continue
        kept.append(record)
    return b"".join([*kept, *taken])


def _read_lines(lines: Iterable[bytes], taken: list[bytes]) -> Iterator[str]:
    """Yield lines as text, and note what was taken: a record may have several."""
    for line in lines:
        taken.append(line)
        # Anything that is no UTF-8 is found by whoever reads the rows.
        yield line.decode("utf-8-sig", errors="replace")
