"""Whom a figure is attributed to: its sentence, the one before, or the lines around."""

import itertools
from collections.abc import Sequence

from pipeline.extract.attachment import is_comparator
from pipeline.extract.drafts import Draft, SentenceState, spread_mentions
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.publisher_mentions import find_publishers
from pipeline.extract.tagged_lines import TaggedLine

SHORT_WORDS = 16
FIRST_PERSON = frozenset(("i", "my", "we", "our"))


def attribute_figures(
    page: IndexedPage,
    line: TaggedLine,
    made: Sequence[Draft],
    around: Sequence[ContextLine],
    before: SentenceState,
) -> None:
    """Name the publisher of each figure, where the page names one."""
    named = find_publishers(line)
    spread_mentions(line, made, named, "attributed_to", reach=24, on=True)
    _share_list_source(page, line, made, named)
    own = [m for m in named if not is_comparator(line, m)]
    alone = len({m.means for m in own}) == 1
    alone = alone and not any("attributed_to" in d.fields for d in made)
    _attribute_same_source(page, line, made)
    for draft in made:
        if draft.aside or "attributed_to" in draft.fields:
            continue
        if alone:
            rule = "publisher of the sentence"
            draft.set_field("attributed_to", own[0].means, rule, "sentence", own[0])
        elif before.publisher is not None and is_continuation(line):
            rule = "publisher of the sentence before"
            draft.carry_field("attributed_to", before.publisher[0], rule)
        else:
            _inherit_publisher(page, draft, around)
            source = page.source if not _is_first_person(line) else None
            rule = "source of the page"
            draft.set_field(
                "attributed_to", source or None, rule, "document", text=page.source
            )
    for draft in made:
        if not draft.aside:
            page.last_cited = draft.fields.get("attributed_to", page.last_cited)


def _attribute_same_source(
    page: IndexedPage, line: TaggedLine, made: Sequence[Draft]
) -> None:
    """`In the same survey`: the source last named on the page."""
    if not page.last_cited or "same" not in line.texts:
        return
    pairs = set(itertools.pairwise(line.texts))
    nouns = line.lists["surveys"] | {"source", "data", "figures", "dataset"}
    if any(("same", noun) in pairs for noun in nouns):
        for draft in made:
            if not draft.aside:
                name = page.last_cited
                draft.set_field("attributed_to", name, "the same source", text=name)


def _inherit_publisher(
    page: IndexedPage, draft: Draft, around: Sequence[ContextLine]
) -> None:
    """Set the publisher that a head, a lead-in, a note or a heading names."""
    for context in around:
        if context.where in ("heading", "row") and not context.nearest:
            continue
        if context.full and not _is_in_table(page, draft):
            continue
        line = context.line
        found = [m for m in find_publishers(line) if not is_comparator(line, m)]
        if context.where == "heading" and not _is_crediting_heading(line, found):
            continue
        if found:
            where, cue = context.where, found[-1]
            draft.set_field("attributed_to", cue.means, "publisher around", where, cue)
            return


def _is_in_table(page: IndexedPage, draft: Draft) -> bool:
    return page.document.blocks[draft.block].kind == "cell"


def _is_crediting_heading(line: TaggedLine, found: list[Mention]) -> bool:
    """Return whether a heading names its source: in brackets, by comma or cue."""
    if not found:
        return False
    words = line.texts[: found[-1].first]
    after = line.get_words_between(found[-1].last, found[-1].last + 2)
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


def _share_list_source(
    page: IndexedPage, line: TaggedLine, made: Sequence[Draft], named: list[Mention]
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
        page.list_sources[key] = named[-1].means
    elif not named and key in page.list_sources and len(line.words) <= SHORT_WORDS:
        for draft in made:
            if not draft.aside:
                source = page.list_sources[key]
                draft.set_field(
                    "attributed_to",
                    source,
                    "source of the list",
                    "lead_in",
                    text=source,
                )


def is_continuation(line: TaggedLine) -> bool:
    """Whether a sentence goes on about what the one before reported."""
    if _is_first_person(line):
        return False
    if line.get_mentions("anaphora"):
        return True
    for cue in line.get_mentions("statistics"):
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


def _is_first_person(line: TaggedLine) -> bool:
    return not FIRST_PERSON.isdisjoint(line.texts)
