"""Known errors at a source: `vocabularies/corrections.csv`, each with its guard."""

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
    """Every correction says what, why, who and until when.

    Raises:
        BadRuling: This one does not.
    """
    optional = ("value",) if row["action"] == "drop" else ()
    lacking = [name for name in COLUMNS if not row[name] and name not in optional]
    why = f"it has no {lacking[0]}" if lacking else None
    if row["action"] not in ACTIONS:
        why = f"no action {row['action']!r}; known: {', '.join(ACTIONS)}"
    if why is not None:
        raise BadRuling(row["id"] or "a row without id", why, FILE)


def find_corrected_claims(figures: pl.DataFrame, row: Mapping[str, Any]) -> list[str]:
    """Claims of the correction's cell, source and edition that its guard fits.

    Raises:
        CorrectionGone: The edition was read, and none does.
    """
    edition = figures.filter(
        (pl.col("source") == row["source"])
        & (pl.col("reference_period") == row["edition"])
    )
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
    """Amounts replaced or scaled; the quote stays as published, and `assumed` tells."""
    hit = pl.col("claim_id").is_in(ids)
    value = Decimal(row["value"])
    money = pl.Decimal(14, 2)
    new = {
        name: (
            pl.when(pl.col(name).is_not_null()).then(pl.lit(value, money))
            if row["action"] == "replace"
            else (pl.col(name).cast(pl.Float64) * float(value)).round(2).cast(money)
        )
        for name in AMOUNTS
    }
    said = pl.concat_str(
        pl.col("assumed"), pl.lit("correction"), separator=",", ignore_nulls=True
    )
    return figures.with_columns(
        *(pl.when(hit).then(new[n]).otherwise(pl.col(n)).alias(n) for n in AMOUNTS),
        assumed=pl.when(hit).then(said).otherwise("assumed"),
    )
