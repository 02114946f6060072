"""Hold rulings against today's evidence: which are followed, and why others are not."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import polars as pl

from pipeline.core.tables import make_frame
from pipeline.rulings.ruling_guard import (
    digest_evidence,
    find_failing_term,
    parse_number,
    parse_range,
)
from pipeline.rulings.ruling_row import FILE, UNDO, Ruling, select_standing
from schemas import Rulings

# The sentence and the ids of claims are left out: a page that was saved again gets new
# ids, and reworded sentences are no new conflict.
CONFLICT = ("source", "type", "cells", "published", "reference", "difference")
OPEN_STATES = ("open", "explained")
COPIED = "copied_figure"
# The id of a claim is `<snapshot>#<locator>`; that of a conflict has several, by `+`.
SNAPSHOT_OF_CLAIM = re.compile(r"(?:^|\+)([0-9a-f]{12})#")


@dataclass(frozen=True)
class CellDecisions:
    """What rulings on cells do to the settlement.

    Args:
        chosen: Claim id to the id of the ruling that chooses it.
        excluded: Claim id to the reason code that takes it out.
        stale: Id of a ruling to why it is not applied.
    """

    chosen: Mapping[str, str] = field(default_factory=dict)
    excluded: Mapping[str, str] = field(default_factory=dict)
    stale: Mapping[str, str] = field(default_factory=dict)


def decide_on_cells(
    rulings: Sequence[Ruling], figures: pl.DataFrame, salaries: pl.DataFrame
) -> CellDecisions:
    """Decide which rulings on cells are followed, and what they choose.

    Args:
        rulings: Overrides and exclusions in force.
        figures: `schemas.Figures`, merges and corrections done.
        salaries: `schemas.Salaries` of the targets, as they are without rulings.
    """
    cells = {row["cell"]: row for row in salaries.iter_rows(named=True)}
    inside: dict[str, list[dict[str, Any]]] = {cell: [] for cell in cells}
    # Sorted, so that the digest and the claim that is found do not depend on the order
    # of the input.
    rows = figures.filter(pl.col("cell").is_in(list(cells))).sort("claim_id")
    for row in rows.iter_rows(named=True):
        inside[row["cell"]].append(row)
    chosen: dict[str, str] = {}
    excluded: dict[str, str] = {}
    stale: dict[str, str] = {}
    for ruling in rulings:
        cell = cells.get(ruling.target)
        if cell is None:
            stale[ruling.id] = "no figure answers that question any more"
            continue
        claim = find_ruled_claim(ruling.value, inside[ruling.target])
        why = explain_change(ruling, cell, inside[ruling.target])
        if claim is None:
            stale[ruling.id] = f"no figure of the cell is {ruling.value} any more"
        elif why is not None:
            stale[ruling.id] = why
        elif ruling.action == "override":
            chosen[claim] = ruling.id
        else:
            excluded[claim] = "ruled_out"
    return CellDecisions(chosen, excluded, stale)


def find_ruled_claim(value: str, rows: Iterable[Mapping[str, Any]]) -> str | None:
    """Return the claim that a ruling names by its id, amount or range, or None.

    A range is written as its yearly ends: `45,000-60,000`. Of several with the amount
    the publisher's own figure is taken before a quote, then the first by id.
    """
    amount, ends = parse_number(value), parse_range(value)
    found = [
        (not row["primary"], row["claim_id"])
        for row in rows
        if row["claim_id"] == value
        # A person may name the amount that the page prints, `24.59` an hour, or the
        # yearly one.
        or (amount is not None and amount in (row["annual"], row["as_published"]))
        or (ends is not None and ends == (row["annual_low"], row["annual_high"]))
    ]
    return min(found)[1] if found else None


def explain_change(
    ruling: Ruling, target: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]
) -> str | None:
    """Say why a ruling's evidence is not what its author saw, or None."""
    fault = find_failing_term(ruling.expect, target, f"{ruling.id} in {FILE}")
    if fault is not None:
        return fault
    return (
        None
        if digest_evidence(rows) == ruling.saw
        else "the figures of the cell have changed"
    )


def update_discrepancies(
    discrepancies: pl.DataFrame,
    accepted: Sequence[Ruling],
    day: str,
    copied: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return the discrepancies with the state that rulings give them.

    open or explained -> accepted, while a ruling holds and the conflict is as its
    author saw it; accepted -> reopened, when it changed or the ruling expired; and
    accepted -> fixed upstream, when the page no longer says it.

    Args:
        discrepancies: `schemas.Discrepancies`.
        accepted: Rulings of the action `accept` that nobody took back.
        day: ISO day of the newest snapshot.
        copied: Snapshot to the ids of the conflicts that its group of copies is.

    Returns:
        The table; and id of a ruling to its state (`in_force`, `stale`, `expired`,
        `fixed_upstream`).
    """
    if not accepted:
        return discrepancies, {}
    rows = discrepancies.rows(named=True)
    by_id = {row["discrepancy_id"]: row for row in rows}
    by_look = {digest_evidence([row], CONFLICT): row for row in rows}
    status: dict[str, str] = {}
    states: dict[str, str] = {}
    for ruling in accepted:
        # By what it looked like first: where a claim's id changed, the id of its
        # discrepancy did too, and the conflict is still the accepted one. By id second:
        # the same conflict with other numbers is one to reopen.
        # Of copies, whose group got or lost a page, by its pages last.
        row = by_look.get(ruling.saw) or by_id.get(ruling.target)
        row = row or by_id.get(find_copies_conflict(ruling.target, copied))
        if row is None:
            states[ruling.id] = "fixed_upstream"
            continue
        same = digest_evidence([row], CONFLICT) == ruling.saw
        holds = same and not find_failing_term(
            ruling.expect, row, f"{ruling.id} in {FILE}"
        )
        states[ruling.id] = ruling_state(holds=holds, not_expired=ruling.expires >= day)
        # Of two rulings on one conflict, one that holds is enough; a stale one does not
        # reopen what the other accepts.
        if status.get(row["discrepancy_id"]) != "accepted":
            held = states[ruling.id] == "in_force"
            status[row["discrepancy_id"]] = "accepted" if held else "reopened"
    new_status = pl.col("discrepancy_id").replace_strict(
        status, default=pl.col("status"), return_dtype=pl.String
    )
    return discrepancies.with_columns(status=new_status), states


def find_copies_conflict(target: str, copied: Mapping[str, Sequence[str]]) -> str:
    """Return the conflict of most of the pages that a former one was of, or ""."""
    kind, _, claims = target.partition(":")
    if kind != COPIED:
        return ""
    found = Counter(
        conflict
        for snapshot in dict.fromkeys(SNAPSHOT_OF_CLAIM.findall(claims))
        for conflict in copied.get(snapshot, ())
    )
    return min(found, key=lambda conflict: (-found[conflict], conflict), default="")


def ruling_state(*, holds: bool, not_expired: bool) -> str:
    """Return the state of a ruling with a target: expired, in_force or stale."""
    if not not_expired:
        return "expired"
    return "in_force" if holds else "stale"


def tabulate_rulings(
    rulings: Sequence[Ruling], states: Mapping[str, tuple[str, str]]
) -> pl.DataFrame:
    """Return `schemas.Rulings`, unchecked: every row of the file with its state."""
    # What was taken back is shown as such whatever its evidence: it is not applied.
    undone = {r.target: r.id for r in rulings if r.action == UNDO}
    rows = []
    for ruling in rulings:
        state, why = states.get(ruling.id, ("in_force", ""))
        if ruling.id in undone:
            state, why = "undone", f"by {undone[ruling.id]}"
        rows.append({**vars(ruling), "state": state, "why": why or None})
    return make_frame(Rulings, rows)


def select_in_force(
    rulings: Iterable[Ruling], day: str
) -> tuple[list[Ruling], dict[str, str]]:
    """Return the rulings in force on a day; and id to why the others are not."""
    rows = select_standing(rulings)
    # What is said of an accusation has no last day.
    late = {
        r.id: f"it expired on {r.expires}"
        for r in rows
        if r.expires and r.expires < day
    }
    return [r for r in rows if r.id not in late], late
