"""Foreign labor certification: what employers of foreign workers offer, and must.

The Department of Labor discloses every Labor Condition Application (H-1B, H-1B1 and
E-3 visas): a job, a place, the wage that the employer offers for it and the prevailing
wage that it must reach. And it publishes the wages of four levels by occupation and
area (the Online Wage Library) that prevailing wages come from; they are made of OEWS.

An offer is posted and not measured, and applications are no sample of a job: they
count as the offers of employers who sponsor visas. What the columns, statuses and units
of each year's files mean is in `vocabularies/oflc_*.csv`.

Source: https://www.dol.gov/agencies/eta/foreign-labor/performance and
https://flag.dol.gov/wage-data/wage-data-downloads
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import cast

import polars as pl

from pipeline.core.errors import Damaged, LayoutChanged
from pipeline.core.model import Snapshot
from pipeline.core.source_facts import read_source
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.dol_oflc import oflc_lca_claims, oflc_lca_tables, oflc_wage_levels
from pipeline.sources.dol_oflc.oflc_rules import broken
from pipeline.sources.shared import parquet_parts
from pipeline.sources.shared.parquet_parts import WrittenClaims
from schemas import Claims, DataFrame

__all__ = ["SOURCE", "broken", "edition", "parse", "write_parts"]

YEAR = re.compile(r"_FY(\d{4})(?:_Q(\d))?")

SOURCE = read_source("dol_oflc")


def edition(url: str) -> str:
    """Return the fiscal year behind an address: `LCA_Disclosure_Data_FY2025_Q4.xlsx`.

    A quarter's file adds cases to those of the quarters before, so that all of a year
    are one edition.

    >>> edition("https://www.dol.gov/LCA_Disclosure_Data_FY2025_Q4.xlsx")
    '2025'

    Raises:
        LayoutChanged: The address is not of the known form.
    """
    found = YEAR.search(url)
    if found is None:
        raise LayoutChanged(
            url, ["_FYyyyy"], [], "pipeline/sources/dol_oflc/__init__.py"
        )
    return found[1]


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Return every offer and prevailing wage, or every wage of a level, as a claim.

    Raises:
        LayoutChanged: A column is missing, renamed or unknown; it is named.
        UnknownLabel: A status, unit, label or cell that no vocabulary explains.
        Damaged: The bytes are no table.
    """
    parts = [job() for job in make_batch_jobs(snapshot, vocabulary)]
    if not parts:
        raise Damaged(snapshot.name or snapshot.path.name, "the table has no wages")
    return cast(DataFrame[Claims], pl.concat(parts, rechunk=False))


def write_parts(
    snapshot: Snapshot, vocabulary: Vocabulary, folder: Path
) -> WrittenClaims:
    """Write the claims of a large snapshot as Parquet files; return the counts.

    The folder appears whole or not at all.

    Claims that break a rule are not in its `claims-*.parquet`, but in
    `broken.parquet` with `rule` and `reason`. An earlier folder is replaced.

    Raises:
        PayproofError: As `parse`; the folder is as it was then.
    """
    return parquet_parts.write_claims_folder(
        make_batch_jobs(snapshot, vocabulary), vocabulary, folder, broken
    )


def make_batch_jobs(
    snapshot: Snapshot, vocabulary: Vocabulary
) -> Iterator[Callable[[], DataFrame[Claims]]]:
    """Yield batches of bounded size, read but not yet claims: each may run in a thread.

    Raises:
        PayproofError: As `parse`.
    """
    if oflc_wage_levels.is_wage_library(snapshot):
        for some in oflc_wage_levels.read_level_batches(snapshot, vocabulary):
            yield partial(
                oflc_wage_levels.make_level_claims, some, snapshot, vocabulary
            )
        return
    for batch in oflc_lca_tables.read_lca_batches(snapshot, vocabulary):
        yield partial(oflc_lca_claims.make_lca_claims, batch, snapshot, vocabulary)
