"""Make the patterns of money and numbers from the tables of `vocabularies/`.

`currencies.csv` gives the marks before and behind a number, `multipliers.csv` what it
is counted in, `separators.csv` what may stand within it and `periods.csv` the spans of
time. A new row is read everywhere, since no other module spells a sign or a code.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from pipeline.core.currency_table import SIGNS, read_currencies
from pipeline.core.mark_lists import MarkLists
from pipeline.core.number_marks import (
    Multipliers,
    Separators,
    join_choices,
    read_multipliers,
    read_separators,
)
from pipeline.core.span_marks import Spans, read_spans
from pipeline.core.vocabulary import Vocabulary

ANY = "¤"  # in a template: any one-character sign of the table
LETTER = r"[^\W\d_]"
# Between a mark and its number: blanks, and Markdown's stars (`**$**52,600`).
GAP = r"(?P<gap>:?[ \u00a0\u202f\u2009\t]{0,2}(?:\\?[*_]){0,3})$"
# `°/o` is how scanned pages spell `%`; `per-` may be broken at a line's end.
PERCENT = (
    r"%|°/o|per(?:-\n[ \t]{0,12}| |\n)?cent\b|pct\b|percentage points?"
    r"|Prozent\b|pour cent\b|por ciento\b"
)
# What makes a letter a part of a word or of a number: `X-K`, `401 K`, `S&L`.
PART_BEFORE = re.compile(r"(?:[^\W_]|[-‐‑–—&/'’.$#_]|\d\s)$")
RANGE_BEFORE = re.compile(r"\d[-‐‑–—]$")
RANGE_TO = r"\s?(?:[-‐‑–—]|to|and)\s?"
# The same in the languages whose decimal mark is a comma.
RANGE_WORDS = r"\s?(?:[-‐‑‒–—−]|to|and|bis|und|à|a|y|et|e|do|til|till|tot|en)\s?"
# Where a name ends. Scripts without blanks between words have no such place.
WORD_END = r"(?:\b|(?<=[\u0e00-\u0eff\u3000-\u9fff\uac00-\ud7af]))"
# Characters on each side in which a country must be named for its code to be money.
NEARBY_CHARACTERS = 240
LONGEST_SEARCHED = 40_000  # characters of a text in which a country is looked for
OPENING = 400
FEWEST_NAMINGS = 3


@dataclass(frozen=True)
class MoneyMarks(MarkLists):
    """The tables of money, and the patterns that are compiled from them.

    Args:
        multipliers: Words that multiply a number.
        separators: Characters within a number.
        spans: Phrases for a span of time behind a sum.
        spoken: Words in small letters that may touch a sign and are no part of it: `rn`
            in `RN$75,000`.
    """

    multipliers: Multipliers
    separators: Separators
    spans: Spans
    spoken: frozenset[str] = frozenset()
    _made: dict[tuple[str, int], re.Pattern[str]] = field(default_factory=dict)

    def pattern(self, template: str, flags: int = 0) -> re.Pattern[str]:
        """Compile a template, in which `¤` within a class stands for every sign.

        Args:
            template: Regular expression.
            flags: As of `re.compile`.
        """
        key = (template, flags)
        found = self._made.get(key)
        if found is None:
            found = re.compile(template.replace(ANY, self.symbol_class), flags)
            self._made[key] = found
        return found

    @cached_property
    def before(self) -> re.Pattern[str]:
        """A mark of money right before a number, up to the end of the search."""
        marks = [*self.signs, *(m for m in self.guarded if len(m) > 1)]
        lettered = [s for s in marks if s[0].isalpha() and s[0].isascii()]
        other = [s for s in marks if s not in lettered and s not in self.symbols]
        some = join_choices((*lettered, *self.codes, *self.small_codes))
        # Letters before a shared sign are read with it, known or not (`QQ$240,000`), so
        # that an unknown currency is not taken for dollars.
        prefixed = rf"[A-Z]{{1,3}}[{self.shared_symbols}]"
        return re.compile(
            rf"(?P<sign>(?<![A-Za-z])(?:{prefixed}|{some})"
            + (rf"|{join_choices(other)}" if other else "")
            + rf"|[{self.symbol_class}¢]|&#36;|[{SIGNS}]){GAP}"
        )

    @cached_property
    def after(self) -> re.Pattern[str]:
        """Multiplier, and unit or mark of money, right behind a number."""
        times, thousand = self.multipliers.words, "".join(self.multipliers.thousand)
        marks = [*self.signs, *self.guarded]
        signs = [s for s in marks if s[-1].isalpha() and s[0] not in self.symbols]
        dotted = [s for s in marks if len(s) > 1 and s not in signs]
        fore = self.shared_symbols
        back = "".join(sorted(map(re.escape, self.symbols - {*fore.replace("\\", "")})))
        return re.compile(
            r"(?:\.\d{2}(?!\d))?"
            # `60K`, `60 k`; `$60KMedian` where cells lost the blank between them.
            rf"(?P<scale> ?[{thousand}](?!{LETTER})|[{thousand.upper()}](?=[A-Z][a-z])"
            rf"|[ \u00a0-]?(?:{times})(?!{LETTER}|/\.))?"
            r"(?P<plain>(?:[*_]{0,3}[ \u00a0\u202f]?)"
            rf"(?P<unit>{PERCENT}"
            # A sign that stands before numbers too is the next one's, if one follows.
            rf"|(?:[A-Z]{{1,3}}[{fore}]|{join_choices(dotted)})(?! ?\d)"
            rf"|[{fore}](?! ?[\d*])|[{back}](?!\d)|¢|[{SIGNS}](?! ?\d)"
            rf"|(?:{join_choices((*self._names, *signs))}){WORD_END}))?"
        )

    @cached_property
    def marked(self) -> re.Pattern[str]:
        """Groups that stand apart, or `,-`, and a mark behind them: `52 600 €`."""
        apart, decimals = self.separators.apart, re.escape(self.separators.decimals)
        groups = rf"(?:[{apart}]\d{{3}}){{1,3}}(?:[{decimals}]\d{{1,2}})?"
        dash = r"[,.][-–—]{1,2}"
        return re.compile(
            rf"(?P<rest>{groups}(?:{dash})?|{dash})"
            rf"(?:\s?[-‐‑‒–—]\s?\d{{1,3}}{groups})?[ \u00a0\u202f]?{self._behind}"
        )

    @cached_property
    def ranged(self) -> re.Pattern[str]:
        """The other end of a range, and its mark: ` – 60,50 €`, ` bis 4.100 Euro`."""
        marks = re.escape(self.separators.groups)
        digits = rf"\d[\d{marks}]{{0,11}}(?:[{self.separators.apart}]\d{{3}})?"
        unit = rf"(?P<unit>{PERCENT}|{self._behind})"
        return re.compile(rf"{RANGE_WORDS}{digits}[ \u00a0\u202f]?{unit}")

    @cached_property
    def percent(self) -> re.Pattern[str]:
        """A word or sign for hundredths, or for points of them."""
        return re.compile(PERCENT)

    @property
    def _names(self) -> tuple[str, ...]:
        """Names and codes that stand behind a number."""
        return (*self.words, *self.codes, *self.small_codes)

    @cached_property
    def _behind(self) -> str:
        """A mark of money behind a number, as a pattern without a name."""
        named = join_choices((*self._names, *self.lettered))
        return rf"(?:[{self.symbol_class}](?!\s?\d)|(?:{named}){WORD_END})"

    @cached_property
    def spelled(self) -> re.Pattern[str]:
        """A unit behind a number in words, in small letters: `dollars`, `percent`."""
        names = {
            spelling.lower()
            for spelling, asks in self.words.items()
            if asks != "*" and spelling.lower() not in self.minor
            if not asks or spelling.endswith("s")
        }
        return re.compile(
            rf"[\s-](?:(?P<unit>{join_choices(names)}|percent|per cent)\b(?! of)"
            r"|(?P<figures>figures?)\b)"
        )

    @cached_property
    def named(self) -> re.Pattern[str]:
        """A sign, name or code of money: the words around may be in any case."""
        names = join_choices(
            w.lower() for w in (*self.words, *self.lettered) if len(w) > 2
        )
        return re.compile(rf"\b(?:(?i:{names})|{join_choices(self.codes)})\b|[{SIGNS}]")

    @cached_property
    def paid(self) -> re.Pattern[str]:
        """The rest of a sum and a span of time: ` a year`, `-52,000 per hour`."""
        times = self.multipliers.any
        more = (
            rf"\s?(?:[-‐‑‒–—]|to|and)\s?(?:[A-Z]{{3}}\s?)?\d[\d,.]*(?:\s?(?:{times}))?"
        )
        return re.compile(
            rf"(?:\s?(?:{times})\b)?(?:{more}(?:\s?[A-Z]{{3}})?)?"
            rf"[\s,*_]{{0,3}}(?:gross |net |base )?(?:{self.spans.named.pattern})",
            re.I,
        )

    @cached_property
    def amount(self) -> re.Pattern[str]:
        """A number of the form of a sum: grouped, long, with cents, or counted."""
        groups, apart = re.escape(self.separators.groups), self.separators.apart
        times = self.multipliers.any
        return re.compile(
            rf"\d{{1,3}}(?:[{groups}{apart}]\d{{2,3}})*[{groups}{apart}]\d{{3}}(?!\d)"
            # Four digits, unless they are a year; hundredths; a number with a factor.
            r"|\d{5,}|(?!19\d\d|20\d\d)\d{4}(?!\d)|\d+[.,]\d\d(?!\d)"
            rf"|\d[\d.,]*\s?(?:{times})(?![A-Za-z])"
        )

    def touches(self, mark: str) -> bool:
        """Return whether letters only touch a sign: `RN$75,000`.

        Cells that lost the blank between them run together so; `MX$` is a sign.
        """
        if self.table.list_codes(mark) or mark.startswith("&"):
            return False
        letters = mark[:-1].strip()
        if not letters.isupper() or letters in self.table.rows:
            return False
        return len(letters) == 1 or letters.lower() in self.spoken

    def is_earned(
        self, text: str, mark: str, digits: tuple[int, int], behind: int
    ) -> bool:
        """Return whether a mark beside a number is money, not a word or an acronym.

        `ALL 240,000 members` is no sum in Albanian lek, `$240,000` always is one.

        Args:
            text: Of the document.
            mark: As written.
            digits: Where the run of digits begins, and ends.
            behind: Where the words behind number and mark begin.
        """
        needs, names = self._needs(mark)
        if not needs:
            return True
        if needs != "home" and self.paid.match(text, behind) is not None:
            return True
        if self.amount.match(text, digits[0]) is None:
            return False
        return needs == "amount" or self._is_home(text, digits[0], names)

    def is_letter_sign(self, text: str, at: int, digits: tuple[int, int]) -> bool:
        """Return whether a letter before a number is its currency's sign: `R480,000`.

        `Q 3`, `401 K`, `Grade R 12,000 pupils` are none. The number looks like a sum,
        the country is named around, and the letter touches the number or a span of
        time follows.

        Args:
            text: Of the document.
            at: Where the letter is.
            digits: Where the run of digits begins, and where the words behind it do.
        """
        names = self.letters.get(text[at])
        if names is None or self.amount.match(text, digits[0]) is None:
            return False
        # `K8,000-K12,000` is a range, `K-12,000` and `X-K12,000` are names.
        if not RANGE_BEFORE.search(text, max(0, at - 2), at) and (
            PART_BEFORE.search(text, max(0, at - 2), at)
        ):
            return False
        paid = (
            at + 1 == digits[0]
            or self.paid.match(text, digits[1]) is not None
            or re.compile(rf"{RANGE_TO}{text[at]}\s?\d").match(text, digits[1])
        )
        return bool(paid) and self._is_home(text, digits[0], names)

    def _needs(self, mark: str) -> tuple[str, tuple[str, ...]]:
        """Return what a mark needs beside it (`NEEDS`), and words for its country."""
        if mark in self.guarded:
            return "home", self.guarded[mark]
        if mark in self.words:
            if self.words[mark].startswith("*"):
                return "period", self.homes.get(mark, ())
            return "", ()
        if mark in self.small_codes:
            return "amount", ()
        # Only codes can be words or acronyms as well; signs are always money.
        if not (mark.isupper() and mark.isalpha() and mark.isascii()):
            return "", ()
        known = self.table.list_codes(mark)
        if not known:
            return "", ()
        row = self.table.rows[known[0]]
        if mark != row.code:  # `TL`, `RM`: a sign of capitals
            return ("amount" if row.needs else ""), ()
        return row.needs, (*row.home_words, row.nation)

    @staticmethod
    def _is_home(text: str, at: int, names: tuple[str, ...]) -> bool:
        """Return whether the text around a place names the country of a currency."""
        near = text[max(0, at - NEARBY_CHARACTERS) : at + NEARBY_CHARACTERS].lower()
        if any(name and name.lower() in near for name in names):
            return True
        return _is_named(text, names)


# It holds the texts that it was asked of: those of the page at hand, and no more.
@lru_cache(maxsize=4)
def _is_named(text: str, names: tuple[str, ...]) -> bool:
    """Return whether a text names a country again and again, or at its start."""
    low = text[:LONGEST_SEARCHED].lower()
    return any(
        name
        and (low.count(name.lower()) >= FEWEST_NAMINGS or name.lower() in low[:OPENING])
        for name in names
    )


def read_marks(
    vocabulary: Vocabulary, spoken: frozenset[str] = frozenset()
) -> MoneyMarks:
    """Read the tables of money and numbers of a vocabulary.

    Args:
        vocabulary: With `currencies`, `multipliers`, `separators` and `periods`.
        spoken: Words in small letters that may touch a sign and are no part of it
            (`RN$75,000`).

    Raises:
        NotFound: A table is not there.
        LayoutChanged: A column is missing.
    """
    return MoneyMarks(
        read_currencies(vocabulary),
        read_multipliers(vocabulary),
        read_separators(vocabulary),
        read_spans(vocabulary),
        spoken,
    )
