"""Sentences within a block, and what stands in one: words, figures, mentions."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any

from pipeline.core.currency_table import SIGNS
from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.job_titles import find_job_titles
from pipeline.extract.lexicon import Mention
from pipeline.extract.number_ranges import Figure
from pipeline.extract.ocr_repair import repair_tokens
from pipeline.extract.tokens import Token, split_tokens

LINK = re.compile(r"(?:https?://|www\.|[\w-]{2,40}\.[a-z]{2,8}/|\]\()[^\s)]{1,400}")
LINK_TARGET = re.compile(r"\]\([^\s()]{1,400}\)")
SENTENCE_END = re.compile(
    rf"[.!?…][\"”’')\]*_]{{0,4}}\s+(?=[\"“‘(*_\[]{{0,4}}[A-Z\d{SIGNS}])"
)
ABBREVIATION = re.compile(
    r"(?:\b(?:U\.S|U\.K|D\.C|N\.Y|Inc|Dr|Mr|Mrs|Ms|Rs|St|vs|approx|No|Jr|Sr|Co|Corp|Ltd"
    r"|e\.g|i\.e|a\.m|p\.m|etc|Ph\.D|per|avg|Avg|est|Est|Dec|Jan|Feb|Mar|Apr|Aug"
    r"|Sept|Oct|Nov|[A-Z])|N\.C)\.\s*$"
)
# `Sebring, Fla. ($31,270)`: before a bracket or a figure it ends no sentence.
STATE = re.compile(
    r",\s(?:Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kans?|Ky|La|Mass|Md|Mich"
    r"|Minn|Miss|Mo|Mont|Nebr?|Nev|Okla|Ore|Pa|Tenn|Tex|Va|Vt|Wash|Wis|Wyo)\.\s{1,3}"
    rf"(?=[(\d{SIGNS}])"
)
# What a word means by itself it does not mean as a part of a job's name.
SILENT_IN_TITLES = frozenset(
    ("topics", "changes", "bounds", "specialties", "education", "reporting")
)
LABEL = re.compile(r"\W{0,4}\d{1,3}[.)]\s")


@dataclass(slots=True, eq=False)
class TaggedLine:
    """A sentence, a cell or a heading, with the words and figures in it.

    Args:
        words: Its tokens.
        mentions: Phrases of the vocabularies in it, in text order.
        figures: Figures in it, in text order.
        spots: First token of each figure and the one after its last.
        question: A question mark is near its end.
        lists: Small words that the rules look for, by list.
        memo: What was found in it, by what was looked for.
        texts: Of its tokens.
    """

    text: str
    start: int
    end: int
    words: list[Token]
    mentions: list[Mention]
    figures: list[Figure] = field(default_factory=list)
    spots: list[tuple[int, int]] = field(default_factory=list)
    question: bool = False
    lists: dict[str, frozenset[str]] = field(default_factory=dict)
    memo: dict[str, Any] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    _by: dict[str | tuple[str, ...], list[Mention]] = field(default_factory=dict)

    def get_mentions(self, category: str, *others: str) -> list[Mention]:
        """Its mentions of some categories, in text order."""
        by = self._by
        if not others:
            return by.get(category, NO_MENTIONS)
        key = (category, *others)
        if key not in by:
            found = [m for name in key for m in by.get(name, NO_MENTIONS)]
            by[key] = sorted(found, key=lambda m: m.start) if found else NO_MENTIONS
        return by[key]

    def list_strong_topics(self) -> list[Mention]:
        """Its words that say by themselves what its figures are about."""
        if "strong topics" not in self.memo:
            found = [m for m in self.get_mentions("topics") if m.place == "topic"]
            self.memo["strong topics"] = found
        return self.memo["strong topics"]  # type: ignore[no-any-return]

    def find_figure_before(self, at: int) -> int:
        """Return the token where the last figure before one ends; 0 for none."""
        return max((b for _, b in self.spots if b <= at), default=0)

    def find_figure_behind(self, at: int) -> int:
        """Return the token where the next figure begins; the line's end for none."""
        return min((a for a, _ in self.spots if a >= at), default=len(self.words))

    def get_words_between(self, first: int, last: int) -> list[str]:
        """Return the words from one token up to another."""
        return self.texts[first:last]

    def has_words(self) -> bool:
        """Whether it has letters; a bare figure has none."""
        said = self.text[self.start : self.end]
        return said.lower() != said.upper()

    def get_word_set(self) -> frozenset[str]:
        """Its words, each once."""
        if "said" not in self.memo:
            self.memo["said"] = frozenset(self.texts)
        return self.memo["said"]  # type: ignore[no-any-return]

    def with_figures(self, figures: list[Figure]) -> "TaggedLine":
        """Return the same words with figures among them; their mentions are shared."""
        starts = [token.start for token in self.words]
        return TaggedLine(
            self.text,
            self.start,
            self.end,
            self.words,
            self.mentions,
            figures,
            [
                (bisect_left(starts, figure.start), bisect_left(starts, figure.end))
                for figure in figures
            ],
            self.question,
            self.lists,
            self.memo,
            self.texts,
            self._by,
        )

    def has_any(self, categories: frozenset[str]) -> bool:
        """Whether it has a mention of any of some categories."""
        return not categories.isdisjoint(self._by)


def split_sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the sentences of a block."""
    spans = []
    at = start
    opening = LABEL.match(text, start, end)
    search = opening.end() if opening else start
    for match in SENTENCE_END.finditer(text, search, end):
        if match.end() >= end:
            break
        if ABBREVIATION.search(text, max(at, match.start() - 8), match.start() + 1):
            continue
        if STATE.search(text, max(at, match.start() - 8), match.end() + 1):
            continue
        spans.append((at, match.end()))
        at = match.end()
    if at < end:
        spans.append((at, end))
    return spans


def tag_line(
    text: str,
    start: int,
    end: int,
    words: Gazetteer,
    *,
    damaged: bool = False,
) -> TaggedLine:
    """Read one sentence, its figures left out; on a damaged page, mend its words."""
    found = split_tokens(text, start, end, words.has_word)
    if damaged:
        found = repair_tokens(found, text, words)
    if text.find("](", start, end) >= 0:
        found = _drop_link_targets(text, start, end, found)
    mentions = _drop_inner_mentions(words.find_mentions(text, found))
    if text.find("/", start, end) >= 0:
        mentions = _drop_link_mentions(text, start, end, mentions)
    texts = [token.text for token in found]
    titles = find_job_titles(text, found, texts, words, mentions)
    mentions = [*_drop_words_of_titles(mentions, titles, texts), *titles]
    by: dict[str | tuple[str, ...], list[Mention]] = {}
    for mention in mentions:
        by.setdefault(mention.category, []).append(mention)
    question = text.find("?", max(start, end - 80), end) >= 0
    return TaggedLine(
        text,
        start,
        end,
        found,
        mentions,
        question=question,
        lists=words.lists,
        texts=texts,
        _by=by,
    )


def _drop_link_targets(
    text: str, start: int, end: int, words: list[Token]
) -> list[Token]:
    """`[Acme](https://…) puts pay at …`: an address parts no name from its verb."""
    spans = [m.span() for m in LINK_TARGET.finditer(text, start, end)]
    return [w for w in words if not any(a <= w.start < b for a, b in spans)]


def _drop_words_of_titles(
    mentions: list[Mention], titles: list[Mention], texts: list[str]
) -> list[Mention]:
    """Words inside a title say nothing by themselves: `for training managers`."""
    inside = {
        at
        for title in titles
        if title.last - title.first > 1
        for at in range(title.first, title.last)
    }
    if not inside:
        return mentions
    return [
        m
        for m in mentions
        if m.category not in SILENT_IN_TITLES
        or m.means == "pay"
        or m.last - 1 not in inside
        or not (m.first in inside or texts[m.first] in ("for", "of", "in"))
    ]


def _drop_link_mentions(
    text: str, start: int, end: int, mentions: list[Mention]
) -> list[Mention]:
    """Words of an address say nothing of the figure beside it."""
    spans = [m.span() for m in LINK.finditer(text, start, end)]
    return [m for m in mentions if not any(a <= m.start < b for a, b in spans)]


def _drop_inner_mentions(mentions: list[Mention]) -> list[Mention]:
    """Without those that lie inside a longer phrase, and those that are muted."""
    cover = _measure_cover(mentions)
    if not cover:
        return [m for m in mentions if m.place != "mute"]
    names = [
        (m.first, m.last, m.category)
        for m in mentions
        if m.category in ("area", "publisher", "credential")
    ]
    mutes = _list_muted_words(mentions)
    kept = []
    for mention in mentions:
        if mention.place == "mute" or _is_muted(mention, mutes):
            continue
        if _is_inside(mention, cover) and not _can_stand_inside(mention, names):
            continue
        kept.append(mention)
    return kept


def _measure_cover(mentions: list[Mention]) -> dict[int, int]:
    """Return for words in phrases of several the length of the longest phrase."""
    cover: dict[int, int] = {}
    for mention in mentions:
        length = mention.last - mention.first
        if length > 1:
            for at in range(mention.first, mention.last):
                if cover.get(at, 0) < length:
                    cover[at] = length
    return cover


def _list_muted_words(mentions: list[Mention]) -> set[tuple[str, int]]:
    """Return the words of phrases in which a statistic or credential is none.

    `mid-sized`, `certified and non-certified`; with the kind that they are none of.
    """
    return {
        (m.category, at)
        for m in mentions
        if m.place == "mute" and m.category in MUTED
        for at in range(m.first, m.last)
    }


def _is_inside(mention: Mention, cover: dict[int, int]) -> bool:
    """Return whether the first and the last word of a phrase are of longer ones."""
    length = mention.last - mention.first
    return cover.get(mention.first, 0) > length < cover.get(mention.last - 1, 0)


def _is_muted(mention: Mention, mutes: set[tuple[str, int]]) -> bool:
    """`mid` in `mid-sized` names no statistic."""
    return (mention.category, mention.first) in mutes


MUTED = ("statistics", "credential_words")


def _can_stand_inside(mention: Mention, names: list[tuple[int, int, str]]) -> bool:
    """Words that count inside other phrases, save inside a name."""
    if mention.category == "credential_words":
        return mention.means in ("any", "none")
    if mention.category == "statistics" and mention.means in ("mean", "median"):
        return not any(
            kind != "area" and first <= mention.first and mention.last <= last
            for first, last, kind in names
        )
    if mention.category in (
        "pay_bases",
        "periods",
        "statistics",
        "head_words",
        "json_words",
        "experience_heads",
    ):
        return not any(
            first <= mention.first and mention.last <= last for first, last, _ in names
        )
    return False


NO_MENTIONS: list[Mention] = []
