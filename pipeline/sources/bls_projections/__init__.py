"""BLS Employment Projections: jobs in ten years' time, openings, and median pay.

Published each autumn as one workbook. Table 1.2 has employment in the base and the
target year, the change, openings a year and the median wage of the OEWS; table 1.10
the separations that openings come from. Until some years ago the wage stood in a table
of its own, 1.7; until 2014-24 openings were those of ten years together, and table 1.10
had the needs to replace workers. Employment counts the self-employed, unlike the OEWS;
wages do not. A wage above the top code of its year is printed as at least that; `—`
stands for what is not published.

Source: https://www.bls.gov/emp/tables.htm
"""

from typing import cast

import polars as pl

from pipeline.core.errors import LayoutChanged
from pipeline.core.model import Snapshot
from pipeline.core.source_facts import read_source
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.sheets.workbook import read_grids
from pipeline.sources.bls_projections import projections_table
from pipeline.sources.shared import publisher_page
from schemas import Claims, DataFrame

SOURCE = read_source("bls_projections")
TABLES = ("1.2", "1.7", "1.10")
NEEDED = ("1.2", "1.10")
MODULE_FILE = "pipeline/sources/bls_projections/__init__.py"


def edition(url: str) -> str:
    """Return base and target year; a workbook of other years is refused.

    The address does not name them. They are set in `bls_projections.toml`: under the
    month in which it was fetched, a workbook would stand beside the bundled one that
    it replaces.
    """
    return SOURCE.edition


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Return every figure of the tables: one claim per cell.

    Raises:
        LayoutChanged: A table or column is missing, renamed or unknown; it is named.
        UnknownLabel: A mark, type or top code without a meaning.
        Damaged: Not a workbook, or of other years than the snapshot's edition.
    """
    where = publisher_page.describe_snapshot(snapshot)
    found = {
        title: projections_table.read_table_claims(grid, title, snapshot, vocabulary)
        for grid in read_grids(snapshot.read_body(), where, vocabulary)
        if (title := projections_table.parse_title(grid)) and title.table in TABLES
    }
    claims = {title.table: rows for title, rows in found.items()}
    if missing := [f"Table {table}" for table in NEEDED if table not in claims]:
        raise LayoutChanged(where, missing, [], MODULE_FILE)
    projections_table.check_units(found, where)
    ordered = [claims[table] for table in TABLES if table in claims]
    return cast(DataFrame[Claims], pl.concat(ordered, rechunk=False))
