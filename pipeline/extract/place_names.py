"""Places by more than one word of ours: `City, State`, counties, metros, parts of them.

A city and its state are one place, whatever parts them and however the state is
written; so are a county, a `metro area` and the south of a state, which no list need
know. Of a city of the United States the name comes out as official titles have it,
`Austin, TX`; other names come out as written.
"""

import re
from bisect import bisect_left, bisect_right

from pipeline.extract.lexicon import Mention
from pipeline.extract.tagged_lines import TaggedLine

HOME = "US"
WHOLE = re.compile(r"[A-Z]{2}(?:-[A-Z]{2,3})?")  # a nation, state or province
# A word with a capital, and what may join two of them into one name.
CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’]{1,30}\.?"
JOINT = r"(?:\s|-{1,2}|–|/|\s&\s|\s(?:of|on|de|del|la|le|du|sur|upon|an\sder|am)\s)"
CITY_END = re.compile(
    rf"(?<![\w.’'-])({CAPITAL}(?:{JOINT}{CAPITAL}){{0,7}})"
    r"(?P<gap>,\s?|\s?[–—]\s|\s-\s|\s\(|\s(?:in|en)\s)$"
)
NO_GAP_END = re.compile(rf"(?<![\w.’'-])({CAPITAL}(?:{JOINT}{CAPITAL}){{0,3}})\s$")
FAR_BACK = 90
ZIP = re.compile(r"\s{1,3}\d{5}(?:-\d{4})?(?!\d)")
MORE_STATES = re.compile(r"(?:[-–/][A-Z]{2}){1,4}(?![\w-])")
COUNTY_WORDS = frozenset(
    ("county", "counties", "parish", "borough", "township", "area")
)
METRO_WORDS = frozenset(("metro", "metropolitan"))
OPENING_WORD = re.compile(r"\w+(?=\s)")
COUNTY = re.compile(
    rf"(?<![\w-])(?:(?:{CAPITAL},\s){{0,4}}{CAPITAL},?\sand\s{CAPITAL}\sCounties"
    rf"|{CAPITAL}(?:[\s-]{CAPITAL}){{0,2}}\s"
    r"(?:County|Counties|Parish|Borough|Township|Census\sArea))(?!\w)"
)
METRO_BEHIND = re.compile(
    r"[\s-](?:metro(?:politan)?\s(?:statistical\s)?(?:area|division|region)"
    r"|metro(?:politan)?\b|metroplex|MSA\b|area\b|region\b)",
    re.IGNORECASE,
)
METRO_BEFORE = re.compile(r"\b(?:[Mm]etro(?:politan)?|[Gg]reater)\s$")
UNKNOWN_METRO = re.compile(
    rf"(?<![\w-])({CAPITAL}(?:[\s-]{CAPITAL}){{0,3}})\s"
    r"(?:metro(?:politan)?(?:\s(?:statistical\s)?(?:area|region))|metroplex)\b",
)
PART = re.compile(
    r"\b(?:(?:[Nn]orth|[Ss]outh)(?:[Ee]ast|[Ww]est)?(?:ern)?|(?:[Ee]ast|[Ww]est)(?:ern)?"
    r"|[Cc]entral|[Uu]pstate|[Dd]ownstate|[Rr]ural|[Uu]rban|[Mm]id|[Cc]oastal)[\s-]$"
)
OUTSIDE = re.compile(
    r"\b(?:outside(?:\s(?:of\s)?(?:the\s)?)?|excluding\s|hors\s(?:de\s)?(?:l['’]\s?)?"
    r"|ohne\s|fuera\sde\s|(?:the\s)?rest\sof\s(?:the\s)?|elsewhere\sin\s(?:the\s)?)\s?$",
    re.IGNORECASE,
)
REST = re.compile(r"\b(?:rest|elsewhere)\b", re.IGNORECASE)
SCOPES = frozenset(
    ("topics", "statistics", "periods", "occupation", "people", "months")
)


def span_mention(
    line: TaggedLine, means: str, place: str, start: int, end: int
) -> Mention:
    """Return a stretch of a line as a mention of a place."""
    starts = [token.start for token in line.words]
    ends = [token.end for token in line.words]
    first = bisect_right(ends, start)
    return Mention("area", means, place, start, end, first, bisect_left(starts, end))


def join_cities(line: TaggedLine, known: list[Mention]) -> list[Mention]:
    """Join every state, province or nation with the city in front of it."""
    out: list[Mention] = []
    for mention in known:
        joined = _join_city(line, mention)
        if joined is not None:
            out = [m for m in out if m.end <= joined.start]
            out.append(joined)
        elif mention.category == "area":
            out.append(mention)
    return out


def _join_city(line: TaggedLine, region: Mention) -> Mention | None:
    """`Brownsville-Harlingen, Texas`, `Sebring, Fla.`, `Calgary – Alberta`: one."""
    if not WHOLE.fullmatch(region.place):
        return None
    back = max(line.start, region.start - FAR_BACK)
    before = line.text[back : region.start]
    match = CITY_END.search(before)
    gap = match["gap"].strip() if match else ""
    match = match or NO_GAP_END.search(before)
    if match is None:
        return None
    end = back + match.end(1)
    inner = _find_area_at(line, end)
    if inner is not None and gap == ",":
        return _join_areas(line, inner, region)
    start = _find_city_start(line, back + match.start(1), end)
    known = _is_known_city(line, start, end)
    zipped = ZIP.match(line.text, region.end, line.end)
    if not known and not (gap == "," or zipped):
        return None
    city = line.text[start:end]
    if not known and (not city or city.isupper() or city[0].islower()):
        return None
    return _name_city(line, start, end, region)


def _name_city(line: TaggedLine, start: int, city_end: int, region: Mention) -> Mention:
    text, end = line.text, region.end
    city = " ".join(text[start:city_end].split())
    if not region.place.startswith(f"{HOME}-"):
        written = f"{city}, {' '.join(text[region.start : end].split())}"
        nation = region.place.partition("-")[0]
        return span_mention(line, written, f"{nation}-", start, end)
    state = region.place[3:]
    if more := MORE_STATES.match(text, end):
        state += more.group().replace("–", "-").replace("/", "-")
        end = more.end()
    if tail := ZIP.match(text, end, line.end):
        end = tail.end()
    return span_mention(line, f"{city}, {state}", f"{HOME}-", start, end)


def _join_areas(line: TaggedLine, inner: Mention, region: Mention) -> Mention | None:
    """`Ontario, Canada` is Ontario; `Oregon, Washington` are two places."""
    nation = inner.place.partition("-")[0]
    if region.place == nation and inner.place != nation:
        return span_mention(line, inner.means, inner.place, inner.start, region.end)
    if inner.category == "postal":
        return None
    named = line.text[inner.start : inner.end]
    twin = inner.place == region.place and named == "New York"
    abroad = nation != region.place.partition("-")[0] and "-" in region.place
    short = region.category == "postal" and inner.place != region.place
    if twin or abroad or short:
        return _name_city(line, inner.start, inner.end, region)
    return None


def _find_city_start(line: TaggedLine, start: int, end: int) -> int:
    """Return where a city's name starts: behind words of other kinds before it."""
    for mention in line.mentions:
        inside = start <= mention.start and mention.end <= end
        if inside and mention.category in SCOPES:
            start = max(start, mention.end)
    start = _skip_blanks(line.text, start, end)
    first = OPENING_WORD.match(line.text, start, end)
    if first is not None and first.group() in line.lists["places_openers"]:
        start = _skip_blanks(line.text, first.end(), end)
    known = [
        m.start
        for m in line.get_mentions("city", "area")
        if start <= m.start and m.end == end
    ]
    if known and line.text[min(known) - 1] not in "-–/":
        return min(known)
    return start


def _skip_blanks(text: str, start: int, end: int) -> int:
    while start < end and not text[start].isalnum():
        start += 1
    return start


def _is_known_city(line: TaggedLine, start: int, end: int) -> bool:
    return any(
        m.start == start and m.end == end for m in line.get_mentions("city", "area")
    )


def _find_area_at(line: TaggedLine, end: int) -> Mention | None:
    """Return the state, province or nation that ends at a place, its name whole."""
    for mention in line.get_mentions("area", "postal"):
        before = line.text[max(line.start, mention.start - 1) : mention.start]
        whole = WHOLE.fullmatch(mention.place) and before not in ("-", "–", "/")
        if mention.end == end and whole:
            return mention
    return None


def find_counties(line: TaggedLine) -> list[Mention]:
    """`San Joaquin County`, `Nassau, Suffolk and Westchester Counties`: as written."""
    text = line.text
    if COUNTY_WORDS.isdisjoint(line.texts):
        return []
    found = []
    for match in COUNTY.finditer(text, line.start, line.end):
        start, end = match.span()
        opener = re.match(r"\w+(?=[\s,])", text[start:end])
        if opener and opener.group() in line.lists["places_openers"]:
            start += opener.end() + 1
        if opener and start >= end - len("County") - 1:
            continue
        found.append(_add_state(line, start, end))
    return found


def _add_state(line: TaggedLine, start: int, end: int) -> Mention:
    """`Fairfax County, Virginia`: with its state, where that follows."""
    written = " ".join(line.text[start:end].split())
    for region in line.get_mentions("area", "postal"):
        gap = line.text[end : region.start]
        state = region.place.partition("-")[2]
        if (
            state
            and region.start > end
            and gap.strip() == ","
            and len(gap) <= len(", ")
        ):
            return span_mention(
                line, f"{written}, {state}", f"{HOME}-", start, region.end
            )
    return span_mention(line, written, f"{HOME}-", start, end)


def find_unknown_metros(line: TaggedLine) -> list[Mention]:
    """Return metros that no list has, as written: `the Grantsville metro area`."""
    if METRO_WORDS.isdisjoint(line.texts):
        return []
    found = []
    for match in UNKNOWN_METRO.finditer(line.text, line.start, line.end):
        start, name = match.start(1), match.group(1)
        opener = re.match(r"\w+", name)
        if opener and opener.group() in line.lists["places_openers"]:
            start += opener.end() + 1
            name = name[opener.end() + 1 :]
        if name:
            found.append(span_mention(line, name, f"{HOME}-", start, match.end()))
    return found


def widen(line: TaggedLine, mention: Mention) -> Mention:
    """Widen a place by its words: `the X metro area`, `southern X`, `outside X`."""
    text = line.text
    start, end, means = mention.start, mention.end, mention.means
    before = text[max(line.start, start - 30) : start]
    if behind := METRO_BEHIND.match(text, end, line.end):
        end = behind.end()
    if metro := METRO_BEFORE.search(before):
        start -= len(before) - metro.start()
    elif (part := PART.search(before)) and (
        WHOLE.fullmatch(mention.place) and mention.means != HOME
    ):
        start -= len(before) - part.start()
        means = " ".join(text[start : mention.end].split())
    before = text[max(line.start, start - 30) : start]
    if out := OUTSIDE.search(before):
        start -= len(before) - out.start()
        rest = "rest of" if REST.search(out.group()) else "outside"
        means = f"{rest} {means}"
    if (start, end) == (mention.start, mention.end):
        return mention
    return span_mention(line, means, mention.place, start, end)
