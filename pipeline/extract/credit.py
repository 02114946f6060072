"""Whom a figure is credited to: its sentence, the one before, or the lines around."""

from collections.abc import Sequence

from pipeline.extract.attribution import publishers
from pipeline.extract.drafts import Before, Draft, spread
from pipeline.extract.lexicon import Mention
from pipeline.extract.page import Context, Page
from pipeline.extract.scope import comparator
from pipeline.extract.sentences import Line

SHORT_WORDS = 16


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
    if named and not any("attributed_to" in d.fields for d in made):
        own = [m for m in named if not comparator(line, m)]
        if len({m.means for m in own}) == 1:
            for draft in made:
                if not draft.aside:
                    draft.put(
                        "attributed_to",
                        own[0].means,
                        "publisher of the sentence",
                        "sentence",
                        own[0],
                    )
    for draft in made:
        if draft.aside or "attributed_to" in draft.fields:
            continue
        if before.publisher is not None and continues(line):
            draft.put(
                "attributed_to",
                before.publisher[0],
                "publisher of the sentence before",
                "sentence",
                text=before.publisher[0],
            )
            draft.inherited["attributed_to"] = "sentence"
            continue
        for context in around:
            if context.where == "heading" and not context.nearest:
                continue
            if context.where == "row" and not context.nearest:
                continue
            found = [
                m for m in publishers(context.line) if not comparator(context.line, m)
            ]
            if context.where == "heading" and not _credits(context.line, found):
                continue
            if found:
                draft.put(
                    "attributed_to",
                    found[-1].means,
                    "publisher around",
                    context.where,
                    found[-1],
                )
                break


def _credits(line: Line, found: list[Mention]) -> bool:
    """A heading credits a publisher in brackets, after a comma, or with a cue."""
    if not found:
        return False
    words = [token.text for token in line.words[: found[-1].first]]
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
    opening = [token.text for token in line.words[:2]]
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
    return bool({"i", "my", "we", "our"} & {token.text for token in line.words})
