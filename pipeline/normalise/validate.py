"""Check the draft and make Figures of it; what breaks a rule is set aside."""

import polars as pl

from pipeline.core.tables import check_frame, split_valid_rows
from pipeline.core.vocabulary import Vocabulary
from schemas import DataFrame, Figures, Rejects

PLACE = ("source", "snapshot", "locator", "claim_id", "quote")


def validate(
    draft: pl.DataFrame, broken: pl.DataFrame, vocabulary: Vocabulary
) -> tuple[DataFrame[Figures], DataFrame[Rejects]]:
    """Split the draft into figures and rejects; every row is in one of them.

    Nothing else makes `Figures`.

    Args:
        draft: From `normalise`.
        broken: `claim_id`, `rule`, `reason`: rows that break a rule of their source
            (for OEWS: the pairs of hourly and annual pay, the multiples of $10, the
            order of percentiles).
        vocabulary: Plausible pay per full-time year, by currency.

    Returns:
        Figures in the order of the draft; rejects with a row for each broken rule.
    """
    checks = (
        find_unknown_periods(draft),
        unread_currency(draft),
        find_implausible_pay(draft, vocabulary),
    )
    found = pl.concat([broken, *checks])
    kept = draft.join(found, on="claim_id", how="anti", maintain_order="left")
    # Rules of the source and of pay first: they give a reason in words, the schema's
    # rules only their name.
    figures, failures = split_valid_rows(Figures, kept)
    schema = failures.join(
        kept.with_row_index("row").select("row", "claim_id"), on="row"
    ).select(
        "claim_id",
        "rule",
        reason=pl.format("{} breaks the rule: {}", pl.col("column"), pl.col("rule")),
    )
    reasons = pl.concat([found, schema])
    rejects = (
        draft.join(reasons, on="claim_id")
        .with_columns(stage=pl.lit("validate"))
        .select("stage", *PLACE, "rule", "reason")
        .unique()
        .sort("claim_id", "rule", "reason")
    )
    return figures, check_frame(Rejects, rejects)


def find_unknown_periods(draft: pl.DataFrame) -> pl.DataFrame:
    """Find pay whose period the page does not say: no year can be made of it."""
    return draft.filter(pl.col("factor_id") == "none").select(
        "claim_id",
        rule=pl.lit("period_known"),
        reason=pl.format(
            "{} has no pay period, so it cannot be put on a yearly footing", "quote"
        ),
    )


def unread_currency(draft: pl.DataFrame) -> pl.DataFrame:
    """Find pay in a currency that was not read: the page's usual one is not assumed."""
    return draft.filter(pl.col("currency").is_null()).select(
        "claim_id",
        rule=pl.lit("currency_read"),
        reason=pl.format("{} is in a currency that was not read", "quote"),
    )


def find_implausible_pay(draft: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Find pay outside the plausible band of its currency.

    Below a quarter of the federal minimum wage a year in full time is a slip of the
    unit; a currency without a row has no band.
    """
    bands = vocabulary.read_table("plausible", "currency", "lowest", "highest").select(
        "currency",
        lowest=pl.col("lowest").cast(pl.Decimal(14, 2)),
        highest=pl.col("highest").cast(pl.Decimal(14, 2)),
    )
    amounts = pl.col("annual_low", "annual", "annual_high")
    outside = pl.any_horizontal(
        (amounts < pl.col("lowest")) | (amounts > pl.col("highest"))
    )
    return (
        draft.join(bands, on="currency", how="left", maintain_order="left")
        .filter(outside.fill_null(value=False))
        .select(
            "claim_id",
            rule=pl.lit("plausible_pay"),
            reason=pl.format(
                "{} a {} is outside {} to {} {} a year",
                "quote", "period", "lowest", "highest", "currency",
            ),
        )
    )  # fmt: skip


def make_empty_broken_rows() -> pl.DataFrame:
    """Make the empty table of broken source rules: `claim_id`, `rule`, `reason`."""
    return pl.DataFrame(
        schema={"claim_id": pl.String, "rule": pl.String, "reason": pl.String}
    )
