"""Make comparable draft figures of claims: occupation, area, cohort, pay and date.

No source is named here: what a publisher measures is a row of the vocabulary
`publishers`, what a title means a row of vocabularies/titles.csv, what an hour is worth
in a year a row of vocabularies/factors.csv. Nothing is judged and nothing is dropped:
what cannot be matched is marked (`none`, `ambiguous`, `?`), and `validate` decides.
"""

from collections.abc import Mapping

import polars as pl

from pipeline.core.tables import column_types
from pipeline.core.vocabulary import Vocabulary
from pipeline.normalise.ageing import add_aged_pay
from pipeline.normalise.annual_pay import add_annual_pay
from pipeline.normalise.area import add_area_codes
from pipeline.normalise.cohort import make_cohort
from pipeline.normalise.occupation import match_occupations
from pipeline.normalise.publisher import add_publisher
from pipeline.normalise.standard_errors import add_standard_errors
from schemas import Claims, DataFrame, Figures

UNKNOWN = "?"  # in a cell id, where a part of the question is not known


def normalise(
    claims: DataFrame[Claims], vocabulary: Vocabulary, editions: Mapping[str, str]
) -> pl.DataFrame:
    """Make draft figures: one row for each pay level that is not an illustration.

    Args:
        claims: As read from the sources, or extracted from pages.
        vocabulary: Titles, areas, publishers, factors, tolerances.
        editions: Snapshot id to edition; dates a publisher's own undated page.

    Returns:
        The columns of `schemas.Figures`, unchecked, in the order of the claims.

    Raises:
        UnknownLabel: A period has no row in vocabularies/factors.csv, or the date that
            pay is aged to lies beyond the wage index.
    """
    levels = claims.filter((pl.col("kind") == "pay_level") & ~pl.col("hypothetical"))
    draft = levels.with_columns(assumed=pl.lit("")).pipe(add_publisher, vocabulary)
    draft = draft.pipe(match_occupations, vocabulary).pipe(add_area_codes, vocabulary)
    draft = draft.pipe(add_year, editions).with_columns(cohort=make_cohort())
    draft = draft.pipe(add_annual_pay, vocabulary).pipe(add_aged_pay, vocabulary)
    draft = draft.pipe(add_standard_errors, claims, vocabulary)
    assumed = pl.col("assumed").str.strip_chars(",")
    return draft.with_columns(
        cell=make_cell_id(), assumed=pl.when(assumed != "").then(assumed)
    ).select(*column_types(Figures))


def add_year(draft: pl.DataFrame, editions: Mapping[str, str]) -> pl.DataFrame:
    """Add `year` and `is_year_known`: of the reference period, else of the edition.

    The edition counts for a publisher's own page alone, and `assumed` names the year
    then; a quoted figure may be of any year before the page that quotes it.
    """
    stated = pl.col("reference_period").str.slice(0, 4).cast(pl.Int32)
    edition = (
        pl.col("snapshot")
        .replace_strict(dict(editions), default=None, return_dtype=pl.String)
        .str.extract(r"^(\d{4})")
        .cast(pl.Int32)
    )
    assume = stated.is_null() & pl.col("primary") & edition.is_not_null()
    year = pl.when(assume).then(edition).otherwise(stated)
    return draft.with_columns(
        year=year,
        is_year_known=year.is_not_null(),
        assumed=note_assumed(assume, "year"),
    )


def note_assumed(when: pl.Expr, field: str) -> pl.Expr:
    """Make an expression of `assumed` with one more field where a default was used.

    Args:
        when: Whether it was, for each row.
        field: Name of the column that it went into.
    """
    return pl.col("assumed") + pl.when(when).then(pl.lit(f"{field},")).otherwise(
        pl.lit("")
    )


def make_cell_id() -> pl.Expr:
    """Make an expression of the id of the question that a figure answers.

    SOC code or codes, area, cohort, pay basis, statistic and year, as in
    `29-2098/US/all/base/median/2023`.
    """
    codes = pl.coalesce("soc", "soc_candidates", pl.lit(UNKNOWN))
    area = pl.coalesce("area_code", pl.lit(UNKNOWN))
    year = pl.coalesce(pl.col("year").cast(pl.String), pl.lit(UNKNOWN))
    parts = [codes, area, pl.col("cohort", "pay_basis", "statistic"), year]
    return pl.concat_str(parts, separator="/")
