"""What may stand within and right behind a number: separators and multipliers.

Both are tables of `vocabularies/`; `money_marks` makes the patterns of money of them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pipeline.core.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Multiplier:
    """What a word behind a number multiplies it by.

    Args:
        times: The factor.
        alone: Whether it counts without a mark of money.
        numeral: Whether it counts in numbers that are words (`fifty thousand`).
        currency: The currency that the word itself names; "" for most.
        repair: Code of the mend where the head of a table says it; "" for none.
    """

    times: float
    alone: bool
    numeral: bool
    currency: str
    repair: str


@dataclass(frozen=True)
class Separators:
    """The characters that part the digits of one number.

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
        marks = re.escape(self.groups)
        return re.compile(rf"\d[\d{marks}]{{0,40}}(?<=\d)|\d")

    @cached_property
    def grouped(self) -> re.Pattern[str]:
        """Groups of three by one mark, hundredths by any."""
        return re.compile(
            rf"\d{{1,3}}(?:([{re.escape(self.groups)}])\d{{3}})(?:\1\d{{3}}){{0,4}}"
            rf"(?:[{re.escape(self.decimals)}]\d{{1,2}})?"
        )

    @cached_property
    def spaced(self) -> re.Pattern[str]:
        """Groups of three behind blanks."""
        return re.compile(rf"(?:[{self.apart}]\d{{3}})+(?![\d,.]?\d)")


def join_choices(words: Iterable[str]) -> str:
    """An alternation of words that shares their first letters; the longest wins.

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


def read_multipliers(vocabulary: Vocabulary) -> dict[str, Multiplier]:
    """Read `multipliers.csv`, by spelling.

    Raises:
        NotFound: The vocabulary has no such table.
        LayoutChanged: A column is missing.
    """
    names = ("phrase", "times", "alone", "numeral", "currency", "repair")
    rows = vocabulary.table("multipliers", *names).select(names).iter_rows()
    return {
        word: Multiplier(
            float(times), alone == "yes", numeral == "yes", code or "", repair or ""
        )
        for phrase, times, alone, numeral, code, repair in rows
        for word in phrase.split("|")
    }


def read_separators(vocabulary: Vocabulary) -> Separators:
    """Read `separators.csv`, by what each character does.

    Raises:
        NotFound: The vocabulary has no such table.
        LayoutChanged: A column is missing.
    """
    found = {"yes": "", "apart": "", "loose": ""}
    decimals = ""
    columns = ("code_point", "groups", "decimals")
    rows = vocabulary.table("separators", *columns).select(columns).iter_rows()
    for point, groups, decimal in rows:
        found[groups] += chr(int(point, 16))
        decimals += chr(int(point, 16)) if decimal == "yes" else ""
    return Separators(found["yes"], found["apart"], found["loose"], decimals)
