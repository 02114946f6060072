"""BLS Occupational Employment and Wage Statistics: tables and flat files.

Published each spring for the May before: for the nation, states, metropolitan and
nonmetropolitan areas and industries. Straight-time gross pay of wage and salary
workers; annual wages are hourly ones times 2,080, save where only one of the two is
released. What the marks and footnotes stand for, and the pay from which a year hides
it, is in `vocabularies/oews_*.csv`.

Source: https://www.bls.gov/oes/tables.htm and
https://download.bls.gov/pub/time.series/oe/
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.model import Snapshot, Source
from pipeline.sources import oews_flat, oews_rules, oews_table
from pipeline.vocabulary import Vocabulary
from schemas import Claims

SOURCE = Source(
    id="bls_oews",
    title="Occupational Employment and Wage Statistics",
    publisher="U.S. Bureau of Labor Statistics",
    homepage="https://www.bls.gov/oes/",
    kind="bulk",
    official=True,
    measures="Straight-time gross pay of jobs, by the hour and by the year: mean and "
    "percentiles; employment and relative standard errors.",
    population="Wage and salary workers in nonfarm establishments; no self-employed.",
    pay_basis="base",
    evidence="measured",
    licence="Public domain (U.S. government work)",
    cadence="yearly",
    automated=True,
    rows=(5, 7_000_000),
    urls=(
        "https://www.bls.gov/oes/special-requests/oesm25nat.zip",
        "https://www.bls.gov/oes/special-requests/oesm25st.zip",
        "https://www.bls.gov/oes/special-requests/oesm25ma.zip",
    ),
)


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Every published cell as a claim; for files that fit in memory.

    Raises:
        LayoutChanged: A column is missing, renamed or unknown; it is named.
        UnknownLabel: A mark, footnote, group or area type without a meaning.
        Damaged: The bytes are no table, or of another year than the edition.
    """
    claims = pl.concat(list(parse_parts(snapshot, vocabulary)), rechunk=False)
    return cast(DataFrame[Claims], claims)  # each part was checked


def parse_parts(
    snapshot: Snapshot, vocabulary: Vocabulary
) -> Iterator[DataFrame[Claims]]:
    """The same in batches of bounded size, split between cells, never within one.

    Raises:
        PayproofError: As `parse`.
    """
    with snapshot.path.open("rb") as file:
        flat = oews_flat.is_flat(file.readline(1000))
    if flat:
        return oews_flat.parts(snapshot, vocabulary)
    return oews_table.parts(snapshot, vocabulary)


@dataclass(frozen=True)
class Written:
    """What `write_parts` left in its folder.

    Args:
        claims: Rows in the files `claims-*.parquet`.
        broken: Rows in `broken.parquet`: claims that break a rule of oews_rules.
        parts: How many claims files there are.
    """

    claims: int
    broken: int
    parts: int


def write_parts(snapshot: Snapshot, vocabulary: Vocabulary, folder: Path) -> Written:
    """Claims of a large snapshot as Parquet files; the folder appears whole or not.

    Claims that break an exact rule are not among them, but in `broken.parquet` with
    `rule` and `reason`. An earlier folder of that name is replaced.

    Raises:
        PayproofError: As `parse`; nothing is left behind then.
    """
    beside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        written = _write(snapshot, vocabulary, beside)
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return written


def _write(snapshot: Snapshot, vocabulary: Vocabulary, folder: Path) -> Written:
    """Write the parts one by one, so that only one is in memory."""
    rows, faults = 0, []
    number = 0
    for number, claims in enumerate(parse_parts(snapshot, vocabulary), start=1):
        found = oews_rules.broken(claims, vocabulary)
        good: pl.DataFrame = claims
        if found.height:
            faults.append(claims.join(found, on="claim_id", maintain_order="left"))
            good = claims.join(found, on="claim_id", how="anti", maintain_order="left")
        good.write_parquet(folder / f"claims-{number:05}.parquet", compression="zstd")
        rows += good.height
    if faults:
        pl.concat(faults).write_parquet(folder / "broken.parquet")
    return Written(rows, sum(fault.height for fault in faults), number)
