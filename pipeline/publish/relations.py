"""How the tables of a release hang together: keys, and what they lead to."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandera.polars as pa

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


@dataclass(frozen=True)
class Relation:
    """One table: its model, its key, and the columns that lead to other tables.

    Args:
        model: What its columns mean.
        key: Columns that name a row; never null.
        leads: Column to the table whose key it holds (or null).
    """

    model: type[pa.DataFrameModel]
    key: tuple[str, ...]
    leads: Mapping[str, str] | None = None


# In the order that a reader of foreign keys wants: what is led to comes first.
RELATIONS: dict[str, Relation] = {
    "snapshots": Relation(Snapshots, ("snapshot",)),
    "claims": Relation(Claims, ("claim_id",), {"snapshot": "snapshots"}),
    "salaries": Relation(Salaries, ("cell",), {"chosen": "claims"}),
    "figures": Relation(
        Figures, ("claim_id",), {"claim_id": "claims", "snapshot": "snapshots"}
    ),
    "provenance": Relation(
        Provenance,
        ("cell", "claim_id"),
        {"cell": "salaries", "claim_id": "claims", "snapshot": "snapshots"},
    ),
    "discrepancies": Relation(
        Discrepancies,
        ("discrepancy_id",),
        {"reference_claim": "claims", "snapshot": "snapshots"},
    ),
    "rejects": Relation(
        Rejects,
        ("claim_id", "rule", "reason"),
        {"claim_id": "claims", "snapshot": "snapshots"},
    ),
    "rulings": Relation(Rulings, ("id",)),
    "scorecards": Relation(Scorecards, ("source", "measure")),
}
