"""Names of places, occupations, credentials and publishers, as the pages write them."""

import gc
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import polars as pl

from pipeline.core.money_marks import MoneyMarks, read_marks
from pipeline.core.occupation_titles import (
    TitleTable,
    get_title_table,
    make_key,
)
from pipeline.core.vocabulary import Vocabulary, pause_collector
from pipeline.extract import vocabulary_lookups
from pipeline.extract.board_layouts import BoardTable, load_board_table
from pipeline.extract.lexicon import (
    HEAD_VOCABULARIES,
    KEY_VOCABULARIES,
    Lexicon,
    Mention,
    PhraseEntry,
    load_lexicon,
)
from pipeline.extract.title_search import TitleSearch, make_search
from pipeline.extract.tokens import Token

HOME = "US"
MAX_SHORT_NAME = 4
ANY_CASE = frozenset(("UK",))
# Nations whose names are first names, birds or jars too.
OTHER_SENSES = frozenset(
    ["Chad", "Jordan", "Turkey", "Guinea", "Niger", "Mali", "Togo", "Oman", "Cuba"]
)


@dataclass(slots=True, frozen=True)
class Gazetteer:
    """The lexicon with all names in it, and the occupation titles.

    Args:
        titles: Every known title, in lower case, words joined by spaces.
        title_ends: Words that a title may end in, in the singular; `title_tails` in any
            number.
        title_search: Titles of more than one word, to be found in a line.
        lone_titles: Official titles of one word, and ours.
        title_table: The codes of titles.
        credential_names: Acronym of a credential to its name in full.
        trade_ends: Last words of what names a job by its work: `therapy`.
        role_nouns: Nouns that name who does the work (`coder`), where a title may end.
        area_levels: Level of every area by its name.
        nations: Name of every nation by its code.
        official_titles: Titles of the classifications, lower case, in the singular.
        money: Currencies and numbers, with the patterns made of them.
        weights: How much each clue counts for a field, by field and clue.
        certainties: The most that a reading of a field is sure of, by field and basis.
        boards: How job boards name the fields of their postings.
    """

    lexicon: Lexicon
    titles: frozenset[str]
    title_ends: frozenset[str]
    title_tails: frozenset[str]
    title_search: TitleSearch
    lone_titles: frozenset[str]
    title_table: TitleTable
    credential_names: dict[str, str]
    role_nouns: frozenset[str]
    trade_ends: frozenset[str]
    area_levels: dict[str, str]
    nations: dict[str, str]
    money: MoneyMarks
    decades: dict[str, tuple[int, int]]
    head_lexicon: Lexicon
    key_lexicon: Lexicon
    joiners: dict[str, str]
    official_publishers: dict[str, str]
    publishers_without_bands: frozenset[str]
    magnitudes: dict[str, tuple[float, float, float, float]]
    occupation_words: dict[str, dict[str, str]]
    fields: dict[str, str]
    durations: dict[str, str]
    lists: dict[str, frozenset[str]]
    official_titles: frozenset[str]
    weights: dict[tuple[str, str], float]
    certainties: dict[tuple[str, str], float]
    certain_fields: tuple[str, ...]
    boards: BoardTable
    _known: set[str] = field(default_factory=set)

    def has_word(self, word: str) -> bool:
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

    def find_mentions(self, text: str, words: list[Token]) -> list[Mention]:
        """Every word and name in a stretch of tokens, in text order."""
        return self.lexicon.find_mentions(text, words)


@lru_cache(maxsize=1)
def get_gazetteer(vocabulary: Vocabulary) -> Gazetteer:
    """Return the gazetteer of a vocabulary, made once."""
    with pause_collector():
        gazetteer = _build_gazetteer(vocabulary)
    gc.freeze()  # its hundred thousand nodes are walked by no collection again
    return gazetteer


def _build_gazetteer(vocabulary: Vocabulary) -> Gazetteer:
    lexicon = load_lexicon(vocabulary)
    levels = _add_areas(vocabulary, lexicon)
    names = _add_credentials(vocabulary, lexicon)
    official, unbanded = _add_publishers(vocabulary, lexicon)
    named = vocabulary.read_table("titles", "title")["title"].str.to_lowercase()
    titles = frozenset(named)
    single = named.filter(~named.str.contains(" ", literal=True))
    roles = frozenset(
        vocabulary.read_table("role_nouns", "phrase")["phrase"][0].split("|")
    )
    ends = roles.union(named.str.replace(r"(?s)^.* ", ""))
    table = get_title_table(vocabulary)
    trades = vocabulary_lookups.load_occupation_words(vocabulary)
    acronyms = trades["exact"]
    lone = frozenset(table.list_spoken(lone=True)) - acronyms.keys()
    # Those of other languages stand as they are; what is before them is no part.
    rows = vocabulary.read_table("titles", "title", "origin")
    abroad = rows.filter(pl.col("origin") == "abroad")["title"]
    foreign = lone.intersection(map(make_key, abroad))
    search = make_search(table.list_spoken(), foreign)
    spoken = frozenset(lexicon.tree).union(single)
    return Gazetteer(
        lexicon,
        titles,
        ends,
        ends | _list_plurals(ends),
        search,
        lone,
        table,
        names,
        roles,
        _list_trade_ends(trades),
        levels,
        _load_nations(vocabulary),
        read_marks(vocabulary, spoken),
        vocabulary_lookups.load_decades(vocabulary),
        load_lexicon(vocabulary, HEAD_VOCABULARIES),
        load_lexicon(vocabulary, KEY_VOCABULARIES),
        _load_joiners(vocabulary),
        official,
        unbanded,
        vocabulary_lookups.load_magnitudes(vocabulary),
        trades,
        vocabulary_lookups.load_meanings(vocabulary, "json_fields"),
        vocabulary_lookups.load_meanings(vocabulary, "durations"),
        vocabulary_lookups.load_word_lists(vocabulary),
        _list_official_titles(vocabulary),
        vocabulary_lookups.load_candidate_weights(vocabulary),
        certainties := vocabulary_lookups.load_certainties(vocabulary),
        tuple(dict.fromkeys(field for field, _ in certainties)),
        load_board_table(vocabulary),
    )


def _load_nations(vocabulary: Vocabulary) -> dict[str, str]:
    """Code of each nation to its name."""
    rows = vocabulary.read_table("areas", "code", "name").select("code", "name").rows()
    return {code: name for code, name in rows if len(code) == 2 and code.isalpha()}


def _load_joiners(vocabulary: Vocabulary) -> dict[str, str]:
    joined = vocabulary_lookups.load_meanings(vocabulary, "joiners").items()
    return {phrase.strip(): means for phrase, means in joined}


def _list_trade_ends(trades: dict[str, dict[str, str]]) -> frozenset[str]:
    names = {**trades.get("trade", {}), **trades.get("craft", {})}
    return frozenset(name.rpartition(" ")[2] for name in names)


def _list_plurals(ends: frozenset[str]) -> set[str]:
    plurals = {f"{end}s" for end in ends} | {f"{end}es" for end in ends}
    plurals |= {f"{end[:-1]}ies" for end in ends if end.endswith("y")}
    return plurals | {f"{end[:-2]}en" for end in ends if end.endswith("man")}


def _list_official_titles(vocabulary: Vocabulary) -> frozenset[str]:
    titles = vocabulary.read_table("occupations", "title")["title"]
    return frozenset(make_singular(title.lower()) for title in titles)


def _add_areas(vocabulary: Vocabulary, lexicon: Lexicon) -> dict[str, str]:
    """Add nations, states, metros, regions and cities; return the level of each name.

    A mention's `place` is the code of what it is, `US-TX`, `CA-ON`, `GB`; or with a
    dash at the end that of where it lies, `US-`, `GB-`; "" where it is of no nation.
    Of two places of one name the first row has it: regions, then areas, then cities.
    """
    names = _AreaNames(lexicon)
    columns = ("code", "name", "level", "state", "postal", "aliases")
    rows = vocabulary.read_table("areas", *columns).select(columns).rows()
    _add_regions(vocabulary, names, _list_places(rows))
    # One name of several metros is a city of several states: `cities` says which.
    cities = vocabulary.read_table("cities").rows()
    told = {phrase for row in cities for phrase in row[0].split("|")}
    for row in rows:
        _, name, level, *_ = row
        if level != "national":
            _add_area(names, row)
        if level == "metro":
            _add_cities(names, name, told)
    for words, means, country in cities:
        level = "metro" if country == HOME else "foreign"
        for phrase in words.split("|"):
            names.add_city(phrase, means, level, f"{country}-" if country else "")
    return names.levels


def _list_places(rows: list[tuple[Any, ...]]) -> dict[str, str]:
    """Return the code of every area by its names; the first row of a name has it."""
    return {
        named.partition(" (")[0]: _name_place(code, level, country, postal)
        for code, name, level, country, postal, aliases in reversed(rows)
        for named in (name, *(aliases or "").split("|"))
    } | {HOME: HOME}


def _name_place(code: str, level: str, country: str, postal: str | None) -> str:
    """Return the code of a state, province or nation, or of the nation it lies in."""
    if level == "foreign":
        return code if code.startswith(country) else f"{country}-"
    return f"{HOME}-{postal}" if level == "state" and postal else f"{HOME}-"


@dataclass(slots=True)
class _AreaNames:
    """Names of places on their way into the lexicon, each once."""

    lexicon: Lexicon
    levels: dict[str, str] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    def add(
        self, phrase: str, means: str, level: str, place: str, exact: str = ""
    ) -> None:
        """Add a name that is a place wherever it stands."""
        self.levels.setdefault(means, level)
        key = phrase.casefold()
        if key not in self._taken:
            self._taken.add(key)
            self.lexicon.add(phrase, PhraseEntry("area", means, place, exact))

    def add_city(self, phrase: str, means: str, level: str, place: str) -> None:
        """Add a name that is a place where something around it says so."""
        self.levels.setdefault(means, level)
        key = phrase.casefold()
        if key not in self._taken:
            self._taken.add(key)
            self.lexicon.add(phrase, PhraseEntry("city", means, place, phrase))

    def add_people(self, phrases: str, nation: str, code: str) -> None:
        """Add words that say of which nation somebody is: `Irish`."""
        for phrase in phrases.split("|"):
            self.lexicon.add(phrase, PhraseEntry("demonym", nation, code, phrase))

    def add_short(self, phrase: str, means: str, place: str) -> None:
        """Add a postal code or abbreviation of a state or province."""
        if f"{phrase}." not in self._taken:
            self._taken.add(f"{phrase}.")
            self.lexicon.add(phrase, PhraseEntry("postal", means, place, phrase))


def _add_regions(
    vocabulary: Vocabulary, names: _AreaNames, places: dict[str, str]
) -> None:
    """Add what `regions` names; short names in capitals count as written alone."""
    for words, means, level, country in vocabulary.read_table("regions").iter_rows():
        if level == "people":
            names.add_people(words, means, country)
            continue
        place = places.get(means, f"{country}-" if country else "")
        for phrase in words.split("|"):
            short = phrase.isupper() and len(phrase) <= MAX_SHORT_NAME
            exact = phrase if short and phrase not in ANY_CASE else ""
            names.add(phrase, means, level, place, exact)


def _add_area(names: _AreaNames, row: tuple[Any, ...]) -> None:
    """Add one area of a row of `areas`: by its name, its postal code, its aliases."""
    code, name, level, country, postal, aliases = row
    place = _name_place(code, level, country, postal)
    means = name.partition(" (")[0]
    if means in OTHER_SENSES:
        names.add_city(means, means, level, place)
    else:
        names.add(means, means, level, place)
    if postal:
        names.add_short(postal, means, place)
    for alias in filter(None, (aliases or "").split("|")):
        if alias.endswith(".") and alias.count(".") == 1:
            names.add_short(alias, means, place)
        else:
            named = alias if level in ("metro", "nonmetro") else means
            names.add(alias, named, level, place)


def _add_cities(names: _AreaNames, name: str, told: set[str]) -> None:
    """`Phoenix-Mesa-Chandler, AZ` answers to Phoenix, which is `Phoenix, AZ`."""
    head, _, states = name.partition(", ")
    state = states.split("-")[0]
    for city in re.split(r"[-/]+", head):
        full = f"{city}, {state}"
        names.add(full, full, "metro", f"{HOME}-")
        if city not in told:
            names.add_city(city, full, "metro", f"{HOME}-")


def _add_credentials(vocabulary: Vocabulary, lexicon: Lexicon) -> dict[str, str]:
    """Add credentials by acronym and name; return the names by acronym."""
    names: dict[str, str] = {}
    if not (vocabulary.folder / "credentials.csv").is_file():
        return names
    table = vocabulary.read_table("credentials", "acronym", "name", "aliases")
    for acronym, name, aliases in table.select(
        "acronym", "name", "aliases"
    ).iter_rows():
        names[acronym] = name
        entry = PhraseEntry("credential", acronym, "", acronym)
        lexicon.add(acronym, entry)
        for alias in filter(None, (name, *(aliases or "").split("|"))):
            exact = alias if alias.isupper() else ""
            lexicon.add(alias, PhraseEntry("credential", acronym, "name", exact))
    return names


def _add_publishers(
    vocabulary: Vocabulary, lexicon: Lexicon
) -> tuple[dict[str, str], frozenset[str]]:
    """Add publishers by name and alias; return the official and the unbanded."""
    if not (vocabulary.folder / "publishers.csv").is_file():
        return {}, frozenset()
    columns = ("name", "aliases", "official", "bands", "population")
    table = vocabulary.read_table("publishers", *columns)
    official, unbanded = {}, set()
    for name, aliases, state, bands, population in table.select(*columns).iter_rows():
        if bands == "no":
            unbanded.add(name)
        if state == "yes":
            official[name] = population or ""
        for spelling in (name, *filter(None, (aliases or "").split("|"))):
            plain = spelling.replace("*", "")
            exact = plain if plain.isupper() or " " not in plain else ""
            lexicon.add(plain, PhraseEntry("publisher", name, "", exact))
    return official, frozenset(unbanded)


# What stands behind the noun that says what a name is: `clerk of works`.
BEHIND_HEAD = re.compile(r", | of | except |--| \(")


@lru_cache(maxsize=4096)
def make_singular(title: str) -> str:
    """Return an occupation with its head noun in the singular."""
    match = BEHIND_HEAD.search(title)
    head, rest = (
        (title, "")
        if match is None
        else (title[: match.start()], title[match.start() :])
    )
    words = head.split(" ")
    last = words[-1]
    if last.endswith("ies") and len(last) > 4:
        words[-1] = last[:-3] + "y"
    elif last.endswith(("sses", "ches", "shes", "xes")):
        words[-1] = last[:-2]
    elif last.endswith("wives"):
        words[-1] = last[:-3] + "fe"
    elif last.endswith("men") and len(last) > 4:
        words[-1] = last[:-2] + "an"
    elif last.endswith("s") and not last.endswith(("ss", "us")):
        words[-1] = last[:-1]
    return " ".join(words) + rest
