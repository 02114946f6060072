"""Find offers that cannot be right: a wage in the wrong unit, a range backwards.

Employers type these forms. An hourly wage entered as yearly is no low wage, and is set
aside with its reason; how far a wage may go is in vocabularies/oflc_rules.csv.
"""

import polars as pl

from pipeline.core.vocabulary import Vocabulary
from schemas import Claims, DataFrame

# The row of a locator: `line=3;col=7` of a text file, `Sheet1!AB3` of a workbook.
ROW = r"(?:line=(\d+);)|(?:![A-Z]{1,3}(\d+)$)"
ORDER = ("year", "month", "fortnight", "week", "day", "hour")


def broken(claims: DataFrame[Claims], vocabulary: Vocabulary) -> pl.DataFrame:
    """Find claims that break a rule: `claim_id`, `rule`, `reason`, in that order.

    Rules: `wage_for_its_unit` (a sum outside what its period can be; the reason says
    which period would fit), `range_order` (the lower end is above the upper), and
    `far_from_prevailing` (an offer that is a fraction or a multiple of the wage that
    its own application must reach, which is another unit again).
    """
    offers = claims.lazy().filter(pl.col("measure") == "pay").collect()
    found = [
        _find_wages_outside_unit(offers, vocabulary),
        _find_reversed_ranges(offers),
        _find_disproportionate_offers(claims, offers, vocabulary),
    ]
    return pl.concat(found).sort("claim_id", "rule")


def load_wage_bounds(vocabulary: Vocabulary) -> dict[str, tuple[float, float]]:
    """Read the least and the most of each period, in dollars."""
    return {
        period: (
            float(vocabulary.read_number("oflc_rules", f"{period}_lowest")),
            float(vocabulary.read_number("oflc_rules", f"{period}_highest")),
        )
        for period in ORDER
    }


def _find_wages_outside_unit(
    offers: pl.DataFrame, vocabulary: Vocabulary
) -> pl.DataFrame:
    """Find sums that their period cannot have, with the period that could."""
    limits = load_wage_bounds(vocabulary)
    sums = pl.concat_list(pl.col("value", "low", "high").cast(pl.Float64)).list
    outside = pl.lit(value=False)
    for period, (least, most) in limits.items():
        here = (sums.min() < least) | (sums.max() > most)
        outside |= (pl.col("period") == period) & here
    odd = offers.filter(outside)
    fits = pl.lit("no period")
    # The last one set counts, so that of several that fit the longest period is named.
    for period in reversed(ORDER):
        least, most = limits[period]
        inside = (sums.min() >= least) & (sums.max() <= most)
        fits = pl.when(inside).then(pl.lit(f"a {period}")).otherwise(fits)
    return odd.select(
        "claim_id",
        rule=pl.lit("wage_for_its_unit"),
        reason=pl.format("{} is no wage for a {}; it would fit {}", "quote", "period",
                         fits),
    )  # fmt: skip


def _find_reversed_ranges(offers: pl.DataFrame) -> pl.DataFrame:
    """Find ranges that run from high to low."""
    return offers.filter(pl.col("low") > pl.col("high")).select(
        "claim_id",
        rule=pl.lit("range_order"),
        reason=pl.format("the least, {}, is above the most, {}", "low", "high"),
    )


def _find_disproportionate_offers(
    claims: pl.DataFrame, offers: pl.DataFrame, vocabulary: Vocabulary
) -> pl.DataFrame:
    """Find offers out of all proportion to the one prevailing wage of their row.

    They pass the bounds of their unit, and are in another unit all the same.
    """
    floors = claims.lazy().filter(pl.col("measure") == "prevailing_wage").collect()
    floor = _annualise_wages(floors, vocabulary).select("place", must="yearly")
    pairs = _annualise_wages(offers, vocabulary).join(
        # A row of several worksites has several floors: which one holds is not known.
        floor.unique("place", keep="none"),
        on="place",
        how="inner",
    )
    least, most = (
        float(vocabulary.read_number("oflc_rules", f"prevailing_{end}"))
        for end in ("least", "most")
    )
    ratio = pl.col("yearly") / pl.col("must")
    far = pairs.filter((ratio < least) | (ratio > most))
    return far.select(
        "claim_id",
        rule=pl.lit("far_from_prevailing"),
        reason=pl.format("{} a {} is {} times the prevailing wage of its application",
                         "quote", "period", ratio.round(2)),
    ).sort("claim_id")  # fmt: skip


def _annualise_wages(claims: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Return claims with `place` (snapshot and row) and `yearly` (a full-time year).

    Claims without a row or a period that factors.csv has are left out.
    """
    table = vocabulary.read_table("factors", "period", "times_per_year")
    times = {p: float(t) for p, t in table.select("period", "times_per_year").rows()}
    factor = pl.col("period").replace_strict(times, default=None)
    row = pl.col("locator").str.extract_groups(ROW)
    number = pl.coalesce(row.struct[0], row.struct[1])
    return claims.with_columns(
        yearly=pl.coalesce("value", "low").cast(pl.Float64) * factor,
        place=pl.concat_str("snapshot", number, separator="#"),
    ).filter(pl.col("yearly").is_not_null(), pl.col("place").is_not_null())
