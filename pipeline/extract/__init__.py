"""Documents to claims: every published figure, what it is of, and where it stands."""

from pipeline.extract.extraction import (
    Extraction,
    extract,
    extract_rows,
    find_lost_figures,
)

__all__ = ["Extraction", "extract", "extract_rows", "find_lost_figures"]
