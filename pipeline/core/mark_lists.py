"""List the marks of all currencies as the patterns of money need them."""

import re
from dataclasses import dataclass
from functools import cached_property

from pipeline.core.currency_table import (
    FUNDS,
    SIGNS,
    CurrencyTable,
    list_spellings,
    strip_word,
)


@dataclass(frozen=True)
class MarkLists:
    """Signs, codes and names of all currencies.

    Args:
        table: Currencies by mark.
    """

    table: CurrencyTable

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
    def letters(self) -> dict[str, tuple[str, ...]]:
        """Signs of one letter (`R480,000`), with what names their countries."""
        return {m: names for m, names in self.guarded.items() if len(m) == 1}

    @cached_property
    def guarded(self) -> dict[str, tuple[str, ...]]:
        """Marks that are words or units too (`KM`), with what names their countries."""
        found: dict[str, tuple[str, ...]] = {}
        for row in self.table.rows.values():
            for mark in row.guarded:
                found[mark] = (*found.get(mark, ()), *row.home_words, row.nation)
        return found

    @cached_property
    def codes(self) -> frozenset[str]:
        """Codes that are money: all but those of funds, metals and tests."""
        rows = self.table.rows.values()
        return frozenset(row.code for row in rows if row.state != FUNDS)

    @cached_property
    def small_codes(self) -> frozenset[str]:
        """Codes in small letters (`45,000 eur`), but for those that are words."""
        rows = self.table.rows.values()
        return frozenset(
            row.code.lower()
            for row in rows
            if row.state != FUNDS and row.needs != "period"
        )

    @cached_property
    def words(self) -> dict[str, str]:
        """Names behind a number, with what any row asks beside them (`*`, `!of`)."""
        found: dict[str, str] = {}
        for row in self.table.rows.values():
            for word in (*row.words, *row.shared_words, *row.minor):
                asks = word[len(strip_word(word)) :]
                if strip_word(word)[0].isalpha():
                    for spelling in list_spellings(word):
                        found[spelling] = found.get(spelling) or asks
        return found

    @cached_property
    def homes(self) -> dict[str, tuple[str, ...]]:
        """What tells that a name is money and no weight: countries, signs, codes."""
        found: dict[str, tuple[str, ...]] = {}
        for row in self.table.rows.values():
            told = (*row.home_words, row.nation, *row.signs[:1], row.code)
            for word in (*row.words, *row.shared_words):
                if word[len(strip_word(word)) :].startswith("*"):
                    for spelling in list_spellings(word):
                        found[spelling] = (*found.get(spelling, ()), *told)
        return found

    @cached_property
    def lettered(self) -> tuple[str, ...]:
        """Signs that end in a letter, so that a word ends where they end."""
        return tuple(s for s in (*self.signs, *self.guarded) if s[-1].isalpha())

    @cached_property
    def window(self) -> int:
        """How far before a number a mark of money can begin."""
        return max(map(len, self.signs)) + 2  # and a colon and a blank between

    @cached_property
    def ends(self) -> frozenset[str]:
        """Last characters of signs that are symbols; unknown signs too."""
        letters = {s for s in self.signs if len(s) == 1 and s.isalpha()}
        return self.symbols | letters | {*SIGNS, ";", ":"}

    @cached_property
    def tails(self) -> frozenset[str]:
        """Last two characters of other signs: `kr`, `zł`, `s.`."""
        marks = (*self.signs, *self.guarded)
        return frozenset(s[-2:] for s in marks if s[-1] not in self.symbols)

    @cached_property
    def shared_symbols(self) -> str:
        """Signs that letters before them give to one country: `$`, `£`."""
        last = {s[-1] for s in self.signs if len(s) > 1 and s[0].isalpha()}
        return "".join(sorted(map(re.escape, last & self.symbols)))

    def usual_sign(self, code: str = "") -> str:
        """Return a currency's sign of one character, or its code where it has none.

        Args:
            code: ISO 4217; another or none means the table's first currency.
        """
        row = self.table.rows.get(code) or next(iter(self.table.rows.values()))
        return next((s for s in row.signs if s in self.symbols), row.code)
