"""Define the keys of a release's tables, and the tables that columns lead to."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas import (
    Claims,
    Discrepancies,
    Figures,
    Provenance,
    Rejects,
    Rulings,
    Salaries,
    Scorecards,
    Snapshots,
)
from schemas.table_model import TableModel


@dataclass(frozen=True)
class TableRelation:
    """One table: its model, its key, and the columns that lead to other tables.

    Args:
        model: What its columns mean.
        key: Columns that name a row; never null.
        leads: Column to the table whose key it holds (or null).
    """

    model: type[TableModel]
    key: tuple[str, ...]
    leads: Mapping[str, str] | None = None


# A table that a foreign key leads to comes before the table with the key, as a program
# that creates and fills them in this order needs.
RELATIONS: dict[str, TableRelation] = {
    "snapshots": TableRelation(Snapshots, ("snapshot",)),
    "claims": TableRelation(Claims, ("claim_id",), {"snapshot": "snapshots"}),
    "salaries": TableRelation(Salaries, ("cell",), {"chosen": "claims"}),
    "figures": TableRelation(
        Figures, ("claim_id",), {"claim_id": "claims", "snapshot": "snapshots"}
    ),
    "provenance": TableRelation(
        Provenance,
        ("cell", "claim_id"),
        {"cell": "salaries", "claim_id": "claims", "snapshot": "snapshots"},
    ),
    "discrepancies": TableRelation(
        Discrepancies,
        ("discrepancy_id",),
        {"reference_claim": "claims", "snapshot": "snapshots"},
    ),
    "rejects": TableRelation(
        Rejects,
        ("claim_id", "rule", "reason"),
        {"claim_id": "claims", "snapshot": "snapshots"},
    ),
    "rulings": TableRelation(Rulings, ("id",)),
    "scorecards": TableRelation(Scorecards, ("source", "measure")),
}
