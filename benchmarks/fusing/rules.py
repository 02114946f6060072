"""The exact rules of OEWS pay on all cells of May 2025, and on damaged ones."""

import numpy as np
import polars as pl

from benchmarks.fusing.pay import every_cell
from benchmarks.fusing.table import ROOT, Table, shared
from pipeline.core.tables import column_types
from pipeline.core.vocabulary import open_vocabulary
from pipeline.sources.shared.oews_rules import broken
from schemas import Claims

PAIRS = {
    "mean": ("mean", "h_mean"),
    "p10": ("p10", "h10"),
    "p25": ("p25", "h25"),
    "median": ("p50", "h50"),
    "p75": ("p75", "h75"),
    "p90": ("p90", "h90"),
}
SOME = 20_000
DAMAGED = 300


def run(table: Table, *, quick: bool) -> None:
    """No false alarm on sound cells; damage is named."""
    cells = every_cell(shared()).with_row_index("n")
    cells = cells.head(SOME) if quick else cells
    vocabulary = open_vocabulary(ROOT / "vocabularies")
    table.head(f"Exact rules on {cells.height:,} cells of May 2025")
    claims = pay_claims(cells)
    found = broken(claims, vocabulary)
    table.row(f"false alarms among {claims.height:,} figures", str(found.height), "0",
              met=not found.height)  # fmt: skip
    rng = np.random.default_rng(20260501)
    sound = cells.drop_nulls(["p50", "h50", "p25"])
    picked = sound[np.sort(rng.choice(sound.height, DAMAGED, replace=False))]
    hurt = {
        "annual_is_2080_hours": pl.col("p50") + 40,
        "annual_multiple": pl.col("p50") + 3,
        "percentile_order": pl.col("p25") - 10,
    }
    for rule, value in hurt.items():
        found = broken(pay_claims(picked.with_columns(p50=value)), vocabulary)
        hit = found.filter(pl.col("rule") == rule)["claim_id"].str.split("#").list[0]
        share = hit.n_unique() / picked.height
        table.row(f"{rule}: found in damaged cells", f"{share:.3f}", ">= 0.95",
                  met=share >= 0.95)  # fmt: skip


def pay_claims(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells as the claims that the rules read; the rest of a claim does not matter."""
    parts = []
    for statistic, (annual, hourly) in PAIRS.items():
        for period, column in (("year", annual), ("hour", hourly)):
            parts.append(
                cells.filter(pl.col(column).is_not_null()).select(
                    "n", "occ", "kind", "area", "industry",
                    amount=column, statistic=pl.lit(statistic), period=pl.lit(period),
                )
            )  # fmt: skip
    rows = pl.concat(parts).sort("n", "statistic", "period")
    money = pl.col("amount").round(2).cast(pl.Decimal(14, 2))
    types = column_types(Claims)
    filled = rows.select(
        claim_id=pl.format("{}#{}-{}", "n", "statistic", "period"),
        snapshot=pl.lit("a" * 12),
        reference_period=pl.lit("2025-05"),
        area_level="kind", area_code="area", area="area", industry="industry",
        soc="occ", occupation="occ", occupation_group=pl.lit(None, pl.String),
        measure=pl.lit("pay"), statistic="statistic", period="period",
        value=money, low=money, quote=pl.col("amount").cast(pl.String),
    )  # fmt: skip
    return filled.cast({c: types[c] for c in ("value", "low")})
