"""Say why a number beside a mark of money or percent is no figure.

The finder of numbers leaves a number bare where the mark beside it is a word, a weight,
a part of an address or written in a way that it does not read. Such a number is set
aside with that reason: nothing beside a mark is passed over in silence.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.core.currency_table import SIGNS
from pipeline.core.money_marks import MoneyMarks
from pipeline.extract.digits import ParsedNumber
from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.number_ranges import Figure

COUNT = "count_without_mark"
WORD = "mark_is_a_word"
ADDRESS = "in_an_address"
UNREAD = "mark_not_read"
IN_WORDS = "in_words_not_read"
GLUED = "glued_to_a_word"
GLUED_NUMBER = re.compile(
    r"(?<=[^\W\d])\d[\d.,]{0,20}(?<=\d)(?:[\u00a0\u2009\u202f'’]\d{3}(?!\d)){0,4}"
)
PERCENTS = frozenset("%％﹪٪")
OPENING = re.compile(r"(?:\w+://|www\.|\]\()[^\s<>\"']*$")
REACH = 160  # of an address
NEAR = 60  # more than the longest name of a mark
# What may stand between a mark and its number.
FILLING = r"[\s*_\\:+~()\[\]‐‑‒–—―−-]{1,4}"
GLUE = re.compile(rf"^{FILLING}|{FILLING}$")
THOUSANDS = re.compile(r"(?:[\u00a0\u2009\u202f'’]\d{3}(?!\d)){1,4}")
LAST_WORD = re.compile(r"(?:[^\W\d_]+|[^\w\s])$")
FIRST_WORD = re.compile(r"[^\W\d_]+|[^\w\s]")


def set_idle_marks_aside(
    page: IndexedPage, read: Iterable[Figure]
) -> list[tuple[Figure, str]]:
    """Return numbers that a mark stands beside and that are no figures, with reasons.

    Args:
        page: With all of its figures.
        read: Those that are claimed or set aside.
    """
    spans = {(figure.start, figure.end) for figure in read}
    return [
        *_list_bare_numbers(page, {start for start, _ in spans}),
        *_list_glued_numbers(page),
        *_list_spelled_numbers(page, spans),
    ]


def _list_bare_numbers(
    page: IndexedPage, starts: set[int]
) -> Iterator[tuple[Figure, str]]:
    """Yield bare numbers that were not read, each with what the mark beside it is."""
    text, money = page.document.text, page.words.money
    for figure in page.figures:
        if figure.unit != "bare" or figure.start in starts:
            continue
        found = (explain_idle_mark(text, number, money) for number in figure.numbers)
        if reason := next(filter(None, found), ""):
            yield _with_thousands(text, figure), reason


def _list_glued_numbers(page: IndexedPage) -> Iterator[tuple[Figure, str]]:
    """Yield numbers beside a mark that end a word, and are no figure for that."""
    text, money = page.document.text, page.words.money
    known = {number.start for figure in page.figures for number in figure.numbers}
    for match in GLUED_NUMBER.finditer(text):
        number = ParsedNumber(*match.span(), 0.0)
        if match.start() not in known and explain_idle_mark(text, number, money):
            yield Figure(*match.span(), "bare", "", (number,)), GLUED


def _list_spelled_numbers(
    page: IndexedPage, spans: set[tuple[int, int]]
) -> Iterator[tuple[Figure, str]]:
    """Yield sums in words that no figure covers: `five hundred dollars`."""
    covered = {at for span in spans for at in range(*span)}
    for match in _spelled(page.words).finditer(page.document.text):
        if match.start() not in covered:
            yield Figure(*match.span(), "bare", "", ()), IN_WORDS


def _with_thousands(text: str, figure: Figure) -> Figure:
    """Return a number with the groups of three behind it that no style joined to it."""
    tail = THOUSANDS.match(text, figure.end)
    return replace(figure, end=tail.end()) if tail else figure


def _spelled(words: Gazetteer) -> re.Pattern[str]:
    """Compile numbers in words before a unit; a line end may part them."""
    numerals = "|".join(sorted(words.lexicon.numerals, key=len, reverse=True))
    units = rf"percent|per cent|{words.money.multipliers.any}|dollars?|cents?"
    gap = r"[\s-]{1,2}(?:\d{1,4} )?(?:and )?"
    return words.money.pattern(
        rf"\b(?:{numerals})(?:{gap}(?:{numerals})){{0,8}}{gap}(?:{units})\b", re.I
    )


def explain_idle_mark(text: str, number: ParsedNumber, money: MoneyMarks) -> str:
    """Return why the mark beside a bare number makes no figure of it; "" for no mark.

    Args:
        text: Of the document.
        number: A bare one.
        money: Marks of money and of percents.
    """
    before = GLUE.sub("", text[max(0, number.start - NEAR) : number.start])
    behind = GLUE.sub("", text[number.end : number.end + NEAR])
    left, right = LAST_WORD.search(before), FIRST_WORD.match(behind)
    words = [match.group() for match in (left, right) if match]
    marks = [word for word in words if is_mark(word, money)]
    if named := money.named.match(behind):
        marks.append(named.group())
    scaled = number.scale != 1 or (right and right.group() in money.multipliers.rows)
    if not (marks or scaled):
        return ""
    if OPENING.search(text, max(0, number.start - REACH), number.start):
        return ADDRESS
    if any(is_plain_mark(mark, money) for mark in marks):
        return UNREAD
    return COUNT if scaled else WORD


def is_mark(word: str, money: MoneyMarks) -> bool:
    """Return whether a word or character is a mark of money or percent anywhere."""
    return (
        is_plain_mark(word, money)
        or word in money.codes
        or word in money.guarded
        or word.lower() in money.words
    )


def is_plain_mark(word: str, money: MoneyMarks) -> bool:
    """Return whether a mark means money or percent and nothing else."""
    if word in PERCENTS or money.percent.fullmatch(word.lower()):
        return True
    if len(word) == 1 and not word.isalpha():
        return word in money.symbols or word in SIGNS
    row = money.table.rows.get(word)
    return row is not None and word in money.codes and not row.needs
