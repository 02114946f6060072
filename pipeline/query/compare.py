"""Where the choice of a policy matters: every policy's answer for every cell."""

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

DIGITS = 6
LARGEST = 27.0  # ln of the largest amount that a table holds


def compare_policies(release: Release, vocabulary: Vocabulary) -> pl.DataFrame:
    """One row per cell of two or more independent figures.

    Args:
        release: To read figures and their standing from.
        vocabulary: Policies, their terms, the cost of employment.

    Returns:
        `cell`; `sources`; a column for each policy with its answer in currency a year
        (null where it has none); `gap`, the largest answer over the smallest, less
        one; `employment` where a source gives it; `impact`, gap times employment
        (times one where none is given); `loo_policy`, `loo_shift` and `loo_source`:
        the answer that leaving one source out changes most. Most impact first.
    """
    rows = select_independent(release)
    policies = Policies.from_vocabulary(vocabulary)
    said = collect_independent(rows, policies, read_cost_index(vocabulary))
    table: dict[str, object] = {
        "cell": rows["cell"].gather(said.start),
        "sources": said.n,
    }
    shift = np.full(said.count, -1.0)
    source = np.full(said.count, "", dtype=object)
    driven = np.full(said.count, "", dtype=object)
    names = rows["publisher"].to_numpy()
    for policy in POLICIES:
        centre = answer_by_policy(policy, said, policies).centre
        known = np.isfinite(centre) & (np.abs(centre) < LARGEST)
        table[policy] = np.where(known, np.exp(np.where(known, centre, 0)), np.nan)
        moved, driver = leave_one_out(policy, said, policies)
        more = np.nan_to_num(moved, nan=-1.0).round(DIGITS) > shift
        shift = np.where(more, moved.round(DIGITS), shift)
        source = np.where(more, names[driver] if len(names) else source, source)
        driven = np.where(more, policy, driven)
    table |= {"loo_policy": driven, "loo_shift": shift, "loo_source": source}
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
    """Independent figures of cells with two or more, best first in each."""
    heard = release.scan_table("provenance").filter(
        "is_independent", pl.col("annual") > 0
    )
    several = heard.group_by("cell").len().filter(pl.col("len") > 1).select("cell")
    facts = release.scan_table("figures").select(
        "claim_id", "se_log", "match_grade", "reference_period"
    )
    found = heard.join(several, on="cell", how="semi").join(facts, on="claim_id")
    columns = ("cell", "place", "publisher", "annual")
    rest = ("se_log", "match_grade", "reference_period")
    return found.select(*columns, *rest).sort("cell", "place").collect()


def add_impact(frame: pl.DataFrame, release: Release) -> pl.DataFrame:
    """Gap and impact; amounts to the unit."""
    amounts = frame.with_columns(pl.col(POLICIES).fill_nan(None).round(0))
    joined = amounts.join(count_employed(release), on="cell", how="left")
    least, most = pl.min_horizontal(POLICIES), pl.max_horizontal(POLICIES)
    people = pl.col("employment").fill_null(1).cast(pl.Float64)
    return (
        joined.with_columns(gap=(most / least - 1).round(DIGITS))
        .with_columns(impact=(pl.col("gap") * people).round(1))
        .select("cell", "sources", *POLICIES, "gap", "employment", "impact",
                "loo_policy", "loo_shift", "loo_source")
        .sort("impact", "gap", "cell", descending=[True, True, False])
    )  # fmt: skip


def count_employed(release: Release) -> pl.DataFrame:
    """People employed, by cell: `cell`, `employment`; of all cohorts of the job."""
    jobs = (
        release.scan_table("claims")
        .filter(
            (pl.col("measure") == "employment") & pl.col("industry").is_null()
        )
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
