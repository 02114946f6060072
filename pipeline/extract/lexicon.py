"""The words of the grammar: every vocabulary in one tree, read in one pass.

A phrase is a run of tokens: letters, digits, or one other character. `#` stands for
any number, in digits or in words. Hyphens within a word do not count, nor does case.
At each token the longest phrase of each kind of word wins.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pipeline.core.number_marks import read_multipliers
from pipeline.core.vocabulary import Vocabulary
from pipeline.extract.tokens import DASHES, DIGITS, SCANNED, Token, split_tokens

SENTENCE_VOCABULARIES = (
    "periods",
    "statistics",
    "bounds",
    "changes",
    "topics",
    "hypothetical",
    "experience",
    "work_modes",
    "employer_types",
    "credential_words",
    "education",
    "specialties",
    "reporting",
    "people",
    "pay_bases",
    "anaphora",
    "months",
)
HEAD_VOCABULARIES = (
    "head_words",
    "experience_heads",
    "periods",
    "statistics",
    "months",
)
KEY_VOCABULARIES = ("json_words", "periods", "statistics", "pay_bases")


@dataclass(slots=True, eq=False)
class Mention:
    """Where a phrase of a vocabulary stands in the text.

    Args:
        category: The vocabulary it is from.
        means: What its row says it means, its numbers filled in.
        place: Where it must stand to count (before, after, topic, …).
        first: Index of its first token; `last` of the one after its last.
    """

    category: str
    means: str
    place: str
    start: int
    end: int
    first: int
    last: int
    numbers: tuple[float, ...] = ()

    def rename(self, means: str, place: str) -> "Mention":
        """Return the same words with another meaning."""
        here = (self.start, self.end, self.first, self.last, self.numbers)
        return Mention(self.category, means, place, *here)


@dataclass(slots=True, eq=False)
class PhraseEntry:
    """One row of a vocabulary; `exact` is its spelling where case counts."""

    category: str
    means: str
    place: str
    exact: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        self.key = self.category + self.place

    def make_mention(
        self, place: tuple[int, int], first: int, last: int, numbers: tuple[float, ...]
    ) -> Mention:
        """Where it stands in a text."""
        means = _fill_numbers(self.means, numbers) if numbers else self.means
        return Mention(self.category, means, self.place, *place, first, last, numbers)

    def has_exact_spelling(self, raw: str) -> bool:
        """Whether a text has its spelling, or one that a scanner made of it."""
        return raw == self.exact or raw.translate(SCANNED) == self.exact


Step = tuple[dict[str, Any], int, tuple[float, ...]]


@dataclass(slots=True)
class Lexicon:
    """The tree of phrases, and the numbers that words stand for."""

    tree: dict[str, Any] = field(default_factory=dict)
    numerals: dict[str, float] = field(default_factory=dict)

    def add(self, phrase: str, entry: PhraseEntry) -> None:
        """Put one phrase into the tree."""
        node = self.tree
        for token in split_tokens(phrase):
            key = "-" if token.text in DASHES else token.text
            node = node.setdefault(key, {})
        if node is not self.tree:
            node.setdefault("", []).append(entry)

    def parse_number(self, text: str) -> float | None:
        """Return what a token counts, if it is a number."""
        if text[0] in DIGITS:
            plain = text.replace(",", "").replace("o", "0").replace("l", "1")
            return float(plain) if plain.count(".") < 2 and len(plain) < 16 else None
        return self.numerals.get(text)

    def find_mentions(self, text: str, words: list[Token]) -> list[Mention]:
        """Every phrase in a stretch of tokens, in text order."""
        found: list[Mention] = []
        busy: dict[str, int] = {}
        tree, numerals = self.tree, self.numerals
        counted = tree.get("#")
        count = len(words)
        texts = ["-" if token.text in DASHES else token.text for token in words]
        for index, word in enumerate(texts):
            node = tree.get(word)
            if node is None and word[-1] == "s" and len(word) > 3:
                node = tree.get(word[:-1])
            if node is not None and "" not in node and "#" not in node:
                after = texts[index + 1] if index + 1 < count else ""
                if after not in node and after[-1:] != "s":
                    node = None  # no phrase that it opens goes on
            starts: list[Step] = [] if node is None else [(node, index + 1, ())]
            if counted is not None and (word[0] in DIGITS or word in numerals):
                value = self.parse_number(word)
                if value is not None:
                    starts.append((counted, index + 1, (value,)))
            if starts:
                self._match_at_token(text, words, texts, index, starts, busy, found)
        return found

    def _match_at_token(
        self,
        text: str,
        words: list[Token],
        texts: list[str],
        index: int,
        steps: list[Step],
        busy: dict[str, int],
        found: list[Mention],
    ) -> None:
        """Add the longest phrase of each category and place that starts at a token."""
        best: dict[str, tuple[int, PhraseEntry, tuple[float, ...]]] = {}
        count = len(words)
        while steps:
            node, at, numbers = steps.pop()
            if "" in node:
                for entry in node[""]:
                    known = best.get(entry.key)
                    if (known is None or beats((at, numbers), known)) and (
                        not entry.exact
                        or entry.has_exact_spelling(
                            text[words[index].start : words[at - 1].end]
                        )
                    ):
                        best[entry.key] = (at, entry, numbers)
                if len(node) == 1:
                    continue
            if at < count:
                word = texts[at]
                step = node.get(word)
                if step is None and word[-1] == "s" and len(word) > 3:
                    step = node.get(word[:-1])
                if step is not None:
                    steps.append((step, at + 1, numbers))
                if "#" in node and (value := self.parse_number(word)) is not None:
                    steps.append((node["#"], at + 1, (*numbers, value)))
        for key, (last, entry, numbers) in best.items():
            if busy.get(key, -1) <= index:
                busy[key] = last
                place = (words[index].start, words[last - 1].end)
                found.append(entry.make_mention(place, index, last, numbers))


def beats(
    one: tuple[int, tuple[float, ...]],
    known: tuple[int, PhraseEntry, tuple[float, ...]],
) -> bool:
    """Whether a phrase goes before one known: it is longer, or has fewer `#`."""
    at, numbers = one
    return at > known[0] or (at == known[0] and len(numbers) < len(known[2]))


def _fill_numbers(means: str, numbers: tuple[float, ...]) -> str:
    """`percentile:1` with the first number 25 is `percentile:25`."""
    if not numbers or ":" not in means:
        return means
    name, _, place = means.partition(":")
    if place.isdigit() and int(place) <= len(numbers):
        return f"{name}:{numbers[int(place) - 1]:g}"
    return means


def load_lexicon(
    vocabulary: Vocabulary, words: Iterable[str] = SENTENCE_VOCABULARIES
) -> Lexicon:
    """Read the grammar's vocabularies into one lexicon."""
    lexicon = Lexicon()
    for row in vocabulary.read_table("number_words", "phrase", "means").iter_rows():
        for word in row[0].split("|"):
            lexicon.numerals[word] = float(row[1])
    for word, multiplier in read_multipliers(vocabulary).rows.items():
        if multiplier.numeral:
            lexicon.numerals[word] = multiplier.times
    for name in words:
        table = vocabulary.read_table(name, "phrase", "means", "place")
        for phrases, means, place in table.iter_rows():
            entry = PhraseEntry(name, means or "", place or "")
            for phrase in phrases.split("|"):
                lexicon.add(phrase, entry)
    return lexicon
