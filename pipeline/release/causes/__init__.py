"""Why a curated value changed: the run made again with one input exchanged at a time.

A release is a function of stored bodies, vocabularies and code, and all three are kept
(raw/, curated/inputs/). From the old release to the new one the inputs are exchanged
one kind after the other; what a step changes has that kind as its cause. The steps
telescope: for every cell they add up to the whole difference.
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

# In the order of exchange: what the world said, then what we made of it.
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
    """One row per changed value of `salaries` and step: the columns of CAUSES.

    A step whose mixture does not run (new code that needs a new vocabulary) is taken
    together with the next one; its cause names both, joined by `+`.

    Args:
        home: Where raw/ and the kept inputs are.
        old: Release before.
        new: Release after.
        vocabulary: causes.csv tells which vocabulary is of which kind.
        rerun: Makes the salaries of a mixture; a process of its own by default.

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
    """Values that one step changed; rows that came or went are values too."""
    said = find_changes({"salaries": before}, {"salaries": after})
    gone = before.join(
        said.removed["salaries"].rename({"key": "cell"}), on="cell", how="semi"
    )
    rows = [
        said.values,
        describe_whole_rows(said.added["salaries"], "new"),
        describe_whole_rows(gone.sort("cell"), "old"),
    ]
    return pl.concat(rows).with_columns(
        cause=pl.lit(cause), step=pl.lit(number, pl.Int64)
    )


def describe_whole_rows(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    """Rows that only one side has, as one value each: the figure, range or mark."""
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
    """Vocabulary file to `policy` or `ruling`; every other is `vocabulary`."""
    table = vocabulary.read_table("causes", "file", "cause")
    return dict(table.select("file", "cause").iter_rows())


def is_kind_changed(
    kind: str, old: Release, new: Release, kinds: Mapping[str, str]
) -> bool:
    """Whether the inputs of this kind are not the same in both releases."""
    a, b = old.manifest, new.manifest
    if kind == "code":
        return bool(a["code_sha256"] != b["code_sha256"])
    if kind in ("source_revision", "new_data"):
        before, after = index_snapshots(a), index_snapshots(b)
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
