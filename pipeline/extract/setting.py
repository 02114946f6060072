"""Where and for whom the work is done: place, occupation, employer and the like."""

from collections.abc import Sequence

from pipeline.extract.attribution import publishers
from pipeline.extract.credit import continues
from pipeline.extract.drafts import Before, Draft, spread
from pipeline.extract.occupations import occupations
from pipeline.extract.page import Context, Page
from pipeline.extract.places import CITY_STATE, areas
from pipeline.extract.sentences import Line


def place(
    page: Page,
    line: Line,
    made: Sequence[Draft],
    around: Sequence[Context],
    before: Before,
) -> None:
    """Name the place of each figure."""
    spread(line, made, areas(line), "area")
    for draft in made:
        if draft.aside:
            continue
        if (
            "area" not in draft.fields
            and before.area is not None
            and not areas(line)
            and (continues(line) and not publishers(line))
        ):
            draft.put(
                "area",
                before.area,
                "area of the sentence before",
                "sentence",
                text=before.area,
            )
            draft.inherited["area"] = "sentence"
        for context in around:
            if "area" in draft.fields:
                break
            if context.full or (context.where == "row" and not context.nearest):
                continue
            if context.where in ("note",) or (
                context.where == "heading" and not context.nearest
            ):
                continue
            found = areas(context.line)
            if found and len({m.means for m in found}) == 1:
                draft.put(
                    "area", found[0].means, "area around", context.where, found[0]
                )
        if "area" not in draft.fields and page.area:
            draft.put(
                "area", page.area, "area of the title", "document", text=page.area
            )
        if (
            "area" not in draft.fields
            and draft.fields.get("attributed_to") in page.words.official
        ) and draft.fields.get("currency", "USD") == "USD":
            draft.put(
                "area",
                "US",
                "official publisher speaks of the nation",
                "document",
                text="US",
            )
        if "area" in draft.fields:
            level = page.words.levels.get(draft.fields["area"])
            if level is None and CITY_STATE.fullmatch(draft.fields["area"]):
                level = "metro"
            draft.put(
                "area_level",
                level if level != "region" else None,
                "level of the area",
                draft.inherited.get("area", "sentence"),
                text=str(level),
            )


def conditions(line: Line, made: Sequence[Draft], around: Sequence[Context]) -> None:
    """Work mode, employer, education, specialty and pay basis."""
    for category, name in (
        ("work_modes", "work_mode"),
        ("employer_types", "employer_type"),
        ("education", "education"),
        ("specialties", "specialty"),
        ("pay_bases", "pay_basis"),
    ):
        spread(line, made, line.of(category), name)
        for draft in made:
            if draft.aside or name in draft.fields:
                continue
            for context in around:
                if context.where == "heading" and (
                    not context.nearest or name == "education"
                ):
                    continue
                if context.where in ("note",) or (
                    context.where == "row" and not context.nearest
                ):
                    continue
                found = context.line.of(category)
                if found and len({m.means for m in found}) == 1:
                    draft.put(
                        name, found[0].means, f"{name} around", context.where, found[0]
                    )
                    break


def trade(
    page: Page,
    line: Line,
    made: Sequence[Draft],
    around: Sequence[Context],
    before: Before,
) -> None:
    """Name the occupation of each figure."""
    named = occupations(line, page.words, page.occupation)
    own = [m for m in named if m.means]
    spread(line, made, own, "occupation")
    for draft in made:
        if draft.aside or "occupation" in draft.fields:
            continue
        if before.occupation:
            draft.put(
                "occupation",
                before.occupation,
                "occupation of the sentence before",
                "sentence",
                text=before.occupation,
            )
            draft.inherited["occupation"] = "sentence"
            continue
        for context in around:
            if context.where == "note" or (
                context.where == "row" and not context.nearest
            ):
                continue
            found = [
                m
                for m in occupations(context.line, page.words, page.occupation)
                if m.means
            ]
            if found and (
                context.where != "lead_in" or len({m.means for m in found}) == 1
            ):
                draft.put(
                    "occupation",
                    found[0].means,
                    "occupation around",
                    context.where,
                    found[0],
                )
                break
        if page.occupation:
            draft.put(
                "occupation",
                page.occupation,
                "occupation of the page",
                "document",
                text=page.occupation,
            )
