"""Grades A to E, by the rows of vocabularies/grades.csv, with what made them."""

import polars as pl

from pipeline.core.vocabulary import Vocabulary

ANY = "*"
INPUTS = ("status", "official", "primary", "match")


def add_grades(cells: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Add `grade` and `grade_inputs`; the first row that fits counts.

    Args:
        cells: `status`, `official`, `primary`, `match_grade`, `independent_sources`,
            `spread`.
        vocabulary: With the table `grades`.
    """
    table = vocabulary.read_table("grades", "grade", *INPUTS)
    yes = {name: pl.when(name).then(pl.lit("yes")).otherwise(pl.lit("no"))
           for name in ("official", "primary")}  # fmt: skip
    said = {"status": pl.col("status"), "match": pl.col("match_grade"), **yes}
    grade = pl.lit(None, pl.String)
    for row in reversed(table.rows(named=True)):
        terms = [said[i].is_in((row[i] or "").split("|")) for i in INPUTS
                 if row[i] != ANY]  # fmt: skip
        hit = pl.all_horizontal(*terms) if terms else pl.lit(value=True)
        grade = pl.when(hit).then(pl.lit(row["grade"])).otherwise(grade)
    inputs = pl.format(
        "status={};official={};primary={};match={};sources={};spread={}",
        *(said[i] for i in INPUTS),
        "independent_sources",
        pl.col("spread").round(4).cast(pl.String).fill_null(""),
    )
    return cells.with_columns(grade=grade, grade_inputs=inputs)
