"""The bounds and words that reading needs, from `vocabularies/`, read once."""

from functools import cache
from pathlib import Path

from pipeline.vocabulary import Vocabulary, load

VOCABULARIES = Path(__file__).resolve().parents[2] / "vocabularies"


@cache
def vocabulary() -> Vocabulary:
    """The vocabularies that stand beside the code."""
    return load(VOCABULARIES)


@cache
def limit(key: str) -> float:
    """A bound by its key in `limits.csv`.

    Raises:
        UnknownLabel: There is no such row.
    """
    return float(vocabulary().number("limits", key))
