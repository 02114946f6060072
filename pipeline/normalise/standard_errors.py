"""Add standard errors on the log scale: the published one, else a default."""

import polars as pl

from pipeline.core.vocabulary import Vocabulary
from schemas import Claims, DataFrame

# Columns that a row of a source's table has in common: its error and its pay levels.
ROW = ["snapshot", "soc", "occupation_group", "area_code", "industry"]


def add_standard_errors(
    draft: pl.DataFrame, claims: DataFrame[Claims], vocabulary: Vocabulary
) -> pl.DataFrame:
    """Add `se_log` (standard error of the logarithm of pay) and `se_source`.

    OEWS publishes a relative standard error for the mean alone; a percentile's is
    that times sqrt(p (1 - p)) / phi(z_p), normal theory. A figure without one takes
    the default of its publisher's kind from vocabularies/standard_errors.csv.
    """
    published = (
        claims.filter((pl.col("measure") == "wage_rse") & pl.col("value").is_not_null())
        # In percent; a small relative error is that of the logarithm.
        .select(*ROW, rse=pl.col("value").cast(pl.Float64) / 100)
        .unique(ROW, keep="first", maintain_order=True)
    )
    draft = draft.join(
        published, on=ROW, how="left", nulls_equal=True, maintain_order="left"
    )
    kinds = dict(vocabulary.read_table("publishers").select("id", "kind").iter_rows())
    kind = pl.col("publisher").replace_strict(
        kinds, default="prose", return_dtype=pl.String
    )
    times = read_by_prefix(vocabulary, "times_")
    default = read_by_prefix(vocabulary, "default_")
    spread = pl.col("statistic").replace_strict(
        times, default=None, return_dtype=pl.Float64
    )
    stated = kind.replace_strict(
        default, default=default.get("prose"), return_dtype=pl.Float64
    )
    own = pl.col("rse") * spread
    return draft.with_columns(
        se_log=pl.coalesce(own, stated).round(6),
        se_source=pl.when(own.is_not_null())
        .then(pl.lit("published wage RSE"))
        .otherwise(pl.format("default for {}", kind)),
    ).drop("rse")


def read_by_prefix(vocabulary: Vocabulary, prefix: str) -> dict[str, float]:
    """Return values of standard_errors.csv by what follows the prefix in their keys."""
    rows = (
        vocabulary.read_table("standard_errors", "key", "value")
        .select("key", "value")
        .rows()
    )
    return {
        key.removeprefix(prefix): float(value)
        for key, value in rows
        if key.startswith(prefix)
    }
