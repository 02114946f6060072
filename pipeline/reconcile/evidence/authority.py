"""Authority: whose figure answers a question, by measure, area and date."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from pipeline.core.vocabulary import Vocabulary

KEY = ["publisher", "area_level", "asked_of", "year"]
ANY = "*"


def order_of_source(hands: Mapping[str, int]) -> pl.Expr:
    """Place of a source among its publisher's: 0 where the figure first stands."""
    places = dict(hands) or {"": 0}
    return pl.col("source").replace_strict(places, default=0, return_dtype=pl.Int64)


def classify_question(cohort: pl.Expr) -> pl.Expr:
    """The kind of question: `all` workers, a `credential`, another `group`."""
    return (
        pl.when(cohort == "all").then(pl.lit("all"))
        .when(cohort.str.contains("credential")).then(pl.lit("credential"))
        .when(cohort.str.contains("^industry=[^;]*$")).then(pl.lit("industry"))
        .otherwise(pl.lit("group"))
    )  # fmt: skip


def add_ranks(figures: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Add `rank` (lower wins) from vocabularies/authority.csv.

    The first row of the table that fits is the one that counts; `*` fits anything.
    The table ends with a row that fits everything.
    """
    keyed = figures.with_columns(asked_of=classify_question(pl.col("cohort")))
    rules = vocabulary.read_table(
        "authority", "measure", "area_level", "publisher", "rank", "from", "to"
    ).rows(named=True)
    keys = keyed.select(KEY).unique().sort(KEY)
    ranks = keys.with_columns(
        rank=pl.Series(
            [find_rank(row, rules) for row in keys.iter_rows(named=True)],
            dtype=pl.Int64,
        )
    )
    return keyed.join(
        ranks, on=KEY, how="left", nulls_equal=True, maintain_order="left"
    )


def find_rank(key: Mapping[str, Any], rules: Iterable[dict[str, str | None]]) -> int:
    """Rank of the first rule that fits."""
    return next(int(rule["rank"] or 0) for rule in rules if rule_fits(key, rule))


def rule_fits(key: Mapping[str, Any], rule: Mapping[str, str | None]) -> bool:
    """Whether a rule speaks of this publisher, question, area and year."""
    plain = (
        ("publisher", "publisher"),
        ("area_level", "area_level"),
        ("measure", "asked_of"),
    )
    if any(rule[a] not in (ANY, None, key[b]) for a, b in plain):
        return False
    year = key["year"]
    first, last = rule["from"], rule["to"]
    return (not first or (year is not None and year >= int(first))) and (
        not last or (year is not None and year <= int(last))
    )
