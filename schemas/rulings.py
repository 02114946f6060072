"""Define rulings: what persons decided, and whether it still holds."""

import pandera.polars as pa

ACTIONS = ("override", "exclude", "accept", "merge", "split", "undo")
STATES = ("in_force", "undone", "expired", "stale", "fixed_upstream")


class Rulings(pa.DataFrameModel):
    """One row per ruling ever recorded. Key: `id`."""

    id: str = pa.Field(unique=True, description="`r-` and a digest of the row.")
    action: str = pa.Field(isin=ACTIONS)
    target: str = pa.Field(description="Cell, discrepancy, occupation code or ruling.")
    value: str = pa.Field(
        nullable=True, description="What is chosen, excluded, merged into or split off."
    )
    reason: str = pa.Field(description="Why, in its author's words.")
    author: str = pa.Field(description="Who decided.")
    date: str = pa.Field(description="ISO day on which it was recorded.")
    expires: str = pa.Field(nullable=True, description="Last ISO day it holds.")
    expect: str = pa.Field(
        nullable=True, description="What must be so of the target without the ruling."
    )
    saw: str = pa.Field(
        nullable=True, description="Digest of the evidence that its author saw."
    )
    state: str = pa.Field(
        isin=STATES,
        description="`in_force`: followed; `undone`: taken back; `expired`: past its "
        "last day; `stale`: its evidence has changed, so it is not followed; "
        "`fixed_upstream`: what it accepted is no longer published.",
    )
    why: str = pa.Field(nullable=True, description="Why it is not in force.")

    class Config:
        """No column more, no column less."""

        strict = True
