"""The bounds and words that reading needs, from `vocabularies/`, read once."""

from functools import cache
from pathlib import Path

from pipeline.core.vocabulary import Vocabulary, open_vocabulary

VOCABULARIES = Path(__file__).resolve().parents[2] / "vocabularies"


@cache
def load_vocabulary() -> Vocabulary:
    """The vocabularies that stand beside the code."""
    return open_vocabulary(VOCABULARIES)


@cache
def get_limit(key: str) -> float:
    """A bound by its key in `limits.csv`.

    Raises:
        UnknownLabel: There is no such row.
    """
    return float(load_vocabulary().read_number("limits", key))
