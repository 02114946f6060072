"""Names of places, occupations, credentials and publishers, as the pages write them."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from pipeline.extract.lexicon import HEADS, KEYS, Entry, Lexicon, Mention, load
from pipeline.extract.tokens import Token
from pipeline.vocabulary import Vocabulary

LONGEST = 7


@dataclass(slots=True, frozen=True)
class Gazetteer:
    """The lexicon with all names in it, and the occupation titles.

    Args:
        titles: Every known title, in lower case, words joined by spaces.
        roles: Nouns that name who does the work (`coder`), where a title may end.
        areas: Level of every area by its name.
        currencies: Currency mark to ISO code; "" for a mark that countries share.
    """

    lexicon: Lexicon
    titles: frozenset[str]
    ends: frozenset[str]
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
    return _OPEN[key]


def _build(vocabulary: Vocabulary) -> Gazetteer:
    lexicon = load(vocabulary)
    levels = _areas(vocabulary, lexicon)
    _credentials(vocabulary, lexicon)
    official, unbanded = _publishers(vocabulary, lexicon)
    titles = frozenset(vocabulary.table("titles", "title")["title"].str.to_lowercase())
    roles = frozenset(vocabulary.table("role_nouns", "phrase")["phrase"][0].split("|"))
    ends = roles | {title.rpartition(" ")[2] for title in titles}
    currencies = {}
    for marks, code, _place in vocabulary.table("currencies").iter_rows():
        for mark in marks.split("|"):
            currencies[mark.lower()] = code or ""
    joined = _meanings(vocabulary, "joiners").items()
    joiners = {phrase.strip(): means for phrase, means in joined}
    return Gazetteer(
        lexicon,
        titles,
        ends,
        roles,
        levels,
        currencies,
        _decades(vocabulary),
        load(vocabulary, HEADS),
        load(vocabulary, KEYS),
        joiners,
        official,
        unbanded,
        _magnitudes(vocabulary),
        _countries(vocabulary),
        _trades(vocabulary),
        _meanings(vocabulary, "json_fields"),
        _meanings(vocabulary, "durations"),
        _lists(vocabulary),
        _meanings(vocabulary, "homes"),
    )


def _decades(vocabulary: Vocabulary) -> dict[str, tuple[int, int]]:
    """`mid` to the thousands above the ten that it stands for."""
    made = {}
    for words, span, _ in vocabulary.table("decades").iter_rows():
        low, _, high = span.partition("..")
        for word in words.split("|"):
            made[word] = (int(low), int(high))
    return made


def _trades(vocabulary: Vocabulary) -> dict[str, dict[str, str]]:
    """How words for work and workers are read: by the way each row says."""
    made: dict[str, dict[str, str]] = {}
    for phrases, means, place in vocabulary.table("occupation_words").iter_rows():
        for phrase in phrases.split("|"):
            made.setdefault(place, {})[phrase] = means or ""
    return made


def _meanings(vocabulary: Vocabulary, name: str) -> dict[str, str]:
    """Phrase to what it means, for a vocabulary without places."""
    return {
        phrase: means or ""
        for phrases, means, _ in vocabulary.table(name).iter_rows()
        for phrase in phrases.split("|")
    }


def _lists(vocabulary: Vocabulary) -> dict[str, frozenset[str]]:
    """Lists of small words that the rules look for, by name."""
    return {
        name: frozenset(words.split(" "))
        for words, name, _ in vocabulary.table("word_lists").iter_rows()
    }


def _countries(vocabulary: Vocabulary) -> tuple[tuple[str, str, str], ...]:
    """Words that say where a page is at home, with country and currency."""
    found = []
    for phrases, means, _ in vocabulary.table("countries").iter_rows():
        country, _, currency = means.partition("|")
        for phrase in phrases.split("|"):
            found.append((phrase, country, currency))
    return tuple(found)


def _magnitudes(vocabulary: Vocabulary) -> dict[str, tuple[float, float, float, float]]:
    """Period to the sums it may be for, and to those that can be for no other."""
    made = {}
    for period, may, must in vocabulary.table("magnitudes").iter_rows():
        low, _, high = may.partition("..")
        least, _, most = (must or "0..0").partition("..")
        made[period] = (float(low), float(high), float(least), float(most))
    return made


def _areas(vocabulary: Vocabulary, lexicon: Lexicon) -> dict[str, str]:
    """States, metros and their cities, nations and regions; names keep their case."""
    levels = {}
    for phrases, name, level in vocabulary.table("regions").iter_rows():
        levels[name] = level
        for phrase in phrases.split("|"):
            exact = phrase if phrase in ("US", "USA") else ""
            lexicon.add(phrase, Entry("area", name, "", exact))
    table = vocabulary.table("areas", "name", "level", "postal", "aliases")
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
    table = vocabulary.table("credentials", "acronym", "name", "aliases")
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
    table = vocabulary.table("publishers", *columns)
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
    elif last.endswith("s") and not last.endswith(("ss", "us")):
        words[-1] = last[:-1]
    return " ".join(words) + (f" of {rest}" if rest else "")
