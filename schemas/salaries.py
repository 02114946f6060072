"""Define salaries: one row per question, with the figure that was chosen."""

import polars as pl

from schemas.claims import (
    AREA_LEVELS,
    AVAILABILITIES,
    PAY_BASES,
    STATISTICS,
    YEARS,
    Money,
)
from schemas.table_model import TableData, TableModel, check_rows, define

POLICIES = (
    "primary-first",
    "analyst-composite",
    "median-of-independents",
    "random-effects",
    "no-blend",
)
STATUSES = ("settled", "single_source", "contested", "disputed", "insufficient")


class Salaries(TableModel):
    """One row per cell. Key: `cell`."""

    cell: str = define(
        unique=True, description="`soc/area/cohort/pay basis/statistic/year`."
    )
    soc: str = define(
        # `?`, `29-2072`, `29-2071|29-2072`, or five digits as in the OES of 1997.
        str_matches=r"^(\?|(\d{2}-\d{4}|\d{5})(\|\d{2}-\d{4})*)$",
        description="SOC code; `?` where none matches, candidates by `|`.",
    )
    occupation: str = define(description="Official title, or as named.")
    area_code: str = define()
    area_level: str = define(nullable=True, isin=AREA_LEVELS)
    area: str = define(
        nullable=True, description="As the chosen figure's page names it."
    )
    cohort: str = define()
    pay_basis: str = define(isin=PAY_BASES)
    statistic: str = define(isin=STATISTICS)
    year: pl.Int32 = define(
        nullable=True,
        in_range=YEARS,
        description="Of the reference period; null where no page says it, which the "
        "cell writes as `?`.",
    )
    is_year_known: bool = define(
        description="Some page says the year: false where `year` is null."
    )
    currency: str = define(str_matches=r"^[A-Z]{3}$")
    annual_low: Money = define(nullable=True)
    annual: Money = define(nullable=True)
    annual_high: Money = define(nullable=True)
    availability: str = define(isin=AVAILABILITIES)
    status: str = define(isin=STATUSES)
    rule: str = define(description="The rule that decided.")
    grade: str = define(
        isin=("A", "B", "C", "D", "E"),
        description="A: read from an official publisher, for this very occupation; B: "
        "from a publisher itself; C: only quoted; D: contested; E: disputed or "
        "insufficient.",
    )
    grade_inputs: str = define(description="What made the grade, as `name=value;…`.")
    policy: str = define(
        isin=POLICIES, description="How it was settled, by vocabularies/policies.csv."
    )
    policy_sha256: str = define(
        str_matches=r"^[0-9a-f]{12}$",
        description="Of the files that make the policies: authority, grades, policies, "
        "policy_terms, settlement.",
    )
    chosen: str = define(nullable=True, description="Claim id of the figure.")
    figures: pl.Int64 = define(ge=1, description="Figures in the cell.")
    independent_sources: pl.Int64 = define(
        ge=0, description="Publishers answerable for them; copies count once."
    )
    effective_sources: float = define(
        ge=0,
        description="Witnesses that do not repeat one another, weighed by their "
        "precision: as many equally precise sources would know as much.",
    )
    spread: float = define(
        nullable=True,
        ge=0,
        description="Largest over smallest independent figure, less one.",
    )
    scale_factor: float = define(
        nullable=True,
        ge=0,
        description="sqrt(chi2 / (N - 1)) of the independent figures.",
    )
    composite: Money = define(
        nullable=True, description="Inverse-variance mean on logs; an estimate."
    )
    composite_low: Money = define(nullable=True, description="95 % interval.")
    composite_high: Money = define(nullable=True, description="95 % interval.")
    composite_method: str = define(
        nullable=True,
        description="`weighted-mean`, or the policy that estimated it.",
    )
    loo_shift: float = define(
        nullable=True,
        ge=0,
        description="Leave one source out: the largest change of the policy's answer, "
        "as a ratio less one; null where nothing is left.",
    )
    loo_source: str = define(
        nullable=True, description="Publisher whose absence makes that change."
    )
    would_be_settled_by: str = define(
        nullable=True, description="What would settle a cell that is not settled."
    )
    effective: str = define(
        nullable=True,
        description="Reference period of the chosen figure.",
    )
    ruling: str = define(
        nullable=True, description="Rulings that it follows, space-separated."
    )
    last_checked: str = define(description="ISO date its source was last read.")
    last_changed: str = define(
        description="ISO date of the first snapshot that has the chosen value."
    )

    @check_rows(error="a year is known where there is one")
    def year_known_when_there(cls, data: TableData) -> pl.LazyFrame:
        """Check that `is_year_known` is true exactly where there is a year."""
        there = pl.col("year").is_not_null()
        return data.lazyframe.select(there == pl.col("is_year_known"))

    @check_rows(error="a settled cell has a chosen figure")
    def chosen_when_settled(cls, data: TableData) -> pl.LazyFrame:
        """Check that settled and single-source cells name a published figure."""
        decided = pl.col("status").is_in(["settled", "single_source"])
        return data.lazyframe.select(~decided | pl.col("chosen").is_not_null())
