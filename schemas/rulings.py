"""Define rulings: what persons decided, and whether it still holds."""

from schemas.table_model import TableModel, define

ACTIONS = (
    *("override", "exclude", "accept", "merge", "split"),
    *("answer", "retract", "undo"),
)
STATES = ("in_force", "undone", "expired", "stale", "fixed_upstream")


class Rulings(TableModel):
    """One row per ruling ever recorded. Key: `id`."""

    id: str = define(unique=True, description="`r-` and a digest of the row.")
    action: str = define(isin=ACTIONS)
    target: str = define(description="Cell, discrepancy, occupation code or ruling.")
    value: str = define(
        nullable=True, description="What is chosen, excluded, merged into or split off."
    )
    reason: str = define(description="Why, in its author's words.")
    author: str = define(description="Who decided.")
    date: str = define(description="ISO day on which it was recorded.")
    expires: str = define(nullable=True, description="Last ISO day it holds.")
    expect: str = define(
        nullable=True, description="What must be so of the target without the ruling."
    )
    saw: str = define(
        nullable=True, description="Digest of the evidence that its author saw."
    )
    state: str = define(
        isin=STATES,
        description="`in_force`: followed; `undone`: taken back; `expired`: past its "
        "last day; `stale`: its evidence has changed, so it is not followed; "
        "`fixed_upstream`: what it accepted is no longer published.",
    )
    why: str = define(nullable=True, description="Why it is not in force.")
