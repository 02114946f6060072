"""Recognise an official table that was kept under the wrong source, by its words."""

from collections.abc import Iterable, Sequence

from pipeline.core.errors import Damaged
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.sheets.cell_grid import Grid

ROWS, SHOWN = 60, 3  # rows of each sheet that are looked at; heads that are shown


def make_other_table_error(
    where: str, wanted: str, source: str, grids: Iterable[Grid], vocabulary: Vocabulary
) -> Damaged:
    """Make the error for a file that is another table than its source has.

    Args:
        where: For messages.
        wanted: What the source's tables are: `wage table of the OEWS`.
        source: Its id.
        grids: The sheets of the file.
        vocabulary: With known_tables.csv.
    """
    texts = [
        text.strip()
        for grid in grids
        for row in grid.cells.head(ROWS).iter_rows()
        for text in row
        if text and text.strip()
    ]
    return make_other_heads_error(where, wanted, source, texts, vocabulary)


def make_other_heads_error(
    where: str,
    wanted: str,
    source: str,
    texts: Sequence[str],
    vocabulary: Vocabulary,
) -> Damaged:
    """Make the error of `make_other_table_error`, by the texts of a file's cells."""
    found = recognise_table(texts, source, vocabulary)
    if found is None:
        shown = ", ".join(repr(text[:40]) for text in texts[:SHOWN]) or "nothing"
        why = f"it is no {wanted}; it begins with {shown}"
        return Damaged(where, why, "Keep the file that the publisher offers.")
    what, other = found
    remedy = f"Keep it with `payproof sources keep {other} FILE`."
    if other is None:
        remedy = "No source of Payproof reads it."
    return Damaged(where, f"it is no {wanted} but {what}", remedy)


def recognise_table(
    texts: Iterable[str], source: str, vocabulary: Vocabulary
) -> tuple[str, str | None] | None:
    """Return what a table is, and which source reads it, by the words in its cells.

    None where no row of known_tables.csv has them, or only rows of this source.
    """
    below = "\n".join(texts).lower()
    rows = vocabulary.read_table("known_tables", "words", "what", "source")
    for words, what, other in rows.select("words", "what", "source").iter_rows():
        if words in below and other != source:
            return what, other
    return None
