"""For whom the work is done, and what it is: occupation, employer and the like."""

from collections.abc import Sequence

from pipeline.extract.drafts import Draft, SentenceState, spread_mentions
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.occupation_mentions import find_occupations
from pipeline.extract.tagged_lines import TaggedLine

CONDITIONS = (
    ("work_modes", "work_mode"),
    ("employer_types", "employer_type"),
    ("education", "education"),
    ("specialties", "specialty"),
    ("pay_bases", "pay_basis"),
)
CONDITIONED = frozenset(category for category, _ in CONDITIONS)


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
