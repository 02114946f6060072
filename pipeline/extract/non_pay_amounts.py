"""Sums that have the form of a price, a part or an expense, whatever is around."""

import re

from pipeline.core.currency_table import SIGNS
from pipeline.extract import period_cues
from pipeline.extract.drafts import Draft
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.kind_cues import FigureKind
from pipeline.extract.tagged_lines import TaggedLine

ISSUE_NUMBER = re.compile(r"(?i)\b(?:vol(?:ume)?\.? {0,2}\d|issue no\.? {0,2}\d)")
NEGATIVE_AMOUNT = re.compile(rf"[-−–(] ?[{SIGNS}]")
OWNER_CATEGORIES = frozenset(
    (
        "occupation",
        "experience",
        "credential",
        "credential_words",
        "education",
        "employer_types",
        "specialties",
        "work_modes",
    )
)
NAMING_CATEGORIES = (
    *("topics", "changes", "statistics", "occupation", "periods", "people"),
    *("bounds", "pay_bases", "experience", "employer_types", "reporting", "area"),
)
MAX_NOUN_WORDS = 3
PRODUCT = re.compile(
    r"(?:\d\D{0,20}\s(?:x|×|\*|times|à)\s.{0,50}|\(\d{1,2}%\)\s)"
    r"(?:=|\bis|\bcomes to)\s?(?:about\s|roughly\s)?[^\w\s]{0,2}$"
)
BUYER_RULE = "paid by who buys the work"
IN_PASSING = frozenset(
    (
        *("price of the issue", "in quotation marks", "a sum of something"),
        *("for an expense", "price of a thing", "worth of a thing"),
        "entry of an account",
    )
)
MIN_SPENDING_ROWS = 2
MAX_ISSUE_PRICE = 100.0
MASTHEAD_LENGTH = 100
QUOTES = ("“”", '""', "‘’")


def find_non_pay_kind(
    page: IndexedPage, line: TaggedLine, draft: Draft
) -> FigureKind | None:
    """Return the kind of a sum that has the form of a price, or None."""
    if draft.figure.note == "figures":
        return _check_vague_figures(line, draft)
    return (
        _check_product(line, draft)
        or _check_issue_price(page, draft)
        or _check_quoted_amount(line, draft)
        or _check_amount_of_thing(line, draft.index)
        or _check_expense_purpose(line, draft.index)
        or _check_thing_price(line, draft.index)
        or _check_buyer_price(line, draft.index)
        or _check_thing_worth(line, draft.index)
        or _check_spending_table(page, line, draft)
    )


def _check_vague_figures(line: TaggedLine, draft: Draft) -> FigureKind | None:
    """Return too vague for `a six-figure trade`, None for `a six-figure salary`."""
    last = line.spots[draft.index][1]
    if line.words[last - 1].text != "figure":
        return None
    paid = any(
        m.means == "pay" and m.first == last for m in line.get_mentions("topics")
    )
    return None if paid else FigureKind("aside:too_vague")


def _check_product(line: TaggedLine, draft: Draft) -> FigureKind | None:
    """`900 x 5 x 28 = $126,000`: what numbers come to, where no pay is spoken of."""
    before = line.text[max(line.start, draft.figure.start - 80) : draft.figure.start]
    if not PRODUCT.search(before):
        return None
    if any(m.means == "pay" for m in line.list_strong_topics()):
        return None
    return FigureKind("other", None, "what numbers come to")


def _check_issue_price(page: IndexedPage, draft: Draft) -> FigureKind | None:
    """Return cost for a small sum beside a volume number: the issue's price."""
    if draft.figure.size >= MAX_ISSUE_PRICE:
        return None
    text, at = page.document.text, draft.figure.start
    start = text.rfind("\n", max(0, at - MASTHEAD_LENGTH), at) + 1 or max(
        0, at - MASTHEAD_LENGTH
    )
    if ISSUE_NUMBER.search(text, start, at):
        return FigureKind("cost", None, "price of the issue")
    return None


def _check_quoted_amount(line: TaggedLine, draft: Draft) -> FigureKind | None:
    """`his “$140,000” year`: a sum alone in quotation marks is somebody's word."""
    start, end = draft.figure.start, draft.figure.end
    ends = line.text[max(0, start - 1) : start] + line.text[end : end + 1]
    return FigureKind("other", None, "in quotation marks") if ends in QUOTES else None


def _check_amount_of_thing(line: TaggedLine, index: int) -> FigureKind | None:
    """`$2,400 of services`: a sum of something is no pay, save of pay itself."""
    last = line.spots[index][1]
    behind = line.get_words_between(last, last + 3)
    if behind[:1] != ["of"] or not behind[1:] or not behind[1].isalpha():
        return None
    if {*behind[1:]} & line.lists["parts_of_pay"]:
        return None
    if any(
        last < m.first <= last + 2
        for m in line.get_mentions("topics", "periods", "area")
    ):
        return None
    return FigureKind("other", None, "a sum of something")


def _check_expense_purpose(line: TaggedLine, index: int) -> FigureKind | None:
    """`$95 a day for meals`: what a sum is given for, where that is an expense."""
    at = line.spots[index][1]
    own = period_cues.find_touching_period(line, index)
    at = own.last if own is not None else at
    behind = line.get_words_between(at, at + 1 + MAX_NOUN_WORDS)
    if behind[:1] != ["for"] or line.lists["expenses"].isdisjoint(behind[1:]):
        return None
    if any(
        at < m.last and m.first <= at + MAX_NOUN_WORDS
        for m in line.get_mentions("occupation")
    ):
        return None  # `a week for travel nurses`
    return FigureKind("other", None, "for an expense")


def _check_thing_price(line: TaggedLine, index: int) -> FigureKind | None:
    """Return other for a sum between an article and a thing: `a $45 fade`."""
    first, last = line.spots[index]
    if first == 0 or line.words[first - 1].text not in line.lists["articles"]:
        return None
    stops = line.lists["kinds_stops"] | line.lists["kinds_links"]
    stops |= line.lists["kinds_fillers"]
    noun: list[str] = []
    for token in line.words[last : last + MAX_NOUN_WORDS]:
        if not token.text.isalpha() or token.text in stops:
            break
        if noun and token.text in line.lists["verbs_of_things"]:
            break
        noun.append(token.text)
    end = last + len(noun)
    if not noun or line.lists["pay_things"] & {*noun}:
        return None
    if any(
        m.first < end and m.last > last for m in line.get_mentions(*NAMING_CATEGORIES)
    ):
        return None
    return FigureKind("other", None, "price of a thing")


def _check_buyer_price(line: TaggedLine, index: int) -> FigureKind | None:
    """Return cost for what a buyer pays: `Customers in London pay £60`."""
    first = line.spots[index][0]
    for cue in line.get_mentions("topics"):
        if cue.means != "pay" or not 0 <= first - cue.last <= MAX_NOUN_WORDS:
            continue
        if line.words[cue.first].text not in line.lists["verbs_of_buyers"]:
            continue
        before = line.get_words_between(max(0, cue.first - MAX_NOUN_WORDS), cue.first)
        if not line.lists["passive_verbs"].isdisjoint(before[-2:]):
            continue  # `residents are paid $61,000`
        if not line.lists["buyers"].isdisjoint(before):
            return FigureKind("cost", None, BUYER_RULE, "sentence", cue)
    return None


def _check_thing_worth(line: TaggedLine, index: int) -> FigureKind | None:
    """Return other for a thing's worth, nobody named: `the van is worth $38,000`."""
    first = line.spots[index][0]
    at = first - 1
    while at > 0 and line.words[at].text in line.lists["kinds_fillers"]:
        at -= 1
    if at < 0 or line.words[at].text != "worth":
        return None
    if period_cues.find_touching_period(line, index) is not None or line.has_any(
        OWNER_CATEGORIES
    ):
        return None
    if any(m.means == "pay" for m in line.get_mentions("topics")):
        return None
    return FigureKind("other", None, "worth of a thing")


def _check_spending_table(
    page: IndexedPage, line: TaggedLine, draft: Draft
) -> FigureKind | None:
    """In a table where rows are what was spent, only rows of pay are pay."""
    block = page.document.blocks[draft.block]
    if block.table is None or block.row is None:
        return None
    if not page.spending_rows:
        _count_spending_rows(page)
    if page.spending_rows.get(block.table, 0) < MIN_SPENDING_ROWS:
        return None
    for other in page.list_row_cells(block):
        topics = page.block_line(other).get_mentions("topics")
        if any(m.means == "pay" and m.place == "topic" for m in topics):
            return None
    return FigureKind("other", None, "entry of an account", "row")


def _count_spending_rows(page: IndexedPage) -> None:
    """How many rows of each table hold what was spent, by their label or sign."""
    page.spending_rows[-1] = 0
    for (table, _), cells in page.rows.items():
        topics = page.block_line(cells[0]).get_mentions("topics")
        spent = any(m.means == "cost" and m.place == "topic" for m in topics)
        at = page.document.blocks[cells[-1]].start
        taken = NEGATIVE_AMOUNT.match(page.document.text, at) is not None
        page.spending_rows[table] = page.spending_rows.get(table, 0) + (spent or taken)
