"""Define figures: pay levels on common terms, so that they can be compared."""

import pandera.polars as pa
import polars as pl

from schemas.claims import (
    AREA_LEVELS,
    AVAILABILITIES,
    PAY_BASES,
    STATISTICS,
    YEARS,
    Money,
)

GRADES = ("code", "official", "alternate", "ambiguous", "none")


class Figures(pa.DataFrameModel):
    """One row per pay level on common terms. Key: `claim_id`, `soc`."""

    claim_id: str = pa.Field(description="The claim it was made from.")
    source: str = pa.Field(description="Id of the source that was read.")
    snapshot: str = pa.Field(str_matches=r"^[0-9a-f]{12}$")
    locator: str = pa.Field(description="Place in the snapshot's bytes.")
    quote: str = pa.Field(description="The figure as published.")
    publisher: str = pa.Field(
        description="Id of the publisher who is answerable for the figure: the one "
        "that the page names, else the source's own; `unnamed` for a page's own word."
    )
    primary: bool = pa.Field(
        description="Read from its publisher itself, not quoted by another page."
    )
    soc: str = pa.Field(
        nullable=True,
        str_matches=r"^(\d{2}-\d{4}|\d{5})$",
        description="SOC code of the matched occupation; null where none matches.",
    )
    soc_candidates: str = pa.Field(
        nullable=True, description="Every code that the title may mean, by `|`."
    )
    match_grade: str = pa.Field(
        isin=GRADES,
        description="How the occupation was matched: the source's own code, an "
        "official title, an alternate title of one code, a title of several codes "
        "(`ambiguous`: no code is chosen), or none.",
    )
    occupation: str = pa.Field(nullable=True, description="As named.")
    area_code: str = pa.Field(nullable=True, description="`US`, FIPS or CBSA code.")
    area_level: str = pa.Field(nullable=True, isin=AREA_LEVELS)
    area: str = pa.Field(nullable=True, description="As named.")
    cohort: str = pa.Field(
        description="`all`, or the dimensions that narrow it, sorted: "
        "`credential=CPC;experience=3-9`."
    )
    pay_basis: str = pa.Field(isin=PAY_BASES)
    statistic: str = pa.Field(isin=STATISTICS)
    year: pl.Int32 = pa.Field(
        nullable=True,
        in_range=YEARS,
        description="Of the reference period; null where the page does not say.",
    )
    is_year_known: bool = pa.Field(
        description="The page says the year, or its edition does: false where `year` "
        "is null."
    )
    reference_period: str = pa.Field(nullable=True)
    period: str = pa.Field(nullable=True, description="As published.")
    as_published: Money = pa.Field(nullable=True, description="In `period`.")
    annual_low: Money = pa.Field(nullable=True, description="Per full-time year.")
    annual: Money = pa.Field(nullable=True, description="Per full-time year.")
    annual_high: Money = pa.Field(nullable=True, description="Per full-time year.")
    currency: str = pa.Field(str_matches=r"^[A-Z]{3}$")
    approximate: bool = pa.Field()
    availability: str = pa.Field(isin=AVAILABILITIES)
    factor_id: str = pa.Field(
        description="Row of vocabularies/factors.csv that made the year of it."
    )
    aged: Money = pa.Field(
        nullable=True,
        description="`annual` at the common date of vocabularies/ageing.csv; an "
        "estimate beside the original.",
    )
    ageing: str = pa.Field(
        nullable=True,
        description="Series, quarters and factor that aged it, or why it is not aged.",
    )
    ageing_sd: float = pa.Field(
        nullable=True,
        ge=0,
        description="What ageing leaves open, on the log scale: 0.023 times the root "
        "of the years between.",
    )
    se_log: float = pa.Field(
        nullable=True, ge=0, description="Standard error of ln(annual)."
    )
    se_source: str = pa.Field(nullable=True, description="Where it comes from.")
    assumed: str = pa.Field(
        nullable=True,
        description="Parts that the page does not say and a stated default fills, "
        "comma-separated: `area` (the country of the currency), `year` (the edition "
        "of a publisher's own page), `pay_basis` (what the publisher measures).",
    )
    cell: str = pa.Field(
        description="`soc/area/cohort/pay basis/statistic/year`; `?` for a part that "
        "is not known, every code that an ambiguous title may mean by `|`."
    )

    class Config:
        """No column more, no column less."""

        strict = True

    @pa.dataframe_check(error="a year is known where there is one")
    def year_known_when_there(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Check that `is_year_known` is true exactly where there is a year."""
        there = pl.col("year").is_not_null()
        return data.lazyframe.select(there == pl.col("is_year_known"))

    @pa.dataframe_check(error="low bound at most the high bound")
    def ordered(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Check that no range runs backwards: such a one is a reject, and reported."""
        return data.lazyframe.select(
            pl.col("annual_low").is_null()
            | pl.col("annual_high").is_null()
            | (pl.col("annual_low") <= pl.col("annual_high"))
        )

    @pa.dataframe_check(error="pay is positive")
    def positive(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Check that pay is above zero."""
        # Nobody publishes a pay of 0: it is a mark (`*`, `#`) that was misread.
        money = pl.col("annual_low", "annual", "annual_high")
        return data.lazyframe.select(pl.all_horizontal(money.is_null() | (money > 0)))
