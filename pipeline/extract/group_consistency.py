"""Sums of one list or table are of one kind: each is judged with its group.

A sum that is pay by its size alone, in a list where others have no size of pay or are
costs, and where none is pay by a word, is no pay either.
"""

from collections.abc import Sequence

from pipeline.core.reading_faults import SET_ASIDE, describe_figure, report_fault
from pipeline.extract import period_cues
from pipeline.extract.drafts import Draft
from pipeline.extract.indexed_page import IndexedPage

WEAK_RULES = frozenset(("word around", "the size of pay"))
WEAK_PLACES = frozenset(("heading", "lead_in", "magnitude"))
OWNER_CATEGORIES = frozenset(
    (
        "occupation",
        "area",
        "employer_types",
        "experience",
        "statistics",
        "people",
    )
)
MAX_HOURLY_PAY = 200.0
MAX_HOURLY_SPREAD = 4.0


def set_aside_by_group(page: IndexedPage, drafts: Sequence[Draft]) -> None:
    """Set aside sums that only their size made pay, where their group denies it."""
    groups: dict[tuple[object, ...], list[Draft]] = {}
    for draft in drafts:
        block = page.document.blocks[draft.block]
        if draft.figure.unit != "money":
            continue
        if block.table is not None:
            groups.setdefault(("table", block.table), []).append(draft)
        elif block.kind == "item":
            key = ("list", block.section, block.lead_in)
            groups.setdefault(key, []).append(draft)
    for group in groups.values():
        try:
            _judge_group(page, group)
        except Exception as error:
            first = group[0].figure
            text = page.document.text
            report_fault(
                f"the list or table of {describe_figure(text, first.start, first.end)}",
                error,
            )
            for draft in group:
                # Those that a word makes pay stay; the group might have denied others.
                if draft.verdict is None or draft.verdict.rule in WEAK_RULES:
                    draft.aside = draft.aside or SET_ASIDE


def _judge_group(page: IndexedPage, group: Sequence[Draft]) -> None:
    weak: list[Draft] = []
    others: list[Draft] = []
    for draft in group:
        (weak if _is_weak_pay(page, draft) else others).append(draft)
    if not weak or any(map(_is_firm_pay, others)):
        return
    if _is_too_wide(weak) or any(_is_counterexample(d) for d in group):
        for draft in weak:
            draft.aside = "not_said_to_be_pay"


def _is_too_wide(weak: Sequence[Draft]) -> bool:
    """Return whether sums are too small and too far apart for pay: $3, $12 and $150."""
    sizes = [n.value for d in weak for n in d.figure.numbers if n.value]
    if len(weak) < 2 or not sizes or max(sizes) >= MAX_HOURLY_PAY:
        return False
    return max(sizes) > MAX_HOURLY_SPREAD * min(sizes)


def _is_weak_pay(page: IndexedPage, draft: Draft) -> bool:
    """Pay by its size, of nobody, for no span of time."""
    verdict = draft.verdict
    if draft.aside or draft.kind != "pay_level" or verdict is None:
        return False
    if verdict.rule not in WEAK_RULES or verdict.where not in WEAK_PLACES:
        return False
    if period_cues.find_touching_period(draft.line, draft.index) is not None:
        return False
    if any(
        page.block_line(head).get_mentions("periods")
        for head in page.find_column_heads(draft.block)
    ):
        return False
    return not draft.line.has_any(OWNER_CATEGORIES)


def _is_firm_pay(draft: Draft) -> bool:
    return not draft.aside and draft.kind == "pay_level"


def _is_counterexample(draft: Draft) -> bool:
    """Return whether a draft is a cost, or a sum that has no size of pay.

    What a column of its own says, `Pension`, denies nothing of the columns beside it.
    """
    if draft.verdict is not None and draft.verdict.where == "column":
        return False
    if draft.aside == "not_said_to_be_pay":
        return True
    told = draft.kind == "other" and "hypothetical" not in draft.fields
    return not draft.aside and (draft.kind == "cost" or told)
