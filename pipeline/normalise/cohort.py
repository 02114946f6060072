"""Describe whose pay a figure is, by the dimensions that narrow all workers."""

import polars as pl

# In alphabetical order; `experience` and `group` have their place after the fourth.
TEXT_DIMENSIONS = (
    "credential",
    "credential_count",
    "education",
    "employer_type",
    "industry",
    "specialty",
    "unread",
    "work_mode",
)


def make_cohort() -> pl.Expr:
    """Make an expression of the cohort: `all`, or `credential=CPC;experience=3-9`.

    A band of years beats its label: "senior" is three to nine years on one page and
    twenty on the next. A label counts only where no years are given.
    """
    years = pl.format(
        "experience={}-{}",
        format_years("experience_min"),
        format_years("experience_max"),
    )
    has_years = pl.any_horizontal(
        pl.col("experience_min", "experience_max").is_not_null()
    )
    experience = (
        pl.when(has_years).then(years).otherwise(format_dimension("experience_label"))
    )
    parts = [format_dimension(name) for name in TEXT_DIMENSIONS]
    parts = [*parts[:4], experience, format_repeated_group(), *parts[4:]]
    joined = pl.concat_str(parts, separator=";", ignore_nulls=True)
    return pl.when(joined == "").then(pl.lit("all")).otherwise(joined)


def format_years(column: str) -> pl.Expr:
    """Make an expression of years without a trailing zero; "" where a band is open."""
    number = pl.col(column).round(1).cast(pl.String).str.replace(r"\.0$", "")
    return number.fill_null("")


def format_dimension(column: str) -> pl.Expr:
    """Make an expression of `name=value`; null where there is no value.

    The marks that structure a cell id are taken out of the value: it is text of a page,
    and `risk/adjust` would be two parts of the id.
    """
    value = pl.col(column).str.replace_all(r"[/;=|\s]+", " ").str.strip_chars()
    name = "experience" if column == "experience_label" else column
    # Credentials are names (`CPC`, `CPC-A`); of other text pages vary the case.
    text = value if column == "credential" else value.str.to_lowercase()
    return pl.format("{}={}", pl.lit(name), text)


def format_repeated_group() -> pl.Expr:
    """Make an expression of `group=broad` for a code that is also there as detailed.

    Seven codes of the OEWS tables stand twice, as a broad and as a detailed
    occupation: two questions, not one with two answers.
    """
    row = ["snapshot", "soc", "area_code", "industry", "statistic", "period"]
    groups = pl.col("occupation_group").n_unique().over(row)
    detailed = pl.col("occupation_group").fill_null("detailed") == "detailed"
    apart = pl.col("soc").is_not_null() & (groups > 1) & ~detailed
    return pl.when(apart).then(pl.format("group={}", "occupation_group"))
