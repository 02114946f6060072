"""Decisions of persons: rulings on questions, and corrections of errors at sources.

Both are rows of data, with author, reason, expiry and what their author saw; a row
whose evidence has changed is not applied, and is reported.
"""

from pipeline.rulings.corrections import CorrectedFigures, apply_corrections
from pipeline.rulings.decisions import (
    CellDecisions,
    decide_on_cells,
    update_discrepancies,
)
from pipeline.rulings.recoding import recode_figures
from pipeline.rulings.ruling_row import (
    ACTIONS,
    KNOWN,
    RETRACT,
    SAID,
    UNDO,
    Ruling,
    check_at_odds,
    needs_expiry,
    select_standing,
)
from pipeline.rulings.rulings_file import append_ruling, load_rulings

__all__ = [
    "ACTIONS",
    "KNOWN",
    "RETRACT",
    "SAID",
    "UNDO",
    "CellDecisions",
    "CorrectedFigures",
    "Ruling",
    "append_ruling",
    "apply_corrections",
    "check_at_odds",
    "decide_on_cells",
    "load_rulings",
    "needs_expiry",
    "recode_figures",
    "select_standing",
    "update_discrepancies",
]
