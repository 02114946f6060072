"""Where and for whom the work is done: place, occupation, employer and the like."""

from collections.abc import Sequence

from pipeline.extract.attribution import publishers
from pipeline.extract.credit import continues
from pipeline.extract.drafts import Before, Draft, spread
from pipeline.extract.lexicon import Mention
from pipeline.extract.occupations import occupations
from pipeline.extract.page import Context, Page
from pipeline.extract.places import CITY_STATE, areas, at_home
from pipeline.extract.sentences import Line

CONDITIONS = (
    ("work_modes", "work_mode"),
    ("employer_types", "employer_type"),
    ("education", "education"),
    ("specialties", "specialty"),
    ("pay_bases", "pay_basis"),
)
CONDITIONED = frozenset(category for category, _ in CONDITIONS)


def place(
    page: Page,
    line: Line,
    made: Sequence[Draft],
    around: Sequence[Context],
    before: Before,
) -> None:
    """Name the place of each figure."""
    spread(line, made, areas(line), "area", lambda m: _named(page, line, m))
    on = not areas(line) and not publishers(line)
    on = on and (continues(line) or before.placed or _there(line))
    for draft in made:
        if draft.aside:
            continue
        if on:
            draft.carry("area", before.area, "area of the sentence before")
        _lent_place(page, draft, around)
        if page.area:
            text = page.area
            draft.put("area", text, "area of the title", "document", text=text)
        official = draft.fields.get("attributed_to") in page.words.official
        if official and draft.fields.get("currency", "USD") == "USD":
            rule = "official publisher speaks of the nation"
            draft.put("area", "US", rule, "document", text="US")
        if "area" in draft.fields:
            _level(page, draft)


def _there(line: Line) -> bool:
    """`A Band 6 there runs`: at the place just named; `there are` names none."""
    words = line.texts
    if "there" not in words:
        return False
    verbs = ("is", "are", "was", "were", "'", "’", "has", "have", "may", "will", "can")
    return any(
        word == "there" and after not in verbs
        for word, after in zip(words, [*words[1:], "."], strict=True)
    )


def _lent_place(page: Page, draft: Draft, around: Sequence[Context]) -> None:
    """The one place that a head, a lead-in or the nearest heading names."""
    for context in around:
        if "area" in draft.fields:
            return
        far = context.where in ("row", "heading") and not context.nearest
        if context.full or far or context.where == "note":
            continue
        found = areas(context.line)
        if len({m.means for m in found}) == 1:
            where, cue = context.where, found[0]
            name = _named(page, context.line, cue)
            draft.put("area", name, "area around", where, cue)


def _level(page: Page, draft: Draft) -> None:
    """Nation, state, metro or abroad; a region has no level of its own."""
    name = draft.fields["area"]
    level = page.words.levels.get(name)
    if level is None and CITY_STATE.fullmatch(name):
        level = "metro"
    where = draft.inherited.get("area", "sentence")
    known = level if level != "region" else None
    draft.put("area_level", known, "level of the area", where, text=str(level))


def _named(page: Page, line: Line, mention: Mention) -> str:
    """A place; the nation is that of the page's money."""
    money = page.money if page.money != "USD" else page.currency
    home = page.words.homes.get(money)
    if home and at_home(mention, line.text, line.lists):
        return home
    return mention.means


def conditions(line: Line, made: Sequence[Draft], around: Sequence[Context]) -> None:
    """Work mode, employer, education, specialty and pay basis."""
    lends = [c for c in around if c.line.names(CONDITIONED) and _lends(c)]
    if not lends and not line.names(CONDITIONED):
        return
    for category, name in CONDITIONS:
        spread(line, made, line.of(category), name)
        for draft in made:
            if draft.aside or name in draft.fields:
                continue
            for context in lends:
                if context.where == "heading" and name == "education":
                    continue
                found = context.line.of(category)
                if found and len({m.means for m in found}) == 1:
                    draft.put(
                        name, found[0].means, f"{name} around", context.where, found[0]
                    )
                    break


def _lends(context: Context) -> bool:
    """A note speaks of its own figures, and so do a far heading and a far cell."""
    far = context.where in ("heading", "row") and not context.nearest
    return context.where != "note" and not far


def trade(
    page: Page,
    line: Line,
    made: Sequence[Draft],
    around: Sequence[Context],
    before: Before,
) -> None:
    """Name the occupation of each figure."""
    named = occupations(line, page.words, page.occupation)
    spread(line, made, [m for m in named if m.means], "occupation")
    for draft in made:
        if draft.aside or "occupation" in draft.fields:
            continue
        rule = "occupation of the sentence before"
        draft.carry("occupation", before.occupation, rule)
        for context in around:
            if "occupation" in draft.fields:
                break
            far = context.where == "row" and not context.nearest
            if far or context.where == "note":
                continue
            known = occupations(context.line, page.words, page.occupation)
            found = [m for m in known if m.means]
            if context.where == "lead_in" and len({m.means for m in found}) != 1:
                continue
            for cue in found[:1]:
                where = context.where
                draft.put("occupation", cue.means, "occupation around", where, cue)
        name = page.occupation or None
        draft.put(
            "occupation", name, "occupation of the page", "document", text=name or ""
        )
