"""What a cell of a foreign labor certification file says: a sum, nothing, a label."""

from collections.abc import Iterable

import polars as pl

from pipeline.core.errors import UnknownLabel
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.shared.oews_cells import MONEY

MARKS_FILE = "vocabularies/oflc_marks.csv"
NUMBER = r"^\$?(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,10})(?:\.\d{1,10})?$"


def read_money_column(
    rows: pl.DataFrame, name: str | None, where: str, vocabulary: Vocabulary
) -> pl.Series:
    """A column's sums; null where it is empty, marked as nothing, or zero.

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
    return value.set(value == 0, None)


def read_text_column(name: str | None, vocabulary: Vocabulary) -> pl.Expr:
    """A column as text; null where it is marked as nothing, or is not there."""
    if name is None:
        return pl.lit(None, pl.String)
    marks = vocabulary.read_table("oflc_marks", "mark")["mark"].to_list()
    return pl.when(~pl.col(name).is_in(marks)).then(pl.col(name))


def require_known_labels(
    labels: pl.Series, meanings: Iterable[str], where: str, change: str
) -> None:
    """Stop at labels without a meaning.

    Raises:
        UnknownLabel: There are some; they are named.
    """
    unknown = sorted(set(labels.drop_nulls().unique()) - set(meanings))
    if unknown:
        raise UnknownLabel(where, unknown, change)
