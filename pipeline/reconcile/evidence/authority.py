"""Rank publishers: whose figure answers a question, by measure, area and date."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from pipeline.core.vocabulary import Vocabulary

KEY = ["publisher", "area_level", "asked_of", "year"]
ANY = "*"


def order_of_source(source_places: Mapping[str, int]) -> pl.Expr:
    """Return the place of a source among its publisher's; 0 where it has none."""
    by_source = dict(source_places) or {"": 0}
    return pl.col("source").replace_strict(by_source, default=0, return_dtype=pl.Int64)


def classify_question(cohort: pl.Expr) -> pl.Expr:
    """Return the kind of question: `all`, `credential`, `industry` or `group`."""
    return (
        pl.when(cohort == "all").then(pl.lit("all"))
        .when(cohort.str.contains("credential")).then(pl.lit("credential"))
        # The industry alone: OEWS has tables by industry, and none by industry and
        # years of experience.
        .when(cohort.str.contains("^industry=[^;]*$")).then(pl.lit("industry"))
        .otherwise(pl.lit("group"))
    )  # fmt: skip


def add_ranks(figures: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Add `rank` (lower wins) from vocabularies/authority.csv.

    The first row of the table that fits counts; `*` fits anything.
    The table ends with a row that fits everything.
    """
    keyed = figures.with_columns(asked_of=classify_question(pl.col("cohort")))
    rules = vocabulary.read_table(
        "authority", "measure", "area_level", "publisher", "rank", "from", "to"
    ).rows(named=True)
    # Rules are tried in Python, so once per distinct key and not once per figure.
    keys = keyed.select(KEY).unique().sort(KEY)
    ranks = keys.with_columns(
        rank=pl.Series(
            [find_rank(row, rules) for row in keys.iter_rows(named=True)],
            dtype=pl.Int64,
        )
    )
    return keyed.join(
        # An undated figure has a rank too: null years have to meet.
        ranks,
        on=KEY,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )


def find_rank(key: Mapping[str, Any], rules: Iterable[dict[str, str | None]]) -> int:
    """Return the rank of the first rule that fits."""
    # Never runs out: the table ends with a row that fits everything.
    return next(int(rule["rank"] or 0) for rule in rules if rule_fits(key, rule))


def rule_fits(key: Mapping[str, Any], rule: Mapping[str, str | None]) -> bool:
    """Return whether a rule is for this publisher, question, area and year."""
    plain = (
        ("publisher", "publisher"),
        ("area_level", "area_level"),
        ("measure", "asked_of"),
    )
    if any(rule[a] not in (ANY, None, key[b]) for a, b in plain):
        return False
    year = key["year"]
    first, last = rule["from"], rule["to"]
    # A rule with years does not fit a figure that has none.
    return (not first or (year is not None and year >= int(first))) and (
        not last or (year is not None and year <= int(last))
    )
