"""Sums that a clause makes pay, or extra pay, whatever other words stand near them.

`$180k base + bonus + equity` is base pay though three words for a bonus follow it; the
wage `for training managers` is no price of training; what stands under `SIGN-ON MONEY`
is paid once.
"""

import re
from collections.abc import Sequence

from pipeline.extract.drafts import Draft
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.kind_cues import FigureKind
from pipeline.extract.period_cues import find_touching_period
from pipeline.extract.tagged_lines import TaggedLine

WINDOW = 160
EXTRAS = (
    r"(?:bonus(?:es)?|commissions?|equity|stock|rsus?|tips|gratuities|incentives?|ote"
    r"|overtime|allowances?)\b"
)
SPAN = (
    r"(?:\W{0,4}(?:(?:per|an?|/)\s?(?:hour|hr|year|yr|month|week|annum|h|y)\b"
    r"|annually|hourly|a year))?"
)
# `$180k base`, and `$15.74/hr plus commission`: more is named behind the sum.
BASE_BEHIND = re.compile(
    rf"(?i)^{SPAN}(?:\W{{0,4}}base\b(?!\s+of)|\W{{0,4}}(?:salary|wages?|pay)\s?\+"
    rf"|[\s(,*_]*(?:plus|with|before|excluding|not including|including|\+|&)\s*"
    rf"(?:[a-z-]+\s){{0,4}}?{EXTRAS})"
)
BONUS_BEFORE = re.compile(
    r"(?i)\b(?:bonus(?:es)?|commissions?|incentives?|tips|stipends?|allowances?)\b"
    r"[^.;\d]{0,28}$"
)
WAGE_SUBJECT = re.compile(
    r"(?i)(?<!living )(?<!minimum )\b(?:wages?|salar(?:y|ies)|pay|earnings"
    r"|compensation|incomes?)\s(?:for|of|among)\s[^.;\d]{2,90}?\s(?:was|were|is"
    r"|are|stood at|came to|averaged|reached|hit)\s(?:about |around |roughly "
    r"|approximately |nearly |some |just (?:over|under) )?[^\w\s]{0,3}$"
)
EARNS = re.compile(
    r"(?i)\b(?:earns?|makes?) (?:about |around |roughly |nearly |over |some |up to |an "
    r"average of |a median of )?[^\w\s]{0,3}$"
)
DIFFERENT = re.compile(
    r"(?i)^\s?(?:an? \w+ |per \w+ |/\w+ |yearly |annually )?"
    r"(?:more|less|extra|higher|lower|above|below|over|of|in|from|for every|on each)\b"
)
STATISTIC_BEHIND = re.compile(
    rf"(?i)^{SPAN}\s?\((?:the )?(?:median|mean|average|\d\dth percentile)\)"
)
LEAST_YEARLY = 11_000.0
MERE_VERBS = frozenset(("pay", "pays", "paid"))
EXTRA_HEAD = re.compile(
    r"(?i)\b(?:(?:besides|on top of|in addition to|above|over) (?:the |your )?base"
    r"|extra pay|premium pay|pay premiums?|premiums|differentials?|supplements?"
    r"|additions?(?: per| to)|add[- ]ons?|longevity (?:pay|increments?|additions?)"
    r"|(?:hazard|hazmat|shift|night|weekend|language|education) (?:premium|pay)s?)\b"
)
LONGEVITY = re.compile(r"(?i)\blongevity\b")
LEAST_HOUR = 7.0  # of a job; what is added to an hour is less
MOST_EXTRA = 8_000.0
BEYOND_PAY = 5_000_000.0  # in any currency
SHORT_HEAD = 10  # words
SHORT_LABEL = 6


def find_pay_clause(
    line: TaggedLine, draft: Draft, around: Sequence[ContextLine]
) -> FigureKind | None:
    """Return the kind of a sum that its clause, or the head over it, makes plain."""
    if draft.figure.size >= BEYOND_PAY:
        return None  # `find_money_kind` asks what such a sum is
    start, end = draft.figure.start, draft.figure.end
    before = line.text[max(line.start, start - WINDOW) : start]
    behind = line.text[end : min(line.end, end + WINDOW)]
    if BASE_BEHIND.match(behind) and not BONUS_BEFORE.search(before):
        return FigureKind("pay_level", None, "base, with more named behind it")
    if WAGE_SUBJECT.search(before):
        return FigureKind("pay_level", None, "a wage is the subject")
    sized = draft.figure.size >= LEAST_YEARLY or find_touching_period(line, draft.index)
    earned = EARNS.search(before) and not DIFFERENT.match(behind)
    if sized and (earned or STATISTIC_BEHIND.match(behind)):
        return FigureKind("pay_level", None, "earned by who is named before it")
    return _read_bonus_heading(line, draft, around) or _read_extra_head(draft, around)


def _read_bonus_heading(
    line: TaggedLine, draft: Draft, around: Sequence[ContextLine]
) -> FigureKind | None:
    """Return bonus under `Sign-on money`, where the sentence names no pay itself."""
    if find_touching_period(line, draft.index) is not None:
        return None
    said = {
        line.words[m.first].text
        for m in line.get_mentions("topics")
        if m.place == "topic" and m.means == "pay"
    }
    floor = any(m.means == "floor" for m in line.list_strong_topics())
    if said - MERE_VERBS or floor:
        return None
    for context in around:
        if context.where != "heading" or not context.nearest:
            continue
        topics = context.line.list_strong_topics()
        if topics and {m.means for m in topics} == {"bonus"}:
            return FigureKind("bonus", None, "heading", "heading", topics[0])
    return None


def is_under_extra_head(around: Sequence[ContextLine], small: bool) -> bool:
    """Return whether a head says that what stands under it is paid beside the base.

    Args:
        around: Lines around a figure.
        small: Whether it is a percent or a sum too small for a rate of pay, as it must
            be under a mere `Longevity`, which heads whole scales too.
    """
    for context in around:
        if context.where == "note" or not context.nearest:
            continue
        if len(context.line.words) > SHORT_HEAD:
            continue
        text = context.line.text[context.line.start : context.line.end]
        if EXTRA_HEAD.search(text) or (small and LONGEVITY.search(text)):
            return True
    return False


def _read_extra_head(draft: Draft, around: Sequence[ContextLine]) -> FigureKind | None:
    """Return a difference for a small sum under `Pay besides the base`."""
    size = draft.figure.size
    if _is_rate_of_job(draft):
        return None
    if size >= MOST_EXTRA or not is_under_extra_head(around, small=size < 5):
        return None
    topics = draft.line.list_strong_topics()
    if topics and {m.means for m in topics if m.means != "pay"} == {"bonus"}:
        return FigureKind("bonus", None, "topic", "sentence", topics[0])
    return FigureKind("pay_delta_abs", "up", "extra pay in the head", "heading")


def _is_rate_of_job(draft: Draft) -> bool:
    """`lifeguards $14.50 an hour`: under additions to pay, a job that is paid so."""
    line = draft.line
    span = find_touching_period(line, draft.index)
    first = line.spots[draft.index][0]
    if span is None or span.means != "hour" or draft.figure.size < LEAST_HOUR:
        return False
    jobs = line.get_mentions("occupation")
    return any(m.last <= first <= m.last + 1 for m in jobs)


def is_labelled_above(page: IndexedPage, draft: Draft) -> bool:
    """Return whether a paragraph that is one sum stands below a line that says pay.

    `Annual salary range`, and `$135,000—$186,000` below it.
    """
    block = page.document.blocks[draft.block]
    figure = draft.figure
    if draft.block == 0 or block.kind != "paragraph":
        return False
    if figure.start - block.start > 2 or block.end - figure.end > 2:
        return False
    label = page.block_line(draft.block - 1)
    above = page.document.blocks[draft.block - 1]
    closed = page.document.text[above.end - 1] in ".!?"
    if above.kind != "paragraph" or closed or len(label.words) > SHORT_LABEL:
        return False
    topics = label.get_mentions("topics")
    return any(m.means == "pay" and m.place == "topic" for m in topics)
