"""Which place a whole page speaks of: its title's, its dateline's, or the one it names.

A title or a dateline says it outright. Without one a page speaks of a place where it
names that and hardly another: a county's notice of its own county, a bill of its state,
a report of its nation. That a page is American is no place of its figures: those of the
United States take it from what is said of the nation, or are assumed to be of it.
"""

import re
from collections import Counter
from collections.abc import Iterator

from pipeline.extract.area_mentions import BODY_TAIL, find_areas, is_home_nation
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.majorities import find_majority
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
LABELLED_BLOCKS = 400
PLACE_LABEL = re.compile(
    r"[\W_]{0,6}([A-Za-zÀ-ÿ]{3,20}(?: [A-Za-zÀ-ÿ]{2,20}){0,2})[*_]{0,3}\s?:"
)
MAX_CARD = 8  # blocks from a line of labels to the pay that it is of
MAX_CARD_LINE = 200
CARD = re.compile(r"\s[·•|]\s|(?i:\b(?:location|where|city)\b)\s?:")
SENTENCE = re.compile(r"[a-z]{3,}[.!?](?:\s|$)")
FEWEST_NAMED = 2  # times that a city is named which only opens a title
CALLED = 80  # blocks that are asked what the page speaks of
MAX_PIECE = 1_200
MAX_CELL = 400  # a longer one is running text
LONG_PAGE = 2_000  # characters; it names what it speaks of once more
FEWEST = 2  # blocks that name the place
SHARE = 0.6  # of all that is said of places within its nation
ABROAD = 0.25  # most blocks that may name other nations


def find_title_place(page: IndexedPage) -> Place:
    """Return the one place of the title, the first headings or the dateline."""
    for heading in _list_titles(page)[:TITLES]:
        line = page.heading_line(heading[:300])
        found = {(m.means, m.place) for m in find_areas(line)}
        found = found or _find_opening_city(page, line)
        if len(found) == 1:
            return found.pop()
    return _find_dateline(page)


def _find_opening_city(page: IndexedPage, line: TaggedLine) -> set[Place]:
    """`Minneapolis Budget Meeting`: a city that opens a title and is named again."""
    text = page.document.text
    return {
        (m.means, m.place)
        for m in line.get_mentions("city")
        if m.first == 0
        and line.text[m.end : m.end + 2].strip().isupper()
        and not BODY_TAIL.match(line.text, m.end, line.end)
        and text.count(line.text[m.start : m.end]) >= FEWEST_NAMED
    }


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
        long = len(page.document.text) > LONG_PAGE
        spoken = _choose_spoken(_list_named(page), FEWEST + long)
        page.spoken = NOWHERE if _is_of_one_section(page, spoken) else spoken
    return page.spoken


def _is_of_one_section(page: IndexedPage, place: Place) -> bool:
    """Whether a place stands only under a lower heading that names it, behind pay.

    `What do drivers make in Ohio?` among other questions: the page is not Ohio's.
    """
    text, blocks = page.document.text, page.document.blocks
    named = [
        at
        for at, block in enumerate(blocks)
        if place[0] and place[0] in text[block.start : block.end]
    ]
    if not named or blocks[named[0]].kind != "heading" or blocks[named[0]].level <= 1:
        return False
    inside = blocks[named[0] + 1 : named[-1]]
    before = page.list_figures(0, blocks[named[0]].start)
    return any(f.unit == "money" for f in before) and not any(
        block.kind == "heading" for block in inside
    )


def find_lone_nation(page: IndexedPage) -> Place:
    """Return the one nation abroad that a page names, if it names no other place."""
    if page.lone_nation is None:
        found = {place for places in _list_named(page) for place in places}
        abroad = {p for p in found if len(p[1]) == len(HOME) and p[1] != HOME}
        page.lone_nation = abroad.pop() if len(found) == 1 == len(abroad) else NOWHERE
    return page.lone_nation


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


def _choose_spoken(named: list[set[Place]], fewest: int) -> Place:
    """Return the one county or city that opens the page, else what is named most."""
    if len(named) < fewest:
        return NOWHERE
    nation, most = _find_nation(named)
    if not nation:
        return NOWHERE
    inner = Counter(p for places in named for p in places if p[1] != nation)
    place = _find_opening_place(inner, named[0], nation, fewest)
    place = place or find_majority(inner, fewest, SHARE)
    if place is not None:
        return place
    whole = [p for places in named for p in places if p[1] == nation]
    return whole[0] if whole and nation != HOME and most >= FEWEST else NOWHERE


def _find_opening_place(
    inner: Counter[Place], opening: set[Place], nation: str, fewest: int
) -> Place | None:
    """Return the one county or city of a page, if it opens it and is named again.

    One place more may be its state; with two it is one of a list.
    """
    local = [p for p in inner if p[1] == f"{nation}-"]
    if len(local) != 1 or len(inner) > 2:
        return None
    (place,) = local
    return place if place in opening and inner[place] >= fewest else None


def _find_nation(named: list[set[Place]]) -> tuple[str, int]:
    """Return the nation of most pieces, and of how many; "" where there are others."""
    nations = Counter(
        nation for places in named for nation in {place[:2] for _, place in places}
    )
    (nation, most), *others = nations.most_common()
    if sum(count for _, count in others) > ABROAD * len(named):
        return "", 0
    return nation, most


def find_labelled_place(page: IndexedPage) -> Place:
    """Return the one place that the page gives as where the work is, else none.

    `Location: Springfield, MO 65804`, as a line, or as a row of labels and values; else
    what its front matter or its tags state.
    """
    if page.labelled_place is None:
        found = {p for at in _list_labelled(page) for p in _list_block_places(page, at)}
        if not found and page.document.place:
            line = page.heading_line(page.document.place)
            found = {(m.means, m.place) for m in find_areas(line)}
        page.labelled_place = found.pop() if len(found) == 1 else NOWHERE
    return page.labelled_place


def _list_labelled(page: IndexedPage) -> Iterator[int]:
    """Yield the first blocks that a label of places stands in front of."""
    text, labels = page.document.text, page.words.lists["place_labels"]
    for at, block in enumerate(page.document.blocks[:LABELLED_BLOCKS]):
        if block.furniture or block.end - block.start > MAX_CARD_LINE:
            continue
        if block.kind == "cell":
            heads = [page.document.blocks[i] for i in block.row_heads]
            names = [text[b.start : b.end] for b in heads]
        elif colon := PLACE_LABEL.match(text, block.start, block.end):
            names = [colon.group(1)]
        else:
            continue
        if any(name.strip(" \t\n:*_").lower() in labels for name in names):
            yield at


def _list_block_places(page: IndexedPage, at: int) -> list[Place]:
    block = page.document.blocks[at]
    found = find_areas(page.span_line(block.start, block.end))
    return [(m.means, m.place) for m in found]


def find_section_place(page: IndexedPage, index: int) -> Mention | None:
    """Return the one place of a short line above a paragraph, under its heading.

    `Requisition 118 · Full time · Salem, OR 97301`: where a card's work is done.
    """
    blocks = page.document.blocks
    if blocks[index].table is not None:
        return None
    place = None
    for at in range(index - 1, max(-1, index - MAX_CARD), -1):
        block = blocks[at]
        if block.kind == "heading":
            return place
        if block.section != blocks[index].section:
            return None
        if block.kind in ("paragraph", "item", "definition") and place is None:
            found = _list_card_places(page, at)
            place = found[0] if len({m.means for m in found}) == 1 else None
    return None


def _list_card_places(page: IndexedPage, index: int) -> list[Mention]:
    """Return the places of a block that is no sentence but a line of labels."""
    block = page.document.blocks[index]
    text = page.document.text
    if block.end - block.start > MAX_CARD_LINE or block.furniture:
        return []
    if not CARD.search(text, block.start, block.end):
        return []
    if SENTENCE.search(text, block.start, block.end):
        return []
    if any(f.unit == "money" for f in page.list_figures(block.start, block.end)):
        return []
    return find_areas(page.span_line(block.start, block.end))
