"""Sentences within a block, and what stands in one: words, figures, mentions."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any

from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.lexicon import Mention
from pipeline.extract.mending import mended
from pipeline.extract.ranges import Figure
from pipeline.extract.titles import titles
from pipeline.extract.tokens import Token, tokens

LINK = re.compile(r"(?:https?://|www\.|[\w-]{2,40}\.[a-z]{2,8}/|\]\()[^\s)]{1,400}")
STOP = re.compile(r"[.!?…][\"”’')\]*_]{0,4}\s+(?=[\"“‘(*_\[]{0,4}[A-Z\d$£€₹])")
SHORT = re.compile(
    r"(?:\b(?:U\.S|U\.K|D\.C|N\.Y|Inc|Dr|Mr|Mrs|Ms|Rs|St|vs|approx|No|Jr|Sr|Co|Corp|Ltd"
    r"|e\.g|i\.e|a\.m|p\.m|etc|Ph\.D|per|avg|Avg|est|Est|Dec|Jan|Feb|Mar|Apr|Aug"
    r"|Sept|Oct|Nov|[A-Z])|N\.C)\.\s*$"
)
LABEL = re.compile(r"\W{0,4}\d{1,3}[.)]\s")


@dataclass(slots=True)
class Line:
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

    def of(self, category: str, *others: str) -> list[Mention]:
        """Its mentions of some categories, in text order."""
        by = self._by
        if not others:
            return by.get(category, NONE)
        key = (category, *others)
        if key not in by:
            found = [m for name in key for m in by.get(name, NONE)]
            by[key] = sorted(found, key=lambda m: m.start) if found else NONE
        return by[key]

    def between(self, first: int, last: int) -> list[str]:
        """The words from one token up to another."""
        return self.texts[first:last]

    def said(self) -> frozenset[str]:
        """Its words, each once."""
        if "said" not in self.memo:
            self.memo["said"] = frozenset(self.texts)
        return self.memo["said"]  # type: ignore[no-any-return]

    def bearing(self, figures: list[Figure]) -> "Line":
        """The same words with figures among them; what was found in them is shared."""
        starts = [token.start for token in self.words]
        return Line(
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

    def names(self, categories: frozenset[str]) -> bool:
        """Whether it has a mention of any of some categories."""
        return not categories.isdisjoint(self._by)


def split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the sentences of a block."""
    spans = []
    at = start
    opening = LABEL.match(text, start, end)
    search = opening.end() if opening else start
    for match in STOP.finditer(text, search, end):
        if match.end() >= end:
            break
        if SHORT.search(text, max(at, match.start() - 8), match.start() + 1):
            continue
        spans.append((at, match.end()))
        at = match.end()
    if at < end:
        spans.append((at, end))
    return spans


def line(
    text: str,
    start: int,
    end: int,
    words: Gazetteer,
    *,
    damaged: bool = False,
) -> Line:
    """Read one sentence, its figures left out; on a damaged page, mend its words."""
    found = tokens(text, start, end, words.knows)
    if damaged:
        found = mended(found, text, words)
    mentions = _kept(words.mentions(text, found))
    if text.find("/", start, end) >= 0:
        mentions = _outside_links(text, start, end, mentions)
    texts = [token.text for token in found]
    mentions += titles(text, found, texts, words, mentions)
    by: dict[str | tuple[str, ...], list[Mention]] = {}
    for mention in mentions:
        by.setdefault(mention.category, []).append(mention)
    question = text.find("?", max(start, end - 80), end) >= 0
    return Line(
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


def _outside_links(
    text: str, start: int, end: int, mentions: list[Mention]
) -> list[Mention]:
    """Words of an address say nothing of the figure beside it."""
    spans = [m.span() for m in LINK.finditer(text, start, end)]
    return [m for m in mentions if not any(a <= m.start < b for a, b in spans)]


def _kept(mentions: list[Mention]) -> list[Mention]:
    """Without those that lie inside a longer phrase, and those that are muted."""
    cover: dict[int, int] = {}
    for mention in mentions:
        length = mention.last - mention.first
        if length > 1:
            for at in range(mention.first, mention.last):
                if cover.get(at, 0) < length:
                    cover[at] = length
    if not cover:
        return [m for m in mentions if m.place != "mute"]
    names = [
        (m.first, m.last, m.category)
        for m in mentions
        if m.category in ("area", "publisher", "credential")
    ]
    mutes = {
        at
        for m in mentions
        if m.place == "mute" and m.category == "statistics"
        for at in range(m.first, m.last)
    }
    kept = []
    for mention in mentions:
        inside = cover.get(mention.first, 0) > mention.last - mention.first
        inside = (
            inside and cover.get(mention.last - 1, 0) > mention.last - mention.first
        )
        if mention.place == "mute" or _muted(mention, mutes):
            continue
        if inside and not _free(mention, names):
            continue
        kept.append(mention)
    return kept


def _muted(mention: Mention, mutes: set[int]) -> bool:
    """`mid` in `mid-sized` names no statistic."""
    return mention.category == "statistics" and mention.first in mutes


def _free(mention: Mention, names: list[tuple[int, int, str]]) -> bool:
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


NONE: list[Mention] = []
