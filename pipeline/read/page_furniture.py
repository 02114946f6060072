"""Page furniture: which elements and sections of a page are not the page's own text.

The words are rows of `vocabularies/furniture.csv`: `where` is the tag, the ARIA role,
a word or run of words in a class or id, or the words of a heading. A row of the kind
`content` takes back what a shorter row would mark.
"""

import re
from functools import lru_cache

from pipeline.core.vocabulary import Vocabulary
from pipeline.read.read_limits import load_vocabulary

CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
PARTS = re.compile(r"[^a-z]+")
LONGEST_NAME = 3
EDGES = re.compile(r"^\W+|\W+$")
# `has-sidebar`, `no-ads` and `with-nav` speak of the page around, not of themselves.
SPEAKS_OF_OTHERS = frozenset(("has", "with", "no", "without", "not", "after", "before"))


def load_furniture_words(where: str) -> dict[str, str]:
    """Words of one column of the vocabulary, and the kind of furniture they mark."""
    return _words(load_vocabulary(), where)


@lru_cache(maxsize=32)
def _words(known: Vocabulary, where: str) -> dict[str, str]:
    rows = known.read_table("furniture", "kind", "where", "words")
    return {w: k for k, at, w in rows.iter_rows() if at == where}


def classify_class(value: str) -> str | None:
    """The kind of furniture that a class or id attribute speaks of, if any.

    >>> [classify_class(v) for v in ("cookie-bar", "has-sidebar", "relatedPosts")]
    ['cookies', None, 'related']
    >>> classify_class("what-a-social-worker-makes")  # a section's name, not a bar's
    """
    return _class_kind(load_vocabulary(), value)


@lru_cache(maxsize=4096)
def _class_kind(known: Vocabulary, value: str) -> str | None:
    phrases = _words(known, "class")
    for token in value.split():
        parts = [p for p in PARTS.split(CAMEL.sub("-", token).lower()) if p]
        if not parts or parts[0] in SPEAKS_OF_OTHERS:
            continue
        for size in (3, 2, 1) if len(parts) <= LONGEST_NAME else (3, 2):
            for at in range(len(parts) - size + 1):
                kind = phrases.get("-".join(parts[at : at + size]))
                if kind:
                    return None if kind == "content" else kind
    return None


def classify_heading(text: str) -> str | None:
    """The kind of furniture that stands under a heading of these words, if any.

    >>> classify_heading("Read next:"), classify_heading("Related occupations")
    ('related', None)
    """
    return load_furniture_words("heading").get(EDGES.sub("", text).casefold())


def is_note_word(word: str) -> bool:
    """Whether a paragraph under a table that begins with the word is its note."""
    return word.casefold() in load_furniture_words("note")
