"""Count again: amounts of a page that are neither claimed nor set aside.

A second finder, made to be dumb. It goes from the marks of money and percent to the
digits beside them, knows no kinds, no contexts and no styles of numbers, and shares no
pattern with the finder whose work it checks (`numbers`). Where they disagree, one of
both is wrong, and a figure may have been lost.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipeline.core.currency_table import CurrencyTable, read_currencies, split_cell
from pipeline.core.model import Document
from pipeline.core.vocabulary import Vocabulary

DIGITS = re.compile(r"\d+")
ADDRESS = re.compile(r"%[0-9A-F]{2}(?![0-9])")
PARTS = re.compile(r"\d+|[^\W\d_]+")
WORDS = re.compile(r"[^\W\d_]+")
MAYBE_MARK = re.compile(r"[^\w\s]")  # signs are no letters and no digits
# Characters that are a mark by themselves; signs of currencies are told by Unicode.
PERCENTS = frozenset("%％﹪٪")
PERCENT_WORDS = frozenset(
    ("percent", "pct", "percentage", "prozent", "cent", "ciento", "procent", "procento")
)
INNER = frozenset(".,'’٫٬，．")
DASHES = frozenset("-‐‑‒–—―−")
BLANKS = frozenset(" \t\u00a0\u2009\u202f\u3000")
# What stands between a mark and its number and says nothing.
FILLING = BLANKS | DASHES | frozenset("*_\\:+~()[]")
FURTHEST = 4
YEARS = ("19", "20")
SHORTEST_NAME = 3
GROUP = 3
LONG = 5
LONGEST = 40  # characters of a number


class Amount(NamedTuple):
    """A number beside a mark of money or percent: where it is, and the mark."""

    start: int
    end: int
    mark: str


@dataclass(frozen=True)
class MarkNames:
    """Everything that may stand beside a number and make it an amount.

    Args:
        exact: Codes and signs of capitals, as written.
        any_case: Names of currencies and words for percent, in small letters.
        counting: Words that multiply a number, as written.
        numerals: Numbers in words, in small letters.
        between: Words that stand between a number and the last word of a name.
    """

    exact: frozenset[str]
    any_case: frozenset[str]
    counting: frozenset[str]
    numerals: frozenset[str]
    between: frozenset[str]

    def __contains__(self, word: str) -> bool:
        named = word in self.exact or word.lower() in self.any_case
        return named or word in self.counting


@lru_cache(maxsize=4)
def read_mark_names(vocabulary: Vocabulary) -> MarkNames:
    """Read every code, name and lettered sign of the tables.

    Raises:
        NotFound: A table is not there.
        LayoutChanged: A column is missing.
    """
    table = read_currencies(vocabulary)
    words = list(_list_names(table))
    last = {name.split()[-1].lower() for name in words}
    counting: set[str] = set()
    for row in vocabulary.read_table("multipliers", "phrase").iter_rows(named=True):
        counting |= {word.rstrip(".") for word in split_cell(row["phrase"])}
    spelled = vocabulary.read_table("number_words", "phrase").to_series()
    between = {w.lower() for name in words for w in name.split()[:-1]}
    return MarkNames(
        frozenset(_list_letters(table)),
        frozenset(n for n in last if len(n) >= SHORTEST_NAME) | PERCENT_WORDS,
        frozenset(counting),
        frozenset(spelled.drop_nulls().to_list()),
        frozenset(between | {"per", "pour", "por", "us"}),
    )


def _list_names(table: CurrencyTable) -> Iterator[str]:
    """Names of currencies and of their hundredths, one and many."""
    for row in table.rows.values():
        for word in (*row.words, *row.shared_words, *row.minor):
            name = word.partition("!")[0].rstrip("*")
            if WORDS.fullmatch(name.split()[-1]):
                yield name
                yield f"{name}s"


def _list_letters(table: CurrencyTable) -> Iterator[str]:
    """Codes, and signs that are letters: `kr`, `zł`, `Rs`."""
    for row in table.rows.values():
        yield row.code
        for sign in (*row.signs, *row.shared, *row.guarded):
            letters = sign.rstrip(".")
            if WORDS.fullmatch(letters):
                yield letters


def find_unaccounted(
    document: Document, vocabulary: Vocabulary, spans: Iterable[tuple[int, int]]
) -> list[tuple[int, int, str]]:
    """Find amounts of a document outside of all spans that are accounted for.

    Args:
        document: As read.
        vocabulary: With the tables of currencies and multipliers.
        spans: Start and end of every claim and of every figure that was set aside.

    Returns:
        Start, end and text of each amount, in order; linear in the text's length.

    Raises:
        NotFound: A table is not there.
    """
    text = document.text
    covered = _Covered([*spans, *document.marks])
    names = read_mark_names(vocabulary)
    cuts = frozenset(block.start for block in document.blocks)
    lost: dict[tuple[int, int], str] = {}
    for amounts in _find_marked(text, names, cuts):
        left = [a for a in amounts if not covered.holds(text, a.start, a.end)]
        # One mark between two numbers is of one of them, and may be of both.
        if len(left) == len(amounts):
            for amount in left:
                lost[amount.start, amount.end] = text[amount.start : amount.end]
    return [(start, end, said) for (start, end), said in sorted(lost.items())]


class _Covered:
    """Spans, merged, that can be asked whether they hold the digits of a stretch."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        for start, end in sorted(spans):
            if self.ends and start <= self.ends[-1]:
                self.ends[-1] = max(self.ends[-1], end)
            else:
                self.starts.append(start)
                self.ends.append(end)

    def holds(self, text: str, start: int, end: int) -> bool:
        """Return whether every digit and letter of a stretch lies in a span."""
        for run in PARTS.finditer(text, start, end):
            at = bisect_right(self.starts, run.start()) - 1
            if at < 0 or self.ends[at] < run.end():
                return False
        return True


def _find_marked(
    text: str, names: MarkNames, cuts: frozenset[int]
) -> Iterator[list[Amount]]:
    """Yield for each mark of a text the one or two numbers that it can be of."""
    for match in MAYBE_MARK.finditer(text):
        at, character = match.start(), match.group()
        percent = character in PERCENTS
        if percent or unicodedata.category(character) == "Sc":
            yield from _pair(text, at, at + 1, names, cuts, percent=percent)
    for word in WORDS.finditer(text):
        if (said := word.group()) in names:
            percent = said.lower() in PERCENT_WORDS
            yield from _pair(text, *word.span(), names, cuts, percent=percent)


def _pair(
    text: str,
    start: int,
    end: int,
    names: MarkNames,
    cuts: frozenset[int],
    *,
    percent: bool,
) -> Iterator[list[Amount]]:
    """Yield the numbers on both sides of a mark, as one list; nothing if there is none.

    A mark that touches the number behind it and not the one before (`$5`) is of the
    number behind.
    """
    opens = text[start - 1 : start].isspace()  # Turkish writes `%50`
    if percent and not opens and ADDRESS.match(text, start):
        return
    found = [_read_back(text, start, names, cuts)]
    if text[start:end] not in names.counting and (opens or not percent):
        found.append(_read_on(text, end, cuts))
    sides = _choose_sides(text, start, end, found)
    if sides:
        yield sides
    if len(sides) == 1:
        yield from ([other] for other in _list_other_ends(text, sides[0], cuts))


def _choose_sides(
    text: str, start: int, end: int, found: list[tuple[int, int] | None]
) -> list[Amount]:
    """Return the amounts that a mark can be of: of a sign, the one that it touches."""
    mark = text[start:end]
    sides = [Amount(*s, mark) for s in found if s and _can_mark(text, s, mark)]
    if len(sides) < 2 or mark[0].isalpha():
        return sides
    return _choose_touching(sides, start, end)


def _can_mark(text: str, side: tuple[int, int], mark: str) -> bool:
    """Return whether a mark can be a number's; one letter is a sum's: `R480,000`."""
    return len(mark) > 1 or not mark.isalpha() or _is_sum(text, *side, mark)


def _choose_touching(sides: list[Amount], start: int, end: int) -> list[Amount]:
    """Return the one of two numbers that a mark touches; both where it touches both."""
    before, behind = sides
    touches = before.end == start, behind.start == end
    if touches[0] == touches[1]:
        return sides
    return [before if touches[0] else behind]


def _list_other_ends(text: str, side: Amount, cuts: frozenset[int]) -> Iterator[Amount]:
    """Yield what a dash joins to an amount, where both have about as many digits."""
    for other in (_find_behind_dash(text, side.end, cuts),
                  _find_before_dash(text, side.start, cuts)):  # fmt: skip
        if other and _is_twin(text, side, other):
            yield Amount(*other, side.mark)


def _find_behind_dash(
    text: str, end: int, cuts: frozenset[int]
) -> tuple[int, int] | None:
    """Return the number behind a dash that follows a place: `$50 - 60`."""
    at = end
    while at < len(text) and at - end < FURTHEST and text[at] in BLANKS | DASHES:
        at += 1
    if at in cuts or DASHES.isdisjoint(text[end:at]):
        return None
    return _read_on(text, at, cuts)


def _find_before_dash(
    text: str, start: int, cuts: frozenset[int]
) -> tuple[int, int] | None:
    """Return the number before a dash that leads to a place: `50 - $60`."""
    at = start
    while at > 0 and at not in cuts and start - at < FURTHEST:
        if text[at - 1] not in BLANKS | DASHES:
            break
        at -= 1
    if at in cuts or DASHES.isdisjoint(text[at:start]):
        return None
    return _read_digits_back(text, at, cuts)


def _is_twin(text: str, side: Amount, other: tuple[int, int]) -> bool:
    """Return whether two numbers have as many digits, and the other is no year."""
    sizes = [_count_digits(text, *ends) for ends in (side[:2], other)]
    said = text[slice(*other)]
    return sizes[0] == sizes[1] > 1 and not (len(said) == 4 and said[:2] in YEARS)


def _read_on(text: str, at: int, cuts: frozenset[int]) -> tuple[int, int] | None:
    """Read the number that begins behind a mark, with nothing but filling between."""
    start = at
    while start < len(text) and start - at < FURTHEST and text[start] in FILLING:
        if start in cuts:
            return None
        start += 1
    run = DIGITS.match(text, start, start + LONGEST) if start not in cuts else None
    if run is None:
        return None
    end = run.end()
    while end - start < LONGEST and (more := DIGITS.match(text, end + 1)):
        if {end, end + 1} & cuts or not _joins(text[end], start, end, more):
            break
        end = more.end()
        if end - more.start() > GROUP and text[more.start() - 1] == ",":
            return start, more.start() + GROUP
    return start, end


def _read_back(
    text: str, at: int, names: MarkNames, cuts: frozenset[int]
) -> tuple[int, int] | None:
    """Read the number that ends before a mark; a word that counts may stand between."""
    end = _skip_back(text, at, cuts)
    for _ in range(2):
        first = _open_word(text, end, cuts)
        word = text[first:end]
        if word.lower() in names.numerals and end < at:
            return first, end
        if not word or not (word in names.counting or word.lower() in names.between):
            break
        end = _skip_back(text, first, cuts)
    return _read_digits_back(text, end, cuts)


def _open_word(text: str, end: int, cuts: frozenset[int]) -> int:
    """Return where the word that ends at a place begins."""
    first = end
    while max(0, end - LONGEST) < first not in cuts and text[first - 1].isalpha():
        first -= 1
    return first


def _read_digits_back(
    text: str, end: int, cuts: frozenset[int]
) -> tuple[int, int] | None:
    """Read the number that ends at a place."""
    start = _open_digits(text, end, cuts)
    if start == end:
        return None
    while start > max(1, end - LONGEST) and not {start, start - 1} & cuts:
        first, more = _open_digits(text, start - 1, cuts), DIGITS.match(text, start)
        if first == start - 1 or more is None:
            break
        if not _joins(text[start - 1], first, start - 1, more):
            break
        start = first
    return start, end


def _open_digits(text: str, end: int, cuts: frozenset[int]) -> int:
    """Return where the digits that end at a place begin."""
    first = end
    while max(0, end - LONGEST) < first not in cuts and text[first - 1].isdecimal():
        first -= 1
    return first


def _joins(between: str, start: int, end: int, more: re.Match[str]) -> bool:
    """Return whether a character joins digits before it and behind it to a number."""
    if between in INNER:
        return True
    return between in BLANKS and end - start <= GROUP == len(more.group())


def _count_digits(text: str, start: int, end: int) -> int:
    return sum(c.isdecimal() for c in text[start:end])


def _is_sum(text: str, start: int, end: int, mark: str) -> bool:
    """Return whether a number beside one letter looks like a sum: `58K`, `R480,000`."""
    if mark in "kK" and text[end : end + 1] == mark:
        return _count_digits(text, start, end) > 1
    return _count_digits(text, start, end) >= LONG


def _skip_back(text: str, at: int, cuts: frozenset[int]) -> int:
    """Return where the filling before a mark begins; a point only before a dash."""
    first = at
    while first > 0 and first not in cuts and at - first < FURTHEST:
        dotted = text[first - 1] == "." and text[first : first + 1] in {*DASHES}
        if text[first - 1] not in FILLING and not dotted:
            break
        first -= 1
    return first
