"""Give every figure a role in its cell, with a reason: chosen, supporting or not."""

from collections.abc import Sequence

import polars as pl

from pipeline.reconcile.estimate import inverse_variance

Case = tuple[pl.Expr, str, str]  # condition, role, reason


def assign_roles(joined: pl.DataFrame, tolerance: float) -> pl.DataFrame:
    """Return one role and one reason for every figure of every cell."""
    # The first that holds counts; each reason is a row of vocabularies/reasons.csv.
    cases = [*_list_cases_without_choice(), *_list_cases_beside_choice(tolerance)]
    role, reason = pick_first_case(cases)
    return joined.with_columns(role=role, reason=reason, weight=composite_weight())


def _list_cases_without_choice() -> list[Case]:
    """List what makes a figure chosen, left out, or one of an open cell."""
    chosen = pl.col("claim_id") == pl.col("chosen")
    open_cell = pl.col("chosen").is_null()
    contested = open_cell & (pl.col("status") == "contested")
    ambiguous = pl.col("soc").is_null()
    disputed_itself = open_cell & (pl.col("verdict") == "disputed_itself")
    return [
        (chosen & pl.col("ruled"), "chosen", "chosen_by_ruling"),
        (chosen & pl.col("preferred"), "chosen", "nearest_to_estimate"),
        (chosen, "chosen", "chosen_by_rule"),
        (pl.col("taken_out") == "ruled_out", "excluded", "ruled_out"),
        (pl.col("taken_out") == "known_error", "excluded", "known_error"),
        (~pl.col("released"), "excluded", "not_released_by_publisher"),
        (pl.col("foreign"), "excluded", "other_currency"),
        (pl.col("verdict") == "stale", "stale", "older_vintage"),
        (pl.col("verdict") == "wrong_scope", "excluded", "not_published_by_them"),
        (pl.col("verdict") == "doubtful", "excluded", "doubtful"),
        (pl.col("verdict") == "disputed", "excluded", "disputed"),
        (~pl.col("usable"), "outvoted", "misquotes_primary"),
        (disputed_itself, "excluded", "disputed_itself"),
        (contested, "outvoted", "contested"),
        (open_cell & ~pl.col("named"), "excluded", "unattributed"),
        (open_cell & ambiguous, "excluded", "ambiguous_occupation"),
        (open_cell, "excluded", "question_not_complete"),
    ]


def _list_cases_beside_choice(tolerance: float) -> list[Case]:
    """List what a figure is beside the chosen one."""
    same_witness = pl.col("witness") == pl.col("chosen_witness")
    by_ruling = pl.col("ruled").any().over("cell")
    ratio = pl.col("annual").cast(pl.Float64) / pl.col("centre").cast(pl.Float64)
    gap = (ratio - 1).abs()
    far = ~(gap <= tolerance).fill_null(value=False)
    faithful = pl.col("verdict").is_in(["supported", "rounded"])
    return [
        (same_witness & pl.col("primary") & pl.col("unit"), "supporting",
         "same_figure_other_unit"),
        (same_witness & pl.col("primary") & (gap == 0), "supporting", "same_figure"),
        # Neither authority nor age decided here: a person did.
        (by_ruling & (far | (same_witness & pl.col("primary"))), "outvoted",
         "person_chose_another"),
        # The publisher's own page says something else than its chosen figure: an older
        # snapshot of it.
        (same_witness & pl.col("primary"), "stale", "superseded"),
        (same_witness & (faithful | (gap == 0)), "copy", "quotes_primary"),
        (same_witness & pl.col("witness_primary"), "outvoted", "misquotes_primary"),
        (same_witness, "outvoted", "other_quote_chosen"),
        (~pl.col("named"), "excluded", "unattributed"),
        (gap <= tolerance, "supporting", "agrees"),
        (pl.col("by_estimate"), "outvoted", "farther_from_estimate"),
        (pl.lit(value=True), "outvoted", "outranked"),
    ]  # fmt: skip


def composite_weight() -> pl.Expr:
    """Return a witness's share in its cell's composite; 0 where it has none."""
    counts = pl.col("is_independent") & pl.col("annual").is_not_null()
    weigh = pl.when(counts).then(inverse_variance()).otherwise(0.0)
    total = weigh.sum().over("cell")
    return pl.when(total > 0).then(weigh / total).otherwise(0.0).round(6)


def pick_first_case(
    cases: Sequence[tuple[pl.Expr, str, str]],
) -> tuple[pl.Expr, pl.Expr]:
    """Return the two words of the first case that holds; null does not hold."""
    one, other = pl.lit(None, pl.String), pl.lit(None, pl.String)
    # Built from the end, as the last `otherwise` wraps the others.
    for when, first, second in reversed(cases):
        hit = when.fill_null(value=False)
        one = pl.when(hit).then(pl.lit(first)).otherwise(one)
        other = pl.when(hit).then(pl.lit(second)).otherwise(other)
    return one, other
