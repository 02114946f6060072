"""Find page furniture: elements and sections that are not the page's own text.

The words are rows of `vocabularies/furniture.csv`: `where` is the tag, the ARIA role,
a word or run of words in a class or id, or the words of a heading. A row of the kind
`content` takes back what a shorter row would mark.
"""

import re
from functools import lru_cache

from pipeline.core.vocabulary import Vocabulary
from pipeline.read.read_limits import load_vocabulary

# Where a capital begins a new word: `cookieBar`, `relatedPosts`.
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
PARTS = re.compile(r"[^a-z]+")
# One word alone decides only in names of up to three: `legal-links` is a footer, while
# a longer name is the words of a heading (`how-much-legal-coders-earn`).
LONGEST_NAME_PARTS = 3
EDGES = re.compile(r"^\W+|\W+$")
# `has-sidebar`, `no-ads` and `with-nav` are about other elements: `<body>` itself often
# has `has-sidebar`, and the whole page would be set aside.
PREFIXES_ABOUT_OTHERS = frozenset(
    ("has", "with", "no", "without", "not", "after", "before")
)


def load_furniture_words(where: str) -> dict[str, str]:
    """Return the words of one place, and the kind of furniture that they mark.

    Args:
        where: `tag`, `role`, `id`, `class`, `heading` or `note`, as in the column
            `where` of `furniture.csv`.
    """
    return _read_words(load_vocabulary(), where)


@lru_cache(maxsize=32)
def _read_words(known: Vocabulary, where: str) -> dict[str, str]:
    rows = known.read_table("furniture", "kind", "where", "words")
    return {w: k for k, at, w in rows.iter_rows() if at == where}


def classify_class(value: str) -> str | None:
    """Return the kind of furniture that a class or id attribute names, if any.

    >>> [classify_class(v) for v in ("cookie-bar", "has-sidebar", "relatedPosts")]
    ['cookies', None, 'related']
    >>> classify_class("what-a-social-worker-makes")  # a section's name, not a bar's
    """
    return _classify_cached(load_vocabulary(), value)


# A page repeats few classes on thousands of elements.
@lru_cache(maxsize=4096)
def _classify_cached(known: Vocabulary, value: str) -> str | None:
    phrases = _read_words(known, "class")
    for token in value.split():
        parts = [p for p in PARTS.split(CAMEL.sub("-", token).lower()) if p]
        if not parts or parts[0] in PREFIXES_ABOUT_OTHERS:
            continue
        # Longest first, so that `related-pay` (content) goes before `related`.
        for size in (3, 2, 1) if len(parts) <= LONGEST_NAME_PARTS else (3, 2):
            for at in range(len(parts) - size + 1):
                kind = phrases.get("-".join(parts[at : at + size]))
                if kind:
                    return None if kind == "content" else kind
    return None


def classify_heading(text: str) -> str | None:
    """Return the kind of furniture that stands under such a heading, if any.

    >>> classify_heading("Read next:"), classify_heading("Related occupations")
    ('related', None)
    """
    return load_furniture_words("heading").get(EDGES.sub("", text).casefold())


def is_note_word(word: str) -> bool:
    """Return whether a paragraph under a table that begins so is the table's note."""
    return word.casefold() in load_furniture_words("note")
