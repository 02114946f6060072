"""Cells whose policy estimates, and the published figure nearest to the estimate."""

import numpy as np
import polars as pl

from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.settle.independent_figures import (
    collect_independent,
    read_cost_index,
)
from pipeline.reconcile.settle.policies import PUBLISHED, Policies
from pipeline.reconcile.settle.policy_methods import answer_by_policy, leave_one_out

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
    lined: pl.DataFrame, policies: Policies, vocabulary: Vocabulary
) -> pl.DataFrame:
    """One row per cell that a policy other than a published figure answers.

    Args:
        lined: Figures with `policy`, `is_independent` and `place`, best first in each
            cell.
        policies: Of the run.
        vocabulary: With the cost of employment.

    Returns:
        `cell`, `preferred` (the claim nearest to the estimate, higher rank first),
        `estimate` and its interval on logs, `shift` and `driver` (leave one out).
    """
    speaking = lined.filter(
        "is_independent", pl.col("annual") > 0, ~pl.col("policy").is_in(PUBLISHED)
    )
    found = [pl.DataFrame(schema=BLEND)]
    for (policy,), rows in speaking.group_by("policy", maintain_order=True):
        found.append(estimate_policy_cells(str(policy), rows, policies, vocabulary))
    return pl.concat(found)


def estimate_policy_cells(
    policy: str, rows: pl.DataFrame, policies: Policies, vocabulary: Vocabulary
) -> pl.DataFrame:
    """The cells of one policy that it has an answer for."""
    rows = rows.sort("cell", "place")
    said = collect_independent(rows, policies, read_cost_index(vocabulary))
    answer = answer_by_policy(policy, said, policies)
    shift, driver = leave_one_out(policy, said, policies)
    gap = np.abs(said.y - answer.centre[said.cell]).round(9)
    best = np.lexsort((np.arange(len(gap)), gap, said.cell))[said.start]
    table = pl.DataFrame(
        {
            "cell": rows["cell"].gather(said.start),
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
