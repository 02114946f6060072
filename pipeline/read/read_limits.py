"""The bounds and words that reading needs, from the vocabularies of the home in use.

Every reader of pages asks here for its bounds, far below whoever knows the home; so
the one who reads says once, around the work, whose vocabularies hold. Where nobody
said so they are those of the home that the command would find.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from pipeline.core.store import find_home
from pipeline.core.vocabulary import Vocabulary, open_vocabulary

_IN_USE: ContextVar[Vocabulary | None] = ContextVar("vocabulary", default=None)


@contextmanager
def reading_with(words: Vocabulary) -> Iterator[None]:
    """Let these vocabularies bound all reading within the block, in this thread.

    Args:
        words: Of the home whose bytes are read.
    """
    before = _IN_USE.set(words)
    try:
        yield
    finally:
        _IN_USE.reset(before)


def load_vocabulary() -> Vocabulary:
    """Return the vocabularies that bound reading here and now.

    Raises:
        NotFound: Nobody said which, and there is no home.
    """
    return _IN_USE.get() or _opened(find_home().vocabularies)


def get_limit(key: str) -> float:
    """Return a bound by its key in `limits.csv`.

    Raises:
        UnknownLabel: There is no such row.
    """
    return _number(load_vocabulary(), key)


@lru_cache(maxsize=8)
def _opened(folder: Path) -> Vocabulary:
    return open_vocabulary(folder)


@lru_cache(maxsize=512)
def _number(words: Vocabulary, key: str) -> float:
    return float(words.read_number("limits", key))
