"""Occupations that a person joined or parted: figures under another code."""

from collections.abc import Sequence

import polars as pl

from pipeline.rulings.ruling_guard import digest_evidence, find_failing_term
from pipeline.rulings.ruling_row import FILE, Ruling

NAMED = ("source", "occupation")
UNKNOWN = "?"


def recode_figures(
    frame: pl.DataFrame, rulings: Sequence[Ruling]
) -> tuple[pl.DataFrame, dict[str, str]]:
    """Figures after every merge and split that still holds.

    Args:
        frame: The columns of `schemas.Figures`.
        rulings: Merges and splits in force; none contradicts another.

    Returns:
        The frame, rows in the same order; and id to why a ruling is not applied.
    """
    stale: dict[str, str] = {}
    applied = []
    for ruling in rulings:
        why = explain_gone(frame, ruling)
        if why is None:
            applied.append(ruling)
        else:
            stale[ruling.id] = why
    for ruling in applied:
        frame = move_figures(frame, ruling)
    return frame, stale


def explain_gone(frame: pl.DataFrame, ruling: Ruling) -> str | None:
    """Why the evidence of a merge or split is no longer what its author saw."""
    rows = select_affected(frame, ruling.action, ruling.target, ruling.value)
    if not rows.height:
        return f"no figure has the code {ruling.target} and that title any more"
    if digest_witnesses(rows) != ruling.saw:
        return "other sources or titles stand under the code than its author saw"
    where = f"{ruling.id} in {FILE}"
    facts = {"figures": rows.height, "soc": ruling.target}
    return find_failing_term(ruling.expect, facts, where)


def select_affected(
    frame: pl.DataFrame, action: str, target: str, value: str
) -> pl.DataFrame:
    """Figures that a merge or split of a code would move."""
    coded = pl.col("soc_candidates").str.split("|").list.contains(target)
    found = frame.filter(coded)
    if action == "merge":
        return found
    title = value.partition("=")[0].casefold()
    return found.filter(pl.col("occupation").str.to_lowercase() == title)


def digest_witnesses(rows: pl.DataFrame) -> str:
    """Digest of who names the code how."""
    names = rows.select(NAMED).unique()
    return digest_evidence(names.iter_rows(named=True), NAMED)


def move_figures(frame: pl.DataFrame, ruling: Ruling) -> pl.DataFrame:
    """Put a ruling's figures under their other code; cells are named anew."""
    into = ruling.value if ruling.action == "merge" else ruling.value.partition("=")[2]
    ids = select_affected(frame, ruling.action, ruling.target, ruling.value)["claim_id"]
    hit = pl.col("claim_id").is_in(ids.to_list())
    codes = pl.col("soc_candidates").str.split("|").list
    rest = codes.set_difference(pl.lit([ruling.target]))
    told = rest.list.concat(pl.lit([into])) if into else rest
    joined = told.list.unique().list.sort().list.join("|").replace("", None)
    several = pl.col("soc_candidates").str.contains("|", literal=True)
    one = pl.when(~several).then("soc_candidates")
    there = frame.with_columns(
        soc_candidates=pl.when(hit).then(joined).otherwise("soc_candidates")
    ).with_columns(soc=pl.when(hit).then(one).otherwise("soc"))
    question = pl.concat_str(
        pl.coalesce("soc_candidates", pl.lit(UNKNOWN)),
        pl.col("cell").str.replace(r"^[^/]*", ""),
    )
    return there.with_columns(cell=pl.when(hit).then(question).otherwise("cell"))
