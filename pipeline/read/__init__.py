"""Stored bytes to documents and tables: one reader per media type."""

from pipeline.model import Document
from pipeline.read.markdown import read_lines


def read(body: bytes, media_type: str, *, where: str) -> Document:
    """Read a page."""
    return read_lines(body, media_type, where=where)


__all__ = ["read"]
