"""Claims of a text that a test writes."""

from pathlib import Path
from typing import Any

from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import extract, find_lost_figures
from pipeline.read import read

WORDS = open_vocabulary(Path(__file__).resolve().parents[1] / "vocabularies")


def read_claims(text: str, media_type: str = "text/markdown") -> list[dict[str, Any]]:
    """Return the claims of a page in text order; no figure of it may be lost."""
    document = read(text.encode(), media_type, where="page")
    found = extract(document, WORDS, source="page", snapshot="0" * 12)
    assert find_lost_figures(found, document, WORDS) == []
    return found.claims.sort("start").to_dicts()


def read_field(text: str, name: str, media_type: str = "text/markdown") -> list[Any]:
    """Return a field of each claim of a page, in text order."""
    return [claim[name] for claim in read_claims(text, media_type)]
