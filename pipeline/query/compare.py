"""Compare policies: every policy's answer for every cell of several sources."""

import numpy as np
import polars as pl

from pipeline.core.vocabulary import Vocabulary
from pipeline.query.published import Release
from pipeline.reconcile.settle.independent_figures import (
    collect_independent,
    read_cost_index,
)
from pipeline.reconcile.settle.policies import POLICIES, Policies
from pipeline.reconcile.settle.policy_methods import answer_by_policy, leave_one_out

# Decimals of ratios. Rounded before they are compared, so that the order of a sum does
# not decide which policy comes first where two shift alike.
RATIO_DIGITS = 6
# ln(5.3e11): money is Decimal(14, 2) and ends below 1e12. An answer beyond it is an
# estimate that went astray, and no table could hold it.
LARGEST_LN = 27.0


def compare_policies(release: Release, vocabulary: Vocabulary) -> pl.DataFrame:
    """Compare the answers of all policies in cells of two or more independent figures.

    Args:
        release: To read figures and their independence from.
        vocabulary: Policies, their terms, the cost of employment.

    Returns:
        One row per cell: `cell`; `sources`; a column for each policy with its answer
        in currency a year (null where it has none); `gap`, the largest answer over
        the smallest, less one; `employment` where a source gives it; `impact`, gap
        times employment (times one where none is given); `loo_policy`, `loo_shift`
        and `loo_source`: the answer that leaving one source out changes most. Most
        impact first.
    """
    rows = select_independent(release)
    policies = Policies.from_vocabulary(vocabulary)
    figures = collect_independent(rows, policies, read_cost_index(vocabulary))
    table: dict[str, object] = {
        "cell": rows["cell"].gather(figures.start),
        "sources": figures.n,
    }
    shift = np.full(figures.count, -1.0)
    shifted_by = np.full(figures.count, "", dtype=object)
    shifted_policy = np.full(figures.count, "", dtype=object)
    names = rows["publisher"].to_numpy()
    for policy in POLICIES:
        centre = answer_by_policy(policy, figures, policies).centre
        known = np.isfinite(centre) & (np.abs(centre) < LARGEST_LN)
        table[policy] = np.where(known, np.exp(np.where(known, centre, 0)), np.nan)
        moves, drivers = leave_one_out(policy, figures, policies)
        is_larger = np.nan_to_num(moves, nan=-1.0).round(RATIO_DIGITS) > shift
        shift = np.where(is_larger, moves.round(RATIO_DIGITS), shift)
        shifted_by = np.where(
            is_larger, names[drivers] if len(names) else shifted_by, shifted_by
        )
        shifted_policy = np.where(is_larger, policy, shifted_policy)
    table |= {
        "loo_policy": shifted_policy,
        "loo_shift": shift,
        "loo_source": shifted_by,
    }
    frame = pl.DataFrame(table, schema=SCHEMA)
    return add_impact(frame, release)


SCHEMA = {
    "cell": pl.String,
    "sources": pl.Int64,
    **dict.fromkeys(POLICIES, pl.Float64),
    "loo_policy": pl.String,
    "loo_shift": pl.Float64,
    "loo_source": pl.String,
}


def select_independent(release: Release) -> pl.DataFrame:
    """Select independent figures of cells with two or more, best first in each.

    Returns:
        `cell`, `place`, `publisher`, `annual` (currency a year), `se_log`,
        `match_grade`, `reference_period`; sorted by `cell` and `place`.
    """
    independent = release.scan_table("provenance").filter(
        "is_independent", pl.col("annual") > 0
    )
    several = (
        independent.group_by("cell").len().filter(pl.col("len") > 1).select("cell")
    )
    facts = release.scan_table("figures").select(
        "claim_id", "se_log", "match_grade", "reference_period"
    )
    found = independent.join(several, on="cell", how="semi").join(facts, on="claim_id")
    columns = ("cell", "place", "publisher", "annual")
    rest = ("se_log", "match_grade", "reference_period")
    return found.select(*columns, *rest).sort("cell", "place").collect()


def add_impact(frame: pl.DataFrame, release: Release) -> pl.DataFrame:
    """Add `gap` and `impact` to the answers, and round amounts to the unit."""
    amounts = frame.with_columns(pl.col(POLICIES).fill_nan(None).round(0))
    joined = amounts.join(count_employed(release), on="cell", how="left")
    least, most = pl.min_horizontal(POLICIES), pl.max_horizontal(POLICIES)
    employed = pl.col("employment").fill_null(1).cast(pl.Float64)
    return (
        joined.with_columns(gap=(most / least - 1).round(RATIO_DIGITS))
        .with_columns(impact=(pl.col("gap") * employed).round(1))
        .select("cell", "sources", *POLICIES, "gap", "employment", "impact",
                "loo_policy", "loo_shift", "loo_source")
        .sort("impact", "gap", "cell", descending=[True, True, False])
    )  # fmt: skip


def count_employed(release: Release) -> pl.DataFrame:
    """Count the people employed, by cell: `cell`, `employment`.

    They are those of the whole occupation in the area and year, of all cohorts.
    """
    jobs = (
        release.scan_table("claims")
        .filter(
            (pl.col("measure") == "employment") & pl.col("industry").is_null()
        )
        # 2023 of `2023-05`: counts of the same year, of whichever month.
        .select("soc", "area_code", employment="value",
                year=pl.col("reference_period").str.slice(0, 4).cast(pl.Int32))
        .group_by("soc", "area_code", "year").agg(pl.col("employment").max())
    )  # fmt: skip
    cells = release.scan_table("salaries").filter(pl.col("independent_sources") > 1)
    return (
        cells.select("cell", "soc", "area_code", "year")
        .join(jobs, on=["soc", "area_code", "year"])
        .select("cell", pl.col("employment").cast(pl.Int64))
        .collect()
    )
