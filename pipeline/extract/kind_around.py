"""What a sum is whose sentence does not say: by its place, its heads and its size."""

from collections.abc import Sequence

from pipeline.extract.column_cues import find_row_period, is_under_period_head
from pipeline.extract.column_types import type_cell
from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.kind_cues import FigureKind
from pipeline.extract.lexicon import Mention
from pipeline.extract.nearness import is_within_title
from pipeline.extract.pay_clauses import is_labelled_above
from pipeline.extract.pay_context import has_pay_context
from pipeline.extract.pay_sizes import fits_named_period, get_currency_scale
from pipeline.extract.sentence_topics import ORDER, has_period_behind
from pipeline.extract.tagged_lines import TaggedLine

MIN_YEARLY_PAY = 11_000.0
LARGE_PAY = 15_000.0
MOST_UNNAMED_PAY = 400_000.0  # of a sum that nothing beside it calls pay
MAX_PAY = 1_500_000.0
HOURLY_PAY = (6, 180)
MOST_APART = 4.0  # times the sum of pay before it
MAX_ENTRY_WORDS = 4  # beside a sum; more make a sentence


def find_placed_kind(
    page: IndexedPage, line: TaggedLine, draft: Draft, around: Sequence[ContextLine]
) -> FigureKind | None:
    """Return pay where the column of a figure, or the list that it is in, says so."""
    if (head := _find_bonus_head(page, draft, around)) is not None:
        return FigureKind("bonus", None, "row of bonuses", "row", head)
    if type_cell(page, draft.block).firm:
        return FigureKind("pay_level", None, "a column of pay", "column")
    if is_under_period_head(page, draft, around):
        return FigureKind("pay_level", None, "period in the column head", "column")
    if _is_entry(page, line, draft) and fits_named_period(page, draft.figure, around):
        return FigureKind("pay_level", None, "the size of pay for the span named")
    return None


def _find_bonus_head(
    page: IndexedPage, draft: Draft, around: Sequence[ContextLine]
) -> Mention | None:
    """Return the word that makes the head of a row one of bonuses: `Target bonus`."""
    cells = page.list_row_cells(page.document.blocks[draft.block])
    opening = page.document.blocks[cells[0]].start if cells else None
    for context in around:
        first = context.line.start == opening
        if context.where == "row" and (context.nearest or first):
            topics = context.line.list_strong_topics()
            if topics and {m.means for m in topics} == {"bonus"}:
                return topics[0]
    return None


def is_label_of_pay(
    page: IndexedPage,
    line: TaggedLine,
    draft: Draft,
    weak: FigureKind,
    around: Sequence[ContextLine],
) -> bool:
    """`Fresh out of school: $39.50` in a list of pay: the label is a who or a where."""
    block = page.document.blocks[draft.block]
    if weak.kind != "cost" or block.kind not in ("item", "cell", "definition"):
        return False
    if weak.cue is not None and ":" in line.texts[: weak.cue.first]:
        return False  # `Training: a college course ($9,000)`
    for context in around:
        topics = context.line.get_mentions("topics")
        named = {m.means for m in topics if m.place == "topic"}
        if context.nearest and named and context.where != "row":
            return named == {"pay"}
    return False


def _is_entry(page: IndexedPage, line: TaggedLine, draft: Draft) -> bool:
    """Return whether a sum stands in a list or table, or among few words."""
    if page.document.blocks[draft.block].kind not in ("paragraph", "heading"):
        return True
    return sum(word.isalpha() for word in line.texts) <= MAX_ENTRY_WORDS


def find_kind_around(
    page: IndexedPage,
    line: TaggedLine,
    draft: Draft,
    around: Sequence[ContextLine],
    before: SentenceState,
) -> FigureKind | None:
    """Return the kind by the nearest head, lead-in or heading that gives one."""
    for context in sorted(around, key=lambda c: ORDER.get(c.where, 0)):
        headed = context.where == "heading"
        if headed and not has_pay_context(page, line, draft, before):
            continue
        if _is_no_lead(page, draft, context):
            continue
        verdict = _inherit_kind(page, line, draft, context)
        if verdict is not None:
            return verdict
    return None


def _is_no_lead(page: IndexedPage, draft: Draft, context: ContextLine) -> bool:
    """Return whether a line around gives a sum of a list or section no kind.

    A paragraph with sums of its own is no lead-in of the items below it; and where
    the page says that amounts are pay, what a clerk costs is what a clerk is paid.
    """
    block = page.document.blocks[draft.block]
    topics = {m.means for m in context.line.list_strong_topics()}
    if context.where == "lead_in" and context.full and block.kind == "item":
        return "pay" not in topics and context.line.texts[-1:] != [":"]
    jobs = context.line.get_mentions("occupation")
    worker = bool(jobs) or not context.line.lists["workers_hired"].isdisjoint(
        context.line.texts
    )
    return (
        context.where == "heading"
        and page.declares_pay
        and topics == {"cost"}
        and worker
    )


def _inherit_kind(
    page: IndexedPage, line: TaggedLine, draft: Draft, context: ContextLine
) -> FigureKind | None:
    """Return the kind that a head, a lead-in or a heading gives, or None."""
    topics = context.line.list_strong_topics()
    column = context.where == "column"
    if column and _names_buyers(context.line):
        return FigureKind("cost", None, "a column of what buyers pay", "column")
    costs = column and bool(topics) and topics[0].means == "cost"
    if any(m.means == "pay" for m in topics) and not costs:
        return _inherit_pay(page, line, draft, context.where, topics[0])
    for cue in topics:
        if _is_topic_of_sum(draft, context, cue):
            return FigureKind(cue.means, None, "word around", context.where, cue)
    if column and context.line.get_mentions("statistics"):
        return FigureKind("pay_level", None, "statistic in the column head", "column")
    return None


def _names_buyers(line: TaggedLine) -> bool:
    """`Patients pay`: the head of a column names those who buy."""
    return not line.lists["buyers"].isdisjoint(token.text for token in line.words)


def _inherit_pay(
    page: IndexedPage, line: TaggedLine, draft: Draft, where: str, cue: Mention
) -> FigureKind:
    """Return pay for a sum under a word for pay; some must have its size as well."""
    if _is_whole_value(page, draft) and where == "lead_in":
        return FigureKind("pay_level", None, "the label of a card", where, cue)
    if where in ("heading", "lead_in", "note"):
        most = MOST_UNNAMED_PAY if where == "heading" else MAX_PAY
        sized = classify_by_size(page, line, draft, most=most)
        if sized.kind != "pay_level":
            return sized
    return FigureKind("pay_level", None, "word around", where, cue)


def _is_whole_value(page: IndexedPage, draft: Draft) -> bool:
    """Return whether a sum is all that is said under a label that names a rate."""
    block, figure = page.document.blocks[draft.block], draft.figure
    if block.kind != "definition" or block.lead_in is None:
        return False
    rest = block.end - block.start - (figure.end - figure.start)
    label = page.block_line(block.lead_in)
    return rest == 0 and any(m.means for m in label.get_mentions("periods"))


def _is_topic_of_sum(draft: Draft, context: ContextLine, cue: Mention) -> bool:
    """Return whether a word of a line around that is not for pay holds for a sum.

    That of a heading does for a small sum, or where it asks `What does it cost?`.
    """
    if cue.means in ("outlook", "floor") or is_within_title(context.line, cue):
        return False
    if context.where == "row":
        return context.nearest
    if context.where != "heading":
        return True
    asked = context.line.question and cue.means in ("cost", "bonus")
    return context.nearest and (draft.figure.size < LARGE_PAY or asked)


def classify_by_size(
    page: IndexedPage,
    line: TaggedLine,
    draft: Draft,
    before: SentenceState | None = None,
    most: float = MOST_UNNAMED_PAY,
) -> FigureKind:
    """Return pay for a sum that has the size of it, where pay can be; else no pay."""
    figure = draft.figure
    size = figure.size / get_currency_scale(page, figure)
    if (told := _find_pay_beside(page, line, draft, size)) is not None:
        return told
    if page.is_posting and (figure.low is None or figure.high is None):
        return FigureKind("aside:not_said_to_be_pay")
    if before is not None and not has_pay_context(page, line, draft, before):
        return FigureKind("aside:not_said_to_be_pay")
    surveyed = page.survey[0] or line.get_mentions("statistics")
    if page.about_pay and (surveyed or _is_next_to_large_pay(line, draft)):
        most = MAX_PAY
    if _has_size_of_pay(size, most):
        return FigureKind("pay_level", None, "the size of pay", "magnitude")
    if _is_twelfth_of_neighbour(line, draft, size):
        return FigureKind("pay_level", None, "a twelfth of its neighbour", "magnitude")
    return FigureKind("aside:not_said_to_be_pay")


def _is_next_to_large_pay(line: TaggedLine, draft: Draft) -> bool:
    """`$220,000 and more; can exceed $560,000`: as large as the sum beside it."""
    if draft.index == 0:
        return False
    prior = line.figures[draft.index - 1]
    near = prior.size >= draft.figure.size / MOST_APART
    return prior.unit == "money" and near and prior.size <= MOST_UNNAMED_PAY


def _find_pay_beside(
    page: IndexedPage, line: TaggedLine, draft: Draft, size: float
) -> FigureKind | None:
    """Return pay where the row, the line above or a span of time makes a sum that."""
    if find_row_period(page, draft) is not None:
        return FigureKind("pay_level", None, "a sum for the unit of its row", "row")
    if is_labelled_above(page, draft):
        return FigureKind("pay_level", None, "the line above says pay", "lead_in")
    if has_period_behind(line, draft.index) and size <= MOST_UNNAMED_PAY:
        return FigureKind("pay_level", None, "a sum for a span of time")
    return None


def _has_size_of_pay(size: float, most: float) -> bool:
    """Return whether a sum has the size of an hour's pay, or of a year's."""
    low, high = HOURLY_PAY
    return low <= size <= high or MIN_YEARLY_PAY <= size <= most


def _is_twelfth_of_neighbour(line: TaggedLine, draft: Draft, size: float) -> bool:
    """`$60,000 ($5,000)`: a month of the year that stands beside it."""
    others = (f.size for f in line.figures if f is not draft.figure)
    return any(
        abs(other / 12 - size) < 12 and other > 0.5 * MIN_YEARLY_PAY for other in others
    )
