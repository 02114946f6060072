"""How many years those who are paid have worked."""

import re
from collections.abc import Sequence

from pipeline.extract import experience
from pipeline.extract.attachment import attach_mentions
from pipeline.extract.drafts import Draft
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.tagged_lines import TaggedLine
from pipeline.extract.tokens import split_tokens

# `Step means full years of teaching credited`, `Steps are years of service`.
STEP_OF_YEARS = re.compile(
    r"(?i)\b(?:steps?|rows?|points?|levels?)\b[^.;\n]{0,30}?(?:\b(?:means?|is|are|equals?"
    r"|represents?|reflects?|shows?|counts?|stands? for|corresponds? to)\b|=|:)"
    r"[^.;\n]{0,40}?\byears\s+(?:of|in|on|as|taught|credited|worked|completed)\b"
)
SAID_OVER = ("caption", "lead_in", "note")


def set_experience(
    page: IndexedPage,
    line: TaggedLine,
    made: Sequence[Draft],
    around: Sequence[ContextLine],
) -> None:
    """Say how many years those who are paid have worked."""
    named = experience.find_experience(line)
    held = _share_in_brackets(line, attach_mentions(line, named))
    labels = attach_mentions(
        line, [m for m in line.get_mentions("experience") if m.means == "label"]
    )
    for draft in made:
        if draft.aside or draft.kind not in ("pay_level", "bonus"):
            continue
        mention = held[draft.index]
        if mention is not None:
            _set_years(draft, mention, line, "sentence")
        label = labels[draft.index]
        if label is not None and not _is_afterthought(line, draft, label):
            text = line.text[label.start : label.end]
            draft.set_field(
                "experience_label", text, "label in the sentence", "sentence", label
            )
        for context in around:
            if "experience_min" in draft.fields or "experience_max" in draft.fields:
                break
            if context.where == "heading" and not context.nearest:
                continue
            if context.where in ("note", "caption"):
                continue
            _inherit_years(page, draft, context, around)


def _share_in_brackets(
    line: TaggedLine, held: list[Mention | None]
) -> list[Mention | None]:
    """`€35,000 at 3 to 5 years (€33,000 outside Paris)`: in brackets is of the same."""
    out = list(held)
    for index in range(1, len(out)):
        gap = line.get_words_between(line.spots[index - 1][1], line.spots[index][0])
        if out[index] is None and "(" in gap and ")" not in gap:
            out[index] = out[index - 1]
    return out


def _is_afterthought(line: TaggedLine, draft: Draft, label: Mention) -> bool:
    """`around $48,000, with experienced coders earning more`: others than the paid."""
    between = line.text[max(0, draft.figure.end) : label.start].lower()
    return any(mark in between for mark in (", with ", ", while "))


def _set_years(draft: Draft, mention: Mention, line: TaggedLine, where: str) -> None:
    found = experience.read_years_band(mention)
    if found is None:
        return
    draft.set_field("experience_min", found[0], "years", where, mention)
    draft.set_field("experience_max", found[1], "years", where, mention)
    text = line.text[mention.start : mention.end]
    draft.set_field("experience_label", text, "years as written", where, mention)


def _inherit_years(
    page: IndexedPage, draft: Draft, context: ContextLine, around: Sequence[ContextLine]
) -> None:
    text = context.line.text[context.line.start : context.line.end]
    if context.where == "row":
        found = experience.parse_years_cell(text) if len(text) < 24 else None
        if found is not None and _is_years_column(page, draft, context, around):
            draft.set_field(
                "experience_min", found[0], "years in the row", "row", text=text
            )
            draft.set_field(
                "experience_max", found[1], "years in the row", "row", text=text
            )
            draft.set_field(
                "experience_label", text.strip(), "years in the row", "row", text=text
            )
            return
    for mention in experience.find_experience(context.line):
        if context.where == "lead_in" and mention.first > 3:
            continue
        if context.where == "row" and experience.is_stage(context.line, mention):
            continue
        _set_years(draft, mention, context.line, context.where)
        return


def _is_years_column(
    page: IndexedPage, draft: Draft, context: ContextLine, around: Sequence[ContextLine]
) -> bool:
    """Whether the column that a row head stands in is one of years."""
    blocks = page.document.blocks
    for index in page.rows.get(
        (blocks[draft.block].table or 0, blocks[draft.block].row or 0), ()
    ):
        if blocks[index].start == context.line.start:
            heads = " ".join(
                page.document.text[blocks[i].start : blocks[i].end]
                for i in blocks[index].column_heads
            )
            tokens = split_tokens(heads)
            if any(t.text in page.words.lists["years_of_training"] for t in tokens):
                return False
            words = page.words.head_lexicon.find_mentions(heads, tokens)
            if any(m.category == "experience_heads" for m in words):
                return True
            steps = page.words.lists["bare_scales"] | page.words.lists["step_scales"]
            return {t.text for t in tokens} <= steps and _are_steps_years(around)
    return False


def _are_steps_years(around: Sequence[ContextLine]) -> bool:
    """Return whether a line over a table, or its note, says that steps are years."""
    return any(
        STEP_OF_YEARS.search(c.line.text, c.line.start, c.line.end)
        for c in around
        if c.where in SAID_OVER
    )
