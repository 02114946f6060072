"""Figures in data that a page embeds for machines."""

from typing import Any

from pipeline.extract.drafts import Reason
from pipeline.extract.gazetteer import Gazetteer
from pipeline.model import Document


def embedded(
    document: Document, words: Gazetteer
) -> list[tuple[dict[str, Any], dict[str, Reason]]]:
    """Rows of claims from JSON-LD and embedded state."""
    return []
