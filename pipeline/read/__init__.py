"""Stored bytes to documents and tables: one reader per media type."""

from pipeline.read.documents import media_type_of, read
from pipeline.read.places import locate, locate_datum, quote_at, quotes_at

__all__ = [
    "locate",
    "locate_datum",
    "media_type_of",
    "quote_at",
    "quotes_at",
    "read",
]
