"""Read what may stand within and right behind a number: separators, multipliers.

Both are tables of `vocabularies/`, read once and made into patterns.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pipeline.core.currency_table import SIGNS
from pipeline.core.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Multiplier:
    """What a word behind a number multiplies it by.

    Args:
        times: The factor.
        alone: Whether it counts without a mark of money.
        numeral: Whether it counts in numbers that are words (`fifty thousand`).
        currency: The currency that the word itself names; "" for most.
        repair: Code that a claim carries where a table's head states the factor, such
            as `in_lakhs`; "" for a word that heads do not use.
    """

    times: float
    alone: bool
    numeral: bool
    currency: str
    repair: str


@dataclass(frozen=True)
class Multipliers:
    """Every multiplier by its spelling, and the patterns made of them."""

    rows: dict[str, Multiplier]

    @cached_property
    def any(self) -> str:
        """All spellings as an alternation."""
        return join_choices(self.rows)

    @cached_property
    def words(self) -> str:
        """The same without the single letters that count by themselves."""
        return join_choices(word for word in self.rows if word not in self.thousand)

    @cached_property
    def thousand(self) -> frozenset[str]:
        """Single letters that multiply a bare number: `k`, `K`."""
        found = self.rows.items()
        return frozenset(w for w, m in found if len(w) == 1 and m.alone)

    @cached_property
    def counted(self) -> dict[str, tuple[float, str]]:
        """What a table's head counts in: word to factor and code of the repair."""
        found = self.rows.items()
        return {w.lower(): (m.times, m.repair) for w, m in found if m.repair}

    @cached_property
    def head_scale(self) -> re.Pattern[str]:
        """A head that says what sums are counted in: `(in lakhs)`, `$K`, `(k)`."""
        long = join_choices(w for w in self.counted if len(w) > 2)
        k = "".join(sorted(self.thousand))
        return re.compile(
            rf"\b({long})\b|[{SIGNS}]\s?([{k}])\b"
            rf"|\(\s?([{k}])\s?\)|\b([{k}])(?=[{SIGNS}])",
            re.I,
        )


@dataclass(frozen=True)
class Separators:
    """The characters that may stand between the digits of one number.

    Args:
        groups: Within a run, between groups of three (`52,600`).
        apart: Blanks that do the same (`52 600`).
        loose: Other blanks that a number may have around it.
        decimals: Before tenths and hundredths.
    """

    groups: str
    apart: str
    loose: str
    decimals: str

    @cached_property
    def blanks(self) -> str:
        """Every blank, line ends apart."""
        return self.apart + self.loose

    @cached_property
    def no_blanks(self) -> dict[int, None]:
        """Takes the blanks out, for `str.translate`."""
        return {ord(blank): None for blank in self.blanks + "\n"}

    @cached_property
    def one_mark(self) -> dict[int, str]:
        """Writes marks that only ever group as the first of them."""
        only = set(self.groups) - set(self.decimals)
        return {ord(mark): self.groups[0] for mark in only}

    @cached_property
    def run(self) -> re.Pattern[str]:
        """A run of digits and marks."""
        # Bounded: a megabyte of digits and commas must come to an end.
        marks = re.escape(self.groups)
        return re.compile(rf"\d[\d{marks}]{{0,40}}(?<=\d)|\d")

    @cached_property
    def spaced(self) -> re.Pattern[str]:
        """Groups of three behind blanks, and hundredths."""
        # Not before a further digit: `2024 2025` in a row of years are two numbers.
        return re.compile(
            rf"(?:[{self.apart}]\d{{3}})+(?:[{re.escape(self.decimals)}]\d{{1,2}})?"
            r"(?![\d,.]?\d)"
        )


def join_choices(words: Iterable[str]) -> str:
    """Join words into an alternation that shares their first letters.

    The longest word wins. A plain alternation of hundreds of names and codes would
    try each of them at every number.

    >>> join_choices(["peso", "pesos", "pound"])
    'p(?:eso(?:s)?|ound)'
    """
    heads: dict[str, set[str]] = {}
    whole = False
    for word in words:
        if word:
            heads.setdefault(word[0], set()).add(word[1:])
        else:
            whole = True
    parts = [
        re.escape(head) + join_choices(rest) for head, rest in sorted(heads.items())
    ]
    joined = "|".join(parts)
    if whole:
        return f"(?:{joined})?" if parts else ""
    return joined if len(parts) == 1 else f"(?:{joined})"


def read_multipliers(vocabulary: Vocabulary) -> Multipliers:
    """Read `multipliers.csv`, by spelling.

    Raises:
        NotFound: The vocabulary has no such table.
        LayoutChanged: A column is missing.
    """
    names = ("phrase", "times", "alone", "numeral", "currency", "repair")
    rows = vocabulary.read_table("multipliers", *names).select(names).iter_rows()
    found = {
        word: Multiplier(
            float(times), alone == "yes", numeral == "yes", code or "", repair or ""
        )
        for phrase, times, alone, numeral, code, repair in rows
        for word in phrase.split("|")
    }
    return Multipliers(found)


def read_separators(vocabulary: Vocabulary) -> Separators:
    """Read `separators.csv`, by what each character does.

    Raises:
        NotFound: The vocabulary has no such table.
        LayoutChanged: A column is missing.
    """
    found = {"yes": "", "apart": "", "loose": ""}
    decimals = ""
    columns = ("code_point", "groups", "decimals")
    rows = vocabulary.read_table("separators", *columns).select(columns).iter_rows()
    for point, groups, decimal in rows:
        found[groups] += chr(int(point, 16))
        decimals += chr(int(point, 16)) if decimal == "yes" else ""
    return Separators(found["yes"], found["apart"], found["loose"], decimals)
