"""Words, numbers and single characters of a text, each with its place."""

import re
from collections.abc import Callable
from dataclasses import dataclass

TOKEN = re.compile(
    r"[a-z]+(?:[015][a-z]+|(?:-\n[ \t]{0,12}[a-z]+)?(?:['’](?!s\b)[a-z]+)?)"
    r"|\d[\dol]{0,2}(?=\s(?:percent|per cent|%))|\d+(?:[.,]\d+)*|[^\sa-z\d*_`\\]"
)


DASH_CLASS = "-‐‑‒–—―−"  # the hyphen first, as it stands within [] of a pattern
DASHES = frozenset(DASH_CLASS)


DIGITS = frozenset("0123456789")


SCANNED = str.maketrans("l015", "IOIS")


CAPITALS = {code: code + 32 for code in range(65, 91)}


@dataclass(slots=True, eq=False)
class Token:
    """A word, a number, or one other character, in lower case."""

    text: str
    start: int
    end: int


def split_tokens(
    text: str,
    start: int = 0,
    end: int | None = None,
    known: Callable[[str], bool] = bool,
) -> list[Token]:
    """Tokens of a stretch of text, hyphens within words left out.

    Args:
        text: Of the document.
        start: Where the stretch starts.
        end: And where it ends.
        known: Whether two halves of a word parted by a line end make a word.
    """
    part = text[start:end]
    lower = part.lower() if part.isascii() else part.translate(CAPITALS)
    found: list[Token] = []
    for match in TOKEN.finditer(lower):
        word = match.group()
        at = start + match.start()
        size = len(word)
        if size == 1:
            if word in DASHES and _is_within_word(lower, at - start):
                continue
        elif "\n" in word:
            found += _join_halves(word, at, known)
            continue
        elif word[0] == "k" and size > 2 and _is_glued_scale(text, at):
            found.append(Token("k", at, at + 1))
            found.append(Token(word[1:], at + 1, at + size))
            continue
        elif word.startswith("and") and size > 4 and _is_glued_and(text, at):
            found.append(Token("and", at, at + 3))
            found.append(Token(word[3:], at + 3, at + size))
            continue
        found.append(Token(word, at, at + size))
    return found


def small_letters(text: str) -> str:
    """Return a text in small letters, every character at its place."""
    lower = text.lower()
    if len(lower) != len(text):  # a few capitals are two letters when small
        lower = text.translate(CAPITALS)
    return lower


def find_words(text: str, words: tuple[str, ...]) -> list[int]:
    """Where any of some words, given in small letters, begin in a text; in order."""
    lower = small_letters(text)
    found = set()
    for word in words:
        at = lower.find(word)
        while at >= 0:
            found.add(at)
            at = lower.find(word, at + 1)
    return sorted(found)


def _join_halves(word: str, at: int, known: Callable[[str], bool]) -> list[Token]:
    """`me-`, `dian`: one word if it is one, else two."""
    left, _, right = word.partition("-\n")
    right = right.lstrip()
    end = at + len(word)
    if known(left + right):
        return [Token(left + right, at, end)]
    return [Token(left, at, at + len(left)), Token(right, end - len(right), end)]


def _is_glued_scale(text: str, at: int) -> bool:
    """`$192KMedian`: two inline elements, the K is the figure's."""
    joined = text[at - 1 : at].isdigit()
    return joined and text[at + 1].isupper() and text[at + 2].islower()


def _is_glued_and(text: str, at: int) -> bool:
    """`Billing andCoding`: a blank is lost before a capital."""
    return text[at : at + 3].islower() and text[at + 3].isupper()


def _is_within_word(lower: str, at: int) -> bool:
    return lower[at - 1 : at].isalpha() and lower[at + 1 : at + 2].isalpha()
