"""Sums and percents that a clause makes no pay: tax bands, conditions, notes, shares.

Here the form of the clause decides, not one word: `20% on income between A and B`
taxes pay and states none, `unless she earns less than C` sets a condition.
"""

import re
from collections.abc import Sequence

from pipeline.extract.drafts import Draft
from pipeline.extract.indexed_page import ContextLine
from pipeline.extract.kind_cues import FigureKind
from pipeline.extract.tagged_lines import TaggedLine

WINDOW = 160  # characters of the sentence on each side
INCOME = (
    r"(?:taxable |annual |gross |net )?"
    r"(?:income|earnings|wages|salary|salaries|pay|profits)"
)
BOUND = (
    r"(?:up to|between|over|above|below|under|from|exceeding|in excess of|of up to"
    r"|(?:more|less|greater|lower) than|at least)"
)
# `20% on income over`, `taxes on earnings below`, `no tax on below`
TAXED = re.compile(
    rf"(?i)(?:\d\s?%|\bper ?cent|\btax(?:es|ed)?|\bcontributions?)\s+(?:is |are )?"
    rf"(?:(?:due |paid |levied )?on|for)\s+(?:the |all |any |your |their )?"
    rf"(?:(?:first|next|part of) )?(?:{INCOME}\s+)?{BOUND}[^.;]{{0,40}}$"
)
TAXING = re.compile(rf"(?i)^\s?(?:on|of)\s+(?:all |any |your )?{INCOME}\s+{BOUND}\b")
CONDITION = re.compile(
    r"(?i)\b(?:unless|whether|provided(?: that)?|if|(?:those|people|anyone|families"
    r"|households|singles|couples) (?:who|that|with))\s[^.;,]{0,50}?"
    r"\b(?:earns?|earning|makes?|making|incomes?|paid)\s(?:\w+\s){0,2}?"
    r"(?:(?:less|more|fewer) than|under|over|above|below|up to|at least)\s[^\w]{0,3}$"
)
# `once graduates earn $50,000`: from where something is due.
DUE_FROM = re.compile(
    r"(?i)\b(?:once|until|as soon as)\s[^.;,]{1,30}?\b(?:earns?|earning|makes?|making)"
    r"\s(?:at least |over |above |more than )?[^\w]{0,3}$"
)
NEED = re.compile(
    r"(?i)\b(?:needs?|needed|requires?|takes|required)\s(?:an? )?(?:\w+ ){0,2}"
    r"(?:of )?(?:at least |about |around |roughly |over |some )?[^\w]{0,3}$"
)
TO_LIVE = re.compile(
    r"(?i)^(?: an?| per| each| every|/)?(?: ?\w+)? (?:just )?to (?:live|afford|rent|buy"
    r"|get by|make ends meet|cover|support|be comfortable|feel)\b"
)
NOTE_BOUND = re.compile(
    r"(?i)\b(?:at or (?:over|above|below)|(?:equal to|same as) or (?:more|greater"
    r"|higher|larger|less|lower) than|(?:more|greater|higher) than or equal to)\b"
)
NOTE_MARK = re.compile(
    r"(?i)\b(?:appears?|shown|displayed|printed|marked|coded|denoted)"
    r" (?:as|by|with)\b|\b(?:indicates?|denotes?) (?:a |an |that )"
    r"|\btop[- ]?cod|\bsuppress|\b(?:is|are) not (?:released|published|shown)\b"
)
PENSION = re.compile(r"(?i)\bpensions?\b[^.;,\d]{0,16}$")
BOUGHT = re.compile(
    r"(?i)^\s(?:each |apiece |a piece )?for (?:an? |the |its |your |their )"
)
PAYER = re.compile(r"(?i)\b(?:pays?|paid|paying|spends?|spent)\s[^\w]{0,3}$")
MOVED = re.compile(
    r"(?i)\b(?:stock|shares?)\s(?:price\s)?(?:fell|rose|closed|dropped|climbed|jumped"
    r"|traded|opened|slid|gained|lost|ended)\b[^.;]{0,40}$"
)
BONUS_SHARE = re.compile(
    r"(?i)^ (?:(?:annual|performance|cash|sign[- ]on|signing|short[- ]term|yearly) )?"
    r"(?:bonus(?:es)?|target|incentive)\b"
)
TO_COUNT = re.compile(r"^ to (?:just |only |about )?\d{1,3}(?![\d,.]*\d|[kK%])")
MORE_OF = re.compile(r"(?i)^ (?:more|fewer) (?!than\b)\w+")
SHARE_HEAD = re.compile(
    r"(?i)(?:%|\bper ?cent(?:age)?\b) ?(?:of )?(?:\w+ )?(?:employed|placed|hired|women"
    r"|men|female|male|total|graduates|respondents|workers|people|employees)\b"
    r"|\b(?:employment|placement|response|graduation|pass|vacancy|turnover) rates?\b"
    r"|\bshare of\b"
)
A_SHARE = re.compile(r"(?i)\b(?:an?|the) [^\w]{0,2}$")


def find_clause_kind(line: TaggedLine, draft: Draft) -> FigureKind | None:
    """Return the kind of a sum of money whose clause states no pay, or None."""
    before, behind = _get_sides(line, draft)
    if TAXED.search(before):
        return FigureKind("other", None, "a band of a tax")
    if CONDITION.search(before) or DUE_FROM.search(before):
        return FigureKind("other", None, "a condition")
    if NEED.search(before) and TO_LIVE.match(behind):
        return FigureKind("other", None, "what a living costs")
    sentence = before + behind
    bound = NOTE_BOUND.search(before) or NOTE_BOUND.search(behind[:40])
    if bound and NOTE_MARK.search(sentence):
        return FigureKind("other", None, "a note on a table")
    if PENSION.search(before):
        return FigureKind("other", None, "a pension")
    if MOVED.search(before):
        return FigureKind("other", None, "price of a share")
    if (
        PAYER.search(before)
        and BOUGHT.match(behind)
        and _is_followed_by_cost(line, draft)
    ):
        return FigureKind("cost", None, "paid for a thing")
    return None


def find_clause_percent(line: TaggedLine, draft: Draft) -> FigureKind | None:
    """Return the kind of a percent whose clause speaks of no pay, or None."""
    before, behind = _get_sides(line, draft)
    if TAXING.match(behind):
        return FigureKind("other", None, "a rate of tax")
    if BONUS_SHARE.match(behind):
        return FigureKind("bonus", None, "percent paid as a bonus")
    if TO_COUNT.match(behind):
        return FigureKind("other", None, "percent of a count")
    first, last = line.spots[draft.index]
    if MORE_OF.match(behind) and any(
        last < m.first <= last + 2 for m in line.get_mentions("people")
    ):
        return FigureKind("other", None, "percent of a count")
    if _is_share_in_brackets(line, first, last):
        return FigureKind("share", None, "share in brackets")
    if A_SHARE.search(before) and _is_before_thing(line, last):
        return FigureKind("other", None, "percent of a thing")
    return None


def is_under_share_head(around: Sequence[ContextLine]) -> bool:
    """Return whether a column's head says that its percents are of people."""
    for context in around:
        if context.where == "column" and context.nearest:
            text = context.line.text[context.line.start : context.line.end]
            if SHARE_HEAD.search(text):
                return True
    return False


def _get_sides(line: TaggedLine, draft: Draft) -> tuple[str, str]:
    """Return what stands before and behind a figure in its sentence."""
    start, end = draft.figure.start, draft.figure.end
    before = line.text[max(line.start, start - WINDOW) : start]
    return before, line.text[end : min(line.end, end + WINDOW)]


def _is_followed_by_cost(line: TaggedLine, draft: Draft) -> bool:
    """Return whether a cost is named within the words behind a figure."""
    last = line.spots[draft.index][1]
    topics = line.get_mentions("topics")
    return any(m.means == "cost" and last < m.first <= last + 9 for m in topics)


def _is_share_in_brackets(line: TaggedLine, first: int, last: int) -> bool:
    """`women (14%)`, `Rust (5.1%)`: a share of who or what stands before.

    A change is one by its sign or words, or stands behind pay, a place or a time; and
    what a sentence about pay that rose or fell has in brackets is its change.
    """
    people = any(m.last == first - 1 for m in line.get_mentions("people"))
    pay = not people and any(m.means == "pay" for m in line.get_mentions("topics"))
    if pay and any(m.last < first for m in line.get_mentions("changes")):
        return False
    around = (
        line.get_words_between(max(0, first - 1), first),
        line.get_words_between(last, last + 1),
    )
    if around != (["("], [")"]) or first < 2:
        return False
    names = ("topics", "changes", "statistics", "periods", "area", "occupation")
    named = (*names, "experience", "credential", "publisher")
    if any(m.last == first - 1 for m in line.get_mentions(*named)):
        return people
    return line.words[first - 2].text.isalpha()


def _is_before_thing(line: TaggedLine, last: int) -> bool:
    """Return whether two words that are no pay follow: `a 99% practical setting`."""
    behind = line.get_words_between(last, last + 2)
    if len(behind) < 2 or not all(word.isalpha() for word in behind):
        return False
    named = ("topics", "changes", "statistics", "periods", "people", "bounds")
    return not any(last <= m.first < last + 4 for m in line.get_mentions(*named))
