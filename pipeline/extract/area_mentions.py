"""Places named in a line: nations, states, metros, cities, counties and regions."""

import re

from pipeline.core.currency_table import SIGNS
from pipeline.extract.lexicon import Mention
from pipeline.extract.place_names import (
    COUNTY_WORDS,
    METRO_WORDS,
    find_counties,
    find_unknown_metros,
    join_cities,
    span_mention,
    widen,
)
from pipeline.extract.tagged_lines import TaggedLine

CENTRES = ("mean", "median")
CITY_STATE = re.compile(
    r"(?<![\w.-])[A-Z][\w.'’]+(?:[ /-]{1,2}[A-Z][\w.'’]+){0,6}, "
    r"(?P<state>[A-Z]{2}(?:-[A-Z]{2}){0,4})(?![\w-])"
)
BODY_TAIL = re.compile(
    r"(?:['’]s?)?(?:\s(?:&\s)?[A-Z][\w’'&.-]*){0,3}?\s"
    r"(?:University|College|Bank|Bancorp|Times|Post|Journal|Tribune|Herald|Globe"
    r"|Chronicle|Instruments|Airlines|Mellon|Mutual|Street|Avenue|Boulevard|Blvd"
    r"|Securities|Insurance|Magazine|Review|Press|Symphony)(?![\w-])"
)
BODY_HEAD = re.compile(
    r"\b(?:Bank|University|College|Church|Museum|Voice|Workers|Brotherhood|Guild|Society"
    r"|Institute|Association|Federation|Teachers|Nurses|Employees|Scouts|Academy|Club"
    r"|Bancorp|Archdiocese|Journal|Université|Universität|Universidad)"
    r"\s(?:of|for|de|von|d['’])\s?(?:the\s)?$"
)
PLACES = frozenset(("area", "city", "postal", "demonym"))
MOST_BETWEEN = 2  # words between `Irish` and who is paid
# Words of places that no list need know.
COMPASS_POINTS = frozenset(("north", "south", "east", "west"))
UNLISTED = frozenset((*COUNTY_WORDS, *METRO_WORDS, *COMPASS_POINTS))
# A point of the compass is a region where it is all that a label or cell says.
COMPASS_LABEL = re.compile(
    r"(?<!\S)(North|South|East|West)\b(?=\s{0,9}(?:[:|]|[ \t]{2}|\n|$)|:)"
)
LIST_WORDS = frozenset((",", "and", "or", "&", "/", ";", "y", "et", "und"))
GLOSS = re.compile(
    r"[,(]?\s*(?:which\s)?(?:includ(?:es?|ing)|such\sas|like|namely|covers?|that\sis)\b"
)
RANKED = re.compile(
    r"\b(?:highest|lowest|best|worst|most|least|top|largest|biggest|smallest|greatest"
    r"|[Hh]ighest[- ][Pp]aid|rank\w*|any(?:where)?|other|every)\b[^.;]{0,80}"
    r"\b(?:in|of|within|across|nationwide|nationally)\b(?:\s(?:the|any))?"
    r"(?:\s(?:entire|whole))?\s?$"
)


def find_areas(line: TaggedLine) -> list[Mention]:
    """Places named in a line; cities and postal codes only where they stand alone."""
    if "areas" not in line.memo:
        line.memo["areas"] = _find_areas(line)
    return line.memo["areas"]  # type: ignore[no-any-return]


def is_home_nation(
    mention: Mention, text: str, lists: dict[str, frozenset[str]]
) -> bool:
    """Whether a mention says `the nation` and not which."""
    last = text[mention.start : mention.end].lower().rpartition(" ")[2]
    return mention.means == "US" and last in lists["places_nation"]


def is_mere_rank(line: TaggedLine, mention: Mention) -> bool:
    """Say whether a nation is the field of a ranking: `the highest in the country`."""
    before = line.text[max(line.start, mention.start - 120) : mention.start]
    return mention.means == "US" and bool(RANKED.search(before))


def _find_areas(line: TaggedLine) -> list[Mention]:
    if not line.has_any(PLACES) and UNLISTED.isdisjoint(line.texts):
        return []
    areas = [m for m in line.get_mentions("area") if _is_place(line, m)]
    areas += _find_peoples(line)
    postals = line.get_mentions("postal")
    known = sorted([*areas, *postals], key=lambda m: (m.start, -m.end))
    found = join_cities(line, known) if known else []
    found = _over(found, find_counties(line))
    found += _find_lone_cities(line, found)
    taken = _list_taken(line, found)
    found += [m for m in postals if not _overlaps(m, taken) and _stands_alone(line, m)]
    found = _over([widen(line, m) for m in found], find_unknown_metros(line))
    found = _over(found, _find_compass_regions(line))
    return _join_rests(line, sorted(found, key=lambda m: m.start))


def _join_rests(line: TaggedLine, found: list[Mention]) -> list[Mention]:
    """Take `the rest of England and Wales` for one place, which has no code."""
    out: list[Mention] = []
    for mention in found:
        last = out[-1] if out else None
        between = line.texts[last.last : mention.first] if last else []
        if last and last.means.startswith("rest of ") and between == ["and"]:
            name = f"{last.means} and {mention.means}"
            out[-1] = span_mention(line, name, "", last.start, mention.end)
        elif last and mention.means.startswith("outside ") and not between:
            # `England outside London`: a place, less another in it
            name = f"{last.means} {mention.means}"
            out[-1] = span_mention(line, name, last.place, last.start, mention.end)
        else:
            out.append(mention)
    return out


def _find_peoples(line: TaggedLine) -> list[Mention]:
    """Return nations by their people, where those are paid: `Irish nurses earn`."""
    found = []
    for mention in line.get_mentions("demonym"):
        if _names_paid(line, mention, MOST_BETWEEN):
            here = (mention.start, mention.end, mention.first, mention.last)
            found.append(Mention("area", mention.means, mention.place, *here))
    return found


def _names_paid(line: TaggedLine, mention: Mention, between: int) -> bool:
    """Whether pay, or who is paid, stands right behind a word for a place."""
    at = mention.last
    if line.texts[at : at + 1] and line.texts[at] in line.lists["everybody_paid"]:
        return True
    centres = (m for m in line.get_mentions("statistics") if m.means in CENTRES)
    if mention.category == "demonym" and any(m.first == at for m in centres):
        return True  # `the Canadian average`
    jobs = line.get_mentions("occupation")
    if any(m.first <= mention.first < m.last for m in jobs):
        return False  # `French teacher`
    gap = line.texts[at : at + between + 1]
    return any(
        at <= m.first <= at + between
        and all(word.isalpha() for word in gap[: m.first - at])
        for m in jobs
    )


def _find_lone_cities(line: TaggedLine, found: list[Mention]) -> list[Mention]:
    """Return cities named without their state, where a place stands: `in Austin`."""
    cities = [m for m in line.get_mentions("city") if _is_place(line, m)]
    if not cities:
        return []
    taken = _list_taken(line, found)
    apart = (m for m in cities if not _overlaps(m, taken))
    return [m for m in apart if _is_city(line, m) or widen(line, m) is not m]


def _list_taken(line: TaggedLine, found: list[Mention]) -> list[tuple[int, int]]:
    """Return the words that are part of a place found before, or of a publisher."""
    return [(m.first, m.last) for m in (*found, *line.get_mentions("publisher"))]


def _over(found: list[Mention], longer: list[Mention]) -> list[Mention]:
    """Mentions with longer ones in place of those that lie in them.

    `Fairfax County, Virginia` is joined already where its state follows.
    """
    out = list(found)
    for mention in longer:
        if any(m.start <= mention.start and mention.end <= m.end for m in out):
            continue
        out = [m for m in out if m.end <= mention.start or mention.end <= m.start]
        out.append(mention)
    return out


def _find_compass_regions(line: TaggedLine) -> list[Mention]:
    """`South  $42.30`: a region by its point of the compass, alone in its label."""
    if COMPASS_POINTS.isdisjoint(line.texts):
        return []
    text, found = line.text, []
    for match in COMPASS_LABEL.finditer(text, line.start, line.end):
        start, end = match.span(1)
        apart = not text[max(line.start, start - 2) : start].strip(" \t\n|")
        if apart and (start == line.start or text[start - 2 : start].isspace()):
            found.append(span_mention(line, match.group(1), "", start, end))
    return found


def _overlaps(mention: Mention, taken: list[tuple[int, int]]) -> bool:
    return any(a < mention.last and mention.first < b for a, b in taken)


def _is_place(line: TaggedLine, mention: Mention) -> bool:
    """Whether a name is that of a place, not of a body, a currency or a person."""
    text, start, end = line.text, mention.start, mention.end
    if end < line.end and text[end] in SIGNS:
        return False
    if _is_part_of_body_name(line, mention):
        return False
    if text[end - 1] == "s" and text[start : end - 1] == mention.means:
        return False  # `Frances`: the words of the vocabularies are read in the plural
    if BODY_HEAD.search(text, max(line.start, start - 40), start):
        return False
    if mention.place == "" or text[start:end] in ("U.S.", "US"):
        return True
    return not BODY_TAIL.match(text, end, line.end)


def _is_city(line: TaggedLine, mention: Mention) -> bool:
    """Whether a city's name stands where a place does."""
    if mention.first == 0 and not _is_common_word(line, mention):
        return True
    if mention.first and line.texts[mention.first - 1] in line.lists["places_leads"]:
        return True
    return _names_paid(line, mention, 0) or _is_of_city(line, mention)


def _is_of_city(line: TaggedLine, mention: Mention) -> bool:
    """`Seattle's nurses earn`, `San Francisco may say more`, `nurse salary Houston`."""
    behind = line.texts[mention.last : mention.last + 2]
    if behind[:1] and behind[0] in "'’":
        jobs = line.get_mentions("occupation")
        return any(0 < m.first - mention.last <= len(behind) for m in jobs)
    if mention.first == 0:
        after = line.text[mention.end : mention.end + 2].strip()
        return mention.last - mention.first > 1 and after.islower()
    paid = line.lists["everybody_paid"]
    return not behind and line.texts[mention.first - 1] in paid


def _stands_alone(line: TaggedLine, postal: Mention) -> bool:
    """Whether a postal code is a whole cell or label, or follows `in`."""
    if not postal.place.startswith("US-"):
        return False
    named = line.text[postal.start : postal.end]
    if len(line.words) <= 3 and (
        len(line.words) == 1 or named not in line.lists["places_words"]
    ):
        return True
    after = line.get_words_between(postal.last, postal.last + 1)
    if postal.first == 0:
        return after in ([":"], ["-"], ["–"], ["—"])
    if line.texts[postal.first - 1] != "in" or after == ["-"]:
        return False
    return named.endswith(".") or named not in line.lists["places_words"]


def _is_common_word(line: TaggedLine, mention: Mention) -> bool:
    """Return whether a city's name that starts a line is a mere word, no place."""
    following = line.get_words_between(mention.last, mention.last + 1)
    return (
        following not in ([":"], [","], ["–"], ["—"], ["-"], ["("], ["="], ["|"], [])
        and bool(following)
        and following[0][0] not in SIGNS
    )


def _is_part_of_body_name(line: TaggedLine, mention: Mention) -> bool:
    """`National Education Association`: the nation in a body's name is no place."""
    word = line.text[mention.start : mention.end]
    after = line.text[mention.end : mention.end + 2].strip()
    return word == "National" and mention.start > line.start and after.isupper()


def merge_lists(line: TaggedLine, found: list[Mention]) -> list[Mention]:
    """Places of a line, lists of them as one place each; a gloss is not heard.

    `Texas, Ohio and Utah` before as many figures stay three. `the Pacific region, which
    includes Oregon and Hawaii` is the region.
    """
    out: list[Mention] = []
    for run in _list_runs(line, found):
        last = run[-1].last
        behind = sum(1 for first, _ in line.spots if first >= last)
        if len(run) == 1 or behind == len(run) or len({m.means for m in run}) == 1:
            kept = run
        else:
            kept = [_merge(line, run)]
        gloss = out and GLOSS.match(line.text, out[-1].end, kept[0].start)
        if gloss and not _has_figure_between(line, out[-1], kept[0]):
            continue
        out += kept
    return out


def _list_runs(line: TaggedLine, found: list[Mention]) -> list[list[Mention]]:
    """Group places that only commas and the like part."""
    runs: list[list[Mention]] = []
    for mention in found:
        if runs:
            between = line.get_words_between(runs[-1][-1].last, mention.first)
            if between and set(between) <= LIST_WORDS:
                runs[-1].append(mention)
                continue
        runs.append([mention])
    return runs


def _merge(line: TaggedLine, run: list[Mention]) -> Mention:
    means = "; ".join(dict.fromkeys(m.means for m in run))
    places = {m.place for m in run}
    place = places.pop() if len(places) == 1 else ""
    return span_mention(line, means, place, run[0].start, run[-1].end)


def _has_figure_between(line: TaggedLine, one: Mention, other: Mention) -> bool:
    return any(one.last <= first < other.first for first, _ in line.spots)
