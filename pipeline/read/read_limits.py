"""Give readers the bounds and words of the vocabularies of the home in use.

Readers are called far below the code that knows the home. That code names the home's
vocabularies once, by `reading_with` around the work; without it they are those of the
home that the command would find.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from pipeline.core.store import find_home
from pipeline.core.vocabulary import Vocabulary, open_vocabulary

# A context variable and not a global: the server reads in several threads, and tests
# read with vocabularies of their own.
_IN_USE: ContextVar[Vocabulary | None] = ContextVar("vocabulary", default=None)


@contextmanager
def reading_with(words: Vocabulary) -> Iterator[None]:
    """Bound all reading within the block, in this thread, by these vocabularies.

    Args:
        words: Vocabularies of the home whose bytes are read.
    """
    before = _IN_USE.set(words)
    try:
        yield
    finally:
        _IN_USE.reset(before)


def load_vocabulary() -> Vocabulary:
    """Return the vocabularies that bound reading here and now.

    Raises:
        NotFound: `reading_with` names none, and there is no home.
    """
    return _IN_USE.get() or _open_cached(find_home().vocabularies)


def get_limit(key: str) -> float:
    """Return a bound by its key in `limits.csv`, in the unit that its row names.

    Raises:
        UnknownLabel: There is no such row.
    """
    return _read_number(load_vocabulary(), key)


@lru_cache(maxsize=8)
def _open_cached(folder: Path) -> Vocabulary:
    return open_vocabulary(folder)


# Bounds are asked for at every element and line; the table is searched once a key.
@lru_cache(maxsize=512)
def _read_number(words: Vocabulary, key: str) -> float:
    return float(words.read_number("limits", key))
