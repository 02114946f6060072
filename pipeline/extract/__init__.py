"""Documents to claims: every published figure, what it is of, and where it stands."""

from pipeline.extract.extraction import Extraction, account, extract, rows

__all__ = ["Extraction", "account", "extract", "rows"]
