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

from collections.abc import Iterable, Iterator
from typing import cast

import polars as pl

from pipeline.core.errors import LayoutChanged
from pipeline.core.model import Snapshot
from pipeline.core.source_facts import read_source
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.sheets.cell_grid import Grid
from pipeline.read.sheets.workbook import read_grids
from pipeline.sources.bls_projections import projections_table
from pipeline.sources.bls_projections.projections_table import ProjectionsTitle
from pipeline.sources.shared import publisher_page
from pipeline.sources.shared.known_tables import make_other_table_error
from schemas import Claims, DataFrame

SOURCE = read_source("bls_projections")
TABLES = ("1.2", "1.7", "1.10", projections_table.SEARCH)
WANTED = "workbook of the Employment Projections (occupation.xlsx)"
NEEDED = ("1.2", "1.10")
MODULE_FILE = "pipeline/sources/bls_projections/__init__.py"


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Return every figure of the tables: one claim per cell.

    A file of the search on the web (data.bls.gov/projections) is one table of its own.

    Raises:
        LayoutChanged: A table or column is missing, renamed or unknown; it is named.
        UnknownLabel: A mark, type or top code without a meaning.
        Damaged: Not a workbook, or of other years than the snapshot's edition.
    """
    where = publisher_page.describe_snapshot(snapshot)
    grids = list(read_grids(snapshot.read_body(), where, vocabulary))
    found = {
        title: projections_table.read_table_claims(table, title, snapshot, vocabulary)
        for title, table in _find_tables(grids)
    }
    claims = {title.table: rows for title, rows in found.items()}
    if not claims:
        raise make_other_table_error(where, WANTED, SOURCE.id, grids, vocabulary)
    needed = () if projections_table.SEARCH in claims else NEEDED
    if missing := [f"Table {table}" for table in needed if table not in claims]:
        raise LayoutChanged(where, missing, [], MODULE_FILE)
    projections_table.check_units(found, where)
    ordered = [claims[table] for table in TABLES if table in claims]
    return cast(DataFrame[Claims], pl.concat(ordered, rechunk=False))


def _find_tables(grids: Iterable[Grid]) -> Iterator[tuple[ProjectionsTitle, Grid]]:
    """Yield the tables that are read, each with what it is of."""
    for grid in grids:
        if title := projections_table.parse_title(grid):
            if title.table in TABLES:
                yield title, grid
        elif title := projections_table.parse_search_heads(grid):
            yield title, projections_table.clean_search_cells(grid)
