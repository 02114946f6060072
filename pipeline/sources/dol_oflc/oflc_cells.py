"""Interpret cells of foreign labor certification files: sums, empty cells, labels."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from pipeline.core.errors import UnknownLabel
from pipeline.core.unread_places import are_too_many, report_unread
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.sheets.column_choice import SelectedColumns
from pipeline.sources.shared.oews_cells import MONEY

MARKS_FILE = "vocabularies/oflc_marks.csv"
# `$65,000.00`, `65000` or `31.25`: years differ in signs, commas and decimals.
NUMBER = r"^\$?(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,10})(?:\.\d{1,10})?$"


@dataclass(frozen=True)
class CellCheck:
    """How the cells of one column are looked at, before they are read.

    Args:
        column: Its name.
        text: Expression of what a cell says.
        is_known: Expression of whether that has a meaning; never null.
        what: Of a row, in words: `status`.
        file: That would have the meaning.
        suffix: Behind the text in a message about the layout.
    """

    column: str
    text: pl.Expr
    is_known: pl.Expr
    what: str
    file: str
    suffix: str = ""


def check_money(name: str, vocabulary: Vocabulary) -> CellCheck:
    """Return the check of a column of sums: a number, nothing, or a mark of nothing."""
    marks = vocabulary.read_table("oflc_marks", "mark")["mark"].to_list()
    text = pl.col(name)
    known = (text.str.contains(NUMBER) | text.is_in(marks)).fill_null(value=True)
    return CellCheck(name, text, known, "wage", MARKS_FILE, f" in {name}")


def check_label(
    name: str, text: pl.Expr, labels: Iterable[str], what: str, file: str
) -> CellCheck:
    """Return the check of a column of labels; an empty cell is known where "" is."""
    known = text.fill_null("").is_in([*labels])
    return CellCheck(name, text, known, what, file)


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


def keep_known_rows(
    rows: pl.DataFrame, sheet: SelectedColumns, check: CellCheck, vocabulary: Vocabulary
) -> pl.DataFrame:
    """Return the rows whose cell of one column has a meaning; report the others.

    Args:
        rows: Of the sheet, with `row` and the column.
        sheet: For places.
        check: What is looked at.
        vocabulary: With the share that may be set aside, in limits.csv.

    Raises:
        UnknownLabel: More than `broken_lines_share` of the rows have none: it is the
            layout that is another.
    """
    odd = rows.filter(~check.is_known)
    if odd.is_empty():
        return rows
    shown = odd.select(text=check.text.fill_null("nothing"))["text"]
    if are_too_many(odd.height, rows.height, vocabulary):
        labels = [f"{label[:40]}{check.suffix}" for label in shown.unique().sort()]
        raise UnknownLabel(sheet.where, labels, check.file)
    places = odd.select(at=sheet.make_locators(check.column))["at"]
    why = f"not read: a row with no known {check.what}"
    for place, text in zip(places, shown, strict=True):
        report_unread(place, text, why)
    return rows.filter(check.is_known)


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
