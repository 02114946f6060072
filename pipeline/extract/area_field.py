"""Which place each figure speaks of: every place that could be meant, ranked.

Its sentence's, what stands around it, what its section or the page says once.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.core.model import Block
from pipeline.extract.area_mentions import (
    CITY_STATE,
    find_areas,
    is_home_nation,
    is_mere_rank,
    merge_lists,
)
from pipeline.extract.attachment import attach_mentions, is_comparator
from pipeline.extract.candidates import (
    Candidate,
    Relation,
    list_context_candidates,
    make_candidate,
)
from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.figure_attribution import is_continuation
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.page_place import (
    find_labelled_place,
    find_lone_nation,
    find_section_place,
    find_spoken_place,
)
from pipeline.extract.page_state import complete_county, find_meant_state
from pipeline.extract.publisher_mentions import find_publishers
from pipeline.extract.tagged_lines import TaggedLine
from pipeline.extract.written_places import complete_place

FIELD = "area"
HOME = "US"
RUN_IN = re.compile(r"([^.:;—–]{4,120}?)\s?(?:—|–|:|--|\s-\s)")
MAX_RUN_IN = 130
MAX_LABEL = 40
MAX_PARAGRAPH = 1_500
CAPITALS = re.compile(r"\b[A-Z]{4,}\b")


def set_areas(
    page: IndexedPage,
    line: TaggedLine,
    made: Sequence[Draft],
    around: Sequence[ContextLine],
    before: SentenceState,
) -> None:
    """Name the place of each figure."""
    live = [draft for draft in made if not draft.aside]
    if not live:
        return
    named = find_areas(line)
    ranks = [m for m in named if is_mere_rank(line, m)]
    places = merge_lists(line, [m for m in named if m not in ranks])
    # `in Salem $98,000 (9 % above the national average), from $74,000 to $131,000`
    places = [m for m in places if not is_comparator(line, m)] or places
    held = (_pair(line, places) or attach_mentions(line, places)) if places else []
    shared = _list_before(line, before, named)
    shared += _list_of_section(page, live[0].block)
    for draft in live:
        own = held[draft.index] if held else None
        found = _list_own(page, draft, places, own, ranks) + shared
        found += _list_around(page, draft, around) + _list_run_in(page, draft)
        found += _list_of_page(page, draft)
        told = [candidate for candidate in found if candidate.value]
        draft.choose_field(FIELD, told, page.words.weights)
        if draft.fields.get(FIELD):
            draft.fields[FIELD] = complete_place(page, draft.fields[FIELD])
            _set_area_level(page, draft)


def _list_own(
    page: IndexedPage,
    draft: Draft,
    places: list[Mention],
    own: Mention | None,
    ranks: list[Mention],
) -> list[Candidate]:
    """List the places of a figure's sentence: its own, the others, fields of ranks."""
    found = []
    for mention in places:
        relation = Relation.SENTENCE if mention is own else Relation.ELSEWHERE
        name = _name_area(page, draft, draft.line, mention)
        found.append(make_candidate(name, relation, mention))
    if not places and (state := find_meant_state(page, draft.line)):
        found.append(Candidate(state, Relation.SENTENCE, text=state))
    for mention in ranks:
        name = _name_area(page, draft, draft.line, mention)
        found.append(make_candidate(name, Relation.ELSEWHERE, mention, ("rank",)))
    return found


def _pair(line: TaggedLine, places: list[Mention]) -> list[Mention | None]:
    """Place, figure, place, figure: each figure has the place before it."""
    marks = [(m.first, True) for m in places] + [(a, False) for a, _ in line.spots]
    order = [is_place for _, is_place in sorted(marks)]
    many = len(places)
    if many < 2 or order != [True, False] * many:
        return []
    return list(places)


def _list_before(
    line: TaggedLine, before: SentenceState, named: list[Mention]
) -> list[Candidate]:
    """List the place of the sentence before, where this one goes on about it."""
    if before.area is None or named:
        return []
    same = _is_same_place(line)
    if find_publishers(line) and not same:
        return []
    on = is_continuation(line) or before.area_holds or same
    if on or _opens_with_figure(line):
        return [Candidate(before.area, Relation.BEFORE, text=before.area)]
    return []


def _opens_with_figure(line: TaggedLine) -> bool:
    """Whether a fragment gives a figure and nothing before it: `$38/hr plus bonus`."""
    return bool(line.spots) and line.spots[0][0] == 0


def _is_same_place(line: TaggedLine) -> bool:
    """Return whether `there` is a place: `A Band 6 there runs`, not `there are`."""
    words = line.texts
    if "there" not in words:
        return False
    verbs = ("is", "are", "was", "were", "'", "’", "has", "have", "may", "will", "can")
    return any(
        word == "there" and after not in verbs
        for word, after in zip(words, [*words[1:], "."], strict=True)
    )


def _list_around(
    page: IndexedPage, draft: Draft, around: Sequence[ContextLine]
) -> list[Candidate]:
    """List what heads, lead-ins and headings name; a heading not of other money."""

    def find(context: ContextLine) -> list[Mention]:
        found = find_areas(context.line)
        if context.where != "heading":
            return found
        return [m for m in found if _fits_currency(page, draft, m.place)]

    return list_context_candidates(
        around,
        find,
        lambda context, mention: _name_area(page, draft, context.line, mention),
    )


def _list_of_section(page: IndexedPage, block: int) -> list[Candidate]:
    """List the place of the line of labels above a block; the same for its figures."""
    cue = find_section_place(page, block)
    return [] if cue is None else [make_candidate(cue.means, Relation.SECTION, cue)]


def _list_run_in(page: IndexedPage, draft: Draft) -> list[Candidate]:
    """List the place that opens a figure's paragraph."""
    cue = _find_run_in_place(page, draft)
    return [] if cue is None else [make_candidate(cue.means, Relation.LIST, cue)]


def _list_of_page(page: IndexedPage, draft: Draft) -> Iterator[Candidate]:
    """Yield the page's own place; an official publisher's is the nation."""
    if page.area and _fits_currency(page, draft, page.area_place):
        yield Candidate(page.area, Relation.TITLE, text=page.area)
    if nation := _find_official_nation(page, draft):
        yield Candidate(nation, Relation.USUAL, ("official",), text=nation)
    if nation := _find_nation_before(page, draft):
        yield Candidate(nation, Relation.USUAL, text=nation)
    name, place = find_labelled_place(page)
    if name and _fits_currency(page, draft, place):
        yield Candidate(name, Relation.DECLARED, text=name)
    name, place = find_spoken_place(page)
    if name and _fits_currency(page, draft, place):
        yield Candidate(name, Relation.USUAL, text=name)
    elif not name:
        name, place = find_lone_nation(page)
        # `Teams work with colleagues in India`, said once where pay is in dollars.
        home = draft.fields.get("currency") in (None, page.words.money.first)
        told = not home or page.count_words(name) > 1
        if name and told and _fits_currency(page, draft, place):
            yield Candidate(name, Relation.USUAL, ("named_once",), text=name)
    nation = _find_home(page, draft)
    if nation and page.has_words(nation):
        yield Candidate(nation, Relation.USUAL, ("by_money",), text=nation)


def _find_nation_before(page: IndexedPage, draft: Draft) -> str:
    """Return the nation that earlier sentences of a paragraph name, and no other place.

    `Welders in the United States earn $47,000. Beginners earn $36,000.`
    """
    block = page.document.blocks[draft.block]
    if block.kind not in ("paragraph", "item") or draft.line.start <= block.start:
        return ""
    # What stands before is read anew for each sentence: of a long one, its square.
    if block.end - block.start > MAX_PARAGRAPH:
        return ""
    found = find_areas(page.span_line(block.start, draft.line.start))
    places = {(m.means, m.place) for m in found if m.place}
    if len(places) != 1:
        return ""
    ((name, place),) = places
    whole = len(place) == 2 and _fits_currency(page, draft, place)
    return name if whole else ""


def _find_official_nation(page: IndexedPage, draft: Draft) -> str:
    """Return the nation whose people an official publisher counts, else ""."""
    publisher = str(draft.fields.get("attributed_to") or "")
    population = page.words.official_publishers.get(publisher)
    if population is None:
        return ""
    found = find_areas(page.heading_line(population))
    nation, place = (found[0].means, found[0].place) if found else (HOME, HOME)
    first = page.words.money.first
    if draft.kind == "pay_delta_rel" and nation != HOME:
        return nation  # a percent is in no money
    own = draft.fields.get("currency", first)
    row = page.words.money.table.rows.get(own)
    if nation == HOME or row is None or not row.country:
        return nation if nation != HOME or own == first else ""
    return nation if row.country == place else ""


def _fits_currency(page: IndexedPage, draft: Draft, place: str) -> bool:
    """Whether a figure may be of a place by its money; all are told in dollars too."""
    row = page.words.money.table.rows.get(draft.fields.get("currency") or "")
    nation = place.partition("-")[0]
    if row is None or not row.country or not nation:
        return True
    return row.country in (nation, HOME)


def _find_run_in_place(page: IndexedPage, draft: Draft) -> Mention | None:
    """`Clerk, Fairfax County, Virginia — …`: the place that opens a paragraph."""
    block = page.document.blocks[draft.block]
    text = page.document.text
    if (label := _find_place_label(page, block)) is not None:
        return label
    match = RUN_IN.match(text, block.start, min(block.end, block.start + MAX_RUN_IN))
    if match is None or match.end() > draft.figure.start:
        return None
    if CAPITALS.search(match.group(1)):  # where a report was written
        return None
    found = find_areas(page.span_line(block.start, match.end(1)))
    return found[0] if len({m.means for m in found}) == 1 else None


def _find_place_label(page: IndexedPage, block: Block) -> Mention | None:
    """`Ohio. Clerks there earn …`: a place and a full stop that open an item."""
    if block.kind not in ("item", "paragraph", "definition"):
        return None
    stop = page.document.text.find(". ", block.start, block.start + MAX_LABEL)
    if stop < 0:
        return None
    line = page.span_line(block.start, stop)
    found = find_areas(line)
    bare = page.document.text[block.start : stop].strip("*_ ")
    whole = len(found) == 1 and line.text[found[0].start : found[0].end] == bare
    return found[0] if whole else None


def _set_area_level(page: IndexedPage, draft: Draft) -> None:
    """Nation, state, metro or abroad; a region has no level of its own."""
    name = draft.fields[FIELD]
    level = page.words.area_levels.get(name)
    if level is None and CITY_STATE.fullmatch(name):
        level = "metro"
    where = draft.inherited.get(FIELD, "sentence")
    known = level if level != "region" else None
    draft.set_field("area_level", known, "level of the area", where, text=str(level))


def _name_area(
    page: IndexedPage, draft: Draft, line: TaggedLine, mention: Mention
) -> str:
    """Return a place's name; `the nation` is that of the figure's money."""
    if is_home_nation(mention, line.text, line.lists):
        return _find_home(page, draft) or _find_foreign_home(page, draft, mention)
    if mention.means.startswith("outside "):
        name, place = page.area, page.area_place
        if not name:
            name, place = find_spoken_place(page)
        return (
            f"{name} {mention.means}" if place == mention.place[:2] else mention.means
        )
    return complete_county(page, mention)


def _find_foreign_home(page: IndexedPage, draft: Draft, mention: Mention) -> str:
    """Return which nation `nationwide` means in the money of several, or ""."""
    own = draft.fields.get("currency") or page.words.money.first
    if own == page.words.money.first:
        return mention.means
    for name, place in (find_labelled_place(page), find_spoken_place(page)):
        if name and place[:2] != HOME:
            return name
    return ""


def _find_home(page: IndexedPage, draft: Draft) -> str:
    """Return the nation that pays in a figure's money; of dollars, that of the page."""
    table, first = page.words.money.table, page.words.money.first
    own = draft.fields.get("currency") or first
    usual = page.main_currency if page.main_currency != first else page.currency
    for code in (own, usual):
        if code != first and code in table.rows and table.rows[code].nation:
            return table.rows[code].nation
    return ""
