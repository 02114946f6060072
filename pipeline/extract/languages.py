"""Tell a page's language, and read the words of those languages that are known.

Words of another language speak on pages of that language alone: `die`, `hat` and
`media` are words of English too.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.core.model import Document
from pipeline.core.vocabulary import Vocabulary
from pipeline.extract.gazetteer import Gazetteer, get_gazetteer
from pipeline.extract.lexicon import (
    HEAD_VOCABULARIES,
    SENTENCE_VOCABULARIES,
    Lexicon,
    Mention,
    PhraseEntry,
)
from pipeline.extract.tokens import Token

WORD = re.compile(r"[^\W\d_]+")
HOME = "en"
SAMPLE = 40_000  # characters of a page in which words are counted
LEAST_HITS = 4
LEAST_LETTERS = 40
FIRST_OTHER = "\u0370"  # Latin letters stand before
UNKNOWN = "und"  # BCP 47 has it for a language that nobody told
NOT_READ = "language_not_read"
GRAMMAR = frozenset((*SENTENCE_VOCABULARIES, *HEAD_VOCABULARIES))
# By language: the words that were laid over, and what that made.
_LAYERED: dict[str, tuple[Gazetteer, Gazetteer]] = {}


@dataclass(slots=True)
class LayeredLexicon(Lexicon):
    """A lexicon with the words of another language over its own.

    Args:
        over: Words of the other language; where one stands no word of the grammar
            beneath is read.
    """

    over: Lexicon | None = None

    def find_mentions(self, text: str, words: list[Token]) -> list[Mention]:
        """Every phrase in a stretch of tokens, in text order."""
        beneath = Lexicon.find_mentions(self, text, words)
        if self.over is None:
            return beneath
        own = self.over.find_mentions(text, words)
        taken = {at for m in own for at in range(m.first, m.last)}
        kept = [
            m
            for m in beneath
            if m.category not in GRAMMAR or taken.isdisjoint(range(m.first, m.last))
        ]
        return sorted([*kept, *own], key=lambda m: (m.first, -m.last))


@lru_cache(maxsize=4)
def _load_languages(
    vocabulary: Vocabulary,
) -> dict[str, tuple[bool, frozenset[str]]]:
    table = vocabulary.read_table("languages", "code", "read", "stop_words")
    return {
        row["code"]: (row["read"] == "yes", frozenset(row["stop_words"].split()))
        for row in table.iter_rows(named=True)
    }


def detect_language(document: Document, vocabulary: Vocabulary) -> str:
    """Return the two letters of a page's language; `en` where nothing tells another.

    The words of the page count for more than what it declares: templates in English
    are filled in every language.

    Raises:
        NotFound: The vocabulary has no table of languages.
    """
    known = _load_languages(vocabulary)
    words = Counter(w.lower() for w in WORD.findall(document.text[:SAMPLE]))
    hits = {
        code: sum(words[word] for word in stops) for code, (_, stops) in known.items()
    }
    declared = document.language[:2].lower()
    best = max(hits, key=lambda code: (hits[code], code == declared, code == HOME))
    if _is_other_script(words):
        return declared if declared != HOME and declared else UNKNOWN
    if hits[best] >= LEAST_HITS and hits[best] > hits[HOME]:
        return best
    if hits[HOME] >= LEAST_HITS or declared in ("", HOME):
        return HOME
    return declared


def _is_other_script(words: Counter[str]) -> bool:
    """Return whether most letters of a page are of no Latin script."""
    letters = other = 0
    for word, count in words.items():
        letters += len(word) * count
        other += len(word) * count if word[0] >= FIRST_OTHER else 0
    return letters >= LEAST_LETTERS and other > letters / 2


def find_unread_language(document: Document, vocabulary: Vocabulary) -> str:
    """Return the language of a page whose words are not read; "" where they are."""
    language = detect_language(document, vocabulary)
    return "" if is_language_read(language, vocabulary) else language


def is_language_read(language: str, vocabulary: Vocabulary) -> bool:
    """Return whether the words of a language are in the vocabularies."""
    known = _load_languages(vocabulary)
    return known.get(language, (False, frozenset()))[0]


def get_language_words(language: str, vocabulary: Vocabulary) -> Gazetteer:
    """Return the words and names that a page is read by: those of its language too."""
    if language == HOME or not is_language_read(language, vocabulary):
        return get_gazetteer(vocabulary)
    words = get_gazetteer(vocabulary)
    known = _LAYERED.get(language)
    if known is None or known[0] is not words:
        known = _LAYERED[language] = words, _layer_words(words, vocabulary, language)
    return known[1]


def _layer_words(words: Gazetteer, vocabulary: Vocabulary, language: str) -> Gazetteer:
    """Lay the words of a language over those of the grammar."""
    return replace(
        words,
        lexicon=_layer(words.lexicon, vocabulary, language, SENTENCE_VOCABULARIES),
        head_lexicon=_layer(
            words.head_lexicon, vocabulary, language, HEAD_VOCABULARIES
        ),
    )


def _layer(
    lexicon: Lexicon, vocabulary: Vocabulary, language: str, names: tuple[str, ...]
) -> LayeredLexicon:
    over = Lexicon({}, lexicon.numerals)
    columns = ("language", "vocabulary", "phrase", "says", "where")
    table = vocabulary.read_table("foreign_words", *columns).select(columns)
    for spoken, name, phrases, means, place in table.iter_rows():
        if language in spoken.split() and name in names:
            for phrase in phrases.split("|"):
                over.add(phrase, PhraseEntry(name, means or "", place or ""))
    return LayeredLexicon(lexicon.tree, lexicon.numerals, over)
