"""The next release from the one before: intervals calibrated on earlier releases."""

from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.fusing.past_misses import multiple, spread_of_age
from benchmarks.fusing.pay import (
    COLUMNS,
    NEWEST,
    STATISTICS,
    every_cell,
    national,
    number,
)
from benchmarks.fusing.table import ROOT, Table, shared
from pipeline.core.vocabulary import open_vocabulary

YEARS = (2014, 2015, 2016, 2017, 2018, 2019, 2020, 2021, 2023)
LAST = 2023
Z95 = 1.959964
VOCABULARY = open_vocabulary(ROOT / "vocabularies")


def run(table: Table, *, quick: bool) -> None:
    """May 2023, aged by the ECI, against the release that came after it."""
    folder = shared()
    releases = {year: release(folder, year) for year in YEARS}
    cells = every_cell(folder)
    everywhere = (pl.col("kind") == "N") & (pl.col("industry") == "000000")
    newest = cells.filter(everywhere).select("occ", "rse", *STATISTICS)
    table.head(f"OEWS May {LAST}, aged by the ECI, against May {NEWEST}")
    ahead = NEWEST - LAST
    calibrated, stated, sampling = [], [], []
    for statistic in STATISTICS:
        past = [(residuals(releases[a], releases[b], a, b, statistic), LAST - b)
                for a, b in combinations(YEARS, 2) if b - a == ahead]  # fmt: skip
        times = multiple(
            np.concatenate([off for (off, _, _), _ in past]),
            np.concatenate([error for (_, error, _), _ in past]),
            np.concatenate([np.full(len(off), age) for (off, _, _), age in past]),
        )
        off, error, own = residuals(releases[LAST], newest, LAST, NEWEST, statistic)
        calibrated.append(np.abs(off) <= times * error)
        stated.append(np.abs(off) <= Z95 * error)
        sampling.append(np.abs(off) <= Z95 * own)
        line = f"{calibrated[-1].mean():.3f} ({len(off)}), {times:.2f} errors"
        table.row(f"{statistic}: 95 % intervals cover", line)
    cover = np.concatenate(calibrated).mean()
    centre = calibrated[STATISTICS.index("p50")].mean()
    for name, share in (("all statistics", cover), ("the median", centre)):
        table.row(f"calibrated intervals cover, {name}", f"{share:.3f}", "0.93 to 0.97",
                  met=0.93 <= share <= 0.97)  # fmt: skip
    table.row(
        "  baseline: as stated, ageing included", f"{np.concatenate(stated).mean():.3f}"
    )
    table.row(
        "  baseline: published sampling error alone",
        f"{np.concatenate(sampling).mean():.3f}",
    )


def release(folder: Path, year: int) -> pl.DataFrame:
    """A national table, workbook or CSV."""
    path = next((folder / "data" / "oews").glob(f"national_M{year}*"))
    if path.suffix != ".csv":
        return national(path)
    table = pl.read_csv(path, infer_schema_length=0)
    table = table.rename({c: c.upper() for c in table.columns})
    level = next(c for c in ("O_GROUP", "OCC_GROUP", "GROUP") if c in table.columns)
    return (
        table.filter(pl.col(level).str.to_lowercase() == "detailed")
        .select(
            occ="OCC_CODE",
            rse=number("MEAN_PRSE") / 100,
            **{s: number(c) for s, c in zip(STATISTICS, COLUMNS, strict=True)},
        )
        .unique("occ", keep="first", maintain_order=True)
    )


def residuals(
    old: pl.DataFrame, new: pl.DataFrame, first: int, last: int, statistic: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """ln(new / aged old), its stated error, and the sampling error of both alone."""
    name = "median" if statistic == "p50" else statistic
    times = float(VOCABULARY.read_number("standard_errors", f"times_{name}"))
    yearly = float(VOCABULARY.read_number("consensus", "age_spread"))
    index = dict(
        VOCABULARY.read_table("eci", "period", "value").select("period", "value").rows()
    )
    growth = np.log(float(index[f"{last}-Q2"]) / float(index[f"{first}-Q2"]))
    both = old.join(new, on="occ", suffix="_new").drop_nulls(
        [statistic, f"{statistic}_new"]
    )
    off = np.log(both[f"{statistic}_new"] / both[statistic]).to_numpy() - growth
    own = both["rse"].fill_null(0.02).to_numpy() * times
    return off, spread_of_age(own, float(last - first), yearly), np.sqrt(2) * own
