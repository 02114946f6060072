"""Patterns of money and numbers, every one made from the tables of `vocabularies/`.

`currencies.csv` gives the marks before and behind a number, `multipliers.csv` what it
is counted in, `separators.csv` what may stand within it and `periods.csv` the spans of
time. A row more is read everywhere, and no other module spells a sign or a code.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.core.currency_table import (
    FUNDS,
    CurrencyTable,
    list_spellings,
    read_currencies,
    strip_word,
)
from pipeline.core.number_marks import (
    Multiplier,
    Separators,
    join_choices,
    read_multipliers,
    read_separators,
)
from pipeline.core.vocabulary import Vocabulary

ANY = "¤"  # in a template: any one-character sign of the table
SIGNS = "".join(  # every currency sign of Unicode, known to the table or not
    character
    for character in map(chr, (*range(0x24, 0x20D0), *range(0xFDFC, 0xFFE7)))
    if unicodedata.category(character) == "Sc" and character != ANY
)
GAP = r"(?P<gap>[ \u00a0\u202f\u2009\t]{0,2}(?:\\?[*_]){0,3})$"
PERCENT = r"%|°/o|per(?:-\n[ \t]{0,12}| |\n)?cent\b|pct\b|percentage points?"
SHORT_LETTERS = 3
PAGE_AROUND = 240


@dataclass(frozen=True)
class MoneyMarks:
    """The tables of money, and the patterns that are compiled from them.

    Args:
        table: Currencies by mark.
        multipliers: By spelling.
        separators: Characters within a number.
        periods: Phrases for a span of time behind a sum, longest first.
        spoken: Words in small letters that are no part of a sign that they touch.
    """

    table: CurrencyTable
    multipliers: dict[str, Multiplier]
    separators: Separators
    periods: tuple[str, ...]
    spoken: frozenset[str] = frozenset()
    _made: dict[tuple[str, int], re.Pattern[str]] = field(default_factory=dict)

    def pattern(self, template: str, flags: int = 0) -> re.Pattern[str]:
        """A template compiled, `¤` in its classes standing for every sign."""
        key = (template, flags)
        found = self._made.get(key)
        if found is None:
            found = re.compile(template.replace(ANY, self.symbol_class), flags)
            self._made[key] = found
        return found

    @cached_property
    def first(self) -> str:
        """Code of the table's first row: the currency of a page that names none."""
        return next(iter(self.table.rows))

    @cached_property
    def symbols(self) -> frozenset[str]:
        """Signs of one character that is no letter."""
        signs = (s for row in self.table.rows.values() for s in row.signs + row.shared)
        return frozenset(s for s in signs if len(s) == 1 and not s.isalpha())

    @cached_property
    def symbol_class(self) -> str:
        """The same as the inside of a character class."""
        return "".join(sorted(map(re.escape, self.symbols)))

    @cached_property
    def minor(self) -> frozenset[str]:
        """Marks of the hundredth of a unit (`¢`, `cents`), in small letters."""
        return frozenset(
            spelling.lower()
            for row in self.table.rows.values()
            for word in row.minor
            for spelling in list_spellings(word)
        )

    @cached_property
    def signs(self) -> tuple[str, ...]:
        """Every sign of the table, longest first."""
        rows = self.table.rows.values()
        found = {s for row in rows for s in row.signs + row.shared}
        found |= {w for row in rows for w in row.minor if not w.isalpha()}
        return tuple(sorted(found, key=lambda s: (-len(s), s)))

    @cached_property
    def codes(self) -> frozenset[str]:
        """Codes that are money: all but those of funds, metals and tests."""
        rows = self.table.rows.values()
        return frozenset(row.code for row in rows if row.state != FUNDS)

    @cached_property
    def words(self) -> dict[str, str]:
        """Names behind a number, with what a row asks beside them (`*`, `!of`)."""
        return {
            spelling: word[len(strip_word(word)) :]
            for row in self.table.rows.values()
            for word in (*row.words, *row.shared_words, *row.minor)
            if strip_word(word)[0].isalpha()
            for spelling in list_spellings(word)
        }

    @cached_property
    def window(self) -> int:
        """How far before a number a mark of money can begin."""
        return max(map(len, (*self.signs, "XXX$"))) + 1

    @cached_property
    def ends(self) -> frozenset[str]:
        """Last characters of signs that are symbols; unknown signs too."""
        return self.symbols | {*SIGNS, ";"}

    @cached_property
    def tails(self) -> frozenset[str]:
        """Last two characters of other signs: `kr`, `zł`, `s.`."""
        return frozenset(s[-2:] for s in self.signs if s[-1] not in self.symbols)

    @cached_property
    def before(self) -> re.Pattern[str]:
        """A mark of money right before a number, up to the end of the search."""
        lettered = [s for s in self.signs if s[0].isalpha() and s[0].isascii()]
        other = [s for s in self.signs if s not in lettered and len(s) > 1]
        some = join_choices((*lettered, *self.codes))
        prefixed = rf"[A-Z]{{1,3}}[{self.shared_symbols}]"
        return re.compile(
            rf"(?P<sign>(?<![A-Za-z])(?:{prefixed}|{some})"
            + (rf"|{join_choices(other)}" if other else "")
            + rf"|[{self.symbol_class}¢]|&#36;|[{SIGNS}]){GAP}"
        )

    @cached_property
    def shared_symbols(self) -> str:
        """Signs that letters before them give to one country: `$`, `£`."""
        last = {s[-1] for s in self.signs if len(s) > 1 and s[0].isalpha()}
        return "".join(sorted(map(re.escape, last & self.symbols)))

    @cached_property
    def after(self) -> re.Pattern[str]:
        """Multiplier, and unit or mark of money, right behind a number."""
        times = join_choices(w for w in self.multipliers if w not in self.thousand)
        thousand = "".join(sorted(self.thousand))
        signs = [s for s in self.signs if s[-1].isalpha()]
        dotted = [s for s in self.signs if len(s) > 1 and s not in signs]
        fore = self.shared_symbols
        back = "".join(sorted(map(re.escape, self.symbols - {*fore.replace("\\", "")})))
        return re.compile(
            r"(?:\.\d{2}(?!\d))?"
            rf"(?P<scale> ?[{thousand}](?![A-Za-z])|[{thousand.upper()}](?=[A-Z][a-z])"
            rf"|[ \u00a0-]?(?:{times})(?![A-Za-z]))?"
            r"(?P<plain>(?:[*_]{0,3}[ \u00a0\u202f]?)"
            rf"(?P<unit>{PERCENT}"
            rf"|[{fore}](?! ?[\d*])|[{back}](?!\d)|¢|[{SIGNS}](?! ?\d)"
            rf"|(?:{join_choices((*self.words, *self.codes, *signs))})\b"
            rf"|{join_choices(dotted)}(?! ?\d)))?"
        )

    @cached_property
    def thousand(self) -> frozenset[str]:
        """Single letters that multiply a bare number: `k`, `K`."""
        found = self.multipliers.items()
        return frozenset(w for w, m in found if len(w) == 1 and m.alone)

    @cached_property
    def marked(self) -> re.Pattern[str]:
        """Groups that stand apart and a mark behind them: `52 600 €`."""
        apart = self.separators.apart
        named = join_choices((*self.words, *self.codes, *self.lettered))
        groups = rf"(?:[{apart}]\d{{3}}){{1,2}}"
        return re.compile(
            rf"{groups}(?:\s?[-‐‑‒–—]\s?\d{{1,3}}{groups})?[ \u00a0\u202f]?"
            rf"(?:[{self.symbol_class}](?!\s?\d)|(?:{named})\b)"
        )

    @cached_property
    def lettered(self) -> tuple[str, ...]:
        """Signs that end in a letter, so that a word ends where they end."""
        return tuple(s for s in self.signs if s[-1].isalpha())

    @cached_property
    def each(self) -> re.Pattern[str]:
        """A span of time that says so itself: ` a year`, `/hr`, ` fortnightly`."""
        opening = (*("a ", "an ", "per ", "each ", "every "), "/")
        told = [p for p in self.periods if p.startswith(opening) or p.endswith("ly")]
        return re.compile(rf"\s?(?:{'|'.join(map(spell_span, told))})\b")

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
    def counted(self) -> dict[str, tuple[float, str]]:
        """What a table's head counts in, by the word there, and the code of the mend."""
        found = self.multipliers.items()
        return {w.lower(): (m.times, m.repair) for w, m in found if m.repair}

    @cached_property
    def head_scale(self) -> re.Pattern[str]:
        """A head that says what sums are counted in: `(in lakhs)`, `$K`, `(k)`."""
        long = join_choices(w for w in self.counted if len(w) > 2)
        k = "".join(sorted(self.thousand))
        return re.compile(
            rf"\b({long})\b|[{SIGNS}]\s?([{k}])\b|\(\s?([{k}])\s?\)|\b([{k}])(?=[{SIGNS}])",
            re.I,
        )

    @cached_property
    def named(self) -> re.Pattern[str]:
        """A sign, name or code of money: the words around may be in any case."""
        names = join_choices(
            w.lower() for w in (*self.words, *self.lettered) if len(w) > 2
        )
        return re.compile(rf"\b(?:(?i:{names})|{join_choices(self.codes)})\b|[{SIGNS}]")

    @cached_property
    def span(self) -> re.Pattern[str]:
        """A phrase for a span of time: `/hr`, `a year`."""
        spans = "|".join(map(spell_span, self.periods))
        return re.compile(rf"\s?(?:{spans})(?![a-z])\s?", re.I)

    @cached_property
    def paid(self) -> re.Pattern[str]:
        """The rest of a sum and a span of time: ` a year`, `-52,000 per hour`."""
        times = join_choices(self.multipliers)
        more = (
            rf"\s?(?:[-‐‑‒–—]|to|and)\s?(?:[A-Z]{{3}}\s?)?\d[\d,.]*(?:\s?(?:{times}))?"
        )
        return re.compile(
            rf"(?:\s?(?:{times})\b)?(?:{more}(?:\s?[A-Z]{{3}})?)?"
            rf"[\s,*_]{{0,3}}(?:gross |net |base )?(?:{self.span.pattern})",
            re.I,
        )

    @cached_property
    def amount(self) -> re.Pattern[str]:
        """A number of the form of a sum: grouped, long, with cents, or counted."""
        groups, apart = re.escape(self.separators.groups), self.separators.apart
        times = join_choices(self.multipliers)
        return re.compile(
            rf"\d{{1,3}}(?:[{groups}{apart}]\d{{2,3}})*[{groups}{apart}]\d{{3}}(?!\d)"
            r"|\d{5,}|(?!19\d\d|20\d\d)\d{4}(?!\d)|\d+[.,]\d\d(?!\d)"
            rf"|\d[\d.,]*\s?(?:{times})(?![A-Za-z])"
        )

    def touches(self, mark: str) -> bool:
        """Whether letters only touch a sign, and are no part of it: `RN$75,000`."""
        if self.table.list_codes(mark) or mark.startswith("&"):
            return False
        letters = mark[:-1].strip()
        if not letters.isupper() or letters in self.table.rows:
            return False
        return len(letters) == 1 or letters.lower() in self.spoken

    def is_earned(
        self, text: str, mark: str, digits: tuple[int, int], behind: int
    ) -> bool:
        """Whether a mark beside a number is money there, not a word or an acronym.

        Args:
            text: Of the document.
            mark: As written.
            digits: Where the run of digits begins, and ends.
            behind: Where the words behind number and mark begin.
        """
        needs, names = self._needs(mark)
        if not needs or self.paid.match(text, behind) is not None:
            return True
        if self.amount.match(text, digits[0]) is None:
            return False
        return needs == "amount" or self._is_home(text, digits[0], names)

    def _needs(self, mark: str) -> tuple[str, tuple[str, ...]]:
        """What a mark needs beside it, and words that speak of its country."""
        if mark in self.words:
            return ("period" if self.words[mark] == "*" else ""), ()
        if not (mark.isupper() and mark.isalpha() and mark.isascii()):
            return "", ()
        known = self.table.list_codes(mark)
        if not known:
            return "", ()
        row = self.table.rows[known[0]]
        return row.needs, (*row.home_words, row.nation)

    def usual_sign(self, code: str = "") -> str:
        """The one-character sign of a currency; of the table's first where none is."""
        row = self.table.rows.get(code) or next(iter(self.table.rows.values()))
        return next((s for s in row.signs if s in self.symbols), row.code)

    @staticmethod
    def _is_home(text: str, at: int, names: tuple[str, ...]) -> bool:
        """Whether the text around a place names the country of a currency."""
        near = text[max(0, at - PAGE_AROUND) : at + PAGE_AROUND].lower()
        return any(name and name.lower() in near for name in names)


def spell_span(phrase: str) -> str:
    """A phrase of `periods.csv` as a pattern: `/ yr` is read as `/yr` too.

    >>> spell_span("/ yr"), spell_span("a year")
    ('/\\\\s?yr', 'a\\\\s+year')
    """
    made = ""
    for token in phrase.split(" "):
        token = r"\d+" if token == "#" else re.escape(token)
        if made:
            joint = made[-1].isalnum() and token[0].isalnum()
            made += r"\s+" if joint else r"\s?"
        made += token
    return made


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
        _periods(vocabulary),
        spoken,
    )


def _periods(vocabulary: Vocabulary) -> tuple[str, ...]:
    rows = vocabulary.table("periods", "phrase", "means").select("phrase", "means")
    named = {
        p for phrase, means in rows.iter_rows() if means for p in phrase.split("|")
    }
    return tuple(sorted(named, key=lambda phrase: (-len(phrase), phrase)))
