"""Compute pay for a full-time year from pay for any period, by a table of factors."""

import polars as pl

from pipeline.core.errors import UnknownLabel
from pipeline.core.vocabulary import Vocabulary


def add_annual_pay(draft: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Add `annual_low`, `annual`, `annual_high`, `as_published` and `factor_id`.

    A figure without a period keeps null amounts and factor `none`: `validate` sets
    it aside. The currency stays the page's own.

    Raises:
        UnknownLabel: A period has no row in vocabularies/factors.csv.

    Source:
        2,080 hours are 52 weeks of 40: BLS makes annual wages from hourly ones so.
    """
    table = vocabulary.read_table("factors", "id", "period", "times_per_year")
    ids = dict(table.select("period", "id").iter_rows())
    times = {p: int(t) for p, t in table.select("period", "times_per_year").rows()}
    # An error and no null: the schema's periods and the table's must be the same.
    strange = set(draft["period"].drop_nulls().unique()) - set(ids)
    if strange:
        raise UnknownLabel("claims", sorted(strange), "vocabularies/factors.csv")
    factor = pl.col("period").replace_strict(times, default=None, return_dtype=pl.Int64)
    year = {
        target: (pl.col(column) * factor).cast(pl.Decimal(14, 2), strict=False)
        for target, column in (
            ("annual_low", "low"),
            ("annual", "value"),
            ("annual_high", "high"),
        )
    }
    known = pl.col("period").replace_strict(ids, default=None, return_dtype=pl.String)
    return draft.with_columns(
        **year, as_published=pl.col("value"), factor_id=known.fill_null("none")
    )
