"""Take pairs of figures down the ladder of explanations before calling one a conflict.

Every two figures of one occupation are compared: is it the same statistic, pay concept,
area, occupation, population, band of years, date after ageing? Is one a copy of the
other, or the other rounded or in another unit; do sampling errors allow for the gap?
The first rung (vocabularies/rungs.csv) on which they differ explains the gap; what no
rung explains is unexplained. Bands of experience are joined on years, never on labels.
"""

from collections.abc import Mapping
from math import log

import polars as pl

from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.evidence.matching import MatchTolerances

MOST_PER_OCCUPATION = 600  # figures: more pairs of it do not change the shares
# Every pair of 400 figures of each of 10,000 occupations is 800 million: 50,000 figures
# took 7 GB and 28 s, and take 1.2 GB and 2.2 s with this bound.
MOST_PAIRS = 1_000_000  # of all occupations together: some GB while they are compared
STANDARD_ERRORS = 2.0  # by which two figures may differ by chance: 95 times in 100
UNSTATED = "unspecified"
CARRIED = (
    "claim_id", "snapshot", "publisher", "soc_candidates", "area_code", "statistic",
    "pay_basis", "year", "currency", "people", "years", "low", "high", "aged_low",
    "aged_high", "sampling", "ageing_sd", "grain", "cell",
)  # fmt: skip
# Matches `experience=2-5` anywhere in a cohort such as `credential=cpc;experience=2-5`.
EXPERIENCE = r"(?:^|;)(experience=[^;]*)"


def explain_pairs(
    figures: pl.DataFrame, bulk: frozenset[str], vocabulary: Vocabulary
) -> pl.DataFrame:
    """Return every pair of figures of one occupation with the rung of its gap.

    Args:
        figures: `schemas.Figures`.
        bulk: Publishers whose own tables are loaded whole: their figures are paired
            with what pages say of the same place, and not with one another.
        vocabulary: Grains and unit factors.

    Returns:
        `one`, `other` (claim ids), `cell`, `other_cell`, `rung`, `gap` (of logs, at
        one date where both are dated), sorted; a pair once.
    """
    measures = MatchTolerances.from_vocabulary(vocabulary)
    figures = limit_figures(figures, bulk)
    in_bulk = figures["primary"] & figures["publisher"].is_in(bulk)
    prepared = prepare_figures(figures, measures).with_columns(bulk=in_bulk)
    by_code = prepared.filter(~pl.col("bulk")).explode("soc").drop_nulls("soc")
    quoted = by_code.sort("soc", "claim_id").filter(
        pl.int_range(pl.len()).over("soc") < MOST_PER_OCCUPATION
    )
    # Tables take part with their yearly figures of all workers: hourly ones are the
    # same figures once more.
    tables = prepared.filter("bulk", pl.col("people") == "", pl.col("period") == "year")
    tables = select_table_years(tables.explode("soc"), quoted)
    names = [*CARRIED, "soc"]
    left = quoted.select(names)
    among = left.join(left, on=["soc", "currency"], suffix="_b").filter(
        pl.col("claim_id") < pl.col("claim_id_b")
    )
    # A key of a join appears once: the ladder looks for both.
    against = left.join(
        tables.select(names), on=["soc", "currency", "area_code"], suffix="_b"
    ).with_columns(area_code_b=pl.col("area_code"))
    pairs = [f.with_columns(currency_b="currency") for f in (among, against)]
    joined = pl.concat(pairs, how="diagonal").unique(["claim_id", "claim_id_b"])
    return (
        joined.with_columns(gap=gap_on_logs())
        .with_columns(rung=first_difference(measures))
        .select(
            "rung",
            one="claim_id",
            other="claim_id_b",
            cell="cell",
            other_cell="cell_b",
            gap=pl.col("gap").round(6),
        )
        .sort("one", "other")
    )


def limit_figures(figures: pl.DataFrame, bulk: frozenset[str]) -> pl.DataFrame:
    """Return the figures without those beyond the pairs that are compared at all.

    Where many occupations have many figures each, an equal number of every one's, by
    claim id: the shares of the rungs are then those of a sample.
    """
    table = pl.col("primary") & pl.col("publisher").is_in(bulk)
    jobs = figures.filter(~table).select(
        "claim_id", soc=pl.col("soc_candidates").str.split("|")
    )
    jobs = jobs.explode("soc").drop_nulls().sort("soc", "claim_id")
    # n figures make n^2 / 2 pairs: this many of each occupation make MOST_PAIRS.
    most = max(int((2 * MOST_PAIRS / max(jobs["soc"].n_unique(), 1)) ** 0.5), 2)
    kept = jobs.filter(
        pl.int_range(pl.len()).over("soc") < min(most, MOST_PER_OCCUPATION)
    )
    if kept.height == jobs.height:
        return figures
    limited = figures.join(kept.select("claim_id").unique(), on="claim_id", how="semi")
    socs = kept["soc"].unique().implode()
    return pl.concat([limited, figures.filter(table, pl.col("soc").is_in(socs))])


def prepare_figures(figures: pl.DataFrame, measures: MatchTolerances) -> pl.DataFrame:
    """Add the columns that the rungs compare, amounts as floats."""
    ends = {
        "low": pl.coalesce("annual", "annual_low", "annual_high"),
        "high": pl.coalesce("annual", "annual_high", "annual_low"),
    }
    rate = (pl.col("aged") / pl.col("annual")).cast(pl.Float64)
    # Ranges have no aged amount of their own: they are aged by the factor of the first
    # point of their period.
    by_date = rate.drop_nulls().first().over("reference_period")
    number = {k: v.cast(pl.Float64) for k, v in ends.items()}
    # An error that was assumed for want of a published one must not explain a gap.
    published = pl.col("se_source").str.starts_with("published")
    return figures.with_columns(
        **number,
        people=pl.col("cohort").str.replace(EXPERIENCE, "").str.strip_chars(";"),
        years=pl.col("cohort").str.extract(EXPERIENCE),
        sampling=pl.when(published).then("se_log").otherwise(0.0),
        soc=pl.col("soc_candidates").str.split("|"),
        rate=by_date,
    ).with_columns(
        people=pl.when(pl.col("people") == "all").then(pl.lit("")).otherwise("people"),
        aged_low=pl.col("low") * pl.col("rate"),
        aged_high=pl.col("high") * pl.col("rate"),
        grain=grain_of_column(pl.col("low"), measures),
    )


def grain_of_column(amount: pl.Expr, measures: MatchTolerances) -> pl.Expr:
    """Return the largest round number that divides an amount; 1 where none does."""
    found = pl.lit(1.0)
    for step in sorted(float(g) for g in measures.grains if g > 1):
        found = pl.when(amount % step == 0).then(pl.lit(step)).otherwise(found)
    return found


def select_table_years(tables: pl.DataFrame, quoted: pl.DataFrame) -> pl.DataFrame:
    """Select the years of a publisher's tables that pages name, and the newest."""
    named = quoted["year"].drop_nulls().unique().to_list()
    newest = pl.col("year") == pl.col("year").max().over("publisher", "soc")
    return tables.filter(newest | pl.col("year").is_in(named))


def gap_on_logs() -> pl.Expr:
    """Return the larger gap of the two ends, on logs, at one date where dated."""
    dated = pl.col("aged_low").is_not_null() & pl.col("aged_low_b").is_not_null()
    apart = [
        pl.when(dated)
        .then((pl.col(f"aged_{end}") / pl.col(f"aged_{end}_b")).log().abs())
        .otherwise((pl.col(end) / pl.col(f"{end}_b")).log().abs())
        for end in ("low", "high")
    ]
    return pl.max_horizontal(apart)


def first_difference(measures: MatchTolerances) -> pl.Expr:
    """Return the name of the first rung on which the two differ."""
    nominal = pl.max_horizontal(
        [(pl.col(end) / pl.col(f"{end}_b")).log().abs() for end in ("low", "high")]
    )
    sampling = (pl.col("sampling") ** 2 + pl.col("sampling_b") ** 2).sqrt()
    ageing = pl.col("ageing_sd").fill_null(0.0) + pl.col("ageing_sd_b").fill_null(0.0)
    dated = pl.col("year").is_not_null() & pl.col("year_b").is_not_null()
    undated = pl.col("year").is_null() | pl.col("year_b").is_null()
    step = pl.max_horizontal("grain", "grain_b")
    within_grain = (pl.col("low") - pl.col("low_b")).abs() < step
    equal = nominal == 0
    same_publisher = pl.col("publisher") == pl.col("publisher_b")
    units = [abs(log(float(f))) for f in measures.factors]
    # The first case that holds counts; tests/test_align.py has a pair for each.
    cases = [
        (is_different("statistic"), "statistic"),
        (is_different("pay_basis", UNSTATED), "pay_concept"),
        (~pl.col("area_code").eq_missing(pl.col("area_code_b")), "area"),
        (~pl.col("years").eq_missing(pl.col("years_b")), "experience"),
        (is_different("people"), "population"),
        (equal & same_publisher, "copy"),
        (equal, "same"),
        (is_different("soc_candidates"), "occupation"),
        (within_grain & (step > float(measures.finest)), "rounding"),
        (dated & is_different("year")
         & (pl.col("gap") <= STANDARD_ERRORS * (ageing + sampling)), "date"),
        # An undated figure may be old: `undated_gap` is three years of 3.5 % growth.
        (undated & (nominal <= float(measures.undated_gap)), "date"),
        (pl.any_horizontal([(nominal - u).abs() < float(measures.factor_slack)
                            for u in units]), "unit"),
        (pl.col("gap") <= STANDARD_ERRORS * sampling, "sampling"),
    ]  # fmt: skip
    rung = pl.lit("unexplained")
    for when, name in reversed(cases):
        rung = pl.when(when).then(pl.lit(name)).otherwise(rung)
    return rung


def is_different(name: str, unsaid: str | None = None) -> pl.Expr:
    """Return whether both say it, and not the same."""
    one, other = pl.col(name), pl.col(f"{name}_b")
    both_said = one.is_not_null() & other.is_not_null()
    if unsaid is not None:
        both_said &= (one != unsaid) & (other != unsaid)
    return (both_said & (one != other)).fill_null(value=False)


def share_by_rung(found: pl.DataFrame, vocabulary: Vocabulary) -> Mapping[str, object]:
    """Return the pairs, and the share that each rung explains, in the file's order."""
    counts = dict(found.group_by("rung").len().iter_rows())
    total = found.height
    table = (
        vocabulary.read_table("rungs", "rung", "class").select("rung", "class").rows()
    )
    return {
        "pairs": total,
        "rungs": [
            {
                "rung": name,
                "class": kind,
                "pairs": counts.get(name, 0),
                "share": round(counts.get(name, 0) / total, 6) if total else 0.0,
            }
            for name, kind in table
        ],
    }
