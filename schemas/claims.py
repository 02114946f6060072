"""Define claims: what a source says, one row per published figure."""

from typing import Annotated

import polars as pl

from schemas.table_model import TableData, TableModel, check_rows, define

STRUCTURES = (
    "prose",
    "list",
    "table",
    "json_ld",
    "microdata",
    "rdfa",
    "json_state",
    "json_file",
    "sheet",
    "flat_file",
    "api",
)
KINDS = (
    "pay_level",
    "pay_delta_abs",
    "pay_delta_rel",
    "bonus",
    "outlook",
    "share",
    "cost",
    "other",
)
AVAILABILITIES = ("published", "top_coded", "suppressed", "not_available")
PERIODS = ("year", "month", "fortnight", "week", "day", "hour")
PAY_BASES = ("base", "total", "unspecified")
STATISTICS = (
    "median",
    "mean",
    "p10",
    "p25",
    "p75",
    "p90",
    "range",
    "minimum",
    "maximum",
    "unspecified",
)
AREA_LEVELS = ("national", "state", "metro", "nonmetro", "foreign")
# Four digits, as a cell writes a year: 2023 of 29-2072/US/all/base/median/2023.
YEARS = {"min_value": 1000, "max_value": 9999}

Money = Annotated[pl.Decimal, 14, 2]


class Claims(TableModel):
    """One row per published figure. Key: `claim_id`."""

    claim_id: str = define(
        unique=True,
        description="`<snapshot>#<locator>`, with `~2`, `~3` where one place says "
        "more than one thing. Same snapshot and place, same id.",
    )
    source: str = define(description="Id of the source, e.g. `bls_oews`.")
    snapshot: str = define(
        str_matches=r"^[0-9a-f]{12}$",
        description="First 12 hex digits of the stored body's sha256.",
    )
    locator: str = define(
        description="Place in the bytes: `char=8153,8160` (RFC 5147) for text, "
        "`xpath=…;char=…` for HTML, `sheet!X123` for workbooks, `line=…;col=…` for "
        "flat files, an RFC 6901 pointer for JSON (`script=0;/…` in a page, "
        "`line=12;/…` in JSON lines)."
    )
    quote: str = define(
        description="Shortest exact span that holds the figure, marks and all."
    )
    start: pl.Int64 = define(
        nullable=True, description="Offset in the document's text; null for a cell."
    )
    end: pl.Int64 = define(nullable=True, description="End offset, exclusive.")
    structure: str = define(isin=STRUCTURES)
    section: str = define(
        nullable=True, description="Heading path, outermost first, joined by ` > `."
    )
    kind: str = define(isin=KINDS)
    measure: str = define(
        description="What is measured: `pay`, or for `other` and `outlook` the "
        "publisher's own measure (`employment`, `wage_rse`, `openings_a_year`, …)."
    )
    value: Money = define(
        nullable=True,
        description="A point. Money in `currency`, percents for relative kinds; "
        "other measures rounded to two decimals (`quote` is exact).",
    )
    low: Money = define(nullable=True, description="Lower bound; alone: open above.")
    high: Money = define(nullable=True, description="Upper bound; alone: open below.")
    approximate: bool = define(description="The text says about, around, nearly.")
    availability: str = define(isin=AVAILABILITIES)
    currency: str = define(
        nullable=True, str_matches=r"^[A-Z]{3}$", description="ISO 4217."
    )
    period: str = define(nullable=True, isin=PERIODS)
    pay_basis: str = define(isin=PAY_BASES)
    statistic: str = define(isin=STATISTICS)
    direction: str = define(
        nullable=True, isin=("up", "down"), description="Of deltas and outlooks."
    )
    occupation: str = define(nullable=True, description="As named, singular.")
    soc: str = define(
        nullable=True,
        str_matches=r"^(\d{2}-\d{4}|\d{5})$",
        description="SOC code as the source itself gives it (5 digits: OES of 1997); "
        "null where the source gives none.",
    )
    occupation_group: str = define(
        nullable=True,
        description="`detailed`, `broad`, … where a table repeats a code in groups; "
        "`profile` for a publisher's own bundle of codes.",
    )
    area: str = define(nullable=True, description="`US`, state name, metro title.")
    area_code: str = define(
        nullable=True, description="FIPS, CBSA or ISO 3166-2, where the source has it."
    )
    area_level: str = define(nullable=True, isin=AREA_LEVELS)
    credential: str = define(nullable=True, description="Acronym, `any` or `none`.")
    credential_count: str = define(nullable=True, description="`1`, `2`, `3+`.")
    experience_min: float = define(nullable=True, ge=0, description="Years.")
    experience_max: float = define(nullable=True, ge=0, description="Years.")
    experience_label: str = define(nullable=True, description="As written.")
    specialty: str = define(nullable=True, description="As written.")
    employer_type: str = define(nullable=True, description="As written.")
    work_mode: str = define(nullable=True, description="`remote`, `on-site`, …")
    education: str = define(nullable=True, description="As written.")
    industry: str = define(nullable=True, description="As written, or NAICS.")
    attributed_to: str = define(
        nullable=True,
        description="Publisher named for the figure; null: the page itself.",
    )
    reference_period: str = define(
        nullable=True,
        str_matches=r"^\d{4}(-\d{2}|-Q[1-4]|/\d{2}|-\d{4})?$",
        description="`2023-05`, `2024`, `2025-Q3`, `2025/26`, `2023-2033`.",
    )
    inherited: str = define(
        nullable=True,
        description="Fields not taken from the sentence or cell itself, as "
        "`field:where`, comma-separated (where: sentence, cell, row, column, lead_in, "
        "heading, caption, document, magnitude).",
    )
    basis: str = define(
        nullable=True,
        description="How fields were read, as `field:basis`, comma-separated: "
        "`stated`, `inherited`, `assumed`, or `unread` where the page names something "
        "that was not understood. Null where a source states everything itself.",
    )
    certainty: str = define(
        nullable=True,
        description="How sure the reading of a field is, as `field:0.97`, "
        "comma-separated; 1 is certain.",
    )
    unread: str = define(
        nullable=True,
        description="Words of the page that narrow whom or what the figure is of and "
        "that nothing understood, joined by `; `. Such a figure is never of everybody.",
    )
    repair: str = define(
        nullable=True, description="Codes of typographic repairs, comma-separated."
    )
    hypothetical: bool = define(description="An illustration; never a figure.")

    @check_rows(error="a published claim has a bound or a value")
    def published_has_number(cls, data: TableData) -> pl.LazyFrame:
        """Check that all but marks have a number; a top code's bound is one."""
        number = pl.any_horizontal(pl.col("value", "low", "high").is_not_null())
        marked = pl.col("availability").is_in(["suppressed", "not_available"])
        return data.lazyframe.select(number != marked)

    @check_rows(error="a point has no bounds")
    def point_or_bounds(cls, data: TableData) -> pl.LazyFrame:
        """Check that a value has no bounds beside it, save the bracket of a share."""
        # "12 percent earn $50,000 to $60,000": the share is the value, its bracket the
        # bounds.
        point = pl.col("value").is_not_null()
        bounds = pl.any_horizontal(pl.col("low", "high").is_not_null())
        return data.lazyframe.select(~(point & bounds) | (pl.col("kind") == "share"))

    @check_rows(error="a top-coded claim is a lower bound")
    def top_code_is_a_bound(cls, data: TableData) -> pl.LazyFrame:
        """Check that a top code (`#`, which says at least) is a bound and no value."""
        top = pl.col("availability") == "top_coded"
        return data.lazyframe.select(
            ~top | (pl.col("low").is_not_null() & pl.col("value").is_null())
        )
