"""Preview what a ruling would change: settle the cells that it is about twice.

The figures are those of the latest release. They are settled once with the rulings
there are and once with the new one besides; what differs is due to the new one alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.core.store import Home
from pipeline.core.vocabulary import Vocabulary
from pipeline.normalise import normalise
from pipeline.query.published import Release, open_latest
from pipeline.reconcile import (
    PAGE_STRUCTURES,
    PageInputs,
    assess,
    find_words_for_settling,
)
from pipeline.reconcile.evidence.publishers import Publishers
from pipeline.reconcile.settle.ruled_figures import RuledFigures, settle_with_rulings
from pipeline.review.propose import find_release_day
from pipeline.rulings import Ruling, select_standing, update_discrepancies
from pipeline.rulings.decisions import OPEN_STATES, select_in_force
from pipeline.rulings.recoding import move_figures, select_affected
from pipeline.rulings.ruling_row import SAID, UNDO
from pipeline.rulings.rulings_file import give_id
from schemas import Claims, DataFrame, Figures

CODING = ("merge", "split")
# Columns of salaries that say how and when a cell was settled, and not to what.
HIDDEN_COLUMNS = (
    "ruling",
    "policy_sha256",
    "grade_inputs",
    "last_checked",
    "last_changed",
)
MAX_SHOWN = 50


@dataclass(frozen=True)
class ValueChange:
    """One value that would be another: of a cell, a figure's role, or a conflict.

    Args:
        where: Cell, claim id or discrepancy id.
        column: Of the release's table.
        before: As it would be without the ruling.
        after: With it.
    """

    where: str
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class RulingPreview:
    """What would change.

    Args:
        changes: Values of the tables, in the order of their keys; the first ones.
        more: How many changes there are besides.
        cells: How many cells would be other ones.
        stale: Why the ruling would not be followed; "" where it would.
        later: What only the next refresh can tell; "" where nothing.
    """

    changes: tuple[ValueChange, ...]
    more: int = 0
    cells: int = 0
    stale: str = ""
    later: str = ""


def preview_changes(
    home: Home, before: Sequence[Ruling], ruling: Ruling, vocabulary: Vocabulary
) -> RulingPreview:
    """Preview the values that one more ruling would change.

    Args:
        home: With the latest release.
        before: The rulings there are.
        ruling: From `propose.check_proposal`; it has no id yet.
        vocabulary: Authority, policies, tolerances.

    Raises:
        NotFound: There is no release yet.
    """
    release, day = open_latest(home), find_release_day(home)
    ruling = give_id(ruling, before)
    undone = next((r for r in before if r.id == ruling.target), ruling)
    coding = undone.action in CODING
    if undone.action in SAID:
        return RulingPreview(
            (), later="It stands beside the accusation; no value moves."
        )
    # The release has the figures under the code that the ruling gave them; their own
    # code is known only where the claims are normalised again.
    if ruling.action == UNDO and coding:
        later = "Which figures go back to their own code shows at the next refresh."
        return RulingPreview((), later=later)
    if undone.action == "accept":
        return preview_conflict(release, [*before, ruling], undone.target, day)
    frame = select_affected_figures(release, ruling)
    again = move_figures(frame, ruling) if coding else frame
    verdicts = judge_page_figures(release, frame, vocabulary)
    days = {s["id"]: s["retrieved"] for s in release.manifest["snapshots"]}
    tables = [
        settle_with_rulings(
            attach_rulings(release, rows, rulings, day), verdicts, vocabulary, days
        )
        for rows, rulings in ((frame, before), (again, (*before, ruling)))
    ]
    (salaries, roles, _), (other, others, stale) = tables
    cells = list_value_changes(salaries, other, "cell", HIDDEN_COLUMNS)
    figures = list_value_changes(
        roles, others, "claim_id", kept=("cell", "role", "reason")
    )
    found = [*cells, *figures]
    return RulingPreview(
        tuple(found[:MAX_SHOWN]),
        more=max(0, len(found) - MAX_SHOWN),
        cells=len({change.where for change in cells}),
        stale=stale.get(ruling.id, ""),
    )


def select_affected_figures(release: Release, ruling: Ruling) -> pl.DataFrame:
    """Select the figures of the cells that a ruling may change: rows of `figures`."""
    figures = release.scan_table("figures")
    if ruling.action not in CODING:
        cell = ruling.target
        if ruling.action == UNDO:
            rows = release.scan_table("rulings").filter(pl.col("id") == cell).collect()
            cell = rows["target"].item() if rows.height else cell
        return figures.filter(pl.col("cell") == cell).collect()
    frame = figures.collect()
    gone = select_affected(frame, ruling.action, ruling.target, ruling.value)
    there = move_figures(gone, ruling)["cell"]
    # Both the cells that lose figures and those that get them are settled again.
    touched = pl.concat([gone["cell"], there]).unique()
    return frame.filter(pl.col("cell").is_in(touched.to_list()))


def attach_rulings(
    release: Release, figures: pl.DataFrame, rulings: Sequence[Ruling], day: str
) -> RuledFigures:
    """Attach rulings to figures that are corrected and coded as in the release."""
    force, _ = select_in_force(rulings, day)
    # What corrections.csv took out is out already; the release says so in provenance.
    known = pl.col("reason") == "known_error"
    dropped = (
        release.scan_table("provenance").filter(known).select("claim_id").collect()
    )
    return RuledFigures(
        figures=DataFrame[Figures](figures),
        rulings=tuple(rulings),
        force=tuple(force),
        dropped=dict.fromkeys(dropped["claim_id"].sort().to_list(), "known_error"),
        fate={},
        expired={},
        day=day,
    )


def judge_page_figures(
    release: Release, figures: pl.DataFrame, vocabulary: Vocabulary
) -> dict[str, str]:
    """Judge the figures that pages give, as `reconcile` does: verdict by claim id."""
    # A whole page at once: its figures say together whether it was read right.
    pages = figures["snapshot"].unique().to_list()
    claims = release.scan_table("claims").filter(
        pl.col("structure").is_in(PAGE_STRUCTURES) & pl.col("snapshot").is_in(pages)
    )
    rows = claims.collect()
    if not rows.height:
        return {}
    editions = {s["id"]: s["edition"] for s in release.manifest["snapshots"]}
    draft = normalise(DataFrame[Claims](rows), vocabulary, editions)
    judged = assess(
        draft,
        release.scan_table("figures"),
        vocabulary,
        release.list_body_paths(),
        PageInputs(rows.to_dicts()),
    )
    table = release.scan_table("discrepancies").filter(pl.col("status") == "accepted")
    accepted = table.select("discrepancy_id").collect()["discrepancy_id"].to_list()
    known = judged.discrepancies.filter(~pl.col("discrepancy_id").is_in(accepted))
    publishers = Publishers.from_vocabulary(vocabulary)
    return find_words_for_settling(judged, known, publishers)


def preview_conflict(
    release: Release, rulings: Sequence[Ruling], target: str, day: str
) -> RulingPreview:
    """Preview the state of a conflict, with its last ruling and without."""
    table = release.scan_table("discrepancies").filter(
        pl.col("discrepancy_id") == target
    )
    rows = table.collect()
    ruled = ~pl.col("status").is_in(OPEN_STATES)
    bare = rows.with_columns(
        status=pl.when(ruled).then(pl.lit("open")).otherwise("status")
    )
    states = []
    for some in (rulings[:-1], rulings):
        accepted = [r for r in select_standing(some) if r.action == "accept"]
        mine = [r for r in accepted if r.target == target]
        states.append(update_discrepancies(bare, mine, day)[0])
    found = list_value_changes(states[0], states[1], "discrepancy_id")
    return RulingPreview(tuple(found))


def list_value_changes(
    before: pl.DataFrame,
    after: pl.DataFrame,
    key: str,
    hidden: Sequence[str] = (),
    *,
    kept: Sequence[str] = (),
) -> list[ValueChange]:
    """List values that differ, by key and column.

    A row that comes or goes is one change, of the key.

    Args:
        before: Rows without the ruling.
        after: Rows with it.
        key: Column that names a row.
        hidden: Columns that are not compared.
        kept: Columns that are compared; all of `before` where none is named.
    """
    columns = [c for c in kept or before.columns if c not in (key, *hidden)]
    old, new = index_by_key(before, key), index_by_key(after, key)
    found: list[ValueChange] = []
    for name in sorted({*old, *new}):
        one, other = old.get(name), new.get(name)
        if one is None or other is None:
            there = ("", "new") if one is None else ("there", "gone")
            found.append(ValueChange(name, key, *there))
            continue
        found += [
            ValueChange(
                name, column, format_value(one[column]), format_value(other[column])
            )
            for column in columns
            if one[column] != other[column]
        ]
    return found


def index_by_key(frame: pl.DataFrame, key: str) -> dict[str, Mapping[str, Any]]:
    """Index rows by their key."""
    return {row[key]: row for row in frame.iter_rows(named=True)}


def format_value(value: Any) -> str:
    """Format a value as text; null as ""."""
    return "" if value is None else str(value)
