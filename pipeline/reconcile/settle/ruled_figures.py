"""Rulings and corrections around the settlement: what persons decided, and its fate."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl
from pandera.typing.polars import DataFrame

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
from schemas import Figures, Rulings

CODING = ("merge", "split")
ON_CELLS = ("override", "exclude")


@dataclass(frozen=True)
class RuledFigures:
    """Figures as persons have them, and the rulings that wait for the settlement.

    Args:
        figures: Known errors corrected, occupations joined and parted.
        rulings: Every row of the file.
        force: Those that stand and have not expired.
        dropped: Claims with a known error, to the reason code.
        fate: Id of a ruling or correction to why it is not followed.
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
        """Rulings in force of these actions."""
        return [r for r in self.force if r.action in actions]

    def apply_coding(self, draft: pl.DataFrame) -> pl.DataFrame:
        """Another table of figures under the same codes."""
        for ruling in self.rulings_with_action(*CODING):
            if ruling.id not in self.fate:
                draft = move_figures(draft, ruling)
        return draft


def apply_rulings(
    figures: DataFrame[Figures], vocabulary: Vocabulary, retrieved: Mapping[str, str]
) -> RuledFigures:
    """Apply what can be applied before anything is settled.

    Raises:
        BadRuling: A row lacks something, or was changed after it was recorded.
        RulingsAtOdds: Two cannot both be followed; both are named.
        CorrectionGone: A source has not the error that a correction is for.
    """
    day = max(retrieved.values(), default="")[:10]
    rulings = load_rulings(vocabulary)
    check_at_odds(rulings, day)
    force, late = select_in_force(rulings, day)
    fixed = apply_corrections(figures, vocabulary, day)
    coding = [r for r in force if r.action in CODING]
    frame, stale = recode_figures(fixed.figures, coding)
    fate = {i: ("expired", why) for i, why in late.items()}
    fate |= {i: ("stale", why) for i, why in stale.items()}
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
    people: RuledFigures,
    verdicts: Mapping[str, str],
    vocabulary: Vocabulary,
    retrieved: Mapping[str, str],
    roots: Mapping[str, str] | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, str]]:
    """Salaries and provenance with every ruling that holds; id to why one does not.

    The cells that rulings speak of are settled without them first: that is what
    their guards are held against, and what a stale one falls back to.
    """
    base = CellDecisions(excluded=people.dropped)
    salaries, provenance = settle_cells(
        people.figures, verdicts, vocabulary, retrieved, base, roots
    )
    rulings = people.rulings_with_action(*ON_CELLS)
    if not rulings:
        return salaries, provenance, {}
    spoken = pl.col("cell").is_in(sorted({r.target for r in rulings}))
    rows = people.figures.filter(spoken)
    found = decide_on_cells(rulings, rows, salaries.filter(spoken))
    both = CellDecisions(
        found.chosen, {**people.dropped, **found.excluded}, found.stale
    )
    again, roles = settle_cells(rows, verdicts, vocabulary, retrieved, both, roots)
    told = note_rulings(again, [r for r in rulings if r.id not in found.stale])
    return (
        pl.concat([salaries.filter(~spoken), told]).sort("cell"),
        pl.concat([provenance.filter(~spoken), roles]).sort("cell", "claim_id"),
        dict(found.stale),
    )


def note_rulings(salaries: pl.DataFrame, rulings: Iterable[Ruling]) -> pl.DataFrame:
    """The cells with the ids of the rulings that they follow."""
    ids: dict[str, list[str]] = {}
    for ruling in rulings:
        ids.setdefault(ruling.target, []).append(ruling.id)
    named = {cell: " ".join(sorted(found)) for cell, found in ids.items()}
    told = pl.col("cell").replace_strict(
        named or {"": ""}, default=None, return_dtype=pl.String
    )
    return salaries.with_columns(ruling=told)


def apply_acceptances(
    people: RuledFigures, discrepancies: pl.DataFrame
) -> tuple[pl.DataFrame, dict[str, tuple[str, str]]]:
    """Discrepancies in the states that rulings give them, and the rulings' fates."""
    rulings = [r for r in select_standing(people.rulings) if r.action == "accept"]
    table, states = update_discrepancies(discrepancies, rulings, people.day)
    why = {
        "stale": "the conflict is not what its author saw, and is open again",
        "fixed_upstream": "the page no longer says what it accepted",
        "expired": "past its last day; the conflict is open again",
    }
    return table, {i: (s, why[s]) for i, s in states.items() if s != "in_force"}


def report_rulings(
    people: RuledFigures, fate: Mapping[str, tuple[str, str]]
) -> tuple[DataFrame[Rulings], tuple[tuple[str, str], ...]]:
    """Every ruling with its state; and (kind, sentence) for a person to look at."""
    said: list[tuple[str, str]] = []
    for ruling in select_standing(people.rulings):
        state, why = fate.get(ruling.id, ("in_force", ""))
        if state == "in_force":
            continue
        words = str(StaleRuling(ruling.id, ruling.target, ruling.author, why))
        said.append(("note" if state == "fixed_upstream" else "error", words))
    for name, last in sorted(people.expired.items()):
        text = f"The correction {name} expired on {last} and is not applied. Renew or "
        said.append(("error", f"{text}remove it in vocabularies/corrections.csv."))
    table = tabulate_rulings(people.rulings, fate)
    return check_frame(Rulings, table), tuple(said)
