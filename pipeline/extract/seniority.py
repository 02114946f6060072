"""How many years those who are paid have worked."""

from collections.abc import Sequence

from pipeline.extract import experience
from pipeline.extract.drafts import Draft
from pipeline.extract.lexicon import Mention
from pipeline.extract.page import Context, Page
from pipeline.extract.scope import attach
from pipeline.extract.sentences import Line
from pipeline.extract.tokens import tokens


def seniority(
    page: Page, line: Line, made: Sequence[Draft], around: Sequence[Context]
) -> None:
    """Say how many years those who are paid have worked."""
    named = experience.useful(line)
    held = attach(line, named)
    labels = attach(line, [m for m in line.of("experience") if m.means == "label"])
    for draft in made:
        if draft.aside or draft.kind not in ("pay_level", "bonus"):
            continue
        mention = held[draft.index]
        if mention is not None:
            _years(draft, mention, line, "sentence")
        label = labels[draft.index]
        if label is not None and not _afterthought(line, draft, label):
            text = line.text[label.start : label.end]
            draft.put(
                "experience_label", text, "label in the sentence", "sentence", label
            )
        for context in around:
            if "experience_min" in draft.fields or "experience_max" in draft.fields:
                break
            if context.where == "heading" and not context.nearest:
                continue
            if context.where in ("note", "caption"):
                continue
            _lent_years(page, draft, context, around)


def _afterthought(line: Line, draft: Draft, label: Mention) -> bool:
    """`around $48,000, with experienced coders earning more`: others than the paid."""
    between = line.text[max(0, draft.figure.end) : label.start].lower()
    return any(mark in between for mark in (", with ", ", while "))


def _years(draft: Draft, mention: Mention, line: Line, where: str) -> None:
    found = experience.band(mention)
    if found is None:
        return
    draft.put("experience_min", found[0], "years", where, mention)
    draft.put("experience_max", found[1], "years", where, mention)
    text = line.text[mention.start : mention.end]
    draft.put("experience_label", text, "years as written", where, mention)


def _lent_years(
    page: Page, draft: Draft, context: Context, around: Sequence[Context]
) -> None:
    text = context.line.text[context.line.start : context.line.end]
    if context.where == "row":
        found = experience.bare_band(text) if len(text) < 24 else None
        if found is not None and _years_head(page, draft, context):
            draft.put("experience_min", found[0], "years in the row", "row", text=text)
            draft.put("experience_max", found[1], "years in the row", "row", text=text)
            draft.put(
                "experience_label", text.strip(), "years in the row", "row", text=text
            )
            return
    for mention in experience.useful(context.line):
        if context.where == "lead_in" and mention.first > 3:
            continue
        if context.where == "row" and experience.is_stage(context.line, mention):
            continue
        _years(draft, mention, context.line, context.where)
        return


def _years_head(page: Page, draft: Draft, context: Context) -> bool:
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
            words = page.words.heads.find(heads, tokens(heads))
            return any(m.category == "experience_heads" for m in words)
    return False
