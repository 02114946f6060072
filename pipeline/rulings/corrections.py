"""Correct known errors at a source: vocabularies/corrections.csv, with guards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import polars as pl

from pipeline.core.errors import BadRuling, CorrectionGone
from pipeline.core.vocabulary import Vocabulary
from pipeline.rulings.ruling_guard import find_failing_term

FILE = "vocabularies/corrections.csv"
COLUMNS = ("id", "source", "edition", "cell", "action", "value", "reason", "author",
           "date", "expires", "expect")  # fmt: skip
ACTIONS = ("drop", "replace", "scale")
# `as_published` too: verdicts compare that one with what pages quote.
AMOUNTS = ("as_published", "annual_low", "annual", "annual_high")


@dataclass(frozen=True)
class CorrectedFigures:
    """Figures after the corrections, and what became of each.

    Args:
        figures: The columns of `schemas.Figures`.
        dropped: Claims that a correction takes out of their question.
        expired: Id to the last day of corrections that no longer hold.
    """

    figures: pl.DataFrame
    dropped: frozenset[str] = frozenset()
    expired: Mapping[str, str] = field(default_factory=dict)


def apply_corrections(
    figures: pl.DataFrame, vocabulary: Vocabulary, day: str
) -> CorrectedFigures:
    """Apply the corrections of sources and editions that were read.

    Args:
        figures: `schemas.Figures`.
        vocabulary: With the table `corrections`.
        day: ISO day of the newest snapshot.

    Raises:
        BadRuling: A row lacks something.
        CorrectionGone: A source no longer has the error that a row corrects.
    """
    table = vocabulary.read_table("corrections", *COLUMNS).select(COLUMNS)
    dropped: set[str] = set()
    expired: dict[str, str] = {}
    for row in table.fill_null("").iter_rows(named=True):
        check_correction(row)
        # `day` is that of the newest snapshot and not today: the same inputs give the
        # same release on any day.
        if row["expires"] < day:
            expired[row["id"]] = row["expires"]
            continue
        ids = find_corrected_claims(figures, row)
        if ids and row["action"] == "drop":
            dropped |= set(ids)
        elif ids:
            figures = amend_figures(figures, ids, row)
    return CorrectedFigures(figures, frozenset(dropped), expired)


def check_correction(row: Mapping[str, Any]) -> None:
    """Check that a correction says what, why, who and until when.

    Raises:
        BadRuling: A column is empty, or the action is unknown.
    """
    # A figure that is dropped needs no other value.
    optional = ("value",) if row["action"] == "drop" else ()
    lacking = [name for name in COLUMNS if not row[name] and name not in optional]
    why = f"it has no {lacking[0]}" if lacking else None
    if row["action"] not in ACTIONS:
        why = f"no action {row['action']!r}; known: {', '.join(ACTIONS)}"
    if why is not None:
        raise BadRuling(row["id"] or "a row without id", why, FILE)


def find_corrected_claims(figures: pl.DataFrame, row: Mapping[str, Any]) -> list[str]:
    """Find the claims of a correction's cell, source and edition that fit its guard.

    Raises:
        CorrectionGone: The edition was read, and no claim fits.
    """
    edition = figures.filter(
        (pl.col("source") == row["source"])
        & (pl.col("reference_period") == row["edition"])
    )
    # A home without this edition needs no correction of it; one that has the edition
    # without the error must hear of it, as the source may have mended it.
    if not edition.height:
        return []
    rows = edition.filter(pl.col("cell") == row["cell"]).sort("claim_id")
    where = f"{row['id']} in {FILE}"
    why = "no figure answers that question"
    ids = []
    for found in rows.iter_rows(named=True):
        fault = find_failing_term(row["expect"], found, where)
        if fault is None:
            ids.append(found["claim_id"])
        else:
            why = fault
    if not ids:
        raise CorrectionGone(row["id"], row["cell"], why)
    return ids


def amend_figures(
    figures: pl.DataFrame, ids: list[str], row: Mapping[str, Any]
) -> pl.DataFrame:
    """Return the figures with the amounts of these claims replaced or scaled.

    The quote stays as published, and `assumed` gets the word `correction`.
    """
    hit = pl.col("claim_id").is_in(ids)
    value = Decimal(row["value"])
    # The type of amounts in `schemas.Figures`.
    money = pl.Decimal(14, 2)
    new = {
        name: (
            # An amount that the source does not give stays empty: a point gets no ends.
            pl.when(pl.col(name).is_not_null()).then(pl.lit(value, money))
            if row["action"] == "replace"
            else (pl.col(name).cast(pl.Float64) * float(value)).round(2).cast(money)
        )
        for name in AMOUNTS
    }
    with_word = pl.concat_str(
        pl.col("assumed"), pl.lit("correction"), separator=",", ignore_nulls=True
    )
    return figures.with_columns(
        *(pl.when(hit).then(new[n]).otherwise(pl.col(n)).alias(n) for n in AMOUNTS),
        assumed=pl.when(hit).then(with_word).otherwise("assumed"),
    )
