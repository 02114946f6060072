"""Estimate the cells whose policy does, and pick the published figure nearest to it."""

import numpy as np
import polars as pl

from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.settle.independent_figures import (
    collect_independent,
    read_cost_index,
)
from pipeline.reconcile.settle.policies import PUBLISHED, Policies
from pipeline.reconcile.settle.policy_methods import answer_by_policy, leave_one_out

# Types of the table also where no cell is estimated.
BLEND = {
    "cell": pl.String,
    "preferred": pl.String,
    "estimate": pl.Float64,
    "estimate_low": pl.Float64,
    "estimate_high": pl.Float64,
    "shift": pl.Float64,
    "driver": pl.String,
}


def estimate_cells(
    candidates: pl.DataFrame, policies: Policies, vocabulary: Vocabulary
) -> pl.DataFrame:
    """Return one row per cell that is answered by a policy that estimates.

    Args:
        candidates: Figures with `policy`, `is_independent` and `place`, best first
            in each cell.
        policies: Of the run.
        vocabulary: With the cost of employment.

    Returns:
        `cell`, `preferred` (the claim nearest to the estimate, higher rank first),
        `estimate` and its interval on logs, `shift` and `driver` (leave one out).
    """
    independent = candidates.filter(
        "is_independent", pl.col("annual") > 0, ~pl.col("policy").is_in(PUBLISHED)
    )
    found = [pl.DataFrame(schema=BLEND)]
    for (policy,), rows in independent.group_by("policy", maintain_order=True):
        found.append(estimate_policy_cells(str(policy), rows, policies, vocabulary))
    return pl.concat(found)


def estimate_policy_cells(
    policy: str, rows: pl.DataFrame, policies: Policies, vocabulary: Vocabulary
) -> pl.DataFrame:
    """Return the rows of the cells for which one policy has an answer."""
    rows = rows.sort("cell", "place")
    figures = collect_independent(rows, policies, read_cost_index(vocabulary))
    answer = answer_by_policy(policy, figures, policies)
    shift, driver = leave_one_out(policy, figures, policies)
    # Rounded, so that equal gaps tie whatever the order of summing; then the higher
    # rank is nearer.
    gap = np.abs(figures.y - answer.centre[figures.cell]).round(9)
    best = np.lexsort((np.arange(len(gap)), gap, figures.cell))[figures.start]
    table = pl.DataFrame(
        {
            "cell": rows["cell"].gather(figures.start),
            "preferred": rows["claim_id"].gather(best),
            "estimate": answer.centre,
            "estimate_low": answer.low,
            "estimate_high": answer.high,
            "shift": shift,
            "driver": rows["witness"].gather(driver),
        },
        schema=BLEND,
    )
    return table.filter(pl.col("estimate").is_finite())
