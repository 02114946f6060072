"""What persons decided: rulings on questions, corrections of sources.

Both are rows of data, with author, reason, expiry and what their author saw; a row
whose evidence has changed is not applied, and says so.
"""

from pipeline.rulings.corrections import Corrected, corrected
from pipeline.rulings.decisions import Decisions, decide, lifecycle
from pipeline.rulings.ledger import append, load
from pipeline.rulings.occupations import recoded
from pipeline.rulings.ruling import ACTIONS, Ruling, at_odds, standing

__all__ = [
    "ACTIONS",
    "Corrected",
    "Decisions",
    "Ruling",
    "append",
    "at_odds",
    "corrected",
    "decide",
    "lifecycle",
    "load",
    "recoded",
    "standing",
]
