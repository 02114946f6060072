"""Define scorecards: how each source has done, with intervals."""

import pandera.polars as pa
import polars as pl

MEASURES = (
    "bias",
    "spread",
    "coverage",
    "lag_months",
    "revised",
    "revision_size",
    "misquotes",
)


class Scorecards(pa.DataFrameModel):
    """One row per source and measure. Key: `source`, `measure`."""

    source: str = pa.Field(description="Id of the source that was read.")
    measure: str = pa.Field(
        isin=MEASURES,
        description="`bias`: mean of ln(figure / official figure) of one cell; "
        "`spread`: its standard deviation; `coverage`: share of the complete questions "
        "that it answers; `lag_months`: median from the reference period to the day it "
        "was read; `revised`: share of its cells whose figure another of its snapshots "
        "gives differently; `revision_size`: their median |ln ratio|; `misquotes`: "
        "share of its checked quotes that are not what their publisher published.",
    )
    value: float = pa.Field(description="The measure itself.")
    low: float = pa.Field(
        nullable=True, description="95 % interval; null where one is too few."
    )
    high: float = pa.Field(nullable=True, description="95 % interval.")
    n: pl.Int64 = pa.Field(ge=1, description="Cells, snapshots or quotes counted.")

    class Config:
        """No column more, no column less; a measure stands once for a source."""

        strict = True
        unique = ["source", "measure"]
