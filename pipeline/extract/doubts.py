"""Sums that have the form of a price, a part or an expense, whatever is around."""

import re

from pipeline.extract import period
from pipeline.extract.drafts import Draft
from pipeline.extract.kinds import Kind
from pipeline.extract.page import Page
from pipeline.extract.sentences import Line

ISSUE = re.compile(r"(?i)\b(?:vol(?:ume)?\.? {0,2}\d|issue no\.? {0,2}\d)")
TAKEN = re.compile(r"[-−–(] ?[$£€]")
SCOPES = (
    "occupation",
    "experience",
    "credential",
    "credential_words",
    "education",
    "employer_types",
    "specialties",
    "work_modes",
)
NAMING = (
    *("topics", "changes", "statistics", "occupation", "periods", "people"),
    *("bounds", "pay_bases", "experience", "employer_types", "reporting", "area"),
)
NOUNS = 3
BUYERS = "paid by who buys the work"
IN_PASSING = frozenset(
    (
        *("price of the issue", "in quotation marks", "a sum of something"),
        *("for an expense", "price of a thing", "worth of a thing"),
        "entry of an account",
    )
)
OUTGO = 2
CHEAP = 100.0
MASTHEAD = 100
QUOTES = ("“”", '""', "‘’")


def doubted(page: Page, line: Line, draft: Draft) -> Kind | None:
    """What a sum is that has the form of a price, not of pay."""
    if draft.figure.note == "figures":
        return _vague(line, draft)
    return (
        _issue(page, draft)
        or _quoted(line, draft)
        or _part_of(line, draft.index)
        or _purpose(line, draft.index)
        or _priced(line, draft.index)
        or _paid_by(line, draft.index)
        or _worth(line, draft.index)
        or _booked(page, line, draft)
    )


def _vague(line: Line, draft: Draft) -> Kind | None:
    """`a six-figure trade` names no sum; `a six-figure salary` does."""
    last = line.spots[draft.index][1]
    if line.words[last - 1].text != "figure":
        return None
    paid = any(m.means == "pay" and m.first == last for m in line.of("topics"))
    return None if paid else Kind("aside:too_vague")


def _issue(page: Page, draft: Draft) -> Kind | None:
    """A small sum beside the number of a volume is the price of the issue."""
    if draft.figure.size >= CHEAP:
        return None
    text, at = page.document.text, draft.figure.start
    start = text.rfind("\n", max(0, at - MASTHEAD), at) + 1 or max(0, at - MASTHEAD)
    if ISSUE.search(text, start, at):
        return Kind("cost", None, "price of the issue")
    return None


def _quoted(line: Line, draft: Draft) -> Kind | None:
    """`his “$140,000” year`: a sum alone in quotation marks is somebody's word."""
    start, end = draft.figure.start, draft.figure.end
    ends = line.text[max(0, start - 1) : start] + line.text[end : end + 1]
    return Kind("other", None, "in quotation marks") if ends in QUOTES else None


def _part_of(line: Line, index: int) -> Kind | None:
    """`$2,400 of services`: a sum of something is no pay, save of pay itself."""
    last = line.spots[index][1]
    behind = line.between(last, last + 3)
    if behind[:1] != ["of"] or not behind[1:] or not behind[1].isalpha():
        return None
    if {*behind[1:]} & line.lists["parts_of_pay"]:
        return None
    if any(last < m.first <= last + 2 for m in line.of("topics", "periods", "area")):
        return None
    return Kind("other", None, "a sum of something")


def _purpose(line: Line, index: int) -> Kind | None:
    """`$95 a day for meals`: what a sum is given for, where that is an expense."""
    at = line.spots[index][1]
    own = period.touching(line, index)
    at = own.last if own is not None else at
    behind = line.between(at, at + 1 + NOUNS)
    if behind[:1] != ["for"] or line.lists["expenses"].isdisjoint(behind[1:]):
        return None
    if any(at < m.last and m.first <= at + NOUNS for m in line.of("occupation")):
        return None  # `a week for travel nurses`
    return Kind("other", None, "for an expense")


def _priced(line: Line, index: int) -> Kind | None:
    """`a $45 fade`: a sum between an article and a thing is the thing's price."""
    first, last = line.spots[index]
    if first == 0 or line.words[first - 1].text not in line.lists["articles"]:
        return None
    stops = line.lists["kinds_stops"] | line.lists["kinds_links"]
    stops |= line.lists["kinds_fillers"]
    noun: list[str] = []
    for token in line.words[last : last + NOUNS]:
        if not token.text.isalpha() or token.text in stops:
            break
        if noun and token.text in line.lists["verbs_of_things"]:
            break
        noun.append(token.text)
    end = last + len(noun)
    if not noun or line.lists["pay_things"] & {*noun}:
        return None
    if any(m.first < end and m.last > last for m in line.of(*NAMING)):
        return None
    return Kind("other", None, "price of a thing")


def _paid_by(line: Line, index: int) -> Kind | None:
    """`Customers in London pay £60`: who buys the work pays its price."""
    first = line.spots[index][0]
    for cue in line.of("topics"):
        if cue.means != "pay" or not 0 <= first - cue.last <= NOUNS:
            continue
        if line.words[cue.first].text not in line.lists["verbs_of_buyers"]:
            continue
        before = line.between(max(0, cue.first - NOUNS), cue.first)
        if not line.lists["buyers"].isdisjoint(before):
            return Kind("cost", None, BUYERS, "sentence", cue)
    return None


def _worth(line: Line, index: int) -> Kind | None:
    """`the van is worth $38,000`: what a thing is worth, where nobody is named."""
    first = line.spots[index][0]
    at = first - 1
    while at > 0 and line.words[at].text in line.lists["kinds_fillers"]:
        at -= 1
    if at < 0 or line.words[at].text != "worth":
        return None
    if period.touching(line, index) is not None or any(line.of(x) for x in SCOPES):
        return None
    if any(m.means == "pay" for m in line.of("topics")):
        return None
    return Kind("other", None, "worth of a thing")


def _booked(page: Page, line: Line, draft: Draft) -> Kind | None:
    """In a table where rows are what was spent, only rows of pay are pay."""
    block = page.document.blocks[draft.block]
    if block.table is None or block.row is None:
        return None
    if not page.ledgers:
        _count_outgo(page)
    if page.ledgers.get(block.table, 0) < OUTGO:
        return None
    for other in page.rows.get((block.table, block.row), ()):
        topics = page.block_line(other).of("topics")
        if any(m.means == "pay" and m.place == "topic" for m in topics):
            return None
    return Kind("other", None, "entry of an account", "row")


def _count_outgo(page: Page) -> None:
    """How many rows of each table hold what was spent, by their label or sign."""
    page.ledgers[-1] = 0
    for (table, _), cells in page.rows.items():
        topics = page.block_line(cells[0]).of("topics")
        spent = any(m.means == "cost" and m.place == "topic" for m in topics)
        at = page.document.blocks[cells[-1]].start
        taken = TAKEN.match(page.document.text, at) is not None
        page.ledgers[table] = page.ledgers.get(table, 0) + (spent or taken)
