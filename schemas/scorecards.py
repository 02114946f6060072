"""Define scorecards: how each source has done, with intervals."""

import polars as pl

from schemas.table_model import TableModel, define

MEASURES = (
    "bias",
    "spread",
    "coverage",
    "lag_months",
    "revised",
    "revision_size",
    "misquotes",
)


class Scorecards(TableModel):
    """One row per source and measure. Key: `source`, `measure`."""

    source: str = define(description="Id of the source that was read.")
    measure: str = define(
        isin=MEASURES,
        description="`bias`: mean of ln(figure / official figure) of one cell; "
        "`spread`: its standard deviation; `coverage`: share of the complete questions "
        "that it answers; `lag_months`: median from the newest reference period to "
        "the day it was read; `revised`: share of its cells whose figure another "
        "snapshot of the page gives differently; `revision_size`: their median "
        "|ln ratio|; `misquotes`: share of its checked quotes that are not what their "
        "publisher published.",
    )
    value: float = define(description="The measure itself.")
    low: float = define(
        nullable=True, description="95 % interval; null where one is too few."
    )
    high: float = define(nullable=True, description="95 % interval.")
    n: pl.Int64 = define(ge=1, description="Cells, snapshots or quotes counted.")

    unique_together = ("source", "measure")
