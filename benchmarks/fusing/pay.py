"""Real OEWS pay, and a panel of made-up publishers that quote, age and misquote it.

Cells are BLS's own: national tables of May 2021 and 2023, all areas of May 2025. The
panel has fourteen publishers: five articles and a content farm that quote BLS with
slips, four that copy the farm, three aggregators and a member survey with offsets and
errors of their own, drawn anew for every seed. Every claim is labelled with its slips.
"""

import gzip
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import numpy as np
import polars as pl

STATISTICS = ("mean", "p10", "p25", "p50", "p75", "p90")
COLUMNS = ("A_MEAN", "A_PCT10", "A_PCT25", "A_MEDIAN", "A_PCT75", "A_PCT90")
CELLS = """select substr(key, 18) occ, substr(key, 4, 1) kind, substr(key, 5, 7) area,
 substr(key, 12, 6) industry, v01 emp, v05 rse, v04 mean, v11 p10, v12 p25, v13 p50,
 v14 p75, v15 p90, v03 h_mean, v06 h10, v07 h25, v08 h50, v09 h75, v10 h90 from cell"""
OCCUPATIONS = 577
NEWEST = 2025


def national(path: Path) -> pl.DataFrame:
    """Detailed occupations of a national table: occ, statistics, rse."""
    table = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_polars()
    table = table.rename({c: c.upper() for c in table.columns})
    level = next(c for c in ("O_GROUP", "OCC_GROUP", "GROUP") if c in table.columns)
    detailed = table.filter(pl.col(level).str.to_lowercase() == "detailed")
    return detailed.select(
        occ="OCC_CODE",
        rse=number("MEAN_PRSE") / 100,
        **{s: number(c) for s, c in zip(STATISTICS, COLUMNS, strict=True)},
    ).unique("occ", keep="first", maintain_order=True)


def number(column: str) -> pl.Expr:
    """A published number; marks are null."""
    return pl.col(column).str.replace_all(",", "").cast(pl.Float64, strict=False)


def every_cell(folder: Path) -> pl.DataFrame:
    """All 370,172 cells of May 2025, as numbers; marks are null."""
    packed = folder / "data/oews/may2025/oews-2025.sqlite.gz"
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "cells.sqlite"
        path.write_bytes(gzip.decompress(packed.read_bytes()))
        with sqlite3.connect(path) as db:
            cursor = db.execute(CELLS)
            names = [column[0] for column in cursor.description]
            cells = pl.DataFrame(
                cursor.fetchall(), schema=dict.fromkeys(names, pl.String), orient="row"
            )
    text = ["occ", "kind", "area", "industry"]
    return cells.with_columns(
        pl.concat_str(
            pl.col("occ").str.slice(0, 2), pl.lit("-"), pl.col("occ").str.slice(2)
        ).alias("occ"),
        *(number(c) for c in cells.columns if c not in text),
    ).with_columns(pl.col("rse") / 100)


@dataclass(frozen=True)
class Pay:
    """Published annual pay: `table[year]` by occupation and statistic; states of 2025.

    `table` arrays are (occupation, statistic) in the order of `occupations` and
    STATISTICS; `states` has (occupation, area, statistic), not a number where withheld.
    """

    occupations: list[str]
    table: dict[int, np.ndarray]
    states: np.ndarray


def pay(folder: Path, cells: pl.DataFrame, seed: int, *, between: bool) -> Pay:
    """Occupations with every statistic in every vintage.

    Args:
        folder: The shared folder.
        cells: From `every_cell`.
        seed: For what lies between.
        between: Vintages 2024 and 2022 instead of 2023 and 2021: halfway on logs
            between their neighbours, with the scatter that a year brings.
    """
    all_industries = cells.filter(pl.col("industry") == "000000")
    years = {
        y: national(folder / f"data/oews/national_M{y}_dl.xlsx") for y in (2021, 2023)
    }
    years[NEWEST] = all_industries.filter(pl.col("kind") == "N").select(
        "occ", "rse", *STATISTICS
    )
    whole = {y: t.drop_nulls(STATISTICS) for y, t in years.items()}
    common = sorted(set.intersection(*(set(t["occ"]) for t in whole.values())))
    rng = np.random.default_rng(seed)
    chosen = sorted(rng.choice(common, min(OCCUPATIONS, len(common)), replace=False))
    order = pl.DataFrame({"occ": chosen})
    table = {
        y: order.join(t, on="occ", maintain_order="left").select(STATISTICS).to_numpy()
        for y, t in whole.items()
    }
    if between:
        for year in (2022, 2024):
            middle = np.sqrt(table[year - 1] * table[year + 1])
            scatter = np.exp(rng.normal(0, 0.012, (len(chosen), 1)))
            table[year] = np.round(middle * scatter, -1)
        del table[2021], table[2023]
    states = all_industries.filter(pl.col("kind") == "S")
    areas = states["area"].unique().sort().to_list()
    grid = order.join(pl.DataFrame({"area": areas}), how="cross")
    filled = grid.join(states, on=["occ", "area"], how="left", maintain_order="left")
    shape = (len(chosen), len(areas), len(STATISTICS))
    return Pay(chosen, table, filled.select(STATISTICS).to_numpy().reshape(shape))


def panel_of(pay: Pay, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Claims (item, source, value, stat, vintage, label, cites, copied_from) and truth.

    A vintage of 0 is one that the page does not say; such a page calls a mean what it
    took for the median. Values of survey and aggregators are not rounded.
    """
    rng = np.random.default_rng(seed)
    rows: list[tuple] = []
    own = {
        "agg_A": ("p50", 1.0, rng.normal(0.03, 0.05), rng.uniform(0.03, 0.07)),
        "agg_B": ("mean", 0.8, rng.normal(-0.03, 0.05), rng.uniform(0.06, 0.10)),
        "agg_C": ("p50", 0.7, rng.normal(0.02, 0.05), rng.uniform(0.08, 0.12)),
        "assoc_survey": ("mean", 0.19, rng.normal(0.12, 0.03), rng.uniform(0.02, 0.05)),
    }
    for i, occ in enumerate(pay.occupations):
        for source, (stat, share, offset, spread) in own.items():
            if rng.random() < share:
                base = pay.table[NEWEST][i, STATISTICS.index(stat)]
                label = (
                    "population_mismatch" if source == "assoc_survey" else "aggregator"
                )
                value = base * np.exp(offset + rng.normal(0, spread))
                rows.append((occ, source, value, stat, NEWEST, label, None, None))
        for article in range(5):
            if rng.random() < 0.5:
                rows.append(
                    (occ, f"article_{article}", *quoted(pay, i, rng), "BLS", None)
                )
        farm = quoted(pay, i, rng)
        rows.append((occ, "content_farm", *farm, "BLS", None))
        for copy in range(4):
            if rng.random() < 0.7:
                label = farm[3] + "+copied"
                rows.append(
                    (occ, f"copy_{copy}", *farm[:3], label, "BLS", "content_farm")
                )
    names = [
        "item",
        "source",
        "value",
        "stat",
        "vintage",
        "label",
        "cites",
        "copied_from",
    ]
    claims = pl.DataFrame(rows, schema=names, orient="row")
    centre = pay.table[NEWEST][:, STATISTICS.index("p50")]
    return claims, pl.DataFrame({"item": pay.occupations, "value": centre})


def quoted(pay: Pay, i: int, rng: np.random.Generator) -> tuple[float, str, int, str]:
    """What a page makes of a BLS cell: value, statistic, vintage, slips."""
    current, one, other = sorted(pay.table, reverse=True)
    stat = rng.choice(["p50", "mean", "p75"], p=[0.72, 0.21, 0.07])
    year = int(rng.choice([current, one, other], p=[0.39, 0.40, 0.21]))
    column = STATISTICS.index(stat)
    value = pay.table[year][i, column]
    slips = [] if stat == "p50" else [f"{stat}_for_median"]
    slips += [] if year == current else [f"stale_{year}"]
    if year == current and rng.random() < 0.1:
        some = pay.states[i, rng.integers(pay.states.shape[1]), column]
        if np.isfinite(some) and some != value:
            value, slips = some, [*slips, "state_for_US"]
    grain = rng.choice([0, 100, 1000], p=[0.66, 0.15, 0.19])
    if grain and value % grain:
        value = round(value / grain) * grain
        slips.append(f"rounded_{grain}")
    if rng.random() < 0.03:
        value = mistyped(value, rng)
        slips.append("digit")
    if rng.random() < 0.015 and (swapped := transposed(value, rng)):
        value = swapped
        slips.append("transpose")
    if rng.random() < 0.018:
        value /= rng.choice([2080, 12])
        slips.append("unit")
    said = rng.random() < 0.6
    shown = stat if said or stat == "p75" else "p50"
    return float(value), shown, year if said else 0, "+".join(slips) or "true"


def mistyped(value: float, rng: np.random.Generator) -> float:
    """One digit is another one; the first never becomes zero."""
    digits = list(str(round(value)))
    place = int(rng.integers(len(digits)))
    wrong = [d for d in "0123456789" if d != digits[place] and (place or d != "0")]
    digits[place] = str(rng.choice(wrong))
    return float("".join(digits))


def transposed(value: float, rng: np.random.Generator) -> float | None:
    """Two neighbouring digits that differ change places; None where there are none."""
    digits = str(round(value))
    places = [k for k in range(len(digits) - 1) if digits[k] != digits[k + 1]
              and (k or digits[1] != "0")]  # fmt: skip
    if not places:
        return None
    k = int(rng.choice(places))
    return float(digits[:k] + digits[k + 1] + digits[k] + digits[k + 2 :])
