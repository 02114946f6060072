"""Rank conflicts for review by what they would change: gap times employment."""

import polars as pl

from pipeline.query.published import Release

JOB_COLUMNS = ["soc", "area_code"]


def rank_by_impact(release: Release, conflicts: pl.DataFrame) -> pl.DataFrame:
    """Rank conflicts by `impact`, the largest first; those without a gap come last.

    Impact is the difference as a ratio times the people employed in the first cell's
    occupation and place, in the newest year that a source gives; where none gives it,
    that of the smallest employment counted anywhere, so that it is not lost.

    Args:
        release: To read employment from.
        conflicts: Rows of `schemas.Discrepancies`.

    Returns:
        The same rows with `impact`: a ratio times people, null without a gap.
    """
    employment = find_employment(release)
    smallest = employment["employment"].min() if employment.height else 1
    cell = pl.col("cells").str.split(" ").list.first()
    part = cell.str.split("/").list
    keyed = conflicts.with_columns(
        soc=part.get(0, null_on_oob=True), area_code=part.get(1, null_on_oob=True)
    )
    known = keyed.join(employment, on=JOB_COLUMNS, how="left", maintain_order="left")
    number = pl.col("employment").fill_null(pl.lit(smallest))
    gap = pl.col("difference_pct").abs() / 100
    queue = known.with_columns(impact=(gap * number).round(1))
    return queue.drop(*JOB_COLUMNS, "employment").sort(
        "impact", "severity", "discrepancy_id",
        descending=[True, True, False], nulls_last=True,
    )  # fmt: skip


def find_employment(release: Release) -> pl.DataFrame:
    """Find the newest `employment` by `soc` and `area_code`, of all industries."""
    # Workbooks by industry count the same people again; a count of 0 would make every
    # impact of its occupation 0.
    counted = release.scan_table("claims").filter(
        pl.col("measure") == "employment",
        pl.col("industry").is_null(),
        pl.col("value") > 0,
    )
    newest = counted.sort("reference_period", "claim_id", descending=True)
    return (
        newest.group_by(JOB_COLUMNS, maintain_order=True)
        .agg(employment=pl.col("value").first().cast(pl.Float64))
        .sort(JOB_COLUMNS)
        .collect()
    )
