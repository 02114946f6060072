"""Look up currencies by their marks, from `vocabularies/currencies.csv`.

A mark is a code (`MXN`), a sign (`€`, `MX$`) or a name (`pesos`). Some are one
currency's own; others (`$`, `kr`, `rupees`) belong to several, and the page around
tells which.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from pipeline.core.vocabulary import Vocabulary

COLUMNS = (
    *("code", "name", "signs", "shared", "words", "shared_words", "minor"),
    *("minor_unit", "decimals", "scale", "country", "nation", "home_words"),
    *("needs", "state"),
)
FUNDS = "no money"
SIGNS = "".join(  # every currency sign of Unicode, known to the table or not
    character
    for character in map(chr, (*range(0x24, 0x20D0), *range(0xFDFC, 0xFFE7)))
    # `¤` means any currency; in the templates of patterns it is every sign.
    if unicodedata.category(character) == "Sc" and character != "¤"
)
# Beside a code: nothing, a number that looks like a sum, or a span of time. The last is
# for codes that are words or acronyms too (`ALL`, `TRY`), and the name of the code's
# country near a sum does as well.
NEEDS = ("", "amount", "period")


@dataclass(frozen=True, slots=True)
class Currency:
    """One row of the table.

    Args:
        code: ISO 4217.
        signs: Own signs; `shared` those that other currencies use too.
        guarded: Signs that are words or units too (`R`, `KM`), money only where the
            country is named or nothing else is written.
        words: Own names in running text; `shared_words` those of several.
        minor: Signs and names of its hundredth.
        minor_unit: Digits behind the decimal mark.
        decimals: Decimal mark where it is at home: `comma` or `point`.
        scale: How large sums for the same work run, against the US dollar.
        country: ISO 3166-1 code that it means where no place is named; "" for none.
        nation: That country's name, as claims have it.
        home_words: Phrases, in small letters, of pages that are at home there.
        needs: What a code must have beside it to be money (`NEEDS`).
        state: `active`, `historic` or `no money` (funds, metals, tests).
    """

    code: str
    name: str
    signs: tuple[str, ...]
    guarded: tuple[str, ...]
    shared: tuple[str, ...]
    words: tuple[str, ...]
    shared_words: tuple[str, ...]
    minor: tuple[str, ...]
    minor_unit: int
    decimals: str
    scale: float
    country: str
    nation: str
    home_words: tuple[str, ...]
    needs: str
    state: str


@dataclass(frozen=True)
class CurrencyTable:
    """All currencies, with what each mark can mean.

    Args:
        rows: By code, in the table's order.
        own: A mark in small letters to the one currency that it means by itself.
        several: A shared mark in small letters to all that it can mean.
    """

    rows: dict[str, Currency]
    own: dict[str, str] = field(default_factory=dict)
    several: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def homes(self) -> Mapping[str, str]:
        """Code of a country to its own currency in use, the first of the table."""
        active = [r for r in self.rows.values() if r.country and r.state == "active"]
        return {row.country: row.code for row in reversed(active)}

    def find_code(self, mark: str) -> str:
        """Return the code that a mark means by itself; "" if it is shared or unknown.

        >>> CurrencyTable({}, {"us$": "USD"}).find_code("US$")
        'USD'
        """
        codes = self.list_codes(mark)
        return codes[0] if len(codes) == 1 else ""

    def list_codes(self, mark: str) -> tuple[str, ...]:
        """List the codes that a mark can mean, the usual one first; none if unknown."""
        key = simplify_mark(mark)
        if key in self.several:
            return self.several[key]
        if key in self.own:
            return (self.own[key],)
        code = key[:-1].strip().upper()  # `MXN$`
        return (code,) if code in self.rows and not key[-1:].isalnum() else ()

    def usual_code(self, mark: str) -> str:
        """Return what a mark means if the page does not say; "" where that is open."""
        return self.own.get(simplify_mark(mark), "")

    def is_comma(self, code: str | None) -> bool:
        """Return whether tenths stand behind a comma where a currency is at home."""
        row = self.rows.get(code or "")
        return row is not None and row.decimals == "comma"

    def size_of(self, code: str | None) -> float:
        """Return how large sums run against the US dollar; 1 for an unknown code."""
        row = self.rows.get(code or "")
        return row.scale if row is not None else 1.0


@lru_cache(maxsize=512)
def simplify_mark(mark: str) -> str:
    """Return a mark as it is looked up: small letters, single blanks.

    >>> simplify_mark(" US   Dollars ")
    'us dollars'
    """
    return " ".join(mark.replace("\u00a0", " ").lower().split())


def split_cell(cell: str | None) -> tuple[str, ...]:
    """Split a cell that lists several by `|`; return the parts that have text."""
    return tuple(part for part in (cell or "").split("|") if part)


def strip_word(word: str) -> str:
    """Return a name without the marks for what must stand beside it (`won*`)."""
    return word.partition("!")[0].rstrip("*")


def list_spellings(word: str) -> tuple[str, ...]:
    """Return a name in the singular and the plural; one that ends in `s` alone.

    >>> list_spellings("peso"), list_spellings("kroner")
    (('peso', 'pesos'), ('kroner', 'kroners'))
    """
    name = strip_word(word)
    return (name, f"{name}s") if name[-1:].isalpha() and name[-1] != "s" else (name,)


def read_currencies(vocabulary: Vocabulary) -> CurrencyTable:
    """Read the table of currencies.

    Raises:
        NotFound: The vocabulary has no such table.
        LayoutChanged: A column is missing.
    """
    table = vocabulary.read_table("currencies", *COLUMNS).select(COLUMNS)
    rows = {row["code"]: _read_currency(row) for row in table.iter_rows(named=True)}
    made = CurrencyTable(rows)
    # Of several rows that claim a mark the first has it.
    shared: dict[str, list[str]] = {}
    for row in rows.values():
        # Codes of ISO 4217 for funds, metals and tests (`XAU`, `XTS`) are no pay.
        if row.state == FUNDS:
            continue
        for mark in _list_marks((row.code, *row.signs), row.words, row.minor):
            made.own.setdefault(mark, row.code)
        for mark in _list_marks((*row.shared, *row.guarded), row.shared_words, ()):
            shared.setdefault(mark, []).append(row.code)
        for mark in _list_marks((), (), row.minor):
            shared.setdefault(mark, []).append(row.code)
    # A mark that one row has as its own and others share (`$`, `¥`) is that row's where
    # the page does not say; one that all share (`kr`) stays unread there.
    for mark, codes in shared.items():
        usual = [made.own[mark]] if mark in made.own else []
        made.several[mark] = tuple(dict.fromkeys((*usual, *codes)))
    return made


def _read_currency(row: dict[str, str | None]) -> Currency:
    """Make a currency of a row of the table; empty cells take their default."""
    signs = split_cell(row["signs"])
    return Currency(
        code=row["code"] or "",
        name=row["name"] or "",
        signs=tuple(sign for sign in signs if sign[-1] != "*"),
        guarded=tuple(sign[:-1] for sign in signs if sign[-1] == "*"),
        shared=split_cell(row["shared"]),
        words=split_cell(row["words"]),
        shared_words=split_cell(row["shared_words"]),
        minor=split_cell(row["minor"]),
        minor_unit=int(row["minor_unit"] or 0),
        decimals=row["decimals"] or "point",
        scale=float(row["scale"] or 1),
        country=row["country"] or "",
        nation=row["nation"] or "",
        home_words=split_cell(row["home_words"]),
        needs=row["needs"] or "",
        state=row["state"] or "",
    )


def _list_marks(
    signs: Iterable[str], words: Iterable[str], minor: Iterable[str]
) -> set[str]:
    """Return marks as they are looked up, names in the singular and the plural."""
    named = {
        simplify_mark(s) for word in (*words, *minor) for s in list_spellings(word)
    }
    return named | {simplify_mark(sign) for sign in signs}
