"""Known titles of occupations in a line of tokens: the longest names first.

Words are compared in the singular (`core.occupation_titles.make_stem`); a comma, a
slash or two dashes within a name may be there or not, as the name is published.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from pipeline.core.occupation_titles import make_stem
from pipeline.extract.tokens import DASHES, Token

Span = tuple[int, int]  # first token and the one after the last
SHORT = 3  # words of a name that may as well be other words


@dataclass(slots=True, frozen=True)
class TitleSearch:
    """The keys of titles, and how long those are that open with two words.

    Args:
        keys: Of every title, its words joined by blanks.
        alone: Of titles of one word that say what they are in any line.
        longest: Most words of a title that opens with these two.
        firsts: Words that a title of more than one word opens with.
    """

    keys: frozenset[str]
    longest: dict[str, int]
    firsts: frozenset[str]
    alone: frozenset[str]


def make_search(keys: Iterable[str], alone: Iterable[str] = ()) -> TitleSearch:
    """Make a search for titles, given by their keys."""
    every = frozenset(keys)
    key = pl.col("key")
    opened = pl.DataFrame({"key": pl.Series(list(every), dtype=pl.String)}).select(
        opening=key.str.extract(r"^([^ ]* [^ ]*)", 1),
        size=key.str.count_matches(" ", literal=True) + 1,
    )
    sizes = opened.drop_nulls().group_by("opening").max()
    longest: dict[str, int] = dict(sizes.iter_rows())
    firsts = frozenset(opening.partition(" ")[0] for opening in longest)
    return TitleSearch(every, longest, firsts, frozenset(alone))


def find_known_titles(
    tokens: list[Token], search: TitleSearch, taken: set[int]
) -> list[Span]:
    """Return the spans of titles of more than one word; no two overlap.

    The longest wins, and of two that are as long the later one: what a name ends in
    says what it is. A short name that ends in a word of another kind (`taken`) is none.
    """
    stems, spans = list_stems(tokens)
    found: list[tuple[int, int, Span]] = []
    for at in range(len(stems)):
        if stems[at] in search.alone:
            found.append((-1, -at, spans[at]))
        if stems[at] not in search.firsts or at + 1 == len(stems):
            continue
        size = search.longest.get(f"{stems[at]} {stems[at + 1]}", 0)
        for end in range(min(at + size, len(stems)), at + 1, -1):
            free = end - at > SHORT or spans[end - 1][0] not in taken
            if free and " ".join(stems[at:end]) in search.keys:
                found.append((at - end, -at, (spans[at][0], spans[end - 1][1])))
                break
    kept: list[Span] = []
    for _, _, (first, last) in sorted(found):
        if all(last <= a or b <= first for a, b in kept):
            kept.append((first, last))
    return sorted(kept)


def list_stems(tokens: list[Token]) -> tuple[list[str], list[Span]]:
    """Return the words of a line as titles have them, and the tokens of each.

    >>> from pipeline.extract.tokens import split_tokens
    >>> list_stems(split_tokens("Drivers/Sales Workers, and helpers--roofers"))[0]
    ['driver', 'sale', 'worker', 'and', 'helper', '--', 'roofer']
    """
    stems: list[str] = []
    spans: list[Span] = []
    done = -1
    for at, token in enumerate(tokens):
        word = token.text
        if at <= done:
            continue
        if len(word) == 1 and not word.isalnum():
            done, word = _read_mark(tokens, at)
            if not word:
                continue
        elif not word.isascii() and _is_glued(tokens, at):
            done = _join_letters(tokens, at, stems, spans)
            continue
        stems.append(make_stem(word))
        spans.append((at, done + 1 if done > at else at + 1))
    return stems, spans


def _read_mark(tokens: list[Token], at: int) -> tuple[int, str]:
    """Return the last token of a mark, and how titles have it; "" where they do not."""
    mark = tokens[at].text
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is None:
        return at, mark
    glued = after.start == tokens[at].end
    if mark in "'’":
        return at + (glued and after.text == "s"), ""
    if mark in ",;" and after.text in ("and", "or", "&"):
        return at, ""
    if mark == "/" and glued:
        return at, ""
    if mark in DASHES and glued and after.text in DASHES:
        return at + 1, "--"
    return at, mark


def _is_glued(tokens: list[Token], at: int) -> bool:
    """Whether a letter is part of a longer word, which the lexer has taken apart."""
    before = at > 0 and tokens[at - 1].end == tokens[at].start
    after = at + 1 < len(tokens) and tokens[at + 1].start == tokens[at].end
    return before or after


def _join_letters(
    tokens: list[Token], at: int, stems: list[str], spans: list[Span]
) -> int:
    """Add a letter beyond ASCII to the word that it is in; return its last token."""
    word, first, last = tokens[at].text, at, at
    glued = bool(stems) and spans[-1][1] == at and stems[-1][-1].isalpha()
    if glued and tokens[at - 1].end == tokens[at].start:
        word = stems.pop() + word
        first = spans.pop()[0]
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after and after.start == tokens[at].end and after.text[0].isalpha():
        word, last = word + after.text, at + 1
    stems.append(make_stem(word))
    spans.append((first, last + 1))
    return last
