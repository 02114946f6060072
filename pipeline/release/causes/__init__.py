"""Find why a curated value changed: run again with one input exchanged at a time.

A release is a function of stored bodies, vocabularies and code, and all three are kept
(raw/, curated/inputs/). From the old release to the new one the inputs are exchanged
one kind after the other; what a step changes has that kind as its cause. Each step
begins where the one before it ended, so that for every cell the steps add up to the
whole difference.
"""

from collections.abc import Callable, Mapping

import polars as pl

from pipeline.core.errors import RunFailed
from pipeline.core.store import Home
from pipeline.core.vocabulary import Vocabulary
from pipeline.query.published import Release
from pipeline.release.causes.mixed_run import (
    InputMixture,
    index_snapshots,
    rerun_salaries,
)
from pipeline.release.publish.changes import VALUES, find_changes

# In the order of exchange: first what was published, then what this project makes of
# it. So a value that both would change has the publication as its cause.
KINDS = ("source_revision", "new_data", "vocabulary", "policy", "ruling", "code")
CAUSES = {**VALUES, "cause": pl.String, "step": pl.Int64}
ENDS = ("low", "high")


Rerun = Callable[[Home, InputMixture, Mapping[str, str]], pl.DataFrame]


def find_causes(
    home: Home,
    old: Release,
    new: Release,
    vocabulary: Vocabulary,
    rerun: Rerun | None = None,
) -> pl.DataFrame:
    """Find the steps that changed each value of `salaries`.

    A step whose mixture does not run (new code that needs a new vocabulary) is taken
    together with the next one; its cause names both, joined by `+`.

    Args:
        home: Where raw/ and the kept inputs are.
        old: Release before.
        new: Release after.
        vocabulary: causes.csv tells which vocabulary is of which kind.
        rerun: Makes the salaries of a mixture; a process of its own by default.

    Returns:
        The columns of CAUSES: one row per changed value and step, sorted by `key`,
        `column` and `step`. `old` and `new` are text; `step` counts from 1.

    Raises:
        NotFound: A kept input of one of the releases is gone.
    """
    again = rerun or rerun_salaries
    kinds = read_cause_kinds(vocabulary)
    waiting: list[str] = []
    done: tuple[str, ...] = ()
    before = old.scan_table("salaries").collect()
    found = [pl.DataFrame(schema=CAUSES)]
    steps = [k for k in KINDS if is_kind_changed(k, old, new, kinds)]
    for number, kind in enumerate(steps, 1):
        waiting.append(kind)
        done = (*done, kind)
        # With every kind exchanged the mixture is the new release, which is there
        # already: a run less, and the sum ends at the published values.
        if number == len(steps):
            after = new.scan_table("salaries").collect()
        else:
            try:
                after = again(home, InputMixture(old, new, done), kinds)
            except RunFailed:
                continue
        found.append(list_step_changes(before, after, "+".join(waiting), number))
        before, waiting = after, []
    return pl.concat(found).sort("key", "column", "step")


def list_step_changes(
    before: pl.DataFrame, after: pl.DataFrame, cause: str, number: int
) -> pl.DataFrame:
    """List the values that one step changed: the columns of CAUSES.

    A row that came or went is one value, of the column `row`.
    """
    changes = find_changes({"salaries": before}, {"salaries": after})
    # Kept changes name removed rows by key alone; their figures are still in `before`.
    gone = before.join(
        changes.removed["salaries"].rename({"key": "cell"}), on="cell", how="semi"
    )
    rows = [
        changes.values,
        describe_whole_rows(changes.added["salaries"], "new"),
        describe_whole_rows(gone.sort("cell"), "old"),
    ]
    return pl.concat(rows).with_columns(
        cause=pl.lit(cause), step=pl.lit(number, pl.Int64)
    )


def describe_whole_rows(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    """Describe rows that only one side has by one value each: the columns of VALUES.

    Args:
        rows: Of `salaries`.
        side: `old` or `new`, the column that gets the figure, the range or the mark.
    """
    other = "old" if side == "new" else "new"
    bounds = [pl.col(f"annual_{end}").cast(pl.String).fill_null("") for end in ENDS]
    ranged = pl.any_horizontal(pl.col(f"annual_{end}").is_not_null() for end in ENDS)
    figure = (
        pl.when(pl.col("annual").is_not_null())
        .then(pl.col("annual").cast(pl.String))
        .when(ranged)
        .then(pl.concat_str(bounds, separator="-"))
        .otherwise(pl.col("availability"))
    )
    return rows.select(
        pl.lit("salaries").alias("table"),
        key="cell",
        column=pl.lit("row"),
        **{side: figure, other: pl.lit(None, pl.String)},
    ).select(list(VALUES))


def read_cause_kinds(vocabulary: Vocabulary) -> dict[str, str]:
    """Read which vocabulary files are a `policy` or a `ruling`, by file name.

    A file that causes.csv does not name is a `vocabulary`.
    """
    table = vocabulary.read_table("causes", "file", "cause")
    return dict(table.select("file", "cause").iter_rows())


def is_kind_changed(
    kind: str, old: Release, new: Release, kinds: Mapping[str, str]
) -> bool:
    """Tell whether the inputs of this kind differ between the releases."""
    a, b = old.manifest, new.manifest
    if kind == "code":
        return bool(a["code_sha256"] != b["code_sha256"])
    if kind in ("source_revision", "new_data"):
        before, after = index_snapshots(a), index_snapshots(b)
        # The same file with other bytes is a revision; a file that only one side has
        # is new data. A release may have both at once, as two causes.
        both = before.keys() & after.keys()
        if kind == "new_data":
            return before.keys() != after.keys()
        return any(before[f]["sha256"] != after[f]["sha256"] for f in both)
    names = a["vocabularies"].keys() | b["vocabularies"].keys()
    return any(
        a["vocabularies"].get(name) != b["vocabularies"].get(name)
        for name in names
        if kinds.get(name, "vocabulary") == kind
    )
