"""The review queue: what would change most comes first."""

import polars as pl
from made import made_claims, oews

from pipeline.query.published import Release
from pipeline.review.review_queue import rank_by_impact

FACTS = {"kind": "other", "measure": "employment", "period": None, "currency": None}
SCHEMA = {
    "discrepancy_id": pl.String, "severity": pl.Int64, "cells": pl.String,
    "difference_pct": pl.Float64,
}  # fmt: skip


def queue(tmp_path, *rows):
    """Ids and impacts of conflicts, in the order of the queue."""
    claims = made_claims(
        oews(200000, **FACTS),
        oews(190000, reference_period="2022-05", **FACTS),
        oews(1000, area="Ohio", area_code="39", area_level="state", **FACTS),
    )
    claims.write_parquet(tmp_path / "claims.parquet")
    conflicts = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    found = rank_by_impact(Release(tmp_path, {}), conflicts)
    return found.select("discrepancy_id", "impact").rows()


def test_impact_is_gap_times_employment_of_the_newest_year(tmp_path):
    """A small gap of many people before a large gap of few; no gap comes last."""
    assert queue(
        tmp_path,
        ("orphan", 3, None, None),
        ("ohio", 3, "29-2072/39/all/base/mean/2023", -50.0),
        ("nation", 1, "29-2072/US/all/base/mean/2023 x", 2.0),
        ("elsewhere", 3, "11-1011/39/all/base/mean/2023", 10.0),
    ) == [("nation", 4000.0), ("ohio", 500.0), ("elsewhere", 100.0), ("orphan", None)]


def test_a_release_without_employment_has_a_queue_all_the_same(tmp_path):
    """By the gap alone."""
    made_claims(oews(48780)).write_parquet(tmp_path / "claims.parquet")
    row = ("one", 1, "29-2072/US/all/base/mean/2023", 50.0)
    conflicts = pl.DataFrame([row], schema=SCHEMA, orient="row")
    assert rank_by_impact(Release(tmp_path, {}), conflicts)["impact"].item() == 0.5
