"""Check OEWS pay by exact rules: what the publisher's own arithmetic makes certain.

Measured on the 370,172 cells of May 2025: no false alarm. A cell is everything that
is published on one occupation, in one area and industry, at one date.
"""

import polars as pl

from pipeline.core.vocabulary import Vocabulary
from schemas import Claims, DataFrame

CELL = (
    *("snapshot", "reference_period", "area_level", "area_code", "area"),
    *("industry", "soc", "occupation", "occupation_group"),
)
RANKS = {"p10": 1, "p25": 2, "median": 3, "p75": 4, "p90": 5}


def broken(claims: DataFrame[Claims], vocabulary: Vocabulary) -> pl.DataFrame:
    """Find claims that break a rule: `claim_id`, `rule`, `reason`, in that order.

    Rules: `annual_is_2080_hours` (an annual figure and its hourly one are further
    apart than rounding explains; both are listed), `annual_multiple` (an annual
    figure is not rounded as its year rounds), `percentile_order` (a percentile is
    below a lower one; both are listed).

    Args:
        claims: All claims of the cells in question; others than pay do not matter.
        vocabulary: With oews_rules.csv.
    """
    pay = _select_pay(claims)
    faults = pl.concat(
        [
            _find_annual_hourly_gaps(pay, vocabulary),
            _find_unrounded_annuals(pay, vocabulary),
            _find_percentile_reversals(pay),
        ]
    )
    quotes = claims["quote"]
    shown = faults.with_columns(
        claim_id=claims["claim_id"].gather(faults["row"]),
        mine=quotes.gather(faults["row"]),
        others=quotes.gather(faults["other"]),
    )
    return (
        shown.select(
            "claim_id",
            "rule",
            reason=pl.concat_str("mine", "between", "others", "after"),
        )
        .unique(["claim_id", "rule"], keep="first", maintain_order=True)
        .sort("claim_id", "rule")
    )


def _select_pay(claims: pl.DataFrame) -> pl.DataFrame:
    """Return pay in cents by row number, with the number of its cell.

    Returns:
        `row` (in the claims), `cell`, `year`, `annual` (1, or 0 for hourly), `rank`
        (of the statistic), `cents`, `exact`. A top code counts as its bound, and is
        not `exact`.
    """
    number = pl.coalesce("value", "low")
    # 7: the mean has no place among the percentiles; below 8, so that `cell * 8 +
    # rank` is one number for each statistic of a cell.
    rank = pl.col("statistic").replace_strict(RANKS, default=7, return_dtype=pl.Int64)
    annual = (pl.col("period") == "year").cast(pl.Int64)
    pay = (
        claims.lazy()
        .with_row_index("row")
        .filter(pl.col("measure") == "pay", number.is_not_null())
        .select(
            "row",
            *CELL,
            exact=pl.col("value").is_not_null(),
            # Amounts are Decimal(14, 2): the whole numbers that are stored are cents.
            cents=number.to_physical().cast(pl.Int64),
            annual=annual,
            rank=rank,
        )
        .collect()
    )
    return _number_cells(pay.with_columns(run=pl.struct(pl.col(CELL)).rle_id()))


def _number_cells(runs: pl.DataFrame) -> pl.DataFrame:
    """Give each row the number of its cell and its year; drop the cell's columns.

    A cell may stand in several runs of rows, as when claims were shuffled.
    """
    first = runs["run"].ne_missing(runs["run"].shift())
    cells = runs.filter(first).select(CELL)
    numbers = pl.int_range(cells.height, eager=True)
    if cells.n_unique() < cells.height:
        numbers = cells.select(pl.struct(pl.all()).rank("dense")).to_series()
    years = cells["reference_period"].str.slice(0, 4).cast(pl.Int32)
    return runs.drop(CELL).with_columns(
        cell=numbers.cast(pl.Int64).gather(runs["run"]), year=years.gather(runs["run"])
    )


def _find_annual_hourly_gaps(pay: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Find hourly and annual figures of one statistic that rounding does not explain.

    The survey makes annual wages of hourly ones times 2,080.
    """
    hours = int(vocabulary.read_number("oews_rules", "hours_per_year"))
    exact = pay.filter("exact").with_columns(key=pl.col("cell") * 8 + pl.col("rank"))
    hourly = exact.filter(pl.col("annual") == 0)
    annual = exact.filter(pl.col("annual") == 1).select(
        "key", "year", other="row", yearly="cents"
    )
    most = _find_tolerance(vocabulary)
    gap = (pl.col("cents") * hours - pl.col("yearly")).abs() > most
    # A row that stands thousands of times is held against each other figure once.
    yearly = annual.unique(["key", "yearly"], keep="first", maintain_order=True)
    pairs = hourly.join(yearly.drop("year"), on="key", how="inner").filter(gap)
    once = hourly.unique(["key", "cents"], keep="first", maintain_order=True)
    turned = annual.join(once.drop("year"), on="key", how="inner").filter(gap)
    apart = (most / 100).round(2).cast(pl.String)
    after = pl.concat_str(pl.lit(" a year are more than "), apart, pl.lit(" apart"))
    found = _make_faults(
        pairs, "annual_is_2080_hours", f" an hour x {hours} and ", after
    )
    back = pl.concat_str(
        pl.lit(f" an hour x {hours} are more than "), apart, pl.lit(" apart")
    )
    turned = turned.rename({"row": "other", "other": "row"})
    return pl.concat(
        [found, _make_faults(turned, "annual_is_2080_hours", " a year and ", back)]
    )


def _make_faults(
    rows: pl.DataFrame, rule: str, between: str, after: pl.Expr | None = None
) -> pl.DataFrame:
    """Return faults: a row, the row it does not fit, and words around their quotes."""
    return rows.select(
        pl.col("row", "other").cast(pl.UInt32),
        rule=pl.lit(rule),
        between=pl.lit(between),
        after=pl.lit("") if after is None else after,
    )


def _find_tolerance(vocabulary: Vocabulary) -> pl.Expr:
    """Return how far apart rounding may bring the two figures of a year, in cents."""
    first = int(
        vocabulary.read_number("oews_rules", "hourly_annual_tolerance_first_year")
    )
    now, before = (
        int(vocabulary.read_number("oews_rules", key) * 100)
        for key in ("hourly_annual_tolerance", "hourly_annual_tolerance_before")
    )
    return pl.when(pl.col("year") >= first).then(now).otherwise(before)


def _find_unrounded_annuals(pay: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Find annual figures that are no multiple, in the years that are rounded."""
    step = int(vocabulary.read_number("oews_rules", "annual_multiple"))
    first = int(vocabulary.read_number("oews_rules", "annual_multiple_first_year"))
    uneven = pay.filter(
        pl.col("annual") == 1,
        "exact",
        pl.col("year") >= first,
        pl.col("cents") % (step * 100) != 0,
    ).with_columns(other="row")
    return _make_faults(uneven, "annual_multiple", f" is no multiple of {step}: ")


def _find_percentile_reversals(pay: pl.DataFrame) -> pl.DataFrame:
    """Find neighbouring percentiles of one cell and period that run backwards.

    A top-coded figure is at least its bound, so that it is never too low.
    """
    # Percentiles are ranks 1 to 5: below 6 the mean is left out.
    group = pl.col("cell") * 2 + pl.col("annual")
    ordered = (
        pay.filter(pl.col("rank") < 6)
        .with_columns(group=group, place=group * 8 + pl.col("rank"))
        .sort("place", maintain_order=True)
    )
    below = ordered.select(pl.all().shift().name.suffix("_below"))
    wrong = pl.concat([ordered, below], how="horizontal").filter(
        pl.col("group") == pl.col("group_below"),
        pl.col("place") > pl.col("place_below"),
        pl.col("cents") < pl.col("cents_below"),
        "exact",
    )
    pairs = wrong.with_columns(other="row_below")
    turned = wrong.select(row="row_below", other="row")
    return pl.concat(
        [
            _make_faults(pairs, "percentile_order", " is below a lower percentile, "),
            _make_faults(turned, "percentile_order", " is above a higher percentile, "),
        ]
    )
