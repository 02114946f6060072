"""Apply rulings and corrections around the settlement, and report their states."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.core.errors import StaleRuling
from pipeline.core.tables import check_frame
from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.settle.settlement import settle_cells
from pipeline.rulings import (
    CellDecisions,
    Ruling,
    apply_corrections,
    check_at_odds,
    decide_on_cells,
    load_rulings,
    recode_figures,
    select_standing,
    update_discrepancies,
)
from pipeline.rulings.decisions import select_in_force, tabulate_rulings
from pipeline.rulings.recoding import move_figures
from schemas import DataFrame, Figures, Rulings

CODING = ("merge", "split")
ON_CELLS = ("override", "exclude")


@dataclass(frozen=True)
class RuledFigures:
    """Figures after decisions on them, and the rulings still to be applied.

    Args:
        figures: Known errors corrected, codes merged and split.
        rulings: Every row of the file.
        force: Those that nobody took back and that have not expired.
        dropped: Claims with a known error, to the reason code.
        fate: Id of a ruling to its state (`expired`, `stale`) and why.
        expired: Id of a correction to its last day.
        day: ISO day of the newest snapshot.
    """

    figures: DataFrame[Figures]
    rulings: tuple[Ruling, ...]
    force: tuple[Ruling, ...]
    dropped: Mapping[str, str]
    fate: Mapping[str, tuple[str, str]]
    expired: Mapping[str, str]
    day: str

    def rulings_with_action(self, *actions: str) -> list[Ruling]:
        """Return the rulings in force of these actions."""
        return [r for r in self.force if r.action in actions]

    def apply_coding(self, draft: pl.DataFrame) -> pl.DataFrame:
        """Return another table of figures under the same merged and split codes."""
        for ruling in self.rulings_with_action(*CODING):
            if ruling.id not in self.fate:
                draft = move_figures(draft, ruling)
        return draft


def apply_rulings(
    figures: DataFrame[Figures], vocabulary: Vocabulary, retrieved: Mapping[str, str]
) -> RuledFigures:
    """Apply corrections, merges and splits: what comes before anything is settled.

    Raises:
        BadRuling: A row lacks something, or was changed after it was recorded.
        RulingsAtOdds: Two cannot both be followed; both are named.
        CorrectionGone: A source no longer has the error that a correction is for.
    """
    # The day of the newest snapshot, and no clock: the same inputs give the same
    # release on any day.
    day = max(retrieved.values(), default="")[:10]
    rulings = load_rulings(vocabulary)
    # Before anything is applied: nobody guesses which of two persons meant it.
    check_at_odds(rulings, day)
    force, late = select_in_force(rulings, day)
    fixed = apply_corrections(figures, vocabulary, day)
    coding = [r for r in force if r.action in CODING]
    frame, stale = recode_figures(fixed.figures, coding)
    fate = {i: ("expired", why) for i, why in late.items()}
    fate |= {i: ("stale", why) for i, why in stale.items()}
    # Without a decision on figures the check, which reads every row, is not repeated.
    same = frame is figures
    return RuledFigures(
        figures=figures if same else check_frame(Figures, frame),
        rulings=rulings,
        force=tuple(force),
        dropped=dict.fromkeys(sorted(fixed.dropped), "known_error"),
        fate=fate,
        expired=fixed.expired,
        day=day,
    )


def settle_with_rulings(
    ruled: RuledFigures,
    verdicts: Mapping[str, str],
    vocabulary: Vocabulary,
    retrieved: Mapping[str, str],
    roots: Mapping[str, str] | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, str]]:
    """Return salaries, provenance, and why a ruling was not applied, by id.

    The cells that rulings are on are settled without them first: their guards are
    compared with that, and a stale ruling's cell keeps it.
    """
    base = CellDecisions(excluded=ruled.dropped)
    salaries, provenance = settle_cells(
        ruled.figures, verdicts, vocabulary, retrieved, base, roots
    )
    rulings = ruled.rulings_with_action(*ON_CELLS)
    if not rulings:
        return salaries, provenance, {}
    has_ruling = pl.col("cell").is_in(sorted({r.target for r in rulings}))
    rows = ruled.figures.filter(has_ruling)
    found = decide_on_cells(rulings, rows, salaries.filter(has_ruling))
    decisions = CellDecisions(
        found.chosen, {**ruled.dropped, **found.excluded}, found.stale
    )
    # Only the cells with rulings are settled twice.
    again, roles = settle_cells(rows, verdicts, vocabulary, retrieved, decisions, roots)
    noted = note_rulings(again, [r for r in rulings if r.id not in found.stale])
    return (
        pl.concat([salaries.filter(~has_ruling), noted]).sort("cell"),
        pl.concat([provenance.filter(~has_ruling), roles]).sort("cell", "claim_id"),
        dict(found.stale),
    )


def note_rulings(salaries: pl.DataFrame, rulings: Iterable[Ruling]) -> pl.DataFrame:
    """Add `ruling`: the ids of the rulings that a cell follows, by a blank."""
    ids: dict[str, list[str]] = {}
    for ruling in rulings:
        ids.setdefault(ruling.target, []).append(ruling.id)
    named = {cell: " ".join(sorted(found)) for cell, found in ids.items()}
    ids_of_cell = pl.col("cell").replace_strict(
        named or {"": ""}, default=None, return_dtype=pl.String
    )
    return salaries.with_columns(ruling=ids_of_cell)


def apply_acceptances(
    ruled: RuledFigures,
    discrepancies: pl.DataFrame,
    copied: Mapping[str, Sequence[str]],
) -> tuple[pl.DataFrame, dict[str, tuple[str, str]]]:
    """Return discrepancies in their states, and accepted ones' states by ruling.

    Args:
        ruled: With all rulings.
        discrepancies: `schemas.Discrepancies`.
        copied: Snapshot to the ids of the conflicts that its group of copies is.
    """
    rulings = [r for r in select_standing(ruled.rulings) if r.action == "accept"]
    table, states = update_discrepancies(discrepancies, rulings, ruled.day, copied)
    why = {
        "stale": "the conflict is not what its author saw, and is open again",
        "fixed_upstream": "the page no longer says what it accepted",
        "expired": "past its last day; the conflict is open again",
    }
    return table, {i: (s, why[s]) for i, s in states.items() if s != "in_force"}


def report_rulings(
    ruled: RuledFigures, fate: Mapping[str, tuple[str, str]]
) -> tuple[DataFrame[Rulings], tuple[tuple[str, str], ...]]:
    """Return every ruling with its state; and (kind, sentence) for a person to see."""
    notices: list[tuple[str, str]] = []
    for ruling in select_standing(ruled.rulings):
        state, why = fate.get(ruling.id, ("in_force", ""))
        if state == "in_force":
            continue
        words = str(StaleRuling(ruling.id, ruling.target, ruling.author, why))
        # What the page no longer says needs nobody; a stale or expired ruling does, and
        # makes exit 1.
        notices.append(("note" if state == "fixed_upstream" else "error", words))
    for name, last in sorted(ruled.expired.items()):
        text = f"The correction {name} expired on {last} and is not applied. Renew or "
        notices.append(("error", f"{text}remove it in vocabularies/corrections.csv."))
    table = tabulate_rulings(ruled.rulings, fate)
    return check_frame(Rulings, table), tuple(notices)
