"""Define provenance: every figure behind a cell, chosen or not."""

import pandera.polars as pa
import polars as pl

from schemas.claims import Money

ROLES = ("chosen", "supporting", "outvoted", "copy", "stale", "excluded")


class Provenance(pa.DataFrameModel):
    """One row per figure and cell. Key: `cell`, `claim_id`."""

    cell: str = pa.Field()
    claim_id: str = pa.Field()
    role: str = pa.Field(isin=ROLES)
    reason: str = pa.Field(description="Code from vocabularies/reasons.csv.")
    place: pl.Int64 = pa.Field(ge=0, description="In its cell's order; 0 leads.")
    is_independent: bool = pa.Field(
        description="Counts as its publisher's one figure, independent of the others."
    )
    weight: float = pa.Field(ge=0, le=1, description="Share in the composite.")
    publisher: str = pa.Field(description="Answerable for the figure.")
    source: str = pa.Field(description="Read from.")
    snapshot: str = pa.Field(str_matches=r"^[0-9a-f]{12}$")
    locator: str = pa.Field()
    quote: str = pa.Field(description="As published.")
    annual_low: Money = pa.Field(nullable=True)
    annual: Money = pa.Field(nullable=True)
    annual_high: Money = pa.Field(nullable=True)

    class Config:
        """No column more, no column less; a figure has one role in a cell."""

        strict = True
        unique = ["cell", "claim_id"]
