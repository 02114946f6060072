"""Compare words of a page without case, plural, mark or filler."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipeline.core.vocabulary import Vocabulary

# Letters and digits without the underscore: Markdown marks emphasis with it
# (`_coder_`).
TOKEN = re.compile(r"[^\W_]+")
# Blanked and not cut, so that offsets stay: "BLS's" is BLS.
POSSESSIVE = re.compile(r"[’'`]s\b")
ENDED = r"(?:(?<=[^A-Z\s][.!?])|(?<=[A-Z]{3}[.!?]))"  # "U.S. Bureau" goes on
# An end mark, closing quotes or emphasis, then a capital, digit or $: "in 2024. The"
# but not "approx. 40"; or an empty line. `>` marks each paragraph of a quotation.
BREAK = re.compile(
    ENDED + r"[\"”’)*_]*\s+(?=(?:>\s*)*[\"“‘(*_]*[A-Z$\d])|\n\s*\n",
)
LONGEST_KEPT = 3  # letters: words up to this length keep their s: gas


@dataclass(frozen=True)
class ComparisonPhrases:
    """Rows of vocabularies/comparisons.csv: what a phrase says of two figures."""

    stop: frozenset[str]
    patterns: Mapping[str, re.Pattern[str]]

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> "ComparisonPhrases":
        """Read the phrases; the longest one wins where two begin alike."""
        table = vocabulary.read_table("comparisons", "means", "words")
        phrases_by_meaning: dict[str, list[str]] = {}
        for means, words in table.select("means", "words").iter_rows():
            phrases_by_meaning.setdefault(means, []).extend(words.split("|"))
        patterns = {
            means: re.compile(
                # Not inside a word or a compound: "more" is not in "furthermore" nor
                # "more-or-less".
                r"(?<![\w-])(?:"
                + "|".join(
                    re.escape(w).replace(r"\ ", r"\s+")
                    for w in sorted(phrases, key=len, reverse=True)
                )
                + r")(?![\w-])",
                re.IGNORECASE,
            )
            for means, phrases in phrases_by_meaning.items()
        }
        return cls(
            frozenset(stem_word(w) for w in phrases_by_meaning["stop"]), patterns
        )

    def has_phrase(self, means: str, text: str) -> bool:
        """Return whether a text has one of the phrases of a meaning."""
        return self.patterns[means].search(text) is not None

    def find_phrases(self, means: str, text: str) -> Iterator[tuple[int, int]]:
        """Yield start and end of every phrase of a meaning in a text."""
        for hit in self.patterns[means].finditer(text):
            yield hit.span()

    def content_words(self, text: str) -> frozenset[str]:
        """Return the words of a text that say something, stemmed: no fillers."""
        return frozenset(w for w, _ in locate_words(text)) - self.stop


@lru_cache(maxsize=4096)
def locate_words(text: str) -> tuple[tuple[str, int], ...]:
    """Return every word, stemmed, with its offset."""
    plain = POSSESSIVE.sub(lambda m: " " * len(m.group()), text)
    return tuple((stem_word(m.group()), m.start()) for m in TOKEN.finditer(plain))


@lru_cache(maxsize=8192)
def stem_word(word: str) -> str:
    """Return a word without case and plural: roughly, but both sides alike.

    >>> tuple(map(stem_word, ("Secretaries", "offices", "bus", "class")))
    ('secretary', 'office', 'bus', 'class')
    """
    low = word.lower()
    if len(low) <= LONGEST_KEPT or low.endswith(("ss", "us", "is")):
        return low
    if low.endswith("ies"):
        return f"{low[:-3]}y"
    return low.removesuffix("s")


@lru_cache(maxsize=256)
def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return start and end of every sentence of a block."""
    cuts = [m.end() for m in BREAK.finditer(text)]
    starts = [0, *cuts]
    return tuple(zip(starts, [*cuts, len(text)], strict=True))
