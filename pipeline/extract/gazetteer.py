"""Names of places, occupations, credentials and publishers, as the pages write them."""

import gc
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from pipeline.core.vocabulary import Vocabulary
from pipeline.extract import phrases
from pipeline.extract.lexicon import HEADS, KEYS, Entry, Lexicon, Mention, load
from pipeline.extract.tokens import Token

LONGEST = 7


@dataclass(slots=True, frozen=True)
class Gazetteer:
    """The lexicon with all names in it, and the occupation titles.

    Args:
        titles: Every known title, in lower case, words joined by spaces.
        ends: Words that a title may end in, in the singular; `tails` in any number.
        openings: Words that a title of more than one word may open with.
        roles: Nouns that name who does the work (`coder`), where a title may end.
        areas: Level of every area by its name.
        currencies: Currency mark to ISO code; "" for a mark that countries share.
    """

    lexicon: Lexicon
    titles: frozenset[str]
    ends: frozenset[str]
    tails: frozenset[str]
    openings: frozenset[str]
    roles: frozenset[str]
    levels: dict[str, str]
    currencies: dict[str, str]
    decades: dict[str, tuple[int, int]]
    heads: Lexicon
    keys: Lexicon
    joiners: dict[str, str]
    official: dict[str, str]
    unbanded: frozenset[str]
    magnitudes: dict[str, tuple[float, float, float, float]]
    countries: tuple[tuple[str, str, str], ...]
    trades: dict[str, dict[str, str]]
    fields: dict[str, str]
    durations: dict[str, str]
    lists: dict[str, frozenset[str]]
    homes: dict[str, str]
    _known: set[str] = field(default_factory=set)

    def knows(self, word: str) -> bool:
        """Whether some phrase or title has this word; asked of broken words only."""
        if not self._known:
            waiting = [self.lexicon.tree]
            while waiting:
                node = waiting.pop()
                for key, below in node.items():
                    if key:
                        self._known.add(key)
                        waiting.append(below)
            for title in self.titles:
                self._known.update(title.split(" "))
        return word in self._known or word.rstrip("s") in self._known

    def mentions(self, text: str, words: list[Token]) -> list[Mention]:
        """Every word and name in a stretch of tokens, in text order."""
        return self.lexicon.find(text, words)


_OPEN: dict[tuple[Path, int], Gazetteer] = {}


def gazetteer(vocabulary: Vocabulary) -> Gazetteer:
    """The gazetteer of a vocabulary, made once."""
    key = (vocabulary.folder, id(vocabulary))
    if key not in _OPEN:
        _OPEN.clear()
        _OPEN[key] = _build(vocabulary)
        gc.freeze()  # its hundred thousand nodes are walked by no collection again
    return _OPEN[key]


def _build(vocabulary: Vocabulary) -> Gazetteer:
    lexicon = load(vocabulary)
    levels = _areas(vocabulary, lexicon)
    _credentials(vocabulary, lexicon)
    official, unbanded = _publishers(vocabulary, lexicon)
    titles = frozenset(
        vocabulary.read_table("titles", "title")["title"].str.to_lowercase()
    )
    roles = frozenset(
        vocabulary.read_table("role_nouns", "phrase")["phrase"][0].split("|")
    )
    ends = roles | {title.rpartition(" ")[2] for title in titles}
    plurals = {f"{end}s" for end in ends} | {f"{end}es" for end in ends}
    plurals |= {f"{end[:-1]}ies" for end in ends if end.endswith("y")}
    openings = frozenset(title.partition(" ")[0] for title in titles)
    currencies = {}
    for marks, code, _place in vocabulary.read_table("currencies").iter_rows():
        for mark in marks.split("|"):
            currencies[mark.lower()] = code or ""
    joined = phrases.meanings(vocabulary, "joiners").items()
    joiners = {phrase.strip(): means for phrase, means in joined}
    return Gazetteer(
        lexicon,
        titles,
        ends,
        ends | plurals,
        openings,
        roles,
        levels,
        currencies,
        phrases.decades(vocabulary),
        load(vocabulary, HEADS),
        load(vocabulary, KEYS),
        joiners,
        official,
        unbanded,
        phrases.magnitudes(vocabulary),
        phrases.countries(vocabulary),
        phrases.trades(vocabulary),
        phrases.meanings(vocabulary, "json_fields"),
        phrases.meanings(vocabulary, "durations"),
        phrases.lists(vocabulary),
        phrases.meanings(vocabulary, "homes"),
    )


def _areas(vocabulary: Vocabulary, lexicon: Lexicon) -> dict[str, str]:
    """States, metros and their cities, nations and regions; names keep their case."""
    levels = {}
    for words, name, level in vocabulary.read_table("regions").iter_rows():
        levels[name] = level
        for phrase in words.split("|"):
            exact = phrase if phrase in ("US", "USA") else ""
            lexicon.add(phrase, Entry("area", name, "", exact))
    table = vocabulary.read_table("areas", "name", "level", "postal", "aliases")
    for name, level, postal, aliases in table.select(
        "name", "level", "postal", "aliases"
    ).iter_rows():
        if level == "national":
            continue
        levels.setdefault(name, level)
        lexicon.add(name, Entry("area", name, ""))
        if level == "state" and postal:
            lexicon.add(postal, Entry("postal", name, "", postal))
        for alias in (aliases or "").split("|"):
            if alias:
                known = name if level == "state" else alias
                levels.setdefault(known, level)
                lexicon.add(alias, Entry("area", known, ""))
        if level == "metro":
            _cities(lexicon, levels, name, aliases or "")
    return levels


def _cities(lexicon: Lexicon, levels: dict[str, str], name: str, aliases: str) -> None:
    """`Phoenix-Mesa-Chandler, AZ` answers to Phoenix, which is `Phoenix, AZ`."""
    head, _, states = name.partition(", ")
    state = states.split("-")[0]
    for city in re.split(r"[-/]+", head):
        full = f"{city}, {state}"
        levels.setdefault(full, "metro")
        lexicon.add(full, Entry("area", full, ""))
        lexicon.add(city, Entry("city", full, "", city))


def _credentials(vocabulary: Vocabulary, lexicon: Lexicon) -> None:
    if not (vocabulary.folder / "credentials.csv").is_file():
        return
    table = vocabulary.read_table("credentials", "acronym", "name", "aliases")
    for acronym, name, aliases in table.select(
        "acronym", "name", "aliases"
    ).iter_rows():
        entry = Entry("credential", acronym, "", acronym)
        lexicon.add(acronym, entry)
        for alias in filter(None, (name, *(aliases or "").split("|"))):
            exact = alias if alias.isupper() else ""
            lexicon.add(alias, Entry("credential", acronym, "name", exact))


def _publishers(
    vocabulary: Vocabulary, lexicon: Lexicon
) -> tuple[dict[str, str], frozenset[str]]:
    """Publishers by name and alias; the official ones, those without bands."""
    if not (vocabulary.folder / "publishers.csv").is_file():
        return {}, frozenset()
    columns = ("name", "aliases", "official", "bands")
    table = vocabulary.read_table("publishers", *columns)
    official, unbanded = {}, set()
    for name, aliases, state, bands in table.select(*columns).iter_rows():
        if bands == "no":
            unbanded.add(name)
        if state == "yes":
            official[name] = name
        for spelling in (name, *filter(None, (aliases or "").split("|"))):
            plain = spelling.replace("*", "")
            exact = plain if plain.isupper() or " " not in plain else ""
            lexicon.add(plain, Entry("publisher", name, "", exact))
    return official, frozenset(unbanded)


@lru_cache(maxsize=4096)
def singular(title: str) -> str:
    """An occupation in the singular: its head noun only."""
    head, _, rest = title.partition(" of ")
    words = head.split(" ")
    last = words[-1]
    if last.endswith("ies") and len(last) > 4:
        words[-1] = last[:-3] + "y"
    elif last.endswith(("sses", "ches", "shes", "xes")):
        words[-1] = last[:-2]
    elif last.endswith("wives"):
        words[-1] = last[:-3] + "fe"
    elif last.endswith("s") and not last.endswith(("ss", "us")):
        words[-1] = last[:-1]
    return " ".join(words) + (f" of {rest}" if rest else "")
