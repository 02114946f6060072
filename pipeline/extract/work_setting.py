"""Where and for whom the work is done: place, occupation, employer and the like."""

from collections.abc import Sequence

from pipeline.extract.area_mentions import CITY_STATE, find_areas, is_home_nation
from pipeline.extract.drafts import Draft, SentenceState, spread_mentions
from pipeline.extract.figure_attribution import is_continuation
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.occupation_mentions import find_occupations
from pipeline.extract.publisher_mentions import find_publishers
from pipeline.extract.tagged_lines import TaggedLine

CONDITIONS = (
    ("work_modes", "work_mode"),
    ("employer_types", "employer_type"),
    ("education", "education"),
    ("specialties", "specialty"),
    ("pay_bases", "pay_basis"),
)
CONDITIONED = frozenset(category for category, _ in CONDITIONS)


def set_areas(
    page: IndexedPage,
    line: TaggedLine,
    made: Sequence[Draft],
    around: Sequence[ContextLine],
    before: SentenceState,
) -> None:
    """Name the place of each figure."""
    spread_mentions(
        line, made, find_areas(line), "area", lambda m: _name_area(page, line, m)
    )
    on = not find_areas(line) and not find_publishers(line)
    on = on and (is_continuation(line) or before.area_holds or _is_same_place(line))
    for draft in made:
        if draft.aside:
            continue
        if on:
            draft.carry_field("area", before.area, "area of the sentence before")
        _inherit_area(page, draft, around)
        if page.area:
            text = page.area
            draft.set_field("area", text, "area of the title", "document", text=text)
        official = draft.fields.get("attributed_to") in page.words.official_publishers
        first = page.words.money.first
        if official and draft.fields.get("currency", first) == first:
            rule = "official publisher speaks of the nation"
            draft.set_field("area", "US", rule, "document", text="US")
        if "area" in draft.fields:
            _set_area_level(page, draft)


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
        far = context.where in ("row", "heading") and not context.nearest
        if context.full or far or context.where == "note":
            continue
        found = find_areas(context.line)
        if len({m.means for m in found}) == 1:
            where, cue = context.where, found[0]
            name = _name_area(page, context.line, cue)
            draft.set_field("area", name, "area around", where, cue)


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
    return mention.means


def set_work_conditions(
    line: TaggedLine, made: Sequence[Draft], around: Sequence[ContextLine]
) -> None:
    """Work mode, employer, education, specialty and pay basis."""
    lends = [c for c in around if c.line.has_any(CONDITIONED) and _is_inheritable(c)]
    if not lends and not line.has_any(CONDITIONED):
        return
    for category, name in CONDITIONS:
        spread_mentions(line, made, line.get_mentions(category), name)
        for draft in made:
            if draft.aside or name in draft.fields:
                continue
            for context in lends:
                if context.where == "heading" and name == "education":
                    continue
                found = context.line.get_mentions(category)
                if found and len({m.means for m in found}) == 1:
                    draft.set_field(
                        name, found[0].means, f"{name} around", context.where, found[0]
                    )
                    break


def _is_inheritable(context: ContextLine) -> bool:
    """Return whether a line is neither a note nor a far heading or cell."""
    far = context.where in ("heading", "row") and not context.nearest
    return context.where != "note" and not far


def set_occupations(
    page: IndexedPage,
    line: TaggedLine,
    made: Sequence[Draft],
    around: Sequence[ContextLine],
    before: SentenceState,
) -> None:
    """Name the occupation of each figure."""
    named = find_occupations(line, page.words, page.occupation)
    spread_mentions(line, made, [m for m in named if m.means], "occupation")
    for draft in made:
        if draft.aside or "occupation" in draft.fields:
            continue
        rule = "occupation of the sentence before"
        draft.carry_field("occupation", before.occupation, rule)
        for context in around:
            if "occupation" in draft.fields:
                break
            far = context.where == "row" and not context.nearest
            if far or context.where == "note":
                continue
            known = find_occupations(context.line, page.words, page.occupation)
            found = [m for m in known if m.means]
            if context.where == "lead_in" and len({m.means for m in found}) != 1:
                continue
            for cue in found[:1]:
                where = context.where
                draft.set_field(
                    "occupation", cue.means, "occupation around", where, cue
                )
        name = page.occupation or None
        draft.set_field(
            "occupation", name, "occupation of the page", "document", text=name or ""
        )
