"""Which place each figure speaks of: its sentence's, what stands around, the page's."""

import re
from collections.abc import Sequence

from pipeline.extract.area_mentions import (
    CITY_STATE,
    find_areas,
    is_home_nation,
    is_mere_rank,
    merge_lists,
)
from pipeline.extract.attachment import attach_mentions
from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.figure_attribution import is_continuation
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.page_place import find_spoken_place
from pipeline.extract.publisher_mentions import find_publishers
from pipeline.extract.tagged_lines import TaggedLine

HOME = "US"
RUN_IN = re.compile(r"([^.:;—–]{4,120}?)\s?(?:—|–|:|--|\s-\s)")
MAX_RUN_IN = 130
CAPITALS = re.compile(r"\b[A-Z]{4,}\b")


def set_areas(
    page: IndexedPage,
    line: TaggedLine,
    made: Sequence[Draft],
    around: Sequence[ContextLine],
    before: SentenceState,
) -> None:
    """Name the place of each figure."""
    named = find_areas(line)
    ranks = [m for m in named if is_mere_rank(line, m)]
    _set_own(page, line, made, [m for m in named if m not in ranks])
    on = not named and not find_publishers(line)
    on = on and (is_continuation(line) or before.area_holds or _is_same_place(line))
    for draft in made:
        if draft.aside:
            continue
        if on:
            draft.carry_field("area", before.area, "area of the sentence before")
        if "area" not in draft.fields and (cue := _find_run_in_place(page, draft)):
            rule, name = "area that opens the paragraph", cue.means
            draft.set_field("area", name, rule, "sentence", cue)
        if "area" not in draft.fields:
            _inherit_area(page, draft, around)
        if "area" not in draft.fields and ranks:
            rule, cue = "area that a rank is in", ranks[0]
            draft.set_field("area", _name_area(page, line, cue), rule, "sentence", cue)
        _set_page_area(page, draft)
        if "area" in draft.fields:
            _set_area_level(page, draft)


def _set_own(
    page: IndexedPage, line: TaggedLine, made: Sequence[Draft], named: list[Mention]
) -> None:
    """Give each figure the place of its sentence that belongs to it."""
    if not named or not made:
        return
    places = merge_lists(line, named)
    held = _pair(line, places) or attach_mentions(line, places)
    for draft in made:
        cue = held[draft.index]
        if cue is not None and not draft.aside:
            name = _name_area(page, line, cue)
            draft.set_field("area", name, "area in the sentence", "sentence", cue)


def _pair(line: TaggedLine, places: list[Mention]) -> list[Mention | None]:
    """Place, figure, place, figure: each figure has the place before it."""
    marks = [(m.first, True) for m in places] + [(a, False) for a, _ in line.spots]
    order = [is_place for _, is_place in sorted(marks)]
    many = len(places)
    if many < 2 or order != [True, False] * many:
        return []
    return list(places)


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


def _inherit_area(
    page: IndexedPage, draft: Draft, around: Sequence[ContextLine]
) -> None:
    """Set the one place that a head, a lead-in or the nearest heading names."""
    for context in around:
        if "area" in draft.fields:
            return
        if context.full or context.where == "note":
            continue
        if context.where == "row" and not context.nearest:
            continue
        found = find_areas(context.line)
        if len({m.means for m in found}) == 1:
            where, cue = context.where, found[0]
            if where == "heading" and not _fits_currency(page, draft, cue.place):
                continue
            name = _name_area(page, context.line, cue)
            draft.set_field("area", name, "area around", where, cue)


def _set_page_area(page: IndexedPage, draft: Draft) -> None:
    """Set the page's own place; an official publisher's is the nation."""
    if _fits_currency(page, draft, page.area_place):
        rule = "area of the title"
        draft.set_field("area", page.area or None, rule, "document", text=page.area)
    official = draft.fields.get("attributed_to") in page.words.official_publishers
    first = page.words.money.first
    if official and draft.fields.get("currency", first) == first:
        rule = "official publisher speaks of the nation"
        draft.set_field("area", HOME, rule, "document", text=HOME)
    if "area" not in draft.fields:
        name, place = find_spoken_place(page)
        if _fits_currency(page, draft, place):
            rule = "area that the page speaks of"
            draft.set_field("area", name or None, rule, "document", text=name)


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
    match = RUN_IN.match(text, block.start, min(block.end, block.start + MAX_RUN_IN))
    if match is None or match.end() > draft.figure.start:
        return None
    if CAPITALS.search(match.group(1)):  # where a report was written
        return None
    found = find_areas(page.span_line(block.start, match.end(1)))
    return found[0] if len({m.means for m in found}) == 1 else None


def _set_area_level(page: IndexedPage, draft: Draft) -> None:
    """Nation, state, metro or abroad; a region has no level of its own."""
    name = draft.fields["area"]
    level = page.words.area_levels.get(name)
    if level is None and CITY_STATE.fullmatch(name):
        level = "metro"
    where = draft.inherited.get("area", "sentence")
    known = level if level != "region" else None
    draft.set_field("area_level", known, "level of the area", where, text=str(level))


def _name_area(page: IndexedPage, line: TaggedLine, mention: Mention) -> str:
    """Return a place's name; `the nation` is that of the page's money."""
    table, first = page.words.money.table, page.words.money.first
    code = page.main_currency if page.main_currency != first else page.currency
    home = table.rows[code].nation if code in table.rows else ""
    if home and is_home_nation(mention, line.text, line.lists):
        return home
    if mention.means.startswith("outside "):
        name, place = page.area, page.area_place
        if not name:
            name, place = find_spoken_place(page)
        return (
            f"{name} {mention.means}" if place == mention.place[:2] else mention.means
        )
    return mention.means
