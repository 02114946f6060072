"""Codes of a title as it is written: `Sr. Claims Examiner II - Medicare`.

The whole title first; then without what says who, where and when, but not what; then
the longest known name among its words. A lone head word (`director`, `analyst`) says
nothing, and a word that tells jobs apart (`dental assistant`) is never left out for it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from pipeline.core.occupation_titles import (
    TitledCodes,
    TitleTable,
    get_title_table,
    make_key,
)
from pipeline.core.vocabulary import Vocabulary

BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
# What parts a title from what follows it: `Nurse - Nights`, `Nurse | Ohio`.
PART = re.compile(r"\s+[-–—|]+\s+|\s*[|:;]\s+|,\s+")
EITHER = re.compile(r"\s*/\s*|\s+or\s+")
BOTH = re.compile(r"\s+(?:and|&)\s+")
LEVEL = re.compile(r"^(?:[ivx]{1,4}|\d{1,2}(?:st|nd|rd|th)?|[a-e])$")
MOST_WORDS = 9  # of which the longest known name is looked for

Codes = tuple[str, ...]


NOTHING = TitledCodes(())


@dataclass(frozen=True, slots=True)
class TitleWords:
    """Words of titles by what they do (vocabularies/occupation_words.csv).

    Args:
        level: That say who, where or when, and not what: `remote`, `nights`.
        before: That say so in front of a name only: `senior`, `consultant`.
        spelled: Short forms to what they stand for.
        vague: Heads that no code has alone.
        leading: Heads that stand in front: `Director, Nursing`, `supervisor of coding`.
        telling: Words that some title of two or more has.
        sole: Heads that are one occupation, and no other's official name ends in.
    """

    level: frozenset[str]
    before: frozenset[str]
    spelled: Mapping[str, str]
    vague: frozenset[str]
    leading: frozenset[str]
    telling: frozenset[str]
    sole: frozenset[str]


class TitleMatcher:
    """Match titles as written to codes, each title once."""

    def __init__(self, table: TitleTable, words: TitleWords) -> None:
        """Take the known titles, and the words that are read by themselves."""
        self.table = table
        self.words = words
        self.match = lru_cache(maxsize=65536)(self._match)

    def _match(self, title: str, year: int | None = None) -> TitledCodes:
        """Return the codes of a title in a year; none where nothing says what it is."""
        if make_key(title) in self.words.vague:
            return self._find_group(make_key(title))
        for written in self._list_spellings(title):
            found = self.table.find(written, year)
            if found is not None:
                return found
        parts = [p for p in PART.split(BRACKETS.sub(" ", title).strip()) if p.strip()]
        return self._match_parts(parts, year) if parts else NOTHING

    def _find_group(self, head: str) -> TitledCodes:
        """Return the group that a head alone means, `teachers`; else nothing."""
        found = self.table.find(head)
        return found if found is not None and _is_group(found.codes) else NOTHING

    def _list_spellings(self, title: str) -> Iterator[str]:
        """Yield the whole title, spelled out, and with less and less around it."""
        bare = BRACKETS.sub(" ", title)
        for written in dict.fromkeys((title, bare)):
            if written.strip():
                yield make_key(written)
                yield self._spell(written)
        words = self._strip_end(self._spell(bare)).split(" ")
        yield " ".join(words)
        while len(words) > 1 and self._is_aside(words[0]):
            words = words[1:]
            yield " ".join(words)

    def _spell(self, title: str) -> str:
        """Return the key of a title with its short forms spelled out."""
        spelled = self.words.spelled
        words = make_key(title).split(" ")
        return " ".join(spelled.get(word, word) for word in words)

    def _strip_end(self, key: str) -> str:
        """Return a key without words of level, place and time behind it."""
        words = key.split(" ")
        while len(words) > 1 and self._is_level(words[-1]):
            words = words[:-1]
        return " ".join(words)

    def _is_aside(self, word: str) -> bool:
        """Whether a word before a name says who, where or when, and not what."""
        return word in self.words.before or self._is_level(word)

    def _is_level(self, word: str) -> bool:
        return word in self.words.level or LEVEL.match(word) is not None

    def _match_parts(self, parts: list[str], year: int | None) -> TitledCodes:
        """Match a title that is written in parts: what it is, then more of it."""
        first = self._strip_end(self._spell(parts[0]))
        rest = [self._strip_end(self._spell(part)) for part in parts[1:]]
        if first in self.words.leading and rest:
            return self._match_words(f"{rest[0]} {first}", year)
        for more in rest[:1]:  # `Adjunct Professor - Nursing`: the longer name first
            found = self.table.find(f"{more} {first}", year)
            if found is not None:
                return found
        found_first = self._match_alternatives(parts[0], year)
        if rest and (len(found_first.codes) > 1 or _is_group(found_first.codes)):
            return self._narrow(found_first, rest[0], first, year)
        return found_first

    def _narrow(
        self, found: TitledCodes, more: str, first: str, year: int | None
    ) -> TitledCodes:
        """Keep of several codes, or of a group's, those that the rest has as well."""
        head = first.rpartition(" ")[2]
        known = self.table.find(f"{more} {head}", year)
        wide = tuple(code.rstrip("0") for code in found.codes)
        kept = tuple(c for c in known.codes if c.startswith(wide)) if known else ()
        if kept or _is_group(found.codes):
            return TitledCodes(kept) if kept else found
        return TitledCodes(known.codes) if known and not known.official else found

    def _match_alternatives(self, title: str, year: int | None) -> TitledCodes:
        """Match `Welder/Fabricator` to the codes of both, `A and B` likewise."""
        whole = self._match_words(self._strip_end(self._spell(title)), year)
        if whole.codes:
            return whole
        for pattern in (EITHER, BOTH):
            sides = [s for s in pattern.split(title) if s.strip()]
            if len(sides) == 2:
                return self._match_sides(sides[0], sides[1], year)
        return whole

    def _match_sides(self, one: str, other: str, year: int | None) -> TitledCodes:
        """Match two names of one title; what stands before the first is of both."""
        keys = [self._strip_end(self._spell(side)) for side in (one, other)]
        if " " not in keys[1] and " " in keys[0]:
            before = keys[0].rpartition(" ")[0]
            shared = self.table.find(f"{before} {keys[1]}", year)
            keys[1] = (
                f"{before} {keys[1]}"
                if shared or keys[1] in self.words.vague
                else keys[1]
            )
        found = [self._match_words(key, year).codes for key in keys]
        if not all(found):
            return NOTHING
        return TitledCodes(tuple(sorted({*found[0], *found[1]})))

    def _match_words(self, key: str, year: int | None) -> TitledCodes:
        """Match the longest known name that keeps the head of a title."""
        words = key.split(" ")
        if words[0] in self.words.leading and len(words) > 1:
            rest = words[2:] if words[1] in ("of", "for") else words[1:]
            words = [*rest, words[0]]
        for cut in ("to", "for", "at", "in", "with"):
            if cut in words[1:]:
                words = words[: words.index(cut, 1)]
        words = [w for w in words if w not in (",", "--")][-MOST_WORDS:]
        if not words:
            return NOTHING
        found = self._find_longest_name(words, year)
        if not found.codes and "of" in words[1:-1]:  # `professor of biology`
            at = words.index("of", 1)
            return self._find_longest_name(words[at + 1 :] + words[:at], year)
        return found

    def _find_longest_name(self, words: list[str], year: int | None) -> TitledCodes:
        """Return the codes of the longest names among the words that end in the last.

        Where several are as long, the codes that all have; where none has, of all.
        """
        *before, head = words
        for size in range(len(before), 0, -1):
            found: list[set[str]] = []
            for kept in combinations(before, size):
                known = self.table.find(" ".join((*kept, head)), year)
                if known is not None and self._may_leave_out(before, kept):
                    found.append({*known.codes})
            if found:
                both = set.intersection(*found) or set.union(*found)
                return TitledCodes(tuple(sorted(both)))
        return self._match_head(before, head, year)

    def _may_leave_out(self, before: list[str], kept: tuple[str, ...]) -> bool:
        """Whether what is left out of a name is no more than what is kept."""
        left = [w for w in before if w not in kept and not self._is_aside(w)]
        return len(left) <= len(kept) + 1

    def _match_head(
        self, before: list[str], head: str, year: int | None
    ) -> TitledCodes:
        """Match a head word alone: no vague one, behind names and words of level."""
        if head in self.words.vague:
            return NOTHING
        known = self.table.find(head, year)
        # Whatever they photograph, and wherever: `cruise ship photographer`.
        if known is not None and head in self.words.sole:
            return TitledCodes(known.codes)
        # An employer's name in front is no part of the job's: `Fortis Healthcare`.
        employed = bool(before) and before[0] not in self.words.telling
        if not employed and any(
            w in self.words.telling and not self._is_aside(w) for w in before
        ):
            return NOTHING
        return TitledCodes(known.codes) if known is not None else NOTHING


def _is_group(codes: tuple[str, ...]) -> bool:
    """Whether a title means a group of occupations: `professor`, 25-1000."""
    return len(codes) == 1 and codes[0].endswith("0")


@lru_cache(maxsize=1)
def get_title_matcher(vocabulary: Vocabulary) -> TitleMatcher:
    """Return the matcher of a vocabulary, made once."""
    table = get_title_table(vocabulary)
    return TitleMatcher(table, load_title_words(vocabulary, table))


def load_title_words(vocabulary: Vocabulary, table: TitleTable) -> TitleWords:
    """Return the words that a title is read by, as its key has them."""
    by: dict[str, dict[str, str]] = {}
    rows = vocabulary.read_table("occupation_words", "phrase", "means", "reading")
    for phrases, means, reading in rows.select(
        "phrase", "means", "reading"
    ).iter_rows():
        for phrase in phrases.split("|"):
            by.setdefault(reading, {})[make_key(phrase)] = make_key(means or "")
    return TitleWords(
        frozenset(by.get("level", {})),
        frozenset({*by.get("before", {}), *by["qualifier"]}),
        {**by["exact"], **by.get("spelled", {})},
        frozenset(by.get("vague", {})),
        frozenset(by.get("leading", {})),
        table.rows.telling,
        _list_sole_heads(table) - by.get("common", {}).keys(),
    )


def _list_sole_heads(table: TitleTable) -> frozenset[str]:
    """Return heads that are one occupation's official name and end no other's."""
    codes: dict[str, set[str]] = {}
    for key, rows in table.rows.list_official():
        named = {code for rank, code, _ in rows if rank == 0}
        for part in key.split(" and ") if named else ():
            codes.setdefault(part.rpartition(" ")[2], set()).update(named)
    return frozenset(
        head
        for head, found in codes.items()
        if len(found) == 1
        and head in table.rows
        and not _is_group(tuple(found))
        and min(table.rows[head])[0] == 0
    )
