"""Find where two files of one edition of an official source differ: neither wins.

Which of them came later says nothing, as they were kept by hand or on one day; their
digests say less.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.evidence.publishers import Publishers
from pipeline.reconcile.within_page import Contradiction

Row = Mapping[str, Any]
WHY = "split_edition"
# One question to one edition: answers in other units are compared apart.
QUESTION = ("source", "cell", "reference_period", "period")


def find_split_editions(
    figures: pl.DataFrame, vocabulary: Vocabulary, files: Mapping[str, str]
) -> Iterator[Contradiction]:
    """Yield a conflict for each two files of one edition with other values of a cell.

    Args:
        figures: `schemas.Figures`.
        vocabulary: Which publishers are official.
        files: Snapshot id to the name of its file.
    """
    questions: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in select_split_figures(figures, vocabulary).iter_rows(named=True):
        questions[tuple(row[name] for name in QUESTION)].append(row)
    by_files: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for rows in questions.values():
        # Of each file its first figure of the question.
        first = {row["snapshot"]: row for row in reversed(rows)}
        edition = str(rows[0]["reference_period"])
        by_files[edition, *sorted(first)] += [first[name] for name in sorted(first)]
    for (edition, *snapshots), rows in sorted(by_files.items()):
        names = " and ".join(files.get(name, name) for name in snapshots)
        cells = len({row["cell"] for row in rows})
        said = f"{edition}|{cells}|{names}"
        yield Contradiction("value_conflict", tuple(rows), WHY, said)


def select_split_figures(figures: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Select the official figures whose own edition gives another, by place."""
    official = sorted(Publishers.from_vocabulary(vocabulary).official)
    # A figure without an edition, or withheld in one of the files, contradicts none.
    is_own = (
        pl.col("primary")
        & pl.col("publisher").is_in(official)
        & pl.col("reference_period").is_not_null()
        & pl.col("as_published").is_not_null()
    )
    # Only these columns are copied: files of one question are rare.
    narrow = figures.lazy().filter(is_own)
    own = narrow.select(*QUESTION, "as_published", "snapshot").collect()
    files = own.group_by(QUESTION).agg(of=pl.col("snapshot").n_unique())
    several = files.filter(pl.col("of") > 1)
    if several.is_empty():
        return figures.clear()
    # Of one file two rows may be of one cell: a broad occupation and its only detailed
    # one. Files differ where no value is in all of them.
    told = own.join(several, on=QUESTION, nulls_equal=True)
    told = told.group_by(*QUESTION, "as_published", "of").agg(
        among=pl.col("snapshot").n_unique()
    )
    agreed = told.filter(pl.col("among") == pl.col("of"))
    split = several.join(agreed, on=QUESTION, how="anti", nulls_equal=True)
    whole = figures.filter(is_own).join(
        split, on=QUESTION, how="semi", nulls_equal=True
    )
    return whole.sort("cell", "snapshot", "claim_id")
