"""Words of a page as they are compared: no case, plural, mark or filler."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipeline.core.vocabulary import Vocabulary

TOKEN = re.compile(r"[^\W_]+")
POSSESSIVE = re.compile(r"[’'`]s\b")
ENDED = r"(?:(?<=[^A-Z\s][.!?])|(?<=[A-Z]{3}[.!?]))"  # "U.S. Bureau" goes on
BREAK = re.compile(
    ENDED + r"[\"”’)*_]*\s+(?=[\"“‘(*_]*[A-Z$\d])|\n\s*\n",
)
LONG = 3  # letters: shorter words keep their s


@dataclass(frozen=True)
class ComparisonPhrases:
    """Rows of vocabularies/comparisons.csv: what a phrase says of two figures."""

    stop: frozenset[str]
    patterns: Mapping[str, re.Pattern[str]]

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> "ComparisonPhrases":
        """Read them once; the longest phrase wins where two begin alike."""
        table = vocabulary.read_table("comparisons", "means", "words")
        said: dict[str, list[str]] = {}
        for means, words in table.select("means", "words").iter_rows():
            said.setdefault(means, []).extend(words.split("|"))
        patterns = {
            means: re.compile(
                r"(?<![\w-])(?:"
                + "|".join(
                    re.escape(w).replace(r"\ ", r"\s+")
                    for w in sorted(phrases, key=len, reverse=True)
                )
                + r")(?![\w-])",
                re.IGNORECASE,
            )
            for means, phrases in said.items()
        }
        return cls(frozenset(stem_word(w) for w in said["stop"]), patterns)

    def has_phrase(self, means: str, text: str) -> bool:
        """Whether a text has one of the phrases."""
        return self.patterns[means].search(text) is not None

    def find_phrases(self, means: str, text: str) -> Iterator[tuple[int, int]]:
        """Where a text has them."""
        for hit in self.patterns[means].finditer(text):
            yield hit.span()

    def content_words(self, text: str) -> frozenset[str]:
        """The telling words of a text."""
        return frozenset(w for w, _ in locate_words(text)) - self.stop


@lru_cache(maxsize=4096)
def locate_words(text: str) -> tuple[tuple[str, int], ...]:
    """Every word, stemmed, with its offset."""
    plain = POSSESSIVE.sub(lambda m: " " * len(m.group()), text)
    return tuple((stem_word(m.group()), m.start()) for m in TOKEN.finditer(plain))


@lru_cache(maxsize=8192)
def stem_word(word: str) -> str:
    """Without case and plural; crude, and the same on both sides.

    >>> tuple(map(stem_word, ("Secretaries", "offices", "bus", "class")))
    ('secretary', 'office', 'bus', 'class')
    """
    low = word.lower()
    if len(low) <= LONG or low.endswith(("ss", "us", "is")):
        return low
    if low.endswith("ies"):
        return f"{low[:-3]}y"
    return low.removesuffix("s")


@lru_cache(maxsize=256)
def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of every sentence of a block."""
    cuts = [m.end() for m in BREAK.finditer(text)]
    starts = [0, *cuts]
    return tuple(zip(starts, [*cuts, len(text)], strict=True))
