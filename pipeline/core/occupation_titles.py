"""What occupations are called: titles as they are looked up, and the codes they mean.

A title is looked up by its key: words in small letters and in the singular, without
brackets, dashes and the marks of possession. A title with commas also stands without
them, so that `teachers postsecondary` is found as well.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

import polars as pl

from pipeline.core.vocabulary import Vocabulary, pause_collector

TABLES = ("titles", "short_titles")
# Origin of a title to its rank: official titles first, then ours, which persons
# weighed, then O*NET's, short forms last.
RANKS = {"soc": 0, "ooh": 0, "oews_old": 0, "house": 1, "abroad": 1, "onet_short": 3}
OTHERS, SHORT = 2, 3
OLD = "oews_old"
# Of the codes of one title, weighed by how often it is reported and how many people
# work so: one that has this share of the whole is meant, and one below the other is
# not.
DECISIVE, NEGLIGIBLE = 0.8, 0.02
PARTICLES = frozenset(("up", "out", "off", "in", "on", "over", "down"))
UNCOUNTED = 1000  # people of a code that no survey counts alone
NO_SPAN = (0, 9999)
Weighed = tuple[int, str, int]  # rank, code, weight

POSSESSIVE = re.compile(r"[’']s\b|[’'.]")
PIECE = re.compile(r"[^\W_]+|[+#,]|--")
LIST_COMMA = re.compile(r" ,(?= (?:and|or) )")
HELPERS = "helper -- "
# The same steps as those of `make_key`, for a column of titles.
STEPS = (
    (POSSESSIVE.pattern, ""),
    ("&", " and "),
    (";", ","),
    ("--", "\x01"),
    (r"[^\p{L}\p{N}+#,\x01]+", " "),
    (r"([+#,\x01])", " ${1} "),
    (" +", " "),
    ("\x01", "--"),
    (r"([^aeiou\s])ies\b", "${1}y"),
    (r"(\w)men\b", "${1}man"),
    (r"(\w(?:ch|sh|ss|x))es\b", "${1}"),
    (r"([^su\s])s\b", "${1}"),
    (r" ,( (?:and|or) )", "${1}"),
)


@lru_cache(maxsize=16384)
def make_stem(word: str) -> str:
    """Return a word in the singular, by rules alone: `secretaries`, `linemen`.

    It need only take two numbers of one word to the same stem, right or not.
    """
    if word == "&":
        return "and"
    if word == ";":
        return ","
    if len(word) > 3 and word.endswith("ies") and word[-4] not in "aeiou":
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("men"):
        return word[:-2] + "an"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) > 1 and word[-1] == "s" and word[-2] not in "su":
        return word[:-1]
    return word


@lru_cache(maxsize=4096)
def make_key(title: str) -> str:
    """Return a title as it is looked up.

    >>> make_key("Teachers' Aides, Pre-School and Kindergarten")
    'teacher aide , pre school and kindergarten'
    """
    small = POSSESSIVE.sub("", title.lower()).replace("&", " and ").replace(";", ",")
    key = " ".join(map(make_stem, PIECE.findall(small)))
    return LIST_COMMA.sub("", key)


def make_keys(titles: pl.Expr) -> pl.Expr:
    """Make an expression of a column of titles as they are looked up."""
    made = titles.str.to_lowercase()
    for pattern, by in STEPS:
        made = made.str.replace_all(pattern, by)
    return made.str.strip_chars()


def make_helper_spellings(key: str) -> list[str]:
    """Return other ways to write an official name of helpers.

    >>> make_helper_spellings("helper -- roofer")
    ['helper roofer', 'helper of roofer', 'roofer helper']
    """
    helped = key.removeprefix(HELPERS)
    of = f"helper of {helped}"
    made = [f"helper {helped}", of, of.replace(" ,", ""), f"{helped} helper"]
    return list(dict.fromkeys(made))


class TitledCodes(NamedTuple):
    """The codes that a title may mean, and whether an official title has it."""

    codes: tuple[str, ...]
    official: bool = False


class TitleRows(Mapping[str, list[Weighed]]):
    """Rank, code and weight of every known title by its key.

    Most titles are asked for by no page, so that rows are made when they are.
    """

    def __init__(self, rows: pl.DataFrame) -> None:
        """Keep rows of `key`, `rank`, `soc` and `weight`, one for each code."""
        codes = pl.col("rank", "soc", "weight")
        runs = rows.group_by("key").agg(codes, best=pl.col("rank").min())
        self._runs = runs
        self._places = dict(zip(runs["key"].to_list(), range(len(runs)), strict=True))

    def __getitem__(self, key: str) -> list[Weighed]:
        _, *codes, _ = self._runs.row(self._places[key])
        return list(zip(*codes, strict=True))

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def list_keys(self, most: int, *, lone: bool) -> list[str]:
        """List the keys of one word, or of more, that have at most this rank; unsorted.

        Names of what is done (`pick up`) are left out.
        """
        key = pl.col("key")
        asked = self._runs.filter(
            pl.col("best") <= most,
            key.str.contains(" ", literal=True) != lone,
            ~key.str.contains(rf"(?:^| )(?:{'|'.join(sorted(PARTICLES))})$"),
        )
        return asked["key"].to_list()

    def list_official(self) -> list[tuple[str, list[Weighed]]]:
        """List the titles that are official names of some code, with their rows."""
        official = self._runs.filter(pl.col("best") == 0)["key"]
        return [(key, self[key]) for key in official.to_list()]

    @cached_property
    def telling(self) -> frozenset[str]:
        """Words that stand before the last one in some title."""
        before = pl.col("key").str.extract(r"^(.*) ", 1).drop_nulls()
        words = self._runs.select(word=before.str.split(" "))
        return frozenset(words.explode("word")["word"])


@dataclass(frozen=True, slots=True)
class TitleTable:
    """Every known title by its key, and until when codes that are gone were in use.

    Args:
        rows: Of titles in use: rank, code and weight by key.
        old: Codes of titles that earlier releases of the survey had.
        past: Codes that had an official title in other years than it has them now, by
            key; their years are in `spans`.
        spans: First and last year of a code; 0 and 9999 where there is no such bound.
    """

    rows: TitleRows
    old: Mapping[str, set[str]]
    past: Mapping[str, list[str]]
    spans: Mapping[str, tuple[int, int]]
    _found: dict[str, TitledCodes] = field(default_factory=dict)

    def find(self, key: str, year: int | None = None) -> TitledCodes | None:
        """Return the codes of a title, in a year; None where no title has the key.

        A code that is gone stands in the years that had it, and where no other is
        known.
        """
        old = self.old.get(key)
        if old is not None:
            ended = max(self.spans.get(code, NO_SPAN)[1] for code in old)
            if key not in self.rows or (year is not None and year <= ended):
                return TitledCodes(tuple(sorted(old)), True)
        if key not in self._found and key in self.rows:
            self._found[key] = choose_codes(self.rows[key])
        found = self._found.get(key)
        if found is not None and found.official and year is not None:
            return self._find_past(key, year) or found
        return found

    def _find_past(self, key: str, year: int) -> TitledCodes | None:
        """Return the code that an official title had in a year, another than now."""
        for code in self.past.get(key, ()):
            first, last = self.spans[code]
            if first <= year <= last:
                return TitledCodes((code,), True)
        return None

    def list_spoken(self, *, lone: bool = False) -> Iterator[str]:
        """Yield the keys of titles that are looked for in a page's words.

        Short forms (`EHR specialist`) are not: they may be something else in a text.
        Nor are names of what is done (`pick up`).

        Args:
            lone: Those of one word that are official or ours, in place of the others.
        """
        yield from self.rows.list_keys(OTHERS - 1 if lone else SHORT - 1, lone=lone)
        yield from (key for key in self.old if lone != (" " in key))

    def mean_the_same(self, one: str, other: str) -> bool:
        """Return whether two titles are both known, and of the same codes."""
        known = self.find(make_key(one))
        return known is not None and known == self.find(make_key(other))


@lru_cache(maxsize=1)
def get_title_table(vocabulary: Vocabulary) -> TitleTable:
    """Return the titles of a vocabulary, read once."""
    with pause_collector():
        return _read_title_table(vocabulary)


def read_title_rows(vocabulary: Vocabulary) -> pl.DataFrame:
    """Return each spelling of each title: `key`, `soc`, `origin`, `reports`."""
    frames = []
    for name in TABLES:
        table = vocabulary.read_table(name, "title", "soc", "origin")
        if "reports" not in table.columns:  # of short forms, and in tables of old
            table = table.with_columns(reports=pl.lit(None, pl.String))
        frames.append(table.select("title", "soc", "origin", "reports"))
    reports = pl.col("reports").cast(pl.Int64).fill_null(1)
    named = pl.concat(frames).select(
        "soc", "origin", reports=reports, key=make_keys(pl.col("title"))
    )
    marked = named.filter(pl.col("key").str.contains(" ,| --"))
    bare = pl.col("key").str.replace_all(" ,| --", "")
    helpers = named.filter(pl.col("key").str.starts_with(HELPERS)).with_columns(
        key=pl.col("key").map_elements(
            make_helper_spellings, return_dtype=pl.List(pl.String)
        )
    )
    return pl.concat([named, marked.with_columns(key=bare), helpers.explode("key")])


def _read_title_table(vocabulary: Vocabulary) -> TitleTable:
    people = _load_employment(vocabulary)
    rows = read_title_rows(vocabulary)
    rank = pl.col("origin").replace_strict(RANKS, default=OTHERS, return_dtype=pl.Int64)
    count = pl.col("soc").replace_strict(
        people, default=UNCOUNTED, return_dtype=pl.Int64
    )
    weight = pl.when(rank >= OTHERS).then(pl.col("reports") * count).otherwise(1)
    current = rows.filter(pl.col("origin").ne_missing(OLD)).select(
        "key", "soc", rank=rank, weight=weight
    )
    old: dict[str, set[str]] = {}
    for key, soc in rows.filter(pl.col("origin") == OLD)["key", "soc"].iter_rows():
        old.setdefault(key, set()).add(soc)
    titles = TitleRows(current.select("key", "rank", "soc", "weight"))
    return TitleTable(titles, old, *_read_spans(vocabulary))


def _read_spans(
    vocabulary: Vocabulary,
) -> tuple[dict[str, list[str]], dict[str, tuple[int, int]]]:
    """Return the codes that are gone by the key of their title, and each code's years.

    A code that is gone and one of today's may have one title in the same years, where
    the survey took a while: today's is meant then.
    """
    columns = ("soc", "title", "valid_from", "valid_to")
    table = vocabulary.read_table("occupations", *columns).select(columns)
    gone: dict[str, list[str]] = {}
    spans: dict[str, tuple[int, int]] = {}
    started: dict[str, int] = {}
    for soc, title, first, last in table.iter_rows():
        spans[soc] = (int(first or 0), int(last or NO_SPAN[1]))
        if last:
            gone.setdefault(make_key(title), []).append(soc)
        else:
            started[make_key(title)] = spans[soc][0]
    past = {
        key: [soc for soc in codes if spans[soc][1] < started[key]]
        for key, codes in gone.items()
        if key in started
    }
    return past, spans


def choose_codes(rows: list[Weighed]) -> TitledCodes:
    """Keep of a title the code that outweighs the others, else all that count.

    Those on the best word alone: an official title is not made ambiguous by others.
    """
    best = min(rows)[0]
    weights = {soc: weight for rank, soc, weight in sorted(rows) if rank == best}
    total = sum(weights.values())
    top = max(weights, key=lambda soc: (weights[soc], soc))
    if weights[top] >= DECISIVE * total:
        return TitledCodes((top,), best == 0)
    kept = [soc for soc, weight in weights.items() if weight >= NEGLIGIBLE * total]
    return TitledCodes(tuple(sorted(kept)), best == 0)


def _load_employment(vocabulary: Vocabulary) -> Mapping[str, int]:
    table = vocabulary.read_table("occupations", "soc")
    if "employment" not in table.columns:  # of a home made by an earlier version
        return {}
    rows = table.select("soc", "employment").drop_nulls().iter_rows()
    return {soc: int(count) for soc, count in rows}
