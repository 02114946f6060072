"""Define discrepancies: one row per conflict, with the evidence."""

import polars as pl

from schemas.claims import Money
from schemas.table_model import TableModel, define

TYPES = (
    "misquote",
    "stale_vintage",
    "wrong_statistic",
    "pay_concept_mismatch",
    "population_mismatch",
    "geography_mismatch",
    "occupation_mismatch",
    "unit_slip",
    "digit_slip",
    "rounding",
    "false_precision",
    "range_inversion",
    "percentile_order",
    "internal_contradiction",
    "arithmetic_contradiction",
    "rank_contradiction",
    "copied_figure",
    "one_figure_two_vintages",
    "outlook_mismatch",
    "impossible_or_orphan",
    "json_vs_text",
    "average_outside_range",
    "value_conflict",
)
STATES = ("open", "explained", "accepted", "fixed_upstream", "reopened")


class Discrepancies(TableModel):
    """One row per conflict. Key: `discrepancy_id`."""

    discrepancy_id: str = define(
        unique=True,
        description="Type and claims, of a group of copies the first: stable between "
        "runs.",
    )
    type: str = define(isin=TYPES)
    severity: pl.Int64 = define(
        ge=1, le=3, description="3 changes what would be published; 1 is a note."
    )
    claim_ids: str = define(
        description="Claims in conflict, space-separated; of a group of copies one of "
        "each page, up to twenty."
    )
    cells: str = define(nullable=True, description="Cells, space-separated.")
    source: str = define(description="Of the first claim.")
    snapshot: str = define(str_matches=r"^[0-9a-f]{12}$")
    published: str = define(description="What the page says.")
    reference: str = define(nullable=True, description="What the evidence says.")
    reference_source: str = define(
        nullable=True, description="Source that the evidence was read from."
    )
    reference_release: str = define(
        nullable=True, description="Reference period of the evidence."
    )
    reference_claim: str = define(nullable=True, description="Claim id.")
    difference: Money = define(nullable=True, description="Published less evidence.")
    difference_pct: float = define(
        nullable=True, description="The difference in percent of the evidence."
    )
    sentence: str = define(description="One sentence that a person can read.")
    explanation_cost: float = define(
        ge=0, description="Of the cheapest explanation (vocabularies/likeness.csv)."
    )
    runner_up: str = define(nullable=True, description="Next explanation.")
    status: str = define(isin=STATES)
