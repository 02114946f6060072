"""Which place a whole page speaks of: its title's, its dateline's, or the one it names.

A title or a dateline says it outright. Without one a page speaks of a place where it
names that and hardly another: a county's notice of its own county, a bill of its state,
a report of its nation. That a page is American is no place of its figures: those of the
United States take it from what is said of the nation, or are assumed to be of it.
"""

import re
from collections import Counter

from pipeline.extract.area_mentions import find_areas, is_home_nation
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.tagged_lines import TaggedLine

HOME = "US"
Place = tuple[str, str]  # its name, and the code of where it lies
NOWHERE: Place = ("", "")
TITLES = 3
MAX_OPENING = 1_500
FRONT = re.compile(r"\s*(?:---|\+\+\+)")
FRONT_TITLE = re.compile(r"(?mi)^title\s?[=:]\s?[\"']?([^\n]{3,200}?)[\"']?\s*$")
MAX_FRONT = 1_500
DATELINE = re.compile(
    r"(?m)^\W{0,4}([A-Z][A-Z. ]{2,30}[A-Z])(?:\s\([^)]{1,40}\))?\s?(?:--|—|–)"
)
CALLED = 80  # blocks that are asked what the page speaks of
MAX_PIECE = 1_200
MAX_CELL = 400  # a longer one is running text
FEWEST = 2  # blocks that name the place
SHARE = 0.6  # of all that is said of places within its nation
ABROAD = 0.25  # most blocks that may name other nations


def find_title_place(page: IndexedPage) -> Place:
    """Return the one place of the title, the first headings or the dateline."""
    for heading in _list_titles(page)[:TITLES]:
        found = {
            (m.means, m.place) for m in find_areas(page.heading_line(heading[:300]))
        }
        if len(found) == 1:
            return found.pop()
    return _find_dateline(page)


def _list_titles(page: IndexedPage) -> list[str]:
    """Return the title and the highest headings at the start, each once."""
    text, blocks = page.document.text, page.document.blocks[:40]
    front = FRONT_TITLE.search(text, 0, MAX_FRONT) if FRONT.match(text) else None
    tops = [b for b in blocks if b.kind in ("title", "heading") and b.level <= 1]
    texts = [text[b.start : b.end] for b in tops]
    given = [front.group(1)] if front else []
    return list(dict.fromkeys([*given, page.document.title, *texts]))


def _find_dateline(page: IndexedPage) -> Place:
    """`LOS ANGELES--Drivers here …`: where a report was written, and of what."""
    text = page.document.text
    for match in DATELINE.finditer(text, 0, MAX_OPENING):
        city = match.group(1).title()
        # A firm's own city stands there too: what it reports of it names again.
        often = text.count(city) + text.count(match.group(1)) > 1
        for mention in find_areas(page.heading_line(f"in {city}")) * often:
            return mention.means, mention.place
    return NOWHERE


def find_spoken_place(page: IndexedPage) -> Place:
    """Return the place that a page without one in its title speaks of, else none."""
    if page.spoken is None:
        page.spoken = _choose_spoken(_list_named(page))
    return page.spoken


def _list_named(page: IndexedPage) -> list[set[Place]]:
    """Return the places of each piece of running text that names any, in order."""
    named = []
    for start, end in _cut_pieces(page):
        line = page.span_line(start, end)
        found = [m for m in find_areas(line) if _counts(page, line, m)]
        if found:
            named.append({(m.means, m.place) for m in found})
    return named


def _cut_pieces(page: IndexedPage) -> list[tuple[int, int]]:
    """Return spans of running text: blocks, and parts of long ones."""
    spans = []
    for block in page.document.blocks[:CALLED]:
        long = block.end - block.start > MAX_CELL
        told = block.kind in ("paragraph", "heading", "item") or long
        if told and not block.furniture:
            for start in range(block.start, block.end, MAX_PIECE):
                spans.append((start, min(block.end, start + MAX_PIECE)))
    return spans[:CALLED]


def _counts(page: IndexedPage, line: TaggedLine, mention: Mention) -> bool:
    """Whether a mention says which place: not `the country`, nor what is outside."""
    if not mention.place or mention.means.startswith(("outside ", "rest ")):
        return False
    return not is_home_nation(mention, line.text, page.words.lists)


def _choose_spoken(named: list[set[Place]]) -> Place:
    """Return the one county or city that opens the page, else what is named most."""
    if len(named) < FEWEST:
        return NOWHERE
    nations = Counter(
        nation for places in named for nation in {place[:2] for _, place in places}
    )
    (nation, most), *others = nations.most_common()
    if sum(count for _, count in others) > ABROAD * len(named):
        return NOWHERE
    inner = Counter(p for places in named for p in places if p[1] != nation)
    local = [p for p in inner if p[1] == f"{nation}-"]
    states = [p for p in inner if p not in local]
    opens = {*local} & named[0] and len(local) == 1 and len(states) <= 1
    if opens and inner[local[0]] >= FEWEST:
        return local[0]
    for place, count in inner.most_common(1):
        if count >= FEWEST and count >= SHARE * sum(inner.values()):
            return place
    whole = [p for places in named for p in places if p[1] == nation]
    return whole[0] if whole and nation != HOME and most >= FEWEST else NOWHERE
