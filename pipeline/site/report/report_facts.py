"""Counts what the report says from the tables of a release."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipeline.core.vocabulary import Vocabulary
from pipeline.site.glossary import read_glossary

MAX_LISTED = 60  # conflicts, and contested cells; the tables have all of them


def gather_report_facts(
    release: str,
    manifest: Mapping[str, Any],
    frames: Mapping[str, pl.DataFrame],
    vocabulary: Vocabulary,
) -> dict[str, Any]:
    """Gather the facts of the report under the templates' names, each in order.

    Args:
        release: Its name.
        manifest: Its manifest.json; `traces` where a reader failed; older
            ones lack `alignment` and `stale`.
        frames: Its tables by name; older releases lack `scorecards`.
        vocabulary: The occupations in focus.
    """
    salaries, conflicts = frames["salaries"], frames["discrepancies"]
    return {
        "release": release,
        "manifest": manifest,
        "demonstration": manifest["demonstration"],
        "sources": list_snapshots(manifest, frames),
        "rows": manifest["rows"],
        "rungs": [
            r for r in manifest.get("alignment", {}).get("rungs", []) if r["pairs"]
        ],
        "statuses": count_values(salaries, "status"),
        "types": count_values(conflicts, "type"),
        "headline": find_headline_pay(salaries, vocabulary),
        "conflicts": conflicts.head(MAX_LISTED).rows(named=True),
        "conflict_count": conflicts.height,
        "contested": salaries.filter(pl.col("status") == "contested")
        .head(MAX_LISTED)
        .rows(named=True),
        "scorecards": frames["scorecards"].rows(named=True)
        if "scorecards" in frames
        else [],
        "rejects": count_values(frames["rejects"], "rule"),
        "glossary": read_glossary(),
        "notes": [f"{source}: {text}" for source, _, text in manifest["notes"]],
        "traces": [t for of in manifest.get("traces", {}).values() for t in of],
    }


def count_values(frame: pl.DataFrame, column: str) -> list[tuple[str, int]]:
    """Count the rows of each value of a column, most first, then by value."""
    counts = frame.group_by(column).len().sort("len", column, descending=[True, False])
    return list(counts.iter_rows())


def list_snapshots(
    manifest: Mapping[str, Any], frames: Mapping[str, pl.DataFrame]
) -> list[dict[str, Any]]:
    """List the manifest's snapshots with their counts.

    Returns:
        What the manifest says of each, `claims`, `figures`, and `stale`: it is an older
        version that stands in for the newest.
    """
    claims = dict(frames["claims"].group_by("snapshot").len().iter_rows())
    figures = dict(frames["figures"].group_by("snapshot").len().iter_rows())
    return [
        {
            **s,
            "claims": claims.get(s["id"], 0),
            "figures": figures.get(s["id"], 0),
            "stale": s["id"] in manifest.get("stale", ()),
        }
        for s in manifest["snapshots"]
    ]


def find_headline_pay(
    salaries: pl.DataFrame, vocabulary: Vocabulary
) -> list[dict[str, Any]]:
    """Find national pay of the occupations in focus, by year, the newest first.

    The focus is a family of vocabularies/occupations.csv, named in focus.csv.

    Returns:
        `soc`, `occupation`, `year`, `median`, `mean`, `p10`, `p90`: dollars a year.
    """
    focus = vocabulary.read_table("focus", "family")["family"].to_list()
    table = vocabulary.read_table("occupations", "soc", "family")
    socs = table.filter(pl.col("family").is_in(focus))["soc"].to_list()
    rows = salaries.filter(
        pl.col("soc").is_in(socs)
        & (pl.col("area_code") == "US")
        & (pl.col("cohort") == "all")
        & pl.col("statistic").is_in(["median", "mean", "p10", "p90"])
        & pl.col("status").is_in(["settled", "single_source", "contested"])
        & (pl.col("pay_basis") == "base")
    )
    wide = rows.pivot(
        "statistic",
        index=["soc", "occupation", "year"],
        values="annual",
        aggregate_function="first",
    ).sort("soc", "year", descending=[False, True])
    # The pivot makes a column only of a statistic that has a row; templates read all.
    lacking = [c for c in ("median", "mean", "p10", "p90") if c not in wide.columns]
    return wide.with_columns([pl.lit(None).alias(c) for c in lacking]).rows(named=True)
