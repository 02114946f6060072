"""The rules of `reconcile.settle.settlement` as a pandas groupby-apply: the peer.

As an analyst would write it: one function for one cell. It knows what the benchmark's
figures can be (published points in one currency, publishers named), so that it does
less than the pipeline, not more.
"""

import math
from typing import Any

import pandas as pd

RANK = {"bls": 1, "payscale": 5, "salary_com": 5, "glassdoor": 5}
OFFICIAL = {"bls"}
TOLERANCE = 0.02
Z95 = 1.959964


def settled_by_pandas(figures: Any, dates: dict[str, str]) -> Any:
    """One row per cell."""
    figures = figures.assign(
        annual=figures["annual"].astype(float),
        rank=figures["publisher"].map(RANK),
        age=figures["snapshot"].map(dates),
    )
    return (
        figures.groupby("cell", sort=True)
        .apply(settled, include_groups=False)
        .reset_index()
    )


def settled(cell: Any) -> Any:
    """Who speaks, what is chosen, by which rule, and the composite beside it."""
    rows = cell.assign(quoted=~cell["primary"]).sort_values(
        ["rank", "quoted", "age", "claim_id"], ascending=[True, True, False, True]
    )
    voices = rows.drop_duplicates("publisher")
    best = rows.iloc[0]
    logs = voices["annual"].map(math.log)
    weights = voices["se_log"] ** -2.0
    mean = (weights * logs).sum() / weights.sum()
    spread = math.exp(logs.max() - logs.min()) - 1
    chi2 = (weights * (logs - mean) ** 2).sum()
    scale = math.sqrt(chi2 / (len(voices) - 1)) if len(voices) > 1 else math.nan
    half = Z95 * weights.sum() ** -0.5 * max(scale, 1.0)
    status, rule = decided(voices, best, spread)
    gap = (rows["annual"] / best["annual"] - 1).abs()
    roles = gap.map(lambda g: "supporting" if g <= TOLERANCE else "outvoted")
    return pd.Series(
        {
            "status": status,
            "rule": rule,
            "chosen": best["claim_id"] if status != "contested" else None,
            "spread": round(spread, 6),
            "scale_factor": scale,
            "composite": float(round(math.exp(mean))),
            "composite_low": float(round(math.exp(mean - half))),
            "composite_high": float(round(math.exp(mean + half))),
            "supporting": (roles == "supporting").sum(),
        }
    )


def decided(voices: Any, best: Any, spread: float) -> tuple[str, str]:
    """Status and rule."""
    if len(voices) == 1:
        official = best["publisher"] in OFFICIAL and best["primary"]
        return "single_source", "official_primary" if official else "only_primary"
    if spread <= TOLERANCE:
        return "settled", "agreement"
    if (voices["rank"] == best["rank"]).sum() == 1 and best["primary"]:
        return "settled", "authority"
    return "contested", "equal_rank_disagree"
