"""Read the rulings of vocabularies/rulings.csv, and add one at the end."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.core.errors import BadRuling
from pipeline.core.leftovers import sweep_leftovers
from pipeline.core.store import write_atomically
from pipeline.core.vocabulary import Vocabulary
from pipeline.rulings.ruling_row import COLUMNS, Ruling, check_rulings, ruling_content


def load_rulings(vocabulary: Vocabulary) -> tuple[Ruling, ...]:
    """Read every row, in the order in which they were recorded.

    Raises:
        BadRuling: A row lacks something, or was changed after it was recorded.
    """
    table = vocabulary.read_table("rulings", *COLUMNS).select(COLUMNS)
    rows = [Ruling(*(value or "" for value in row)) for row in table.iter_rows()]
    # How often the same words stood above: counted along, and not anew for each row.
    seen: Counter[tuple[str, ...]] = Counter()
    for place, ruling in enumerate(rows):
        of_windows = replace(ruling, reason=ruling.reason.replace("\n", "\r\n"))
        # Browsers send line ends of Windows, and once these were part of the id; a
        # table is read without them.
        known = {_compute_id(r, seen[ruling_content(r)]) for r in (ruling, of_windows)}
        seen[ruling_content(ruling)] += 1
        if ruling.id not in known:
            why = "its id does not fit its words: it was changed, or written by hand"
            raise BadRuling(f"{ruling.id} (row {place + 1})".strip(), why)
    return check_rulings(rows)


def give_id(ruling: Ruling, before: Sequence[Ruling]) -> Ruling:
    """Return the ruling with its id: a digest of its words and earlier equal rows."""
    words = ruling_content(ruling)
    # The same ruling may be recorded again after it was taken back, and needs an id of
    # its own: the count of equal rows above it is part of the digest.
    again = sum(ruling_content(row) == words for row in before)
    return replace(ruling, id=_compute_id(ruling, again))


def _compute_id(ruling: Ruling, again: int) -> str:
    """Compute the id of a ruling whose words stood so often above it."""
    # With the unit separator between them, so that two fields never run into one.
    text = "\x1f".join((*ruling_content(ruling), str(again)))
    return f"r-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def append_ruling(folder: Path, before: Sequence[Ruling], ruling: Ruling) -> Ruling:
    """Add one row at the end of the file; no row above it changes.

    Args:
        folder: `vocabularies/` of a home.
        before: What `load_rulings` read.
        ruling: The new one; its id is made here.
    """
    # Before its words are put into a digest or a file, neither of which takes all.
    if fault := ruling.find_fault():
        raise BadRuling("", fault)
    # A row that is read may have quoted ones; unquoted, no reader takes them.
    if any("\r" in text for text in ruling_content(ruling)):
        raise BadRuling("", "it holds a carriage return")
    made = give_id(ruling, before)
    check_rulings([*before, made])
    sweep_leftovers(folder)
    path = folder / "rulings.csv"
    above = path.read_bytes()
    # As the editor of the person who saved the file ends its lines, the last one too.
    end = "\r\n" if above.split(b"\n", 1)[0].endswith(b"\r") else "\n"
    out = io.StringIO("" if above.endswith(b"\n") else end, newline="")
    out.seek(0, io.SEEK_END)
    csv.writer(out, lineterminator=end).writerow((made.id, *ruling_content(made)))
    # The bytes above are kept as they are: a new row never rewrites quotes or line ends
    # of rows that others recorded.
    write_atomically(path, above + out.getvalue().encode())
    return made
