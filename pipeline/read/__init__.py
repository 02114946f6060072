"""Read stored bytes into documents and tables: one reader per media type."""

from pipeline.read.by_media_type import detect_media_type, read
from pipeline.read.locators import locate_datum, locate_span, read_quotes

__all__ = [
    "detect_media_type",
    "locate_datum",
    "locate_span",
    "read",
    "read_quotes",
]
