"""Apply merges and splits: move figures of an occupation under another code."""

from collections.abc import Sequence

import polars as pl

from pipeline.rulings.ruling_guard import digest_evidence, find_failing_term
from pipeline.rulings.ruling_row import FILE, Ruling

# Amounts are left out of the digest: a new year's figure of the same source and title
# does not put in doubt which code the title belongs to.
NAMED = ("source", "occupation")
# Cells write `?` for a code that nobody knows: `split` without `=code` leads here.
UNKNOWN = "?"


def recode_figures(
    frame: pl.DataFrame, rulings: Sequence[Ruling]
) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return the figures after every merge and split that still holds.

    Args:
        frame: The columns of `schemas.Figures`.
        rulings: Merges and splits in force; none contradicts another.

    Returns:
        The frame, rows in the same order; and id to why a ruling is not applied.
    """
    stale: dict[str, str] = {}
    # All are checked before any is applied: each was recorded against figures that no
    # ruling had moved.
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
    """Say why a merge's or split's evidence is not what its author saw, or None."""
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
    """Select the figures that a merge or split of a code would move.

    A merge moves every figure that may be of the code; a split those alone whose page
    calls the occupation by the ruling's title.
    """
    coded = pl.col("soc_candidates").str.split("|").list.contains(target)
    found = frame.filter(coded)
    if action == "merge":
        return found
    # `value` of a split is a title, or `title=code`: `Medical coder=29-2072`.
    title = value.partition("=")[0].casefold()
    return found.filter(pl.col("occupation").str.to_lowercase() == title)


def digest_witnesses(rows: pl.DataFrame) -> str:
    """Return a digest of which sources use which title for the code."""
    names = rows.select(NAMED).unique()
    return digest_evidence(names.iter_rows(named=True), NAMED)


def move_figures(frame: pl.DataFrame, ruling: Ruling) -> pl.DataFrame:
    """Return the frame with a ruling's figures under their other code and cell."""
    into = ruling.value if ruling.action == "merge" else ruling.value.partition("=")[2]
    ids = select_affected(frame, ruling.action, ruling.target, ruling.value)["claim_id"]
    hit = pl.col("claim_id").is_in(ids.to_list())
    codes = pl.col("soc_candidates").str.split("|").list
    rest = codes.set_difference(pl.lit([ruling.target]))
    new_codes = rest.list.concat(pl.lit([into])) if into else rest
    joined = new_codes.list.unique().list.sort().list.join("|").replace("", None)
    # A figure with several candidate codes has no `soc` of its own: see
    # `schemas.Figures`.
    several = pl.col("soc_candidates").str.contains("|", literal=True)
    one = pl.when(~several).then("soc_candidates")
    moved = frame.with_columns(
        soc_candidates=pl.when(hit).then(joined).otherwise("soc_candidates")
    ).with_columns(soc=pl.when(hit).then(one).otherwise("soc"))
    new_cell = pl.concat_str(
        pl.coalesce("soc_candidates", pl.lit(UNKNOWN)),
        # The first part of a cell's key is its code: `29-2072/US/all/...`.
        pl.col("cell").str.replace(r"^[^/]*", ""),
    )
    return moved.with_columns(cell=pl.when(hit).then(new_cell).otherwise("cell"))
