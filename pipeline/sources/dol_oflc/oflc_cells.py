"""Interpret cells of foreign labor certification files: sums, empty cells, labels."""

from collections.abc import Iterable

import polars as pl

from pipeline.core.errors import UnknownLabel
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.shared.oews_cells import MONEY

MARKS_FILE = "vocabularies/oflc_marks.csv"
# `$65,000.00`, `65000` or `31.25`: years differ in signs, commas and decimals.
NUMBER = r"^\$?(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,10})(?:\.\d{1,10})?$"


def read_money_column(
    rows: pl.DataFrame, name: str | None, where: str, vocabulary: Vocabulary
) -> pl.Series:
    """Return a column's sums in dollars; null where there is no wage.

    A cell without a wage is empty, zero, or has a mark of oflc_marks.csv.

    Args:
        rows: With the column, as text.
        name: Of the column; None for a column that the file does not have.
        where: For messages.
        vocabulary: With oflc_marks.csv.

    Raises:
        UnknownLabel: A cell that is none of these.
    """
    if name is None:
        return pl.repeat(None, rows.height, dtype=MONEY, eager=True)
    text = rows[name]
    plain = text.str.replace_all(r"[$,]", "")
    value = plain.cast(pl.Decimal(24, 6), strict=False).cast(MONEY, strict=False)
    marks = vocabulary.read_table("oflc_marks", "mark")["mark"].to_list()
    odd = text.filter(~text.str.contains(NUMBER) & ~text.is_in(marks))
    if odd.len():
        labels = [f"{label[:40]} in {name}" for label in odd.unique().sort()]
        raise UnknownLabel(where, labels, MARKS_FILE)
    return value.set(value == 0, None)  # zero is no wage


def read_text_column(name: str | None, vocabulary: Vocabulary) -> pl.Expr:
    """Return a column as text; null where it is marked as nothing, or is not there."""
    if name is None:
        return pl.lit(None, pl.String)
    marks = vocabulary.read_table("oflc_marks", "mark")["mark"].to_list()
    return pl.when(~pl.col(name).is_in(marks)).then(pl.col(name))


def require_known_labels(
    labels: pl.Series, meanings: Iterable[str], where: str, change: str
) -> None:
    """Raise at labels without a meaning.

    Args:
        labels: As printed.
        meanings: The labels that have one.
        where: For messages.
        change: The file to add a label to.

    Raises:
        UnknownLabel: There are some; they are named.
    """
    unknown = sorted(set(labels.drop_nulls().unique()) - set(meanings))
    if unknown:
        raise UnknownLabel(where, unknown, change)
