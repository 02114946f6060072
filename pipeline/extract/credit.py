"""Whom a figure is credited to: its sentence, the one before, or the lines around."""

import itertools
from collections.abc import Sequence

from pipeline.extract.attribution import publishers
from pipeline.extract.drafts import Before, Draft, spread
from pipeline.extract.lexicon import Mention
from pipeline.extract.page import Context, Page
from pipeline.extract.scope import comparator
from pipeline.extract.sentences import Line

SHORT_WORDS = 16
FIRST_PERSON = frozenset(("i", "my", "we", "our"))


def attribution(
    page: Page,
    line: Line,
    made: Sequence[Draft],
    around: Sequence[Context],
    before: Before,
) -> None:
    """Name the publisher of each figure, where the page names one."""
    named = publishers(line)
    spread(line, made, named, "attributed_to", reach=24, on=True)
    _siblings(page, line, made, named)
    own = [m for m in named if not comparator(line, m)]
    alone = len({m.means for m in own}) == 1
    alone = alone and not any("attributed_to" in d.fields for d in made)
    _same_source(page, line, made)
    for draft in made:
        if draft.aside or "attributed_to" in draft.fields:
            continue
        if alone:
            rule = "publisher of the sentence"
            draft.put("attributed_to", own[0].means, rule, "sentence", own[0])
        elif before.publisher is not None and continues(line):
            rule = "publisher of the sentence before"
            draft.carry("attributed_to", before.publisher[0], rule)
        else:
            _lent(page, draft, around)
            source = page.source if not _first_person(line) else None
            rule = "source of the page"
            draft.put(
                "attributed_to", source or None, rule, "document", text=page.source
            )
    for draft in made:
        if not draft.aside:
            page.cited = draft.fields.get("attributed_to", page.cited)


def _same_source(page: Page, line: Line, made: Sequence[Draft]) -> None:
    """`In the same survey`: the source last named on the page."""
    if not page.cited or "same" not in line.texts:
        return
    pairs = set(itertools.pairwise(line.texts))
    nouns = line.lists["surveys"] | {"source", "data", "figures", "dataset"}
    if any(("same", noun) in pairs for noun in nouns):
        for draft in made:
            if not draft.aside:
                name = page.cited
                draft.put("attributed_to", name, "the same source", text=name)


def _lent(page: Page, draft: Draft, around: Sequence[Context]) -> None:
    """The publisher that a head, a lead-in, a note or a heading credits."""
    for context in around:
        if context.where in ("heading", "row") and not context.nearest:
            continue
        if context.full and not _in_table(page, draft):
            continue
        line = context.line
        found = [m for m in publishers(line) if not comparator(line, m)]
        if context.where == "heading" and not _credits(line, found):
            continue
        if found:
            where, cue = context.where, found[-1]
            draft.put("attributed_to", cue.means, "publisher around", where, cue)
            return


def _in_table(page: Page, draft: Draft) -> bool:
    return page.document.blocks[draft.block].kind == "cell"


def _credits(line: Line, found: list[Mention]) -> bool:
    """A heading credits a publisher in brackets, after a comma, or with a cue."""
    if not found:
        return False
    words = line.texts[: found[-1].first]
    after = line.between(found[-1].last, found[-1].last + 2)
    return bool(
        {"(", ",", "according", "source", "from", "per", "by", ":"} & {*words}
    ) or bool(
        {
            "data",
            "survey",
            "figures",
            "report",
            "says",
            "median",
            "salary",
            "wage",
            "pay",
        }
        & {*after}
    )


def _siblings(
    page: Page, line: Line, made: Sequence[Draft], named: list[Mention]
) -> None:
    """`CPC: $61,700 (Source: X)`, then `COC: $69,400`: the list has one source."""
    if not made:
        return
    block = page.document.blocks[made[0].block]
    if block.kind == "cell":
        return
    listed = block.kind in ("item", "definition", "term")
    key = (block.section, block.lead_in, -1 if listed else made[0].block)
    if named and any(
        line.text[m.start - 10 : m.start]
        .rstrip()
        .lower()
        .endswith(("(source:", "(source", "source:"))
        for m in named
    ):
        page.sources[key] = named[-1].means
    elif not named and key in page.sources and len(line.words) <= SHORT_WORDS:
        for draft in made:
            if not draft.aside:
                source = page.sources[key]
                draft.put(
                    "attributed_to",
                    source,
                    "source of the list",
                    "lead_in",
                    text=source,
                )


def continues(line: Line) -> bool:
    """Whether a sentence goes on about what the one before reported."""
    if _first_person(line):
        return False
    if line.of("anaphora"):
        return True
    for cue in line.of("statistics"):
        if cue.means not in ("range", "start"):
            return True
    opening = line.texts[:2]
    return bool(opening) and opening[0] in (
        "it",
        "that",
        "this",
        "they",
        "among",
        "its",
        "here",
    )


def _first_person(line: Line) -> bool:
    return not FIRST_PERSON.isdisjoint(line.texts)
