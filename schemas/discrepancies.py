"""Define discrepancies: one row per conflict, with the evidence."""

import pandera.polars as pa
import polars as pl

from schemas.claims import Money

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


class Discrepancies(pa.DataFrameModel):
    """One row per conflict. Key: `discrepancy_id`."""

    discrepancy_id: str = pa.Field(
        unique=True,
        description="Type and claims, of a group of copies the first: stable between "
        "runs.",
    )
    type: str = pa.Field(isin=TYPES)
    severity: pl.Int64 = pa.Field(
        ge=1, le=3, description="3 changes what would be published; 1 is a note."
    )
    claim_ids: str = pa.Field(
        description="Claims in conflict, space-separated; of a group of copies one of "
        "each page, up to twenty."
    )
    cells: str = pa.Field(nullable=True, description="Cells, space-separated.")
    source: str = pa.Field(description="Of the first claim.")
    snapshot: str = pa.Field(str_matches=r"^[0-9a-f]{12}$")
    published: str = pa.Field(description="What the page says.")
    reference: str = pa.Field(nullable=True, description="What the evidence says.")
    reference_source: str = pa.Field(
        nullable=True, description="Source that the evidence was read from."
    )
    reference_release: str = pa.Field(
        nullable=True, description="Reference period of the evidence."
    )
    reference_claim: str = pa.Field(nullable=True, description="Claim id.")
    difference: Money = pa.Field(nullable=True, description="Published less evidence.")
    difference_pct: float = pa.Field(
        nullable=True, description="The difference in percent of the evidence."
    )
    sentence: str = pa.Field(description="One sentence that a person can read.")
    explanation_cost: float = pa.Field(
        ge=0, description="Of the cheapest explanation (vocabularies/likeness.csv)."
    )
    runner_up: str = pa.Field(nullable=True, description="Next explanation.")
    status: str = pa.Field(isin=STATES)

    class Config:
        """No column more, no column less."""

        strict = True
