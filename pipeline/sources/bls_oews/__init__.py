"""BLS Occupational Employment and Wage Statistics: tables and flat files.

Published each spring for the May before: for the nation, states, metropolitan and
nonmetropolitan areas and industries. Straight-time gross pay of wage and salary
workers; annual wages are hourly ones times 2,080, save where only one of the two is
released. What the marks and footnotes stand for, and the pay from which a year hides
it, is in `vocabularies/oews_*.csv`.

Source: https://www.bls.gov/oes/tables.htm and
https://download.bls.gov/pub/time.series/oe/
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import cast

import polars as pl

from pipeline.core.errors import Damaged
from pipeline.core.model import Snapshot
from pipeline.core.source_facts import read_source
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.bls_oews import oews_edition, oews_flat, oews_table
from pipeline.sources.shared import parquet_parts
from pipeline.sources.shared.oews_rules import broken
from pipeline.sources.shared.parquet_parts import WrittenClaims
from schemas import Claims, DataFrame

__all__ = ["SOURCE", "broken", "edition", "parse", "parse_parts", "write_parts"]

SOURCE = read_source("bls_oews")


def edition(url: str) -> str:
    """Return the reference month behind an address: `oesm25nat.zip` is of May 2025.

    Raises:
        LayoutChanged: The address is not of the known form.
    """
    return oews_edition.parse_address(url)


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Return every published cell as a claim; for files that fit in memory.

    Raises:
        LayoutChanged: A column is missing, renamed or unknown; it is named.
        UnknownLabel: A mark, footnote, group or area type without a meaning.
        Damaged: The bytes are no table, or of another year than the edition.
    """
    parts = list(parse_parts(snapshot, vocabulary))
    if not parts:
        raise Damaged(snapshot.name or snapshot.path.name, "the table has no figures")
    claims = pl.concat(parts, rechunk=False)
    return cast(DataFrame[Claims], claims)  # each part was checked


def parse_parts(
    snapshot: Snapshot, vocabulary: Vocabulary
) -> Iterator[DataFrame[Claims]]:
    """Yield the claims of `parse` in batches of bounded size that split no cell.

    Raises:
        PayproofError: As `parse`.
    """
    if oews_flat.is_flat(snapshot):
        return oews_flat.read_parts(snapshot, vocabulary)
    return oews_table.read_parts(snapshot, vocabulary)


def write_parts(
    snapshot: Snapshot, vocabulary: Vocabulary, folder: Path
) -> WrittenClaims:
    """Write the claims of a large snapshot as Parquet files; return the counts.

    The folder appears whole or not at all.

    Claims that break an exact rule are not in its `claims-*.parquet`, but in
    `broken.parquet` with `rule` and `reason`. An earlier folder is replaced.

    Raises:
        PayproofError: As `parse`; the folder is as it was then.
    """
    jobs: Iterator[Callable[[], DataFrame[Claims]]]
    if oews_flat.is_flat(snapshot):
        jobs = oews_flat.make_batch_jobs(snapshot, vocabulary)
    else:
        parts = oews_table.read_parts(snapshot, vocabulary)
        jobs = (partial(_return_claims, part) for part in parts)
    return parquet_parts.write_claims_folder(jobs, vocabulary, folder)


def _return_claims(claims: DataFrame[Claims]) -> DataFrame[Claims]:
    return claims
