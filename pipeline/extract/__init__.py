"""Documents to claims: every published figure, what it is of, and where it stands."""

from pipeline.extract.board_rows import list_boards
from pipeline.extract.coverage import Coverage, measure_coverage
from pipeline.extract.drafts import Reason
from pipeline.extract.extraction import (
    Extraction,
    extract,
    extract_rows,
    find_lost_figures,
)
from pipeline.extract.ranking import Weights, list_scores
from pipeline.extract.vocabulary_lookups import load_candidate_weights

__all__ = [
    "Coverage",
    "Extraction",
    "Reason",
    "Weights",
    "extract",
    "extract_rows",
    "find_lost_figures",
    "list_boards",
    "list_scores",
    "load_candidate_weights",
    "measure_coverage",
]
