"""Tell growth of employment, which is the outlook, from a change in pay."""

import re
from collections.abc import Sequence

from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.tagged_lines import TaggedLine

MIN_INDUSTRY_AMOUNT = 1e8
MAX_TERM_WORDS = 10
YEARS_AHEAD = re.compile(
    r"\b20\d\d\s?[-–—]\s?20\d\d|\b(?:through|by|until|to)\s20\d\d|\bdecade\b"
)


def is_employment_growth(
    page: IndexedPage, line: TaggedLine, index: int, around: Sequence[ContextLine]
) -> bool:
    """Return whether a percent is growth of employment, projected or past."""
    if any(figure.size >= MIN_INDUSTRY_AMOUNT for figure in line.figures):
        return False  # an industry's takings grow, not its employment
    words = [m for m in line.get_mentions("topics") if m.means == "outlook"]
    pays = [m for m in line.list_strong_topics() if m.means == "pay"]
    if not pays and _is_more_people(line, index):
        return True
    if not words:
        return not pays and _is_headed_by_outlook(line, around)
    if is_pay_projected(line):
        return False
    first = line.spots[index][0]
    if pays and _measure_nearest(pays, first) <= _measure_nearest(words, first):
        return False
    said = {word for m in words for word in line.get_words_between(m.first, m.last)}
    if said & line.lists["outlook_growth"]:
        return _is_of_labour(page, line, around)
    counted = said & line.lists["outlook_counts"]
    return bool(counted) and bool(line.get_mentions("changes"))


def _is_more_people(line: TaggedLine, index: int) -> bool:
    """`23 percent more cooks by 2031`: more of those who do a job, in years ahead."""
    last = line.spots[index][1]
    if line.get_words_between(last, last + 1) not in (["more"], ["fewer"]):
        return False
    jobs = line.get_mentions("occupation")
    near = any(last < m.first <= last + 2 for m in jobs)
    return near and YEARS_AHEAD.search(line.text, line.start, line.end) is not None


def is_pay_projected(line: TaggedLine) -> bool:
    """Return whether it is pay that is projected: `Salaries are projected to grow`."""
    pays = [m for m in line.list_strong_topics() if m.means == "pay"]
    return any(
        pay.last < word.first
        and line.lists["projected_fillers"].issuperset(
            line.get_words_between(pay.last, word.first)
        )
        for word in line.get_mentions("topics")
        if word.means == "outlook"
        for pay in pays
    )


def _is_headed_by_outlook(line: TaggedLine, around: Sequence[ContextLine]) -> bool:
    """`Job outlook: 5%`: the first head or term that has a topic says it is growth."""
    for context in around:
        topics = context.line.list_strong_topics()
        if topics and _is_head_or_term(line, context):
            return topics[0].means == "outlook"
    return False


def _is_head_or_term(line: TaggedLine, context: ContextLine) -> bool:
    """Return whether a line is the head of another, or the term that it defines."""
    if context.where in ("row", "column"):
        return context.nearest
    longest = max(len(context.line.words), len(line.words))
    return context.where == "lead_in" and longest <= MAX_TERM_WORDS


def _measure_nearest(mentions: Sequence[Mention], first: int) -> int:
    """Return how many words are between a figure and the nearest of some mentions."""
    return min(abs(m.first - first) for m in mentions)


def _is_of_labour(
    page: IndexedPage, line: TaggedLine, around: Sequence[ContextLine]
) -> bool:
    """Whether what grows may be employment: `+150% growth` may be of anything."""
    if page.occupation or YEARS_AHEAD.search(line.text, line.start, line.end):
        return True
    labour = line.lists["outlook_counts"] | line.lists["outlook_labour"]
    return any(
        not labour.isdisjoint(near.texts)
        or near.get_mentions("occupation", "publisher")
        for near in (line, *(c.line for c in around if c.nearest))
    )
