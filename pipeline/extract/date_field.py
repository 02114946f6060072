"""Which period a figure is of: every date that could be meant, then the ranking."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.extract.candidates import (
    CONTEXTS,
    Candidate,
    Relation,
    is_short_heading,
    name_clues,
)
from pipeline.extract.dates import TextDate, find_dates
from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.figure_attribution import is_continuation
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.tagged_lines import TaggedLine

FIELD = "reference_period"
# A date behind a figure is its own within so many characters.
MAX_GAP = 48
ENDS = ("from", "to")
TITLES = frozenset((Relation.TITLE, Relation.OUTER))
# At the head of a sentence: `In the year before`, `Five years earlier`.
COUNTED = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
YEAR_BEFORE = re.compile(
    r"(?i)[\W_]*(?:and |but |just |only |in ){0,2}"
    rf"(?:(?P<count>the|one|an?|\d{{1,2}}|{'|'.join(COUNTED)})"
    r" years? (?:before|earlier)\b"
    r"|the (?:previous|prior) year\b)"
)
YEAR_BEHIND = re.compile(
    r"(?i)(?: (?:a|per) (?:year|hour)| an hour| annually)?,?"
    r"(?: (?!(?:and|but|while|with|plus)\b)\w+){0,2}?"
    rf" (?P<count>the|one|an?|\d{{1,2}}|{'|'.join(COUNTED)})"
    r" years? (?:before|earlier|prior|previously)(?=\s*(?:[.,;:)!?”\"]|$))"
    r"(?!,? (?:and|but)\b)"
)
CUTS = (";", ". ", ",")
MOST_WORDS_BEFORE = 4
COMPARING = frozenset(("than", "versus", "vs", "compared"))
SINCE = frozenset(("since", "over"))
CHANGED = frozenset(
    ("up", "down", "rose", "risen", "grew", "grown", "fell", "fallen", "dropped",
     "increased", "increase", "climbed", "change", "changed", "jumped", "raised")
)  # fmt: skip


def set_reference_periods(
    page: IndexedPage,
    line: TaggedLine,
    made: Sequence[Draft],
    around: Sequence[ContextLine],
    before: SentenceState,
) -> None:
    """Say which period each figure is of."""
    dates = find_line_dates(line)
    if not dates and (said := _find_unreckoned(line, before)):
        for draft in made:
            draft.leave_unread(FIELD, "years before one that is not told", said)
            draft.unread = (*draft.unread, said)
        return
    lent = _list_lent_dates(page, line, around, before, bool(dates))
    for draft in made:
        if _set_year_behind(line, draft, made, before):
            continue
        found = _list_own_dates(line, draft, dates)
        found += _mark_other_sources(page, draft, lent)
        if draft.kind == "outlook":
            found = [c for c in found if c.relation != Relation.BEFORE]
        publisher = draft.fields.get("attributed_to", "")
        found += _list_source_dates(page, publisher)
        choice = draft.choose_field(FIELD, found, page.words.weights)
        if choice.basis == "stated" and publisher and draft.kind == "pay_level":
            page.tell(FIELD, publisher, draft.fields[FIELD])


def _mark_other_sources(
    page: IndexedPage, draft: Draft, lent: Sequence[Candidate]
) -> list[Candidate]:
    """Mark what the page's titles say where the figure is somebody else's."""
    publisher = draft.fields.get("attributed_to")
    if not publisher or publisher == page.release.publisher:
        return list(lent)
    return [
        replace(c, clues=(*c.clues, "other_source")) if c.relation in TITLES else c
        for c in lent
    ]


def _list_source_dates(page: IndexedPage, publisher: str) -> list[Candidate]:
    """List the date that the page gave another figure of the same publisher."""
    dates = page.list_told(FIELD, publisher) if publisher else []
    if not dates:
        return []
    clues = name_clues(several=len(dates) > 1)
    return [Candidate(max(dates), Relation.SOURCE, clues, text=max(dates))]


def _list_own_dates(
    line: TaggedLine, draft: Draft, dates: Sequence[TextDate]
) -> list[Candidate]:
    """List the dates of the figure's own sentence."""
    if end := _find_end_of_window(line, draft, dates):
        return [Candidate(end, Relation.SENTENCE, (), dates[0].start, dates[0].end)]
    others = {id(d) for d in dates if _is_of_another(line, draft, d)}
    own = _find_own_date(line, draft, [d for d in dates if id(d) not in others])
    out = []
    for date in dates:
        relation = Relation.SENTENCE if date is own else Relation.ELSEWHERE
        clues = name_clues(
            compared_with=_is_older_date(line, date),
            of_another=id(date) in others,
        )
        out.append(Candidate(date.means, relation, clues, date.start, date.end))
    return out


def _find_end_of_window(
    line: TaggedLine, draft: Draft, dates: Sequence[TextDate]
) -> str:
    """Return the year of one end: `between 2000 and 2015 from $52,000 to $18,000`."""
    if len(dates) != 1 or not dates[0].window:
        return ""
    money = [i for i, f in enumerate(line.figures) if f.unit == "money"]
    if len(money) != len(ENDS) or draft.index not in money:
        return ""
    (one, first), (other, _) = (line.spots[i] for i in money)
    if line.texts[one - 1 : one] != ["from"] or line.texts[first:other] != ["to"]:
        return ""
    return dates[0].means.split("-")[money.index(draft.index)]


def _is_older_date(line: TaggedLine, date: TextDate) -> bool:
    """`up from 2011`, `than the 2006 study`: what the figure is compared with."""
    at = bisect_left([token.start for token in line.words], date.start)
    floor = line.find_figure_before(at)
    words = line.get_words_between(max(floor, at - MOST_WORDS_BEFORE), at)
    if date.window or not words:
        return False
    if COMPARING & {*words} or words[-1] in SINCE:
        return True
    return any(b == "from" and a in CHANGED for a, b in pairwise(words))


def _is_of_another(line: TaggedLine, draft: Draft, date: TextDate) -> bool:
    """`up from $71,000 in 2021`: the date stands right behind another figure."""
    at = max((i for i, f in enumerate(line.figures) if f.end <= date.start), default=-1)
    if at < 0 or at == draft.index:
        return False
    first = line.spots[at][0]
    words = line.get_words_between(max(0, first - 2), first)
    return "from" in words and _is_right_behind(line, line.figures[at].end, date)


def _is_right_behind(line: TaggedLine, end: int, date: TextDate) -> bool:
    gap = line.text[end : date.start]
    return len(gap) < MAX_GAP and not any(cut in gap for cut in CUTS)


def _find_own_date(
    line: TaggedLine, draft: Draft, found: Sequence[TextDate]
) -> TextDate | None:
    """Return the date right behind the figure, else the last one before it."""
    figure = draft.figure
    following = min(
        (f.start for f in line.figures if f.start >= figure.end), default=line.end
    )
    after = [w for w in found if figure.end <= w.start < following]
    if after and _is_right_behind(line, figure.end, after[0]):
        return after[0]
    before = [w for w in found if w.end <= figure.start]
    if before:
        return before[-1]
    later = [w for w in found if w.start >= figure.end]
    return later[0] if len(later) == 1 == len(found) else None


def _list_lent_dates(
    page: IndexedPage,
    line: TaggedLine,
    around: Sequence[ContextLine],
    before: SentenceState,
    dated: bool,
) -> list[Candidate]:
    """List the dates of earlier sentences, of the lines around and of the page."""
    found = []
    clues = name_clues(goes_on=is_continuation(line), dated=dated)
    if name := before.reference_date:
        found.append(Candidate(name, Relation.BEFORE, clues, text=name))
    if not dated and (earlier := _find_year_before(line, before)):
        found.append(Candidate(earlier, Relation.SAME, text=earlier))
    for context in around:
        near = find_line_dates(context.line)
        several = len({d.means for d in near}) > 1
        relation = CONTEXTS[context.where][not context.nearest]
        short = is_short_heading(context)
        for date in near:
            older = _is_older_date(context.line, date)
            own = name_clues(
                several=several,
                compared_with=older,
                short_head=short and not date.window,
            )
            found.append(Candidate(date.means, relation, own, date.start, date.end))
    if name := page.release.date:
        news = name_clues(own_release=page.release.is_its_own)
        found.append(Candidate(name, Relation.TITLE, news, text=name))
    return found


def _find_unreckoned(line: TaggedLine, before: SentenceState) -> str:
    """Return `Five years earlier` where no date before it says than when; else ""."""
    said = YEAR_BEFORE.match(line.text, line.start, line.end)
    told = said is None or _find_year_before(line, before)
    return "" if said is None or told else said.group().strip(" \n(,")


def _set_year_behind(
    line: TaggedLine, draft: Draft, made: Sequence[Draft], before: SentenceState
) -> bool:
    """Date `the $87,530 reported a year before`; unread where no date is known."""
    said = YEAR_BEHIND.match(line.text, draft.figure.end, line.end)
    if said is None:
        return False
    nearer = [d for d in made[: draft.index] if d.fields.get(FIELD)] or before.drafts
    date = str((nearer[-1].fields.get(FIELD) if nearer else None) or "")
    rule, text = "years before the figure before", said.group().strip()
    if shifted := _shift_date(date, said["count"]):
        draft.set_field(FIELD, shifted, rule, "sentence", text=text)
    else:
        draft.leave_unread(FIELD, rule, text)
    return True


def _shift_date(date: str, count: str | None) -> str:
    """Return a date some years earlier; "" for one that is no year nor month."""
    word = (count or "one").lower()
    years = int(word) if word.isdigit() else COUNTED.get(word, 1)
    if not date[:4].isdigit() or len(date) not in (4, 7):
        return ""
    return f"{int(date[:4]) - years}{date[4:]}"


def _find_year_before(line: TaggedLine, before: SentenceState) -> str:
    """Return a year less than the last figure was of, after `The year before`."""
    said = YEAR_BEFORE.match(line.text, line.start, line.end)
    if said is None:
        return ""
    told = before.drafts[-1].fields.get(FIELD) if before.drafts else None
    return _shift_date(str(told or before.reference_date or ""), said["count"])


def find_line_dates(line: TaggedLine) -> list[TextDate]:
    """Dates of a line."""
    if "dates" not in line.memo:
        sums = [f for f in line.figures if f.unit == "money"]
        line.memo["dates"] = [
            date
            for date in find_dates(line.text, line.start, line.end)
            # `$1,400 to 1900` has no year
            if not any(f.start < date.end and date.start < f.end for f in sums)
        ]
    return line.memo["dates"]  # type: ignore[no-any-return]
