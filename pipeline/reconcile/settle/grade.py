"""Grade cells from A to E by the rows of vocabularies/grades.csv, with the inputs."""

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
    inputs_by_name = {"status": pl.col("status"), "match": pl.col("match_grade"), **yes}
    grade = pl.lit(None, pl.String)
    # The first row that fits counts, and the last `otherwise` wraps the others: built
    # from the end.
    for row in reversed(table.rows(named=True)):
        terms = [inputs_by_name[i].is_in((row[i] or "").split("|")) for i in INPUTS
                 if row[i] != ANY]  # fmt: skip
        hit = pl.all_horizontal(*terms) if terms else pl.lit(value=True)
        grade = pl.when(hit).then(pl.lit(row["grade"])).otherwise(grade)
    inputs = pl.format(
        "status={};official={};primary={};match={};sources={};spread={}",
        *(inputs_by_name[i] for i in INPUTS),
        # Sources and spread decide no grade; they are there to be read beside it.
        "independent_sources",
        pl.col("spread").round(4).cast(pl.String).fill_null(""),
    )
    return cells.with_columns(grade=grade, grade_inputs=inputs)
