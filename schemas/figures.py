"""Define figures: pay levels on common terms, so that they can be compared."""

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

GRADES = ("code", "official", "alternate", "ambiguous", "none")


class Figures(TableModel):
    """One row per pay level on common terms. Key: `claim_id`, `soc`."""

    claim_id: str = define(description="The claim it was made from.")
    source: str = define(description="Id of the source that was read.")
    snapshot: str = define(str_matches=r"^[0-9a-f]{12}$")
    locator: str = define(description="Place in the snapshot's bytes.")
    quote: str = define(description="The figure as published.")
    publisher: str = define(
        description="Id of the publisher who is answerable for the figure: the one "
        "that the page names, else the source's own; `unnamed` for a page's own word."
    )
    primary: bool = define(
        description="Read from its publisher itself, not quoted by another page."
    )
    soc: str = define(
        nullable=True,
        str_matches=r"^(\d{2}-\d{4}|\d{5})$",
        description="SOC code of the matched occupation; null where none matches.",
    )
    soc_candidates: str = define(
        nullable=True, description="Every code that the title may mean, by `|`."
    )
    match_grade: str = define(
        isin=GRADES,
        description="How the occupation was matched: the source's own code, an "
        "official title, an alternate title of one code, a title of several codes "
        "(`ambiguous`: no code is chosen), or none.",
    )
    occupation: str = define(nullable=True, description="As named.")
    area_code: str = define(nullable=True, description="`US`, FIPS or CBSA code.")
    area_level: str = define(nullable=True, isin=AREA_LEVELS)
    area: str = define(nullable=True, description="As named.")
    cohort: str = define(
        description="`all`, or the dimensions that narrow it, sorted: "
        "`credential=CPC;experience=3-9`."
    )
    pay_basis: str = define(isin=PAY_BASES)
    statistic: str = define(isin=STATISTICS)
    year: pl.Int32 = define(
        nullable=True,
        in_range=YEARS,
        description="Of the reference period; null where the page does not say.",
    )
    is_year_known: bool = define(
        description="The page says the year, or its edition does: false where `year` "
        "is null."
    )
    reference_period: str = define(nullable=True)
    period: str = define(nullable=True, description="As published.")
    as_published: Money = define(nullable=True, description="In `period`.")
    annual_low: Money = define(nullable=True, description="Per full-time year.")
    annual: Money = define(nullable=True, description="Per full-time year.")
    annual_high: Money = define(nullable=True, description="Per full-time year.")
    currency: str = define(str_matches=r"^[A-Z]{3}$")
    approximate: bool = define()
    availability: str = define(isin=AVAILABILITIES)
    factor_id: str = define(
        description="Row of vocabularies/factors.csv that made the year of it."
    )
    aged: Money = define(
        nullable=True,
        description="`annual` at the common date of vocabularies/ageing.csv; an "
        "estimate beside the original.",
    )
    ageing: str = define(
        nullable=True,
        description="Series, quarters and factor that aged it, or why it is not aged.",
    )
    ageing_sd: float = define(
        nullable=True,
        ge=0,
        description="What ageing leaves open, on the log scale: 0.023 times the root "
        "of the years between.",
    )
    se_log: float = define(
        nullable=True, ge=0, description="Standard error of ln(annual)."
    )
    se_source: str = define(nullable=True, description="Where it comes from.")
    assumed: str = define(
        nullable=True,
        description="Parts that the page does not say and a stated default fills, "
        "comma-separated: `area` (the country of the currency), `year` (the edition "
        "of a publisher's own page), `pay_basis` (what the publisher measures).",
    )
    cell: str = define(
        description="`soc/area/cohort/pay basis/statistic/year`; `?` for a part that "
        "is not known, every code that an ambiguous title may mean by `|`."
    )

    @check_rows(error="a year is known where there is one")
    def year_known_when_there(cls, data: TableData) -> pl.LazyFrame:
        """Check that `is_year_known` is true exactly where there is a year."""
        there = pl.col("year").is_not_null()
        return data.lazyframe.select(there == pl.col("is_year_known"))

    @check_rows(error="low bound at most the high bound")
    def ordered(cls, data: TableData) -> pl.LazyFrame:
        """Check that no range runs backwards: such a one is a reject, and reported."""
        return data.lazyframe.select(
            pl.col("annual_low").is_null()
            | pl.col("annual_high").is_null()
            | (pl.col("annual_low") <= pl.col("annual_high"))
        )

    @check_rows(error="pay is positive")
    def positive(cls, data: TableData) -> pl.LazyFrame:
        """Check that pay is above zero."""
        # Nobody publishes a pay of 0: it is a mark (`*`, `#`) that was misread.
        money = pl.col("annual_low", "annual", "annual_high")
        return data.lazyframe.select(pl.all_horizontal(money.is_null() | (money > 0)))
