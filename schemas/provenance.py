"""Define provenance: every figure behind a cell, chosen or not."""

import polars as pl

from schemas.claims import Money
from schemas.table_model import TableModel, define

ROLES = ("chosen", "supporting", "outvoted", "copy", "stale", "excluded")


class Provenance(TableModel):
    """One row per figure and cell. Key: `cell`, `claim_id`."""

    cell: str = define()
    claim_id: str = define()
    role: str = define(isin=ROLES)
    reason: str = define(description="Code from vocabularies/reasons.csv.")
    place: pl.Int64 = define(ge=0, description="In its cell's order; 0 leads.")
    is_independent: bool = define(
        description="Counts as its publisher's one figure, independent of the others."
    )
    weight: float = define(ge=0, le=1, description="Share in the composite.")
    publisher: str = define(description="Answerable for the figure.")
    source: str = define(description="Read from.")
    snapshot: str = define(str_matches=r"^[0-9a-f]{12}$")
    locator: str = define()
    quote: str = define(description="As published.")
    annual_low: Money = define(nullable=True)
    annual: Money = define(nullable=True)
    annual_high: Money = define(nullable=True)

    unique_together = ("cell", "claim_id")
