"""Check that every row of a survey's tables is of a known dimension.

A table that is headed `Credential` gives pay by credential: each of its figures has
one, or its row is called what no vocabulary knows. What tables can be by is in
vocabularies/survey_dimensions.csv.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from pipeline.core.errors import LayoutChanged, UnknownLabel
from pipeline.core.model import Block, Document
from pipeline.core.vocabulary import Vocabulary

DIMENSIONS_FILE = "vocabularies/survey_dimensions.csv"
EXPERIENCE = ("experience_min", "experience_max", "experience_label")
GENERAL_CREDENTIALS = ("any", "none")  # certified in whatever, or not at all
Row = Mapping[str, Any]
Dimension = tuple[str, str]  # field, and the file that knows its labels


def check_survey_rows(
    document: Document, claims: pl.DataFrame, vocabulary: Vocabulary, where: str
) -> None:
    """Raise where a row of a table or list has a label that nothing explains.

    Args:
        document: The survey's page.
        claims: What was read from it.
        vocabulary: With survey_dimensions.csv.
        where: For messages.

    Raises:
        LayoutChanged: A table of pay is by something that is not known.
        UnknownLabel: A row of one has a label that its vocabulary does not have.
    """
    phrases = load_dimensions(vocabulary)
    credentials = {
        *vocabulary.read_table("credentials", "acronym")["acronym"],
        *GENERAL_CREDENTIALS,
    }
    starts = [block.start for block in document.blocks]
    own = claims.filter(
        (pl.col("kind") == "pay_level")
        & pl.col("attributed_to").is_null()
        & pl.col("start").is_not_null()
        & pl.col("structure").is_in(["table", "list"])
    )
    for row in own.iter_rows(named=True):
        block = document.blocks[bisect_right(starts, row["start"]) - 1]
        named, text = _find_dimensions(document, block, phrases)
        if block.table is not None and not named:
            change = DIMENSIONS_FILE
            raise LayoutChanged(where, [], [f"table by {text!r}"], change)
        for field, file in named:
            if not _has_dimension(row, field, credentials):
                raise UnknownLabel(where, [_find_row_label(document, block)], file)


def load_dimensions(vocabulary: Vocabulary) -> dict[str, Dimension]:
    """Return phrase to field and vocabulary, the longest phrase first.

    `number of credentials` is cut out of a header before `credentials` is sought in it.
    """
    table = vocabulary.read_table("survey_dimensions", "phrase", "field", "change")
    found = {
        phrase: (field, change)
        for names, field, change in table.select("phrase", "field", "change").rows()
        for phrase in names.split("|")
    }
    return dict(sorted(found.items(), key=lambda item: (-len(item[0]), item[0])))


def _find_dimensions(
    document: Document, block: Block, phrases: Mapping[str, Dimension]
) -> tuple[list[Dimension], str]:
    """Return the dimensions of a figure's table or list, and its corner's text.

    They are named in the table's upper left cell (`Credential`) and after `by` in
    the heading (`Salary by credential and work setting`).
    """
    heading = block.section[-1] if block.section else ""
    by = heading.lower().partition(" by ")[2]
    corner = ""
    if block.table is not None:
        cells = (b for b in document.blocks if b.table == block.table)
        first = next((b for b in cells if b.row == 0 and b.column == 0), None)
        corner = document.text[first.start : first.end] if first else ""
    found: list[Dimension] = []
    for text in (corner.lower(), by):
        rest = text
        for phrase, dimension in phrases.items():
            pattern = rf"\b{re.escape(phrase)}\b"
            if re.search(pattern, rest):
                rest = re.sub(pattern, " ", rest)
                found += [dimension] if dimension not in found else []
    return found, corner.strip()


def _has_dimension(row: Row, field: str, credentials: set[str]) -> bool:
    """Whether a claim has a value of a dimension, by a word that is known."""
    if field == "credential":
        return row["credential"] in credentials
    names: Iterable[str] = EXPERIENCE if field == "experience" else (field,)
    return any(row[name] is not None for name in names)


def _find_row_label(document: Document, block: Block) -> str:
    """Return the label of a figure's row, at most 80 characters, for messages."""
    heads = [document.blocks[index] for index in block.row_heads] or [
        b
        for b in document.blocks
        if block.table is not None
        and b.table == block.table
        and b.row == block.row
        and b.column == 0
    ]
    first = heads[0] if heads else block
    return document.text[first.start : first.end].strip()[:80]
